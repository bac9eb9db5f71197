"""From names to those who bear them, in a fraction of the memory that the names would take."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T", int, str)


class HashIndex(Generic[T]):
    """Items by the hash of a key.

    Another key may have the same hash: check what is found.
    """

    def __init__(self) -> None:
        self._items: dict[int, T | list[T]] = {}  # one item alone stands without a list around it

    def copy(self) -> HashIndex[T]:
        """One that changes for itself."""
        other = HashIndex[T]()
        other._items = {
            key: here.copy() if isinstance(here, list) else here for key, here in self._items.items()
        }
        return other

    def add(self, key: str, item: T) -> None:
        """Put an item under a key under which it is not yet."""
        here = self._items.setdefault(hash(key), item)
        if isinstance(here, list):
            here.append(item)
        elif here != item:
            self._items[hash(key)] = [here, item]

    def remove(self, key: str, item: T) -> None:
        """Take an item away that is under the key."""
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
