"""Opens what every endpoint needs, from the settings: papers, index, model and records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from api.records import Records, open_records
from api.service.answers.answer_service import Snapshot
from api.service.editing import Editing
from api.service.index_update import IndexUpdate
from api.service.job_worker import JobWorker
from api.service.reload import PapersReloader
from api.settings import Settings
from corpus.progress import Progress
from rag.assemble import Opener, engine_of
from rag.stored_papers import open_store


@dataclass(frozen=True, slots=True)
class Opened:
    """What answers are made from. Close the records when done."""

    snapshot: Snapshot
    records: Records
    reloader: PapersReloader  # loads papers that are added later
    editing: Editing  # changes papers
    jobs: JobWorker  # reads files that are sent or found while the service runs


def open_all(settings: Settings, *, progress: Progress | None = None) -> Opened:
    """Opens everything; the first time this creates model and index. Raises IndexFault or StoreError."""
    opener = Opener(settings, progress=progress)
    today = date.today()
    snapshot = Snapshot(assistant=opener.open(today=today, progress=progress), today=today)
    records = open_records(
        settings.service_url, lock_dir=settings.data_dir, keep_texts=settings.service.keep_texts
    )
    reloader = PapersReloader(
        current=engine_of(settings).in_use,
        open_snapshot=lambda day: Snapshot(assistant=opener.reopen(today=day), today=day),
        every_s=settings.server.reload_s,
        stored=lambda: open_store(settings).corpus_hash(),
    )
    store = open_store(settings)  # has no open connection between two uses
    index = IndexUpdate(settings, opener.update_index, records=records)
    return Opened(
        snapshot=snapshot,
        records=records,
        reloader=reloader,
        editing=Editing(settings, store, records, index, opener.papers),
        jobs=JobWorker(settings, store, index=index, reloader=reloader, papers=opener.papers),
    )
