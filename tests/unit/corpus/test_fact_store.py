"""The facts of papers are stored with their versions, made again when they are missing, and checked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_facts import made_facts
from sqlalchemy import text

from corpus.effects import Incoming
from corpus.errors import StoreError
from corpus.facts import extract
from corpus.facts.building import facts_in_force
from corpus.facts.excerpts import Excerpts
from corpus.facts.extract import facts_of
from corpus.facts.in_force import FactInForce, FactsInForce
from corpus.facts.model import EXTRACTOR, Checked, Fact, FactKind, PaperFacts
from corpus.facts.proof import proved
from corpus.files import read_papers
from corpus.ingest import ingest_files
from corpus.load import load
from corpus.model import Document, Span
from corpus.parse import parse
from corpus.rehearsal import rehearse
from corpus.report import Ingested
from corpus.rereading import reread
from corpus.store.facts import codec
from corpus.store.papers import Store
from corpus.store.shipped_papers import starting_papers
from corpus.store.upkeep.verification import CheckedVersion, verify_papers

_PAPER = """白石市人民政府关于支持茶产业的若干措施
白政发〔2025〕7号

一、支持建园

（一）对新建茶园的企业，补助{amount}万元。对扩建的企业，补助20万元。

二、附则

本措施自2025年3月1日起施行，有效期5年。

白石市人民政府
2025年2月1日
"""

_AS_SCHEMA_4 = (
    "DROP TABLE facts",
    "DROP TABLE fact_corrections",
    "UPDATE meta SET value = '4' WHERE key = 'schema'",
)


def _paper(amount: int = 30, document_id: str = "tea") -> Document:
    data = _PAPER.format(amount=amount).encode()
    return parse(load(data, name=f"{document_id}.txt"), document_id=document_id)


@pytest.fixture(autouse=True)
def _made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each 万元 is a fact, so that the tests depend on no rule of reading facts."""
    monkeypatch.setattr(extract, "facts_of", made_facts)


@pytest.fixture(scope="module")
def five() -> list[Document]:
    return [parse(load(p.data, name=p.name), document_id=p.document_id) for p in starting_papers()]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'papers.sqlite'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store(url) as opened:
        yield opened


def _facts(store: Store, document_id: str = "tea") -> FactsInForce:
    read = store.facts.read([(document_id, store.in_use()[document_id])])
    assert not read.damaged
    return read.facts[document_id]


def _rows(store: Store) -> list[tuple[str, int, int, int]]:
    with store.database.reading() as connection:
        rows = connection.execute(text("SELECT document_id, version, extractor, facts FROM facts ORDER BY 1"))
        return [tuple(row) for row in rows]


def _execute(store: Store, *statements: str) -> None:
    with store.database.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


def _faults(store: Store) -> list[str]:
    checked = list(verify_papers(store))
    return [fault.message for one in checked if isinstance(one, CheckedVersion) for fault in one.faults]


_WORDS = st.text(st.characters(codec="utf-8"), max_size=8)
_SPANS = st.tuples(st.integers(0, 99), st.integers(0, 9)).map(lambda pair: Span(pair[0], sum(pair)))
_LEAVES: dict[object, st.SearchStrategy[object]] = {
    str: _WORDS,
    int: st.integers(),
    bool: st.booleans(),
    date: st.dates(),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    Span: _SPANS,
}


def _any(hint: object) -> st.SearchStrategy[object]:
    """Any value of a type, from the fields of dataclasses down."""
    if hint in _LEAVES:
        return _LEAVES[hint]
    parts = get_args(hint)
    if get_origin(hint) is tuple:
        return st.lists(_any(parts[0]), max_size=2).map(tuple)
    if parts:  # X | None
        return st.none() | _any(next(part for part in parts if part is not NoneType))
    assert isinstance(hint, type)
    if issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    fields = get_type_hints(hint)
    return st.builds(hint, **{name: _any(kind) for name, kind in fields.items()})


_FACTS = _any(tuple[Fact, ...])


