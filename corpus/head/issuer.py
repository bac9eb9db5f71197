"""Reads the issuer of a paper and its region."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from corpus.head.history import history_lines
from corpus.head.titles import ORDER
from corpus.model import Level, Span, Stated
from corpus.notation.characters import HAN
from corpus.notation.doc_numbers import numbers_in
from corpus.notation.numerals import TO_99
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.authorities import (
    complete,
    division_of_issuer,
    division_of_number,
    is_name,
    is_of_unknown_place,
    split_names,
)
from corpus.regions.divisions import NATION, Division
from corpus.regions.mentions import find_divisions
from corpus.text.lines import Line
from corpus.text.stated_fields import StatedField

_TITLES = PhraseTable.read("corpus", "paper_titles.tsv")
_AUTHORITIES = PhraseTable.read("corpus", "authorities.tsv")
# "湖南省人民政府办公厅关于…", "广东省人民政府办公厅印发…": the authority before the verb of a title
_BEFORE = re.compile(rf"^(?P<who>.{{2,80}}?){_TITLES.alternation('issues')}")
# "1992年4月3日第七届全国人民代表大会第五次会议通过", "…上海市第十五届人民代表大会常务委员会第四次会议"
_ASSEMBLY = re.compile(
    rf"(?:^|[日届经由，（(\s])(?P<region>全国|[{HAN}]{{2,12}}?[省市区州县旗])(?:第[{TO_99}]+届)?"
    rf"(?P<body>人民代表大会(?:常务委员会)?)第[{TO_99}]+次会议"
)
# "广州市人民政府令", "生态环境部、公安部、交通运输部令第23号公布"
_ORDERED = re.compile(rf"(?P<who>[{HAN}、\s]{{2,60}}?)令\s*(?:第|$)")
# "济南市人民政府办公厅 2019年１月３日印发"
_PRINTER = re.compile(rf"^(?P<who>[{HAN}]{{4,30}}?)[ \u3000\t]*[\d０-９]{{4}}\s*年.*印\s*发")
# The senses of words that show the level of a paper without issuer: "我县", "县政府"
_OWN_WORDS = {Level.COUNTY: "own_county", Level.CITY: "own_city", Level.PROVINCE: "own_province"}


def read_issuer(
    *,
    title: Stated[str],
    head: Sequence[Line],
    signature: Sequence[Line],
    history: Sequence[Line],
    number: Stated[str] | None,
    fields: Mapping[StatedField, Stated[str]],
    text: str,
) -> tuple[str, Level | None, Stated[str] | None]:
    """(region, level, issuer). Region is "", level and issuer are None if the paper does not state them."""
    found = (
        _of_order(head)
        or _of_signature(signature)
        or _of_title(title)
        or _of_letterhead(head)
        or _of_field(fields)
        or _of_history((*head, *history))
        or _of_printer(signature)
    )
    names, span = found if found is not None else ((), Span(0, 0))
    division = _division(names, title, number, text)
    if not names and division is None and not is_of_unknown_place(title.value):
        division = _division_of_text(text)
    if not names and division is not None and number is not None and "府令" in number.value:
        # 云府令第88号: an order is that of the government of the region.
        names, span = (f"{division.name}人民政府",), number.span
    names = tuple(complete(name, division) for name in names)
    issuer = Stated("、".join(names), span) if names else None
    if division is None:
        return "", None, issuer
    return division.full, division.level, issuer


_Found = tuple[tuple[str, ...], Span]


def _of_order(head: Sequence[Line]) -> _Found | None:
    for line in head:
        match = _ORDERED.match(line.words) if ORDER.match(line.words) else None
        names = split_names(match["who"]) if match is not None else ()
        if names:
            plain = tuple(name.removeprefix("中华人民共和国") or name for name in names)
            return plain, Span(line.start, line.end)
    return None


def _of_signature(signature: Sequence[Line]) -> _Found | None:
    """Reads the names above the date; a name may be split over lines."""
    lines: list[Line] = []
    for line in signature:
        if re.search(r"\d\s*年|[〇○]|年.*月", line.words) or line.words.startswith(("（", "(", "抄")):
            break
        lines.append(line)
    if not lines:
        return _of_date_line(signature)
    span = Span(lines[0].start, lines[-1].end)
    whole = [names for line in lines if (names := split_names(line.words))]
    if len(whole) == len(lines):
        return tuple(name for names in whole for name in names), span
    names = split_names(re.sub(r"\s", "", "".join(line.words for line in lines)))
    return (names, span) if names else None


def _of_date_line(signature: Sequence[Line]) -> _Found | None:
    if not signature or "印发" in signature[0].words:
        return None
    before = re.split(r"\d{4}\s*年|二[〇○]", signature[0].text)[0].strip()
    names = split_names(before) if before else ()
    return (names, Span(signature[0].start, signature[0].start + len(before))) if names else None


def _of_title(title: Stated[str]) -> _Found | None:
    match = _BEFORE.match(title.value)
    names = split_names(match["who"]) if match is not None else ()
    return (names, title.span) if names else None


def _of_letterhead(head: Sequence[Line]) -> _Found | None:
    """Reads lines of the head that consist of names only, with or without 文件."""
    names: list[str] = []
    span = Span(0, 0)
    for line in head:
        words = re.sub(rf"(?<=[{HAN}])\s*文\s*件$", "", line.words)
        words = re.sub(rf"(?<=[{HAN}]) (?=[{HAN}](?: |$))", "", words)
        known = is_name(words) and (bool(names) or division_of_issuer(words) is not None)
        if known and words not in names:
            span = Span(span.start if names else line.start, line.start + len(words))
            names.append(words)
        elif names and not known:
            break
    return (tuple(names), span) if names else None


def _of_field(fields: Mapping[StatedField, Stated[str]]) -> _Found | None:
    stated = fields.get(StatedField.ISSUER)
    names = split_names(stated.value) if stated is not None else ()
    return (names, stated.span) if stated is not None and names else None


def _of_history(lines: Sequence[Line]) -> _Found | None:
    for line in history_lines(lines):
        assembly = _ASSEMBLY.search(line.text)
        if assembly is not None:
            span = Span(line.start + assembly.start("region"), line.start + assembly.end("body"))
            return (assembly["region"] + assembly["body"],), span
        for number in numbers_in(line.text):
            names = split_names(number.value.partition("令")[0])
            if names and "令" in number.value:
                return names, Span(line.start + number.span.start, line.start + number.span.end)
    return None


def _of_printer(signature: Sequence[Line]) -> _Found | None:
    for line in signature:
        match = _PRINTER.match(line.text)
        if match is not None and is_name(match["who"]):
            return (match["who"],), Span(line.start, line.start + len(match["who"]))
    return None


def _division(
    names: Sequence[str], title: Stated[str], number: Stated[str] | None, text: str
) -> Division | None:
    for name in names:
        division = division_of_issuer(name)
        if division is not None:
            return division
    if any(map(is_of_unknown_place, (*names, title.value))):
        return None
    if number is not None:
        division = division_of_number(number.value, names=names, text=text)
        if division is not None:
            return division
    mentions = find_divisions(title.value)
    if mentions and title.span.end:
        return mentions[0].division
    return NATION if title.value.startswith("中华人民共和国") else None


def _division_of_text(text: str) -> Division | None:
    """The region most often named in a paper without issuer, on the level of its 我县, 全市, 省政府."""
    counts = Counter({level: len(_AUTHORITIES.spans(sense, text)) for level, sense in _OWN_WORDS.items()})
    if not any(counts.values()):
        return None
    level = counts.most_common(1)[0][0]
    named = Counter(
        mention.division.code for mention in find_divisions(text) if mention.division.level is level
    )
    best = named.most_common(1)
    if not best or best[0][1] < 2:
        return None
    return next(m.division for m in find_divisions(text) if m.division.code == best[0][0])
