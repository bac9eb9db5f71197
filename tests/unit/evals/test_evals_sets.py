"""The product's own questions, checked against the five papers."""

from collections import Counter
from pathlib import Path

import pytest

from evals.cases import load_sets
from evals.matching import contains, holds_facts
from evals.model import Case, Evidence, Expect, Item

ROOT = Path(__file__).resolve().parents[3]
PAPERS = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "corpus/documents").glob("*.txt")}
# How a question or an answer calls the paper when it has to name it.
PLACES = {"hunan": "湖南", "hubei": "湖北", "yiyang": "益阳", "zhejiang": "浙江", "guangdong": "广东"}
CASES = load_sets([ROOT / "evals/sets"])
ITEMS = [
    pytest.param(item, id=f"{case.id}-{turn}")
    for case in CASES
    for turn, item in enumerate(case.items, start=1)
    if item.evidence
]


def _all(item: Item) -> tuple[Evidence, ...]:
    return item.evidence + item.alternatives


@pytest.mark.parametrize("item", ITEMS)
def test_every_quote_stands_in_its_paper(item: Item) -> None:
    for entry in _all(item):
        for quote in entry.quotes:
            assert contains(PAPERS[entry.document], quote)


@pytest.mark.parametrize("item", ITEMS)
def test_the_quotes_hold_the_facts_that_are_asked_for(item: Item) -> None:
    texts = [quote for entry in item.evidence for quote in entry.quotes]
    assert holds_facts([*texts, *(PLACES[document] for document in item.documents)], item.answer_must)


@pytest.mark.parametrize("item", ITEMS)
def test_an_answer_has_facts_to_hold(item: Item) -> None:
    assert item.answer_must


def test_a_question_is_asked_once() -> None:
    first_turns = Counter(case.items[0].question for case in CASES)
    assert [question for question, times in first_turns.items() if times > 1] == []


def test_the_sets_cover_every_kind_of_question() -> None:
    def count(cases: list[Case], name: str) -> int:
        return sum(case.set == name for case in cases)

    assert all(count(CASES, name) >= 12 for name in PAPERS)
    assert count(CASES, "cross") >= 10
    assert count(CASES, "refusal") >= 15
    assert count(CASES, "dialogue") >= 4
    assert {"plain", "english", "traditional", "typo"} <= {case.style for case in CASES}
    types = {item.type for case in CASES for item in case.items}
    wanted = {"number", "list", "condition", "department", "definition", "metadata", "validity", "structure"}
    assert wanted <= types
    assert {item.expect for case in CASES for item in case.items} == set(Expect)
