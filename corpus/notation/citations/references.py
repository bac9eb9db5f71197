"""Finds references to other papers: 《title》（number） and numbers without a title."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from corpus.model import Reference, Span, Stated
from corpus.notation.characters import HAN
from corpus.notation.doc_numbers import key_of_number, numbers_in, same_number
from corpus.notation.phrase_table import PhraseTable

_TABLE = PhraseTable.read("corpus", "provisions.tsv")
_LEADERSHIP = PhraseTable.read("corpus", "authorities.tsv").alternation("leadership")
# "《…意见》（湘政办发〔2021〕44号）", "《〈…纲要〉实施方案》"; group 1 is the title
_TITLE = re.compile(r"《([^《》]{3,120}(?:《[^《》]{2,100}》[^《》]{0,60})?)》")
# "为贯彻落实省委、省政府关于突破性发展生命健康产业的工作部署,": a basis without 《》
_PLAIN_BASIS = re.compile(
    rf"{_TABLE.alternation('follows')}(?P<title>(?:{_LEADERSHIP}|[{HAN}]{{2,20}}(?:政府|厅|局|部|委))"
    rf"[^，,。；《]{{0,24}}关于[^，,。；《]{{2,40}}?{_TABLE.alternation('plan')})(?=[，,。；]|精神)"
)
# Words before 《》 that make the paper a legal basis: "根据《…》", "按照《A》《B》"
_BASIS_WORD = re.compile(rf"{_TABLE.alternation('basis')}[^。；，,]{{0,60}}$")
# "以交通部令2005年第6号公布的《…规定》": the number comes before the title
_BEFORE_TITLE = re.compile(r"\s*(?:公布|发布|颁布|印发)的\s*")
# "根据宪法和…", "依据粮食安全保障法、价格法，制定": laws without 《》
_BARE_BASIS = re.compile(rf"{_TABLE.alternation('basis')}(?P<names>[{HAN}、]{{2,60}})")
_LAW = re.compile(rf"(?:[{HAN}]{{0,20}})(?:法|宪法|条例|法典)")
# "根据《…》，制定本办法", "依据《…》等，结合实际，提出以下意见"
_FORMULA = re.compile(
    rf"{_TABLE.alternation('basis')}[^。；]{{0,400}}?(?:制定|制订|编制|修订|提出|作出|发布)[^。；]{{0,12}}?(?:本|以下|如下|下列)"
)
_BASIS_REACH = 80  # characters before 《 that are searched for such words
# "（2013年12月5日北京市人民政府令第252号公布）": a date before the number, a verb after it
_OPENED = re.compile(r"\s*[（(]\s*(?:\d{4}\s*年\s*(?:\d{1,2}\s*月\s*\d{1,2}\s*日)?)?\s*原?")
_CLOSED = re.compile(r"\s*(?:公布|发布|颁布|印发)?\s*[）)]")
_BASIS_GO_ON = re.compile(r"^[、，,和及与以]{1,2}(?:和|及|与)?$|^$|^[（(][^）)]*[）)][、，,和及与以]{0,2}$")


def references_in(text: str, *, offset: int = 0) -> tuple[Reference, ...]:
    """Every paper named in `text`, in order."""
    numbers = numbers_in(text)
    by_start = {number.span.start: number for number in numbers}
    found: list[Reference] = []
    used: set[int] = set()
    for match in _TITLE.finditer(text):
        opened = _OPENED.match(text, match.end())
        number = by_start.get(opened.end()) if opened is not None else None
        start, end = match.start(), match.end()
        if number is not None:
            used.add(number.span.start)
            closing = _CLOSED.match(text, number.span.end)
            end = closing.end() if closing else number.span.end
        elif (number := _before_title(text, match.start(), numbers)) is not None:
            used.add(number.span.start)
            start = number.span.start
        value = number.value if number is not None else ""
        title = _plain(match[1])
        # "《国家税务总局公告2017年第52号》": a number in place of the title
        if not value and (named := numbers_in(title)) and named[0].span == Span(0, len(title)):
            title, value = "", named[0].value
        found.append(Reference(title, value, Span(start + offset, end + offset)))
    inside = [(m.start(), m.end()) for m in _TITLE.finditer(text)]
    for number in numbers:
        start = number.span.start
        around = bisect_right(inside, (start, len(text))) - 1
        if start not in used and not (around >= 0 and start < inside[around][1]):
            span = Span(start + offset, number.span.end + offset)
            found.append(Reference("", number.value, span))
    return tuple(sorted(found, key=lambda reference: reference.span.start))


def _before_title(text: str, start: int, numbers: Iterable[Stated[str]]) -> Stated[str] | None:
    """The number before the 《 at `start`, under which the paper was published."""
    for number in numbers:
        if _BEFORE_TITLE.fullmatch(text, number.span.end, start):
            return number
    return None


def _plain(title: str) -> str:
    return re.sub(rf"(?<=[{HAN}》〉])\s+(?=[{HAN}《〈])|\n", "", title)


def distinct(references: Iterable[Reference]) -> tuple[Reference, ...]:
    """`references` without later mentions of the same paper, as `same_paper` tells it."""
    kept: list[Reference] = []
    numbers: set[str] = set()
    titles: set[str] = set()
    without_number: set[str] = set()
    for reference in references:
        number = key_of_number(reference.doc_number) if reference.doc_number else ""
        seen = without_number if number else titles
        if number in numbers or reference.title in seen:
            continue
        kept.append(reference)
        numbers |= {number} - {""}
        titles |= {reference.title} - {""}
        without_number |= {reference.title} - {""} if not number else set()
    return tuple(kept)


def same_paper(one: Reference, other: Reference) -> bool:
    """Whether two references name the same paper: by number if both have one, else by title."""
    if one.doc_number and other.doc_number:
        return same_number(one.doc_number, other.doc_number)
    return bool(one.title) and one.title == other.title


def basis_in(text: str, *, offset: int = 0) -> tuple[Reference, ...]:
    """The papers that `text` names as the legal basis of the paper."""
    found = [*_titled_basis(text, offset), *_bare_basis(text, offset)]
    for match in _PLAIN_BASIS.finditer(text):
        span = Span(match.start("title") + offset, match.end("title") + offset)
        found.append(Reference(_plain(match["title"]), "", span))
    return distinct(sorted(found, key=lambda reference: reference.span.start))


def _bare_basis(text: str, offset: int) -> Iterator[Reference]:
    """Laws named without 《》 directly behind 根据: 根据宪法、粮食安全保障法和有关法律."""
    for match in _BARE_BASIS.finditer(text):
        for name in re.finditer(r"[^、和及与]+", match["names"]):
            if _LAW.fullmatch(name[0]) and not _TABLE.has("no_law", name[0]):
                span = Span(
                    match.start("names") + name.start() + offset, match.start("names") + name.end() + offset
                )
                yield Reference(name[0], "", span)


def states_basis(text: str) -> bool:
    """Whether a paragraph says on which papers this one rests: 依据《…》，制定本预案."""
    return _FORMULA.search(text) is not None


def _titled_basis(text: str, offset: int) -> Iterator[Reference]:
    last_end = -1
    for reference in references_in(text):
        before = text[max(0, reference.span.start - _BASIS_REACH) : reference.span.start]
        gap = text[last_end : reference.span.start] if last_end >= 0 else None
        if _BASIS_WORD.search(before) or (gap is not None and _BASIS_GO_ON.match(gap.strip())):
            last_end = reference.span.end
            span = Span(reference.span.start + offset, reference.span.end + offset)
            yield Reference(reference.title, reference.doc_number, span)
