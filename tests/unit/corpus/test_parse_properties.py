"""Properties of the clause tree and metadata of any text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.head.paper_head import PaperHead
from corpus.head.status import effective
from corpus.load import load
from corpus.model import Document, Loaded, Segment, Source, SourceMap, Span
from corpus.parse import parse

_PAPERS = sorted((Path(__file__).resolve().parents[3] / "corpus" / "documents").glob("*.txt"))

# Pieces of papers, to be combined in any order.
_PIECES = st.sampled_from(
    [
        "一、",
        "（一）",
        "(二)",
        "二、总体要求",
        "1．",
        "1.",
        "1.1",
        "2.1.1 编制目的",
        "１．",
        "（1）",
        "①",
        "⑵",
        "第一章 总则",
        "第一条 ",
        "第三条第二款",
        "第五编",
        "第 二 节",
        "## ",
        "**",
        "- ",
        "附件",
        "附件1",
        "附件：表",
        "附表2：",
        "目录",
        "目\u3000录",
        "2024年11月17日",
        "二〇二四年一月一日",
        "2024-02-30",
        "0年0月0日",
        "湖南省人民政府办公厅",
        "省政府",
        "关于促进发展的若干意见",
        "湘政办发〔2026〕15号",
        "国令第707号",
        "中华人民共和国国务院令",
        "第707号",
        "（责任单位：省科技厅、省财政厅，位列第一的为牵头单位，下同）",
        "［责任单位：市经信委按照职责分别负责］",
        "（省药监局牵头负责）",
        "（（",
        "））",
        "各有关单位：",
        "根据《意见》（国发〔2020〕1号）",
        "《《〈〉》》",
        "同时废止。",
        "有效期5年。",
        "本意见自印发之日起施行，",
        "至2027年12月31日止",
        "（此件主动公开）",
        "抄送：",
        "2017年12月12日印发",
        "（征求意见稿）",
        "【已废止】",
        "成文日期：2020年1月1日",
        "有效性：失效",
        "HNPR—2026—01011",
        "Article 1: ",
        "Chapter IV",
        "加强组织领导。",
        "正文，",
        "。",
        "：",
        "；",
        "\t",
        " ",
        "\u3000",
        "\n",
        "\n\n",
        "x",
    ]
)
_TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(_PIECES, max_size=40).map("".join),
    st.lists(_PIECES, max_size=40).map("\n".join),
)


def _loaded(text: str, emphasis: tuple[Span, ...] = ()) -> Loaded:
    whole = SourceMap((Segment(0, 0, len(text)),))
    return Loaded(text, Source("paper.txt", "", "utf-8", "text/plain", text, whole), emphasis)


def _check(document: Document) -> None:
    text, clauses = document.text, document.clauses
    ids = [clause.id for clause in clauses]
    assert len(ids) == len(set(ids))
    end = 0
    for clause in clauses:
        # In order, without overlaps, and with only blanks between them.
        assert end <= clause.start < clause.end <= clause.tree_end <= len(text)
        assert text[end : clause.start].strip() == ""
        assert clause.start <= clause.body_start <= clause.end
        assert clause.path
        assert clause.label
        assert clause.parent is None or clause.parent in ids
        if clause.responsibility is not None:
            span = clause.responsibility.span
            assert clause.start <= span.start < span.end <= clause.end
        end = clause.end
    assert text[end:].strip() == ""
    by_id = {clause.id: clause for clause in clauses}
    for clause in clauses:
        if clause.parent is not None:
            above = by_id[clause.parent]
            assert above.start < clause.start <= clause.tree_end <= above.tree_end
            assert clause.path[: len(above.path)] == above.path
    _check_head(document)


def _check_head(document: Document) -> None:
    head, length = document.head, len(document.text)
    stated = (
        head.title,
        head.inner_title,
        head.doc_number,
        head.registry_number,
        head.issuer,
        head.addressees,
        head.disclosure,
        head.self_reference,
        head.contact,
        head.date_published,
    )
    for value in stated:
        assert value is None or value.span.end <= length
    for reference in (*head.repeals, *head.basis, *head.cites):
        assert reference.span.end <= length
        assert reference.title or reference.doc_number
    for notice in document.notices:
        assert notice.span.end <= length


@given(_TEXTS)
@settings(max_examples=400)
def test_any_text_gives_a_whole_tree(text: str) -> None:
    document = parse(_loaded(text), document_id="any")
    _check(document)
    assert parse(_loaded(text), document_id="any") == document


@given(_TEXTS, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40)), max_size=4))
@settings(max_examples=80)
def test_any_emphasis_gives_a_whole_tree(text: str, marks: list[tuple[int, int]]) -> None:
    spans = tuple(Span(start, start + length) for start, length in marks)
    _check(parse(_loaded(text, spans), document_id="any"))


@given(_TEXTS, _TEXTS, st.dates())
@settings(max_examples=60)
def test_any_two_papers_have_a_status(one: str, other: str, today: date) -> None:
    papers = [parse(_loaded(text), document_id=name) for name, text in (("one", one), ("other", other))]
    assert effective(PaperHead.of(papers[0]), map(PaperHead.of, papers), today=today) is not None


@pytest.mark.parametrize("file", _PAPERS, ids=lambda file: file.stem)
def test_starting_papers_give_whole_trees(file: Path) -> None:
    document = parse(load(file.read_bytes(), name=file.name), document_id=file.stem)
    _check(document)
    again = parse(load(file.read_bytes(), name=file.name), document_id=file.stem)
    assert again == document
    for clause in document.clauses:
        assert document.text_of(clause) == document.text[clause.start : clause.end]
        # Headings are words of the paper.
        assert clause.heading in document.text_of(clause)


@pytest.mark.parametrize("cut", [3, 40, 333, 1000, 2222])
@pytest.mark.parametrize("file", _PAPERS, ids=lambda file: file.stem)
def test_torn_papers_give_whole_trees(file: Path, cut: int) -> None:
    text = file.read_text("utf-8")
    for piece in (text[:cut], text[cut : 2 * cut], text[-cut:]):
        _check(parse(_loaded(piece), document_id="torn"))


@pytest.mark.parametrize(
    "line",
    [
        "第{一}条 内容",
        "第一条之{一} 内容",
        "（{一}）支持{9}家",
        "第{9}条",
        "有效期{9}年",
        "自印发之日起{一}日后施行",
    ],
)
def test_numbers_without_end_are_no_error(line: str) -> None:
    text = line.replace("{一}", "一" * 5000).replace("{9}", "9" * 5000)
    data = f"某市人民政府关于支持竹产业的意见\n\n{text}\n".encode()
    _check(parse(load(data, name="endless.txt"), document_id="endless"))
