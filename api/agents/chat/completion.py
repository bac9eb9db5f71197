"""Converts a reply to OpenAI's chat completions, whole and streamed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from api.agents.chat.schemas import (
    Annotation,
    ChatCompletion,
    Choice,
    Chunk,
    ChunkChoice,
    Delta,
    ReplyMessage,
    UrlCitation,
    Usage,
)
from api.agents.sources import ReplyText, address, named, reply_text
from api.wire.question_schemas import AskRequest
from api.wire.reply_schemas import AskResponse


def completion(request: AskRequest, reply: AskResponse, base: str) -> ChatCompletion:
    """The whole answer. `base` is the service's own address."""
    text = reply_text(reply, base)
    message = ReplyMessage(content=text.content, annotations=citations_at(reply, text, base), zhengwen=reply)
    return ChatCompletion(
        id=_id(reply),
        created=int(time.time()),
        choices=[Choice(message=message)],
        usage=usage(request, text),
    )


@dataclass(frozen=True, slots=True)
class Chunks:
    """The chunks of one streamed answer; all have its id and its time of creation."""

    request: AskRequest
    reply: AskResponse
    base: str
    usage_wanted: bool
    created: int = field(default_factory=lambda: int(time.time()))

    def first(self) -> Chunk:
        return self._chunk(Delta(role="assistant", content=""))

    def words(self, text: str) -> Chunk:
        return self._chunk(Delta(content=text))

    def last(self) -> list[Chunk]:
        """The last chunks: the sources as text, with annotations and the whole reply; the end; the usage."""
        text = reply_text(self.reply, self.base)
        sources = Delta(
            content=text.block,
            annotations=citations_at(self.reply, text, self.base),
            zhengwen=self.reply,
        )
        chunks = [self._chunk(sources), self._chunk(Delta(), finished=True)]
        if self.usage_wanted:
            chunks.append(
                Chunk(id=_id(self.reply), created=self.created, choices=[], usage=usage(self.request, text))
            )
        return chunks

    def _chunk(self, delta: Delta, *, finished: bool = False) -> Chunk:
        choice = ChunkChoice(delta=delta, finish_reason="stop" if finished else None)
        return Chunk(id=_id(self.reply), created=self.created, choices=[choice])


def on_wire(chunk: Chunk) -> str:
    """One event of the stream; a delta contains only what was added."""
    missing = {name for choice in chunk.choices for name, value in choice.delta if value is None}
    return chunk.model_dump_json(exclude={"choices": {"__all__": {"delta": missing}}})


def citations_at(reply: AskResponse, text: ReplyText, base: str) -> list[Annotation]:
    """An annotation for every citation, at its quote, or at its line of the sources if the text does not
    contain it.
    """
    found = []
    for citation in reply.citations:
        line = text.source_of(citation).line
        start, end = citation.answer_span or (line.start, line.end)
        found.append(
            Annotation(
                url_citation=UrlCitation(
                    start_index=start, end_index=end, url=address(citation, base), title=named(citation)
                )
            )
        )
    return found


def usage(request: AskRequest, text: ReplyText) -> Usage:
    asked = len(request.question) + sum(len(turn.content) for turn in request.history)
    answered = len(text.content)
    return Usage(prompt_tokens=asked, completion_tokens=answered, total_tokens=asked + answered)


def _id(reply: AskResponse) -> str:
    return f"chatcmpl-{reply.id}"
