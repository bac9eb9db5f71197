"""Programs that send papers and questions while the database dies, and note what they were told."""

from __future__ import annotations

import random
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from queue import Empty, SimpleQueue
from typing import Any

import httpx

from api.settings import Settings
from benchmarks.reliability.papers import HashedPairs, paper, text_of
from benchmarks.reliability.served import EDITOR_KEY
from corpus.errors import StoreUnreachable, ZhengwenError
from corpus.store.papers import Store
from index.errors import IndexUnreachable
from rag.changes import change

_FIRST, _SECOND = (
    "青白红黄翠银金碧紫玄云雪霜月星岚霞虹雾露松柏桐枫梅",
    "溪畈岭坪塘湾坝垭坳墩圩埠墟泽渚汀崖峪岗坡滩垄坨墕",
)
_PATIENCE_S = 120  # for a reply; an outage is shorter, so that only a service that hangs is given up
_AGAIN_S = 0.3  # from an error to the next try
_LONGEST_PAUSE_S = 2.0  # between two papers
_TRIES = 40  # outlast an outage


def names() -> list[str]:
    """Names of towns that do not exist, of each of which there is one paper."""
    return [one + other for one in _FIRST for other in _SECOND]


def amount_of(name: str) -> int:
    """What the paper of that town pays, in 万元; other papers hardly pay the same."""
    return 1_000 + zlib.crc32(name.encode()) % 9_000


def file_of(name: str) -> bytes:
    """The file of that town's paper."""
    return text_of(name, amount_of(name))


@cache
def text_read(name: str) -> str:
    """The text of that town's paper, as it is read from its file."""
    return paper(name, amount_of(name))[0].text


@dataclass(frozen=True, slots=True)
class Answer:
    """A question and the text of its reply."""

    question: str
    text: str


@dataclass(slots=True)
class Told:
    """What the clients sent, and what they were told. Thread-safe."""

    sent: set[str] = field(default_factory=set)  # names of papers, acknowledged or not
    papers: dict[str, None] = field(default_factory=dict)  # names of those acknowledged, in this order
    answers: dict[str, Answer] = field(default_factory=dict)  # by id of their receipt
    errors: Counter[str] = field(default_factory=Counter)  # clear ones, by what failed
    unclear: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)  # answers
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, name: str) -> None:
        with self._lock:
            self.sent.add(name)

    def acknowledge(self, name: str) -> None:
        with self._lock:
            self.papers[name] = None

    def any_paper(self, chance: random.Random) -> str:
        """The name of an acknowledged paper; empty when there is none."""
        with self._lock:
            return chance.choice(list(self.papers)) if self.papers else ""

    def keep(self, receipt: str, answer: Answer) -> None:
        with self._lock:
            self.answers[receipt] = answer

    def failed(self, what: str, *, unclear: str = "") -> None:
        """Notes an error, with its text if it is not the one that a client should see."""
        with self._lock:
            if unclear:
                self.unclear.append(f"{what}: {unclear}")
            else:
                self.errors[what] += 1

    def reply(self, what: str, send: Callable[[], httpx.Response]) -> httpx.Response | None:
        """A successful response; None after an error, which is noted."""
        try:
            response = send()
        except httpx.HTTPError as error:
            self.failed(what, unclear=repr(error))
            return None
        if response.is_success:
            return response
        self.failed(what, unclear="" if _is_clear(response) else f"{response.status_code} {response.text}")
        return None


def _is_clear(response: httpx.Response) -> bool:
    """Whether an error says what is wrong, how it is cured, and when to try again."""
    again = response.headers.get("Retry-After", "")
    cures = ("Start its server", "Start the server")
    has_cure = any(cure in response.text for cure in cures) and "Traceback" not in response.text
    return response.status_code == 503 and again.isdecimal() and int(again) > 0 and has_cure


def client() -> httpx.Client:
    """A client that opens a connection for each request: a kept one may be closed while it is used."""
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(timeout=_PATIENCE_S, limits=limits, trust_env=False)


