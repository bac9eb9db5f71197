"""Rates are counted over processes, and nobody is let through twice."""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits import parse
from limits.strategies import FixedWindowRateLimiter, SlidingWindowCounterRateLimiter

from api.callers import Local, Program, Visitor
from api.errors import RateLimited
from api.rate_storage import SqliteStorage
from api.rates import Rates
from rag.settings import ServerSettings


def _hits(path: Path, rate: str, times: int) -> int:
    limiter = SlidingWindowCounterRateLimiter(SqliteStorage(path))
    return sum(limiter.hit(parse(rate), "one") for _ in range(times))


@pytest.mark.parametrize("allowed", [1, 7, 50])
def test_no_more_than_the_rate_passes(tmp_path: Path, allowed: int) -> None:
    assert _hits(tmp_path / "rates.db", f"{allowed}/day", 60) == allowed


def test_processes_count_together(tmp_path: Path) -> None:
    """Four processes at once: of 4 × 40 requests exactly 100 pass."""
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        passed = pool.starmap(_hits, [(tmp_path / "rates.db", "100/day", 40)] * 4)
    assert sum(passed) == 100


def test_a_window_runs_out(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "rates.db")
    limiter, rate = SlidingWindowCounterRateLimiter(storage), parse("2/second")
    assert [limiter.hit(rate, "one") for _ in range(3)] == [True, True, False]
    time.sleep(2.1)
    assert limiter.hit(rate, "one")
    storage.close()


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=30))
def test_counts_are_apart_by_key(keys: list[str]) -> None:
    storage = SqliteStorage(Path(":memory:"))
    limiter, rate = FixedWindowRateLimiter(storage), parse("5/day")
    passed = dict.fromkeys(keys, 0)
    for key in keys:
        passed[key] += limiter.hit(rate, key)
    assert passed == {key: min(5, keys.count(key)) for key in keys}
    assert storage.check()
    storage.reset()
    assert all(limiter.get_window_stats(rate, key).remaining == 5 for key in keys)
    storage.close()


@pytest.fixture
def rates(tmp_path: Path) -> Rates:
    settings = ServerSettings(visitor_rate="3/day", site_rate="5/day", arrival_rate="2/day")
    return Rates(SqliteStorage(tmp_path / "rates.db"), settings)


def test_a_visitor_is_told_when_to_come_again(rates: Rates) -> None:
    visitor = Visitor(site="s", holder="one")
    for _ in range(3):
        rates.asks(visitor)
    with pytest.raises(RateLimited, match="3 per 1 day") as caught:
        rates.asks(visitor)
    assert 0 < caught.value.retry_after_s <= 2 * 86_400


def test_many_visitors_share_the_rate_of_their_site(rates: Rates) -> None:
    for number in range(5):
        rates.asks(Visitor(site="s", holder=str(number)))
    with pytest.raises(RateLimited, match="this site"):
        rates.asks(Visitor(site="s", holder="another"))
    rates.asks(Visitor(site="t", holder="another"))


def test_programs_and_this_machine_are_not_limited(rates: Rates) -> None:
    for _ in range(20):
        rates.asks(Local())
        rates.asks(Program())


def test_an_address_cannot_send_ever_new_visitors(rates: Rates) -> None:
    rates.arrives("a")
    rates.arrives("a")
    with pytest.raises(RateLimited):
        rates.arrives("a")
    rates.arrives("b")