@given(
    facts=_FACTS,
    sentences=_any(tuple[Checked, ...]),
    labels=st.dictionaries(_WORDS, _WORDS, max_size=3),
)
def test_facts_are_stored_without_loss(
    facts: tuple[Fact, ...], sentences: tuple[Checked, ...], labels: dict[str, str]
) -> None:
    stored = FactsInForce(
        "tea",
        tuple(map(FactInForce, facts)),
        Excerpts((0, 9), ("一二三", "四")),
        labels,
        sentences,
        hidden=tuple(map(FactInForce, facts[:1])),
        unproved=("one",),
    )
    row = codec.row_of(stored, content="abc")
    assert codec.facts_of(row, content="abc") == stored
    assert codec.facts_of(row, content="abd") is None
    assert codec.facts_of(replace(row, body=row.body + " "), content="abc") is None


def test_facts_are_stored_with_the_paper(store: Store, five: list[Document]) -> None:
    for document in five:
        store.add(document)
        found = _facts(store, document.id)
        assert found == facts_in_force(document)
        for one in found.facts:
            for span in one.fact.spans():
                assert found.excerpts.words(span) == span.of(document.text)
    assert [row[3] for row in _rows(store)] == [
        len(made_facts(one).facts) for one in sorted(five, key=lambda d: d.id)
    ]
    assert store.facts.complete() == 0
    assert _faults(store) == []


def test_ingestion_reports_the_number_of_facts(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "tea.txt"
    file.write_text(_PAPER.format(amount=30), encoding="utf-8")
    (rehearsed,) = rehearse(store, read_papers([file]))
    (done,) = ingest_files(store, [file])
    assert isinstance(rehearsed, Incoming)
    assert isinstance(done, Ingested)
    assert rehearsed.result.facts == done.facts == 2
    (again,) = reread(store, [done.document_id])
    assert isinstance(again, Ingested)
    assert again.facts == 2


def test_facts_follow_the_version_in_use(store: Store) -> None:
    store.add(_paper(30))
    before = store.in_use()["tea"]
    store.add(_paper(40))
    amounts = [one.fact.amounts[0].value for one in _facts(store).facts]
    assert amounts == [Decimal(400_000), Decimal(200_000)]
    earlier = store.facts.read([("tea", before)]).facts["tea"]  # as those who opened the papers then read it
    assert earlier.facts[0].fact.amounts[0].value == Decimal(300_000)
    store.use_version("tea", 1, reason="wrong file")
    assert _facts(store) == earlier
    store.withdrawals.withdraw("tea", reason="checked")
    assert store.facts.read(list(store.in_use().items())).facts == {}
    store.withdrawals.restore("tea")
    assert _facts(store) == earlier
    assert _faults(store) == []


def test_a_rollback_brings_the_facts_back(store: Store) -> None:
    store.add(_paper(30))
    at = store.audit.lines()[-1].at
    before = _facts(store)
    store.add(_paper(40))
    store.rollbacks.roll_back(to=at)
    assert _facts(store) == before


def test_missing_facts_are_read_from_the_text_and_stored_later(store: Store, five: list[Document]) -> None:
    for document in five:
        store.add(document)
    whole = store.facts.read(list(store.in_use().items()))
    _execute(
        store, "DELETE FROM facts WHERE document_id = 'hunan'", "UPDATE facts SET extractor = extractor - 1"
    )
    assert store.facts.read(list(store.in_use().items())) == whole
    assert {row[2] for row in _rows(store)} == {EXTRACTOR - 1}  # reading does not write
    steps: list[tuple[int, int]] = []
    assert store.facts.complete(progress=lambda done, total, _: steps.append((done, total))) == 5
    assert steps[-1] == (5, 5)
    assert {row[2] for row in _rows(store)} == {EXTRACTOR}
    assert store.facts.complete() == 0
    assert store.facts.read(list(store.in_use().items())) == whole


def test_a_reader_needs_no_right_to_write(store: Store) -> None:
    store.add(_paper())
    whole = _facts(store)
    _execute(store, "DELETE FROM facts")
    _execute(store, "CREATE TRIGGER no BEFORE INSERT ON facts BEGIN SELECT RAISE(ABORT, 'read only'); END")
    assert _facts(store) == whole
    with pytest.raises(StoreError, match="read only"):
        store.facts.complete()


def test_a_store_of_the_schema_before_is_copied_and_completed(url: str, tmp_path: Path, store: Store) -> None:
    store.add(_paper())
    whole, hashes = _facts(store), store.in_use()
    _execute(
        store,
        "DROP TABLE facts",
        "DROP TABLE fact_corrections",
        "UPDATE meta SET value = '4' WHERE key = 'schema'",
    )
    store.close()
    with Store(url) as upgraded:
        assert (tmp_path / "papers-schema-4.sqlite").exists()
        assert upgraded.in_use() == hashes
        assert _facts(upgraded) == whole
        assert upgraded.facts.complete() == 1
        assert _rows(upgraded) == [("tea", 1, EXTRACTOR, 2)]
        assert _faults(upgraded) == []


_COMPLETING = """
import sys
from made_facts import made_facts
from corpus.facts import extract
from corpus.store.papers import Store
extract.facts_of = made_facts
with Store(sys.argv[1]) as store:
    store.facts.complete()
    read = store.facts.read(list(store.in_use().items()))
    print(sum(len(one.facts) for one in read.facts.values()), sorted(read.damaged))
"""


def test_several_processes_complete_one_store(url: str, store: Store, five: list[Document]) -> None:
    for document in five:
        store.add(document)
    total = sum(row[3] for row in _rows(store))
    _execute(
        store,
        "DROP TABLE facts",
        "DROP TABLE fact_corrections",
        "UPDATE meta SET value = '4' WHERE key = 'schema'",
    )
    store.close()
    helpers = Path(sys.modules[made_facts.__module__].__file__ or "").parent
    command = [sys.executable, "-c", _COMPLETING, url]
    environment = {"PYTHONPATH": f"{helpers}:{Path.cwd()}"}
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(3)
    ]
    assert [process.communicate()[0].strip() for process in processes] == [f"{total} []"] * 3
    with Store(url) as again:
        assert sum(row[3] for row in _rows(again)) == total


