from collections.abc import Callable
from dataclasses import fields, replace

import pytest
from evals_catalogue import Papers
from hypothesis import given
from hypothesis import strategies as st

from evals.measures import fidelity, metrics
from evals.model import Evidence, Expect, Item, Observed, Quoted, Shown
from evals.run.observe import observe
from rag.answer.wording.phrases import phrases_for
from rag.model import Language, Outcome, Reason

Make = Callable[..., Item]
FIRST = Evidence("province", ("（一）",), ("每年一次性奖补500万元",))
SECOND = Evidence("city", ("二、（一）1．",), ("沅江枳壳（实）",))
HITS = st.lists(
    st.builds(
        Shown,
        st.sampled_from(["province", "city"]),
        st.just("（一）"),
        st.sampled_from(["每个平台每年一次性奖补500万元，连续支持3年。", "支持沅江枳壳（实）", "别的"]),
    ),
    max_size=10,
)
GOLD = Item("？", "number", "easy", Expect.ANSWER, (FIRST,))


@given(HITS, st.integers(1, 10))
def test_recall_never_falls_with_more_room(hits: list[Shown], k: int) -> None:
    room, more = (metrics.recall_within(GOLD, hits, characters=n) for n in (20 * k, 20 * k + 20))
    assert room is not None
    assert more is not None
    assert room <= more


@given(HITS)
def test_with_room_for_every_hit_the_evidence_that_was_found_is_in_it(hits: list[Shown]) -> None:
    room = sum(len(hit.text) for hit in hits)
    found = metrics.evidence_rank(GOLD, hits) is not None
    assert metrics.recall_within(GOLD, hits, characters=room) == float(found)


def test_a_quote_cut_by_the_budget_does_not_count() -> None:
    hits = [
        Shown("city", "1．", "十个字的一段文字吧。"),
        Shown("province", "（一）", "每年一次性奖补500万元"),
    ]
    assert metrics.recall_within(GOLD, hits, characters=10 + 11) == 0.0
    assert metrics.recall_within(GOLD, hits, characters=10 + 12) == 1.0


def test_any_alternative_is_evidence(item: Make) -> None:
    asked = item(alternatives=[SECOND])
    assert metrics.evidence_rank(asked, [Shown("city", "1．", "支持沅江枳壳（实）")]) == 1


def test_evidence_of_every_paper_is_asked_for_over_several(item: Make) -> None:
    asked = item(evidence=[FIRST, SECOND])
    first = Shown("province", "（一）", "每年一次性奖补500万元")
    second = Shown("city", "1．", "支持沅江枳壳（实）")
    assert metrics.all_documents_recall(asked, [first, second], k=2) == 1.0
    assert metrics.all_documents_recall(asked, [first, second], k=1) == 0.0
    assert metrics.all_documents_recall(item(), [first], k=1) is None


def test_without_gold_quotes_retrieval_is_not_judged(item: Make) -> None:
    asked = item(evidence=[Evidence("province", ("（一）",), ())])
    assert metrics.recall_within(asked, [], characters=500) is None


def test_facts_stand_in_text_or_quotes(item: Make, papers: Papers) -> None:
    cited = papers.cite("province", "（一）", "每年一次性奖补500万元")
    asked = item(must=[["500万"], ["3年", "三年"]])
    assert metrics.facts(asked, replace(observe(papers.answer(cited)), text="支持三年。")) == 1.0
    assert metrics.facts(asked, replace(observe(papers.answer(cited)), text="支持13年。")) == 0.0
    assert metrics.facts(item(must=[]), observe(papers.answer(cited))) is None


def test_a_refusal_has_no_right_facts(item: Make, papers: Papers) -> None:
    seen = observe(papers.refusal(Reason.NO_EVIDENCE, papers.cite("province", "（一）", "奖补500万元")))
    assert metrics.facts(item(must=[["没有"]]), seen) == 0.0
    assert metrics.right_document(item(), seen, papers.by_id) == 0.0
    assert metrics.right_article(item(), seen) == 0.0
    assert metrics.answer_length(seen) is None
    assert metrics.citation_precision(item(), seen) is None


