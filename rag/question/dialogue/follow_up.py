"""Rewrites follow-up questions so that they need no earlier turn, by rules.

Twice: as words to search for, and as the sentence that the user is shown (`rag.question.dialogue.restate`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.catalogue.catalogue import Catalogue
from corpus.model import Clause, Span
from corpus.notation.paper_names import in_title_marks
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.mentions import find_divisions
from rag.language.stopwords import content, without
from rag.model import Turn
from rag.question.dialogue import restate
from rag.question.dialogue.cited_clauses import cited_in
from rag.question.metadata_fields import metadata_fields_of
from rag.question.other_terms import other_terms
from rag.question.paper_names import by_name
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
_EARLIER = 600  # characters kept of all earlier questions
_LONGEST_MATTER = 80  # characters of a question that the sentence of the next one may repeat


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that needs no earlier turn.

    `text` are all words to search for, `carried` the part of them from earlier turns; `sentence` is the
    question as a person would ask it; `cited` are the clauses that the last answer quoted, where the question
    refers to them.
    """

    text: str
    rewritten: bool
    sentence: str
    carried: str = ""
    cited: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """A summary of a history: its questions merged into one, and the clauses of the last answer."""

    asked: str = ""  # the words of its questions, the latest first
    matter: str = ""  # the question that the next one may refer to, as a sentence
    cited: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class _Joined:
    """A question with what it takes from the turns before."""

    own: str  # its words, with the place or paper that it is about
    carried: str  # the subject of earlier turns that it refers to
    sentence: str
    matter: str  # what the next question may refer to

    @property
    def words(self) -> str:
        return f"{self.own} {self.carried}".strip()


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


def needs_context(text: str) -> bool:
    """Whether a question is too short by itself, or refers to an earlier turn."""
    return _PHRASES.has("pointing", text) or _is_short(text)


def _is_short(text: str) -> bool:
    return len(_own_words(text)) < _SHORT


def _own_words(text: str) -> str:
    """Returns the content of a question, without the words that only ask for an aspect of it."""
    return _PHRASES.without("side", content(text)).replace(" ", "")


def _points_inside(text: str) -> bool:
    """Whether a question refers to an earlier turn by more than its first words: 那…, 然后…"""
    return any(span.start > 0 for span in _PHRASES.spans("pointing", text))


def _same_question(rest: str) -> bool:
    """Whether a question, apart from its place, only repeats the earlier one: 那浙江呢？"""
    return not any(char.isalnum() for char in _PHRASES.without("same_question", rest))


def _joined(text: str, context: Context, catalogue: Catalogue) -> _Joined:
    """Returns `text` with what it takes from the turns before."""
    if _regions(text, catalogue):
        return _elsewhere(text, context, catalogue)
    needs = needs_context(text)
    paper = _paper_meant(text, context, catalogue) if needs else ""
    words, place = _place_of(context.asked, catalogue), _place_named(context.matter, catalogue)
    words, place = paper or words, paper or place
    own = f"{words} {text}".strip()
    alone = restate.with_place(place, text)
    if not needs or (paper and metadata_fields_of(text)):
        return _Joined(own, "", alone, alone)
    carried = _subject_of(context.asked, catalogue)
    subject, asks = restate.subject_asked(text)
    if asks:
        # 那养犬呢，最多养几只？ asks by itself.
        sentence = restate.with_place(place, subject + asks)
        return _Joined(own, "" if _own_words(asks) else carried, sentence, sentence)
    if _own_words(subject):
        return _of_subject(subject, own, context, place=place, carried=carried, catalogue=catalogue)
    if not _is_short(text) and not _points_inside(text) and not text.isascii():
        # 那养犬登记怎么办？ only opens as a follow-up.
        return _Joined(own, carried if _same_matter(text, context, catalogue) else "", alone, alone)
    matter = context.matter if _is_short(text) else text if text.isascii() else alone
    return _Joined(own, carried, _continued(context.matter, text), matter)


def _of_subject(
    subject: str, own: str, context: Context, *, place: str, carried: str, catalogue: Catalogue
) -> _Joined:
    """Returns 那…呢: what was asked before, of another subject, or another matter without the one before."""
    elliptical = subject.endswith("的")
    if not elliptical and not _same_matter(subject, context, catalogue):
        sentence = restate.with_place(place, restate.simply_asked(subject))
        return _Joined(own, "", sentence, sentence)
    again = restate.asked_of(subject, _spoken_topic(context.matter, catalogue))
    sentence = restate.with_place(place, again) if again else _continued(context.matter, f"{subject}呢？")
    return _Joined(own, carried, sentence, sentence)


def _elsewhere(text: str, context: Context, catalogue: Catalogue) -> _Joined:
    """Returns a question that names a place or paper of its own."""
    rest = without(text, scope_of(text, catalogue).spans)
    place, topic = _place_named(text, catalogue), _spoken_topic(context.matter, catalogue)
    there = restate.with_place(place, topic)
    if _same_question(rest):
        return _Joined(f"{_region_words(text)} {_topic(context.asked, catalogue)}".strip(), "", there, there)
    # The same question for another place: its earlier wording helps to find the clause there.
    if not needs_context(rest):
        return _Joined(text, "", text, text)
    carried = _subject_of(context.asked, catalogue)
    first, _, further = text.partition("呢")
    if any(char.isalnum() for char in further) and _same_question(
        without(first, scope_of(first, catalogue).spans)
    ):
        # 广东呢？私立医院也要吗？
        return _Joined(text, carried, there + restate.without_opening(further), there)
    if not _is_short(rest) and not _points_inside(rest):
        sentence = restate.without_opening(text)
        return _Joined(text, carried, sentence, sentence)
    return _Joined(text, carried, _continued(topic, text), there)


