"""A cache of the registered sites, so that a request does not query the database each time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

from api.records.sites import Site
from corpus.errors import StoreUnreachable

_FRESH_S = 1.0  # a removed site is rejected after this many seconds at the latest


class KnownSites:
    """The registered sites by key. Thread-safe.

    While the database cannot be reached those read before stay: every request needs it for more, and
    fails there with a reason. Without any read before, the methods raise StoreUnreachable.
    """

    def __init__(self, read: Callable[[], Iterable[Site]]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._sites: dict[str, Site] = {}
        self._origins: frozenset[str] = frozenset()
        self._until = 0.0
        self._is_read = False

    def get(self, key: str) -> Site | None:
        self._refresh()
        return self._sites.get(key)

    def any(self) -> bool:
        self._refresh()
        return bool(self._sites)

    def has_origin(self, origin: str) -> bool:
        """Whether a site has that origin; not when that cannot be told yet."""
        try:
            self._refresh()
        except StoreUnreachable:
            return False  # it is asked before requests are handled, where no error becomes a response
        return origin in self._origins

    def at(self, origin: str) -> Site | None:
        """The first site that has that origin."""
        self._refresh()
        return next((site for site in self._sites.values() if origin in site.origins), None)

    def _refresh(self) -> None:
        with self._lock:
            if time.monotonic() < self._until:
                return
            try:
                sites = {site.key: site for site in self._read()}
            except StoreUnreachable:
                if not self._is_read:
                    raise
                sites = self._sites
            self._sites, self._is_read = sites, True
            self._origins = frozenset(origin for site in sites.values() for origin in site.origins)
            self._until = time.monotonic() + _FRESH_S
