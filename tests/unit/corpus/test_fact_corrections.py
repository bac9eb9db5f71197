"""Editors choose other words for parts of facts, or call facts wrong; corrections outlast new versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_facts import made_facts
from sqlalchemy import text

from corpus.effects import Incoming
from corpus.errors import BadCorrection, UnknownDocument, UnknownFact
from corpus.facts import extract
from corpus.facts.correcting.finding import occurrences
from corpus.facts.correcting.parts import correctable, with_words
from corpus.facts.in_force import FactsInForce
from corpus.facts.model import (
    Bound,
    Departments,
    Fact,
    Period,
    Rate,
    Reduction,
    Target,
    TargetKind,
    Threshold,
    TimeLimit,
)
from corpus.files import read_papers
from corpus.ingest import ingest_files
from corpus.load import load
from corpus.model import Document, Span
from corpus.parse import parse
from corpus.rehearsal import rehearse
from corpus.report import Ingested
from corpus.rereading import reread
from corpus.store.audit import Action
from corpus.store.papers import Store

_PAPER = """白石市人民政府关于支持茶产业的若干措施
白政发〔2025〕7号

一、支持建园
对本市注册的企业按下列标准支持：

（一）对新建茶园的企业，最高补助30万元，按投资额的20%，3个工作日内办结。对扩建的农户，补助20万元。（市农业农村局、市财政局）

（二）{second}

二、附则

{last}

