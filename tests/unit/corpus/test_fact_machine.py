"""Whatever is done to papers and their facts, those in use are the ones that text and corrections give."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from corpus.facts.building import facts_as_read, facts_in_force
from corpus.load import load
from corpus.model import Document
from corpus.parse import parse
from corpus.store.papers import Store

_PAPER = """关于支持{name}茶产业的通知

一、对新建茶园的企业，给予最高{amount}万元奖励。对扩建的农户，给予{amount}0万元补助。

二、对购置采茶机的企业，补助2万元。
"""
_IDS = st.sampled_from(("east", "north"))
_AMOUNTS = st.integers(1, 3)


@cache
def _paper(document_id: str, amount: int) -> Document:
    data = _PAPER.format(name=document_id, amount=amount).encode()
    return parse(load(data, name=f"{document_id}.txt"), document_id=document_id)


class FactMachine(RuleBasedStateMachine):
    """`self.corrected` has the numbers of the corrections in force of each paper."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="zhengwen-machine-"))
        self.url = f"sqlite:///{self.folder / 'papers.sqlite'}"
        self.store = Store(self.url)
        self.corrected: dict[str, list[int]] = {}

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(document_id=_IDS, amount=_AMOUNTS)
    def add(self, document_id: str, amount: int) -> None:
        self.store.add(_paper(document_id, amount))
        self.corrected.setdefault(document_id, [])

    @precondition(lambda self: self.corrected)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        document_id = data.draw(st.sampled_from(sorted(self.corrected)))
        self.store.remove(document_id)
        del self.corrected[document_id]

    @precondition(lambda self: self.corrected)
    @rule(data=st.data())
    def use(self, data: st.DataObject) -> None:
        document_id = data.draw(st.sampled_from(sorted(self.corrected)))
        versions = [one.version for one in self.store.versions(document_id)]
        self.store.use_version(document_id, data.draw(st.sampled_from(versions)), reason="r")

    @precondition(lambda self: self.corrected)
    @rule(data=st.data(), hides=st.booleans())
    def correct(self, data: st.DataObject, hides: bool) -> None:
        document_id = data.draw(st.sampled_from(sorted(self.corrected)))
        document = self.store.document(document_id)
        fact = data.draw(st.sampled_from(facts_as_read(document).facts))
        if hides:
            self.store.fact_corrections.hide(document_id, fact.id, reason="r")
        else:
            spans = [fact.quote] if data.draw(st.booleans()) else []
            self.store.fact_corrections.correct(document_id, fact.id, "beneficiaries", spans, reason="r")
        number = self.store.fact_corrections.of(document_id)[-1].number
        assert number not in self.corrected[document_id]
        self.corrected[document_id].append(number)

    @precondition(lambda self: any(self.corrected.values()))
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        document_id = data.draw(st.sampled_from(sorted(i for i, made in self.corrected.items() if made)))
        number = data.draw(st.sampled_from(self.corrected[document_id]))
        self.store.fact_corrections.undo(document_id, number, reason="r")
        self.corrected[document_id].remove(number)

    @rule(loses_rows=st.booleans())
    def lose_facts(self, loses_rows: bool) -> None:
        lost = "DELETE FROM facts" if loses_rows else "UPDATE facts SET extractor = 0"
        with self.store.database.writing() as connection:
            connection.exec_driver_sql(lost)

    @rule()
    def complete(self) -> None:
        self.store.facts.complete()
        assert self.store.facts.complete() == 0

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = Store(self.url)

    @invariant()
    def agrees(self) -> None:
        read = self.store.facts.read(list(self.store.in_use().items()))
        assert not read.damaged
        assert read.facts.keys() == self.corrected.keys()
        for document_id, facts in read.facts.items():
            made = self.store.fact_corrections.of(document_id)
            assert [one.number for one in made] == self.corrected[document_id]
            assert facts == facts_in_force(self.store.document(document_id), made)
            shown = {one.number for fact in (*facts.facts, *facts.hidden) for one in fact.corrections}
            assert shown | {one.number for one in facts.detached} == set(self.corrected[document_id])


TestFacts = FactMachine.TestCase
if settings.get_current_profile_name() != "long":  # see tests/conftest.py
    TestFacts.settings = settings(max_examples=8, stateful_step_count=15, deadline=None)
