"""Measures what a clause takes in a large index: bytes, recall, and rows that a search reads.

    python -m benchmarks.scale papers/ --vectors build/scale --questions questions.jsonl

Reads the papers of a folder, embeds them with the model that is set (once: the vectors are kept in the folder
of --vectors), and prints one figure a line. Speeds are ratios to comparing all vectors, in one run with one
thread. `docs/scale.md` computes machines from the figures.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import faiss
import numpy as np

from benchmarks.lite import bytes_in_lite
from corpus.load import load
from corpus.model import Document
from corpus.parse import parse
from corpus.store.papers import Store
from index.build.chunks import chunk_document, embedded_text, sentences_of
from index.milvus.counts import packed
from index.milvus.words import Counted
from index.model import Chunk, Embedder, Fusion, Vectors
from index.search.sentences import owners_of
from index.segments.segment import Ints as Rows
from rag.assemble import open_embedder
from rag.settings import load_settings

K = 50  # as ZHENGWEN_SEARCH__CANDIDATES
_STORED = 60  # papers that are stored to see how large the database becomes
_LITE = 3000  # chunks that are put into Milvus Lite
_QUESTIONS = 100
_INDEXES = {
    "FLAT": "Flat",
    "SQ8": "SQ8",
    "IVF_SQ8": "IVF512,SQ8",
    "HNSW": "HNSW16,Flat",
    "HNSW_SQ": "HNSW16,SQ8",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("papers", type=Path)
    parser.add_argument("--vectors", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True, help="JSON lines with `text` or `query`")
    options = parser.parse_args()
    faiss.omp_set_num_threads(1)
    model = open_embedder(load_settings())
    papers = list(_papers(options.papers))
    chunks = [chunk for paper in papers for chunk in chunk_document(paper)]
    sentences = [sentence for paper in papers for sentence in sentences_of(paper)]
    clauses = sum(len(paper.clauses) for paper in papers)
    _print("papers", len(papers))
    _print("clauses", clauses)
    _print("chunks for a clause", len(chunks) / clauses)
    _print("sentences for a clause", len(sentences) / clauses)
    _print("bytes of text for a clause", sum(len(paper.text.encode()) for paper in papers) / clauses)
    _words(chunks, len(papers))
    _stored(papers[:: max(1, len(papers) // _STORED)])
    own = _vectors(model, chunks, options.vectors / "chunks.npy")
    near = _vectors(model, sentences, options.vectors / "sentences.npy")
    questions = _questions(options.questions)
    vectors = np.stack([model.embed_query(question) for question in questions])
    _read(own, near, owners_of(sentences, chunks), vectors)
    _indexes(own, vectors)
    _print("bytes of a row of chunks in Milvus Lite", bytes_in_lite(chunks[:_LITE], own[:_LITE]))


def _print(what: str, value: float) -> None:
    print(f"{what}\t{value:,.3f}" if isinstance(value, float) else f"{what}\t{value:,}", flush=True)


def _papers(folder: Path) -> Iterator[Document]:
    for path in sorted(folder.iterdir()):
        yield parse(load(path.read_bytes(), name=path.name, url=""), document_id=path.stem)


def _questions(file: Path) -> list[str]:
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()[:_QUESTIONS]]
    return [row.get("text") or row["query"] for row in rows]


def _vectors(model: Embedder, pieces: Sequence[Chunk], file: Path) -> Vectors:
    if file.exists():
        found: Vectors = np.load(file)
        assert len(found) == len(pieces), f"{file} is of other papers: delete it"
        return found
    file.parent.mkdir(parents=True, exist_ok=True)
    made = model.embed_documents([embedded_text(piece) for piece in pieces])
    np.save(file, made)
    return made


def _words(chunks: Sequence[Chunk], papers: int) -> None:
    counted = [Counted.of(chunk) for chunk in chunks]
    _print("different words of a chunk", sum(len(one.counts) for one in counted) / len(chunks))
    _print("different words in all", len({number for one in counted for number in one.counts}))
    of_paper: dict[str, dict[int, int]] = {}
    for chunk, one in zip(chunks, counted, strict=True):
        known = of_paper.setdefault(chunk.document_id, {})
        for number in one.counts:
            known[number] = known.get(number, 0) + 1
    _print("bytes of the counts of a paper", sum(len(packed(one)) for one in of_paper.values()) / papers)


def _stored(papers: Sequence[Document]) -> None:
    with TemporaryDirectory() as folder:
        with Store(f"sqlite:///{folder}/papers.db") as store:
            for paper in papers:
                store.add(paper, original=paper.text.encode())
        size = sum(file.stat().st_size for file in Path(folder).glob("papers.db*"))
    _print("bytes of the store for a clause", size / sum(len(paper.clauses) for paper in papers))


def _read(own: Vectors, near: Vectors, owners: Rows, questions: Vectors) -> None:
    """How far both lists have to be read until no chunk outside of them can be among the best."""
    share, needed, found = Fusion().sentence_share, [], []
    inside = owners >= 0
    for question in questions:
        chunk = own @ question
        best = np.full(len(own), -2, dtype=np.float32)
        np.maximum.at(best, owners[inside], (near @ question)[inside])
        best = np.where(best < -1, chunk, best)
        joined = share * best + (1 - share) * chunk
        by_own, by_best = np.argsort(-chunk), np.argsort(-best)
        bound = share * best[by_best] + (1 - share) * chunk[by_own]
        needed.append(int(np.argmax(bound <= np.sort(joined)[-K])) + 1)
        both = set(by_own[: 4 * K].tolist()) | set(by_best[: 4 * K].tolist())
        found.append(len(both & set(np.argsort(-joined)[:K].tolist())) / K)
    for name, at in (("half", 50), ("nine in ten", 90), ("all", 100)):
        _print(f"rows of each list that {name} of the questions need", int(np.percentile(needed, at)))
    _print(f"share of the best {K} that are among the first {4 * K} of either list", float(np.mean(found)))


def _indexes(vectors: Vectors, questions: Vectors) -> None:
    """Bytes, recall and relative time of kinds of indexes over the vectors of the chunks."""
    exact = 0.0
    best: list[set[int]] = []
    for name, kind in _INDEXES.items():
        index: Any = faiss.index_factory(vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
        begin = time.process_time()
        index.train(vectors)
        index.add(vectors)
        built = time.process_time() - begin
        if name.startswith("HNSW"):
            index.hnsw.efSearch = 4 * K
        elif name.startswith("IVF"):
            index.nprobe = 64
        begin = time.process_time()
        rows = [index.search(question[None], K)[1][0] for question in questions]
        took = time.process_time() - begin
        if name == "FLAT":
            exact, best = took, [set(found.tolist()) for found in rows]
        recall = np.mean([len(b & set(found.tolist())) / K for b, found in zip(best, rows, strict=True)])
        _print(f"{name}: bytes of a vector", faiss.serialize_index(index).nbytes / len(vectors))
        _print(f"{name}: share of the best {K} found", float(recall))
        _print(f"{name}: time of a search, all vectors compared = 1", took / exact)
        _print(f"{name}: ms to add a vector", 1000 * built / len(vectors))


if __name__ == "__main__":
    main()
