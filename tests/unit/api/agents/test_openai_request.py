"""From OpenAI's messages to a question with its history."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from api.agents import tool_schemas
from api.agents.chat.conversation import question_of
from api.agents.chat.errors import Refused
from api.agents.chat.schemas import MOST_ENTRIES, ChatRequest
from api.wire.question_schemas import MAX_HISTORY, MAX_TURN, AskRequest

_ASKED = [{"role": "user", "content": "湖南奖多少？"}]


def _question(messages: list[dict[str, Any]], **other: Any) -> AskRequest:
    return question_of(ChatRequest.model_validate({"model": "zhengwen", "messages": messages} | other))


def test_the_last_message_is_the_question_and_the_ones_before_are_history() -> None:
    asked = _question(
        [
            {"role": "system", "content": "Answer in verse."},
            {"role": "user", "content": "广东呢？"},
            {"role": "assistant", "content": "不超过20%。"},
            {"role": "developer", "content": "Be brief."},
            {
                "role": "user",
                "content": [{"type": "text", "text": "封顶"}, {"type": "text", "text": "多少？"}],
            },
        ]
    )
    assert asked.question == "封顶\n多少？"
    assert [(turn.role, turn.content) for turn in asked.history] == [
        ("user", "广东呢？"),
        ("assistant", "不超过20%。"),
    ]


def test_instructions_and_results_of_tools_are_not_history() -> None:
    asked = _question(
        [
            {"role": "user", "content": "查一下"},
            {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]},
            {"role": "tool", "tool_call_id": "1", "content": "42"},
            {"role": "function", "name": "f", "content": "43"},
            *_ASKED,
        ]
    )
    assert [turn.content for turn in asked.history] == ["查一下"]


def test_filters_come_in_the_extension() -> None:
    filters = {"documents": ["hunan"], "regions": ["湖南"]}
    assert _question(_ASKED, zhengwen={"filters": filters}).filters.model_dump() == filters


def test_the_day_comes_in_the_extension() -> None:
    assert _question(_ASKED, zhengwen={"as_of": "2023-05-01"}).as_of == date(2023, 5, 1)
    with pytest.raises(ValidationError, match="a day that exists"):
        _question(_ASKED, zhengwen={"as_of": "2023"})


def test_history_is_cut_to_what_a_question_may_have() -> None:
    long = [
        {"role": "user", "content": f"{number} " + "长" * (MAX_TURN + 5)} for number in range(MAX_HISTORY + 9)
    ]
    asked = _question([*long, *_ASKED])
    assert len(asked.history) == MAX_HISTORY
    assert asked.history[-1].content.startswith(f"{MAX_HISTORY + 8} ")
    assert {len(turn.content) for turn in asked.history} == {MAX_TURN}


def test_an_image_in_an_earlier_message_is_passed_over() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:,"}}
    asked = _question([{"role": "user", "content": [image, {"type": "text", "text": "看"}]}, *_ASKED])
    assert [turn.content for turn in asked.history] == ["看"]


@pytest.mark.parametrize(
    "harmless",
    [
        {"temperature": 0.2, "top_p": 1, "max_tokens": 5, "max_completion_tokens": 5, "seed": 1, "user": "u"},
        {"n": 1, "stop": ["\n"], "presence_penalty": 1, "frequency_penalty": 1, "logit_bias": {"1": 2}},
        {"tools": [], "tool_choice": "auto", "logprobs": False, "response_format": {"type": "text"}},
        {"tools": [{"type": "function"}], "tool_choice": "none"},
        {"modalities": ["text"], "metadata": {"a": "b"}, "store": False, "reasoning_effort": "low"},
        {"stream": True, "stream_options": {"include_usage": True, "include_obfuscation": False}},
        {"n": None, "tools": None, "response_format": None, "stream": None, "stream_options": None},
        {"a_parameter_of_next_year": {"x": [1]}},
    ],
)
def test_parameters_that_change_nothing_are_accepted(harmless: dict[str, Any]) -> None:
    assert _question(_ASKED, **harmless) == AskRequest(question="湖南奖多少？")


@pytest.mark.parametrize(
    ("asked", "param", "status"),
    [
        ({"n": 2}, "n", 400),
        ({"n": 0}, "n", 400),
        ({"tools": [{"type": "function"}]}, "tools", 400),
        ({"functions": [{"name": "f"}]}, "functions", 400),
        ({"response_format": {"type": "json_object"}}, "response_format", 400),
        ({"response_format": {"type": "json_schema", "json_schema": {}}}, "response_format", 400),
        ({"modalities": ["text", "audio"]}, "modalities", 400),
        ({"audio": {"voice": "alloy"}}, "modalities", 400),
        ({"logprobs": True}, "logprobs", 400),
        ({"web_search_options": {}}, "web_search_options", 400),
        ({"model": "gpt-5"}, "model", 404),
        ({"messages": [{"role": "system", "content": "x"}]}, "messages", 400),
        ({"messages": [*_ASKED, {"role": "assistant", "content": "x"}]}, "messages", 400),
        ({"messages": [*_ASKED, {"role": "tool", "tool_call_id": "1", "content": "x"}]}, "messages", 400),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "messages", 400),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(asked: dict[str, Any], param: str, status: int) -> None:
    with pytest.raises(Refused) as refused:
        _question(**({"messages": _ASKED} | asked))
    assert (refused.value.param, refused.value.status) == (param, status)


_CONTENT = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.lists(
        st.fixed_dictionaries({"type": st.sampled_from(["text", "refusal", "image_url"]), "text": st.text()}),
        max_size=3,
    ),
)
_MESSAGES = st.lists(
    st.fixed_dictionaries(
        {
            "role": st.sampled_from(["system", "developer", "user", "assistant", "tool", "function"]),
            "content": _CONTENT,
        }
    ),
    min_size=1,
    max_size=60,
)


@given(_MESSAGES)
def test_a_conversation_is_a_question_when_its_last_message_is_the_users(
    messages: list[dict[str, Any]],
) -> None:
    heard = [message for message in messages if message["role"] not in ("system", "developer")]
    if heard and heard[-1]["role"] == "user" and _is_text(heard[-1]["content"]):
        assert len(_question(messages).history) <= MAX_HISTORY
    else:
        with pytest.raises(Refused):
            _question(messages)


def _is_text(content: Any) -> bool:
    return not isinstance(content, list) or all(part["type"] != "image_url" for part in content)


_MANY = 20_000
_CHAT: dict[str, Any] = {"model": "zhengwen", "messages": _ASKED}


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (ChatRequest, _CHAT | {"messages": [1] * _MANY}),
        (ChatRequest, _CHAT | {"messages": _ASKED * _MANY}),
        (ChatRequest, _CHAT | {"messages": [{"role": "user", "content": [1] * _MANY}]}),
        (ChatRequest, _CHAT | {"messages": [{"role": "user", "content": [{"type": "text"}] * _MANY}]}),
        (ChatRequest, _CHAT | {"tools": [1] * _MANY}),
        (ChatRequest, _CHAT | {"functions": [1] * _MANY}),
        (ChatRequest, _CHAT | {"modalities": [1] * _MANY}),
        (ChatRequest, _CHAT | {"zhengwen": {f"k{number}": 1 for number in range(_MANY)}}),
        (ChatRequest, _CHAT | {"zhengwen": {"filters": {f"k{number}": 1 for number in range(_MANY)}}}),
        (ChatRequest, _CHAT | {"zhengwen": {"filters": {"regions": [1] * _MANY}}}),
        (tool_schemas.Ask, {"question": "", "history": [1] * _MANY}),
        (tool_schemas.Ask, {"question": "", "documents": str([1] * _MANY)}),
        (tool_schemas.Search, {"query": "", "regions": [1] * _MANY}),
    ],
)
def test_a_list_without_end_is_one_fault_and_not_thousands(model: type[BaseModel], given: Any) -> None:
    with pytest.raises(ValidationError) as error:
        model.model_validate(given)
    assert error.value.error_count() <= 3


def test_a_long_chat_is_taken() -> None:
    assert _question(_ASKED * MOST_ENTRIES).question == "湖南奖多少？"
