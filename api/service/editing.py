"""What editors do with papers over HTTP. Thread-safe; each change is durable when its method returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from api.errors import Busy, RequestFault
from api.records import Records
from api.service import removal
from api.service.incoming import papers_within
from api.service.index_update import IndexUpdate
from api.settings import Settings
from api.wire import change_schemas, changes
from api.wire import editing_schemas as wire
from api.wire.fact_schemas import FactCorrectionList
from api.wire.facts import corrections_of
from corpus.errors import BadCorrection, TooManyJobs, UnreadableDocument
from corpus.model import HeadField, Span
from corpus.rereading import reread
from corpus.store.jobs.model import Accepted, NewFile, Origin
from corpus.store.papers import Store
from rag.assemble import Indexed
from rag.changes import rehearsed
from rag.stored_papers import ListedPapers

T = TypeVar("T")
_RETRY_S = 30  # after which a client whose upload found a full queue may try again


@dataclass(frozen=True, slots=True)
class Original:
    """The file of a paper as it was received."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Editing:
    """Changes papers. Each change is in the store before the index is touched."""

    settings: Settings
    store: Store
    records: Records
    index: IndexUpdate
    papers: ListedPapers

    def accept(self, files: Sequence[NewFile], *, key: str) -> Accepted:
        """Stores files to be read. Raises KeyReused, and Busy when too many wait."""
        most = self.settings.ingest.max_waiting
        try:
            return self.store.jobs.accept(files, origin=Origin.UPLOAD, key=key, most_waiting=most)
        except TooManyJobs as error:
            raise Busy(str(error), retry_after_s=_RETRY_S) from error

    def rehearse(self, files: Sequence[NewFile]) -> change_schemas.IngestReport:
        """What reading the files would do; stores nothing."""
        from corpus.formats.scans.recognition import watched  # a service that reads nothing does without

        limits = self.settings.ingest
        papers = (
            paper
            for file in files
            for paper in papers_within(limits, file.data, name=file.name, url=file.url)
        )
        # Who rehearses sends the same files next, and a long scan need not be recognised twice.
        with watched(self.settings.cache_dir, forget=False):
            stored = self.papers.of(self.store, today=date.today())
            return changes.ingest_report(rehearsed(self.store, papers, stored), None, dry_run=True)

    def remove(self, name: str, *, reason: str) -> wire.Removal:
        """Deletes a paper for good. Raises UnknownDocument."""
        deleted = removal.delete(self.store, name, reason=reason)
        indexed = self.index.run()
        receipts = self.index.complete_removals() if indexed is not None else None
        return wire.Removal(
            document_id=deleted.document_id,
            versions=deleted.versions,
            receipts=receipts or 0,
            backups=[
                change_schemas.Backup(path=str(one.path), made_at=one.made_at, reason=one.reason)
                for one in deleted.backups
            ],
            is_complete=receipts is not None,
            generation=_generation(indexed),
        )

    def withdraw(self, name: str, *, reason: str) -> wire.Change:
        """Takes a paper out of use. Raises UnknownDocument."""
        return self._change(name, lambda i: self.store.withdrawals.withdraw(i, reason=reason))

    def restore(self, name: str) -> wire.Change:
        """Brings a withdrawn paper back. Raises UnknownDocument and NotWithdrawn."""
        return self._change(name, self.store.withdrawals.restore)

    def edit(
        self, name: str, values: Mapping[HeadField, str], undo: Sequence[HeadField], *, reason: str
    ) -> wire.Change:
        """Corrects the head of a paper. Raises UnknownDocument, and RequestFault for a wrong value."""

        def correct(document_id: str) -> None:
            try:
                if values:
                    self.store.corrections.correct(document_id, values, reason=reason)
            except BadCorrection as error:
                raise RequestFault(str(error), field="values") from error
            if undo:
                self.store.corrections.undo(document_id, undo, reason=reason)

        return self._change(name, correct)

    def correct_fact(
        self, name: str, fact_id: str, part: str, spans: Sequence[Span], *, reason: str
    ) -> FactCorrectionList:
        """Puts other words of its clause in the place of a part of a fact; none: it has no such part.

        Raises UnknownDocument, UnknownFact, and RequestFault for a wrong part or wrong words.
        """
        made = self.store.fact_corrections
        return self._change_facts(name, lambda i: made.correct(i, fact_id, part, spans, reason=reason))

    def hide_fact(self, name: str, fact_id: str, *, reason: str) -> FactCorrectionList:
        """Calls a fact wrong, so that it is shown nowhere. Raises UnknownDocument and UnknownFact."""
        made = self.store.fact_corrections
        return self._change_facts(name, lambda i: made.hide(i, fact_id, reason=reason))

    def undo_fact_correction(self, name: str, number: int, *, reason: str) -> FactCorrectionList:
        """Takes a correction back. Raises UnknownDocument, and RequestFault for one that is not in force."""
        made = self.store.fact_corrections
        return self._change_facts(name, lambda i: made.undo(i, number, reason=reason), field="number")

    def fact_corrections(self, name: str) -> FactCorrectionList:
        """The corrections in force of the facts of a paper. Raises UnknownDocument."""
        document_id = self.store.resolve(name)
        return corrections_of(document_id, *self.store.fact_corrections.in_force(document_id))

    def reread(self, name: str) -> change_schemas.IngestReport:
        """Parses the stored file of a paper again. Raises UnknownDocument."""
        files = list(reread(self.store, [self.store.resolve(name)]))
        return changes.ingest_report(files, self.index.run(), dry_run=False)

    def versions(self, name: str) -> change_schemas.Versions:
        """The versions of a paper, withdrawn or not. Raises UnknownDocument."""
        return changes.versions_of(self.store, self.store.resolve(name))

    def conflicts(self) -> change_schemas.Conflicts:
        """The conflicts that wait for a decision."""
        return changes.conflicts_in(self.store)

    def keep_both(self, name: str, other: str, *, reason: str) -> change_schemas.Conflicts:
        """Decides that both papers are right. Raises UnknownDocument and UnknownConflict."""
        self.store.conflicts.keep_both(self.store.resolve(name), self.store.resolve(other), reason=reason)
        self.index.run()
        return self.conflicts()

    def audit(self, name: str, *, most: int) -> wire.AuditList:
        """The last lines about a paper, also a removed one, or about all."""
        lines = self.store.audit.lines(name, most=most)
        return wire.AuditList(
            lines=[
                wire.PaperAuditLine(
                    at=line.at,
                    action=line.action.value,
                    document_id=line.document_id,
                    details=dict(line.details),
                )
                for line in lines
            ]
        )

    def original(self, name: str, *, version: int | None) -> Original:
        """The file as received. Raises UnknownDocument, and UnreadableDocument if it was not kept."""
        document_id = self.store.resolve(name)
        found = self.store.versions(document_id)
        is_meant = (one.version == version if version else one.is_current for one in found)
        named = next((one.name for one, meant in zip(found, is_meant, strict=True) if meant), found[-1].name)
        data = self.store.original(document_id, version=version)
        if not data:
            raise UnreadableDocument(named, "the file as received was not kept", "Send it again")
        return Original(named, data)

    def _change_facts(
        self, name: str, action: Callable[[str], None], *, field: str = "part"
    ) -> FactCorrectionList:
        document_id = self.store.resolve(name)
        try:
            action(document_id)
        except BadCorrection as error:
            raise RequestFault(str(error), field=field) from error
        self.index.run()  # services open the papers again with the next generation
        return self.fact_corrections(document_id)

    def _change(self, name: str, action: Callable[[str], None]) -> wire.Change:
        document_id = self.store.resolve(name)
        action(document_id)
        changed = changes.changed(self.store, document_id)
        return wire.Change(**dict(changed), generation=_generation(self.index.run()))


def _generation(indexed: Indexed | None) -> int | None:
    return indexed.generation if indexed is not None else None
