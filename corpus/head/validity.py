"""Reads 施行日期 and 有效期 from the sentences that state them.

A term counts only where the paper is its subject: 采砂许可证有效期三年 is the term of a permit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from corpus.model import Span, Validity
from corpus.notation.characters import HAN
from corpus.notation.days.dates import DURATION, dates_in, day_after, last_day, last_days_in
from corpus.notation.numerals import DIGIT, LIKE_DIGITS, NUMERAL, TO_99, number_of
from corpus.notation.phrase_table import PhraseTable

_PROVISIONS = PhraseTable.read("corpus", "provisions.tsv")
_TITLES = PhraseTable.read("corpus", "paper_titles.tsv")
_START, _PERIOD = _PROVISIONS.alternation("takes_effect"), _PROVISIONS.alternation("period")
_D, _GAP = f"[{DIGIT}{LIKE_DIGITS}]", r"[ \u3000\t]{0,4}"
_YEAR = rf"(?:{_D}(?:{_GAP}{_D}){{3}}|[〇○零一二三四五六七八九0]{{4}}){_GAP}年"
_N = rf"(?:{_D}(?:{_GAP}{_D})?|[{TO_99}]{{1,3}})"
_DATE = rf"{_YEAR}{_GAP}{_N}{_GAP}月{_GAP}{_N}{_GAP}日"
_LAST = rf"(?:{_DATE}|{_YEAR}(?:{_GAP}{_N}{_GAP}月)?年?[底末]?)"
_ISSUED = rf"(?:本?[{HAN}]{{0,6}}{_PROVISIONS.alternation('made_public')}之?日|即日)"
_DAY = rf"(?:{_ISSUED}|{_DATE})"
_LENGTH = rf"(?:{DURATION.pattern})".replace("(半)?", "半?")
_LENGTH = re.sub(r"\((?!\?)", "(?:", _LENGTH)
_FROM = rf"[自从于由]?{_GAP}(?P<day>(?<=[自从于由]){_ISSUED}|{_DATE}){_GAP}(?:起的?|始|开始)?"
# What may follow 施行 when the paper itself is its subject: not 执行新收费标准
_ENDS = rf"(?=[^{HAN}]|$|[\d{TO_99}两半]{{1,3}}{_GAP}(?:年|个月|周年|[日天])|[至到止期并且后]|暂[定行]|有效)"
# "自印发之日起实施", "于2022年4月15日起施行", "自颁布之日起30日后施行", "自2021年5月1日起计算"
_SINCE = re.compile(
    rf"[自从于]{_GAP}(?P<day>{_DAY}){_GAP}(?:起|始|开始)"
    rf"(?:计?满?{_GAP}(?P<later>\d{{1,3}}|[{TO_99}百]{{1,4}}){_GAP}(?P<unit>[日天]|个月)后)?"
    rf"[^。；，,《]{{0,10}}?(?:{_START}{_ENDS}|计算)"
)
# "2021年5月1日至2024年4月30日", "自发布之日起至2020年6月30日止"
_RANGE = re.compile(
    rf"{_FROM}(?:施行|实施|执行)?[，,]?{_GAP}(?:至|到|[—–－\-~～]{{1,2}}){_GAP}(?P<until>{_LAST}){_GAP}[止期]?"
)
# "有效期至2027年12月31日", "执行至2025年底", "至2024年1月1日止"
_UNTIL = re.compile(
    rf"(?:{_PERIOD}(?:为|暂定)?|{_START}|[，,]|^)(?:暂定)?(?:截?止?至|到|至){_GAP}(?P<until>{_LAST}){_GAP}(?P<end>止|失效|废止)?"
    rf"|(?:[，,]|^)(?:[于至在]|有效期至)?{_GAP}(?P<ends>{_LAST}){_GAP}(?:起|止|到期|期满)?(?:后|自行|自动|即行|同时)*(?:废止|失效|终止)"
)
# "有效期为五年", "暂定三年", "试行两年", "五年内有效", "有效期自发布之日起5年"
_FOR = re.compile(
    rf"(?:(?P<period>{_PERIOD}|期限)(?:暂?[为是限定]|：|暂定为)?{_GAP}|暂定(?:为)?{_GAP}|{_START}{_GAP})"
    rf"(?:{_FROM}(?:计算?)?{_GAP})?(?P<length>{_LENGTH})"
    rf"|(?:{_FROM.replace('<day>', '<day2>')}(?:计算?)?{_GAP})?"
    rf"(?P<within>{_LENGTH}){_GAP}(?:内|以内|之内)?有效"
)
# Below a heading such as 执行期限: "自印发之日起三年", "三年"
_BARE = re.compile(rf"^(?:{_FROM}(?:计算?)?{_GAP}[，,]?)?(?P<length>{_LENGTH})")
_SENTENCE = re.compile(r"[^。；\n]+[。；]?")
_LABEL = re.compile(
    rf"^\s*(?:[（(][{TO_99}\d]{{1,3}}[）)]|第{_GAP}[{NUMERAL}\d]{{1,6}}{_GAP}条|[{TO_99}]{{1,3}}、"
    r"|\d{1,2}(?:[．.]\d{1,2})*[．.、 \u3000])?\s*"
)
_SEPARATOR = re.compile(r"[，,；;：:。（(]")
_OWN_KIND = (
    rf"本{_TITLES.alternation('own_sort')}*{_TITLES.alternation('own_kind')}(?:[（(][{HAN}]{{1,6}}[）)])?"
)
# "本意见明确的政策措施", "以上各项政策", "此件"
_SELF = re.compile(
    rf"(?:{_OWN_KIND}|{_PROVISIONS.alternation('this_paper')}|(?:上述|以上|前述)[{HAN}]{{1,10}})"
    rf"(?:(?:明确|规定|提出|所列)的(?:各项)?(?:政策措施|政策|措施))?"
)
# What may stand between the paper as subject and its 施行日期, or its 有效期
_BEFORE_DAY = re.compile(r"的?|[^，。；,的]{0,14}|[^，。；,]{0,40}[并且]")
_BEFORE_TERM = re.compile(rf"(?:的|[^，。；,]{{0,40}}[并且])?(?:{_PROVISIONS.alternation('term_opens')})?")
_OPENS = re.compile(rf"(?:{_PROVISIONS.alternation('term_opens')})?")

_LOOK_BACK = 80  # characters before a term that are searched for its subject
_PERIOD_REACH = 16  # characters before a date that are searched for 有效期为


@dataclass(frozen=True, slots=True)
class _Statement:
    """What one sentence states."""

    span: Span
    since: date | None
    duration: str
    until: date | None


def validity_in(paragraphs: Iterable[tuple[str, int]], *, issued: date | None) -> Validity | None:
    """The validity that paragraphs with their offsets state. `issued` is the 印发之日.

    The fullest statement counts; what it leaves out is taken from the others: the notice may state 施行日期,
    the last article 有效期.
    """
    found = list(_statements(paragraphs, issued))
    if not found:
        return None
    best = max(found, key=lambda one: sum(map(bool, (one.since, one.until, one.duration))))
    since = best.since or next(filter(None, (one.since for one in found)), None)
    term = best if best.until or best.duration else next((o for o in found if o.until or o.duration), best)
    derived = term.until is None and bool(term.duration)
    begin = since or issued
    until = last_day(begin, term.duration) if derived and begin is not None else term.until
    span = term.span if term.duration or term.until else best.span
    return Validity(span, since, until, term.duration, derived and until is not None)


def periods_in(text: str) -> tuple[Span, ...]:
    """The places where `text` speaks of a term: 有效期, 试行期限."""
    return _PROVISIONS.spans("period", text)


def _statements(paragraphs: Iterable[tuple[str, int]], issued: date | None) -> Iterator[_Statement]:
    headed = stated = False
    for text, offset in paragraphs:
        for sentence in _SENTENCE.finditer(text):
            label = _LABEL.match(sentence[0])
            begin = label.end() if label is not None else 0
            words = sentence[0][begin:].rstrip()
            heading = words.rstrip("。：: ")
            if _PROVISIONS.is_whole("term_heading", heading):
                headed = True
                continue
            found = _read(words, headed=headed, stated=stated, issued=issued)
            headed, stated = False, found is not None
            if found is not None:
                # The quote is the sentence with its label.
                start = offset + sentence.start() + len(sentence[0]) - len(sentence[0].lstrip())
                yield replace(found, span=Span(start, offset + sentence.start() + begin + len(words)))


def _read(words: str, *, headed: bool, stated: bool, issued: date | None) -> _Statement | None:
    """Reads a sentence without its label.

    `headed`: it is below the heading of a term; `stated`: the sentence before states a term of the paper.
    """
    since_match = next((m for m in _SINCE.finditer(words) if _takes_effect(words, m.start())), None)
    since = _since(since_match, issued) if since_match is not None else None
    sure = headed or stated or since_match is not None or _begins_with_self(words)
    duration, until = "", None
    for match in _RANGE.finditer(words):
        if _is_term(words, match, headed=headed) and _is_own(words, _begin(words, match.start()), sure=sure):
            until = _last(match["until"])
            since = since or _day(match["day"], issued)
            break
    for match in _UNTIL.finditer(words) if until is None else ():
        begin = _begin(words, match.start() + words.startswith(("，", ","), match.start()))
        if since_match is not None and begin < since_match.end() < match.end():
            begin = since_match.end()
        if _is_own(words, begin, sure=sure) and (headed or sure):
            until = _last(match["until"] or match["ends"])
            break
    for match in (*_FOR.finditer(words), *(_BARE.finditer(words) if headed else ())):
        inside = since_match is not None and match.start() < since_match.end() < match.end()
        if until is None and not duration and (inside or _is_own(words, match.start(), sure=sure)) and sure:
            duration = re.sub(r"\s", "", match["length"] or match.groupdict().get("within") or "")
            since = since or _day(match["day"] or match.groupdict().get("day2"), issued)
    if since_match is not None and since_match[0].endswith("计算") and not duration:
        return None
    if since is None and until is None and not duration and since_match is None:
        return None
    return _Statement(Span(0, 0), since, duration, until)


def _begin(words: str, start: int) -> int:
    """The start of the words of a period (有效期为) that end directly before `start`; else `start`."""
    first = max(0, start - _PERIOD_REACH)
    for span in _PROVISIONS.spans("period", words[first:start]):
        if re.fullmatch(r"(?:为|是|限|暂定|暂定为|：|时间)?\s*", words[first + span.end : start]):
            return first + span.start
    return start


def _is_term(words: str, match: re.Match[str], *, headed: bool) -> bool:
    """Whether a span of dates is a term: behind 有效期, before 施行, or below such a heading."""
    behind = words[match.end() : match.end() + 12]
    return (
        headed
        or _begin(words, match.start()) != match.start()
        or re.match(rf"[^。；，,]{{0,6}}?(?:{_START}|有效)", behind) is not None
        or re.search(r"起(?:施行|实施|执行)[，,]?\s*(?:至|到)", match[0]) is not None
    )


def _begins_with_self(words: str) -> bool:
    return _SELF.match(words.lstrip("（( ")) is not None


def _takes_effect(words: str, start: int) -> bool:
    """Whether the paper is the subject of 自…起施行 at `start`."""
    before = _part_before(words, start)
    own = _SELF.match(before)
    return _OPENS.fullmatch(before) is not None or (
        own is not None and _BEFORE_DAY.fullmatch(before, own.end()) is not None
    )


def _is_own(words: str, start: int, *, sure: bool) -> bool:
    """Whether the paper is the subject of the term at `start`.

    `sure`: the paper is the subject of the sentence, so that nothing needs to stand before the term.
    """
    before = _part_before(words, start)
    if _OPENS.fullmatch(before):
        return sure
    own = _SELF.match(before)
    return own is not None and _BEFORE_TERM.fullmatch(before, own.end()) is not None


def _part_before(words: str, start: int) -> str:
    """The words before `start` in the same part of the sentence."""
    begin = max(0, start - _LOOK_BACK)
    cut = max((mark.end() for mark in _SEPARATOR.finditer(words, begin, start)), default=begin)
    return words[cut:start].strip()


def _since(start: re.Match[str], issued: date | None) -> date | None:
    day = _day(start["day"], issued)
    if day is None or not start["later"]:
        return day
    number = number_of(start["later"])
    return day_after(day, f"{number}个月") if start["unit"] == "个月" else day + timedelta(days=number)


def _day(written: str | None, issued: date | None) -> date | None:
    if not written:
        return None
    days = dates_in(written)
    return days[0].value if days else issued


def _last(written: str) -> date | None:
    days = last_days_in(written)
    return days[0].value if days else None