白石市人民政府
2025年2月1日
"""
_SECOND = "对购置采茶机的企业，补助5万元。"
_LAST = "本措施自2025年3月1日起施行，有效期5年。"


def _paper(*, second: str = _SECOND, last: str = _LAST) -> Document:
    data = _PAPER.format(second=second, last=last).encode()
    return parse(load(data, name="tea.txt"), document_id="tea")


@pytest.fixture(autouse=True)
def _made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "facts_of", made_facts)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as opened:
        opened.add(_paper())
        yield opened


def _facts(store: Store) -> FactsInForce:
    return store.facts.read(list(store.in_use().items())).facts["tea"]


def _at(words: str, document: Document | None = None) -> Span:
    document = document or _paper()
    return next(occurrences(document, words, [Span(0, len(document.text))]))


def _shown(facts: FactsInForce) -> list[tuple[str, list[str]]]:
    return [
        (
            facts.excerpts.words(one.fact.amounts[0].span),
            [facts.excerpts.words(span) for span in one.fact.beneficiaries],
        )
        for one in facts.facts
    ]


def _execute(store: Store, statement: str) -> None:
    with store.database.writing() as connection:
        connection.execute(text(statement))


def test_other_words_take_the_place_of_a_field(store: Store) -> None:
    before, hash_before = _facts(store), store.corpus_hash()
    first = before.facts[0].fact
    spans = [_at("新建茶园的企业"), _at("扩建的农户")]
    store.fact_corrections.correct("tea", first.id, "beneficiaries", spans, reason="both")
    after = _facts(store)
    assert after.facts[0].fact == replace(first, beneficiaries=tuple(spans))
    assert [(one.field, one.reason) for one in after.facts[0].corrections] == [("beneficiaries", "both")]
    assert after.facts[1:] == before.facts[1:]
    assert _shown(after)[0] == ("30万元", ["新建茶园的企业", "扩建的农户"])
    assert store.corpus_hash() != hash_before  # so that services open the papers again
    line = store.audit.lines("tea")[-1]
    assert (line.action, line.details["fact"], line.details["reason"]) == (
        Action.FACT_CORRECTED,
        first.id,
        "both",
    )
    assert "农户" not in str(line.details)

    (made,) = store.fact_corrections.of("tea")
    store.fact_corrections.undo("tea", made.number, reason="not so")
    assert _facts(store) == before
    assert store.fact_corrections.of("tea") == ()
    assert store.audit.lines("tea")[-1].action is Action.FACT_UNDONE


def test_words_of_the_lead_in_can_be_chosen_and_no_others(store: Store) -> None:
    fact = _facts(store).facts[0].fact
    store.fact_corrections.correct("tea", fact.id, "beneficiaries", [_at("本市注册的企业")], reason="r")
    assert _shown(_facts(store))[0] == ("30万元", ["本市注册的企业"])
    for elsewhere in (_at("购置采茶机的企业"), _at("有效期5年"), Span(0, len(_paper().text)), Span(3, 3)):
        with pytest.raises(BadCorrection, match="Choose words of the clause"):
            store.fact_corrections.correct("tea", fact.id, "beneficiaries", [elsewhere], reason="r")


def test_values_are_read_from_the_words(store: Store) -> None:
    fact = _facts(store).facts[0].fact
    store.fact_corrections.correct("tea", fact.id, "amounts.1", [_at("20万元")], reason="r")
    (amount,) = _facts(store).facts[0].fact.amounts
    assert (amount.value, amount.unit, amount.bound) == (Decimal(200_000), "元", Bound.MAX)
    for words in ("补助", "30万元，按投资额的20%", "20%"):
        with pytest.raises(BadCorrection, match="not one sum of money"):
            store.fact_corrections.correct("tea", fact.id, "amounts.1", [_at(words)], reason="r")
    for part in ("amounts.2", "amounts.x", "quote", "", "rate", "strength"):
        with pytest.raises(BadCorrection, match=r"Choose one of .*beneficiaries.*amounts\.1"):
            store.fact_corrections.correct("tea", fact.id, part, [_at("20万元")], reason="r")


@pytest.mark.parametrize(
    ("whole", "cut"),
    [
        ("317万元", "17万元"),
        ("317万元", "317万"),
        ("3.17亿元", "17亿元"),
        ("1,317元", "317元"),
        ("三百一十七万元", "十七万元"),
        ("３１７万元", "１７万元"),
    ],
)
@pytest.mark.parametrize("part", ["amounts.1", "form"])
def test_words_that_cut_a_figure_are_not_taken(store: Store, part: str, whole: str, cut: str) -> None:
    document = _paper(second=f"对购置采茶机的企业，补助5万元，不超过{whole}。")
    store.add(document)
    fact = next(one.fact for one in _facts(store).facts if "（二）" in one.fact.clause_id)
    with pytest.raises(BadCorrection, match=f"a part of '{whole}'"):
        store.fact_corrections.correct("tea", fact.id, part, [_at(cut, document)], reason="r")
    store.fact_corrections.correct("tea", fact.id, part, [_at(whole, document)], reason="r")


def test_a_fact_that_is_wrong_is_shown_nowhere(store: Store) -> None:
    before = _facts(store)
    store.fact_corrections.hide("tea", before.facts[1].fact.id, reason="an example")
    after = _facts(store)
    assert [one.fact for one in after.facts] == [before.facts[0].fact, before.facts[2].fact]
    assert [(one.fact, one.corrections[0].reason) for one in after.hidden] == [
        (before.facts[1].fact, "an example")
    ]
    assert store.audit.lines("tea")[-1].action is Action.FACT_HIDDEN
    store.fact_corrections.undo("tea", after.hidden[0].corrections[0].number, reason="r")
    assert _facts(store) == before


def test_what_does_not_exist(store: Store) -> None:
    with pytest.raises(UnknownFact, match="zhengwen facts --document tea"):
        store.fact_corrections.hide("tea", "（九）.money.1", reason="r")
    with pytest.raises(UnknownDocument):
        store.fact_corrections.hide("absent", "x", reason="r")
    with pytest.raises(BadCorrection, match="In force: none"):
        store.fact_corrections.undo("tea", 7, reason="r")


def test_corrections_outlast_a_new_version(store: Store) -> None:
    first, second, third = (one.fact for one in _facts(store).facts)
    store.fact_corrections.correct("tea", first.id, "beneficiaries", [_at("新建茶园的企业")], reason="a")
    store.fact_corrections.hide("tea", second.id, reason="b")
    store.fact_corrections.correct("tea", third.id, "beneficiaries", [_at("采茶机")], reason="c")
    # The words before the clause move, and the last clause is written anew.
    store.add(_paper(second="对购置新式采茶设备的企业，补助6万元。", last="本措施另行通知。" * 3 + _LAST))
    after = _facts(store)
    assert _shown(after)[0] == ("30万元", ["新建茶园的企业"])
    assert [one.corrections[0].reason for one in after.hidden] == ["b"]
    assert [one.reason for one in after.detached] == ["c"]
    store.use_version("tea", 1, reason="r")
    assert _facts(store).detached == ()
    assert _shown(_facts(store))[1] == ("5万元", ["采茶机"])


def test_what_no_longer_fits_is_reported(store: Store, tmp_path: Path) -> None:
    third = _facts(store).facts[2].fact
    store.fact_corrections.correct("tea", third.id, "beneficiaries", [_at("采茶机")], reason="c")
    files = []
    for name, second in (("kept", _SECOND + "另行通知。"), ("new", "对购置新式设备的企业，补助6万元。")):
        files.append(tmp_path / f"{name}.txt")
        files[-1].write_text(_PAPER.format(second=second, last=_LAST), encoding="utf-8")
    for file, reasons in zip(files, ([], ["c"]), strict=True):
        rehearsed = [one.result for one in rehearse(store, read_papers([file])) if isinstance(one, Incoming)]
        ingested = [one for one in ingest_files(store, [file]) if isinstance(one, Ingested)]
        assert [[one.reason for one in told.detached] for told in (*rehearsed, *ingested)] == [reasons] * 2
        assert [told.facts for told in (*rehearsed, *ingested)] == [3, 3]
    (again,) = (one for one in reread(store, ["tea"]) if isinstance(one, Ingested))
    (lost,) = again.detached
    assert (lost.address.fact_id, lost.address.quote.text) == (third.id, _paper().text[slice(*_ends(third))])
    store.fact_corrections.undo("tea", lost.number, reason="r")
    assert [one.detached for one in reread(store, ["tea"]) if isinstance(one, Ingested)] == [()]


def _ends(fact: Fact) -> tuple[int, int]:
    return fact.quote.start, fact.quote.end


def test_corrections_outlast_another_extractor(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, _ = (one.fact for one in _facts(store).facts)
    store.fact_corrections.correct("tea", first.id, "beneficiaries", [_at("新建茶园的企业")], reason="a")
    store.fact_corrections.hide("tea", second.id, reason="b")

    def reads_more(document: Document) -> object:
        """Shorter quotes, and one more fact before each, so that all have other ids."""
        facts = made_facts(document)
        found: list[Fact] = []
        for one in facts.facts:
            quote = Span(one.quote.start + 5, one.quote.end)
            for fact in (replace(one, amounts=()), one):
                found.append(replace(fact, id=f"{one.clause_id}.n.{len(found)}", quote=quote))
        return replace(facts, facts=tuple(found))

    monkeypatch.setattr(extract, "facts_of", reads_more)
    _execute(store, "UPDATE facts SET extractor = 0")
    read = _facts(store)
    assert store.facts.complete() == 1
    assert _facts(store) == read
    corrected = [one for one in read.facts if one.corrections]
    assert [read.excerpts.words(one.fact.amounts[0].span) for one in corrected] == ["30万元"]
    assert [read.excerpts.words(one.fact.amounts[0].span) for one in read.hidden] == ["20万元"]
    assert read.detached == ()

    monkeypatch.setattr(extract, "facts_of", lambda document: replace(made_facts(document), facts=()))
    _execute(store, "UPDATE facts SET extractor = 0")
    assert [one.reason for one in _facts(store).detached] == ["a", "b"]
    monkeypatch.setattr(extract, "facts_of", made_facts)
    _execute(store, "UPDATE facts SET extractor = 0")
    assert _facts(store).detached == ()


def test_nothing_is_left_of_corrections_of_a_deleted_paper(tmp_path: Path, store: Store) -> None:
    fact = _facts(store).facts[0].fact
    store.fact_corrections.correct("tea", fact.id, "form", [_at("最高补助")], reason="r")
    store.deletions.delete("tea", reason="")
    store.deletions.erase_traces()
    assert all("补助".encode() not in file.read_bytes() for file in tmp_path.iterdir())
    with store.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM fact_corrections")).scalar() == 0


def _full(document: Document) -> Fact:
    fact = made_facts(document).facts[0]
    units = (_at("市农业农村局", document), _at("市财政局", document))
    return replace(
        fact,
        rate=Rate(_at("20%", document), Decimal("0.2"), Bound.EXACT),
        limit=TimeLimit(None, Period(_at("3个工作日", document), Decimal(3), "工作日")),
        reduction=Reduction(_at("20%", document), Decimal("0.2"), "%"),
        thresholds=(Threshold(_at("20万元", document), Decimal(200_000), "元", ">="),),
        departments=Departments(Span(units[0].start, units[1].end), units),
        target=Target(
            _at("企业", document), _at("20%", document), Decimal(1), "家", Bound.MIN, TargetKind.TARGET
        ),
    )


@given(data=st.data())
def test_every_part_takes_words_and_keeps_the_others(data: st.DataObject) -> None:
    document = _paper()
    fact = _full(document)
    part = data.draw(st.sampled_from(correctable(fact)))
    figures = {"amounts.1": "20万元", "thresholds.1": "20万元", "rate": "20%"}
    words = (figures | {"limit": "3个工作日", "reduction": "20%"}).get(part, "扩建的农户")
    span = _at(words, document)
    changed = with_words(fact, part, [span], document.text)
    assert span in set(changed.spans())
    assert with_words(changed, part, [span], document.text) == changed
    name = "departments" if part == "lead" else part.partition(".")[0]
    assert replace(changed, **{name: getattr(fact, name)}) == fact
    assert changed.rate is not None
    assert changed.rate.value == Decimal("0.2")
    assert changed.limit is not None
    assert changed.limit.period is not None
    assert (changed.limit.period.value, changed.limit.period.unit) == (Decimal(3), "工作日")


@pytest.mark.parametrize("part", ["amounts.1", "target.indicator"])
def test_what_a_fact_cannot_be_without(part: str) -> None:
    document = _paper()
    with pytest.raises(BadCorrection, match="call the fact wrong"):
        with_words(_full(document), part, [], document.text)


@pytest.mark.parametrize(
    "part",
    [
        *("beneficiaries", "form", "rate", "limit", "rate.base", "departments", "lead", "thresholds.1"),
        *("reduction", "reduction.relative_to"),
    ],
)
def test_a_part_can_be_taken_away(part: str) -> None:
    document = _paper()
    fact = _full(document)
    given = with_words(fact, "lead", [fact.departments.units[0]], document.text) if fact.departments else fact
    taken = with_words(given, part, [], document.text)
    assert len(list(taken.spans())) <= len(list(given.spans()))
    assert taken.departments is None or not taken.departments.lead or part not in ("departments", "lead")


_FIGURES = """白石市人民政府关于茶产业的通知

