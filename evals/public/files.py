"""Reads a public test set from a folder: corpus.jsonl, queries and relevance judgements in BEIR format.

Thakur et al., "BEIR: A heterogeneous benchmark for zero-shot evaluation of information retrieval models",
NeurIPS Datasets and Benchmarks 2021. docs/public-sets.md describes the files and the optional ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.errors import FolderFault

CORPUS = "corpus.jsonl"
QUERIES = "queries.jsonl"
_QRELS = "qrels.tsv"
_SPANS = "spans.jsonl"
_UNANSWERABLE = "unanswerable.jsonl"
_HEADER = ["query-id", "corpus-id", "score"]
_DEFAULT = "queries"  # name of the query file without a name
_ENCODING = "utf-8-sig"


class _Line(BaseModel):
    """Base of all lines. Public sets have keys of their own, so unknown ones are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class Metadata(_Line):
    """Optional metadata of a corpus line."""

    law: str | None = None
    article: str | None = None
    article_arabic: int | None = None
    chapter: str | None = None
    section: str | None = None
    status: str | None = None  # 现行有效, 已废止, 历史版本
    publish_date: str | None = None


class CorpusLine(_Line):
    """A text of the corpus that may answer a question."""

    id: str = Field(alias="_id", min_length=1)
    title: str = ""
    text: str = Field(min_length=1)
    metadata: Metadata = Metadata()


class _Asked(_Line):
    split: str | None = None
    answer_string_in_corpus: bool = False


class QueryLine(_Line):
    """A question."""

    id: str = Field(alias="_id", min_length=1)
    text: str = Field(min_length=1)
    metadata: _Asked = _Asked()


class SpanLine(_Line):
    """A question with the strings that answer it, each verbatim from the corpus."""

    id: str = Field(min_length=1)
    doc: str = Field(min_length=1)
    question: str = Field(min_length=1)
    answers: list[str] = Field(min_length=1)
    split: str | None = None


Kept = TypeVar("Kept", CorpusLine, QueryLine, SpanLine)
Qrels = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class QuerySet:
    """A named set of questions with relevance judgements: query id → corpus id → score."""

    name: str
    queries: tuple[QueryLine, ...]
    qrels: Qrels


@dataclass(frozen=True, slots=True)
class PublicSet:
    """All files of a folder."""

    folder: Path
    corpus: tuple[CorpusLine, ...]
    query_sets: tuple[QuerySet, ...]
    spans: tuple[SpanLine, ...]
    unanswerable: tuple[QueryLine, ...]


def is_public_set(path: Path) -> bool:
    """Whether `path` is a folder in this format, rather than one of the program's own test sets."""
    return (path / CORPUS).is_file()


def load_public_set(folder: Path, *, split: str = "", sample: int = 0) -> PublicSet:
    """Reads and validates all files; `split` selects the questions of that split, and those without one.

    `sample` selects so many questions of each file, always the same ones; 0 selects all. Raises FolderFault,
    with file and line, for invalid contents.
    """
    corpus = _read(folder / CORPUS, CorpusLine)
    known = {line.id for line in corpus}
    sets = [_query_set(folder, file, known, split) for file in _query_files(folder)]
    spans = [line for line in _spans(folder / _SPANS, known) if _in_split(line.split, split)]
    unanswerable = [
        line
        for line in _optional(folder / _UNANSWERABLE, QueryLine)
        # True where another text of the corpus happens to contain the answer.
        if _in_split(line.metadata.split, split) and not line.metadata.answer_string_in_corpus
    ]
    return PublicSet(
        folder=folder,
        corpus=tuple(corpus),
        query_sets=tuple(replace(found, queries=_sampled(found.queries, sample)) for found in sets),
        spans=_sampled(spans, sample),
        unanswerable=_sampled(unanswerable, sample),
    )


def _sampled(lines: Sequence[Kept], count: int) -> tuple[Kept, ...]:
    """Returns `count` of the lines in order, chosen by id, so that every file gets the same questions."""
    if not count or count >= len(lines):
        return tuple(lines)
    chosen = sorted((hashlib.sha256(line.id.encode()).digest(), line.id) for line in lines)[:count]
    ids = {name for _, name in chosen}
    return tuple(line for line in lines if line.id in ids)


