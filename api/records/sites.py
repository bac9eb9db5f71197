"""The sites whose pages may embed the chat."""

from __future__ import annotations

import builtins
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Row, delete, insert, select

from api.records.errors import SiteFault, UnknownSite
from api.records.origins import normal_origin
from api.records.schema.database import RecordsDatabase
from api.records.schema.tables import SITES

_PREFIX = "zws_"
_KEY_BYTES = 18  # 24 characters; a key is public in the page's source, so it is a name rather than a secret
_MOST_ORIGINS, _MOST_SUGGESTIONS = 50, 4
_LONGEST = 500  # characters of a text
# Control characters except line feed, and marks that change the writing direction.
_NO_TEXT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Site:
    """A site, with its texts in the chat; a text is empty where the site sets none."""

    key: str
    name: str
    origins: tuple[str, ...]
    title: str
    welcome: str
    handoff: str
    suggestions: tuple[str, ...]
    added_at: datetime


class Sites:
    """Sites by key. Thread-safe."""

    def __init__(self, database: RecordsDatabase) -> None:
        self._database = database

    def add(
        self,
        name: str,
        *,
        origins: Iterable[str],
        title: str = "",
        welcome: str = "",
        handoff: str = "",
        suggestions: Iterable[str] = (),
        allow_http: bool = False,
    ) -> Site:
        """Adds a site under a random key. Raises SiteFault for an invalid origin or text."""
        site = Site(
            key=_PREFIX + secrets.token_urlsafe(_KEY_BYTES),
            name=_text("name", name),
            origins=tuple(dict.fromkeys(normal_origin(o, allow_http=allow_http) for o in origins)),
            title=_text("title", title),
            welcome=_text("welcome", welcome),
            handoff=_text("handoff", handoff),
            suggestions=tuple(text for given in suggestions if (text := _text("suggestions", given))),
            added_at=datetime.now(UTC),
        )
        if not site.name:
            raise SiteFault(
                "the site has no name. Name it as people will know it, such as 湖南政务服务网", field="name"
            )
        if not 1 <= len(site.origins) <= _MOST_ORIGINS:
            raise SiteFault(f"a site has 1 to {_MOST_ORIGINS} origins", field="origins")
        if len(site.suggestions) > _MOST_SUGGESTIONS:
            raise SiteFault(
                f"there are {len(site.suggestions)} suggestions. Keep {_MOST_SUGGESTIONS}",
                field="suggestions",
            )
        with self._database.writing() as connection:
            row = {name: getattr(site, name) for name in SITES.c.keys()}  # noqa: SIM118 - not a dict
            connection.execute(insert(SITES).values(row))
        return site

    def list(self) -> tuple[Site, ...]:
        """All sites, oldest first."""
        query = select(SITES).order_by(SITES.c.added_at, SITES.c.key)
        with self._database.reading() as connection:
            return tuple(_site(row) for row in connection.execute(query))

    def get(self, key: str) -> Site | None:
        with self._database.reading() as connection:
            row = connection.execute(select(SITES).where(SITES.c.key == key)).first()
        return _site(row) if row else None

    def any(self) -> bool:
        with self._database.reading() as connection:
            return connection.execute(select(SITES.c.key).limit(1)).first() is not None

    def remove(self, key: str) -> Site:
        """Removes a site and returns it. Raises UnknownSite."""
        with self._database.writing() as connection:
            row = connection.execute(select(SITES).where(SITES.c.key == key)).first()
            if row is None:
                raise UnknownSite(key)
            connection.execute(delete(SITES).where(SITES.c.key == key))
        return _site(row)


def _site(row: Row[builtins.tuple[object, ...]]) -> Site:
    fields = dict(row._mapping)
    return Site(**fields | {"origins": tuple(row.origins), "suggestions": tuple(row.suggestions)})


def _text(field: str, given: str) -> str:
    text = _NO_TEXT.sub(" ", given).strip()
    if len(text) > _LONGEST:
        raise SiteFault(
            f"{len(text)} characters are too many, {_LONGEST} are allowed. Shorten it", field=field
        )
    return text
