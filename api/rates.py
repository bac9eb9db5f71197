"""How often visitors may ask, counted over all processes of the service."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import SlidingWindowCounterRateLimiter

from api.callers import Caller, Visitor
from api.errors import RateLimited
from rag.settings import ServerSettings


class Rates:
    """Limits by visitor, by site and by address. Programs and this machine are not limited."""

    def __init__(self, storage: Storage, settings: ServerSettings) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._visitor = parse(settings.visitor_rate)
        self._site = parse(settings.site_rate)
        self._arrival = parse(settings.arrival_rate)

    def asks(self, caller: Caller) -> None:
        """Count a question of that caller. Raises RateLimited."""
        if not isinstance(caller, Visitor):
            return
        self._count(self._visitor, "visitor", caller.site, caller.holder, what="You have asked")
        if caller.site:
            self._count(self._site, "site", caller.site, what="Visitors of this site have asked")

    def arrives(self, address: str) -> None:
        """Count a new or returning visitor from that address (any text that stands for it)."""
        self._count(self._arrival, "arrival", address, what="Visitors from this address have come")

    def _count(self, rate: RateLimitItem, *key: str, what: str) -> None:
        if self._limiter.hit(rate, *key):
            return
        wait = max(1, math.ceil(self._limiter.get_window_stats(rate, *key).reset_time - time.time()))
        raise RateLimited(f"{what} too often ({rate}). Try again in {wait} s", retry_after_s=wait)
