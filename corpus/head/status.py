"""Computes whether a paper is in force on a day, given what other papers say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from corpus.head.paper_head import NamedPaper, PaperHead
from corpus.head.titles import without_draft_mark
from corpus.model import Status
from corpus.notation.doc_numbers import key_of_number
from corpus.regions.local_names import local_key

_NOT_TITLE = re.compile(r"[\s《》〈〉“”\"（）()]")
# "关于公开征求《停车收费办法（征求意见稿）》意见的通知": the paper that a notice is about
_NAMED = re.compile(r"[《〈](?P<title>[^《》〈〉]{4,80})[》〉]")


def effective(
    head: PaperHead, others: Iterable[PaperHead], *, today: date, later: Iterable[PaperHead] = ()
) -> Status:
    """The status on `today`: as the paper states it, unless another paper or the day changes it.

    `others` are papers that may repeal it, `later` papers that may supersede it.
    """
    if head.status is Status.REPEALED:
        return Status.REPEALED
    if head.status is Status.DRAFT:
        issued = any(supersedes(other, head) and not begins_after(other, today) for other in later)
        return Status.SUPERSEDED if issued else Status.DRAFT
    if any(repeals(other, head) and not begins_after(other, today) for other in others):
        return Status.REPEALED
    if head.valid_until is not None and head.valid_until < today:
        return Status.EXPIRED
    if any(supersedes(other, head) and not _amended_after(other, today) for other in later):
        return Status.SUPERSEDED
    return Status.NOT_YET if begins_after(head, today) or _amended_after(head, today) else head.status


def begins_after(head: PaperHead, day: date) -> bool:
    """Whether the paper takes effect only after `day`.

    A paper that names no day takes effect when it is issued; one that states no date at all always applies.
    """
    begins = head.valid_since or head.date_issued
    return begins is not None and begins > day


def _amended_after(head: PaperHead, day: date) -> bool:
    return head.amended is not None and head.amended > day


def issued_after(head: PaperHead, day: date) -> bool:
    """Whether the paper was issued after `day`, and does not apply to earlier days either."""
    return head.date_issued is not None and head.date_issued > day and begins_after(head, day)


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


def supersedes(other: PaperHead, head: PaperHead) -> bool:
    """Whether `other` takes the place of `head` without repealing it.

    An issued paper takes the place of its own draft, the amended text of a regulation that of an older text.
    """
    if other.id == head.id or other.status is Status.DRAFT or not _is_of_same_place(other, head):
        return False
    if head.status is Status.DRAFT:
        later = head.date_issued is None or other.date_issued is None or other.date_issued >= head.date_issued
        return later and not _keys(other.titles).isdisjoint(_keys(subjects(head)))
    if other.amended is None or _keys(other.titles).isdisjoint(_keys(head.titles)):
        return False
    last = max(filter(None, (head.amended, head.date_issued)), default=None)
    return last is None or last < other.amended


def _is_of_same_place(one: PaperHead, other: PaperHead) -> bool:
    return not one.region or not other.region or one.region == other.region


def _keys(titles: Iterable[str]) -> frozenset[str]:
    return frozenset(local_key(_title_key(title)) for title in titles)


def subjects(head: PaperHead) -> tuple[str, ...]:
    """The titles that a draft may be issued under: its own, and what a notice names in 《》."""
    named = (match["title"] for title in head.titles for match in _NAMED.finditer(title))
    return tuple(dict.fromkeys(without_draft_mark(title) for title in (*head.titles, *named)))


def subject_keys(head: PaperHead) -> tuple[str, ...]:
    """The keys under which a draft, or an amended text, and the papers with its titles meet."""
    return tuple(_keys(subjects(head)))


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


def refers_to(reference: NamedPaper, head: PaperHead) -> bool:
    """Whether a reference in another paper means this one."""
    own = frozenset(repealed_by(head))
    return any(key in own for key in reference_keys(reference, head))


def number_key(number: str) -> str:
    """The key of a number, equal for all its spellings."""
    return "№" + key_of_number(number)


def _title_key(title: str) -> str:
    return _NOT_TITLE.sub("", title)