def test_nothing_is_left_of_the_facts_of_a_deleted_paper(tmp_path: Path, store: Store) -> None:
    store.add(_paper(30))
    store.add(_paper(40))
    store.deletions.delete("tea", reason="")
    store.deletions.erase_traces()
    assert _rows(store) == []
    for file in tmp_path.iterdir():
        assert "补助".encode() not in file.read_bytes()


def test_damaged_facts_are_not_shown_and_read_again(store: Store, five: list[Document]) -> None:
    data = _PAPER.format(amount=30).encode()
    store.add(_paper(), original=data)
    store.add(five[0])
    whole = _facts(store)
    key = list(store.in_use().items())
    for damage in (
        "UPDATE facts SET body = replace(body, '企业', '公司') WHERE document_id = 'tea'",
        "UPDATE facts SET body = '{}' WHERE document_id = 'tea'",
        "UPDATE facts SET body = CAST(x'7bff7d' AS TEXT) WHERE document_id = 'tea'",
    ):
        _execute(store, damage)
        read = store.facts.read(key)
        assert read.damaged == {"tea"}
        assert set(read.facts) == {five[0].id}
        assert _faults(store) == ["facts of version 1: they differ from their checksum"]
        list(reread(store, ["tea"]))
        assert _facts(store) == whole
        assert len(store.versions("tea")) == 1
        assert _faults(store) == []


def test_facts_of_a_damaged_paper_are_not_made(store: Store) -> None:
    store.add(_paper())
    _execute(store, "DELETE FROM facts", "UPDATE document_versions SET text = replace(text, '30', '90')")
    assert store.facts.complete() == 0
    assert store.facts.read(list(store.in_use().items())).damaged == {"tea"}


