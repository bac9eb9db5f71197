"""Changes of support facts as an Atom feed (RFC 4287)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from api.pages import render
from api.pages.change_words import CHINESE as WORDS
from api.pages.fact_changes import ToldFact, told_groups
from api.pages.links import changes_link
from rag.facts.replacements import Replacement, Replacing

_LANGUAGE = "zh-CN"
_NAMESPACE = uuid.UUID("0c3f7a52-6a1d-4b0b-8a58-0d8a8d0f6c2e")  # any; it must stay the same
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # of a feed without entries, which must have a time


@dataclass(frozen=True, slots=True)
class Entry:
    """What one paper, or version of a paper, changed."""

    id: str
    title: str
    updated: str
    link: str
    summary: str
    groups: tuple[tuple[str, tuple[ToldFact, ...]], ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """The feed of some places."""

    id: str
    title: str
    updated: str
    own: str  # its address
    link: str  # of the service
    entries: tuple[Entry, ...]
    language: str = _LANGUAGE


def changes_feed(found: Sequence[Replacement], *, regions: Sequence[str], own: str, address: str) -> bytes:
    """The feed of these replacements, newest first. `own` is its address, `address` that of the service.

    Ids depend on the papers alone, so an entry keeps its id; its time is when the later text was stored.
    """
    entries = tuple(_entry(one, address) for one in found)
    region = "、".join(regions) or WORDS.everywhere
    feed = Feed(
        id=_urn(f"feed {' '.join(sorted(regions))}"),
        title=WORDS.feed_title.format(region=region),
        updated=max((entry.updated for entry in entries), default=_written(_LONG_AGO)),
        own=own,
        link=f"{address}/",
        entries=entries,
    )
    return render.feed(feed, words=WORDS).encode()


def _entry(one: Replacement, address: str) -> Entry:
    differences, new, old = one.differences, one.new.head, one.old.head
    version = f"{one.version}" if one.how is Replacing.VERSION else ""
    return Entry(
        id=_urn(f"{one.how.value} {old.id} {new.id} {version}"),
        title=WORDS.entry[one.how].format(paper=new.source_name, old=old.source_name),
        updated=_written(one.at or _LONG_AGO),
        link=address + changes_link(new.id),
        summary=WORDS.counts.format(
            changed=len(differences.changed), added=len(differences.added), removed=len(differences.removed)
        ),
        groups=told_groups(one, language=_LANGUAGE, base=address),
    )


def _urn(name: str) -> str:
    return uuid.uuid5(_NAMESPACE, name).urn


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
