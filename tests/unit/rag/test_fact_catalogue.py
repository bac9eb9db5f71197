"""Facts of several papers are selected by paper, region, kind, beneficiary, sum and day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_facts import made_facts, made_for

from corpus.catalogue.catalogue import Catalogue
from corpus.errors import DamagedFacts, UnknownDocument
from corpus.facts.building import facts_in_force
from corpus.facts.in_force import ReadFacts
from corpus.facts.model import FactKind
from corpus.model import Document, Status
from rag.facts.catalogue import FactCatalogue
from rag.facts.fact_filter import IN_FORCE, FactFilter
from rag.facts.found import FoundFact

TODAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def facts(papers: tuple[Document, ...]) -> FactCatalogue:
    return FactCatalogue.of(papers, today=TODAY, facts=made_for(papers))


def _places(found: tuple[FoundFact, ...]) -> list[tuple[str, int]]:
    return [(one.head.id, one.fact.quote.start) for one in found]


def _papers(found: tuple[FoundFact, ...]) -> set[str]:
    return {one.head.id for one in found}


def test_words_are_those_of_the_paper(facts: FactCatalogue) -> None:
    found = facts.select(FactFilter())
    assert len(found) > 10
    for one in found:
        for span in one.fact.spans():
            assert one.words(span) == span.of(one.paper.document.text)
        assert one.clause.id == one.fact.clause_id
        assert one.clause.label == one.clause_label


def test_words_of_another_place_are_not_given(facts: FactCatalogue) -> None:
    one = facts.select(FactFilter())[0]
    with pytest.raises(LookupError):
        one.words(one.paper.document.clauses[-1].span)


def test_facts_come_by_paper_and_place(facts: FactCatalogue) -> None:
    places = _places(facts.select(FactFilter()))
    assert places == sorted(places)
    assert len({one.key for one in facts.select(FactFilter())}) == len(places)


def test_a_city_has_the_papers_of_its_province(facts: FactCatalogue) -> None:
    assert _papers(facts.select(FactFilter(regions=("益阳",)))) == {"hunan", "yiyang"}
    assert _papers(facts.select(FactFilter(regions=("益阳市",), regions_exactly=True))) == {"yiyang"}
    assert _papers(facts.select(FactFilter(regions=("湖南省",)))) == {"hunan"}
    assert _papers(facts.select(FactFilter(regions=("长沙市",), regions_exactly=True))) == set()
    assert _papers(facts.select(FactFilter(regions=("湖南", "广东")))) == {"hunan", "guangdong"}
    assert facts.select(FactFilter(regions=("无此地",))) == ()


@given(
    kinds=st.frozensets(st.sampled_from([FactKind.MONEY, FactKind.TAX, FactKind.FUND])),
    words=st.lists(st.sampled_from(["企业", "创新药", "对 新", "無此詞", "項目"]), max_size=2),
    least=st.none() | st.sampled_from([Decimal(10_000), Decimal(2_000_000), Decimal(5_000_000)]),
    most=st.none() | st.sampled_from([Decimal(10_000), Decimal(2_000_000), Decimal(5_000_000)]),
)
def test_a_filter_selects_what_meets_every_part(
    facts: FactCatalogue,
    kinds: frozenset[FactKind],
    words: list[str],
    least: Decimal | None,
    most: Decimal | None,
) -> None:
    traditional = {"無此詞": "无此词", "項目": "项目"}

    def meets(one: FoundFact) -> bool:
        who = "".join("".join(one.words(span) for span in one.fact.beneficiaries).split())
        (amount,) = one.fact.amounts
        return (
            (not kinds or one.fact.kind in kinds)
            and all(traditional.get(word, word.replace(" ", "")) in who for word in words)
            and (least is None or amount.value >= least)
            and (most is None or amount.value <= most)
        )

    wanted = FactFilter(kinds=kinds, beneficiary=tuple(words), min_yuan=least, max_yuan=most)
    assert facts.select(wanted) == tuple(filter(meets, facts.select(FactFilter())))


def test_statuses_are_those_of_the_day(facts: FactCatalogue) -> None:
    drafts = facts.select(FactFilter(statuses=frozenset({Status.DRAFT})))
    assert _papers(drafts) == {"zhejiang"}
    assert "zhejiang" not in _papers(facts.select(FactFilter(statuses=IN_FORCE)))
    long_ago = facts.select(FactFilter(as_of=date(2018, 1, 1)))
    # The others were issued later; the draft of Zhejiang has no date.
    assert {one.head.id: one.status for one in long_ago} == {
        "yiyang": Status.IN_FORCE,
        "zhejiang": Status.DRAFT,
    }


def test_facts_of_one_paper(facts: FactCatalogue, papers: tuple[Document, ...]) -> None:
    own = facts.of_document("hunan")
    assert own == facts.select(FactFilter(documents=("hunan",)))
    assert own[0].head.doc_number
    assert facts.select(FactFilter(documents=(own[0].head.doc_number,))) == own
    assert facts.select(FactFilter(documents=("absent",))) == ()
    with pytest.raises(UnknownDocument):
        facts.of_document("absent")
    assert [paper.head.id for paper in facts.papers()] == sorted(one.id for one in papers)


def test_what_two_states_have_in_common_is_read_once(papers: tuple[Document, ...]) -> None:
    facts = FactCatalogue.of(papers, today=TODAY, facts=made_for(papers))
    before = facts.select(FactFilter())
    fewer = facts.among(facts.papers()[0].catalogue.without_damaged(["hunan"]))
    after = fewer.select(FactFilter())
    others = [one for one in before if one.head.id != "hunan"]
    assert all(one.fact is other.fact for one, other in zip(after, others, strict=True))


def test_one_paper_is_read_without_the_others(papers: tuple[Document, ...]) -> None:
    known = {one.id: facts_in_force(one, facts=made_facts(one)) for one in papers}
    read: list[str] = []

    class Counted:
        def read(self, wanted: Sequence[tuple[str, str]]) -> ReadFacts:
            read.extend(i for i, _ in wanted)
            return ReadFacts({i: known[i] for i, _ in wanted})

    facts = FactCatalogue(Catalogue.of(papers, today=TODAY), Counted())
    own = facts.of_document("hunan")
    assert own == facts.of_document("hunan")
    assert read == ["hunan"]
    assert own == facts.select(FactFilter(documents=("hunan",)))
    assert read == ["hunan"]
    assert own == tuple(one for one in facts.select(FactFilter()) if one.head.id == "hunan")
    assert sorted(read) == sorted(known)


@given(named=st.sets(st.sampled_from(["hunan", "hubei", "yiyang", "absent"]), min_size=1), kind=st.booleans())
def test_a_few_papers_have_the_same_facts_alone_and_among_all(
    named: set[str], kind: bool, papers: tuple[Document, ...]
) -> None:
    facts = FactCatalogue.of(papers, today=TODAY, facts=made_for(papers))
    wanted = FactFilter(
        documents=tuple(named), kinds=frozenset({FactKind.MONEY}) if kind else frozenset(), regions=("湖南",)
    )
    alone = facts.select(wanted)
    assert _places(alone) == _places(tuple(one for one in facts.select(FactFilter()) if one in alone))
    assert alone == facts.select(wanted)  # now that all are read


def test_facts_that_the_text_does_not_prove_are_an_error(papers: tuple[Document, ...]) -> None:
    """Such as those of another text: the store may have been replaced by one of other versions."""
    hunan = next(one for one in papers if one.id == "hunan")
    facts = made_facts(hunan)

    def text_of(one: FoundFact) -> Document:
        return one.paper.document

    changed = replace(hunan, text="另" + hunan.text[1:].replace("万元", "亿元"))

    class OfAnotherText:
        def read(self, _: Sequence[tuple[str, str]]) -> ReadFacts:
            return ReadFacts({"hunan": facts_in_force(hunan, facts=facts)})

    catalogue = FactCatalogue(Catalogue.of([changed], today=TODAY), OfAnotherText())
    found = catalogue.select(FactFilter())
    assert found
    for one in (found[0], found[-1]):
        with pytest.raises(DamagedFacts, match="zhengwen reread hunan"):
            text_of(one)


def test_damaged_facts_keep_no_other_paper_from_being_shown(papers: tuple[Document, ...]) -> None:
    class PartlyDamaged:
        def read(self, wanted: Sequence[tuple[str, str]]) -> ReadFacts:
            sound = {
                one.id: facts_in_force(one, facts=made_facts(one)) for one in papers if one.id != "hunan"
            }
            return ReadFacts(sound, frozenset({"hunan"}))

    facts = FactCatalogue(Catalogue.of(papers, today=TODAY), PartlyDamaged())
    assert facts.damaged == {"hunan"}
    assert _papers(facts.select(FactFilter(regions=("湖南",)))) == set()
    assert _papers(facts.select(FactFilter(regions=("益阳",)))) == {"yiyang"}
    assert facts.select(FactFilter(documents=("hunan",))) == ()
    with pytest.raises(DamagedFacts, match="zhengwen reread hunan"):
        facts.of_document("hunan")
