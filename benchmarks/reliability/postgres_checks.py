"""What is stored after the database was killed, compared with what its clients were told."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from api.maintenance.verification import verify
from api.records import open_records
from api.records.errors import UnknownReceipt
from api.settings import Settings
from benchmarks.reliability.papers import HashedPairs
from benchmarks.reliability.postgres_clients import Told, ask, client, file_of, is_answer, text_read
from corpus.errors import CorpusError
from corpus.store.jobs.model import JobState
from corpus.store.papers import Store
from index.postgres import sets
from index.postgres.dialect import POSTGRES
from rag.assemble import update_index
from rag.stored_papers import open_store

_PATIENCE_S = 600  # for jobs, and for a service that takes up the last papers
_LOOK_S = 0.2
_MOST_JOBS = 100_000


@dataclass(slots=True)
class Found:
    """The faults that were found, each in words."""

    lost: list[str] = field(default_factory=list)  # papers, answers, and papers that no question finds
    doubled: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)  # stored or indexed
    stored: set[str] = field(default_factory=set)  # names of all papers that are stored; no fault


def check(settings: Settings, services: Sequence[str], told: Told) -> Found:
    """Waits until nothing is left to do, and compares. Rebuilds the index at last."""
    found = Found()
    with open_store(settings) as store:
        _wait_for_jobs(store, found)
        update_index(settings, store, embedder=lambda *_: HashedPairs())  # as every start does
        _papers(store, told, found)
    _questions(services, told, found)
    _receipts(settings, told, found)
    report = verify(settings)
    found.half += [f"{fault.document_id}: {fault.message}" for fault in report.faults]
    if report.behind is not None:
        found.half.append(f"not indexed: {report.behind.papers}")
    with open_store(settings) as store:
        _index(settings, store, found)
    return found


def _wait_for_jobs(store: Store, found: Found) -> None:
    until = time.monotonic() + _PATIENCE_S
    while store.jobs.are_waiting() and time.monotonic() < until:
        time.sleep(_LOOK_S)
    for job in store.jobs.list(most=_MOST_JOBS):
        if job.state is not JobState.SEARCHABLE:
            found.lost.append(f"the upload of {job.files[0].name} is {job.state.value}: {job.error}")


def _papers(store: Store, told: Told, found: Found) -> None:
    """Every acknowledged paper is there, once; what is there is whole, acknowledged or not."""
    by_file = {file_of(name): name for name in told.sent}
    copies = Counter[str]()
    for document_id in store.in_use():
        try:
            name = by_file.get(store.original(document_id), "")
            if not name or store.document(document_id).text != text_read(name):
                found.half.append(f"{document_id} is not the paper that was sent")
            copies[name or document_id] += len(store.versions(document_id))
        except CorpusError as error:
            found.half.append(f"{document_id}: {error}")
    found.stored = set(copies)
    found.lost += [f"the paper {name}" for name in told.papers if not copies[name]]
    found.doubled += [f"{name} is there {number} times" for name, number in copies.items() if number > 1]


def _questions(services: Sequence[str], told: Told, found: Found) -> None:
    """Every paper that is stored answers its question, at one service or the other in turn."""
    until = time.monotonic() + _PATIENCE_S
    with client() as http:
        for number, name in enumerate(sorted(found.stored & told.sent)):
            service = services[number % len(services)]
            while (reply := ask(http, service, name, told)) is None or not is_answer(reply):
                if time.monotonic() > until:
                    found.lost.append(f"no question finds {name}")
                    break
                time.sleep(_LOOK_S)


def _receipts(settings: Settings, told: Told, found: Found) -> None:
    with open_records(settings.service_url, lock_dir=None) as records:
        for receipt_id, answer in told.answers.items():
            try:
                kept = records.receipts.get(receipt_id)
            except UnknownReceipt:
                found.lost.append(f"the receipt of {answer.question}")
                continue
            if (kept.question, kept.reply.text) != (answer.question, answer.text):
                found.half.append(f"the receipt of {answer.question} has other words")


def _index(settings: Settings, store: Store, found: Found) -> None:
    """The index has the same rows as one that is built at once, and no others."""
    with store.database.reading() as connection:
        grown, sizes, recorded = _rows(connection)
    if sizes != recorded:
        found.half.append(f"the index has {sizes} chunks and sentences, its papers have {recorded}")
    update_index(settings, store, rebuild=True, embedder=lambda *_: HashedPairs())
    with store.database.reading() as connection:
        built, sizes_built, _ = _rows(connection)
    if sizes != sizes_built:
        found.half.append(f"the index has {sizes} chunks and sentences, one built at once has {sizes_built}")
    for row, number in ((grown - built) + (built - grown)).items():
        found.half.append(f"the index differs from one built at once: {number} of {row[:2]}")


def _rows(connection: Connection) -> tuple[Counter[tuple[Any, ...]], list[int], list[int]]:
    """What the index has of each paper and term, its chunks and sentences, and how many the papers have."""
    tables = sets.current(connection, POSTGRES).tables
    papers = f"SELECT document_id, content_sha256, chunks, sentences, digest, counted FROM {tables.papers}"
    rows = Counter(tuple(row) for row in connection.execute(text(papers)))
    rows.update(tuple(row) for row in connection.execute(text(f"SELECT term, chunks FROM {tables.terms}")))
    rows.update(
        tuple(row)
        for row in connection.execute(
            text(
                f"SELECT p.document_id, o.term, o.chunks FROM {tables.postings} o "
                f"LEFT JOIN {tables.papers} p ON p.id = o.paper"
            )
        )
    )
    counts = [
        connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        for table in (tables.chunks, tables.sentences)
    ]
    recorded = connection.execute(
        text(f"SELECT coalesce(sum(chunks), 0), coalesce(sum(sentences), 0) FROM {tables.papers}")
    ).one()
    return rows, counts, list(recorded)
