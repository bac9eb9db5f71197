"""Phrase tables: lists of phrases with their sense, examples and counter-examples.

A table is a UTF-8 file of four columns separated by tabs, one phrase per line:

    sense   phrase   example|example   counter-example|counter-example

`#` begins a comment line, `-` is an empty column of examples. An example contains the phrase; a
counter-example contains no phrase of that sense. Without an example the phrase is its own example.

corpus/notation/phrase_syntax.py describes the syntax of phrases. A phrase that begins with ! is an exception:
it contains a phrase without having the sense (!上市许可 for 上市). Phrases inside an exception do not match,
and its examples do not have the sense.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from corpus.errors import BadTable
from corpus.model import Span
from corpus.notation.phrase_syntax import (
    SLOTS,
    alternatives_of,
    expression_of,
    is_words,
    lengths_of,
    needs_example,
    words_of,
)

_COLUMNS = ("sense", "phrase", "example", "counter-example")
_NONE, _COMMENT, _EXCEPTION = "-", "#", "!"
_SENSE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A line of a table."""

    sense: str
    written: str
    expression: str  # the regular expression it means
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    line: int
    exception: bool  # contains a phrase without having its sense


@dataclass(frozen=True, slots=True)
class PhraseTable:
    """The phrases of one table."""

    place: str  # package and file, for messages
    phrases: tuple[Phrase, ...]
    _senses: _Patterns
    _exceptions: _Patterns

    @classmethod
    @cache
    def read(cls, package: str, name: str) -> PhraseTable:
        """Reads the table data/`name` of `package`, once for all its readers.

        Raises BadTable, which names the line, when the file is not a valid table.
        """
        content = files(package).joinpath("data", name).read_text(encoding="utf-8")
        return cls.parse(content, place=f"{package}/data/{name}")

    @classmethod
    def parse(cls, content: str, *, place: str, slots: Mapping[str, str] | None = None) -> PhraseTable:
        """Parses a table. `slots`: further {names} and their regular expressions. Raises BadTable."""
        phrases = tuple(_phrases(content, place=place, slots=SLOTS | dict(slots or {})))
        seen: dict[tuple[str, str, bool], int] = {}
        for phrase in phrases:
            first = seen.setdefault((phrase.sense, phrase.written, phrase.exception), phrase.line)
            if first != phrase.line:
                raise BadTable(place, phrase.line, f"{phrase.written!r} is on line {first} too", "Delete one")
        return cls(place, phrases, _Patterns(phrases, exceptions=False), _Patterns(phrases, exceptions=True))

    @property
    def senses(self) -> tuple[str, ...]:
        """The senses, in the order of the file."""
        return tuple(dict.fromkeys(phrase.sense for phrase in self.phrases))

    def written(self, sense: str) -> tuple[str, ...]:
        """The phrases of the sense as written in the table, without exceptions."""
        return tuple(p.written for p in self.phrases if p.sense == sense and not p.exception)

    def alternation(self, sense: str) -> str:
        """A regular expression of all phrases of the sense, for use inside a grammar; ignores exceptions."""
        return f"(?:{self._senses[sense].pattern})"

    def spans(self, sense: str, text: str) -> tuple[Span, ...]:
        """The spans of the phrases of the sense, in order."""
        found = [Span(*match.span()) for match in self._senses[sense].finditer(text)]
        if not found or sense not in self._exceptions:
            return tuple(found)
        starts, ends = _covers(self._exceptions[sense].finditer(text))
        return tuple(span for span in found if span.end > ends[bisect_right(starts, span.start)])

    def has(self, sense: str, text: str) -> bool:
        """Whether the text contains a phrase of the sense."""
        if sense not in self._exceptions:
            return self._senses[sense].search(text) is not None
        return bool(self.spans(sense, text))

    def without(self, sense: str, text: str) -> str:
        """The text with each phrase of the sense replaced by a blank."""
        parts, at = [], 0
        for span in self.spans(sense, text):
            parts.append(text[at : span.start])
            at = span.end
        return " ".join((*parts, text[at:]))

    def is_whole(self, sense: str, text: str) -> bool:
        """Whether the text is a phrase of the sense and nothing else."""
        return self._senses[sense].fullmatch(text) is not None

    def matches(self, text: str) -> dict[str, tuple[Span, ...]]:
        """The spans of the phrases by sense; senses without any are left out."""
        return {sense: spans for sense in self._senses if (spans := self.spans(sense, text))}

    def lines_for(self, sense: str, text: str) -> tuple[Phrase, ...]:
        """The lines of the table that give the text the sense; none when an exception applies."""
        if not self.has(sense, text):
            return ()
        own = (phrase for phrase in self.phrases if phrase.sense == sense and not phrase.exception)
        return tuple(phrase for phrase in own if re.search(phrase.expression, text))

    def patterns(self) -> Iterator[re.Pattern[str]]:
        """Yields the compiled expressions, for tests of their running time."""
        yield from (*self._senses.values(), *self._exceptions.values())

    def mistakes(self) -> list[str]:
        """Error messages, one for each example or counter-example that contradicts the table."""
        return [
            f"line {phrase.line} of {self.place}: {fault}"
            for phrase in self.phrases
            for fault in self._faults(phrase)
        ]

    def _faults(self, phrase: Phrase) -> Iterator[str]:
        own = re.compile(phrase.expression)
        expected = not phrase.exception
        for example in phrase.examples:
            match = own.search(example)
            if match is None:
                yield f"{phrase.written!r} is not found in its example {example!r}"
            elif self.has(phrase.sense, example) is not expected:
                yield f"the example {example!r} has the sense {phrase.sense!r}: {not expected}"
            elif expected and (cut := self._cut_short(phrase.sense, example, Span(*match.span()))):
                yield f"a shorter phrase finds only {cut!r} of {match[0]!r} in the example {example!r}"
        for text in phrase.counter_examples:
            if self.has(phrase.sense, text) is expected:
                yield f"the counter-example {text!r} has the sense {phrase.sense!r}: {expected}"

    def _cut_short(self, sense: str, text: str, own: Span) -> str:
        """What is found at the beginning of `own`, if it is shorter; else nothing."""
        found = (span for span in self.spans(sense, text) if span.start == own.start and span.end < own.end)
        return "".join(span.of(text) for span in found)


