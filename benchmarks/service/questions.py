"""The questions asked under load, and a check of the facts in the replies."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.request import Request, urlopen

from evals.measures.matching import contains_facts
from evals.model import Item
from evals.run.cases import load_sets, of_split

SETS = Path(__file__).resolve().parents[2] / "evals" / "sets"
_LONGEST = 500  # characters; the peer accepts no more
_SEED = 20_260_301


def questions() -> list[Item]:
    """Returns the questions of the development split that need no earlier turn, in a fixed random order."""
    cases = of_split(load_sets([SETS]), "dev")
    items = [case.items[0] for case in cases if len(case.items[0].question) <= _LONGEST]
    random.Random(_SEED).shuffle(items)
    return items


def bodies(texts: Iterable[str], template: str) -> bytes:
    """Returns one JSON body per line, as `client.py` reads them."""
    lines = [template.replace("@QUESTION@", json.dumps(text)) for text in texts]
    return "\n".join(lines).encode()


def ask_once(url: str, body: str) -> str:
    """Returns the text of the reply to one body, from our JSON or the peer's events."""
    reply = raw(url, body.replace("@NEW@", random.randbytes(16).hex()).encode()).decode()
    if reply.startswith("{"):
        text: str = json.loads(reply)["text"]
        return text
    events = (line.removeprefix("data: ") for line in reply.splitlines() if line.startswith("data: {"))
    return "".join(event.get("content", "") for event in map(json.loads, events))


def raw(url: str, body: bytes) -> bytes:
    """Returns the raw reply to one body."""
    request = Request(url, body, {"Content-Type": "application/json"}, method="POST")
    with urlopen(request, timeout=60) as response:
        reply: bytes = response.read()
    return reply


def share_named(url: str, template: str, items: Sequence[Item]) -> tuple[int, int]:
    """Returns the number of replies that contain all facts, and the number of questions with facts."""
    judged = [item for item in items if item.answer_must]
    texts = [ask_once(url, template.replace("@QUESTION@", json.dumps(item.question))) for item in judged]
    named = sum(contains_facts([text], item.answer_must) for text, item in zip(texts, judged, strict=True))
    return named, len(judged)
