"""The clauses in which two versions of a paper differ."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from corpus.model import Clause, Document, HeadData


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """A clause that differs. `old` is empty for an added one, `new` for a removed one."""

    label: str  # in the later version, or in the earlier one for a removed clause
    clause_id: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HeadChange:
    """Metadata that differs; empty where a version does not state it."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """What a later version changes, in reading order.

    A clause that only has another number or place is in `moved`, with the ids of both versions.
    """

    head: tuple[HeadChange, ...]
    added: tuple[ClauseChange, ...]
    removed: tuple[ClauseChange, ...]
    changed: tuple[ClauseChange, ...]
    moved: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.head or self.added or self.removed or self.changed or self.moved)


def compare(old: Document, new: Document) -> VersionDiff:
    """Compares the own text of clauses: first those of one path, then those that have only been moved.

    Linear in the number of clauses. Blanks do not count.
    """
    before = {clause.id: clause for clause in old.clauses}
    after = {clause.id: clause for clause in new.clauses}
    kept = {i for i, clause in before.items() if _equal(old, clause, new, after.get(i))}
    moved = _moved(old, new, kept)
    gone = {i: clause for i, clause in before.items() if i not in kept and i not in moved.values()}
    come = {i: clause for i, clause in after.items() if i not in kept and i not in moved}

    def change(i: str) -> ClauseChange:
        label = (come.get(i) or gone[i]).label
        words = (document.text_of(some[i]).strip() if i in some else "" for document, some in sides)
        return ClauseChange(label, i, *words)

    sides = ((old, gone), (new, come))
    return VersionDiff(
        head=tuple(_head_changes(old.head, new.head)),
        added=tuple(change(i) for i in come if i not in gone),
        removed=tuple(change(i) for i in gone if i not in come),
        changed=tuple(change(i) for i in come if i in gone),
        moved=tuple((origin, i) for i, origin in moved.items()),
    )


def _head_changes(old: HeadData, new: HeadData) -> Iterator[HeadChange]:
    before, after = _stated(old), _stated(new)
    for field, value in before.items():
        if value != after[field]:
            yield HeadChange(field, value, after[field])


def _stated(head: HeadData) -> dict[str, str]:
    stated = {"title": head.title, "doc_number": head.doc_number, "issuer": head.issuer}
    stated_days = {"date_issued": head.date_issued}
    validity = head.validity
    return {
        **{name: one.value if one else "" for name, one in stated.items()},
        **{name: one.value.isoformat() if one else "" for name, one in stated_days.items()},
        "valid_until": validity.until.isoformat() if validity and validity.until else "",
        "status": head.status.value,
    }


def _moved(old: Document, new: Document, kept: Collection[str]) -> dict[str, str]:
    """The clauses of the later version that stood elsewhere in the earlier one, with their ids there."""
    by_body: dict[str, deque[str]] = defaultdict(deque)
    for clause in old.clauses:
        if clause.id not in kept:
            by_body[_body(old, clause)].append(clause.id)
    moved = {}
    for clause in new.clauses:
        body = _body(new, clause)
        if clause.id not in kept and body.strip() and by_body[body]:
            moved[clause.id] = by_body[body].popleft()
    return moved


def _equal(old: Document, clause: Clause, new: Document, other: Clause | None) -> bool:
    return other is not None and _plain(old.text_of(clause)) == _plain(new.text_of(other))


def _body(document: Document, clause: Clause) -> str:
    """Heading and text without the label, which a renumbered clause has another of."""
    return _plain(clause.heading) + "\n" + _plain(document.text[clause.body_start : clause.end])


def _plain(text: str) -> str:
    return "".join(text.split())