def test_a_paper_is_named_by_title_or_number_in_text_or_citation(item: Make, papers: Papers) -> None:
    other = papers.cite("city", "1．", "安化黄精")
    for text, score in [("湘政办发[2026]15号规定", 1.0), ("湘政办发〔2026〕1号规定", 0.0)]:
        seen = replace(observe(papers.answer(other)), text=text)
        assert metrics.right_document(item(), seen, papers.by_id) == score
    own = papers.cite("province", "（二）", "医保支付")
    assert (
        metrics.right_document(item(), replace(observe(papers.answer(own)), text="是"), papers.by_id) == 1.0
    )


def test_every_paper_of_a_comparison_is_named(item: Make, papers: Papers) -> None:
    own, other = papers.cite("province", "（一）", "500万元"), papers.cite("city", "1．", "安化黄精")
    asked = item(type="compare", evidence=[FIRST, SECOND])
    assert metrics.right_document(asked, observe(papers.answer(own)), papers.by_id) == 0.0
    assert metrics.right_document(asked, observe(papers.answer(own, other)), papers.by_id) == 1.0


def test_which_wants_exactly_the_gold_papers(item: Make, papers: Papers) -> None:
    own, other = papers.cite("province", "（一）", "500万元"), papers.cite("city", "1．", "安化黄精")
    asked = item(type="which")
    assert metrics.document_set(asked, observe(papers.answer(own))) == 1.0
    assert metrics.document_set(asked, observe(papers.answer(own, other))) == 0.0
    assert metrics.right_document(asked, observe(papers.answer(own, other)), papers.by_id) == 0.0
    assert metrics.document_set(item(), observe(papers.answer(own))) is None


def test_every_gold_label_is_cited(item: Make, papers: Papers) -> None:
    first, second = (
        papers.cite("province", "（一）", "500万元"),
        papers.cite("province", "（二）", "医保支付"),
    )
    asked = item(evidence=[Evidence("province", ("（一）", "（二）"), ("500万元",))])
    assert metrics.right_article(asked, observe(papers.answer(first))) == 0.0
    assert metrics.right_article(asked, observe(papers.answer(first, second))) == 1.0


@pytest.mark.parametrize(
    ("label", "score"),
    [("二、（一）1．", 1.0), ("二、(一)1.", 1.0), ("三、（一）1．", 0.0), ("二、（一）", 0.0)],
)
def test_a_label_that_restarts_is_compared_by_its_full_path(label: str, score: float, papers: Papers) -> None:
    asked = replace(GOLD, evidence=(Evidence("city", (label,), ("安化黄精",)),))
    document = papers.by_id["city"]
    clause = replace(document.clauses[1], label="二、（一）1．")
    cited = Quoted("city", "", "", clause.label, clause.path, "安化黄精", 0, 4)
    seen = Observed(Outcome.ANSWERED, "", (cited,), ())
    assert metrics.right_article(asked, seen) == score


def test_an_alternative_replaces_the_evidence_of_its_paper(item: Make, papers: Papers) -> None:
    second = Evidence("province", ("（二）",), ("医保支付",))
    asked = item(evidence=[FIRST, SECOND], alternatives=[second])
    own, other = papers.cite("province", "（二）", "医保支付"), papers.cite("city", "1．", "安化黄精")
    assert metrics.right_article(asked, observe(papers.answer(own))) == 0.0
    both = papers.answer(own, other)
    cited = observe(both)
    assert metrics.right_article(asked, cited) == 1.0


def test_an_alternative_from_another_paper_replaces_everything(item: Make, papers: Papers) -> None:
    other = observe(papers.answer(papers.cite("city", "1．", "安化黄精")))
    asked = item(alternatives=[SECOND])
    assert metrics.right_article(asked, other) == 1.0
    assert metrics.right_document(asked, other, papers.by_id) == 1.0
    assert metrics.foreign_sentences(asked, other) == 0.0


