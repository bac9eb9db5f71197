"""Long questions and histories: the part that is read is bounded, and the work is linear in its length.

Work is counted in calls, which are the same on every machine. Patterns make no calls, so for them a long text
is timed against a short one, in processor time, with a margin between linear and quadratic. Other work on the
machine can disturb a comparison, so one good comparison of many is enough: a quadratic pattern has none.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from cProfile import Profile
from functools import partial
from importlib import import_module
from itertools import islice
from pkgutil import walk_packages

import pytest
from assembled import five_listed
from hypothesis import given
from hypothesis import strategies as st

import rag
from corpus.notation.phrase_table import PhraseTable
from rag.assistant import Assistant
from rag.language.spelling import Spelling
from rag.model import Question, Turn
from rag.question.dialogue.follow_up import context_of, recent, standalone
from rag.question.scope import scope_of
from rag.suggest.suggestions import follow_ups

_COMPARISONS = 20
_FOLLOW_UP = "那封顶多少？"
_UNITS = (
    "的", "1", "一", "第", "（", "(", "《", "〔", "“", '"', "\n", " ", "a", "a ", "1.", "1,000", "说",
    "百分之", "是不是", "2024年", "湖南省", "益阳", "湘、", "鼓楼区", "由卫局", "第一条、", "《民法典》",
    "湘政发〔2024〕1号", "两个月", "100万元，", "生物医要", "what about it ", "那这个湖南省创新药奖补多少呢",
)  # fmt: skip
_IN_MANY_PLACES = "鼓楼区"  # all other places of the text decide which of them is meant
_HISTORIES = (
    "的",
    "1",
    "a ",
    "《",
    "湖南省",
    "鼓楼区",
    "是不是",
    "湘政发〔2024〕1号",
    "what about it ",
    _UNITS[-1],
)
_texts = st.builds(lambda unit, times: unit * times, st.sampled_from(_UNITS), st.integers(1, 2000))
_turns = st.builds(Turn, st.sampled_from(["user", "assistant"]), _texts)
_short_turns = st.builds(Turn, st.sampled_from(["user", "assistant"]), st.text(max_size=100))


def _calls(work: Callable[[], object]) -> int:
    """Returns the number of calls, of Python and of C, that `work` makes."""
    profile = Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


def _of_length(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


@given(st.lists(_turns, max_size=24), _texts)
def test_what_is_carried_from_any_history_is_short(history: list[Turn], text: str) -> None:
    context = context_of(history, five_listed())
    assert len(context.asked) <= 600
    alone = standalone(text[:2000], context, five_listed())
    assert len(alone.carried) <= 600
    assert len(alone.text) <= len(text[:2000]) + 2 * 600 + 2


@given(st.lists(_turns, max_size=24))
def test_of_a_history_the_latest_is_read(history: list[Turn]) -> None:
    kept = recent(history)
    assert len(kept) <= 16
    assert sum(len(turn.content) for turn in kept if turn.role == "user") <= 2000
    assert all(len(turn.content) <= 8000 for turn in kept)
    last = history[len(history) - len(kept) :]
    assert all(old.content.startswith(turn.content) for turn, old in zip(kept, last, strict=True))
    assert recent(kept) == kept


@given(st.lists(_short_turns, max_size=16))
def test_a_usual_history_is_read_whole(history: list[Turn]) -> None:
    assert recent(history) == history


@pytest.mark.parametrize("unit", _HISTORIES)
def test_a_longer_history_takes_no_more_work(assistant: Assistant, unit: str) -> None:
    def ask(length: int, turns: int) -> Callable[[], object]:
        history = (Turn("user", _of_length(unit, length)),) * turns
        question = Question(_FOLLOW_UP, history=history)

        def work() -> None:
            result = assistant.ask(question).result
            follow_ups(result, question=question, catalogue=assistant.catalogue)

        work()  # so that caches are filled for both
        return work

    usual = _calls(ask(600, 16))
    assert _calls(ask(20_000, 16)) <= 1.2 * usual
    assert _calls(ask(600, 50)) <= 1.2 * usual


@pytest.mark.parametrize("unit", [unit for unit in _UNITS if unit != _IN_MANY_PLACES])
def test_the_places_of_a_text_take_work_as_it_is_long(unit: str) -> None:
    # What is remembered takes no work: the texts that are compared are read nowhere else.
    short, long = (_of_length(unit, length) for length in (257, 2056))
    read = scope_of.__wrapped__
    read(_of_length(unit, 259), five_listed())
    few, many = (_calls(partial(read, text, five_listed())) for text in (short, long))
    assert many <= 12 * few


def test_spelling_looks_at_the_beginning_of_a_long_text() -> None:
    looked_at: set[str] = set()

    def known(weights: Mapping[str, float]) -> float:
        looked_at.update(weights)
        return 0.0

    text = "".join(chr(0x4E00 + i) for i in range(2000))
    assert Spelling(known=known).corrected(text)[400:] == text[400:]
    assert any(text[300] in pair for pair in looked_at)
    assert not any(text[500] == pair[0] for pair in looked_at if text[499] == pair[1:])


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in walk_packages(rag.__path__, "rag."):
        for name, value in vars(import_module(module.name)).items():
            if isinstance(value, PhraseTable):
                yield from ((f"{value.place}-{i}", p) for i, p in enumerate(value.patterns()))
            for found in value if isinstance(value, tuple) else (value,):
                for pattern in found if isinstance(found, tuple) else (found,):
                    if isinstance(pattern, re.Pattern):
                        yield f"{module.name}.{name}", pattern


def _seconds(pattern: re.Pattern[str], text: str) -> float:
    started = time.process_time()
    for _ in islice(pattern.finditer(text), len(text) + 1):
        pass
    return time.process_time() - started


@pytest.mark.parametrize(("name", "pattern"), [pytest.param(n, p, id=n) for n, p in _patterns()])
def test_no_pattern_reads_a_text_again_from_each_of_its_places(name: str, pattern: re.Pattern[str]) -> None:
    """Ten times the text takes a linear pattern ten times as long, and a quadratic one a hundred times."""
    for unit in _UNITS:
        short, long = _of_length(unit, 400), _of_length(unit, 4000)
        if _seconds(pattern, long) > 0.02:
            assert any(
                _seconds(pattern, long) <= 40 * _seconds(pattern, short) for _ in range(_COMPARISONS)
            ), (name, unit)
