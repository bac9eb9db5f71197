"""Wire models of OpenAI's chat completions, as far as this service supports them.

Only request fields that are used or rejected are declared; other parameters are accepted and ignored.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from api.wire.fields import AsOfDay, Wire
from api.wire.question_schemas import MAX_FILTER, Filters
from api.wire.reply_schemas import AskResponse

MODEL = "zhengwen"

MOST_ENTRIES = 2_000  # of a list
# Validation stops at the first fault: reporting a hundred thousand would block the process for seconds.
_BOUNDED = Field(max_length=MOST_ENTRIES, fail_fast=True)
_MOST_FIELDS = 20  # of the extension and its filters, where each unknown field is a fault of its own

ErrorType = Literal[
    "invalid_request_error", "authentication_error", "permission_error", "rate_limit_error", "server_error"
]


class Foreign(BaseModel):
    """Base of OpenAI's models. The API grows without notice, so unknown fields are ignored.

    Known fields are checked strictly: 1 is not true.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class ContentPart(Foreign):
    """A part of a message. Only text is supported."""

    type: str
    text: str | None = None
    refusal: str | None = None


class Message(Foreign):
    """A message. `system` and `developer` messages are for a model and ignored, as there is none."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | Annotated[list[ContentPart], _BOUNDED] | None = None


class StreamOptions(Foreign):
    include_usage: bool | None = None


class ResponseFormat(Foreign):
    type: str


class Extension(Wire):
    """Parameters of this service in addition to OpenAI's (`extra_body` in OpenAI's client)."""

    filters: Filters = Filters()
    as_of: AsOfDay = None

    @model_validator(mode="before")
    @classmethod
    def _is_small(cls, given: object) -> object:
        filters = given.get("filters") if isinstance(given, dict) else None
        for part in (given, filters):
            if isinstance(part, dict) and len(part) > _MOST_FIELDS:
                raise ValueError(f"{len(part)} fields are more than there are")
        for name in Filters.model_fields:
            entries = filters.get(name) if isinstance(filters, dict) else None
            if isinstance(entries, list) and len(entries) > MAX_FILTER:
                raise ValueError(f"filters.{name}: {len(entries)} entries, {MAX_FILTER} are allowed")
        return given


class ChatRequest(Foreign):
    """A conversation; its last message is the question."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": MODEL,
                    "messages": [{"role": "user", "content": "我们首次拿到创新药注册批件，湖南能奖多少钱？"}],
                    "stream": False,
                }
            ]
        }
    )

    model: str
    messages: Annotated[list[Message], Field(min_length=1), _BOUNDED]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None
    tools: Annotated[list[JsonValue], _BOUNDED] | None = None
    tool_choice: JsonValue = None
    functions: Annotated[list[JsonValue], _BOUNDED] | None = None
    function_call: JsonValue = None
    response_format: ResponseFormat | None = None
    modalities: Annotated[list[str], _BOUNDED] | None = None
    audio: JsonValue = None
    logprobs: bool | None = None
    web_search_options: JsonValue = None
    zhengwen: Extension = Extension()


class UrlCitation(BaseModel):
    """A place in the content that quotes a clause. Indices count code points; the end is exclusive."""

    start_index: int
    end_index: int
    url: str
    title: str


class Annotation(BaseModel):
    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class Usage(BaseModel):
    """Lengths of question and answer in characters, as there is no model that counts tokens."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    unit: Literal["characters"] = "characters"


class ReplyMessage(BaseModel):
    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[Annotation]
    zhengwen: Annotated[AskResponse, Field(description="the reply as `POST /v1/ask` returns it")]


class Choice(BaseModel):
    index: Literal[0] = 0
    message: ReplyMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class ChatCompletion(BaseModel):
    """A whole answer."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[Choice]
    usage: Usage


class Delta(BaseModel):
    """The increment of a chunk; absent fields are left out."""

    role: Literal["assistant"] | None = None
    content: str | None = None
    annotations: list[Annotation] | None = None
    zhengwen: AskResponse | None = None


class ChunkChoice(BaseModel):
    index: Literal[0] = 0
    delta: Delta
    logprobs: None = None
    finish_reason: Literal["stop"] | None = None


class Chunk(BaseModel):
    """A chunk of a streamed answer."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str = MODEL
    choices: list[ChunkChoice]
    usage: Usage | None = None


class Model(BaseModel):
    id: Literal["zhengwen"] = "zhengwen"
    object: Literal["model"] = "model"
    created: int
    owned_by: Literal["zhengwen"] = "zhengwen"


class ModelList(BaseModel):
    object: Literal["list"] = "list"
    data: list[Model]


class ErrorBody(BaseModel):
    """The body of an error, as OpenAI's clients read it."""

    message: str
    type: ErrorType
    param: Annotated[str | None, Field(description="the field at fault; null when it is none")]
    code: Annotated[str, Field(description="what kind of problem it is; stable, for programs")]


class Error(BaseModel):
    error: ErrorBody
