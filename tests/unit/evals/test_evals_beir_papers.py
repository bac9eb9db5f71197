"""Corpus lines become papers with correct offsets."""

from __future__ import annotations

import pytest
from evals_beir import CORPUS, LAW
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Kind, Status
from evals.public.files import CorpusLine
from evals.public.papers import Paper, papers_of


def read(*rows: object) -> list[Paper]:
    return list(papers_of([CorpusLine.model_validate(row) for row in rows]))


@pytest.fixture(scope="module")
def papers() -> list[Paper]:
    return read(*CORPUS)


def test_lines_go_to_papers(papers: list[Paper]) -> None:
    assert [set(paper.lines.values()) for paper in papers] == [
        {"A1", "A2"},
        {"H2"},
        {"p#0", "p#1"},
        {"paper"},
    ]


def test_a_law_is_one_paper_with_its_articles_in_order(papers: list[Paper]) -> None:
    law = papers[0].document
    shown = [(clause.kind, clause.label, law.text_of(clause)) for clause in law.clauses]
    assert shown == [
        (Kind.HEAD, "标题", LAW),
        (Kind.CHAPTER, "第一章", "第一章\u3000总则"),
        (Kind.ARTICLE, "第一条", "第一条\u3000为了保障茶叶质量，制定本法。"),
        (Kind.CHAPTER, "第二章", "第二章\u3000生产"),
        (Kind.ARTICLE, "第二条", "第二条\u3000茶叶生产者应当建立农药使用记录，记录保存三年。"),
    ]
    assert law.clauses[4].path == ("第二章", "第二条")
    assert law.clauses[4].parent == law.clauses[3].id
    assert law.clauses[3].tree_end == law.clauses[4].end == len(law.text)
    assert law.head.region == "中华人民共和国"


def test_an_earlier_version_is_a_paper_out_of_force(papers: list[Paper]) -> None:
    statuses = [paper.document.head.status for paper in papers]
    assert statuses == [Status.IN_FORCE, Status.REPEALED, Status.IN_FORCE, Status.IN_FORCE]
    assert papers[0].document.id != papers[1].document.id
    assert papers[1].document.head.title.value == LAW


@pytest.mark.parametrize(
    ("status", "ended"),
    [("现行有效", False), ("已废止", True), ("历史版本", True), ("已被修改", False), ("", False)],
)
def test_what_is_repealed_or_superseded_binds_nobody(status: str, ended: bool) -> None:
    (found,) = read({**CORPUS[0], "metadata": {"law": LAW, "article": "第二条", "status": status}})
    assert (found.document.head.status is Status.REPEALED) is ended


def test_pieces_of_a_text_stand_in_their_order(papers: list[Paper]) -> None:
    bridges = papers[2]
    named = [bridges.lines.get(clause.key) for clause in bridges.document.clauses]
    assert named == [None, "p#0", "p#1"]


def test_a_paper_is_read_as_one_that_was_ingested(papers: list[Paper]) -> None:
    paper = papers[3].document
    assert [clause.label for clause in paper.clauses if clause.kind is Kind.ARTICLE] == [
        "第一条",
        "第二条",
        "第三条",
    ]
    assert papers[3].lines == dict.fromkeys((clause.key for clause in paper.clauses), "paper")


def test_titles_alone_name_law_and_article() -> None:
    (found,) = read(
        {"_id": "1", "title": "中华人民共和国刑法第一百二十条之一", "text": "资助恐怖活动组织的，处拘役。"},
        {"_id": "2", "title": "中华人民共和国刑法第一百二十条", "text": "组织恐怖活动组织的，处徒刑。"},
    )
    assert found.document.head.title.value == "中华人民共和国刑法"
    assert [clause.label for clause in found.document.clauses[1:]] == [
        "第一百二十条之一",
        "第一百二十条",
    ]


def test_lines_with_one_title_are_one_paper_unless_they_are_papers_themselves() -> None:
    short, other = ({"_id": i, "title": "桥", "text": f"{i}号桥是石桥。"} for i in "ab")
    long = {"_id": "c", "title": "桥", "text": "这座桥很长。" * 200}
    assert [set(paper.lines.values()) for paper in read(short, other, long)] == [{"a", "b"}, {"c"}]


def test_an_article_that_occurs_twice_has_a_separate_id() -> None:
    rows = [{**CORPUS[1], "_id": name} for name in ("a", "b")]
    (found,) = read(*rows)
    assert set(found.lines.values()) == {"a", "b"}


def test_laws_whose_names_make_one_id_are_kept_apart() -> None:
    rows = [
        {"_id": name, "title": f"{name}第一条", "text": "制定本法。"} for name in ("茶叶法/甲", "茶叶法-甲")
    ]
    first, second = read(*rows)
    assert first.document.id != second.document.id


TEXT = st.text(alphabet="茶叶法第一条。，\n \u3000a1（）", min_size=1, max_size=40).filter(str.strip)


@given(st.lists(TEXT, min_size=1, max_size=6), st.booleans())
def test_every_clause_is_the_text_of_its_line(texts: list[str], law: bool) -> None:
    rows = [
        {
            "_id": f"d#{i}",
            "title": f"茶叶法第{'一二三四五六'[i]}条" if law else "茶叶",
            "text": text,
        }
        for i, text in enumerate(texts)
    ]
    (paper,) = read(*rows)
    document = paper.document
    assert len(paper.lines) == len(texts)
    for clause in document.clauses:
        if clause.key in paper.lines:
            text = texts[int(paper.lines[clause.key][2:])]
            assert document.text[clause.body_start : clause.end] == text.strip()
    assert document.head.title.span.of(document.text) == document.head.title.value
    assert [clause.start for clause in document.clauses] == sorted(c.start for c in document.clauses)
