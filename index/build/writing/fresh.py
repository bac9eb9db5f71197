"""Makes a segment in memory from papers that were cut and embedded."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

import numpy as np
import numpy.typing as npt

from index.model import Chunk, EmbeddedPaper, Vectors
from index.search.bm25 import highest
from index.search.lexical import terms_of
from index.search.sentences import owners_of
from index.segments.segment import Ints, Rows, Segment
from index.segments.term_keys import key_of

_MOST = np.iinfo(np.uint16).max  # times that a term is counted in a chunk


def segment_of(papers: Sequence[EmbeddedPaper], *, dimension: int) -> Segment:
    """A segment of the papers in their order. Sentences that begin in no chunk are left out."""
    chunks = [chunk for paper in papers for chunk in paper.chunks.pieces]
    owned = [_owned(paper) for paper in papers]
    near = [(paper, row) for paper, (rows, _) in zip(papers, owned, strict=True) for row in rows]
    keys = [chunk.clause_key.encode() for chunk in chunks]
    postings = _postings(chunks)
    mean = float(postings.lengths.mean()) if chunks else 1.0
    return Segment(
        name="",
        papers=tuple((paper.document_id, paper.content_sha256) for paper in papers),
        mean_length=mean,
        paper_starts=_starts(len(paper.chunks.pieces) for paper in papers),
        clause_keys=np.frombuffer(b"".join(keys), dtype=np.uint8),
        clause_key_starts=_starts(map(len, keys)),
        chunk_places=_places(chunks),
        chunk_hashes=_hashes([one for paper in papers for one in paper.chunks.hashes]),
        chunk_vectors=_vectors([paper.chunks.vectors for paper in papers], dimension),
        sentence_starts=_starts(chain.from_iterable(counts for _, counts in owned)),
        sentence_places=_places([paper.sentences.pieces[row] for paper, row in near]),
        sentence_hashes=_hashes([paper.sentences.hashes[row] for paper, row in near]),
        sentence_vectors=_vectors(
            [paper.sentences.vectors[rows] for paper, (rows, _) in zip(papers, owned, strict=True)], dimension
        ),
        lengths=postings.lengths,
        terms=postings.terms,
        term_starts=postings.starts,
        rows=postings.rows,
        counts=postings.counts,
        bounds=highest(postings.rows, postings.counts, postings.starts, postings.lengths, mean),
    )


def _owned(paper: EmbeddedPaper) -> tuple[Ints, list[int]]:
    """The sentences that begin in a chunk, chunk by chunk, and how many of each chunk."""
    owners = owners_of(paper.sentences.pieces, paper.chunks.pieces)
    some = np.flatnonzero(owners >= 0)
    counts: list[int] = np.bincount(owners[some], minlength=len(paper.chunks.pieces)).tolist()
    return some[np.argsort(owners[some], kind="stable")], counts


@dataclass(frozen=True, slots=True)
class _Postings:
    lengths: Rows
    terms: npt.NDArray[np.uint64]
    starts: Ints
    rows: Rows
    counts: npt.NDArray[np.uint16]


def _postings(chunks: Sequence[Chunk]) -> _Postings:
    columns: dict[str, int] = {}
    of_column, rows, counts, lengths = array("i"), array("i"), array("i"), array("i")
    for row, chunk in enumerate(chunks):
        found = terms_of(chunk)
        # A text without terms counts as length 1, so that the mean is never 0.
        lengths.append(len(found) or 1)
        for term, count in Counter(found).items():
            of_column.append(columns.setdefault(term, len(columns)))
            rows.append(row)
            counts.append(min(count, _MOST))
    keys = np.fromiter(map(key_of, columns), dtype=np.uint64, count=len(columns))
    by_key = np.argsort(keys, kind="stable")
    rank = np.empty(len(keys), dtype=np.int64)
    rank[by_key] = np.arange(len(keys))
    ranks = rank[np.asarray(of_column, dtype=np.int64)]
    order = np.argsort(ranks, kind="stable")  # stable: rows stay ascending in each term
    return _Postings(
        lengths=np.asarray(lengths, dtype=np.int32),
        terms=keys[by_key],
        starts=_starts(np.bincount(ranks, minlength=len(keys)).tolist()),
        rows=np.asarray(rows, dtype=np.int32)[order],
        counts=np.asarray(counts, dtype=np.uint16)[order],
    )


def _starts(counts: Iterator[int] | Sequence[int] | map[int] | chain[int]) -> Ints:
    return np.fromiter(accumulate(counts, initial=0), dtype=np.int64)


def _places(pieces: Sequence[Chunk]) -> Rows:
    return np.array([(one.start, one.end) for one in pieces], dtype=np.int32).reshape(len(pieces), 2)


def _hashes(hashes: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex("".join(hashes)), dtype=np.uint8).reshape(len(hashes), 32)


def _vectors(parts: Sequence[Vectors], dimension: int) -> Vectors:
    rows = np.concatenate(parts) if parts else np.empty((0, dimension))
    return np.ascontiguousarray(rows.reshape(-1, dimension), dtype=np.float32)
