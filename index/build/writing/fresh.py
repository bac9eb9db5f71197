"""Makes a segment in memory from papers that were cut and embedded."""

from __future__ import annotations

from array import array
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
_ROW_BITS = 31


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
    columns = _Columns()
    of_column, sizes = array("i"), array("i")
    for chunk in chunks:
        found = terms_of(chunk)
        of_column.extend(map(columns.__getitem__, found))
        sizes.append(len(found))
    keys = np.fromiter(map(key_of, columns), dtype=np.uint64, count=len(columns))
    by_key = np.argsort(keys, kind="stable")
    rank = np.empty(len(keys), dtype=np.int64)
    rank[by_key] = np.arange(len(keys))
    rows = np.repeat(np.arange(len(chunks)), np.asarray(sizes, dtype=np.int64))
    # Every occurrence of a term as one number: that of the term, then that of the row.
    occurrences = rank[np.asarray(of_column, dtype=np.int64)] << _ROW_BITS | rows
    postings, counts = np.unique(occurrences, return_counts=True)
    return _Postings(
        # A text without terms counts as length 1, so that the mean is never 0.
        lengths=np.maximum(np.asarray(sizes, dtype=np.int32), 1),
        terms=keys[by_key],
        starts=_starts(np.bincount(postings >> _ROW_BITS, minlength=len(keys)).tolist()),
        rows=(postings & ((1 << _ROW_BITS) - 1)).astype(np.int32),
        counts=np.minimum(counts, _MOST).astype(np.uint16),
    )


class _Columns(dict[str, int]):
    """Numbers terms in the order of their first occurrence."""

    def __missing__(self, term: str) -> int:
        return self.setdefault(term, len(self))


def _starts(counts: Iterator[int] | Sequence[int] | map[int] | chain[int]) -> Ints:
    return np.fromiter(accumulate(counts, initial=0), dtype=np.int64)


def _places(pieces: Sequence[Chunk]) -> Rows:
    return np.array([(one.start, one.end) for one in pieces], dtype=np.int32).reshape(len(pieces), 2)


def _hashes(hashes: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex("".join(hashes)), dtype=np.uint8).reshape(len(hashes), 32)


def _vectors(parts: Sequence[Vectors], dimension: int) -> Vectors:
    rows = np.concatenate(parts) if parts else np.empty((0, dimension))
    return np.ascontiguousarray(rows.reshape(-1, dimension), dtype=np.float32)
