"""Announces what a first start creates, before any import that takes seconds."""

from __future__ import annotations

from api import terminal
from api.settings import Settings


def announce(settings: Settings) -> None:
    """Prints one line on stderr when the model or the index has to be created; nothing at later starts."""
    made = []
    if settings.embedding.model == "bundled" and not any(settings.cache_dir.glob("*/manifest.json")):
        made.append("the embedding model is converted")
    if not (settings.data_dir / "index" / "CURRENT").exists():
        made.append("the papers are indexed")
    if made:
        what = " and ".join(made)
        line = f"First start: {what}, which takes up to a minute. Later starts open what is stored."
        terminal.err().print(terminal.plain(line))
