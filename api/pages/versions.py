"""The versions of a paper on its page: a note on one that is not in use, and links to all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.pages.banner import Linked, Row
from api.pages.links import paper_link
from api.pages.words import Words

if TYPE_CHECKING:
    from corpus.store.versions import Version


@dataclass(frozen=True, slots=True)
class ShownVersions:
    """The stored versions of a paper, oldest first, and the one of the page if it is not the one in use."""

    stored: Sequence[Version] = ()
    earlier: int | None = None


@dataclass(frozen=True, slots=True)
class VersionNote:
    """Says that a page shows a version that is not in use; `href` is the address of the one in use."""

    text: str
    link: str
    href: str


def note(versions: ShownVersions, document_id: str, *, words: Words, base: str) -> VersionNote | None:
    """The note on the page of a version that is not in use; None on that of the one in use."""
    added = next((one.added_at for one in versions.stored if one.version == versions.earlier), None)
    if versions.earlier is None or added is None:
        return None
    text = words.earlier_version.format(number=versions.earlier, date=words.day(added.date()))
    return VersionNote(text, words.version_in_use, base + paper_link(document_id))


def row(versions: ShownVersions, document_id: str, *, words: Words, base: str) -> tuple[Row, ...]:
    """The line of the metadata table with links to the versions, newest first; nothing for a single one."""
    if len(versions.stored) < 2:
        return ()
    in_use = next((one.version for one in versions.stored if one.is_current), None)
    linked = []
    for one in reversed(versions.stored):
        text = words.version.format(number=one.version, date=words.day(one.added_at.date()))
        address = paper_link(document_id, version=None if one.version == in_use else one.version)
        shown = one.version == (versions.earlier or in_use)
        linked.append(Linked(text, "" if shown else base + address))
    return (Row(words.versions, tuple(linked), own=False),)
