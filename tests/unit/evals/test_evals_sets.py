"""The product's own questions, checked against the five papers."""

from collections import Counter
from pathlib import Path

from evals_oracle import PAPERS, PLACES, oracle, papers_by_id

from evals.measures.matching import contains, contains_facts, normal
from evals.measures.summary import failed
from evals.model import Case, Expect, Item
from evals.run.cases import load_sets
from evals.run.runner import evaluate

ROOT = Path(__file__).resolve().parents[3]
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in PAPERS.glob("*.txt")}
CASES = load_sets([ROOT / "evals/sets"])
ITEMS = [
    (f"{case.id}#{turn}", item)
    for case in CASES
    for turn, item in enumerate(case.items, start=1)
    if item.evidence
]
EVIDENCE = [(name, entry) for name, item in ITEMS for entry in item.evidence + item.alternatives]


def test_every_quote_occurs_in_its_paper() -> None:
    quotes = [(name, entry.document, quote) for name, entry in EVIDENCE for quote in entry.quotes]
    assert [quote for quote in quotes if not contains(TEXTS[quote[1]], quote[2])] == []


def test_every_label_is_a_clause_of_its_paper() -> None:
    labels = {
        name: {normal(clause.label) for clause in document.clauses}
        for name, document in papers_by_id().items()
    }
    cited = [(name, entry.document, label) for name, entry in EVIDENCE for label in entry.articles]
    assert [place for place in cited if normal(place[2]) not in labels[place[1]]] == []


def test_the_quotes_hold_the_facts_that_are_asked_for() -> None:
    def held(item: Item) -> bool:
        texts = [quote for entry in item.evidence for quote in entry.quotes]
        return contains_facts([*texts, *(PLACES[document] for document in item.documents)], item.answer_must)

    assert [name for name, item in ITEMS if not item.answer_must or not held(item)] == []


_ZERO = ("false refusal", "foreign sentences", "needless correction", "needless not-stated")


def test_a_reader_who_knows_the_gold_is_right_by_every_measure() -> None:
    report = evaluate(CASES, oracle(CASES), documents=papers_by_id().values())
    assert report.left_out == ()
    assert [(result.id, failed(result)) for result in report.results if failed(result)] == []
    for result in report.results:
        right = {
            name: value
            for name, value in result.scores.items()
            if name not in ("answer length", "RR@10", "nDCG@10")
        }
        wanted = {name: 0.0 if name in _ZERO else 1.0 for name in right}
        late = {
            name for name in right if name.startswith(("R@1", "R@3", "recall in"))
        }  # more papers than places
        assert {name: value for name, value in right.items() if name not in late} == {
            name: value for name, value in wanted.items() if name not in late
        }


def test_a_question_is_asked_once() -> None:
    first_turns = Counter(case.items[0].question for case in CASES)
    assert [question for question, times in first_turns.items() if times > 1] == []


def test_the_sets_cover_every_kind_of_question() -> None:
    def count(cases: list[Case], name: str) -> int:
        return sum(case.set == name for case in cases)

    assert all(count(CASES, name) >= 12 for name in TEXTS)
    assert count(CASES, "cross") >= 10
    assert count(CASES, "refusal") >= 15
    assert count(CASES, "dialogue") >= 4
    assert {"plain", "english", "traditional", "typo"} <= {case.style for case in CASES}
    types = {item.type for case in CASES for item in case.items}
    wanted = {"number", "list", "condition", "department", "definition", "metadata", "validity", "structure"}
    assert wanted <= types
    assert {item.expect for case in CASES for item in case.items} == set(Expect)
