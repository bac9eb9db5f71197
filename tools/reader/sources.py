"""Reads the texts that the questions are about, and finds sentences of other texts for them.

Both go through the program: papers are read as ingested ones, and searched by an assistant over them that has
no reader.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from corpus.files import files_in
from corpus.files import read_papers as read_files
from corpus.ids import document_id_of
from corpus.report import Failed, Skipped
from corpus.store.papers import Store
from evals.public.files import CORPUS, CorpusLine, SpanLine
from evals.public.papers import papers_of
from rag.assemble import open_assistant
from rag.assistant import Assistant
from rag.evidence.context import clause_context, context_of, in_context
from rag.model import Question as Asked
from rag.settings import Settings
from rag.stored_papers import open_store
from tools.reader.pairs import LONGEST, Article, sentences
from tools.reader.questions import REGION, Question, read_clauses

_SPANS = "spans.jsonl"
_AROUND = 3  # articles before and after one that is asked about: near enough to be found for its questions
_CONSIDERED = 6  # best sentences in which those of other articles are looked for; later ones are too unlike

_Line = TypeVar("_Line", bound=BaseModel)
Others = Mapping[Question, Sequence[str]]  # sentences of other articles


class _Span(SpanLine):
    """A line of CMRC 2018, a few of which have no question."""

    question: str


class SourceFault(Exception):
    """A data set does not have what the questions are about."""


@dataclass(frozen=True, slots=True)
class Source:
    """The articles by id, and sentences of other articles by question, with their context."""

    articles: Mapping[str, Article]
    others: Others


def read_lines(file: Path, model: type[_Line]) -> list[_Line]:
    """Reads a JSON-lines file. Raises OSError and pydantic.ValidationError."""
    lines = file.read_text(encoding="utf-8-sig").split("\n")
    return [model.model_validate_json(line) for line in lines if line.strip()]


def read_spans(folder: Path) -> tuple[Sequence[SpanLine], dict[str, str]]:
    """The questions of CMRC 2018, and its texts by id."""
    texts = {line.id: line.text for line in read_lines(folder / CORPUS, CorpusLine)}
    return [span for span in read_lines(folder / _SPANS, _Span) if span.question.strip()], texts


def read_laws(
    folder: Path, ids: Iterable[str], *, searched: Sequence[Question], settings: Settings
) -> Source:
    """The articles `ids` of china-law, and what is found for `searched` in them and those around them."""
    lines = read_lines(folder / CORPUS, CorpusLine)
    read = {line.id: Article(_law_context(line), line.text) for line in lines}
    wanted = set(ids)
    _require(wanted - read.keys(), folder)
    near = _around(lines, {question.article for question in searched})
    articles: dict[str, str] = {}  # by clause key

    def fill(store: Store) -> None:
        for paper in papers_of(near):
            store.add(paper.document, original=paper.document.source.original.encode())
            articles.update(paper.lines)

    with _assistant(settings, fill) as assistant:
        others = {q: _others(assistant, q, articles) for q in searched}
    return Source({name: read[name] for name in wanted}, others)


def all_laws(folder: Path, *, without: Collection[str]) -> list[Article]:
    """The articles of china-law but those `without`, which written questions are about."""
    lines = read_lines(folder / CORPUS, CorpusLine)
    return [Article(_law_context(line), line.text) for line in lines if line.id not in without]


def _law_context(line: CorpusLine) -> str:
    return context_of(line.metadata.law or "", line.metadata.chapter or "")


def written_clauses(folder: str) -> Source:
    """The invented clauses of a folder; a question on another matter is about their own words."""
    clauses = {
        clause.id: Article(context_of(clause.title, clause.heading), clause.text)
        for clause in read_clauses(folder)
    }
    return Source(clauses, {})


def read_papers(folder: Path, questions: Sequence[Question], *, settings: Settings) -> Source:
    """The clauses of policy-docs that the questions are about, and what is found for them in those papers."""
    wanted = {question.article for question in questions}
    papers = {article.split("#")[0] for article in wanted}
    files = [file for file in files_in([folder]) if document_id_of(file.name) in papers]

    def fill(store: Store) -> None:
        for paper in read_files(files):
            if isinstance(paper, Failed):
                raise SourceFault(f"{paper.path!r} cannot be read: {paper.error}")
            if isinstance(paper, Skipped):
                continue
            # Under the name of its file, by which the questions name their clauses.
            store.add(paper.document, original=paper.data)

    with _assistant(settings, fill) as assistant:
        texts = {
            clause.key: Article(clause_context(document, clause), document.text_of(clause).strip())
            for document in assistant.documents()
            for clause in document.clauses
            if clause.key in wanted
        }
        _require(wanted - texts.keys(), folder)
        others = {q: _others(assistant, q, {}) for q in questions}
    return Source({name: texts[name] for name in wanted}, others)


def pool_of(source: Source) -> list[str]:
    """All sentences of the articles, with their context."""
    return [
        in_context(article.context, sentence[:LONGEST])
        for _, article in sorted(source.articles.items())
        for sentence in sentences(article.text)
    ]


def _require(missing: set[str], folder: Path) -> None:
    """Raises SourceFault when articles are missing."""
    if missing:
        raise SourceFault(
            f"{str(folder)!r} has no {', '.join(sorted(missing)[:3])} and {len(missing)} articles in all are "
            "missing. Use the version of the data set that README.md names, or correct the questions"
        )


def _around(lines: Sequence[CorpusLine], ids: set[str]) -> list[CorpusLine]:
    """The articles `ids` with those around them in the same version of their law."""
    versions: dict[tuple[str | None, str | None], list[CorpusLine]] = defaultdict(list)
    for line in lines:
        versions[line.metadata.law, line.metadata.status].append(line)
    kept = {
        near.id
        for version in versions.values()
        for place, line in enumerate(version)
        if line.id in ids
        for near in version[max(0, place - _AROUND) : place + _AROUND + 1]
    }
    return [line for line in lines if line.id in kept]


@contextmanager
def _assistant(settings: Settings, fill: Callable[[Store], None]) -> Iterator[Assistant]:
    """An assistant over the papers that `fill` stores, in a temporary folder, without the reader."""
    with tempfile.TemporaryDirectory() as folder:
        own = settings.model_copy(
            update={
                "data_dir": Path(folder),
                "database_url": "",
                "answer": settings.answer.model_copy(update={"reader": False}),
            }
        )
        with open_store(own) as store:
            fill(store)
        yield open_assistant(own)


def _others(assistant: Assistant, question: Question, articles: Mapping[str, str]) -> list[str]:
    """Sentences that are found for the question outside its article.

    `articles` are the ids of articles by clause key, where the two differ.
    """
    best = assistant.read(Asked(question.question.replace(REGION, ""))).evidence[:_CONSIDERED]
    keys = [found.unit.clause.key for found in best]
    places = [articles.get(key, key) for key in keys]
    return [
        in_context(clause_context(found.passage.document, found.unit.clause), found.text[:LONGEST])
        for found, place in zip(best, places, strict=True)
        if place != question.article
    ]
