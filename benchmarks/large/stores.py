"""Fills a store with recombined papers: some as `zhengwen ingest` does, the others many in a transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, insert, select

from corpus.facts.building import facts_in_force
from corpus.facts.model import EXTRACTOR, PaperFacts
from corpus.files import ReadPaper
from corpus.ids import id_of, renamed
from corpus.ingest import store_papers
from corpus.load import load
from corpus.parse import parse
from corpus.store import audit, codec, rows
from corpus.store.audit import Action
from corpus.store.facts.rows import insert_facts
from corpus.store.papers import Store
from corpus.store.schema import DOCUMENTS

_AT_ONCE = 200  # papers in a transaction


@dataclass(slots=True)
class Seconds:
    """CPU seconds and papers by stage."""

    of: dict[str, float] = field(default_factory=dict)
    papers: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, papers: int = 1) -> Iterator[None]:
        started = time.process_time()
        yield
        self.of[name] = self.of.get(name, 0.0) + time.process_time() - started
        self.papers[name] = self.papers.get(name, 0) + papers

    def ms_a_paper(self) -> dict[str, float]:
        return {name: 1000 * spent / self.papers[name] for name, spent in self.of.items()}


def fill(
    store: Store,
    papers: Callable[[int], bytes],
    *,
    count: int,
    whole: int,
    report: Callable[[str], None],
) -> Seconds:
    """Stores papers 0 to `count` - 1, going on after those that are stored.

    The first `whole` go through `store_papers`, one transaction each, with their facts. The others are parsed
    and written alike, without reading their facts (some 50 ms of CPU a paper): they have none.
    """
    seconds = Seconds()
    with store.database.reading() as connection:
        done = connection.execute(select(func.count()).select_from(DOCUMENTS)).scalar_one()
    while done < count:
        numbers = range(done, min(done + _AT_ONCE, min(whole, count) if done < whole else count))
        with seconds.stage("parse", len(numbers)):
            read = [_read(papers(number), number) for number in numbers]
        if done < whole:
            with seconds.stage("store, with facts", len(numbers)):
                store_papers(store, read)
        else:
            with seconds.stage("store, without facts", len(numbers)), store.database.writing() as connection:
                for one in read:
                    _put(connection, one)
        done = numbers.stop
        report(f"{done} papers stored")
    return seconds


def _read(data: bytes, number: int) -> ReadPaper:
    name = f"p{number:06}.txt"
    return ReadPaper(name, parse(load(data, name=name, url=""), document_id=name[:-4]), data)


def _put(connection: Connection, paper: ReadPaper) -> None:
    """Writes a new paper as `corpus.store.versions.put` does, with no facts."""
    document = renamed(paper.document, id_of(paper.document))
    content = codec.content_hash(document)
    connection.execute(insert(DOCUMENTS).values(id=document.id, version=1))
    rows.insert_version(connection, document, version=1, content=content, original=paper.data)
    rows.insert_head(connection, document, version=1, content=content)
    none = facts_in_force(document, facts=PaperFacts(document.id, EXTRACTOR, ()))
    insert_facts(connection, none, version=1, content=content)
    audit.write(connection, Action.ADDED, document.id, {"version": 1, "sha256": document.source.sha256})
