"""Finds the papers whose term a text extends: 《…》有效期延长至2027年6月30日, 延长《…》有效期, 继续有效."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.model import Extension, Reference, Span
from corpus.notation.citations.references import references_in
from corpus.notation.citations.repeals import listed_paper
from corpus.notation.days.dates import DURATION, dates_in, last_day, last_days_in
from corpus.notation.phrase_table import PhraseTable

_TABLE = PhraseTable.read("corpus", "provisions.tsv")
_SENTENCE = re.compile(r"[^。；\n]+[。；]?")
# "根据《甲》的规定，…", "按《乙》继续执行": the paper is named for another reason
_EXCLUDED = re.compile(r"(?:根据|依据|按照?|依照|参照|违反|贯彻|落实|对照|修订|除)[^，。；》]{0,16}$")
# Words that join the papers of a list, with "（以下简称…）" and the date of each
_JOINED = re.compile(r"^(?:[、，,和及与\s]|以及|原|的通知|等|文件?|[（(][^）)]{0,40}[）)])*$")
_UP_TO = re.compile(r"(?:[至到]|[—–\-~～]{1,2})\s*$")
_TO_YEAR = re.compile(r"[至到](?P<year>20\d{2})年(?![度\d])")
_YEAR = re.compile(r"\d{4}年")
_SINCE = re.compile(r"[自从]\s*$")
# "继续执行以下文件：", "将下列2件文件有效期延长至…"
_LIST_FOLLOWS = re.compile(r"(?:以下|下列)[^。；，]{0,30}(?:文件|办法|政策|规定)")
_LONGEST_GAP = 60  # characters between a paper and the words that extend its term
_MOST_NEAR = 20  # papers before and behind the words that extend their term
_LONGEST_TERM = 16  # characters of the term behind a paper: 等文件的有效期限
_LONGEST_SENTENCE = 600  # characters that are searched for the new end


@dataclass(frozen=True, slots=True)
class _Term:
    until: date | None
    duration: str


def extended_by(lines: Iterable[tuple[str, int]], *, title: str = "") -> tuple[Extension, ...]:
    """The papers whose term the paragraphs extend; `lines` are paragraphs with their offsets.

    `title` is that of the paper; its sentences may speak of the term of the one paper that it names.
    """
    found: list[Extension] = []
    named = references_in(title) if _TABLE.spans("extends", title) else ()
    listed: tuple[_Term, ...] = ()  # the term of the papers in the list that follows
    for text, offset in lines:
        item = listed_paper(text, offset) if listed else None
        if item is not None:
            found += (Extension(item, term.until, term.duration, item.span) for term in listed)
            continue
        listed = ()
        references = references_in(text, offset=offset)
        for sentence in _SENTENCE.finditer(text):
            for one, is_list in _in_sentence(text, offset, sentence, references, named):
                found += [one] if not is_list else []
                listed = (_Term(one.until, one.duration),) if is_list else listed
    return tuple({(one.paper.title, one.paper.doc_number): one for one in reversed(found)}.values())[::-1]


def _in_sentence(
    text: str,
    offset: int,
    sentence: re.Match[str],
    references: Sequence[Reference],
    named: Sequence[Reference],
) -> Iterator[tuple[Extension, bool]]:
    """Yields what a sentence extends, and whether that is the papers of a list below it."""
    placed = [(one, one.span.start - offset, one.span.end - offset) for one in references]
    starts = [start for _, start, _ in placed]
    sure = [(verb, True) for verb in _TABLE.spans("extends", sentence[0])]
    for verb, is_sure in (*sure, *((verb, False) for verb in _TABLE.spans("prolongs", sentence[0]))):
        begin, end = verb.start + sentence.start(), verb.end + sentence.start()
        at = bisect_left(starts, begin)
        near = placed[max(0, at - _MOST_NEAR) : at + _MOST_NEAR]
        own = [one for one in near if sentence.start() <= one[1] and one[2] <= sentence.end()]
        if any(start <= begin < stop for _, start, stop in own):
            continue  # in the title of a paper
        before, after = _before(text, sentence.start(), own, begin), _after(text, own, end)
        if not is_sure:
            before, after = _directly(text, offset, before, begin), _with_term(text, offset, after)
        meant = [*before, *after]
        if own and not meant:
            continue
        first = min((one.span.start - offset for one in meant), default=begin)
        term = _term(text, first, min(sentence.end(), begin + _LONGEST_SENTENCE), own)
        span = Span(
            offset + min(first, begin), offset + max(end, *(one.span.end - offset for one in meant), end)
        )
        around = max(sentence.start(), begin - _LONGEST_GAP), end + _LONGEST_GAP
        if not meant and _LIST_FOLLOWS.search(text, *around):
            yield Extension(Reference("", "", span), term.until, term.duration, span), True
        elif not meant and len(named) == 1:
            yield Extension(replace(named[0], span=span), term.until, term.duration, span), False
        for one in meant:
            yield Extension(one, term.until, term.duration, span), False
        if meant:
            return


def _before(
    text: str, sentence: int, own: Sequence[tuple[Reference, int, int]], verb: int
) -> list[Reference]:
    """The papers before the verb: 《甲》、《乙》有效期延长."""
    found: list[Reference] = []
    reached = verb
    for reference, start, end in reversed([one for one in own if one[2] <= verb]):
        gap = text[end:reached]
        joined = len(gap) <= _LONGEST_GAP and (reached == verb or _JOINED.match(gap) is not None)
        if not joined or _EXCLUDED.search(text[max(sentence, start - _LONGEST_GAP) : start]):
            break
        found.append(reference)
        reached = start
    return found[::-1]


def _directly(text: str, offset: int, found: list[Reference], verb: int) -> list[Reference]:
    """The papers, if nothing else that could be extended is before the verb: 《办法》规定的工期延长."""
    if not found:
        return []
    gap = re.split(r"[，,；;]", text[found[-1].span.end - offset : verb])[-1]
    for day in reversed(last_days_in(gap)):
        gap = gap[: day.span.start] + gap[day.span.end :]
    rest = _TABLE.without("prolongs_adverb", _TABLE.without("period", gap))
    return found if not rest.strip("的由从自 ") else []


def _with_term(text: str, offset: int, found: list[Reference]) -> list[Reference]:
    """The papers, if their term is named behind them: 延长《办法》有效期."""
    behind = text[found[-1].span.end - offset :][:_LONGEST_TERM] if found else ""
    periods = _TABLE.spans("period", behind)
    return found if periods and periods[0].start <= len("等文件的") else []


def _after(text: str, own: Sequence[tuple[Reference, int, int]], verb: int) -> list[Reference]:
    """The papers behind the verb: 延长《甲》有效期, 继续执行《甲》和《乙》."""
    found: list[Reference] = []
    reached = verb
    for reference, start, end in own:
        if start >= verb:
            if not _JOINED.match(text[reached:start]):
                break
            found.append(reference)
            reached = end
    return found


def _term(text: str, begin: int, end: int, own: Sequence[tuple[Reference, int, int]]) -> _Term:
    """The new end that the words from `begin` to `end` state, outside of the names of papers."""
    words = text[begin:end]
    for _, start, stop in own:
        if begin <= start and stop <= end:
            words = words[: start - begin] + "《" * (stop - start) + words[stop - begin :]
    ends = [day.value for day in last_days_in(words) if _UP_TO.search(words[: day.span.start])]
    ends += [date(int(match["year"]), 12, 31) for match in _TO_YEAR.finditer(words)] if not ends else []
    if ends:
        return _Term(ends[-1], "")
    days = dates_in(words)
    plain = words
    for day in days:
        plain = plain[: day.span.start] + "《" * (day.span.end - day.span.start) + plain[day.span.end :]
    length = DURATION.search(_YEAR.sub("", plain))
    if length is None:
        return _Term(None, "")
    since = [day.value for day in days if _SINCE.search(words[: day.span.start])]
    return _Term(last_day(since[-1], length[0]), "") if since else _Term(None, length[0])
