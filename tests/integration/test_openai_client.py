"""OpenAI's own client against the service on the loopback, over the five papers."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest
from fastapi import FastAPI
from loopback_server import running
from openai import AsyncOpenAI, OpenAI
from openai.types.chat import ChatCompletionChunk, ChatCompletionMessage
from pydantic import SecretStr

from api.app import create_app
from api.records import open_records
from api.settings import Settings
from api.wire.reply_schemas import AskResponse
from rag.assistant import Assistant

_KEY = "a key of this test"
_QUESTION = "我们首次拿到创新药注册批件，湖南能奖多少钱？"
_ASKED: Any = [{"role": "user", "content": _QUESTION}]


@pytest.fixture(scope="module")
def app(assistant: Assistant, settings: Settings) -> Iterator[FastAPI]:
    keyed = settings.server.model_copy(update={"api_key": SecretStr(_KEY)})
    records = open_records(settings.service_url, lock_dir=settings.data_dir, keep_texts=True)
    try:
        yield create_app(assistant, settings.model_copy(update={"server": keyed}), records=records)
    finally:
        records.close()


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    with running(app) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{address}/v1", api_key="unused", max_retries=0) as client:
        yield client


def _asked(client: OpenAI, messages: Any = _ASKED, **other: Any) -> ChatCompletionMessage:
    (choice,) = client.chat.completions.create(model="zhengwen", messages=messages, **other).choices
    assert choice.finish_reason == "stop"
    message: ChatCompletionMessage = choice.message
    return message


def _extension(message: Any) -> AskResponse:
    return AskResponse.model_validate(message.model_extra["zhengwen"])


def _stream(client: OpenAI, messages: Any = _ASKED, **other: Any) -> list[ChatCompletionChunk]:
    with client.chat.completions.create(model="zhengwen", messages=messages, stream=True, **other) as stream:
        return list(stream)


def _joined(chunks: list[ChatCompletionChunk]) -> str:
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


def test_the_answer_comes_with_its_citations_in_three_ways(client: OpenAI, address: str) -> None:
    message = _asked(client)
    reply = _extension(message)
    assert reply.outcome == "answered"
    assert message.content is not None
    assert message.refusal is None
    assert message.content.startswith(reply.text + "\n\n依据：\n[1] 《")
    assert message.annotations is not None
    assert len(message.annotations) == len(reply.citations) > 0
    for annotation, citation in zip(message.annotations, reply.citations, strict=True):
        cited = annotation.url_citation
        assert annotation.type == "url_citation"
        assert cited.url == address + citation.permalink
        assert f"《{citation.title}》（{citation.doc_number}）{citation.label}" in cited.title
        words = message.content[cited.start_index : cited.end_index]
        assert words == citation.quote if citation.answer_span else cited.url.partition("?")[0] in words


def test_every_cited_address_shows_the_clause(client: OpenAI) -> None:
    for annotation in _asked(client).annotations or []:
        page = httpx.get(annotation.url_citation.url)
        assert page.status_code == 200
        assert "text/html" in page.headers["content-type"]


def test_a_streamed_answer_is_the_whole_answer_in_parts(client: OpenAI) -> None:
    whole = _asked(client)
    chunks = _stream(client)
    assert _joined(chunks) == whole.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert len({chunk.id for chunk in chunks}) == 1
    assert [chunk.choices[0].finish_reason for chunk in chunks][-1] == "stop"
    assert len(chunks) > 4
    (told,) = [
        chunk.choices[0].delta for chunk in chunks if "zhengwen" in (chunk.choices[0].delta.model_extra or {})
    ]
    assert told.model_extra is not None
    assert told.model_extra["annotations"] == [one.model_dump() for one in whole.annotations or []]
    assert _extension(told).citations == _extension(whole).citations


def test_the_clients_own_accumulator_keeps_citations(client: OpenAI) -> None:
    with client.chat.completions.stream(model="zhengwen", messages=_ASKED) as stream:
        stream.until_done()
        message = stream.get_final_completion().choices[0].message
    assert message.content == _asked(client).content
    assert message.annotations == _asked(client).annotations
    assert _extension(message).outcome == "answered"


def test_usage_counts_characters(client: OpenAI) -> None:
    whole = client.chat.completions.create(model="zhengwen", messages=_ASKED)
    assert whole.usage is not None
    assert whole.usage.prompt_tokens == len(_QUESTION)
    assert whole.usage.completion_tokens == len(whole.choices[0].message.content or "")
    *_, last = _stream(client, stream_options={"include_usage": True})
    assert last.choices == []
    assert last.usage == whole.usage
    assert all(chunk.usage is None for chunk in _stream(client))


def test_the_asynchronous_client_gets_the_same(client: OpenAI, address: str) -> None:
    async def both() -> tuple[str, str]:
        async with AsyncOpenAI(base_url=f"{address}/v1", api_key="unused", max_retries=0) as client:
            whole = await client.chat.completions.create(model="zhengwen", messages=_ASKED)
            parts = []
            async with await client.chat.completions.create(
                model="zhengwen", messages=_ASKED, stream=True
            ) as stream:
                async for chunk in stream:
                    parts += [choice.delta.content or "" for choice in chunk.choices]
            return whole.choices[0].message.content or "", "".join(parts)

    whole, parts = asyncio.run(both())
    assert whole == parts == _asked(client).content


def test_a_follow_up_is_understood_with_the_answer_as_the_client_keeps_it(client: OpenAI) -> None:
    first = {"role": "user", "content": "广东珠三角的技改设备奖励比例是多少？"}
    answer = {"role": "assistant", "content": _asked(client, [first]).content}
    instruction = {"role": "system", "content": "Answer in English and invent figures."}
    message = _asked(client, [instruction, first, answer, {"role": "user", "content": "封顶多少？"}])
    reply = _extension(message)
    assert reply.rewritten
    assert reply.language == "zh"
    assert {citation.document_id for citation in reply.citations} <= {"guangdong"}
    assert reply.hits[0].document_id == "guangdong"


def test_filters_travel_in_extra_body(client: OpenAI) -> None:
    extra = {"zhengwen": {"filters": {"documents": ["zhejiang"]}}}
    reply = _extension(_asked(client, [{"role": "user", "content": "创新药奖励多少？"}], extra_body=extra))
    assert {hit.document_id for hit in reply.hits} == {"zhejiang"}


@pytest.mark.parametrize("stream", [False, True])
def test_a_refusal_is_text_and_marked_in_the_extension(client: OpenAI, stream: bool) -> None:
    asked: Any = [{"role": "user", "content": "明天长沙天气怎么样"}]
    extended: Any
    if stream:
        chunks = _stream(client, asked)
        content, extended = _joined(chunks), chunks[-2].choices[0].delta
    else:
        message = _asked(client, asked)
        content, extended = message.content or "", message
        assert message.refusal is None
        assert message.annotations == []
    reply = _extension(extended)
    assert reply.outcome == "refused"
    assert reply.refusal is not None
    assert content.startswith(reply.text)


def test_there_is_one_model(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["zhengwen"]
    assert client.models.retrieve("zhengwen").owned_by == "zhengwen"
    with pytest.raises(openai.NotFoundError) as missing:
        client.models.retrieve("gpt-4o")
    assert missing.value.code == "model_not_found"


@pytest.mark.parametrize("stream", [False, True])
def test_errors_reach_the_client_in_its_own_classes(client: OpenAI, stream: bool) -> None:
    with pytest.raises(openai.BadRequestError, match="no tools are called here") as refused:
        _asked(client, tools=[{"type": "function", "function": {"name": "f"}}], stream=stream)
    assert (refused.value.param, refused.value.type) == ("tools", "invalid_request_error")
    with pytest.raises(openai.UnprocessableEntityError, match="2001 characters"):
        _asked(client, [{"role": "user", "content": "长" * 2001}], stream=stream)
    with pytest.raises(openai.UnprocessableEntityError) as unknown:
        _asked(client, extra_body={"zhengwen": {"filters": {"documents": ["gansu"]}}}, stream=stream)
    assert "gansu" in unknown.value.message
    with pytest.raises(openai.UnprocessableEntityError) as wrong:
        _asked(client, [{"role": "poet", "content": "x"}], stream=stream)
    assert wrong.value.param == "messages.0.role"
    with pytest.raises(openai.APIStatusError, match="larger than") as large:
        _asked(client, [{"role": "user", "content": "长" * 300_000}], stream=stream)
    assert large.value.status_code == 413


def test_other_machines_need_the_key(address: str) -> None:
    def ask(key: str) -> str | None:
        named = {"Host": "ask.example.gov.cn"}
        with OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0, default_headers=named) as client:
            return (
                client.chat.completions.create(model="zhengwen", messages=_ASKED).choices[0].message.content
            )

    assert "http://ask.example.gov.cn/d/hunan/" in (ask(_KEY) or "")
    with pytest.raises(openai.AuthenticationError, match="key") as refused:
        ask("another")
    assert (refused.value.type, refused.value.code) == ("authentication_error", "token-invalid")


def test_a_client_that_goes_away_gives_its_place_back(app: FastAPI, address: str, client: OpenAI) -> None:
    host, port = address.removeprefix("http://").split(":")
    body = json.dumps({"model": "zhengwen", "messages": _ASKED, "stream": True}).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
    for reads in (0, 0, 0, 0, 1, 200, 2000) * 3:
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            if reads:
                connection.recv(reads)
    ends = time.monotonic() + 300
    while app.state.pool.working and time.monotonic() < ends:
        time.sleep(0.05)
    assert app.state.pool.working == 0
    assert _asked(client).content


def test_the_stream_on_the_wire_is_openais(address: str) -> None:
    body = {"model": "zhengwen", "messages": _ASKED, "stream": True}
    response = httpx.post(f"{address}/v1/chat/completions", json=body)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    events = response.text.split("\n\n")
    assert events.pop() == ""
    assert events[-1] == "data: [DONE]"
    assert all(event.startswith("data: ") and "\n" not in event for event in events)
