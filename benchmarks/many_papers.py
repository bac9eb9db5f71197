"""Embedded papers for benchmarks of an index: given pieces with their vectors, and papers made of them."""

from __future__ import annotations

import pickle
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.postgres_server import PostgresServer
from corpus.load import load
from corpus.parse import parse
from corpus.store.papers import Store
from corpus.store.shipped_papers import starting_papers
from index.build.manifest import Chunking
from index.build.pieces import Embedded, EmbeddedPaper, embedded_papers
from index.build.starting_vectors import shipped
from index.model import Chunk, Embedder, Vectors

_SEED = 26


def papers_of(folder: Path, embedder: Embedder, *, chunks: int) -> Iterator[EmbeddedPaper]:
    """The papers in `folder`, the five of the program, and made ones up to that number of chunks.

    A made paper has as many pieces as a given one. Each vector is the mean of two, each text that of another
    piece; no two papers have one piece.
    """
    given = list(_given(folder))
    yield from given
    five = [
        (parse(load(p.data, name=p.name, url=p.url), document_id=p.document_id), p.document_id)
        for p in starting_papers()
    ]
    known = shipped(embedder.fingerprint)
    yield from embedded_papers(five, embedder=embedder, chunking=Chunking(), known=lambda _: known)
    total, numbers = sum(len(paper.chunks.pieces) for paper in given), random.Random(_SEED)
    made = 0
    while total < chunks:
        like = given[made % len(given)]
        yield _made(f"made{made:05}", like, given, numbers)
        total, made = total + len(like.chunks.pieces), made + 1


def _given(folder: Path) -> Iterator[EmbeddedPaper]:
    chunks, sentences = pickle.loads((folder / "pieces.pkl").read_bytes())
    vectors = np.load(folder / "chunks.npy"), np.load(folder / "sentences.npy")
    rows: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for kind, pieces in enumerate((chunks, sentences)):
        for row, piece in enumerate(pieces):
            rows[piece.document_id][kind].append(row)
    for document_id, (own, near) in rows.items():
        yield EmbeddedPaper(
            document_id,
            document_id,
            _embedded([chunks[row] for row in own], vectors[0][own]),
            _embedded([sentences[row] for row in near], vectors[1][near]),
        )


def _made(
    document_id: str, like: EmbeddedPaper, given: Sequence[EmbeddedPaper], numbers: random.Random
) -> EmbeddedPaper:
    """A paper with the places of one paper and the words and vectors of others."""
    other, second = numbers.choice(given), numbers.choice(given)
    return EmbeddedPaper(
        document_id,
        document_id,
        _mixed(document_id, like.chunks, other.chunks, second.chunks, numbers),
        _mixed(document_id, like.sentences, other.sentences, second.sentences, numbers),
    )


def _mixed(
    document_id: str, like: Embedded, other: Embedded, second: Embedded, numbers: random.Random
) -> Embedded:
    count = len(like.pieces)
    one, two = (
        numbers.choices(range(len(some.pieces)), k=count) if some.pieces else [] for some in (other, second)
    )
    if not one or not two:
        return _embedded([], np.zeros((0, like.vectors.shape[1]), dtype=np.float32))
    vectors = other.vectors[one] + second.vectors[two]
    pieces = [
        replace(
            piece,
            document_id=document_id,
            clause_key=piece.clause_key.replace(piece.document_id, document_id, 1),
            text=other.pieces[row].text,
            context=other.pieces[row].context,
        )
        for piece, row in zip(like.pieces, one, strict=True)
    ]
    return _embedded(pieces, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _embedded(pieces: Sequence[Chunk], vectors: Vectors) -> Embedded:
    # Stands for the digest of the text, which is never compared here.
    hashes = [f"{hash((piece.clause_key, piece.start)) & 0xFFFFFFFFFFFF:064x}" for piece in pieces]
    return Embedded(tuple(pieces), tuple(hashes), vectors.astype(np.float32))


def store_heads(store: Store, papers: Sequence[EmbeddedPaper]) -> dict[str, str]:
    """Stores a short paper for each of them, so that they are in use; returns their content hashes."""
    for paper in papers:
        text = f"{paper.document_id}\n\n第一条 本文件仅供测试。\n".encode()
        store.add(parse(load(text, name="paper.txt", url=""), document_id=paper.document_id))
    return store.in_use()


def processor_s(server: PostgresServer) -> float:
    """Processor seconds of all processes of the server until now, also of those that have ended."""
    first = server.pid()
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return _times(first, ended=True) + sum(_times(int(pid), ended=False) for pid in children)


def _times(pid: int, *, ended: bool) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:  # it has just ended: its first process has its times at the next look
        return 0.0
    return sum(int(value) for value in fields[11 : 15 if ended else 13]) * _TICK_S


_TICK_S = 0.01  # unit of the times in /proc/…/stat
