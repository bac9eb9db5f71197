"""Follow-up questions made to stand alone, by rules over the earlier turns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.catalogue.catalogue import Catalogue
from corpus.model import Clause
from corpus.notation.paper_names import key_of
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.mentions import find_divisions
from rag.language.citation_names import spoken_label
from rag.language.stopwords import content, without
from rag.model import Turn
from rag.question.scope import scope_of

_PHRASES = PhraseTable.read("rag", "follow_ups.tsv")
# A question of fewer words than this says too little to be searched for by itself.
_SHORT = 5
# What a question leans on was said lately: eight questions and their answers.
_TURNS = 16
# Characters of a user's turn, and of all of them together: as many as one question may have.
_ASKED = 600
_ASKED_IN_ALL = 2000
_ANSWERED = 8000  # characters of an answer, which is long where it quotes much
_OPENED, _CLOSED = re.compile("《"), re.compile("》")
_LONGEST_TITLE = 400  # characters in which the end of a title is looked for
_MOST_CLOSED = 4  # of the 》 there: a title may hold titles, seldom more than two
_EARLIER = 600  # characters that stand for all that was asked before


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that needs no earlier turn.

    `text` is all of it, `carried` the part of it that earlier turns gave; `cited` are the clauses the last
    answer quoted, where the question points at them.
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
    """The question without the papers and regions it names."""
    return without(text, scope_of(text, catalogue).spans).strip(" 　，,的在那")


def _subject_of(earlier: str, catalogue: Catalogue) -> str:
    """What was asked about, as words to search for."""
    return content(_topic(earlier, catalogue))[:_EARLIER].rstrip()


def _leans(text: str) -> bool:
    """Whether a question says too little by itself, or points at what was said."""
    return _PHRASES.has("pointing", text) or len(_own_words(text)) < _SHORT


def _own_words(text: str) -> str:
    """What the question is about, without the words that ask for a side of it."""
    return _PHRASES.without("side", content(text)).replace(" ", "")


def _joined(text: str, earlier: str, catalogue: Catalogue) -> tuple[str, str]:
    """`text` with the place of `earlier`, and the subject of `earlier` that it leans on."""
    place = _region_words(earlier)
    if _regions(text, catalogue):
        rest = without(text, scope_of(text, catalogue).spans)
        if _same_question(rest):
            return f"{_region_words(text)} {_topic(earlier, catalogue)}", ""
        # The same matter for another place: what was asked before helps to find it there.
        return text, _subject_of(earlier, catalogue) if _leans(rest) else ""
    if _leans(text):
        return f"{place} {text}".strip(), _subject_of(earlier, catalogue)
    return f"{place} {text}".strip(), ""


def _same_question(rest: str) -> bool:
    """Whether what a question says besides its place is nothing but the same question: 那浙江呢？"""
    return not any(char.isalnum() for char in _PHRASES.without("same_question", rest))


def _place(cited: Sequence[Clause], catalogue: Catalogue) -> str:
    """The region of the one paper that was cited; empty where there were several."""
    regions = {catalogue.head(i).region for i in {clause.document_id for clause in cited}}
    return regions.pop() if len(regions) == 1 else ""


def cited_in(message: str, catalogue: Catalogue) -> tuple[Clause, ...]:
    """The clauses that an answer of ours named, found by document name and label."""
    found: list[Clause] = []
    for document_id, ends in sorted(_named_in(message, catalogue).items()):
        labels = [(spoken_label(clause), clause) for clause in catalogue.document(document_id).clauses]
        for end in ends:
            named = [(label, clause) for label, clause in labels if message.startswith(label, end)]
            found.extend(clause for _, clause in sorted(named, key=lambda known: -len(known[0]))[:1])
    return tuple(dict.fromkeys(found))


def _named_in(message: str, catalogue: Catalogue) -> dict[str, list[int]]:
    """The papers that a message names as we do, 《title》（文号）, with the places where a name ends."""
    found: dict[str, list[int]] = {}
    for opened in _OPENED.finditer(message):
        start = opened.end()
        closed = [m.start() for m in _CLOSED.finditer(message, start, start + _LONGEST_TITLE)]
        ids = {i for at in closed[:_MOST_CLOSED] for i in catalogue.titled(key_of(message[start:at])).ids}
        for document_id in ids:
            name = catalogue.head(document_id).source_name
            if message.startswith(name, start - 1):
                found.setdefault(document_id, []).append(start - 1 + len(name))
    return found


def recent(history: Sequence[Turn]) -> list[Turn]:
    """The part of the history that is read: the last turns, each cut to a length that takes little time.

    Reading every turn whole would take seconds where somebody pastes a book, and what a follow-up question
    leans on stands in the last few.
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
class Before:
    """What a history comes to: all that was asked in one, and the clauses of the last answer."""

    asked: str = ""
    cited: tuple[Clause, ...] = ()


def said_before(history: Sequence[Turn], catalogue: Catalogue) -> Before:
    """What the later questions of `history` mean together with the earlier ones."""
    earlier = ""
    cited: tuple[Clause, ...] = ()
    for turn in recent(history):
        if turn.role == "user":
            earlier = " ".join(_joined(turn.content, earlier, catalogue)).strip() if earlier else turn.content
            # The latest words come first, so that the oldest are cut.
            earlier = earlier[:_EARLIER]
        else:
            cited = cited_in(turn.content, catalogue)
            if earlier and not _regions(earlier, catalogue):
                earlier = _place(cited, catalogue) + earlier
    return Before(earlier, cited)


def standalone(text: str, before: Before, catalogue: Catalogue) -> Standalone:
    """`text` rewritten so that it can be answered without what was said before."""
    if not before.asked:
        return Standalone(text, rewritten=False)
    own, carried = _joined(text, before.asked, catalogue)
    whole = f"{own} {carried}".strip()
    stays = not _regions(text, catalogue)
    return Standalone(
        whole, rewritten=whole != text, carried=carried, cited=before.cited if stays and _leans(text) else ()
    )
