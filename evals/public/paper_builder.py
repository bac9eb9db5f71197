"""Builds a paper clause by clause from the lines of a public corpus."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from corpus.errors import UnreadableDocument
from corpus.load import load
from corpus.model import (
    Clause,
    Document,
    HeadData,
    Kind,
    Level,
    Segment,
    Source,
    SourceMap,
    Span,
    Stated,
    Status,
)
from corpus.parse import parse
from evals.public.files import CorpusLine

_DIVISION = re.compile(r"(?P<label>第[^\s章节编]{1,6}[编章节])\s*(?P<heading>.*)")  # 第一章 总则
# Both are superseded by another text. A law that was amended (已被修改) is still in force.
_ENDED = re.compile(r"废止|失效|历史|repealed|historical", re.IGNORECASE)
_PASSAGE = "段落"  # label of a clause without one; it has no number, so that no question addresses it


@dataclass(frozen=True, slots=True)
class Named:
    """The metadata of a paper."""

    region: str
    level: Level | None
    status: Status

    @classmethod
    def of(cls, text: str, title: str, status: str) -> Named:
        """Reads region and level from the text; the status is that of the corpus."""
        try:
            head = parse(load(text.encode(), name=title), document_id="head").head
        except UnreadableDocument:
            return cls("", None, _status(status))
        return cls(head.region, head.level, _status(status))


def _status(words: str) -> Status:
    return Status.REPEALED if _ENDED.search(words) else Status.IN_FORCE


@dataclass(slots=True)
class _Draft:
    """A clause whose end is not yet known."""

    kind: Kind
    path: tuple[str, ...]
    label: str
    heading: str
    start: int
    body_start: int
    end: int
    parent: int | None  # index of the parent clause


class Builder:
    """Collects text and clauses of one paper. Chapters and articles are added in reading order."""

    def __init__(self, document_id: str, title: str) -> None:
        self.document_id, self.title = document_id, title
        self.text = title
        self._drafts = [_Draft(Kind.HEAD, ("标题",), "标题", "", 0, 0, len(title), None)]
        self._lines: dict[int, str] = {}
        self._under: list[tuple[str, int]] = []  # the open divisions: words, index

    def chapter(self, *divisions: str | None) -> None:
        """Opens the named divisions, from the top, unless they are open already."""
        named = [words for words in divisions if words and _DIVISION.fullmatch(words)]
        same = 0
        while same < min(len(named), len(self._under)) and self._under[same][0] == named[same]:
            same += 1
        del self._under[same:]
        for words in named[same:]:
            match = _DIVISION.fullmatch(words)
            assert match is not None  # `named` contains nothing else
            shown = f"{match['label']}\u3000{match['heading']}".rstrip()
            place = self._add(Kind.CHAPTER, match["label"], match["heading"], shown, len(shown))
            self._under.append((words, place))

    def article(self, label: str, line: CorpusLine) -> None:
        """Adds an article to the open division."""
        lead = f"{label}\u3000"
        place = self._add(Kind.ARTICLE, label, "", lead + line.text.strip(), len(lead))
        self._lines[place] = line.id

    def passage(self, line: CorpusLine) -> None:
        """Adds a piece of text without a label."""
        self._lines[self._add(Kind.ITEM, _PASSAGE, "", line.text.strip(), 0)] = line.id

    def built(self, named: Named) -> tuple[Document, dict[str, str]]:
        """Returns the paper, and the corpus line of each clause that is one, by clause key."""
        clauses = self._clauses()
        head = HeadData(
            title=Stated(self.title, Span(0, len(self.title))),
            status=named.status,
            region=named.region,
            level=named.level,
        )
        digest = hashlib.sha256(self.text.encode()).hexdigest()
        whole = SourceMap((Segment(0, 0, len(self.text)),))
        source = Source(f"{self.document_id}.txt", digest, "utf-8", "text/plain", self.text, whole)
        document = Document(self.document_id, self.text, head, clauses, source)
        return document, {clauses[place].key: line for place, line in self._lines.items()}

    def _add(self, kind: Kind, label: str, heading: str, words: str, body: int) -> int:
        start = len(self.text) + 1
        self.text += f"\n{words}"
        above = self._under[-1][1] if self._under else None
        path = (*(self._drafts[above].path if above is not None else ()), label)
        self._drafts.append(
            _Draft(kind, path, label, heading, start, start + body, start + len(words), above)
        )
        return len(self._drafts) - 1

    def _clauses(self) -> tuple[Clause, ...]:
        ids: list[str] = []
        ends = [draft.end for draft in self._drafts]
        for place in reversed(range(len(self._drafts))):
            above = self._drafts[place].parent
            if above is not None:
                ends[above] = max(ends[above], ends[place])
        seen: dict[str, int] = {}
        for draft in self._drafts:
            name = "".join(draft.path)
            seen[name] = seen.get(name, 0) + 1
            ids.append(name if seen[name] == 1 else f"{name}~{seen[name]}")
        return tuple(
            Clause(
                document_id=self.document_id,
                id=ids[place],
                kind=draft.kind,
                path=draft.path,
                label=draft.label,
                heading=draft.heading,
                start=draft.start,
                end=draft.end,
                tree_end=ends[place],
                body_start=draft.body_start,
                parent=None if draft.parent is None else ids[draft.parent],
            )
            for place, draft in enumerate(self._drafts)
        )
