"""Reads the files of jobs into the store, and brings the index up to date."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from api.service.incoming import papers_within
from api.service.index_update import IndexUpdate
from api.settings import IngestSettings
from api.wire.changes import file_report
from corpus.catalogue.catalogue import Catalogue
from corpus.effects import with_effects
from corpus.errors import CorpusError, UnreadableDocument, ZhengwenError
from corpus.files import ReadPaper
from corpus.ingest import ingested
from corpus.report import Failed, Skipped
from corpus.store.jobs.model import JobFile
from corpus.store.jobs.work import Begun, Cancelled
from corpus.store.papers import Store
from rag.stored_papers import ListedPapers

log = logging.getLogger("zhengwen.jobs")

# Begun and not ended: of the third time the process has died twice, and would do so for ever.
_MOST_ATTEMPTS = 3
_ENDS_PROCESS = (
    "reading it has ended the program {times} times. Look for the cause in the log of the system, such as a "
    "lack of memory, and send the files one by one"
)
_WHOLE_FILE = -1  # instead of the place of a paper in it
_BUG = "The log of the service has the cause; please report it"


class Stopped(Exception):
    """The program stops; the job goes on at the next start."""


@dataclass(slots=True)
class JobReader:
    """Does jobs, one at a time. `is_stopping` is asked between two papers, and two pages of a scan.

    An attempt counts only if it ends the program. One that ends with the database cannot be given back at
    once: this process remembers it until the database is there again.
    """

    store: Store
    index: IndexUpdate
    papers: ListedPapers
    settings: IngestSettings
    cache_dir: Path  # of the recognised pages of scans
    is_stopping: Callable[[], bool]
    _open: Begun | None = field(default=None, init=False)  # perhaps counted, and not ended

    def read_next(self) -> bool:
        """Reads the oldest job that waits; returns whether there was one.

        Raises ZhengwenError or OSError when the store cannot be used; the job waits as before.
        """
        self.give_back()
        job = self.store.job_work.waiting()
        if job is None:
            return False
        self._open = job
        try:
            if self.store.job_work.begin(job):
                self._read(job)
            self._open = None
        except Cancelled:
            self._open = None
            log.info("job cancelled", extra={"job": job.id})
        except Stopped:
            self.give_back()
        except (ZhengwenError, OSError):
            with suppress(ZhengwenError, OSError):  # what cannot be written is what failed
                self.give_back()
            raise
        return True

    def give_back(self) -> None:
        """Lets a job wait as before that was not ended and ended no program. Raises as `read_next` does."""
        if self._open is not None:
            self.store.job_work.pause(self._open)
            self._open = None

    def update_index(self) -> bool:
        """Indexes what was read; returns whether nothing is left to index."""
        read = self.store.job_work.read_jobs()
        if not read:
            return True
        indexed = self.index.run()
        if indexed is None:
            self.store.job_work.note_fault(read, "the index cannot be built at the moment; it is tried again")
            return False
        self.store.job_work.note_fault(read, "")
        self.store.job_work.indexed(read, generation=indexed.generation)
        return True

    def _read(self, job: Begun) -> None:
        work = self.store.job_work
        if job.attempts > _MOST_ATTEMPTS:
            work.fail(job, _ENDS_PROCESS.format(times=_MOST_ATTEMPTS))
            return
        for done, file in enumerate(job.files):
            work.progress(job, file.name, done=done, total=len(job.files))
            try:
                self._read_file(job, file)
            except (ZhengwenError, OSError, Stopped):
                raise
            except Exception as error:  # a bug on one file must not stop the other jobs
                log.error("unexpected error on a file", exc_info=error, extra={"job": job.id})
                fault = UnreadableDocument(file.name, "an unexpected error", _BUG)
                self._refuse(job, file, _WHOLE_FILE, Failed(file.name, fault))
            work.end_file(job, file, done=done + 1)
        state = work.end_reading(job)
        log.info("job read", extra={"job": job.id, "state": state.value})

    def _read_file(self, job: Begun, file: JobFile) -> None:
        from corpus.formats.scans.recognition import watched  # a service that reads nothing does without

        def page_is_read(done: int, total: int, what: str) -> None:
            # A scan takes seconds a page. The pages are kept, and are not recognised again.
            if self.is_stopping() or self.store.job_work.is_cancelled(job):
                raise Stopped
            self.store.job_work.progress(job, what, done=done, total=total)

        with watched(self.cache_dir, progress=page_is_read):
            self._store_papers(job, file)

    def _store_papers(self, job: Begun, file: JobFile) -> None:
        data = self.store.job_work.data(job, file)
        papers = papers_within(self.settings, data, name=file.name, url=file.url)
        catalogue: Catalogue | None = None
        for part, paper in enumerate(papers):
            if self.is_stopping():
                raise Stopped
            if not isinstance(paper, ReadPaper):
                if self.store.job_work.is_cancelled(job):
                    raise Cancelled(f"job {job.id!r} was cancelled")
                self._refuse(job, file, part, paper)
                continue
            change = self.store.job_work.take_in(job, file, part, paper.document, original=paper.data)
            with suppress(CorpusError):  # the paper may have been removed in between
                catalogue = self._stored(catalogue, change.document_id)
                (result,) = with_effects([ingested(self.store, paper, change)], catalogue)
                report = file_report(result)
                self.store.job_work.report(job, file, part, report.model_dump(mode="json"))

    def _stored(self, last: Catalogue | None, document_id: str) -> Catalogue:
        """The papers in use with one that was just stored; `last` are those with the paper before it."""
        if last is not None:
            return last.changed(self.store.heads([document_id]))
        return self.papers.of(self.store, today=date.today())

    def _refuse(self, job: Begun, file: JobFile, part: int, failed: Failed | Skipped) -> None:
        self.store.job_work.report(job, file, part, file_report(failed).model_dump(mode="json"))
