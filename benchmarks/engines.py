"""Compares an engine of several servers with the embedded one: best ten, processor time, build time, disk.

    python -m benchmarks.engines PIECES --engine postgres [--chunks 100000] [--questions FILE.jsonl …]

PIECES is a folder with `pieces.pkl` (a tuple of the chunks and the sentences of papers, as
`index.build.chunks` makes them) and their vectors in `chunks.npy` and `sentences.npy`. With more `--chunks`
than there are, further papers are made of them: each vector is the mean of two, each text that of another
piece. The five papers that come with the program are added. A line of FILE has a `question` or a `text`.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text

from benchmarks.many_papers import papers_of, processor_s, store_heads
from benchmarks.postgres_server import PostgresServer, new_database
from corpus.store.papers import Store
from index.build.manifest import Chunking
from index.build.pieces import EmbeddedPaper
from index.build.writing.fresh import segment_of
from index.model import Embedder, Fusion, Hit, Searcher, TermStatistics, Vectors
from index.postgres import sets
from index.postgres.building import key_of
from index.postgres.connections import require_extension
from index.postgres.dialect import POSTGRES
from index.postgres.engine import PostgresEngine
from index.postgres.opened import OpenPostgres
from index.postgres.writing import put_paper
from index.search.fusion import fuse
from index.search.lexical import term_weights
from index.search.live import LiveRows
from index.search.segmented import SegmentSearcher
from index.search.words import Words
from rag.assemble import open_embedder
from rag.settings import load_settings

_BEST, _CANDIDATES = 10, 50  # hits that are compared; chunks that a search considers, as by default
_SEED = 26

Search = Callable[[str, Vectors, Collection[str] | None], list[Hit]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pieces", type=Path)
    parser.add_argument("--engine", choices=["postgres"], default="postgres")
    parser.add_argument("--chunks", type=int, default=0, help="make papers up to so many chunks")
    parser.add_argument("--questions", type=Path, nargs="+", required=True)
    parser.add_argument("--most", type=int, default=200, help="questions of each file")
    given = parser.parse_args()
    embedder = open_embedder(load_settings())
    papers = list(papers_of(given.pieces, embedder, chunks=given.chunks))
    questions = {path.stem: _questions(path, given.most) for path in given.questions}
    vectors = {q: embedder.embed_query(q) for some in questions.values() for q in some}
    server = PostgresServer(
        durable=True, settings=["shared_buffers=1GB", "max_wal_size=8GB", "shared_memory_type=mmap"]
    )
    try:
        _compare(server, papers, questions, vectors, embedder)
    finally:
        server.stop()


def _compare(
    server: PostgresServer,
    papers: Sequence[EmbeddedPaper],
    questions: Mapping[str, Sequence[str]],
    vectors: Mapping[str, Vectors],
    embedder: Embedder,
) -> None:
    chunks = [piece for paper in papers for piece in paper.chunks.pieces]
    sentences = sum(len(paper.sentences.pieces) for paper in papers)
    print(f"{len(papers)} papers, {len(chunks)} chunks, {sentences} sentences", flush=True)
    embedded, terms = _embedded(papers)
    flat = _searching(embedded, terms)
    url = new_database(server.url())
    with Store(url) as store:
        index = _built(store, PostgresEngine(url), papers, embedder, server)
        with store.database.reading() as connection:
            for table in index.set.tables.all:
                size = f"SELECT pg_table_size('{table}') >> 20, pg_indexes_size('{table}') >> 20"
                print(table, "MiB of rows, of indexes:", *connection.execute(text(size)).one())
    hybrid = _searching(index.searcher(Fusion()), index.terms)
    ids = [paper.document_id for paper in papers]
    few = random.Random(_SEED).sample(ids, max(1, len(ids) // 10))
    for name, some in questions.items():
        for which, documents in (("all papers", None), ("a tenth of them", few), ("one paper", ids[:1])):
            _report(name, which, some, vectors, documents, flat, hybrid, server)


def _report(
    name: str,
    which: str,
    questions: Sequence[str],
    vectors: Mapping[str, Vectors],
    documents: Collection[str] | None,
    flat: Search,
    hybrid: Search,
    server: PostgresServer,
) -> None:
    """Prints how the best ten differ, and the processor time of a search."""
    expected = [_places(flat(q, vectors[q], documents)) for q in questions]
    found = [_places(hybrid(q, vectors[q], documents)) for q in questions]  # fills the caches, too
    same = sum(one == other for one, other in zip(expected, found, strict=True))
    overlap = statistics.mean(
        len({*one} & {*other}) / max(len(one), 1) for one, other in zip(expected, found, strict=True)
    )
    own, of_server, times = time.process_time(), processor_s(server), []
    for question in questions:
        began = time.perf_counter()
        hybrid(question, vectors[question], documents)
        times.append(time.perf_counter() - began)
    own, of_server = time.process_time() - own, processor_s(server) - of_server
    began = time.process_time()
    for question in questions:
        flat(question, vectors[question], documents)
    alone = time.process_time() - began
    each, median = 1000 / len(questions), statistics.median(times) * 1000
    print(
        f"{name}, {which}: {same} of {len(questions)} best tens equal, {overlap:.2%} of their clauses; "
        f"processor {(own + of_server) * each:.1f} ms a search (client {own * each:.1f}, server "
        f"{of_server * each:.1f}), embedded engine {alone * each:.1f} ms, median {median:.1f} ms",
        flush=True,
    )
    for question, one, other in zip(questions, expected, found, strict=True):
        if one != other:
            places = [at for at, place in enumerate(one, 1) if other[at - 1 : at] != [place]]
            print(f"  {question[:40]}: places {places}")


def _searching(engine: Searcher, terms: TermStatistics) -> Search:
    def search(question: str, vector: Vectors, documents: Collection[str] | None) -> list[Hit]:
        weights = term_weights(question)
        matches = engine.search(vector, weights, k=_CANDIDATES, documents=documents)
        return fuse(matches, words=0.55 * terms.known(weights), k=_BEST)

    return search


def _places(hits: Sequence[Hit]) -> list[tuple[str, int]]:
    return [(hit.chunk.clause_key, hit.chunk.start) for hit in hits]


def _embedded(papers: Sequence[EmbeddedPaper]) -> tuple[Searcher, TermStatistics]:
    segment = segment_of(papers, dimension=papers[0].chunks.vectors.shape[1])
    rows = LiveRows([segment], [range(len(papers))])
    words = Words(rows)
    return SegmentSearcher(rows, words, fusion=Fusion()), words


def _built(
    store: Store,
    engine: PostgresEngine,
    papers: Sequence[EmbeddedPaper],
    embedder: Embedder,
    server: PostgresServer,
) -> OpenPostgres:
    """Builds the index of given vectors, and prints how long that takes without embedding."""
    contents = store_heads(store, papers)
    began, cpu = time.perf_counter(), time.process_time() + processor_s(server)
    key = key_of(embedder.fingerprint, Chunking())
    with store.database.writing() as connection:
        require_extension(connection, POSTGRES)
        one = sets.begin(connection, POSTGRES, key=key, dimension=embedder.dimension, anew=False)
    for paper in papers:
        with store.database.writing() as connection:
            put_paper(connection, one.tables, replace(paper, content_sha256=contents[paper.document_id]))
    rows = time.perf_counter() - began
    index = engine.build(store, embedder=embedder, chunking=Chunking(), calibration={})
    cpu = time.process_time() + processor_s(server) - cpu
    print(
        f"build: {time.perf_counter() - began:.0f} s, of which rows {rows:.0f} s; processor {cpu:.0f} s",
        flush=True,
    )
    return index


def _questions(path: Path, most: int) -> list[str]:
    """The questions of a file, each once."""
    lines = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    found = dict.fromkeys(str(line.get("question") or line.get("text") or "") for line in lines)
    return [question for question in found if question][:most]


if __name__ == "__main__":
    main()
