"""Simulates visitors, one after the other: open a conversation, ask, give a thumb, sometimes delete it.

    python -m benchmarks.service.visitor ADDRESS QUESTIONS --seconds 60

QUESTIONS has one JSON string per line. Prints one line of JSON: the numbers of visits and answers, the ids of
the answers that were not deleted, and errors. `soak.py` starts it; it uses the standard library only.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import time
from itertools import count, cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_TURNS = 3
_DELETES_EVERY = 3  # visits
_PAUSE_S = 0.2  # between two visits


class Browser:
    """One connection, used as a page of the service does."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=60)
        self._token = ""

    def send(self, method: str, path: str, body: object = None) -> Any:
        """Returns the reply of the service. Raises OSError, HTTPException, or UnexpectedStatus."""
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        text = None if body is None else json.dumps(body).encode()
        self._connection.request(method, path, text, headers)
        response = self._connection.getresponse()
        read = response.read()
        if response.status >= 300:
            raise UnexpectedStatus(f"{method} {path.split('/')[2]}: {response.status} {read.decode()}")
        return json.loads(read) if read else None

    def arrive(self) -> None:
        self._token = ""
        self._token = self.send("POST", "/v1/visitors", {"site": "", "visitor": ""})["token"]

    def close(self) -> None:
        self._connection.close()


class UnexpectedStatus(Exception):
    """The service rejected the request, or failed."""


def visit(browser: Browser, questions: list[str], *, deletes: bool) -> list[str]:
    """Makes one visit and returns the ids of its answers."""
    browser.arrive()
    conversation = browser.send("POST", "/v1/conversations", {})["id"]
    ids = []
    for question in questions:
        reply = browser.send("POST", "/v1/ask", {"question": question, "conversation": conversation})
        ids.append(reply["id"])
    kept = browser.send("GET", f"/v1/conversations/{conversation}")
    if [turn["reply"]["id"] for turn in kept["turns"]] != ids:
        raise UnexpectedStatus("the conversation does not contain the answers that were given in it")
    browser.send("POST", "/v1/feedback", {"answer": ids[0], "thumb": "up", "reason": None, "text": ""})
    if deletes:
        browser.send("DELETE", f"/v1/conversations/{conversation}")
    return ids


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address")
    parser.add_argument("questions", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    questions = cycle(map(json.loads, options.questions.read_text(encoding="utf-8").splitlines()))
    ids: list[str] = []
    answers = 0
    errors: list[str] = []
    browser = Browser(options.address)
    deadline = time.monotonic() + options.seconds
    for number in count():
        if time.monotonic() >= deadline:
            break
        asked = [next(questions) for _ in range(_TURNS)]
        deletes = number % _DELETES_EVERY == 0
        try:
            given = visit(browser, asked, deletes=deletes)
        except (OSError, http.client.HTTPException, UnexpectedStatus) as error:
            errors.append(f"{type(error).__name__}: {error}")
            browser.close()
        else:
            answers += len(given)
            ids += [] if deletes else given
        time.sleep(_PAUSE_S)
    browser.close()
    json.dump({"visits": number, "answers": answers, "ids": ids, "errors": errors}, sys.stdout)


if __name__ == "__main__":
    main()
