"""Embedded papers for benchmarks of an index: given pieces with their vectors, and papers made of them."""

from __future__ import annotations

import pickle
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
from index.search.sentences import owners_of

_SEED = 26

_Piece = tuple[Chunk, Vectors]  # with its vector


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
    parts = [_parts(paper) for paper in given if paper.chunks.pieces] if total < chunks else []
    made = 0
    while total < chunks:
        like = parts[made % len(parts)]
        yield _made(f"made{made:05}", like, parts, numbers)
        total, made = total + len(like.sentences), made + 1


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


@dataclass(frozen=True, slots=True)
class _Parts:
    """A given paper with the rows of the sentences of each chunk."""

    paper: EmbeddedPaper
    sentences: Sequence[Sequence[int]]

    def chunk(self, row: int) -> _Piece:
        return self.paper.chunks.pieces[row], self.paper.chunks.vectors[row]

    def sentence(self, chunk: int, at: int) -> _Piece:
        """The sentence with that number, beginning again behind the last; a chunk without any itself."""
        rows = self.sentences[chunk]
        if not rows:
            return self.chunk(chunk)
        row = rows[at % len(rows)]
        return self.paper.sentences.pieces[row], self.paper.sentences.vectors[row]


def _parts(paper: EmbeddedPaper) -> _Parts:
    sentences: list[list[int]] = [[] for _ in paper.chunks.pieces]
    for row, owner in enumerate(owners_of(paper.sentences.pieces, paper.chunks.pieces).tolist()):
        if owner >= 0:
            sentences[owner].append(row)
    return _Parts(paper, sentences)


def _made(document_id: str, like: _Parts, given: Sequence[_Parts], numbers: random.Random) -> EmbeddedPaper:
    """A paper with the places of one paper and the words and vectors of others.

    The sentences of a chunk are of the two chunks that it is made of, so that their vectors are as near as
    those of a real clause and its sentences.
    """
    one, two = numbers.choice(given), numbers.choice(given)
    rows = [(_row(one, numbers), _row(two, numbers)) for _ in like.sentences]
    chunks = [
        (place, one.chunk(first), two.chunk(second))
        for place, (first, second) in zip(like.paper.chunks.pieces, rows, strict=True)
    ]
    sentences = [
        (like.paper.sentences.pieces[row], one.sentence(first, at), two.sentence(second, at))
        for (first, second), places in zip(rows, like.sentences, strict=True)
        for at, row in enumerate(places)
    ]
    dimension = like.paper.chunks.vectors.shape[1]
    return EmbeddedPaper(
        document_id,
        document_id,
        _mixed(document_id, chunks, dimension),
        _mixed(document_id, sentences, dimension),
    )


def _row(parts: _Parts, numbers: random.Random) -> int:
    return numbers.randrange(len(parts.sentences))


def _mixed(document_id: str, pieces: Sequence[tuple[Chunk, _Piece, _Piece]], dimension: int) -> Embedded:
    """Pieces at the given places, each with the words of the next piece and the mean of two vectors."""
    made = [
        replace(
            place,
            document_id=document_id,
            clause_key=place.clause_key.replace(place.document_id, document_id, 1),
            text=words.text,
            context=words.context,
        )
        for place, (words, _), _ in pieces
    ]
    sums = [one + two for _, (_, one), (_, two) in pieces]
    vectors = np.array(sums, dtype=np.float32).reshape(len(sums), dimension)
    return _embedded(made, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


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
