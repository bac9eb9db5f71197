"""Rows of the two collections: chunks with words and vectors, and sentences with vectors."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from index.build.pieces import Embedded, EmbeddedPaper
from index.milvus.server import Field, Row
from index.milvus.words import Counted, sparse_vector
from index.search.sentences import owners_of

_TEXT = 1024  # bytes of the longest key of a clause
_ID = 64  # bytes of the longest primary key

# Index types of dense vectors, each with what a search must say. `limit` rows need at least as many
# candidates.
INDEX_TYPES = ("AUTOINDEX", "FLAT", "HNSW", "HNSW_SQ", "IVF_SQ8", "DISKANN")


@dataclass(frozen=True, slots=True)
class PaperRows:
    """The rows of one paper, and what the ledger keeps of it."""

    chunks: list[Row]
    sentences: list[Row]
    length: int  # terms of all chunks
    containing: Mapping[int, int]  # chunks that contain a term, by its number


def paper_key(document_id: str, content: str) -> int:
    """A number for one content of a paper: 64 bits of a digest."""
    digest = hashlib.sha256(f"{document_id}\0{content}".encode()).digest()
    return int.from_bytes(digest[:8], "little", signed=True)


def chunk_id(key: int, position: int) -> str:
    """The primary key of a chunk: its paper's id and content, and its place in reading order."""
    return f"{key & (1 << 64) - 1:016x}.{position}"


def short(digest: str) -> str:
    """The half of a digest that rows keep: 128 bits."""
    return digest[:32]


def sentence_id(chunk: str, position: int) -> str:
    return f"{chunk}.{position}"


def chunk_of(sentence: str) -> str:
    """The primary key of the chunk that contains a sentence."""
    return sentence.rpartition(".")[0]


def key_of(row_id: str) -> int:
    """The key of the paper of a chunk or sentence."""
    return int.from_bytes(bytes.fromhex(row_id[:16]), "big", signed=True)


def position_of(chunk: str) -> int:
    return int(chunk.partition(".")[2])


def chunk_fields(dimension: int) -> list[Field]:
    return [
        Field("id", "text", {"is_primary": True, "max_length": _ID}),
        Field("paper", "integer"),
        Field("clause", "text", {"max_length": _TEXT}),
        Field("start", "integer"),
        Field("end", "integer"),
        Field("sentences", "integer"),
        Field("length", "integer"),
        Field("digest", "text", {"max_length": _ID}),
        Field("words", "sparse"),
        Field("vector", "vector", {"dim": dimension}),
    ]


def sentence_fields(dimension: int) -> list[Field]:
    return [
        Field("id", "text", {"is_primary": True, "max_length": _ID}),
        Field("paper", "integer"),
        Field("start", "integer"),
        Field("end", "integer"),
        Field("digest", "text", {"max_length": _ID}),
        Field("vector", "vector", {"dim": dimension}),
    ]


def dense_index(index_type: str) -> Row:
    """The index of the vectors. Those of HNSW_SQ and IVF_SQ8 are a byte a component.

    They only choose what is read; scores are computed from the vectors as they were written.
    """
    params: Row = {}
    if index_type == "HNSW_SQ":
        params = {"M": 16, "efConstruction": 200, "sq_type": "SQ8"}
    elif index_type == "HNSW":
        params = {"M": 16, "efConstruction": 200}
    return {"field_name": "vector", "index_type": index_type, "metric_type": "IP", "params": params}


def scalar_index() -> Row:
    return {"field_name": "paper", "index_type": "INVERTED"}


def sparse_index() -> Row:
    return {"field_name": "words", "index_type": "SPARSE_INVERTED_INDEX", "metric_type": "IP"}


def search_params(index_type: str, limit: int) -> Row:
    """How widely an approximate index is searched for `limit` rows."""
    match index_type:
        case "HNSW" | "HNSW_SQ":
            return {"ef": max(2 * limit, 200)}
        case "DISKANN":
            return {"search_list": max(limit + limit // 2, 200)}
        case "IVF_SQ8":
            return {"nprobe": 64}
        case _:
            return {}


def rows_of(paper: EmbeddedPaper, mean: float) -> PaperRows:
    """The rows of a paper; `mean` is the mean length of chunks that its collection has.

    A chunk without sentences has its own vector among those of the sentences, as if it were one itself, so
    that the score of every chunk is a sum of one row of each collection.
    """
    key = paper_key(paper.document_id, paper.content_sha256)
    counted = [Counted.of(piece) for piece in paper.chunks.pieces]
    owners = owners_of(paper.sentences.pieces, paper.chunks.pieces).tolist()
    held = Counter(owner for owner in owners if owner >= 0)
    chunks, sentences = [], []
    for position, piece in enumerate(paper.chunks.pieces):
        row = _row(paper.chunks, position, chunk_id(key, position), key)
        words = counted[position]
        own = {"clause": piece.clause_key, "sentences": held[position], "length": words.length}
        chunks.append(row | own | {"words": sparse_vector(words, mean)})
        if not held[position]:
            stand_in = {"id": sentence_id(row["id"], 0), "start": -1, "end": -1}
            sentences.append(row | stand_in)
    seen = Counter[int]()
    for place, owner in enumerate(owners):
        if owner >= 0:
            row_id = sentence_id(chunk_id(key, owner), seen[owner])
            sentences.append(_row(paper.sentences, place, row_id, key))
            seen[owner] += 1
    containing = Counter(number for words in counted for number in words.counts)
    return PaperRows(chunks, sentences, sum(words.length for words in counted), containing)


def _row(of: Embedded, place: int, row_id: str, key: int) -> Row:
    piece = of.pieces[place]
    return {
        "id": row_id,
        "paper": key,
        "start": piece.start,
        "end": piece.end,
        "digest": short(of.hashes[place]),
        "vector": of.vectors[place],
    }
