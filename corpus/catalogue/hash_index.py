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

    def copy(self) -> HashIndex[T]:
        """An independent copy."""
        other = HashIndex[T]()
        other._items = {
            key: here.copy() if isinstance(here, list) else here for key, here in self._items.items()
        }
        return other

    def add(self, key: str, item: T) -> None:
        """Adds an item under a key that does not have it yet."""
        here = self._items.setdefault(hash(key), item)
        if isinstance(here, list):
            here.append(item)
        elif here != item:
            self._items[hash(key)] = [here, item]

    def remove(self, key: str, item: T) -> None:
        """Removes an item that is under the key."""
        here = self._items[hash(key)]
        if isinstance(here, list) and len(here) > 1:
            here.remove(item)
        else:
            del self._items[hash(key)]

    def get(self, key: str) -> list[T]:
        """The items under the key, in the order in which they were added."""
        here = self._items.get(hash(key))
        if here is None:
            return []
        return here if isinstance(here, list) else [here]

    def __contains__(self, key: str) -> bool:
        return hash(key) in self._items
