"""Announces what a start creates, before any import that takes seconds."""

from __future__ import annotations

from api import terminal
from api.settings import Settings


def announce(settings: Settings) -> None:
    """Prints one line on stderr when the model or the index has to be created; nothing at later starts.

    The model is also created after an upgrade that converts it differently, and for another precision.
    """
    made = []
    if settings.uses_bundled and not _is_converted(settings):
        made.append("the embedding model is converted")
    # Another engine is asked only once the model is open, as it is on another machine.
    is_embedded = settings.search.engine == "embedded"
    is_first = is_embedded and not (settings.data_dir / "index" / "CURRENT").exists()
    if is_first:
        made.append("the papers are indexed")
    if made:
        when, what = "First start" if is_first else "Needed once", " and ".join(made)
        line = f"{when}: {what}, which takes up to a minute. Later starts open what is stored."
        terminal.err().print(terminal.plain(line))


def _is_converted(settings: Settings) -> bool:
    from index.embedding import bundled  # not needed for another model

    return bundled.is_complete(settings.cache_dir / bundled.name_of(settings.embedding.precision))
