"""Rewrites follow-up questions so that they need no earlier turn, by rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from corpus.catalogue.catalogue import Catalogue
from corpus.model import Clause
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.mentions import find_divisions
from rag.language.citation_names import clause_of
from rag.language.short_names import papers_called
from rag.language.stopwords import content, without
from rag.model import Language, Turn
from rag.question.scope import scope_of

_PHRASES = PhraseTable.read("rag", "follow_ups.tsv")
# A question with fewer characters of content is too short to be searched for by itself.
_SHORT = 5
# Turns that a follow-up may refer to: eight questions and their answers.
_TURNS = 16
# Characters of a user's turn, and of all of them together; the same limit as for a question.
_ASKED = 600
_ASKED_IN_ALL = 2000
_ANSWERED = 8000  # characters of an answer, which is longer than a question
_OPENED, _CLOSED = re.compile("《"), re.compile("》")
_LONGEST_TITLE = 400  # characters in which the end of a title is searched
_MOST_NAMES = 100  # 《 tried in an answer, which names fewer papers: looking a name up takes a millisecond
_MOST_CLOSED = 4  # 》 tried there: a title may contain titles, seldom more than two
_EARLIER = 600  # characters kept of all earlier questions


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that needs no earlier turn.

    `text` is all of it, `carried` the part of it from earlier turns; `cited` are the clauses that the last
    answer quoted, where the question refers to them.
    """

    text: str
    rewritten: bool
    carried: str = ""
    cited: tuple[Clause, ...] = ()


def _regions(text: str, catalogue: Catalogue) -> bool:
    scope = scope_of(text, catalogue)
    return bool(scope.preferred or scope.uncovered or scope.unknown)


def _region_words(text: str) -> str:
    return "".join(dict.fromkeys(mention.words for mention in find_divisions(text)))


def _topic(text: str, catalogue: Catalogue) -> str:
    """Returns the question without the papers and regions it names."""
    return without(text, scope_of(text, catalogue).spans).strip(" 　，,的在那")


def _subject_of(earlier: str, catalogue: Catalogue) -> str:
    """Returns the subject of an earlier question, as words to search for."""
    return content(_topic(earlier, catalogue))[:_EARLIER].rstrip()


def _needs_context(text: str) -> bool:
    """Whether a question is too short by itself, or refers to an earlier turn."""
    return _PHRASES.has("pointing", text) or len(_own_words(text)) < _SHORT


def _own_words(text: str) -> str:
    """Returns the content of a question, without the words that only ask for an aspect of it."""
    return _PHRASES.without("side", content(text)).replace(" ", "")


def _joined(text: str, earlier: str, catalogue: Catalogue) -> tuple[str, str]:
    """Returns `text` with the place of `earlier` added, and the subject of `earlier` that it refers to."""
    place = _region_words(earlier)
    if _regions(text, catalogue):
        rest = without(text, scope_of(text, catalogue).spans)
        if _same_question(rest):
            return f"{_region_words(text)} {_topic(earlier, catalogue)}", ""
        # The same question for another place: its earlier wording helps to find the clause there.
        return text, _subject_of(earlier, catalogue) if _needs_context(rest) else ""
    if _needs_context(text):
        return f"{place} {text}".strip(), _subject_of(earlier, catalogue)
    return f"{place} {text}".strip(), ""


def _same_question(rest: str) -> bool:
    """Whether a question, apart from its place, only repeats the earlier one: 那浙江呢？"""
    return not any(char.isalnum() for char in _PHRASES.without("same_question", rest))


def _place(cited: Sequence[Clause], catalogue: Catalogue) -> str:
    """Returns the region of the cited paper; empty where several were cited."""
    regions = {catalogue.head(i).region for i in {clause.document_id for clause in cited}}
    return regions.pop() if len(regions) == 1 else ""


def cited_in(message: str, catalogue: Catalogue) -> tuple[Clause, ...]:
    """Returns the clauses that an earlier answer cited, found by document name and label."""
    found: list[Clause] = []
    for document_id, ends in sorted(_named_in(message, catalogue).items()):
        clauses = catalogue.document(document_id).clauses
        labels = [(clause_of("", clause, language), clause) for clause in clauses for language in Language]
        for end in ends:
            named = [(label, clause) for label, clause in labels if message.startswith(label, end)]
            found.extend(clause for _, clause in sorted(named, key=lambda pair: -len(pair[0]))[:1])
    return tuple(dict.fromkeys(found))


def _named_in(message: str, catalogue: Catalogue) -> dict[str, list[int]]:
    """Returns the papers that a message names, in full or shortly, with the places where each name ends."""
    found: dict[str, list[int]] = {}
    for opened in islice(_OPENED.finditer(message), _MOST_NAMES):
        start = opened.end()
        closed = [m.start() for m in _CLOSED.finditer(message, start, start + _LONGEST_TITLE)]
        for at in closed[:_MOST_CLOSED]:
            ids = papers_called(message[start:at], catalogue).ids
            for document_id in ids:
                number = f"（{catalogue.head(document_id).doc_number}）"
                numbered = message.startswith(number, at + 1)
                if numbered or len(ids) == 1:
                    end = at + 1 + (len(number) if numbered else 0)
                    found.setdefault(document_id, []).append(end)
    return found


def recent(history: Sequence[Turn]) -> list[Turn]:
    """Returns the part of the history that is read: the last turns, each cut to a maximum length.

    Reading every turn in full would take seconds where a user pastes a book, and a follow-up question refers
    to the last few turns only.
    """
    kept: list[Turn] = []
    left = _ASKED_IN_ALL
    for turn in reversed(history[-_TURNS:]):
        is_users = turn.role == "user"
        kept.append(replace(turn, content=turn.content[: min(_ASKED, left) if is_users else _ANSWERED]))
        left -= len(kept[-1].content) if is_users else 0
        if left <= 0:
            break
    return kept[::-1]


@dataclass(frozen=True, slots=True)
class Context:
    """A summary of a history: its questions merged into one, and the clauses of the last answer."""

    asked: str = ""
    cited: tuple[Clause, ...] = ()


def context_of(history: Sequence[Turn], catalogue: Catalogue) -> Context:
    """Merges the questions of `history`, each rewritten with the ones before it."""
    earlier = ""
    cited: tuple[Clause, ...] = ()
    for turn in recent(history):
        if turn.role == "user":
            earlier = " ".join(_joined(turn.content, earlier, catalogue)).strip() if earlier else turn.content
            # The latest words come first, so that the oldest are cut off.
            earlier = earlier[:_EARLIER]
        else:
            cited = cited_in(turn.content, catalogue)
            if earlier and not _regions(earlier, catalogue):
                earlier = _place(cited, catalogue) + earlier
    return Context(earlier, cited)


def standalone(text: str, context: Context, catalogue: Catalogue) -> Standalone:
    """Rewrites `text` so that it can be answered without the earlier turns."""
    if not context.asked:
        return Standalone(text, rewritten=False)
    own, carried = _joined(text, context.asked, catalogue)
    whole = f"{own} {carried}".strip()
    stays = not _regions(text, catalogue)
    return Standalone(
        whole,
        rewritten=whole != text,
        carried=carried,
        cited=context.cited if stays and _needs_context(text) else (),
    )
