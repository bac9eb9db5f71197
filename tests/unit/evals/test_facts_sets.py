"""The shipped labels, the folders they are read from, and the proof of every extracted field."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from evals_facts import FACT_SET, FOLDER, LABELLED
from evals_oracle import papers_by_id

from corpus.facts.extract import facts_of
from corpus.facts.model import Amount, Bound, Fact, FactKind, Role
from corpus.model import Span
from evals.errors import FactsFault
from evals.facts.extracted import rereads, squeezed, stated, unproved
from evals.facts.folder import digest_of, load_fact_set
from evals.facts.model import Field, Group, LabelledPaper, Split

_LINE = {"id": "p-1", "doc": "p", "kind": "money", "quote": "给予50万元奖励"}


@pytest.mark.parametrize("paper", FACT_SET.papers, ids=lambda paper: paper.document.id)
def test_every_label_occurs_in_its_paper(paper: LabelledPaper) -> None:
    text = squeezed(paper.document.text)
    facts = (*paper.facts, *paper.neutral)
    assert [fact.id for fact in facts if fact.quote not in text] == []
    words = [(fact.id, word) for fact in facts for field in Field for word in fact.words.get(field, ())]
    assert [one for one in words if one[1] not in text] == []


def test_half_of_every_set_is_for_testing() -> None:
    assert Counter(paper.split for paper in LABELLED) == {Split.DEV: 2, Split.TEST: 2}
    for cases in (FACT_SET.profiles, FACT_SET.tables):
        halves = Counter(case.split for case in cases)
        assert abs(halves[Split.DEV] - halves[Split.TEST]) <= 1


@pytest.mark.parametrize("paper", FACT_SET.papers, ids=lambda paper: paper.document.id)
def test_every_field_of_every_fact_is_in_its_clause(paper: LabelledPaper) -> None:
    document = paper.document
    wrong = [(fact.id, span) for fact in facts_of(document).facts for span in unproved(fact, document)]
    assert wrong == []


def test_a_field_elsewhere_is_noticed() -> None:
    document = papers_by_id()["hunan"]
    first, second = (clause for clause in document.clauses if clause.label in ("（一）", "（四）"))
    quote = Span(first.body_start, first.body_start + 5)
    fact = Fact("（一）.money.1", document.id, first.id, FactKind.MONEY, quote)
    assert list(unproved(fact, document)) == []
    for span in (
        second.span,
        Span(first.start, first.start),
        Span(len(document.text) - 1, len(document.text) + 1),
    ):
        assert list(unproved(replace(fact, form=span), document)) == [span]
    above = next(clause for clause in document.clauses if clause.id == first.parent)
    assert list(unproved(replace(fact, form=Span(above.start, above.end)), document)) == []


@pytest.mark.parametrize(
    ("words", "value", "upper", "unit", "said"),
    [
        ("不超过 500 万元", "5000000", None, "元", True),
        ("50—200万元", "500000", "2000000", "元", True),
        ("50—200万元", "500000", None, "元", False),
        ("500万元", "500", None, "元", False),
        ("500万美元", "5000000", None, "元", False),
        ("2000平方米", "2000", None, "平方米", True),
    ],
)
def test_an_amount_has_to_be_what_its_words_say(
    words: str, value: str, upper: str | None, unit: str, said: bool
) -> None:
    document = replace(papers_by_id()["hunan"], text=words)
    top = None if upper is None else Decimal(upper)
    amount = Amount(Span(0, len(words)), Decimal(value), unit, Bound.EXACT, Role.PAY, top)
    assert rereads(amount, document) is said


def test_extracted_facts_have_ids_of_their_own_and_words_without_white_space() -> None:
    document = papers_by_id()["hubei"]
    found = stated(facts_of(document), document)
    assert len({fact.id for fact in found}) == len(found)
    assert all(not any(sign.isspace() for sign in fact.quote) for fact in found)


def _folder(tmp_path: Path, *lines: object, text: str = "关于奖励的通知\n一、给予50万元奖励。\n") -> Path:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "p.txt").write_text(text, encoding="utf-8")
    (tmp_path / "p.jsonl").write_text(
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8"
    )
    return tmp_path


def test_facts_may_lie_in_the_folder_itself(tmp_path: Path) -> None:
    found = load_fact_set(_folder(tmp_path, _LINE | {"note": "of an annotator"}), documents={})
    (paper,) = found.papers
    assert (paper.document.id, paper.facts[0].quote, paper.split) == ("p", "给予50万元奖励", Split.DEV)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (_LINE | {"kind": "gift"}, "p.jsonl:1: kind"),
        (_LINE | {"doc": "q"}, "is of the paper 'q'"),
        ("no object", "p.jsonl:1"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: object, said: str) -> None:
    with pytest.raises(FactsFault, match=said):
        load_fact_set(_folder(tmp_path, line), documents={})


def test_an_id_used_twice_a_fact_that_is_not_there_and_a_missing_paper_are_named(tmp_path: Path) -> None:
    folder = _folder(tmp_path, _LINE, _LINE)
    with pytest.raises(FactsFault, match="'p-1' is used twice"):
        load_fact_set(folder, documents={})
    (folder / "p.jsonl").write_text(json.dumps(_LINE), encoding="utf-8")
    table = {"id": "t-1", "question": "奖励多少？", "gold": {"facts": ["p-2"]}}
    (folder / "tables.jsonl").write_text(json.dumps(table), encoding="utf-8")
    with pytest.raises(FactsFault, match="names the fact 'p-2'"):
        load_fact_set(folder, documents={})
    (folder / "papers" / "p.txt").unlink()
    with pytest.raises(FactsFault, match="'p' is missing"):
        load_fact_set(folder, documents={})
    with pytest.raises(FactsFault, match="no facts"):
        load_fact_set(folder / "papers", documents={})


def test_kinds_labelled_in_full_of_a_named_paper_are_read(tmp_path: Path) -> None:
    folder = _folder(tmp_path, _LINE)
    (folder / "named").mkdir()
    (folder / "facts").mkdir()
    (folder / "p.jsonl").rename(folder / "named" / "p.jsonl")
    (folder / "named" / "complete.json").write_text('{"p": ["time_limit"]}', encoding="utf-8")
    (paper,) = load_fact_set(folder, documents={}).papers
    assert paper.groups == {Group.TIME_LIMIT}
    (folder / "named" / "complete.json").write_text('{"p": ["gifts"]}', encoding="utf-8")
    with pytest.raises(FactsFault, match=r"complete\.json"):
        load_fact_set(folder, documents={})


def test_the_digest_changes_with_labels_and_papers_alone(tmp_path: Path) -> None:
    folder = _folder(tmp_path, _LINE)
    before = digest_of(folder)
    (folder / "SOURCE.md").write_text("Where from", encoding="utf-8")
    assert digest_of(folder) == before
    (folder / "papers" / "p.txt").write_text("另一份文件", encoding="utf-8")
    assert digest_of(folder) != before
    assert digest_of(FOLDER) == digest_of(FOLDER)
