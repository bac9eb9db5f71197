"""Shows what ingestion would do, without storing anything."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpus.arrivals import Arrivals
from corpus.catalogue.catalogue import Catalogue
from corpus.effects import Incoming, incoming
from corpus.facts.building import facts_in_force
from corpus.files import ReadPaper
from corpus.head.corrections import corrected
from corpus.head.paper_head import PaperHead
from corpus.identity import AnotherPaper, Candidate, Facts, NewVersion, SamePaper, decide, facts_of
from corpus.ids import free_id, id_of
from corpus.report import Failed, Ingested, Skipped, recognised
from corpus.store.outcomes import Added, Outcome, Replaced, Unchanged, is_in_use
from corpus.store.papers import Store
from corpus.version_diff import compare


def rehearse(
    store: Store, papers: Iterable[ReadPaper | Failed | Skipped]
) -> list[Incoming | Failed | Skipped]:
    """What `corpus.ingest.store_papers` would return for these papers."""
    run = _Rehearsal(store)
    return [run.ingested(paper) if isinstance(paper, ReadPaper) else paper for paper in papers]


def after(papers: Iterable[Incoming | Failed | Skipped], catalogue: Catalogue) -> Catalogue:
    """The papers as they would be with those that come in. What editors have corrected stays."""
    put: list[PaperHead] = []
    for one in papers:
        if not isinstance(one, Incoming) or not one.is_put_in_use:
            continue
        head = one.head
        if head.id in catalogue and (old := catalogue.head(head.id)).status_set is not None:
            head = replace(head, status=old.status, status_set=old.status_set)
        put.append(head)
    return catalogue.changed(put)


class _Rehearsal:
    """Knows the papers that would have been stored so far, by their keys."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._new: dict[str, list[Candidate]] = {}  # by each key
        self._latest: dict[str, int] = {}  # by id, of papers with a version from this run
        self._current: dict[str, int] = {}  # the version that would be in use
        self._arrivals = Arrivals()

    def ingested(self, paper: ReadPaper) -> Incoming:
        """What would happen to a paper. Has no diff to a version that is only in this run."""
        facts = facts_of(paper.document)
        stored = self._store.candidates(facts.keys)
        change = self._decided(paper, facts, stored)
        diff, told = None, ""
        if isinstance(change, Replaced):
            if any((one.document_id, one.version) == (change.document_id, change.before) for one in stored):
                before = self._store.document(change.document_id, version=change.before, also_withdrawn=True)
                diff = compare(before, corrected(paper.document, before.corrections))
            told = self._arrivals.told(
                paper, change.document_id, before=change.before, version=change.version
            )
        self._arrivals.note(change.document_id, change.version, paper)
        corrections = self._store.fact_corrections.of(change.document_id)
        found = facts_in_force(paper.document, corrections)
        result = Ingested(
            paper.path,
            change.document_id,
            recognised(paper.document),
            change,
            diff,
            told,
            facts=len(found.facts),
            detached=found.detached if is_in_use(change) else (),
        )
        return incoming(result, paper.document)

    def _decided(self, paper: ReadPaper, facts: Facts, stored: Sequence[Candidate]) -> Outcome:
        match decide(facts, self._candidates(facts, stored)):
            case SamePaper(document_id, version):
                current = self._in_use(document_id)
                return Unchanged(document_id, version, current=None if version == current else current)
            case NewVersion(document_id):
                version, before = self._last(document_id) + 1, self._in_use(document_id)
                older = self._arrivals.is_older(paper, document_id, before)
                self._note(document_id, version, facts, in_use=not older)
                return Replaced(document_id, version, current=before if older else None, before=before)
            case AnotherPaper(others):
                document_id = free_id(id_of(paper.document), is_taken=self._is_taken)
                self._note(document_id, 1, facts, in_use=True)
                return Added(document_id, others)

    def _candidates(self, facts: Facts, stored: Sequence[Candidate]) -> list[Candidate]:
        own = {(one.document_id, one.version): one for key in _keys(facts) for one in self._new.get(key, ())}
        return [
            replace(one, is_latest=one.is_latest and self._is_current(one))
            for one in [*stored, *own.values()]
        ]

    def _note(self, document_id: str, version: int, facts: Facts, *, in_use: bool) -> None:
        packed = zlib.compress(facts.text().encode())  # of thousands of papers
        kept = replace(facts, text=lambda: zlib.decompress(packed).decode())
        candidate = Candidate(document_id, version, is_latest=in_use, facts=kept)
        for key in _keys(facts):
            self._new.setdefault(key, []).append(candidate)
        self._latest[document_id] = version
        if in_use:
            self._current[document_id] = version

    def _is_taken(self, document_id: str) -> bool:
        return document_id in self._latest or self._store.is_taken(document_id)

    def _is_current(self, one: Candidate) -> bool:
        """Whether no other version would have been put in use in this run."""
        return self._current.get(one.document_id, one.version) == one.version

    def _in_use(self, document_id: str) -> int:
        return self._current.get(document_id) or self._store.current_version(document_id)

    def _last(self, document_id: str) -> int:
        return self._latest.get(document_id) or self._store.versions(document_id)[-1].version


def _keys(facts: Facts) -> tuple[str, ...]:
    keys = facts.keys
    return tuple(filter(None, (keys.received, keys.text, keys.number, keys.title)))
