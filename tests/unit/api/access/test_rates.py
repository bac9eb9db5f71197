"""Rates are counted over processes, and nobody is let through twice."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits import parse
from limits.strategies import FixedWindowRateLimiter, SlidingWindowCounterRateLimiter

from api.access.principals import Local, Program, Visitor
from api.access.rate_storage import SqliteStorage
from api.access.rates import Rates
from api.errors import RateLimited
from api.settings import ServerSettings
from api.web.loopback import network_of
from corpus.errors import StoreError


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


def test_a_window_runs_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_800_000_000.0]
    monkeypatch.setattr("api.access.rate_storage.time.time", lambda: now[0])
    storage = SqliteStorage(tmp_path / "rates.db")
    limiter, rate = SlidingWindowCounterRateLimiter(storage), parse("2/second")
    assert [limiter.hit(rate, "one") for _ in range(3)] == [True, True, False]
    now[0] += 0.9
    assert not limiter.hit(rate, "one")
    now[0] += 1.1
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
    settings = ServerSettings(
        visitor_rate="3/day", site_rate="5/day", address_rate="4/day", arrival_rate="2/day"
    )
    return Rates(SqliteStorage(tmp_path / "rates.db"), settings)


def test_a_visitor_is_told_when_to_come_again(rates: Rates) -> None:
    visitor = Visitor(site="s", holder="one")
    for _ in range(3):
        rates.count_question(visitor, address="a")
    with pytest.raises(RateLimited, match="3 per 1 day") as caught:
        rates.count_question(visitor, address="a")
    assert 0 < caught.value.retry_after_s <= 2 * 86_400


def test_many_visitors_share_the_rate_of_their_site(rates: Rates) -> None:
    for number in range(5):
        rates.count_question(Visitor(site="s", holder=str(number)), address=str(number))
    with pytest.raises(RateLimited, match="this site"):
        rates.count_question(Visitor(site="s", holder="another"), address="a")
    rates.count_question(Visitor(site="t", holder="another"), address="a")


def test_programs_and_this_machine_are_not_limited(rates: Rates) -> None:
    for _ in range(20):
        rates.count_question(Local(), address="a")
        rates.count_question(Program(), address="a")


def test_an_address_cannot_send_ever_new_visitors(rates: Rates) -> None:
    rates.count_visitor("a")
    rates.count_visitor("a")
    with pytest.raises(RateLimited):
        rates.count_visitor("a")
    rates.count_visitor("b")


def test_one_address_cannot_use_up_what_a_site_shares(rates: Rates) -> None:
    for number in range(4):
        rates.count_question(Visitor(site="s", holder=str(number)), address="a")
    for number in range(4, 20):
        with pytest.raises(RateLimited, match="this address"):
            rates.count_question(Visitor(site="s", holder=str(number)), address="a")
    rates.count_question(Visitor(site="s", holder="elsewhere"), address="b")


def test_thumbs_are_not_counted_against_the_site(rates: Rates) -> None:
    for number in range(20):
        rates.count_action(Visitor(site="s", holder=str(number)), address=str(number))
    rates.count_question(Visitor(site="s", holder="another"), address="another")


def test_damaged_counts_are_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "rates.db"
    path.write_bytes(bytes(range(256)) * 64)
    storage = SqliteStorage(path)
    assert storage.incr("one", 60) == 1
    storage.close()


def test_counts_that_cannot_be_kept_are_an_error_that_says_so(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "rates.db")
    rates = Rates(storage, ServerSettings())
    rates.check()
    storage.close()
    for use in (rates.check, lambda: rates.count_question(Visitor(site="", holder="one"), address="a")):
        with pytest.raises(StoreError, match="cannot be counted"):
            use()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:1:2:3::4", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::4", "2001:db8:1:3::4", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("", "testclient", False),
    ],
)
def test_addresses_are_counted_by_network(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same