def _continued(matter: str, text: str) -> str:
    return restate.continued(matter if len(matter) <= _LONGEST_MATTER else "", text)


def _same_matter(text: str, context: Context, catalogue: Catalogue) -> bool:
    """Whether the earlier questions, or the clauses that answered the last, have words of `text`."""
    quoted = [catalogue.document(clause.document_id).text_of(clause) for clause in context.cited]
    known = {pair for said in (context.asked, *quoted) for pair in pairwise(said)}
    return any(pair in known for run in content(text).split() for pair in pairwise(run))


def _spoken_topic(matter: str, catalogue: Catalogue) -> str:
    """Returns a sentence without the papers and regions that it begins with or that limit it."""
    rest = without(matter, scope_of(matter, catalogue).spans)
    leading = [m for m in find_divisions(rest) if not rest[: m.start].strip(" 　，,的在那")]
    rest = without(rest, [Span(m.start, m.end) for m in leading])
    return restate.spoken(rest.strip(" 　，,的在对"))


def _place_named(sentence: str, catalogue: Catalogue) -> str:
    """Returns the paper or the places that a sentence names, as it names them."""
    paper = _paper_named(sentence, catalogue)
    places = dict.fromkeys(mention.words for mention in find_divisions(sentence))
    return paper or "、".join(places) or _unlisted_place(sentence, catalogue)


def _place_of(asked: str, catalogue: Catalogue) -> str:
    """Returns the place of earlier questions, as words to search for."""
    named = by_name(asked, catalogue).bearers
    region = catalogue.head(named[0]).region if named else ""
    return region or _region_words(asked) or _unlisted_place(asked, catalogue)


def _unlisted_place(text: str, catalogue: Catalogue) -> str:
    """Returns a place that the text begins with and that is known from titles of papers only, or nothing."""
    place = next((span.of(text) for span in _PHRASES.spans("place", text)), "")
    return place if all(a + b in catalogue.names.title_pairs for a, b in pairwise(place)) else ""


def _paper_named(text: str, catalogue: Catalogue) -> str:
    """Returns the name by which a text names one paper; empty for none and for several."""
    names = by_name(text, catalogue)
    return names.spans[0].of(text) if names.bearers and len(names.subjects) == 1 else ""


def _paper_meant(text: str, context: Context, catalogue: Catalogue) -> str:
    """Returns the name of the paper asked about; where a fact about it is asked, of the one last quoted."""
    named = _paper_named(context.asked, catalogue)
    if named:
        return named
    cited = {clause.document_id for clause in context.cited}
    if len(cited) == 1 and metadata_fields_of(text) and not _speaks_of_term(context.cited, catalogue):
        head = catalogue.head(cited.pop())
        return head.doc_number or in_title_marks(head.title)
    return ""


def _speaks_of_term(cited: Sequence[Clause], catalogue: Catalogue) -> bool:
    """Whether one of the clauses states the term of a thing, such as a permit: 有效期呢 asks for that one."""
    return any(any(other_terms(catalogue.document(clause.document_id), clause)) for clause in cited)


def _place(cited: Sequence[Clause], catalogue: Catalogue) -> str:
    """Returns the region of the cited paper; empty where several were cited."""
    regions = {catalogue.head(i).region for i in {clause.document_id for clause in cited}}
    return regions.pop() if len(regions) == 1 else ""


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


def context_of(history: Sequence[Turn], catalogue: Catalogue) -> Context:
    """Merges the questions of `history`, each rewritten with the ones before it."""
    context = Context()
    for turn in recent(history):
        if turn.role != "user":
            context = _answered(turn.content, context, catalogue)
            continue
        if context.asked:
            joined = _joined(turn.content, context, catalogue)
            # The latest words come first, so that the oldest are cut off.
            context = replace(context, asked=joined.words[:_EARLIER], matter=joined.matter)
        else:
            context = replace(context, asked=turn.content[:_EARLIER], matter=turn.content)
    return context


def _answered(answer: str, context: Context, catalogue: Catalogue) -> Context:
    """Returns the context after an answer: its clauses, and their place where none was named."""
    cited = cited_in(answer, catalogue)
    context = replace(context, cited=cited)
    if not context.asked or _regions(context.asked, catalogue):
        return context
    place = _place(cited, catalogue)
    matter = restate.with_place(place, context.matter) if place else context.matter
    return replace(context, asked=place + context.asked, matter=matter)


def standalone(text: str, context: Context, catalogue: Catalogue) -> Standalone:
    """Rewrites `text` so that it can be answered without the earlier turns."""
    if not context.asked:
        return Standalone(text, rewritten=False, sentence=text)
    joined = _joined(text, context, catalogue)
    whole = joined.words
    stays = not _regions(text, catalogue)
    return Standalone(
        whole,
        rewritten=_letters(joined.sentence) != _letters(text),
        sentence=joined.sentence,
        carried=joined.carried,
        cited=context.cited if stays and needs_context(text) else (),
    )


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