def _in_split(found: str | None, wanted: str) -> bool:
    return not wanted or found is None or found == wanted


def _query_files(folder: Path) -> list[Path]:
    own = sorted(folder.glob("queries.*.jsonl"))
    plain = next((f / QUERIES for f in (folder, folder.parent) if (f / QUERIES).is_file()), None)
    if plain is None and not own:
        raise FolderFault(str(folder), f"there is no {QUERIES} in it or in the folder above")
    return [*([plain] if plain else []), *own]


def _query_set(folder: Path, file: Path, known: set[str], split: str) -> QuerySet:
    name = file.name.removeprefix("queries").removesuffix("jsonl").strip(".")
    own = folder / f"qrels.{name}.tsv"
    judged = own if name and own.is_file() else folder / _QRELS
    queries = _read(file, QueryLine)
    qrels = _qrels(judged, queries={query.id for query in queries}, corpus=known)
    kept = [q for q in queries if q.id in qrels and _in_split(q.metadata.split, split)]
    if not kept:
        splits = ", ".join(sorted({q.metadata.split or "none" for q in queries}))
        reason = f"no question of it is in the split {split!r} and judged in {judged.name}; splits: {splits}"
        raise FolderFault(str(file), reason)
    return QuerySet(name or _DEFAULT, tuple(kept), qrels)


def _qrels(file: Path, *, queries: set[str], corpus: set[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    lines = _lines(file)
    number, header = next(lines)
    if header.split("\t") != _HEADER:
        raise FolderFault(f"{file}:{number}", f"the first line must be {' TAB '.join(_HEADER)}")
    for number, line in lines:
        place = f"{file}:{number}"
        fields = line.split("\t")
        if len(fields) != len(_HEADER) or not fields[2].isdecimal():
            raise FolderFault(
                place, "a line is query id, corpus id and a whole score of 0 or more, with tabs"
            )
        query, document, score = fields
        for what, word, ids in (("question", query, queries), ("corpus line", document, corpus)):
            if word not in ids:
                raise FolderFault(
                    place, f"there is no {what} {word!r}. Remove the line, or add what it names"
                )
        if document in found.setdefault(query, {}):
            raise FolderFault(place, f"{document!r} is judged twice for {query!r}. Keep one of the lines")
        found[query][document] = int(score)
    return found


def _spans(file: Path, known: set[str]) -> list[SpanLine]:
    if not file.is_file():
        return []
    placed = list(_placed(file, SpanLine))
    for place, line in placed:
        if line.doc not in known:
            raise FolderFault(place, f"there is no corpus line {line.doc!r}. Correct 'doc'")
    return [line for _, line in placed]


def _optional(file: Path, model: type[Kept]) -> list[Kept]:
    return _read(file, model) if file.is_file() else []


def _read(file: Path, model: type[Kept]) -> list[Kept]:
    return [line for _, line in _placed(file, model)]


def _placed(file: Path, model: type[Kept]) -> Iterator[tuple[str, Kept]]:
    """Yields the lines with file and line number. Raises FolderFault for an id that repeats."""
    places: dict[str, str] = {}
    for number, words in _lines(file):
        place = f"{file}:{number}"
        try:
            line = model.model_validate_json(words)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise FolderFault(place, f"{where}: {first['msg']}" if where else str(first["msg"])) from error
        if line.id in places:
            raise FolderFault(place, f"the id {line.id!r} is taken by {places[line.id]}. Keep one of them")
        places[line.id] = place
        yield place, line


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Yields the non-blank lines with their numbers. Raises FolderFault without any."""
    try:
        lines = file.read_text(encoding=_ENCODING).split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FolderFault(str(file), f"it cannot be read as UTF-8 text ({error})") from error
    if not any(line.strip() for line in lines):
        raise FolderFault(str(file), "the file is empty")
    yield from ((n, line.rstrip("\r")) for n, line in enumerate(lines, start=1) if line.strip())
