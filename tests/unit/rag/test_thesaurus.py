from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms.tokenize import fold
from rag.language.thesaurus import Group, expand, thesaurus

_HAN = re.compile(r"[\u4e00-\u9fff]")
_GROUPS = thesaurus().groups
_CHINESE = [(group, term) for group in _GROUPS for term in group.official + group.everyday]
_ENGLISH = [(group, term) for group in _GROUPS for term in group.english]

_questions = st.lists(
    st.one_of(
        st.sampled_from([term for _, term in _CHINESE + _ENGLISH]),
        st.text(max_size=6),
        st.sampled_from(["，", " ", "的", "多少", "？", "is the", "5000萬元", "第三類"]),
    ),
    max_size=8,
).map("".join)


def _terms(group: Group) -> tuple[str, ...]:
    return group.official + group.everyday + group.english


def test_every_group_has_official_words_and_something_to_find_them_by() -> None:
    assert len(_GROUPS) >= 300
    assert all(group.official and group.everyday + group.english for group in _GROUPS)


def test_a_group_names_each_term_once() -> None:
    repeated = [t for group in _GROUPS for t, n in Counter(map(fold, _terms(group))).items() if n > 1]
    assert repeated == []


def test_a_chinese_term_has_one_meaning() -> None:
    repeated = [term for term, n in Counter(fold(term) for _, term in _CHINESE).items() if n > 1]
    assert repeated == []


def test_terms_are_trimmed_and_in_their_column() -> None:
    assert all(term == term.strip() for group in _GROUPS for term in _terms(group))
    assert all(_HAN.search(term) for group in _GROUPS for term in group.official)
    assert [term for _, term in _ENGLISH if _HAN.search(term) or term != term.lower()] == []


def test_chinese_terms_are_long_enough_to_stand_anywhere() -> None:
    assert [term for _, term in _CHINESE if len(term) < 2] == []


def test_words_that_stand_for_themselves_hold_a_term() -> None:
    chinese = [term for _, term in _CHINESE]
    assert [w for w in thesaurus().themselves if not any(t in w and t != w for t in chinese)] == []
    assert not {fold(word) for word in thesaurus().themselves} & {fold(term) for term in chinese}


@pytest.mark.parametrize("column", ["official", "everyday", "english"])
def test_every_term_is_found_as_a_whole(column: str) -> None:
    lost = []
    for group in _GROUPS:
        for term in getattr(group, column):
            found = expand(term).found
            others = {t for t in group.official + group.everyday if fold(t) not in fold(term)}
            if others and [synonyms.text for synonyms in found] != [term]:
                lost.append(term)
    assert lost == []


@given(_questions)
def test_spans_slice_the_text_and_do_not_overlap(text: str) -> None:
    found = expand(text).found
    assert all(synonyms.span.of(text) == synonyms.text for synonyms in found)
    assert all(before.span.end <= after.span.start for before, after in pairwise(s for s in found))


@given(_questions)
def test_no_added_term_occurs_in_the_text(text: str) -> None:
    expansion = expand(text)
    assert all(synonyms.terms for synonyms in expansion.found)
    assert all(fold(term) not in fold(text) for s in expansion.found for term in s.terms)
    words = expansion.words.split(" ") if expansion.words else []
    assert len(words) == len(set(words))


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    assert expand(text) == expand(text)


@pytest.mark.parametrize("text", ["", " ", "？", "0", "\u0130", "天气好"])
def test_nothing_is_added_to_a_text_without_known_words(text: str) -> None:
    assert expand(text).found == ()
    assert expand(text).words == ""


@pytest.mark.parametrize(
    ("text", "word", "term"),
    [
        ("一个项目封顶多少", "封顶", "最高不超过"),
        ("一個項目封頂多少", "封頂", "最高不超过"),  # traditional characters
        ("買設備有補貼嗎", "買設備", "设备更新"),
        ("Is there a cap?", "cap", "最高不超过"),
        ("WHICH SUBSIDIES EXIST", "SUBSIDIES", "补助"),  # plural in -ies, upper case
        ("low-carbon industry", "low-carbon", "碳达峰"),
        ("low carbon industry", "low carbon", "碳达峰"),  # a blank for a hyphen
        ("marketing authorisation holders", "marketing authorisation holders", "药品上市许可持有人"),
        ("marketing authorization holder", "marketing authorization holder", "药品上市许可持有人"),
        ("找CDMO合作", "CDMO", "合同研发生产"),
        ("找ＣＤＭＯ合作", "ＣＤＭＯ", "合同研发生产"),  # full width
        ("一期临床", "一期临床", "Ⅰ期临床试验"),
        ("省药监局管什么", "药监局", "药品监督管理局"),
    ],
)
def test_words_of_asking_lead_to_words_of_papers(text: str, word: str, term: str) -> None:
    found = {synonyms.text: synonyms.terms for synonyms in expand(text).found}
    assert term in found.get(word, ())


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("this is capital", "cap"),  # inside a Latin word
        ("the CDMOx plant", "CDMO"),
        ("有哪些更新药品目录的安排", "新药"),  # listed as a word for itself
        ("临床试验机构", "临床试验"),  # the longest word is taken
        ("time limit", "limit"),
    ],
)
def test_part_of_another_word_is_not_found(text: str, word: str) -> None:
    assert word not in [synonyms.text for synonyms in expand(text).found]


def test_an_english_word_with_several_meanings_brings_each_of_them() -> None:
    english = Counter(term for _, term in _ENGLISH)
    several = [term for term, n in english.items() if n > 1]
    for term in several:
        brought = {t for synonyms in expand(term).found for t in synonyms.terms}
        assert all(brought & {*g.official, *g.everyday} for g, t in _ENGLISH if t == term)


def test_a_group_adds_a_few_terms_at_most() -> None:
    largest = max(_GROUPS, key=lambda group: len(group.official + group.everyday))
    (found,) = expand(largest.everyday[0]).found
    assert 0 < len(found.terms) <= 6
    assert found.terms[0] == largest.official[0]
