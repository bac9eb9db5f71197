"""Converts the messages of a chat to a question with its history."""

from __future__ import annotations

from collections.abc import Sequence

from api.agents.chat.errors import Refused
from api.agents.chat.schemas import MODEL, ChatRequest, Message
from api.agents.sources import without_sources
from api.wire.question_schemas import MAX_HISTORY, MAX_TURN, AskRequest, Turn

# Parts that contain text; an assistant's message may be OpenAI's refusal, which is text as well.
_TEXTS = frozenset({"text", "refusal"})


def question_of(request: ChatRequest) -> AskRequest:
    """The last message as the question, the messages before it as history, as far as the limits allow.

    Raises Refused for what is not supported and would mislead if it were ignored.
    """
    _check(request)
    *before, last = _dialogue(request.messages)
    return AskRequest(
        question=_text(last, "messages", readable=True),
        history=_history(before),
        filters=request.zhengwen.filters,
        as_of=request.zhengwen.as_of,
    )


def histories_of(messages: Sequence[Message]) -> list[list[Turn]]:
    """Possible histories of a question in a chat with these messages, as `question_of` makes them.

    Messages as a client sent them end with the question, which is not part of its history.
    """
    spoken = _of_people(messages)
    read = [_history(spoken)]
    if spoken and spoken[-1].role == "user":
        read.append(_history(spoken[:-1]))
    return read


def _check(request: ChatRequest) -> None:
    if request.model != MODEL:
        raise Refused(
            f"there is no model of that name; this service has {MODEL!r}",
            param="model",
            code="model_not_found",
            status=404,
        )
    if request.n is not None and request.n != 1:
        raise Refused("a question has one answer here: leave `n` out or set it to 1", param="n")
    if request.tools and request.tool_choice != "none":
        raise Refused(
            'no tools are called here: leave `tools` out, or set `tool_choice` to "none"', param="tools"
        )
    if request.functions and request.function_call != "none":
        raise Refused("no functions are called here: leave `functions` out", param="functions")
    if request.response_format is not None and request.response_format.type != "text":
        raise Refused(
            "answers are text with quotes and cannot be put into another form: leave `response_format` out "
            'or set its type to "text". `POST /v1/ask` gives the answer as JSON',
            param="response_format",
        )
    if request.audio is not None or "audio" in (request.modalities or ()):
        raise Refused("answers are text: leave `audio` out of `modalities`", param="modalities")
    if request.logprobs:
        raise Refused("no model writes the answer, so there are no probabilities", param="logprobs")
    if request.web_search_options is not None:
        raise Refused(
            "answers come from the papers on file, never from the web: leave `web_search_options` out",
            param="web_search_options",
        )


def _dialogue(messages: Sequence[Message]) -> list[Message]:
    """The messages of user and assistant, ending with the question.

    Instructions for a model are ignored; results of tools belong to other programs.
    """
    asked = [message for message in messages if message.role not in ("system", "developer")]
    if not asked or asked[-1].role != "user":
        raise Refused("the last message must be the user's question", param="messages")
    return _of_people(messages)


def _of_people(messages: Sequence[Message]) -> list[Message]:
    return [message for message in messages if message.role in ("user", "assistant")]


def _history(messages: Sequence[Message]) -> list[Turn]:
    """The latest messages that fit the limits; of one that is too long, its beginning."""
    turns = []
    for message in messages[-MAX_HISTORY:]:
        text = _text(message, "messages", readable=False)
        if message.role == "assistant":
            text = without_sources(text)
        if text:
            role = "user" if message.role == "user" else "assistant"
            turns.append(Turn(role=role, content=text[:MAX_TURN]))
    return turns


def _text(message: Message, param: str, *, readable: bool) -> str:
    """The text of the message. `readable`: raise Refused when a part is not text."""
    if message.content is None or isinstance(message.content, str):
        return message.content or ""
    words = []
    for part in message.content:
        if part.type in _TEXTS:
            words.append(part.text or part.refusal or "")
        elif readable:
            raise Refused(
                "only text can be read: put the question into words, without images, audio or files",
                param=param,
            )
    return "\n".join(words)