def test_the_article_of_metadata_is_not_judged(item: Make, papers: Papers) -> None:
    seen = replace(observe(papers.answer(papers.cite("province", "（二）", "医保支付"))), text="500万")
    asked = item(type="metadata")
    assert metrics.right_article(asked, seen) is None
    assert metrics.citation_precision(asked, seen) is None
    assert metrics.all_three(asked, seen, papers.by_id) == 1.0


def test_all_three_is_facts_and_paper_and_article(item: Make, papers: Papers) -> None:
    right = observe(papers.answer(papers.cite("province", "（一）", "500万元")))
    wrong_article = replace(
        observe(papers.answer(papers.cite("province", "（二）", "医保支付"))), text="500万元"
    )
    assert metrics.all_three(item(), right, papers.by_id) == 1.0
    assert metrics.all_three(item(), wrong_article, papers.by_id) == 0.0
    assert metrics.all_three(item(must=[]), right, papers.by_id) is None


def test_a_quote_is_read_again_from_the_store(papers: Papers) -> None:
    seen = observe(
        papers.answer(papers.cite("province", "（一）", "500万元"), papers.cite("city", "1．", "安化黄精"))
    )
    assert fidelity.quotes_verbatim(seen, papers.by_id) == 1.0
    first, second = seen.citations
    for wrong in (
        replace(first, start=first.start + 1, end=first.end + 1),
        replace(first, quote="5 00万元"),
        replace(first, document="unknown"),
        replace(first, answer_span=(1, 6)),
    ):
        assert fidelity.quotes_verbatim(replace(seen, citations=(wrong, second)), papers.by_id) == 0.5
    assert fidelity.quotes_verbatim(replace(seen, citations=()), papers.by_id) is None


def test_what_a_refusal_offers_is_verbatim_too(papers: Papers) -> None:
    seen = observe(papers.refusal(Reason.NO_EVIDENCE, papers.cite("province", "（一）", "500万元")))
    assert fidelity.quotes_verbatim(seen, papers.by_id) == 1.0
    wrong = (replace(seen.nearest[0], quote="600万元"),)
    assert fidelity.quotes_verbatim(replace(seen, nearest=wrong), papers.by_id) == 0.0


def test_foreign_sentences_are_counted_by_sentence(item: Make, papers: Papers) -> None:
    two = papers.cite("province", "（二）", "支持医疗机构制剂医保支付。最高不超过3000万元。")
    seen = observe(papers.answer(two, papers.cite("city", "1．", "安化黄精")))
    assert metrics.foreign_sentences(item(), seen) == pytest.approx(1 / 3)
    assert metrics.foreign_sentences(item(evidence=[FIRST, SECOND]), seen) == 0.0
    assert metrics.foreign_sentences(item(evidence=[]), seen) is None


def test_precision_counts_a_clause_once(item: Make, papers: Papers) -> None:
    places = [("（一）", "500万元"), ("（一）", "连续支持3年"), ("（二）", "医保支付")]
    seen = observe(papers.answer(*(papers.cite("province", *place) for place in places)))
    assert metrics.citation_precision(item(), seen) == 0.5


def test_citation_recall_is_the_share_of_gold_clauses_that_are_cited(item: Make, papers: Papers) -> None:
    first = observe(papers.answer(papers.cite("province", "（一）", "500万元")))
    two = Evidence("province", ("（一）", "（二）"), ("500万元",))
    assert metrics.citation_recall(item(evidence=[two]), first) == 0.5
    assert metrics.citation_recall(item(evidence=[two, SECOND]), first) == pytest.approx(1 / 3)
    assert metrics.citation_recall(item(evidence=[two], alternatives=[FIRST]), first) == 1.0
    assert metrics.citation_recall(item(evidence=[two]), observe(papers.refusal())) == 0.0
    assert metrics.citation_recall(item(type="metadata"), first) is None


def test_refusals_have_precision_and_recall(item: Make, papers: Papers) -> None:
    refused, answered = papers.refusal(), papers.answer(papers.cite("province", "（一）", "500万元"))
    must = item(expect=Expect.REFUSE)
    assert [metrics.refusal_precision(asked, observe(refused)) for asked in (must, item())] == [1.0, 0.0]
    assert metrics.refusal_precision(must, observe(answered)) is None
    assert [metrics.refusal_recall(must, observe(reply)) for reply in (refused, answered)] == [1.0, 0.0]
    assert metrics.refusal_recall(item(), observe(refused)) is None