def upload_papers(
    services: Sequence[str], papers: SimpleQueue[str], told: Told, stop: threading.Event, *, seed: int
) -> None:
    """Uploads papers to any of the services until `stop`. Of some only once, whatever the reply is."""
    chance = random.Random(seed)
    with client() as http:

        def sent(name: str) -> bool:
            response = told.reply("upload", lambda: _upload(http, chance.choice(services), name))
            if response is not None:
                told.acknowledge(name)
            return response is not None

        _each_paper(sent, papers, told, stop, chance)


def _upload(http: httpx.Client, service: str, name: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {EDITOR_KEY}", "Idempotency-Key": name.encode().hex()}
    files = [("files", (f"{name}.txt", file_of(name)))]
    return http.post(f"{service}/v1/editor/uploads", files=files, headers=headers)


def ingest_papers(
    settings: Settings, papers: SimpleQueue[str], told: Told, stop: threading.Event, *, seed: int
) -> None:
    """Stores and indexes papers without a service until `stop`, as `zhengwen ingest` does."""

    def sent(name: str) -> bool:
        document, data = paper(name, amount_of(name))

        def take_in(store: Store) -> None:
            store.take_in(document, original=data)
            told.acknowledge(name)

        try:
            change(settings, take_in, embedder=lambda *_: HashedPairs())
        except ZhengwenError as error:
            cause = error.__cause__ or error  # of an index that could not be built
            is_clear = isinstance(cause, StoreUnreachable | IndexUnreachable)
            told.failed("ingest", unclear="" if is_clear else repr(cause))
            return False
        except Exception as error:  # noqa: BLE001 - any other error is what is looked for
            told.failed("ingest", unclear=repr(error))
            return False
        return True

    _each_paper(sent, papers, told, stop, random.Random(seed))


def _each_paper(
    sent: Callable[[str], bool],
    papers: SimpleQueue[str],
    told: Told,
    stop: threading.Event,
    chance: random.Random,
) -> None:
    while not stop.is_set():
        try:
            name = papers.get_nowait()
        except Empty:
            return
        told.send(name)
        for _ in range(chance.choice((1, _TRIES))):
            if stop.is_set() or sent(name):
                break
            stop.wait(_AGAIN_S)
        stop.wait(chance.uniform(0, _LONGEST_PAUSE_S))


def ask_questions(services: Sequence[str], told: Told, stop: threading.Event, *, seed: int) -> None:
    """Asks about acknowledged papers until `stop`. What a service has answered once it must always answer."""
    chance, answered = random.Random(seed), set[tuple[str, str]]()
    with client() as http:
        while not stop.is_set():
            name, service = told.any_paper(chance), chance.choice(services)
            if not name or (reply := ask(http, service, name, told)) is None:
                stop.wait(_AGAIN_S)
            elif is_answer(reply):
                answered.add((service, name))
            elif (service, name) in answered:
                told.wrong.append(f"{name} is not answered any more: {reply['text']}")


def ask(http: httpx.Client, service: str, name: str, told: Told) -> dict[str, Any] | None:
    """The reply to a question about the paper, which is noted with its faults; None after an error.

    The question names the number of the paper: a service that does not have it yet refuses to answer.
    """
    question = f"{name}政发〔2025〕{amount_of(name)}号对新建竹纤维工厂奖补多少？"
    response = told.reply("question", lambda: http.post(f"{service}/v1/ask", json={"question": question}))
    if response is None:
        return None
    reply: dict[str, Any] = response.json()
    told.keep(reply["id"], Answer(question, reply["text"]))
    if is_answer(reply) and f"一次性奖补{amount_of(name)}万元" not in reply["text"]:
        told.wrong.append(f"{name}: {reply['outcome']}: {reply['text']}")
    for cited in reply["citations"]:
        if text_read(name)[cited["start"] : cited["end"]] != cited["quote"]:
            told.wrong.append(f"{name}: not at that place of the paper: {cited['quote']}")
    return reply


def is_answer(reply: dict[str, Any]) -> bool:
    return bool(reply["outcome"] != "refused")
