"""Computes whether a paper is in force on a day, given what other papers repeal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from corpus.head.paper_head import NamedPaper, PaperHead
from corpus.model import Status
from corpus.notation.doc_numbers import key_of_number

_NOT_TITLE = re.compile(r"[\s《》〈〉“”\"（）()]")


def effective(head: PaperHead, others: Iterable[PaperHead], *, today: date) -> Status:
    """The status on `today`: as the paper states it, unless another paper repeals it or it has expired."""
    if head.status in (Status.REPEALED, Status.DRAFT):
        return head.status
    if any(repeals(other, head) for other in others):
        return Status.REPEALED
    if head.valid_until is not None and head.valid_until < today:
        return Status.EXPIRED
    return head.status


def repeals(other: PaperHead, head: PaperHead) -> bool:
    """Whether one paper repeals another.

    A draft repeals nothing, and no paper repeals one that was issued after it.
    """
    if other.id == head.id or other.status is Status.DRAFT:
        return False
    issued, repealer = head.date_issued, other.date_issued
    if issued is not None and repealer is not None and repealer < issued:
        return False
    own = frozenset(repealed_by(head))
    return any(key in own for reference in other.repeals for key in reference_keys(reference, head))


def repealed_by(head: PaperHead) -> tuple[str, ...]:
    """The keys by which another paper can refer to this one: its number and its titles."""
    number = (number_key(head.doc_number),) if head.doc_number else ()
    return tuple(dict.fromkeys((*number, *(_title_key(title) for title in head.titles))))


def all_keys(reference: NamedPaper) -> tuple[str, ...]:
    """The keys of every paper that the reference may refer to."""
    number = (number_key(reference.doc_number),) if reference.doc_number else ()
    return (*number, *((_title_key(reference.title),) if reference.title else ()))


def reference_keys(reference: NamedPaper, head: PaperHead) -> tuple[str, ...]:
    """The keys that decide whether the reference means this paper: number if both have one, else title."""
    if reference.doc_number and head.doc_number:
        return (number_key(reference.doc_number),)
    return (_title_key(reference.title),) if reference.title else ()


def number_key(number: str) -> str:
    """The key of a number, equal for all its spellings."""
    return "№" + key_of_number(number)


def _title_key(title: str) -> str:
    return _NOT_TITLE.sub("", title)
