"""Tokens say who was there, to nobody but us."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access.tokens import PREFIX, Tokens
from api.errors import TokenExpired, TokenInvalid

KEY = b"k" * 32


@given(st.text(max_size=60), st.text(max_size=30))
def test_a_token_names_the_visitor_it_was_given_to(secret: str, site: str) -> None:
    tokens = Tokens(KEY, minutes=60)
    visitor, kept = tokens.visitor(secret, site=site)
    assert tokens.read(tokens.issue(visitor)) == visitor
    # The secret on the device stands for the same visitor again, and the token does not show it.
    assert tokens.visitor(kept, site=site) == (visitor, kept)
    assert kept not in tokens.issue(visitor)
    assert len(kept) >= 32


def test_the_secret_of_one_site_is_nobody_at_another() -> None:
    tokens = Tokens(KEY, minutes=60)
    one, secret = tokens.visitor("", site="a")
    other, same = tokens.visitor(secret, site="b")
    assert secret == same
    assert one.holder != other.holder


@given(st.text(max_size=80))
def test_what_we_did_not_sign_is_refused(text: str) -> None:
    with pytest.raises(TokenInvalid):
        Tokens(KEY, minutes=60).read(PREFIX + text)


def test_another_service_s_token_is_refused() -> None:
    visitor, _ = Tokens(b"other" * 8, minutes=60).visitor("", site="a")
    with pytest.raises(TokenInvalid):
        Tokens(KEY, minutes=60).read(Tokens(b"other" * 8, minutes=60).issue(visitor))


def test_a_token_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = Tokens(KEY, minutes=1)
    visitor, _ = tokens.visitor("", site="a")
    token = tokens.issue(visitor)
    now = time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + 62)
    with pytest.raises(TokenExpired):
        tokens.read(token)
