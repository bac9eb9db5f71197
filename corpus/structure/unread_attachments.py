"""Attachments that a paper names, in a list or by a link, and does not contain, and references to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.model import Clause, Document, Kind, Span
from corpus.notation.numerals import HALF_WIDTH, TO_99, number_of
from corpus.structure.units import units

_NUMBER = rf"[\d０-９]{{1,2}}|[{TO_99}]{{1,3}}"
# "附件：1．家庭财产限额", "2．租金分档标准", "附件1：家庭财产限额.doc", "附件："; no sentence, no table row
_NAME_LINE = re.compile(
    rf"^(?:(?:相关)?附\s*[件表录图](?:下载|列表)?\s*(?P<label>{_NUMBER})?\s*(?:[：:．.、—-]|\s|$))?"
    rf"\s*(?:(?P<item>{_NUMBER})\s*[．.、）)])?\s*(?P<name>[^。；\t]{{0,80}})$"
)
# "见附件1", "（附件二）", "附表3", "详见附件"
_REFERENCE = re.compile(rf"附\s*[件表录图]\s*(?P<number>{_NUMBER})?")
_TITLE_MARKS = re.compile(r"^《([^《》]*)》$")
_FILE_ENDING = re.compile(r"\.[A-Za-z]{2,4}$")


@dataclass(frozen=True, slots=True)
class UnreadAttachment:
    """An attachment of which the paper contains only the name."""

    number: int  # 0 for the only one, which has no number
    name: str  # without number and file ending; may be empty

    @property
    def label(self) -> str:
        return f"附件{self.number or ''}"


def unread_attachments(document: Document) -> tuple[UnreadAttachment, ...]:
    """The attachments that are named and not contained, by number."""
    named: dict[int, str] = {}
    contained: set[int] = set()
    for clause in document.clauses:
        if clause.kind is not Kind.ATTACHMENT or clause.parent is not None:
            continue
        names = _names(document, clause)
        if names is None:
            contained.add(_number(clause.label))
            continue
        for number, name in names:
            named[number] = named.get(number) or name
    return tuple(
        UnreadAttachment(number, name) for number, name in sorted(named.items()) if number not in contained
    )


def names_only(document: Document, clause: Clause) -> bool:
    """Whether the clause is a list of attachments, or the name of one, and not the text of one."""
    return clause.kind is Kind.ATTACHMENT and _names(document, clause) is not None


def referred(document: Document, words: str) -> tuple[UnreadAttachment, ...]:
    """The unread attachments that `words` of the paper refer to: "具体见附件1"."""
    numbers = {_value(match["number"]) for match in _REFERENCE.finditer(words)}
    if not numbers:
        return ()
    unread = unread_attachments(document)
    # "见附件" means all of them, or the only one.
    return tuple(one for one in unread if one.number in numbers or 0 in numbers or one.number == 0)


def references_to(document: Document, attachment: UnreadAttachment) -> Iterator[tuple[Clause, Span]]:
    """Yields the sentences that refer to the attachment, with their clauses, in reading order."""
    for clause in document.clauses:
        if clause.kind in (Kind.ATTACHMENT, Kind.HEAD, Kind.INNER_TITLE, Kind.SIGN_OFF):
            continue
        if "附" not in document.text[clause.start : clause.end]:
            continue
        for unit in units(document, clause):
            numbers = {_value(m["number"]) for m in _REFERENCE.finditer(unit.span.of(document.text))}
            if attachment.number in numbers or (numbers and attachment.number == 0):
                yield clause, unit.span


def _names(document: Document, clause: Clause) -> list[tuple[int, str]] | None:
    """Number and name of each attachment in the lines of the clause; None if a line is no name."""
    found: list[tuple[int, str]] = []
    for line in document.text[clause.start : clause.tree_end].split("\n"):
        match = _NAME_LINE.match(line.strip())
        if match is None:
            return None
        number = _value(match["item"] or match["label"])
        if match["name"]:
            found.append((number, _TITLE_MARKS.sub(r"\1", _FILE_ENDING.sub("", match["name"].strip()))))
    return found if len({number for number, _ in found}) == len(found) else None


def _number(label: str) -> int:
    match = _REFERENCE.match(label)
    return _value(match["number"]) if match is not None else 0


def _value(written: str | None) -> int:
    return number_of(written.translate(HALF_WIDTH)) if written else 0
