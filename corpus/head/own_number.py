"""Reads the paper's own number, as opposed to the numbers it cites."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corpus.head.history import events_in, history_lines, number_in
from corpus.head.titles import ORDER_NUMBER, banner_numbers
from corpus.model import Span, Stated
from corpus.notation.days.dates import dates_in
from corpus.notation.doc_numbers import REGISTRY, numbers_in, whole_number
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.authorities import is_name, split_names
from corpus.text.lines import Line
from corpus.text.stated_fields import StatedField, is_field_line

_PROVISIONS = PhraseTable.read("corpus", "provisions.tsv")
_SEPARATORS = re.compile(r"[#*_\s\u3000（()），,、；;。]")
# What may surround a number on its own line: brackets, a registry number, a signer
_AROUND = re.compile(r"^[\s（()）〔〕\[\]【】文件号：:]*(?:签发人.*)?$")
# "石政发〔2020〕3号-北京市石景山区人民政府关于…": what separates a number from the title behind it
_BEHIND = re.compile(r"^[）)]?\s*[-—–_：:]?\s*\S")
_NOT_CODED = ("公", "第", "令")  # first characters of numbers that are only the end of one: 公告2019年第5号


def own_number(
    lines: Sequence[Line], fields: Mapping[StatedField, Stated[str]], *, inner: Sequence[Line] = ()
) -> Stated[str] | None:
    """The paper's number: on its own line, around the title, below 令, in a metadata line, in its history.

    `inner` are the title lines of the paper that a notice publishes; their number is the paper's own when the
    notice has none.
    """
    return (
        _of_order(lines)
        or _of_announcement(lines)
        or _alone(lines)
        or _with_day(lines)
        or _at_title(lines)
        or _of_field(fields)
        or _in_history(lines)
        or _alone(inner)
        or _with_day(inner)
        or _in_history(inner)
    )


def registry_number(lines: Sequence[Line], fields: Mapping[StatedField, Stated[str]]) -> Stated[str] | None:
    """The registry number, such as HNPR—2026—01011."""
    for line in lines:
        match = REGISTRY.search(line.text)
        if match is not None:
            return Stated(match[0], Span(line.start + match.start(), line.start + match.end()))
    return fields.get(StatedField.REGISTRY)


def _alone(lines: Sequence[Line]) -> Stated[str] | None:
    for line in lines:
        if is_field_line(line):
            continue
        plain = re.sub(r"^[\s（(]+|[\s）)]+$|[#*_]", "", line.text)
        whole = whole_number(plain, offset=line.start + line.text.find(plain))
        numbers = numbers_in(line.text, offset=line.start)
        if len(numbers) == 1 and not numbers[0].value.startswith(_NOT_CODED):
            span = numbers[0].span
            rest = line.text[: span.start - line.start] + line.text[span.end - line.start :]
            if _AROUND.match(re.sub(r"[#*_]", "", REGISTRY.sub("", rest))):
                return numbers[0]
        elif whole is not None and plain in line.text:
            return whole
    return None


def _with_day(lines: Sequence[Line]) -> Stated[str] | None:
    """Reads a number beside the day of issue: （临政发〔2024〕6号  2024年4月2日印发）."""
    return next(filter(None, map(number_beside_day, lines)), None)


def number_beside_day(line: Line) -> Stated[str] | None:
    """The number in a line that has only a number, the day of issue and perhaps the issuer."""
    numbers, days = numbers_in(line.text, offset=line.start), dates_in(line.text, offset=line.start)
    if len(numbers) != 1 or not days or is_field_line(line) or numbers[0].value.startswith(_NOT_CODED):
        return None
    rest = line.text
    for span in sorted((numbers[0].span, *(day.span for day in days)), key=lambda span: -span.start):
        rest = rest[: span.start - line.start] + " " + rest[span.end - line.start :]
    for name in split_names(rest.strip(" （()）\u3000")):
        rest = rest.replace(name, "")
    only = not _SEPARATORS.sub("", _PROVISIONS.without("issued", rest))
    return numbers[0] if only else None


def _of_order(lines: Sequence[Line]) -> Stated[str] | None:
    """Reads 令 or 公告 on one line and its number on the next."""
    for line, following in banner_numbers(lines):
        number = ORDER_NUMBER.match(following.words)
        # 令 alone makes a number of the serial; the names before it are those of the line.
        last = numbers_in("令" + number["number"]) if number is not None else []
        if last:
            names = _joint(re.sub(r"\s+(?=令$|公告$|通告$)", "", line.words))
            name = "国令" if names.endswith("国务院令") else names
            return Stated(name + last[-1].value.removeprefix("令"), Span(line.start, following.end))
    return None


def _of_announcement(lines: Sequence[Line]) -> Stated[str] | None:
    """Reads "财政部 税务总局公告2020年第8号", where the names may begin on the lines above."""
    for at, line in enumerate(lines):
        numbers = numbers_in(line.text, offset=line.start)
        if not numbers or numbers[-1].span.end != line.end or is_field_line(line):
            continue
        own = re.search(r"(?:令|公告|通告)(?:\d{4}年)?第\d+号$", numbers[-1].value)
        before = line.text[: numbers[-1].span.start - line.start]
        if own is None or (before.strip() and not split_names(before)):
            continue
        names, first = list(split_names(before)), line
        for above in reversed(lines[:at]):
            found = split_names(above.words)
            if len(found) != 1 or numbers[-1].value.startswith(found[0]):
                break
            names, first = [*found, *names], above
        separator = "" if numbers[-1].value.startswith(_NOT_CODED) else "、"
        value = "、".join(names) + separator * bool(names) + numbers[-1].value
        return Stated(value, Span(first.start, line.end))
    return None


def _joint(words: str) -> str:
    """ "工业和信息化部 财政部公告" with 、 between the authorities and without letter spacing."""
    names, blank = re.split(r"[\s\u3000]+", words.strip()), ""
    # The last piece may be 令 or 公告 alone.
    bodies = names if len(names[-1]) > len("公告") else names[:-1]
    if len(bodies) > 1 and all(is_name(re.sub(r"(?:令|公告|通告)$", "", name)) for name in bodies):
        blank = "、"
    return blank.join(bodies) + "".join(names[len(bodies) :])


def _at_title(lines: Sequence[Line]) -> Stated[str] | None:
    """Reads a number at the end or the beginning of the title's line."""
    for line in lines:
        if is_field_line(line):
            continue
        numbers = numbers_in(line.text, offset=line.start)
        if not numbers:
            continue
        end, begin = line.text[numbers[-1].span.end - line.start :], numbers[0].span
        if begin.start == line.start and _BEHIND.match(line.text[begin.end - line.start :]):
            return numbers[0]
        in_brackets = line.words.startswith(("（", "("))
        if not in_brackets and "》" not in line.words[-30:] and re.fullmatch(r"[）)〕\s]*", end):
            return numbers[-1]
    return None


def _of_field(fields: Mapping[StatedField, Stated[str]]) -> Stated[str] | None:
    stated = fields.get(StatedField.NUMBER)
    numbers = numbers_in(stated.value, offset=stated.span.start) if stated is not None else []
    return numbers[0] if numbers else None


def _in_history(lines: Sequence[Line]) -> Stated[str] | None:
    return number_in(tuple(events_in(history_lines(lines))))
