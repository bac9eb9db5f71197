"""Words of a quote that two readings of a scan differ in: in the answer, on the wire and on the page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from assembled import TODAY, assistant_over, listed, written

from api.pages.acts import ActsOn
from api.pages.versions import ShownVersions
from api.pages.view import paper_page
from api.pages.words import words_for
from api.wire.replies import reply_on_wire
from corpus.catalogue.relations import relations_of
from corpus.model import UNCERTAIN, Document, Notice, Span, Status
from index.model import Embedder
from rag.assistant import Assistant
from rag.model import Answer, Language, Question

TEXT = """海阳市人民政府关于扶持养蜂业发展的若干意见
海政发〔2030〕7号
各区县人民政府：
一、新建示范蜂场
新建示范蜂场的，每个蜂场补助18万元。
二、绿色认证
蜂产品通过绿色认证的，一次性奖励5万元。
三、蜜源植物
种植蜜源植物的，每亩补贴300元。
"""


@pytest.fixture(scope="module")
def scanned() -> Document:
    document = written("bees", TEXT)
    at = document.text.index("18万元")
    notice = Notice(UNCERTAIN, "two readings differ", Span(at, at + 4))
    return replace(document, notices=(*document.notices, notice))


@pytest.fixture(scope="module")
def assistant(scanned: Document, tiny_embedder: Embedder) -> Assistant:
    return assistant_over([scanned], tiny_embedder)


def _answer(assistant: Assistant, text: str) -> Answer:
    result = assistant.ask(Question(text)).result
    assert isinstance(result, Answer), result.text
    return result


def test_an_answer_names_the_uncertain_words_that_it_quotes(assistant: Assistant) -> None:
    answer = _answer(assistant, "海阳市新建示范蜂场补助多少万元？")
    assert answer.text.count("待核：“18万元”由扫描件识别") == 1
    assert UNCERTAIN in answer.warnings
    (cited,) = [marked.citation for marked in answer.citations if marked.citation.uncertain]
    assert [span.of(cited.document.text) for span in cited.uncertain] == ["18万元"]


def test_an_answer_from_other_clauses_does_not(assistant: Assistant) -> None:
    answer = _answer(assistant, "蜂产品通过绿色认证奖励多少万元？")
    assert "5万元" in answer.text
    assert "18万元" not in answer.text
    assert "待核" not in answer.text
    assert UNCERTAIN not in answer.warnings


def test_the_note_is_in_the_language_of_the_question(assistant: Assistant) -> None:
    answer = _answer(assistant, "海陽市新建示範蜂場補助多少萬元？")
    assert answer.language is Language.TRADITIONAL
    assert "由掃描件識別" in answer.text


def test_the_wire_has_the_uncertain_words_as_offsets_of_the_quote(assistant: Assistant) -> None:
    reply = assistant.ask(Question("海阳市新建示范蜂场补助多少万元？"))
    sent = reply_on_wire(reply, catalogue=assistant.catalogue)
    found = [cited.quote[one.start : one.end] for cited in sent.citations for one in cited.uncertain]
    assert found == ["18万元"]
    assert UNCERTAIN in sent.warnings


def test_the_page_of_the_paper_marks_and_lists_them(scanned: Document) -> None:
    words = words_for("zh")
    page = paper_page(
        scanned,
        None,
        status=Status.IN_FORCE,
        acts=ActsOn(),
        relations=relations_of(scanned.id, listed(scanned)),
        today=TODAY,
        place=None,
        quote_asked=False,
        versions=ShownVersions(),
        words=words,
        base="",
    )
    html = " ".join(str(block) for section in page.sections for block in section.blocks)
    assert '<span class="uncertain">18万元</span>' in html
    (row,) = [row for row in page.facts if row.name == "待核"]
    assert row.values[0].words.endswith("请核对原件：18万元")
