"""Random operations on the store agree with a dict, across restarts and rolled-back writes."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from corpus.catalogue.catalogue import Catalogue
from corpus.catalogue.texts import Texts
from corpus.errors import UnknownDocument, WithdrawnDocument
from corpus.load import load
from corpus.model import Document, HeadField
from corpus.parse import parse
from corpus.store.papers import Added, Replaced, Store, Unchanged

_PAPER = "关于第{number}批项目的通知\n\n一、补助\n\n（一）对{name}的项目补助{amount}万元。\n"
_TODAY = date(2026, 6, 1)
_IDS = st.sampled_from(("east", "north", "south-1", "竹甲"))
_AMOUNTS = st.integers(1, 4)


@cache
def _paper(document_id: str, amount: int) -> tuple[Document, bytes]:
    data = _PAPER.format(number=amount, name=document_id, amount=amount).encode()
    return parse(load(data, name=f"{document_id}.txt"), document_id=document_id), data


class StoreMachine(RuleBasedStateMachine):
    """`self.model` has the amounts of the versions of each paper, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="zhengwen-machine-"))
        self.url = f"sqlite:///{self.folder / 'papers.sqlite'}"
        self.store = Store(self.url)
        self.model: dict[str, list[int]] = {}
        self.withdrawn = set[str]()
        self.hashes: dict[tuple[tuple[str, int], ...], str] = {}
        self.catalogue = Catalogue([], texts=Texts(self.store), today=_TODAY)

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(document_id=_IDS, amount=_AMOUNTS)
    def add(self, document_id: str, amount: int) -> None:
        document, data = _paper(document_id, amount)
        outcome = self.store.add(document, original=data)
        versions = self.model.setdefault(document_id, [])
        if versions and versions[-1] == amount:
            assert isinstance(outcome, Unchanged)
            return
        assert isinstance(outcome, Replaced if versions else Added)
        versions.append(amount)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        document_id = data.draw(st.sampled_from(sorted(self.model)))
        self.store.remove(document_id)
        del self.model[document_id]
        self.withdrawn.discard(document_id)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def withdraw_or_restore(self, data: st.DataObject) -> None:
        document_id = data.draw(st.sampled_from(sorted(self.model)))
        if document_id in self.withdrawn:
            self.store.withdrawals.restore(document_id)
            self.withdrawn.remove(document_id)
            return
        self.store.withdrawals.withdraw(document_id, reason="有误")
        self.withdrawn.add(document_id)
        with pytest.raises(WithdrawnDocument):
            self.store.document(document_id)
        assert self.store.document(document_id, also_withdrawn=True)

    @precondition(lambda self: self.model.keys() - self.withdrawn)
    @rule(data=st.data(), region=st.sampled_from(("湖南省", "湖北省武汉市")))
    def correct(self, data: st.DataObject, region: str) -> None:
        document_id = data.draw(st.sampled_from(sorted(self.model.keys() - self.withdrawn)))
        self.store.corrections.correct(document_id, {HeadField.REGION: region}, reason="据实")
        self.a_catalogue_follows_all_changes_since()
        assert self.catalogue.head(document_id).region == region
        self.store.corrections.undo(document_id, [HeadField.REGION], reason="据实")

    @rule(document_id=_IDS)
    def remove_what_is_not_there(self, document_id: str) -> None:
        if document_id not in self.model:
            for ask in (self.store.remove, self.store.document, self.store.versions, self.store.original):
                with pytest.raises(UnknownDocument):
                    ask(document_id)

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = Store(self.url)

    @rule()
    def a_write_that_fails_changes_nothing(self) -> None:
        with pytest.raises(ZeroDivisionError):
            self._fail()

    def _fail(self) -> None:
        with self.store.database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM document_versions")
            connection.exec_driver_sql("UPDATE documents SET version = 0")
            raise ZeroDivisionError

    @rule()
    def a_catalogue_follows_all_changes_since(self) -> None:
        """What was read of a few papers is what all of them are read as."""
        self.catalogue = self.catalogue.refreshed(self.store)
        assert list(self.catalogue.heads) == self.store.heads()
        assert self.catalogue.contents == self.store.in_use()
        afresh = Catalogue(self.store.heads(), texts=Texts(self.store), today=_TODAY)
        assert dict(self.catalogue.statuses) == dict(afresh.statuses)
        own = self.catalogue.corpus_hash(last_correction=self.store.fact_corrections.last_number())
        assert own == self.store.corpus_hash()
        # Only a state that some change has left is known again.
        assert (self.catalogue.refreshed(self.store) is self.catalogue) == bool(self.store.last_change())

    @rule()
    def empty_the_log(self) -> None:
        assert self.store.database.truncate_log()

    @invariant()
    def agrees(self) -> None:
        in_use = {name: amounts[-1] for name, amounts in self.model.items() if name not in self.withdrawn}
        wanted = [_paper(name, amount) for name, amount in sorted(in_use.items())]
        assert self.store.documents() == tuple(document for document, _ in wanted)
        assert self.store.is_empty() is (not in_use)
        for document, data in wanted:
            assert self.store.original(document.id) == data
            assert len(self.store.versions(document.id)) == len(self.model[document.id])
        assert [head.id for head in self.store.heads()] == sorted(in_use)
        assert self.store.read(list(self.store.in_use().items())) == [document for document, _ in wanted]
        # Equal papers have equal hashes, and different ones different hashes.
        state = tuple(sorted(in_use.items()))
        assert self.hashes.setdefault(state, self.store.corpus_hash()) == self.store.corpus_hash()
        assert len(set(self.hashes.values())) == len(self.hashes)


TestStore = StoreMachine.TestCase
if settings.get_current_profile_name() != "long":  # see tests/conftest.py
    TestStore.settings = settings(max_examples=8, stateful_step_count=15, deadline=None)
