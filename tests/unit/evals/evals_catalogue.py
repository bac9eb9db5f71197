"""Small hand-made papers, and replies that quote them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import (
    Clause,
    Document,
    HeadData,
    Kind,
    Level,
    Loaded,
    Source,
    SourceMap,
    Span,
    Stated,
    Status,
)
from rag.model import Answer, Citation, Language, Marked, Outcome, Passage, Question, Reason, Refusal, Reply

Parts = Sequence[tuple[tuple[str, ...], str]]


def paper(document_id: str, title: str, number: str, parts: Parts) -> Document:
    """Returns a paper whose clauses are `parts`, (path, text), under a head with title and number."""
    head_text = f"{title}\n{number}"
    text = "\n".join([head_text, *(words for _, words in parts)])
    clauses = [_clause(document_id, ("标题",), Kind.HEAD, 0, len(head_text))]
    at = len(head_text) + 1
    for path, words in parts:
        clauses.append(_clause(document_id, path, Kind.ARTICLE, at, at + len(words)))
        at += len(words) + 1
    head = HeadData(
        title=Stated(title, Span(0, len(title))),
        status=Status.IN_FORCE,
        region="湖南省",
        level=Level.PROVINCE,
        doc_number=Stated(number, Span(len(title) + 1, len(head_text))) if number else None,
    )
    source = Source(f"{document_id}.txt", "", "utf-8", "text/plain", text, SourceMap(()))
    return Document(document_id, Loaded(text, source).text, head, tuple(clauses), source)


def _clause(document_id: str, path: tuple[str, ...], kind: Kind, start: int, end: int) -> Clause:
    name = "".join(path)
    return Clause(document_id, name, kind, path, path[-1], "", start, end, end, start)


@dataclass(frozen=True)
class Papers:
    """The papers of a test, and replies that quote them."""

    documents: tuple[Document, ...]

    @property
    def by_id(self) -> dict[str, Document]:
        return {document.id: document for document in self.documents}

    def find(self, document_id: str, label: str) -> tuple[Document, Clause]:
        document = self.by_id[document_id]
        return document, next(clause for clause in document.clauses if clause.label == label)

    def cite(self, document_id: str, label: str, words: str) -> Citation:
        document, clause = self.find(document_id, label)
        return Citation.quote(document, clause, words, status=document.head.status)

    def passages(self, *places: tuple[str, str]) -> tuple[Passage, ...]:
        found = (self.find(*place) for place in places)
        return tuple(
            Passage(document, clause, 1.0, 1.0, 1.0, 1, 1, clause.span) for document, clause in found
        )

    def answer(
        self,
        *citations: Citation,
        outcome: Outcome = Outcome.ANSWERED,
        hits: Sequence[tuple[str, str]] = (),
    ) -> Reply:
        """Returns an answer whose text is the quotes."""
        words = "".join(citation.words for citation in citations)
        marked = tuple(Marked(citation) for citation in citations)
        result = Answer(words, marked, outcome, Language.CHINESE, self.passages(*hits), 1.0)
        return Reply(Question("？"), result)

    def refusal(self, reason: Reason = Reason.NO_EVIDENCE, *nearest: Citation) -> Reply:
        result = Refusal("文件中没有规定。", reason, Language.CHINESE, nearest, (), 0.0)
        return Reply(Question("？"), result)