@pytest.mark.parametrize(
    ("expect", "outcome", "score"),
    [
        (Expect.REFUSE, Outcome.REFUSED, 1.0),
        (Expect.REFUSE, Outcome.CHITCHAT, 0.0),
        (Expect.REFUSE, Outcome.ANSWERED, 0.0),
        (Expect.REFUSE, Outcome.PARTIAL, 0.0),
        (Expect.CORRECT, Outcome.CORRECTED, 1.0),
        (Expect.CORRECT, Outcome.ANSWERED, 0.0),
        (Expect.SMALLTALK, Outcome.CHITCHAT, 1.0),
        (Expect.SMALLTALK, Outcome.REFUSED, 0.0),
        (Expect.ANSWER, Outcome.PARTIAL, 1.0),
        (Expect.ANSWER, Outcome.CHITCHAT, 0.0),
    ],
)
def test_an_outcome_counts_as_the_wire_calls_it(
    expect: Expect, outcome: Outcome, score: float, item: Make
) -> None:
    seen = Observed(outcome, "", (), ())
    assert metrics.outcome_right(item(expect=expect), seen) == score


def test_an_accepted_outcome_is_right_too(item: Make) -> None:
    seen = Observed(Outcome.CORRECTED, "", (), ())
    assert metrics.outcome_right(item(expect=Expect.REFUSE, also=[Expect.CORRECT]), seen) == 1.0
    refused = Observed(Outcome.REFUSED, "", (), ())
    assert metrics.false_refusal(item(), refused) == 1.0
    assert metrics.false_refusal(item(also=[Expect.REFUSE]), refused) == 0.0
    assert metrics.false_refusal(item(expect=Expect.REFUSE), refused) is None


def test_a_premise_is_corrected_with_the_fact(item: Make, papers: Papers) -> None:
    asked = item(expect=Expect.CORRECT)
    cited = papers.cite("province", "（一）", "每年一次性奖补500万元")
    assert metrics.corrected(asked, observe(papers.answer(cited, outcome=Outcome.CORRECTED))) == 1.0
    assert metrics.corrected(asked, observe(papers.answer(cited))) == 0.0
    other = papers.cite("province", "（二）", "医保支付")
    assert metrics.corrected(asked, observe(papers.answer(other, outcome=Outcome.CORRECTED))) == 0.0
    assert metrics.corrected(item(), observe(papers.answer(cited))) is None


def _said(text: str, outcome: Outcome = Outcome.PARTIAL) -> Observed:
    """A reply that cites a clause, which the text quotes after `text`."""
    quote = "奖补500万元。"
    span = (len(text), len(text) + len(quote))
    cited = Quoted("province", "", "", "（一）", ("（一）",), quote, 0, len(quote), span)
    return Observed(outcome, text + quote, (cited,), ())


def _lines(language: Language) -> list[str]:
    """The lines of the program that say that a fact is not stated, filled in as it fills them in."""
    phrases = phrases_for(language)
    named = [phrases.not_stated.format(what=what) for what in (*phrases.wanted.values(), phrases.this)]
    fields = [phrases.unstated.format(source="《意见》", field=field) for field in phrases.fields.values()]
    return [*named, *fields]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("outcome", [Outcome.PARTIAL, Outcome.ANSWERED])
def test_a_clause_with_the_line_that_the_fact_is_not_stated_is_right(
    language: Language, outcome: Outcome, item: Make
) -> None:
    asked = replace(item(expect=Expect.REFUSE), accepts_partial=True)
    for line in _lines(language):
        seen = _said(line + "\n", outcome)
        assert metrics.outcome_right(asked, seen) == 1.0, line
        assert metrics.outcome_right(item(expect=Expect.REFUSE), seen) == 0.0
        assert metrics.outcome_right(asked, replace(seen, outcome=Outcome.CORRECTED)) == 0.0
        assert metrics.outcome_right(asked, replace(seen, citations=())) == 0.0


