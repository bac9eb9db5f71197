from dataclasses import replace

import pytest
from evals_catalogue import Papers

from evals.measures.fidelity import number_guard
from evals.model import Observed
from evals.run.observe import observe


@pytest.fixture
def seen(papers: Papers) -> Observed:
    """An answer that quotes the province's first article."""
    return observe(papers.answer(papers.cite("province", "（一）", "500万元")))


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("每年奖补500万元。", 1.0),
        ("每年奖补五百万元。", 1.0),  # the same amount, written otherwise
        ("每年奖补600万元。", 0.0),
        ("奖补500万元，最高3000万元。", 0.5),  # the second amount is in another article
        ("依据湘政办发〔2026〕15号，奖补500万元。", 1.0),  # the head of a cited paper counts as cited
        ("依据湘政办发〔2026〕16号，奖补500万元。", 0.5),
        ("依据益政办发〔2017〕29号，奖补500万元。", 0.5),  # the number of a paper that is not cited
        ("2027年1月1日前奖补30%。", 0.0),
    ],
)
def test_figures_stand_in_a_cited_clause(text: str, share: float, seen: Observed, papers: Papers) -> None:
    assert number_guard(replace(seen, text=text), papers.by_id) == share


def test_without_figures_or_answer_there_is_nothing_to_judge(seen: Observed, papers: Papers) -> None:
    assert number_guard(replace(seen, text="有补助，连续支持3年。"), papers.by_id) is None
    refused = observe(papers.refusal())
    assert number_guard(replace(refused, text="没有500万元。"), papers.by_id) is None


def test_the_clause_is_read_from_the_store_and_not_from_the_reply(seen: Observed, papers: Papers) -> None:
    (cited,) = seen.citations
    said = replace(seen, text="奖补600万元。")
    for lie in (replace(cited, quote="600万元"), replace(cited, document="unknown", quote="600万元")):
        assert number_guard(replace(said, citations=(lie,)), papers.by_id) == 0.0
    # Offsets outside the named clause are not a citation of it.
    elsewhere = replace(cited, start=0, end=5)
    told = replace(seen, text="奖补500万元。", citations=(elsewhere,))
    assert number_guard(told, papers.by_id) == 0.0


def test_a_clause_includes_its_children(papers: Papers) -> None:
    document, clause = papers.find("province", "（一）")
    below = next(other for other in document.clauses if other.label == "（二）")
    chapter = replace(clause, end=clause.start + 3, tree_end=below.tree_end)
    clauses = tuple(chapter if other is clause else other for other in document.clauses)
    split = {"province": replace(document, clauses=clauses)}
    seen = observe(papers.answer(papers.cite("province", "（一）", "500万元")))
    assert number_guard(replace(seen, text="最高不超过3000万元。"), split) == 1.0
