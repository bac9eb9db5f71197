"""Reads the history of a question from an auditor's file."""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from api.agents.chat.conversation import histories_of
from api.agents.chat.schemas import Message
from api.errors import RequestFault
from api.wire.question_schemas import Turn

_TURNS, _MESSAGES = TypeAdapter(list[Turn]), TypeAdapter(list[Message])

Histories = tuple[tuple[Turn, ...], ...]


def read_histories(file: Path, *, channel: str) -> Histories:
    """Possible histories in the file, the most likely first; for an answer to a chat (`openai`) it contains
    `messages` or
    a history. Raises RequestFault for a missing file and for any other content.
    """
    try:
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise RequestFault(f"--history: there is no file {str(file)!r}. Check its name") from error
    except OSError as error:
        raise RequestFault(
            f"--history: {str(file)!r} cannot be read: {error.strerror or error}. Name a file you may read"
        ) from error
    read: list[tuple[Turn, ...]] = []
    try:
        read.append(tuple(_TURNS.validate_json(content)))
    except ValidationError as error:
        if channel != "openai":
            raise _no_messages(file) from error
    if channel == "openai":
        try:
            read += map(tuple, histories_of(_MESSAGES.validate_json(content)))
        except ValidationError as error:
            raise _no_messages(file) from error
    return tuple(read)


def _no_messages(file: Path) -> RequestFault:
    return RequestFault(
        f"--history {str(file)!r} is no list of messages: "
        '[{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]'
    )
