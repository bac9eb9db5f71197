"""Files of a segment: an immutable folder with the rows of some papers as arrays.

segments/3f0c…/
  segment.json               the papers, and the type, shape and SHA-256 of every array
  chunk_vectors, …           one file for each array, little endian, without a header

The folder is called after the SHA-256 of segment.json, so that a segment vouches for itself. It contains no
text. A row is a chunk; rows of one paper follow one another, and so do the sentences of one chunk.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

INFO = "segment.json"
NAME_LENGTH = 32  # hexadecimal digits of the digest that name a folder
CHUNK_VECTORS, SENTENCE_VECTORS = "chunk_vectors", "sentence_vectors"
ROWS, COUNTS = "rows", "counts"
CHUNK_LISTS, SENTENCE_LISTS = LISTS = ("chunk_lists", "sentence_lists")

DTYPES = {
    "paper_starts": "<i8",  # (papers + 1): first row of each paper
    "clause_keys": "|u1",  # the keys of the clauses one after the other, UTF-8
    "clause_key_starts": "<i8",  # (chunks + 1)
    "chunk_places": "<i4",  # (chunks, 2): start and end in Document.text
    "chunk_hashes": "|u1",  # (chunks, 32): SHA-256 of the embedded text
    CHUNK_VECTORS: "<f4",  # (chunks, dimension)
    "sentence_starts": "<i8",  # (chunks + 1): first sentence of each chunk
    "sentence_places": "<i4",  # (sentences, 2)
    "sentence_hashes": "|u1",  # (sentences, 32)
    SENTENCE_VECTORS: "<f4",  # (sentences, dimension)
    "lengths": "<i4",  # (chunks): terms of each chunk, at least 1
    "terms": "<u8",  # ascending, as of `index.segments.term_keys`
    "term_starts": "<i8",  # (terms + 1): first posting of each term
    ROWS: "<i4",  # of the chunks that contain a term, ascending
    COUNTS: "<u2",  # how often the term occurs there
    "bounds": "<f4",  # (terms): the most that a row adds to a BM25 score, before the idf
}
VECTORS = (CHUNK_VECTORS, SENTENCE_VECTORS)  # as wide as the vectors of the model
WIDTHS = {"chunk_places": 2, "sentence_places": 2, "chunk_hashes": 32, "sentence_hashes": 32}
# What only ranks, and is not read in full at a start where it is large. All the rest says where a quote is.
RANKING = frozenset({CHUNK_VECTORS, SENTENCE_VECTORS, ROWS, COUNTS, "chunk_hashes", "sentence_hashes"})


class StoredArray(BaseModel):
    """An array as it is in its file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dtype: str
    shape: tuple[int, ...]
    sha256: str


class SegmentInfo(BaseModel):
    """Content of segment.json."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    fingerprint: str  # of the embedding model
    dimension: int
    chunking: str  # Chunking.key
    papers: tuple[tuple[str, str], ...]  # document id and content hash
    rows: tuple[int, ...]  # chunks of each paper
    mean_length: float  # of the rows in terms, for `bounds`
    arrays: dict[str, StoredArray]
    lists: dict[str, str] = {}  # SHA-256 of the files of lists: of large segments, see `index.segments.lists`
