"""Computes whether a paper is in force on a day, given what other papers say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from corpus.head.paper_head import NamedExtension, PaperHead
from corpus.head.paper_keys import refers_to, title_key
from corpus.head.titles import without_draft_mark
from corpus.model import Status
from corpus.notation.days.dates import day_after
from corpus.regions.local_names import local_key

# A notice that a paper stays in force is issued at most so long before its term ends.
_BEFORE_END = timedelta(days=183)
# "关于公开征求《停车收费办法（征求意见稿）》意见的通知": the paper that a notice is about
_NAMED = re.compile(r"[《〈](?P<title>[^《》〈〉]{4,80})[》〉]")


def effective(
    head: PaperHead, others: Iterable[PaperHead], *, today: date, later: Iterable[PaperHead] = ()
) -> Status:
    """The status on `today`: as the paper states it, unless another paper or the day changes it.

    `others` are papers that may repeal it or extend its term, `later` papers that may supersede it. A status
    that an editor has set holds until a later paper, or a term that ends later, changes it.
    """
    if head.status is Status.REPEALED:
        return Status.REPEALED
    others = tuple(others)
    if head.status is Status.DRAFT:
        issued = any(supersedes(other, head) and not begins_after(other, today) for other in later)
        return Status.SUPERSEDED if issued else Status.DRAFT
    if any(repeals(other, head) and not begins_after(other, today) for other in others):
        return Status.REPEALED
    if head.status_set is not None and head.status is not Status.IN_FORCE:
        return head.status
    until = last_day_of(head, others, today=today)
    # An editor who set the status knew of a term that was over.
    if until is not None and until < today and (head.status_set is None or until >= head.status_set):
        return Status.EXPIRED
    superseded = any(supersedes(other, head) and not _amended_after(other, today) for other in later)
    if superseded:
        return Status.SUPERSEDED
    if head.status_set is not None and head.status_set <= today:
        return head.status
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

    A draft repeals nothing, and no paper repeals one that was issued after it. An editor who set the status
    of a paper overrules all papers issued until then.
    """
    if not _may_act_on(other, head) or not _is_after(other, head.status_set):
        return False
    return any(refers_to(reference, head) for reference in other.repeals)


def repealed_articles(other: PaperHead, head: PaperHead, *, today: date) -> tuple[str, ...]:
    """The articles of `head` that `other` has repealed by `today`: "第八条", "第九条第二款"."""
    if not _may_act_on(other, head) or begins_after(other, today):
        return ()
    found = (one.articles for one in other.repeals_parts if refers_to(one.paper, head))
    return tuple(dict.fromkeys(article for articles in found for article in articles))


def extension(other: PaperHead, head: PaperHead, *, today: date) -> NamedExtension | None:
    """How `other` has extended the term of `head` by `today`; None if it has not."""
    until = head.valid_until
    if (
        until is None
        or begins_after(other, today)
        or not _may_act_on(other, head)
        or not _is_after(other, head.until_set)
    ):
        return None
    for one in other.extends:
        if not refers_to(one.paper, head):
            continue
        if one.until is not None:
            return one if one.until > until else None
        # 继续有效 in a list of papers in force is no extension long before the term ends.
        issued = other.date_issued
        if one.duration or issued is None or issued >= until - _BEFORE_END:
            return one
    return None


def last_day_of(head: PaperHead, others: Iterable[PaperHead], *, today: date) -> date | None:
    """The last day, as known on `today`, of a paper whose term `others` may extend; None when it is open."""
    until = head.valid_until
    if until is None:
        return None
    found = sorted(
        filter(None, (_ordered_extension(other, head, today) for other in others)), key=lambda one: one[0]
    )
    for _, one in found:
        if one.until is not None:
            until = max(until, one.until)
        elif one.duration:
            until = day_after(until, one.duration) or until
        else:
            return None
    return until


def _ordered_extension(
    other: PaperHead, head: PaperHead, today: date
) -> tuple[tuple[date, str], NamedExtension] | None:
    """How `other` extends the term, with what extensions are ordered by."""
    one = extension(other, head, today=today)
    return ((other.date_issued or date.min, other.id), one) if one is not None else None


def _may_act_on(other: PaperHead, head: PaperHead) -> bool:
    """Whether what `other` says of papers can concern `head`: it is none of a draft or of an older paper."""
    if other.id == head.id or other.status is Status.DRAFT:
        return False
    issued, later = head.date_issued, other.date_issued
    return issued is None or later is None or later >= issued


def _is_after(other: PaperHead, day: date | None) -> bool:
    """Whether a paper was issued after an editor's decision, if there is one."""
    return day is None or (other.date_issued is not None and other.date_issued > day)


def supersedes(other: PaperHead, head: PaperHead) -> bool:
    """Whether `other` takes the place of `head` without repealing it.

    An issued paper takes the place of its own draft, the amended text of a regulation that of an older text.
    """
    if other.id == head.id or other.status is Status.DRAFT or not _is_of_same_place(other, head):
        return False
    if not _is_after(other, head.status_set):
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
    return frozenset(local_key(title_key(title)) for title in titles)


def subjects(head: PaperHead) -> tuple[str, ...]:
    """The titles that a draft may be issued under: its own, and what a notice names in 《》."""
    named = (match["title"] for title in head.titles for match in _NAMED.finditer(title))
    return tuple(dict.fromkeys(without_draft_mark(title) for title in (*head.titles, *named)))


def subject_keys(head: PaperHead) -> tuple[str, ...]:
    """The keys under which a draft, or an amended text, and the papers with its titles meet."""
    return tuple(_keys(subjects(head)))
