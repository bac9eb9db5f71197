"""Reads the paper's own number, as opposed to the numbers it cites."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from corpus.head.titles import ORDER
from corpus.model import Span, Stated
from corpus.notation.characters import HAN
from corpus.notation.doc_numbers import REGISTRY, numbers_in
from corpus.regions.authorities import is_name
from corpus.text.lines import Line
from corpus.text.stated_fields import StatedField, is_field_line

# What may surround a number on its own line: brackets, a registry number, a signer
_AROUND = re.compile(r"^[\s（()）〔〕\[\]【】文件号：:]*(?:签发人.*)?$")
# "（2021年11月30日生态环境部、公安部、交通运输部令第23号公布 自2022年1月1日起施行）"
# "国家税务总局公告" above "2019年第5号"
_NOTICE = re.compile(rf"^[{HAN}、\s]{{2,60}}(?:公\s*告|通\s*告)$")
_PUBLISHED = re.compile(r"^\s*(?:公布|发布|颁布)")


def own_number(lines: Sequence[Line], fields: Mapping[StatedField, Stated[str]]) -> Stated[str] | None:
    """The number in the head lines: on its own line, after the title, below 令, or in a metadata line."""
    return (
        _alone(lines) or _of_order(lines) or _behind_title(lines) or _of_field(fields) or _in_history(lines)
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
        numbers = numbers_in(line.text)
        if len(numbers) == 1 and numbers[0].value[0] not in "公第":
            span = numbers[0].span
            rest = REGISTRY.sub("", line.text[: span.start] + line.text[span.end :])
            if _AROUND.match(re.sub(r"[#*_]", "", rest)):
                return Stated(numbers[0].value, Span(span.start + line.start, span.end + line.start))
    return None


def _of_order(lines: Sequence[Line]) -> Stated[str] | None:
    """Reads 令 or 公告 on one line and its number on the next."""
    for line, following in pairwise(lines):
        if (ORDER.match(line.words) or _NOTICE.match(line.words)) and re.match(
            r"^[（(]?\s*(?:\d{4}\s*年\s*)?第", following.words
        ):
            words = _joint(line.words) + following.words
            numbers = numbers_in(words)
            if numbers:
                return Stated(numbers[-1].value, Span(line.start, following.end))
    return None


def _joint(words: str) -> str:
    """ "工业和信息化部 财政部公告" with 、 between the authorities and without letter spacing."""
    names, blank = re.split(r"[\s\u3000]+", words.strip()), ""
    # The last piece may be 令 or 公告 alone.
    bodies = names if len(names[-1]) > len("公告") else names[:-1]
    if len(bodies) > 1 and all(is_name(re.sub(r"(?:令|公告|通告)$", "", name)) for name in bodies):
        blank = "、"
    return blank.join(bodies) + "".join(names[len(bodies) :])


def _behind_title(lines: Sequence[Line]) -> Stated[str] | None:
    for line in lines:
        if is_field_line(line) or line.words.startswith(("（", "(")) or "》" in line.words[-30:]:
            continue
        numbers = numbers_in(line.text)
        if numbers and re.fullmatch(r"[）)〕\s]*", line.text[numbers[-1].span.end :]):
            span = numbers[-1].span
            return Stated(numbers[-1].value, Span(span.start + line.start, span.end + line.start))
    return None


def _of_field(fields: Mapping[StatedField, Stated[str]]) -> Stated[str] | None:
    stated = fields.get(StatedField.NUMBER)
    numbers = numbers_in(stated.value, offset=stated.span.start) if stated is not None else []
    return numbers[0] if numbers else None


def _in_history(lines: Sequence[Line]) -> Stated[str] | None:
    for line in lines:
        numbers = numbers_in(line.text)
        if line.words.startswith(("（", "(")) and numbers and "修" not in line.words:
            span = numbers[0].span
            if _PUBLISHED.match(line.text[span.end :]):
                return Stated(numbers[0].value, Span(span.start + line.start, span.end + line.start))
    return None
