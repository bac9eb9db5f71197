"""Turns the lines of a public corpus into papers, as if ingested: laws, passages, whole papers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.errors import UnreadableDocument
from corpus.ids import document_id_of
from corpus.load import load
from corpus.model import Document
from corpus.notation.numerals import NUMERAL, TO_99
from corpus.parse import parse
from evals.public.files import CorpusLine
from evals.public.paper_builder import Builder, Named

# "中华人民共和国专利法第一条", "刑法第一百二十条之一"
_ARTICLE = re.compile(rf"(?P<law>.{{2,}}?)(?P<article>第[{NUMERAL}\d]+条(?:之[{TO_99}]+)?)")
_PIECE = re.compile(r"(?P<paper>.+)#(?P<piece>\d+)")  # 015758c216923f89991ca61c67b29f70#0
_LONG = 1000  # characters; a longer line is a separate paper, whatever its title


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper made of lines, and the line of each of its clauses, by clause key."""

    document: Document
    lines: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Law:
    """A law in one version: a repealed or superseded version is a separate paper."""

    name: str
    status: str
    published: str


def papers_of(corpus: Sequence[CorpusLine]) -> Iterator[Paper]:
    """Yields the papers, in the order of their first lines.

    A line that is an article of a law becomes a clause of that law. Lines that are pieces of one text
    (`id#0`, `id#1`) or that share a title become clauses of one paper. Any other line is a separate paper.
    """
    shared = Counter(line.title for line in corpus if line.title)
    groups: dict[object, list[CorpusLine]] = defaultdict(list)
    for line in corpus:
        groups[_group(line, shared)].append(line)
    taken: set[str] = set()
    for key, lines in groups.items():
        if isinstance(key, _Law):
            yield _law(key, lines, taken)
        elif len(lines) > 1 or _PIECE.fullmatch(lines[0].id):
            yield _passages(lines, taken)
        else:
            yield _whole(lines[0], taken)


def _group(line: CorpusLine, shared: Counter[str]) -> object:
    article = _ARTICLE.fullmatch(line.title)
    about = line.metadata
    if (about.law and about.article) or article:
        name = about.law or (article["law"] if article else "")
        return _Law(name, about.status or "", about.publish_date or "")
    piece = _PIECE.fullmatch(line.id)
    if piece:
        return "piece", piece["paper"]
    if shared[line.title] > 1 and len(line.text) <= _LONG:
        return "title", line.title
    return "line", line.id


def _law(law: _Law, lines: list[CorpusLine], taken: set[str]) -> Paper:
    if all(line.metadata.article_arabic is not None for line in lines):
        lines = sorted(lines, key=lambda line: line.metadata.article_arabic or 0)
    builder = Builder(_own_id(law.name, taken), law.name)
    for line in lines:
        article = _ARTICLE.fullmatch(line.title)
        builder.chapter(line.metadata.chapter, line.metadata.section)
        builder.article(line.metadata.article or (article["article"] if article else ""), line)
    return _built(builder, status=law.status)


def _passages(lines: list[CorpusLine], taken: set[str]) -> Paper:
    pieces = {line.id: _PIECE.fullmatch(line.id) for line in lines}
    ordered = sorted(lines, key=lambda line: int(m["piece"]) if (m := pieces[line.id]) else 0)
    first = pieces[lines[0].id]
    title = lines[0].title or lines[0].id
    builder = Builder(_own_id(first["paper"] if first else title, taken), title)
    for line in ordered:
        builder.passage(line)
    return _built(builder, status="")


def _built(builder: Builder, *, status: str) -> Paper:
    document, lines = builder.built(Named.of(builder.text, builder.title, status))
    return Paper(document, lines)


def _whole(line: CorpusLine, taken: set[str]) -> Paper:
    rest = line.text.removeprefix(line.title).lstrip() if line.title else line.text
    text = f"{line.title}\n{rest}" if line.title else line.text
    document_id = _own_id(line.id, taken)
    try:
        document = parse(load(text.encode(), name=f"{document_id}.txt"), document_id=document_id)
    except UnreadableDocument:
        # Too short, or not Chinese: stored unchanged.
        taken.discard(document_id)
        return _passages([line], taken)
    return Paper(document, dict.fromkeys((clause.key for clause in document.clauses), line.id))


def _own_id(name: str, taken: set[str]) -> str:
    wanted = document_id_of(f"{name}.txt")
    found, number = wanted, 1
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    taken.add(found)
    return found
