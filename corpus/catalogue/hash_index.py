"""Index from names to items that keeps hashes instead of names, to save memory."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T", int, str)


class HashIndex(Generic[T]):
    """Items by the hash of a key.

    Different keys may have the same hash, so the caller must check each item found.
    """

    def __init__(self) -> None:
        self._items: dict[int, T | list[T]] = {}  # a single item is kept without a list
        self._has_copies = False  # then a list may be that of another index, too, and stays as it is

    def copy(self) -> HashIndex[T]:
        """An independent copy."""
        other = HashIndex[T]()
        other._items = self._items.copy()
        other._has_copies = self._has_copies = True
        return other

    def add(self, key: str, item: T) -> None:
        """Adds an item under a key that does not have it yet."""
        items = self._items.setdefault(hash(key), item)
        if isinstance(items, list):
            self._own(key, items).append(item)
        elif items != item:
            self._items[hash(key)] = [items, item]

    def remove(self, key: str, item: T) -> None:
        """Removes an item that is under the key."""
        items = self._items[hash(key)]
        if isinstance(items, list) and len(items) > 1:
            self._own(key, items).remove(item)
        else:
            del self._items[hash(key)]

    def _own(self, key: str, items: list[T]) -> list[T]:
        """The list under the key, which may be changed."""
        if self._has_copies:
            items = self._items[hash(key)] = items.copy()
        return items

    def get(self, key: str) -> list[T]:
        """The items under the key, in the order in which they were added."""
        items = self._items.get(hash(key))
        if items is None:
            return []
        return items if isinstance(items, list) else [items]

    def __bool__(self) -> bool:
        return bool(self._items)

    def __contains__(self, key: str) -> bool:
        return hash(key) in self._items
