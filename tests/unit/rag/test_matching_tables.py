"""The tables of matching: classes and areas."""

from __future__ import annotations

import pytest

from corpus.regions.divisions import gazetteer
from index.terms.tokenize import fold
from rag.matching.reading.classes import Class, classes
from rag.matching.reading.places import areas
from rag.matching.reading.words import words_in


def _named(text: str) -> frozenset[str]:
    return frozenset(name for word in words_in(fold(text)) for name in word.classes)


@pytest.mark.parametrize("one", classes().by_name.values(), ids=lambda one: one.name)
def test_a_class_is_named_in_its_example_and_not_in_its_counter_example(one: Class) -> None:
    assert one.name in _named(one.example)
    assert one.name not in _named(one.counter_example)
    assert all(above in classes().by_name for above in one.above)


def test_no_class_excludes_itself_or_what_is_above_it() -> None:
    known = classes()
    for name, upward in known.upward.items():
        assert not any(known.excludes((name,), above) for above in upward)


def test_classes_of_a_facet_exclude_each_other_both_ways() -> None:
    known = classes()
    assert known.excludes(("innovative_drug",), "innovative_device")
    assert known.excludes(("innovative_device",), "innovative_drug")
    assert known.excludes(("class_2_device",), "class_3_device")
    assert known.excludes(("main_board",), "new_third_board")
    assert not known.excludes(("innovative_drug",), "chinese_medicine")
    assert not known.excludes(("drug",), "innovative_drug")


def test_the_longest_word_decides_and_shields_have_no_class() -> None:
    assert _named("第三类创新医疗器械") == {"class_3_device", "innovative_device"}
    assert "layoff" not in _named("仲裁")
    assert "enterprise" in _named("生物医药企业")


def test_every_area_has_divisions_that_exist() -> None:
    assert all(codes and codes <= set(gazetteer().divisions) for codes in areas().values())
