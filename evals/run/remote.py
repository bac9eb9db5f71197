"""A running server as what is measured: asked over HTTP, judged by the texts of its own papers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import ValidationError

from corpus.model import Document
from corpus.progress import Progress
from evals.errors import ServerFault
from evals.model import Observed, Provenance
from evals.run import server_schemas as wire
from rag.model import Outcome, Question

_SECONDS = 120  # for a reply; a server on a small machine that has just started may be slow
_LONGEST = 300  # characters of a foreign body that are repeated in an error
_ASK = "/v1/ask"
# A question that is too long, or that the server cannot read: it says nothing against the next one.
_NOT_TAKEN = frozenset({httpx.codes.REQUEST_ENTITY_TOO_LARGE, httpx.codes.UNPROCESSABLE_ENTITY})
_TURNED_AWAY = "turned_away"  # in place of the reason of a refusal

Body = TypeVar("Body", bound=wire.Body)


class Server:
    """The service at an address, in the version of this program."""

    def __init__(self, client: httpx.Client) -> None:
        """`client` has the address as its base."""
        self._client = client
        self._url = str(client.base_url).rstrip("/")

    def provenance(self, *, version: str) -> Provenance:
        """What the server says it answers from.

        Raises ServerFault when it cannot be reached or is not of `version`, as its replies may then mean
        something else.
        """
        health = self._get("/health", wire.Health)
        if health.version != version:
            raise ServerFault(
                self._url,
                f"the server is zhengwen {health.version}, this is {version}. Measure it with its own",
            )
        index = health.index
        return Provenance(
            corpus=index.corpus_hash,
            model=index.model,
            index=f"generation {index.generation}",
            calibration=index.calibration,
            threshold=index.threshold,
            version=health.version,
            url=self._url,
        )

    def documents(self, progress: Progress | None = None) -> tuple[Document, ...]:
        """The papers that the server answers from. Raises ServerFault."""
        listed = list(self._listed())
        found = []
        for done, line in enumerate(listed, start=1):
            path = f"/v1/documents/{quote(line.document_id, safe='')}"
            found.append(self._get(path, wire.DocumentDetail).document())
            if progress is not None:
                progress(done, len(listed), "fetching papers")
        return tuple(found)

    def _listed(self) -> Iterator[wire.DocumentLine]:
        """The papers, page by page."""
        after: str | None = ""
        while after is not None:
            query = f"?after={quote(after, safe='')}" if after else ""
            page = self._get(f"/v1/documents{query}", wire.DocumentList)
            yield from page.documents
            after = page.next

    def ask(self, question: Question) -> Observed:
        """The reply as the server shows it; a question that it will not take is one without an answer.

        Raises ServerFault when the server fails.
        """
        history = [{"role": turn.role, "content": turn.content} for turn in question.history]
        body = {"question": question.text, "history": history}
        response = self._request("POST", _ASK, body)
        if response.status_code in _NOT_TAKEN:
            return Observed(Outcome.REFUSED, _said(response), (), (), reason=_TURNED_AWAY, turned_away=True)
        return self._read("POST", _ASK, response, wire.Reply).seen()

    def _get(self, path: str, model: type[Body]) -> Body:
        return self._read("GET", path, self._request("GET", path, None), model)

    def _request(self, method: str, path: str, body: dict[str, Any] | None) -> httpx.Response:
        try:
            return self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            cure = "Start it with `zhengwen serve`, or correct --url"
            raise ServerFault(
                self._url, f"cannot be reached ({error or type(error).__name__}). {cure}"
            ) from error

    def _read(self, method: str, path: str, response: httpx.Response, model: type[Body]) -> Body:
        if response.status_code != httpx.codes.OK:
            raise ServerFault(self._url, f"{method} {path} gave {response.status_code}: {_said(response)}")
        try:
            return model.model_validate_json(response.content)
        except ValidationError as error:
            reason = f"{method} {path} did not answer as zhengwen does. Correct --url"
            raise ServerFault(self._url, reason) from error


@contextmanager
def connect(url: str, *, key: str) -> Iterator[Server]:
    """The server at `url`, such as http://127.0.0.1:8000. Raises ServerFault when that is no address.

    `key` is the one that the server asks of programs on other machines; empty sends none.
    """
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        client = httpx.Client(base_url=url, timeout=_SECONDS, headers=headers)
    except (httpx.InvalidURL, ValueError) as error:
        raise ServerFault(url, f"is no address of a server ({error})") from error
    with client:
        yield Server(client)


def _said(response: httpx.Response) -> str:
    """What the server says is wrong: the detail of a problem (RFC 9457), or the start of another body."""
    try:
        return wire.Problem.model_validate_json(response.content).detail
    except ValidationError:
        return " ".join(response.text.split())[:_LONGEST] or "nothing more"
