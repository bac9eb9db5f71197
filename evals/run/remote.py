"""Measures a running server: questions are sent over HTTP and scored with the server's own papers."""

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

_SECONDS = 120  # timeout of a reply; a small machine is slow just after the start
_LONGEST = 300  # characters of an unknown body that an error repeats
_ASK = "/v1/ask"
# Status of a question that is too long or invalid; the next question can be asked.
_NOT_TAKEN = frozenset({httpx.codes.REQUEST_ENTITY_TOO_LARGE, httpx.codes.UNPROCESSABLE_ENTITY})
_REJECTED = "rejected"  # in place of the reason of a refusal

Body = TypeVar("Body", bound=wire.Body)


class Server:
    """A server of this program's version at an address."""

    def __init__(self, client: httpx.Client) -> None:
        """`client` has the address as its base URL."""
        self._client = client
        self._url = str(client.base_url).rstrip("/")

    def provenance(self, *, version: str) -> Provenance:
        """Returns what the server reports about its corpus, model and index.

        Raises ServerFault when it cannot be reached or is not of `version`, as its replies may then have
        other semantics.
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
        """Fetches the papers that the server answers from. Raises ServerFault."""
        listed = list(self._listed())
        found = []
        for done, line in enumerate(listed, start=1):
            path = f"/v1/documents/{quote(line.document_id, safe='')}"
            found.append(self._get(path, wire.DocumentDetail).document())
            if progress is not None:
                progress(done, len(listed), "fetching papers")
        return tuple(found)

    def _listed(self) -> Iterator[wire.DocumentLine]:
        """Fetches the list of papers, page by page."""
        after: str | None = ""
        while after is not None:
            query = f"?after={quote(after, safe='')}" if after else ""
            page = self._get(f"/v1/documents{query}", wire.DocumentList)
            yield from page.documents
            after = page.next

    def ask(self, question: Question) -> Observed:
        """Sends a question and returns the reply; a rejected question has no answer.

        Raises ServerFault when the server fails.
        """
        history = [{"role": turn.role, "content": turn.content} for turn in question.history]
        body = {"question": question.text, "history": history}
        response = self._request("POST", _ASK, body)
        if response.status_code in _NOT_TAKEN:
            return Observed(Outcome.REFUSED, _said(response), (), (), reason=_REJECTED, rejected=True)
        return self._read("POST", _ASK, response, wire.Reply).observed()

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
    """Connects to the server at `url`, such as http://127.0.0.1:8000. Raises ServerFault for an invalid URL.

    `key` is the API key that the server requires from other machines; empty sends none.
    """
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        client = httpx.Client(base_url=url, timeout=_SECONDS, headers=headers)
    except (httpx.InvalidURL, ValueError) as error:
        raise ServerFault(url, f"is not the address of a server ({error})") from error
    with client:
        yield Server(client)


def _said(response: httpx.Response) -> str:
    """Returns the detail of the server's problem (RFC 9457), or the beginning of any other body."""
    try:
        return wire.Problem.model_validate_json(response.content).detail
    except ValidationError:
        return " ".join(response.text.split())[:_LONGEST] or "nothing more"