class _Patterns(Mapping[str, re.Pattern[str]]):
    """A regular expression for each sense, compiled at first use."""

    def __init__(self, phrases: Iterable[Phrase], *, exceptions: bool) -> None:
        self._phrases: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            if phrase.exception is exceptions:
                self._phrases.setdefault(phrase.sense, []).append(phrase)
        self._exceptions = exceptions
        self._compiled: dict[str, re.Pattern[str]] = {}

    def __getitem__(self, sense: str) -> re.Pattern[str]:
        known = self._compiled.get(sense)
        if known is None:
            whole = _alternation(self._phrases[sense])
            # Exceptions may overlap, so a lookahead finds them at every offset.
            whole = f"(?=({whole}))" if self._exceptions else whole
            known = self._compiled[sense] = re.compile(whole)
        return known

    def __iter__(self) -> Iterator[str]:
        return iter(self._phrases)

    def __len__(self) -> int:
        return len(self._phrases)

    def __contains__(self, sense: object) -> bool:
        return sense in self._phrases


def _alternation(phrases: Sequence[Phrase]) -> str:
    """Joins phrases so that the one that can match most comes first; plain words in Latin letters come last.

    The words of a choice are sorted one by one, as {那/那么} would otherwise hide 那边.
    """
    found = [pair for phrase in phrases for pair in _alternatives(phrase)]
    found.sort(key=lambda pair: (*lengths_of(pair[0]), len(pair[0])), reverse=True)
    words = [written for written, _ in found if is_words(written)]
    others = [expression for written, expression in found if not is_words(written)]
    return "|".join(others + [words_of(words)] * bool(words))


def _alternatives(phrase: Phrase) -> list[tuple[str, str]]:
    """The phrase, or each word of a phrase that is only a choice of words, with its expression."""
    words = alternatives_of(phrase.written)
    if len(words) == 1:
        return [(phrase.written, phrase.expression)]
    return [(word, expression_of(word, {})) for word in words]


def _covers(found: Iterable[re.Match[str]]) -> tuple[list[int], list[int]]:
    """The starts of exceptions in order, and ends with ends[n] the furthest end of the first n exceptions."""
    starts, ends = [], [-1]
    for match in found:
        starts.append(match.start())
        ends.append(max(ends[-1], match.end(1)))
    return starts, ends


def _phrases(content: str, *, place: str, slots: Mapping[str, str]) -> Iterator[Phrase]:
    known = dict(slots)
    above: list[Phrase] = []  # the lines of the current sense
    closed: set[str] = (
        set()
    )  # senses that are complete, so that {sense} in later lines means all of their lines
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip() or line.startswith(_COMMENT):
            continue
        columns = line.split("\t")
        if len(columns) != len(_COLUMNS):
            reason = f"{len(columns)} columns instead of {len(_COLUMNS)}"
            raise BadTable(place, number, reason, f"Write {', '.join(_COLUMNS)} with a tab between them")
        if above and above[0].sense != columns[0]:
            known[above[0].sense] = f"(?:{_alternation(above)})"
            closed.add(above[0].sense)
            above = []
        if columns[0] in closed:
            reason = f"the sense {columns[0]!r} was ended by lines of another, and may have been used by them"
            raise BadTable(place, number, reason, "Move the line to the others of that sense")
        try:
            phrase = _phrase(*columns, line=number, slots=known)
        except ValueError as error:
            cure = "The module corpus/notation/phrase_syntax.py says how to write a phrase"
            raise BadTable(place, number, str(error), cure) from error
        if not phrase.exception:
            above.append(phrase)
        yield phrase


def _phrase(
    sense: str, written: str, examples: str, counters: str, *, line: int, slots: Mapping[str, str]
) -> Phrase:
    """Parses a line of the table. Raises ValueError for an invalid one."""
    if _SENSE.fullmatch(sense) is None:
        raise ValueError(f"the sense {sense!r} is not a lower-case word")
    exception = written.startswith(_EXCEPTION)
    plain = written.removeprefix(_EXCEPTION)
    expression = expression_of(plain, slots)
    shown = _examples(examples) or (plain.strip("^$"),)
    if examples == _NONE and needs_example(plain):
        raise ValueError(f"{written!r} needs an example")
    return Phrase(sense, plain, expression, shown, _examples(counters), line, exception)


def _examples(column: str) -> tuple[str, ...]:
    if column == _NONE:
        return ()
    found = tuple(column.split("|"))
    if not all(text.strip() for text in found):
        raise ValueError(f"an empty example in {column!r}; write {_NONE!r} for none")
    return found
