"""Whether a paper is in force today, given what other papers do to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from corpus.model import Document, HeadData, Reference, Status
from corpus.notation.doc_numbers import same_number


def effective(document: Document, others: Iterable[Document], *, today: date) -> Status:
    """The status on `today`: as the paper states it, unless another repeals it or its time is up."""
    head = document.head
    if head.status in (Status.REPEALED, Status.DRAFT):
        return head.status
    repealed = any(
        _names(reference, head)
        for other in others
        if other.id != document.id and _counts(other, head)
        for reference in other.head.repeals
    )
    if repealed:
        return Status.REPEALED
    if head.validity is not None and head.validity.until is not None and head.validity.until < today:
        return Status.EXPIRED
    return head.status


def _counts(other: Document, head: HeadData) -> bool:
    """A draft repeals nothing, and no paper repeals one that was issued after it."""
    if other.head.status is Status.DRAFT:
        return False
    issued, repealer = head.date_issued, other.head.date_issued
    return issued is None or repealer is None or repealer.value >= issued.value


def _names(reference: Reference, head: HeadData) -> bool:
    if reference.doc_number and head.doc_number is not None:
        return same_number(reference.doc_number, head.doc_number.value)
    titles = [head.title.value] + ([head.inner_title.value] if head.inner_title is not None else [])
    return bool(reference.title) and _key(reference.title) in map(_key, titles)


def _key(title: str) -> str:
    return re.sub(r"[\s《》〈〉“”\"（）()]", "", title)