def test_a_fact_without_proof_is_left_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def reads_wrongly(document: Document) -> PaperFacts:
        facts = made_facts(document)
        first, second = facts.facts
        elsewhere = Span(document.clauses[-1].start, document.clauses[-1].start + 3)
        sums = [Checked(one.clause_id, one.amounts[0].span, has_facts=True) for one in (first, second)]
        return replace(
            facts, facts=(first, replace(second, beneficiaries=(elsewhere,))), sentences=tuple(sums)
        )

    monkeypatch.setattr(extract, "facts_of", reads_wrongly)
    store.add(_paper())
    found = _facts(store)
    assert [one.fact.amounts[0].value for one in found.facts] == [Decimal(300_000)]
    assert [one.has_facts for one in found.sentences] == [True, False]
    assert len(found.unproved) == 1
    assert "outside of the clause" in found.unproved[0]


def test_the_text_proves_all_that_is_read_from_it(five: list[Document]) -> None:
    for document in five:
        read = facts_of(document)
        assert len(read.facts) > 10
        assert proved(document, read) == (read, ())


@pytest.mark.parametrize(
    "change",
    [
        lambda fact, _: replace(fact, document_id="other"),
        lambda fact, _: replace(fact, clause_id="九"),
        lambda fact, _: replace(fact, form=Span(fact.quote.start, fact.quote.start)),
        lambda fact, end: replace(fact, form=Span(end - 1, end + 1)),
        lambda fact, end: replace(fact, quote=Span(0, end)),
    ],
)
def test_what_is_no_proof(change: object) -> None:
    document = _paper()
    facts = made_facts(document)
    assert callable(change)
    wrong = change(facts.facts[0], len(document.text))
    kept, faults = proved(document, replace(facts, facts=(wrong, *facts.facts[1:])))
    assert kept.facts == facts.facts[1:]
    assert len(faults) == 1


def test_words_of_the_clauses_above_prove_a_fact() -> None:
    document = _paper()
    fact = made_facts(document).facts[0]
    above = next(clause for clause in document.clauses if clause.heading == "支持建园")
    with_lead = replace(fact, form=Span(above.start, above.start + 2), kind=FactKind.MONEY)
    assert proved(document, PaperFacts(document.id, EXTRACTOR, (with_lead,)))[1] == ()


@given(spans=st.lists(_SPANS, min_size=1, max_size=8))
def test_excerpts_have_the_words_of_their_spans(spans: list[Span]) -> None:
    words = "".join(chr(ord("一") + number) for number in range(120))
    parts = Excerpts.of(spans, words)
    assert parts.are_of(words)
    assert all(parts.words(span) == span.of(words) for span in spans)
    assert list(parts.starts) == sorted(set(parts.starts))
    assert not parts.are_of("x" + words) or not "".join(parts.texts)


def test_others_can_write_while_facts_are_read(
    url: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def while_another_writes(document: Document) -> PaperFacts:
        with Store(url) as other:  # waits, and then fails, where a transaction is open
            other.releases.note_staged(stage="other", papers=0)
        read.append(document.id)
        return made_facts(document)

    def reads(times: int) -> None:
        assert len(read) == times
        read.clear()

    monkeypatch.setattr(extract, "facts_of", while_another_writes)
    original = _PAPER.format(amount=30).encode()
    first = store.take_in(_paper(document_id="other"), original=original).document_id
    reads(1)
    assert {one.fact.document_id for one in _facts(store, first).facts} == {first}
    store.take_in(_paper(document_id="other"), original=original)
    reads(0)  # it is stored already
    store.add(_paper(40, document_id=first))
    reads(1)
    store.replace_reading(_paper(50, document_id=first), original=_PAPER.format(amount=50).encode())
    reads(1)
    store.use_version(first, 1, reason="r")
    reads(1)
    fact = _facts(store, first).facts[0].fact
    store.fact_corrections.hide(first, fact.id, reason="r")
    reads(1)
    store.fact_corrections.undo(first, store.fact_corrections.last_number(), reason="r")
    reads(1)
    _execute(store, "UPDATE facts SET extractor = 0")
    assert store.facts.complete() == 1
    reads(1)
    monkeypatch.setattr(extract, "facts_of", made_facts)
    assert _facts(store, first) == facts_in_force(store.document(first))
    assert not _faults(store)
