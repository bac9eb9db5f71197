"""Verifies everything that is stored: papers, index, and the records of the service."""

from __future__ import annotations

from dataclasses import dataclass, field

from api.records.schema.database import faults_of_records
from api.settings import Settings
from corpus.errors import StoreError
from corpus.progress import Progress
from corpus.store.database import sqlite_file
from corpus.store.papers import Store
from corpus.store.upkeep.verification import CheckedVersion, Fault, verify_papers
from index.build.engine import Behind
from rag.assemble import engine_of
from rag.stored_papers import open_store

_TRIES = 3  # while other processes store papers


@dataclass(slots=True)
class Report:
    """What was verified, and every fault that was found."""

    versions: dict[str, int] = field(default_factory=dict)  # versions of each paper that were checked
    faults: list[Fault] = field(default_factory=list)
    behind: Behind | None = None  # papers that are stored and not in the index yet

    @property
    def damaged(self) -> list[str]:
        """The ids of the papers with faults, in order."""
        return sorted({fault.document_id for fault in self.faults if fault.document_id})


def verify(settings: Settings, *, progress: Progress | None = None) -> Report:
    """Checks what is stored. Changes nothing, and may run while the service answers."""
    report = Report()
    path = sqlite_file(settings.store_url)
    if path is None or path.exists():  # a store that is not there yet is no fault, and is not made
        try:
            store = open_store(settings)
        except StoreError as error:
            report.faults.append(Fault("", "database", str(error)))
        else:
            with store:
                _papers(store, report, progress)
                _index(settings, store, report, progress)
    records = faults_of_records(settings.service_url)
    report.faults += [Fault("", "records", message) for message in records]
    return report


def _papers(store: Store, report: Report, progress: Progress | None) -> None:
    for found in verify_papers(store, progress=progress):
        match found:
            case CheckedVersion():
                report.versions[found.document_id] = report.versions.get(found.document_id, 0) + 1
                report.faults += found.faults
            case Fault():
                report.faults.append(found)


def _index(settings: Settings, store: Store, report: Report, progress: Progress | None) -> None:
    """Checks the index. Papers that come in meanwhile are no fault: it is checked again then."""
    found: list[Fault | Behind] = []
    try:
        for _ in range(_TRIES):
            before = store.corpus_hash()
            found = list(engine_of(settings).verify(store, progress=progress))
            if not found or store.corpus_hash() == before:
                break
    except StoreError as error:
        found.append(Fault("", "database", str(error)))
    report.faults += [one for one in found if isinstance(one, Fault)]
    report.behind = next((one for one in found if isinstance(one, Behind)), None)
