"""The five starting papers, and assertions that are true of every loaded paper."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import pytest

from corpus.model import Loaded


@pytest.fixture(scope="session")
def papers() -> dict[str, bytes]:
    """File name without ending → bytes."""
    folder = files("corpus") / "documents"
    return {
        entry.name.removesuffix(".txt"): entry.read_bytes()
        for entry in folder.iterdir()
        if entry.name.endswith(".txt")
    }


def sound(loaded: Loaded) -> None:
    """Asserts one paragraph per line, and that every character maps to itself in the original."""
    text, source = loaded.text, loaded.source
    assert text
    for line in text.split("\n"):
        assert line
        assert line == line.strip()
    for segment in source.map.segments:
        assert segment.length > 0
        taken = source.original[segment.origin : segment.origin + segment.length]
        assert taken[:1] == "&" or taken == text[segment.start : segment.start + segment.length]
    for span in loaded.emphasis:
        assert 0 <= span.start < span.end <= len(text)
    for piece in source.map.furniture:
        assert 0 <= piece.start < piece.end <= len(source.original)
    offsets = [page.offset for page in source.map.pages]
    assert offsets == sorted(set(offsets))


@pytest.fixture(scope="session")
def check() -> Callable[[Loaded], None]:
    """Asserts what is true of every loaded paper."""
    return sound