一、扶持
对茶园面积不低于500亩、年营业收入过2000万元的企业，审批时限在法定时限上压缩50%，评审时间缩减三分之一，备案再缩减10个工作日。
"""


def _counted(document: Document) -> Fact:
    reduction = Reduction(_at("50%", document), Decimal("0.5"), "%")
    area = Threshold(_at("500亩", document), Decimal(500), "亩", "<=")
    return replace(made_facts(document).facts[0], reduction=reduction, thresholds=(area,))


@pytest.mark.parametrize(
    ("words", "value", "unit", "comparison"),
    [
        ("不低于500亩", 500, "亩", ">="),
        ("500亩", 500, "亩", "<="),  # the words state no comparison, so that it stays
        ("年营业收入过2000万元", 20_000_000, "元", ">"),
    ],
)
def test_a_threshold_is_read_from_its_words(words: str, value: int, unit: str, comparison: str) -> None:
    document = parse(load(_FIGURES.encode(), name="tea.txt"), document_id="tea")
    span = _at(words, document)
    changed = with_words(_counted(document), "thresholds.1", [span], document.text)
    assert changed.thresholds == (Threshold(span, Decimal(value), unit, comparison),)
    for wrong in ("企业", "不低于500亩、年营业收入过2000万元"):
        with pytest.raises(BadCorrection, match="not one threshold"):
            with_words(changed, "thresholds.1", [_at(wrong, document)], document.text)


@pytest.mark.parametrize(
    ("words", "value", "unit"),
    [("50%", "0.5", "%"), ("缩减三分之一", "0.3333", "%"), ("10个工作日", "10", "工作日")],
)
def test_a_reduction_is_read_from_its_words(words: str, value: str, unit: str) -> None:
    document = parse(load(_FIGURES.encode(), name="tea.txt"), document_id="tea")
    span, legal = _at(words, document), _at("法定时限", document)
    changed = with_words(_counted(document), "reduction", [span], document.text)
    changed = with_words(changed, "reduction.relative_to", [legal], document.text)
    assert changed.reduction == Reduction(span, Decimal(value), unit, legal)
    for wrong in ("企业", "压缩50%，评审时间缩减三分之一，备案再缩减10个工作日"):
        with pytest.raises(BadCorrection, match="is not one"):
            with_words(changed, "reduction", [_at(wrong, document)], document.text)


def test_equal_words_are_told_apart_by_where_they_stand(store: Store) -> None:
    fact = _facts(store).facts[0].fact
    document = _paper()
    both = list(occurrences(document, "补助", [Span(fact.quote.start, len(document.text))]))
    store.fact_corrections.correct("tea", fact.id, "form", [both[1]], reason="r")
    assert _facts(store).facts[0].fact.form == both[1]
    store.add(_paper(last="另行通知。" + _LAST))
    assert _facts(store).facts[0].fact.form == both[1]
