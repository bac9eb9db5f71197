"""Fixed phrases in traditional characters."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from corpus.text.script import to_traditional

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Phrases = TypeVar("_Phrases", bound="DataclassInstance")


def in_traditional(phrases: _Phrases, *, unchanged: Collection[str]) -> _Phrases:
    """Returns a dataclass of texts, and of mappings to texts, in traditional characters.

    Fields named in `unchanged` stay as they are: marks, and forms of what is the same in both scripts.
    """
    converted: dict[str, Any] = {}
    for field in fields(phrases):
        value = getattr(phrases, field.name)
        if field.name in unchanged:
            continue
        if isinstance(value, str):
            converted[field.name] = to_traditional(value)
        else:
            converted[field.name] = {key: to_traditional(text) for key, text in value.items()}
    return replace(phrases, **converted)
