"""The sources below a reply, and where its citations stand in the content."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.agents.chat.completion import Chunks, citations_at, completion, on_wire
from api.agents.sources import reply_text, without_sources
from api.wire.question_schemas import AskRequest
from api.wire.reply_schemas import AskResponse, Citation, Cited, Refusal

_BASE = "https://ask.example.gov.cn"
_REQUEST = AskRequest(question="奖多少？")
_ADDRESS = "/d/hunan/%EF%BC%88%E5%9B%9B%EF%BC%89"
_WORDS = st.text(max_size=20)


def _cited(kind: type[Cited], label: str = "（四）", **other: Any) -> Any:
    fields: dict[str, Any] = {
        "document_id": "hunan",
        "title": "若干意见",
        "doc_number": "湘政办发〔2026〕15号",
        "status": "in_force",
        "region": "湖南省",
        "path": ["一、", label],
        "label": label,
        "heading": "支持落地",
        "quote": "奖补500万元",
        "start": 5,
        "end": 12,
        "page": None,
        "url": "",
        "permalink": f"/d/hunan/{quote(label, safe='')}",
    }
    return kind(**(fields | other))


def _reply(text: str, citations: list[Citation], **other: Any) -> AskResponse:
    fields: dict[str, Any] = {
        "id": "x",
        "outcome": "answered" if citations else "refused",
        "text": text,
        "language": "zh",
        "confidence": 0.9,
        "citations": citations,
        "hits": [],
        "refusal": None if citations else Refusal(reason="no_evidence", nearest=[]),
        "warnings": [],
        "rewritten": "",
        "suggestions": [],
        "timings_ms": {},
    }
    return AskResponse(**(fields | other))


def _three() -> AskResponse:
    """Two quotes of one clause, of which one stands in the text, and one of a draft, only listed."""
    text = "🎉 答：“奖补500万元”。"
    return _reply(
        text,
        [
            _cited(Citation, answer_span=(5, 12)),
            _cited(Citation, answer_span=None),
            _cited(Citation, label="十、", status="draft", doc_number="", heading="", answer_span=None),
        ],
    )


def test_every_clause_is_one_line_with_its_address() -> None:
    assert reply_text(_three(), _BASE).block == (
        "\n\n依据：\n"
        f"[1] 《若干意见》（湘政办发〔2026〕15号）（四） 支持落地 — {_BASE}{_ADDRESS}\n"
        f"[2] 《若干意见》十、 [征求意见稿] — {_BASE}/d/hunan/%E5%8D%81%E3%80%81"
    )


def test_indices_count_code_points_of_the_whole_content() -> None:
    message = completion(_REQUEST, _three(), _BASE).choices[0].message
    places = [
        message.content[one.url_citation.start_index : one.url_citation.end_index]
        for one in message.annotations
    ]
    assert places[0] == "奖补500万元"
    assert places[1].startswith("[1] 《若干意见》")
    assert places[1].endswith(_ADDRESS)
    assert places[2].startswith("[2] 《若干意见》")
    assert message.content.endswith(places[2])


@pytest.mark.parametrize(("language", "head"), [("zh", "依据："), ("zh-Hant", "依據："), ("en", "Sources:")])
def test_the_frame_speaks_the_language_of_the_reply(language: str, head: str) -> None:
    reply = _three().model_copy(update={"language": language})
    assert reply_text(reply, _BASE).block.startswith(f"\n\n{head}\n[1] ")


def test_a_refusal_names_the_nearest_clauses_and_annotates_nothing() -> None:
    nearest = Refusal(reason="no_evidence", nearest=[_cited(Cited)])
    reply = _reply("没有找到。", [], refusal=nearest)
    written = reply_text(reply, _BASE)
    assert written.block.startswith("\n\n最接近的条款：\n[1] 《若干意见》")
    assert citations_at(reply, written, _BASE) == []
    assert reply_text(_reply("没有找到。", []), _BASE).content == "没有找到。"


def test_a_title_inside_a_title_has_inner_marks() -> None:
    reply = _reply("答", [_cited(Citation, title="关于修改《停车办法》的决定", answer_span=None)])
    assert "[1] 《关于修改〈停车办法〉的决定》（" in reply_text(reply, "").block


def test_without_an_address_of_its_own_it_names_the_source_or_nothing() -> None:
    assert " — " not in reply_text(_three(), "").block
    reply = _reply("答", [_cited(Citation, url="https://gov.cn/1.html", answer_span=None)])
    assert reply_text(reply, "").block.endswith(" — https://gov.cn/1.html")


@given(text=_WORDS, title=_WORDS, heading=_WORDS, label=_WORDS)
def test_sources_are_taken_off_again_to_the_character(
    text: str, title: str, heading: str, label: str
) -> None:
    reply = _reply(text, [_cited(Citation, label=label, title=title, heading=heading, answer_span=None)])
    written = reply_text(reply, _BASE)
    assert written.sources[0].line.of(written.content).startswith("[1] 《")
    assert written.block.count("\n") == 3
    assert without_sources(written.content) == text


def test_text_that_only_looks_like_sources_stays() -> None:
    for text in ("依据：\n[1] 《法》", "答\n\n依据：见下", "答\n\n依据：\n[1] 《法》\n另外，还有一条。"):
        assert without_sources(text) == text


def test_the_parts_of_a_stream_make_the_whole_answer() -> None:
    reply = _three()
    chunks = Chunks(_REQUEST, reply, _BASE, usage_wanted=True)
    parts = [chunks.first(), chunks.words(reply.text[:4]), chunks.words(reply.text[4:]), *chunks.last()]
    whole = completion(_REQUEST, reply, _BASE)
    deltas = [choice.delta for chunk in parts for choice in chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == whole.choices[0].message.content
    assert [d.annotations for d in deltas if d.annotations] == [whole.choices[0].message.annotations]
    assert [d.zhengwen for d in deltas if d.zhengwen] == [reply]
    assert parts[-1].choices == []
    assert parts[-1].usage == whole.usage
    assert '"delta":{}' in on_wire(parts[-2])
    assert '"finish_reason":"stop"' in on_wire(parts[-2])


def test_usage_counts_characters_and_says_so() -> None:
    usage = completion(_REQUEST, _three(), _BASE).usage
    assert usage.prompt_tokens == len("奖多少？")
    assert usage.completion_tokens == len(reply_text(_three(), _BASE).content)
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert usage.unit == "characters"
