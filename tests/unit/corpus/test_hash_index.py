"""An index by hashes, and its copies, agree with a dict of lists."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.catalogue.hash_index import HashIndex

_KEYS = st.sampled_from("甲乙丙")
# Of one of the indexes made so far: a copy of it is made, or an item is added under a key or removed.
_STEPS = st.lists(st.tuples(st.integers(0, 9), st.just("copy") | st.tuples(_KEYS, st.integers(0, 4))))


@given(_STEPS)
def test_copies_are_independent_of_each_other(steps: list[tuple[int, str | tuple[str, int]]]) -> None:
    made: list[tuple[HashIndex[int], dict[str, list[int]]]] = [(HashIndex(), {})]
    for number, step in steps:
        index, items = made[number % len(made)]
        if isinstance(step, str):
            made.append((index.copy(), {key: own.copy() for key, own in items.items()}))
            continue
        key, item = step
        own = items.setdefault(key, [])
        if item in own:
            index.remove(key, item)
            own.remove(item)
        else:
            index.add(key, item)
            own.append(item)
    for index, items in made:
        assert {key: index.get(key) for key in "甲乙丙"} == {key: items.get(key, []) for key in "甲乙丙"}
        assert bool(index) == any(items.values())
        assert all((key in index) == bool(items.get(key)) for key in "甲乙丙")
