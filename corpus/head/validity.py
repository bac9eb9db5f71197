"""Reads 施行日期 and 有效期 from the sentence that states them."""

from __future__ import annotations

import re
from datetime import date, timedelta

from corpus.model import Span, Validity
from corpus.notation.characters import HAN
from corpus.notation.dates import DURATION, dates_in, last_day
from corpus.notation.numerals import NUMERAL, TO_99, number_of
from corpus.notation.phrase_table import PhraseTable

_PROVISIONS = PhraseTable.read("corpus", "provisions.tsv")
_START = _PROVISIONS.alternation("takes_effect")
_DATE = r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
_SELF = rf"(?:本[{HAN}（）()]{{1,16}}|上述[{HAN}]{{1,8}}|以上[{HAN}]{{1,8}})"
# "本意见自印发之日起实施，有效期5年。", "自2021年5月1日起施行。", "本办法自颁布之日起30日后施行"
_IN_FORCE = re.compile(
    rf"(?:^|[，,；：）》]|{_SELF}[^。；，,]{{0,12}}?)\s*[自从于]\s*(?P<day>本?[{HAN}]{{0,6}}{_PROVISIONS.alternation('made_public')}之?日|{_DATE})"
    rf"\s*(?:起|始)(?:计?\s*(?P<later>\d{{1,3}})\s*[日天]后)?[^。；]{{0,10}}?{_START}"
)
# "本办法有效期为五年", "有效期至2027年12月31日", "试行期2年"
_PERIOD = re.compile(
    rf"{_PROVISIONS.alternation('period')}\s*(?:为|是|限|暂定)?\s*(?:(?P<length>{DURATION.pattern})|(?:截?止?至|到)\s*(?P<until>{_DATE}))"
    rf"|(?:施行|实施|执行)(?:截?止?至|到)\s*(?P<till>{_DATE})|至\s*(?P<to>{_DATE})(?:止|失效|废止)"
)
_SENTENCE = re.compile(r"[^。；\n]+[。；]?")
_OF_SELF = re.compile(rf"^\s*(?:[（(][{TO_99}]+[）)]|第[{NUMERAL}]+条\s*|[{TO_99}]+、|\d+[．.、])?\s*{_SELF}")


def validity_in(text: str, *, offset: int, issued: date | None) -> Validity | None:
    """Reads the fullest statement in `text` of the paper's own validity. `issued` is the 印发之日."""
    best: Validity | None = None
    for sentence in _SENTENCE.finditer(text):
        found = _read(sentence[0], sentence.start() + offset, issued)
        if found is not None and (best is None or fuller(found, best)):
            best = found
    return best


def periods_in(text: str) -> tuple[Span, ...]:
    """The places where `text` speaks of a term: 有效期, 试行期限."""
    return _PROVISIONS.spans("period", text)


def fuller(one: Validity, other: Validity) -> bool:
    """Whether `one` states more of start, end and duration than `other`."""
    return sum(map(bool, (one.since, one.until, one.duration))) > sum(
        map(bool, (other.since, other.until, other.duration))
    )


def _read(sentence: str, offset: int, issued: date | None) -> Validity | None:
    start = _IN_FORCE.search(sentence)
    period = _PERIOD.search(sentence)
    if start is None and (period is None or not _OF_SELF.match(sentence)):
        return None
    since = _since(start, issued) if start is not None else None
    duration, until, derived = "", None, False
    if period is not None:
        written = period["until"] or period["till"] or period["to"]
        if written:
            days = dates_in(written)
            until = days[0].value if days else None
        else:
            duration = re.sub(r"\s", "", period["length"])
            begin_day = since or issued
            until = last_day(begin_day, duration) if begin_day is not None else None
            derived = until is not None
    words = sentence.strip()
    begin = offset + sentence.index(words[0])
    return Validity(Span(begin, begin + len(words)), since, until, duration, derived)


def _since(start: re.Match[str], issued: date | None) -> date | None:
    days = dates_in(start["day"])
    if days:
        return days[0].value
    if issued is not None and start["later"]:
        return issued + timedelta(days=number_of(start["later"]))
    return issued