def test_a_clause_alone_does_not_say_that_the_fact_is_not_stated(item: Make) -> None:
    asked = replace(item(expect=Expect.REFUSE), accepts_partial=True)
    for text in ("", "根据《意见》：", "问题中的说法与文件不一致，以文件原文为准。\n"):
        assert metrics.outcome_right(asked, _said(text)) == 0.0


def test_every_phrase_is_sorted_by_whether_it_says_that_something_is_absent() -> None:
    """A phrase that is added has to be put into `says_unstated` or `says_absent`, or into this list."""
    others = {
        "which_paper", "corrected", "other_number", "repealed", "which", "in_force", "excluded", "covered",
        "joint", "this", "colon", "semicolon", "full_stop", "in_clause", "more", "too_many", "conflict",
        "corrected_field", "damaged", "uncertain", "extended", "repealed_article", "listed", "no_sum",
        "goals_past",
    }  # fmt: skip
    for language in Language:
        phrases = phrases_for(language)
        texts = {field.name: getattr(phrases, field.name) for field in fields(phrases)}
        told = {
            name for name, text in texts.items() if text in (*phrases.says_unstated, *phrases.says_absent)
        }
        assert {name for name, text in texts.items() if isinstance(text, str)} == told | others


@pytest.mark.parametrize("language", list(Language))
def test_what_is_not_stated_is_needless_where_the_papers_state_it(language: Language, item: Make) -> None:
    line = _lines(language)[0]
    assert metrics.needless_unstated(item(), _said("", Outcome.PARTIAL)) == 1.0
    assert metrics.needless_unstated(item(), _said(line, Outcome.ANSWERED)) == 1.0
    assert metrics.needless_unstated(item(), _said("", Outcome.ANSWERED)) == 0.0
    assert metrics.needless_unstated(item(expect=Expect.REFUSE), _said(line)) is None
    assert metrics.needless_unstated(replace(item(), missing="租金"), _said(line)) is None
    assert metrics.needless_unstated(replace(item(), accepts_partial=True), _said(line)) is None


def test_a_correction_of_what_is_true_is_needless(item: Make) -> None:
    seen = Observed(Outcome.CORRECTED, "", (), ())
    assert metrics.needless_correction(item(), seen) == 1.0
    assert metrics.needless_correction(item(), replace(seen, outcome=Outcome.ANSWERED)) == 0.0
    assert metrics.needless_correction(item(expect=Expect.CORRECT), seen) is None


def test_of_two_matters_the_missing_one_is_named_beside_the_facts_of_the_other(item: Make) -> None:
    asked = replace(item(), missing="厂房租金")
    for language in Language:
        line = phrases_for(language).not_found.format(region="湖南省")
        both = Observed(Outcome.PARTIAL, f"奖补500万元。\n{line}", (), ())
        assert metrics.missing_part_named(asked, both) == 1.0
        assert metrics.missing_part_named(asked, replace(both, text="奖补500万元。")) == 0.0
        assert metrics.missing_part_named(asked, replace(both, text=line)) == 0.0
    assert metrics.missing_part_named(item(), both) is None


@pytest.mark.parametrize("placed", [True, False])
@pytest.mark.parametrize(
    ("before", "after", "said"), [("规定：“", "”", 0.0), ("规定：“", "”\n湖南省：未检索到相关规定。", 1.0)]
)
def test_words_of_a_quote_do_not_say_that_something_is_missing(
    item: Make, before: str, after: str, said: float, *, placed: bool
) -> None:
    quote = "湖南省：未检索到相关规定。奖补500万元。"
    span = (len(before), len(before) + len(quote)) if placed else None
    cited = Quoted("province", "", "", "（一）", ("（一）",), quote, 0, len(quote), span)
    found = Observed(Outcome.PARTIAL, before + quote + after, (cited,), ())
    asked = replace(item(must=[["500万"]]), missing="厂房租金")
    assert metrics.missing_part_named(asked, found) == said
