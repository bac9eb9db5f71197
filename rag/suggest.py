"""Questions to begin with and to go on with: only such as the papers answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from opencc import OpenCC

from corpus.model import Clause, Document, Span, Status
from corpus.script import simplify
from rag import headings
from rag.elsewhere import answering_elsewhere
from rag.model import Answer, Citation, Language, Question, Refusal

_LONGEST = 40  # characters of a suggestion: it is read at a glance, on a telephone too
_MOST_FOLLOW_UPS = 3


class _Form(IntEnum):
    """What kind of question it is. The value is how many of the others come before the first of it."""

    REWARD = 0
    HOW = 1
    WHO = 2


@dataclass(frozen=True, slots=True)
class _Candidate:
    form: _Form
    text: str


def opening(documents: Sequence[Document], statuses: Mapping[str, Status], *, most: int) -> tuple[str, ...]:
    """Up to `most` questions to begin with, about papers in force: each region in turn, forms mixed.

    They are made from headings by rule; ask them before offering them where every one must be answered.
    """
    in_force = [document for document in documents if statuses[document.id] is Status.IN_FORCE]
    waiting = [_candidates(document) for document in _spread(in_force)]
    used: Counter[_Form] = Counter()
    chosen: list[str] = []
    while len(chosen) < most and any(waiting):
        for candidates in filter(None, waiting):
            if len(chosen) < most:
                best = min(candidates, key=lambda candidate: used[candidate.form] + candidate.form)
                candidates.remove(best)
                used[best.form] += 1
                chosen.append(best.text)
    return tuple(dict.fromkeys(chosen))


def _spread(documents: Iterable[Document]) -> list[Document]:
    """The papers in such an order that those of one region do not follow one another."""
    by_region: dict[str, list[Document]] = {}
    for document in documents:
        by_region.setdefault(document.head.region, []).append(document)
    depth = max(map(len, by_region.values()), default=0)
    return [some[i] for i in range(depth) for some in by_region.values() if i < len(some)]


def _candidates(document: Document) -> list[_Candidate]:
    """The questions a paper gives, the more telling ones of each form first."""
    asked = [clause for clause in document.clauses if headings.can_be_asked(clause)]
    paying = [clause for clause in asked if headings.rewards(document, clause)]
    found = [_Candidate(_Form.REWARD, headings.what_reward(document, clause)) for clause in paying]
    found += [_Candidate(_Form.HOW, headings.how(document, clause)) for clause in asked]
    found += [
        _Candidate(_Form.WHO, headings.who(document, clause)) for clause in asked if clause.responsibility
    ]
    return [candidate for candidate in found if len(candidate.text) <= _LONGEST]


def follow_ups(
    result: Answer | Refusal, *, question: Question, documents: Sequence[Document] = ()
) -> tuple[str, ...]:
    """Up to three questions to go on with, in the language of the reply.

    `documents` are all papers, among which the same matter is looked for in another region.
    """
    asked = {_key(question.text), *(_key(turn.content) for turn in question.history if turn.role == "user")}
    found = _nearest(result) if isinstance(result, Refusal) else _after(result, question, documents)
    fresh = dict.fromkeys(text for text in found if _key(text) not in asked and len(text) <= _LONGEST)
    return tuple(_in_script(text, result.language) for text in list(fresh)[:_MOST_FOLLOW_UPS])


def _key(text: str) -> str:
    return "".join(char for char in simplify(text).casefold() if char.isalnum())


def _in_script(text: str, language: Language) -> str:
    return _traditional().convert(text) if language is Language.TRADITIONAL else text


@cache
def _traditional() -> OpenCC:
    return OpenCC("s2tw")


def _nearest(refusal: Refusal) -> Iterator[str]:
    """What the nearest clauses answer; nothing in English, for headings are in Chinese."""
    if refusal.language is not Language.ENGLISH:
        for citation in refusal.nearest:
            if headings.can_be_asked(citation.clause):
                yield headings.how(citation.document, citation.clause)


def _after(answer: Answer, question: Question, documents: Sequence[Document]) -> Iterator[str]:
    cited = [marked.citation for marked in answer.citations]
    spans = [citation.span for citation in cited]
    document, clause = cited[0].document, cited[0].clause
    english = answer.language is Language.ENGLISH
    if any(citation.document.id != document.id for citation in cited):
        if not english:
            yield from _who_each(cited)
        return
    if clause.responsibility is not None and not _said(clause.responsibility.span, spans):
        yield "Which departments are in charge?" if english else "这项工作由哪些部门负责？"
    if not english:
        yield from _elsewhere(answer, question, document, documents)
        yield from _beside(document, [citation.clause for citation in cited])
    validity = document.head.validity
    if validity is not None and not _said(validity.span, spans):
        yield "How long is this paper valid?" if english else "这份文件的有效期到什么时候？"
    if english:
        yield "Is this paper still in force?"


def _said(span: Span, spans: Iterable[Span]) -> bool:
    """Whether the answer quotes any of `span`."""
    return any(span.start < other.end and other.start < span.end for other in spans)


def _who_each(cited: Iterable[Citation]) -> Iterator[str]:
    """Who is in charge in each of the papers compared."""
    for citation in cited:
        if headings.can_be_asked(citation.clause) and citation.clause.responsibility is not None:
            yield headings.who(citation.document, citation.clause)


def _elsewhere(
    answer: Answer, question: Question, document: Document, documents: Sequence[Document]
) -> Iterator[str]:
    """湖北呢？ where a paper of Hubei answers the same question."""
    if question.documents or question.regions:
        return
    others = [other for other in documents if other.head.region != document.head.region]
    for other in answering_elsewhere(answer.rewritten or question.text, others):
        if place := headings.place_of(other):
            yield f"{place}呢？"
            return


def _beside(document: Document, cited: Sequence[Clause]) -> Iterator[str]:
    """What the clauses that follow the one cited are about: of its own chapter first."""
    parent = cited[0].parent
    asked = [clause for clause in document.clauses if clause not in cited and headings.can_be_asked(clause)]
    following = sorted(asked, key=lambda clause: (clause.parent != parent, clause.start < cited[0].start))
    for clause in following[:_MOST_FOLLOW_UPS]:
        pays = headings.rewards(document, clause)
        yield headings.what_reward(document, clause) if pays else headings.how(document, clause)
