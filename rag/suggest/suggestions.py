"""Suggests opening questions and follow-ups that the papers answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice, zip_longest

from corpus.catalogue.catalogue import Catalogue
from corpus.head.paper_head import PaperHead
from corpus.model import Clause, Document, Span, Status
from corpus.text.script import simplify, to_traditional
from rag.model import Answer, Citation, Language, Question, Reason, Refusal, Turn
from rag.question.dialogue.follow_up import context_of, standalone
from rag.question.metadata_fields import metadata_fields_of
from rag.suggest import heading_topics as headings
from rag.suggest.related import papers_answering, related_papers, same_matter

_LONGEST = 40  # characters of a suggestion, so that it fits a phone
_LONGEST_ASKED = 4 * _LONGEST  # characters of a question before its punctuation is removed
_MOST_FOLLOW_UPS = 3
_MOST_READ = 40  # papers that the opening questions are made from
_MOST_NEIGHBOURS = 3  # clauses next to the one cited
# Questions that refer to the last answer; all others need no earlier turn.
_CHARGE = "这项工作由哪些部门负责？"
_CHARGE_ENGLISH = "Which departments are in charge?"
_THERE = "呢？"  # 湖北呢？


class _Form(IntEnum):
    """The form of a question. The value is how many other questions come before the first of this form."""

    REWARD = 0
    HOW = 1
    WHO = 2


@dataclass(frozen=True, slots=True)
class _Candidate:
    form: _Form
    text: str
    benefits: bool  # the clause grants something to enterprises


def opening_papers(catalogue: Catalogue) -> list[Document]:
    """Returns papers in force for `opening`, by id; from many regions where there are more than needed."""
    statuses = catalogue.statuses
    heads = (head for head in catalogue.heads if statuses[head.id] is Status.IN_FORCE)
    return catalogue.documents(sorted(head.id for head in _of_many_regions(heads)))


def _of_many_regions(heads: Iterable[PaperHead]) -> list[PaperHead]:
    """Returns the first of each region, then the second of each, until there are enough."""
    by_region: dict[str, list[PaperHead]] = {}
    for head in heads:
        same = by_region.setdefault(head.region, [])
        if len(same) < _MOST_READ:
            same.append(head)
    rounds = zip_longest(*by_region.values())
    in_turn = (head for some in rounds for head in some if head is not None)
    return list(islice(in_turn, _MOST_READ))


def opening(documents: Sequence[Document], statuses: Mapping[str, Status], *, most: int) -> tuple[str, ...]:
    """Returns up to `most` opening questions about papers in force: each region in turn, forms mixed.

    They are made from headings by rule. Ask them before offering them where every one must be answered.
    """
    in_force = [document for document in documents if statuses[document.id] is Status.IN_FORCE]
    candidates = [_candidates(document) for document in _spread(in_force)]
    used: Counter[_Form] = Counter()
    chosen: list[str] = []
    # What a paper gives to enterprises comes before what it asks of offices.
    for benefits in (True, False):
        waiting = [[one for one in some if one.benefits is benefits] for some in candidates]
        chosen += _in_turn(waiting, used, most=most - len(chosen))
    return tuple(dict.fromkeys(chosen))


def _in_turn(waiting: Sequence[list[_Candidate]], used: Counter[_Form], *, most: int) -> list[str]:
    """Returns up to `most` questions, of each paper in turn, and counts their forms in `used`."""
    chosen: list[str] = []
    while len(chosen) < most and any(waiting):
        for candidates in filter(None, waiting):
            if len(chosen) < most:
                best = min(candidates, key=lambda candidate: used[candidate.form] + candidate.form)
                candidates.remove(best)
                used[best.form] += 1
                chosen.append(best.text)
    return chosen


def _spread(documents: Iterable[Document]) -> list[Document]:
    """Orders the papers so that those of one region are not adjacent."""
    by_region: dict[str, list[Document]] = {}
    for document in documents:
        by_region.setdefault(document.head.region, []).append(document)
    depth = max(map(len, by_region.values()), default=0)
    return [some[i] for i in range(depth) for some in by_region.values() if i < len(some)]


def _candidates(document: Document) -> list[_Candidate]:
    """Returns the questions about a paper, the more specific ones of each form first."""
    asked = [clause for clause in document.clauses if headings.can_be_asked(clause)]
    paying = [clause for clause in asked if headings.rewards(document, clause)]
    gives = {clause.id: headings.benefits(document, clause) for clause in asked}
    found = [
        _Candidate(_Form.REWARD, headings.what_reward(document, clause), benefits=gives[clause.id])
        for clause in paying
    ]
    found += [
        _Candidate(_Form.HOW, headings.how(document, clause), benefits=gives[clause.id]) for clause in asked
    ]
    found += [
        _Candidate(_Form.WHO, headings.who(document, clause), benefits=gives[clause.id])
        for clause in asked
        if clause.responsibility
    ]
    return [candidate for candidate in found if len(candidate.text) <= _LONGEST]


def follow_ups(result: Answer | Refusal, *, question: Question, catalogue: Catalogue) -> tuple[str, ...]:
    """Returns up to three follow-up questions, in the language of the reply.

    The same matter in another region is searched in the `catalogue`.
    """
    history = (*question.history, Turn("user", question.text), Turn("assistant", result.text))
    asked = {_key(t.content) for t in history if t.role == "user" and len(t.content) <= _LONGEST_ASKED}
    context = context_of(history, catalogue)
    if isinstance(result, Refusal):
        found = _nearest(result) if result.nearest else _which_paper(result, question)
    else:
        found = _after(result, question, catalogue)
    chosen: list[str] = []
    for text in dict.fromkeys(found):
        fits = len(text) <= _LONGEST and _key(text) not in asked
        if fits and (_points(text) or not standalone(text, context, catalogue).carried):
            chosen.append(_in_script(text, result.language))
        if len(chosen) == _MOST_FOLLOW_UPS:
            break
    return tuple(chosen)


def _points(text: str) -> bool:
    """Whether the question refers to the last answer."""
    return text in (_CHARGE, _CHARGE_ENGLISH) or text.endswith(_THERE)


def _key(text: str) -> str:
    return "".join(char for char in simplify(text).casefold() if char.isalnum())


def _in_script(text: str, language: Language) -> str:
    return to_traditional(text) if language is Language.TRADITIONAL else text


def _nearest(refusal: Refusal) -> Iterator[str]:
    """Yields questions that the nearest clauses answer; none in English, as headings are in Chinese."""
    if refusal.language is not Language.ENGLISH:
        for citation in refusal.nearest:
            if headings.can_be_asked(citation.clause):
                yield headings.how(citation.document, citation.clause)


def _which_paper(refusal: Refusal, question: Question) -> Iterator[str]:
    """Yields a question after the metadata of a paper again, for each of the papers that it may mean."""
    asks = metadata_fields_of(simplify(question.text)) and refusal.reason is Reason.NO_EVIDENCE
    if not asks or refusal.language is Language.ENGLISH or question.history:
        return
    for document in {passage.document.id: passage.document for passage in refusal.passages}.values():
        if place := headings.place_of(document):
            yield f"{place}的{headings.sort_of(document)}{question.text}"


def _after(answer: Answer, question: Question, catalogue: Catalogue) -> Iterator[str]:
    cited = [marked.citation for marked in answer.citations]
    document, clause = cited[0].document, cited[0].clause
    if answer.language is Language.ENGLISH:
        yield from _in_english(answer, document, clause)
    elif any(citation.document.id != document.id for citation in cited):
        yield from _who_each(cited)
    else:
        yield from _who(answer, document, clause)
        yield from _about_related(answer, question, document, catalogue)
        neighbours = _neighbours(document, [citation.clause for citation in cited])
        yield from islice(neighbours, 1)
        yield from _how_long(answer, document)
        yield from neighbours


def _in_english(answer: Answer, document: Document, clause: Clause) -> Iterator[str]:
    """Yields English questions: headings are in Chinese, so only about the paper and who is in charge."""
    if any(marked.citation.document.id != document.id for marked in answer.citations):
        return
    if clause.responsibility is not None and not _is_quoted(clause.responsibility.span, answer):
        yield _CHARGE_ENGLISH
    if place := headings.english_place_of(document):
        if document.head.validity is not None and not _is_quoted(document.head.validity.span, answer):
            yield f"How long is the {place} paper valid?"
        yield f"Is the {place} paper still in force?"


def _who(answer: Answer, document: Document, clause: Clause) -> Iterator[str]:
    """Asks who is in charge, where the clause states it and the answer does not."""
    if clause.responsibility is not None and not _is_quoted(clause.responsibility.span, answer):
        yield headings.who(document, clause) if headings.can_be_asked(clause) else _CHARGE


def _how_long(answer: Answer, document: Document) -> Iterator[str]:
    """Asks until when the paper applies, where it states that and the answer does not."""
    validity, place = document.head.validity, headings.place_of(document)
    if validity is not None and place and not _is_quoted(validity.span, answer):
        yield f"{place}的{headings.sort_of(document)}有效期到什么时候？"


def _is_quoted(span: Span, answer: Answer) -> bool:
    """Whether the answer quotes any of `span`."""
    quoted = (marked.citation.span for marked in answer.citations)
    return any(span.start < other.end and other.start < span.end for other in quoted)


def _who_each(cited: Iterable[Citation]) -> Iterator[str]:
    """Asks who is in charge in each of the compared papers."""
    for citation in cited:
        if headings.can_be_asked(citation.clause) and citation.clause.responsibility is not None:
            yield headings.who(citation.document, citation.clause)


def _about_related(
    answer: Answer, question: Question, document: Document, catalogue: Catalogue
) -> Iterator[str]:
    """Asks 湖北呢？ where a paper of Hubei answers the same; else about its clause on the same matter."""
    if question.documents or question.regions:
        return
    others = related_papers(document, catalogue)
    for other in papers_answering(answer.rewritten or question.text, others, catalogue=catalogue):
        if place := headings.place_of(other):
            yield place + _THERE
            return
    like = same_matter(answer.citations[0].citation.clause, others)
    if like is not None:
        yield headings.how(*like)


def _neighbours(document: Document, cited: Sequence[Clause]) -> Iterator[str]:
    """Asks about the clauses after the cited one; those of its own chapter first."""
    parent = cited[0].parent
    asked = [clause for clause in document.clauses if clause not in cited and headings.can_be_asked(clause)]
    asked.sort(key=lambda clause: (clause.parent != parent, clause.start < cited[0].start))
    for clause in islice(_benefits_first(document, asked), _MOST_NEIGHBOURS):
        pays = headings.rewards(document, clause)
        yield headings.what_reward(document, clause) if pays else headings.how(document, clause)


def _benefits_first(document: Document, clauses: Sequence[Clause]) -> Iterator[Clause]:
    """Yields the clauses that grant something to enterprises, then the others; reads only what it must."""
    others = []
    for clause in clauses:
        if headings.benefits(document, clause):
            yield clause
        else:
            others.append(clause)
    yield from others
