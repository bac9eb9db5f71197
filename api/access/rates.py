"""Rate limits of visitors, counted over all processes of the service."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import SlidingWindowCounterRateLimiter

from api.access.principals import Principal, Visitor
from api.errors import RateLimited
from api.settings import ServerSettings
from corpus.errors import StoreError


class Rates:
    """Rate limits by visitor, by site and by address. Programs and this machine are not limited."""

    def __init__(self, storage: Storage, settings: ServerSettings) -> None:
        self._storage = storage
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._visitor = parse(settings.visitor_rate)
        self._site = parse(settings.site_rate)
        self._address = parse(settings.address_rate)
        self._editor = parse(settings.editor_rate)
        self._arrival = parse(settings.arrival_rate)

    def count_question(self, principal: Principal, *, address: str) -> None:
        """Counts a question of that caller from that address (any digest that identifies it).

        The address is checked before the site, so that one address cannot use up the limit that all visitors
        of a site share. Raises RateLimited.
        """
        self._of_visitor("visitor", principal, address)
        if isinstance(principal, Visitor) and principal.site:
            self._count(self._site, "site", principal.site, what="Visitors of this site have asked")

    def count_action(self, principal: Principal, *, address: str) -> None:
        """Counts a request other than a question against the caller's own limit. Raises RateLimited."""
        self._of_visitor("acts", principal, address)

    def _of_visitor(self, kind: str, principal: Principal, address: str) -> None:
        if isinstance(principal, Visitor):
            self._count(self._visitor, kind, principal.site, principal.holder, what="You have asked")
            self._count(self._address, "address", address, what="Visitors from this address have asked")

    def check(self) -> None:
        """Raises StoreError when requests cannot be counted."""
        with self._translated():
            self._storage.check()

    def count_visitor(self, address: str) -> None:
        """Counts a new or returning visitor from that address (any digest that identifies it)."""
        self._count(self._arrival, "arrival", address, what="Visitors from this address have come")

    def count_editor(self, address: str) -> None:
        """Counts a request to a route for editors, with the right key or not. Raises RateLimited."""
        self._count(self._editor, "editor", address, what="Requests of editors from this address have come")

    def _count(self, rate: RateLimitItem, *key: str, what: str) -> None:
        with self._translated():
            if self._limiter.hit(rate, *key):
                return
            reset = self._limiter.get_window_stats(rate, *key).reset_time
        wait = max(1, math.ceil(reset - time.time()))
        raise RateLimited(f"{what} too often ({rate}). Try again in {wait} s", retry_after_s=wait)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except self._storage.base_exceptions as error:
            raise StoreError(
                f"requests cannot be counted: {error}. Check the disk, or ZHENGWEN_SERVER__LIMITS_URL"
            ) from error
