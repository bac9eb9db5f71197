"""Brings the index up to date after changes of the papers, and goes on trying where that fails."""

from __future__ import annotations

import logging
from collections.abc import Callable

from api.records import Records
from api.service import removal
from api.settings import Settings
from corpus.errors import ZhengwenError
from rag.assemble import Indexed

log = logging.getLogger("zhengwen.index")


class IndexUpdate:
    """Updates the index with the model that answers, so that no second one is loaded. Thread-safe.

    `update` builds what is out of date. Services take up the new index by themselves.
    """

    def __init__(self, settings: Settings, update: Callable[[], Indexed], *, records: Records) -> None:
        self._settings, self._update, self._records = settings, update, records
        self._is_behind = False

    @property
    def is_behind(self) -> bool:
        """Whether an update failed that has to be repeated."""
        return self._is_behind

    def run(self) -> Indexed | None:
        """The index that has all stored papers; None where it cannot be built, which the log explains."""
        try:
            indexed = self._update()
        except (ZhengwenError, OSError) as error:
            log.error("the index is not up to date, and is tried again: %s", error)
            self._is_behind = True
            return None
        self._is_behind = False
        return indexed

    def complete_removals(self) -> int | None:
        """Clears what is left of removed papers; returns the receipts that lost words, None to try again."""
        try:
            return removal.complete(self._settings, records=self._records)
        except (ZhengwenError, OSError) as error:
            log.error("a removed paper is not cleared everywhere, and is tried again: %s", error)
            self._is_behind = True
            return None

    def repeat(self) -> None:
        """Repeats what failed."""
        if self._is_behind and self.run() is not None:
            self.complete_removals()
