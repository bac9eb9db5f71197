"""Retention: what is old is gone, what is not stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from kept import HOLDER, SITE, receipt

from api.records import Records, purge
from api.records.errors import UnknownConversation, UnknownReceipt
from api.settings import Settings

_NOW = datetime(2026, 3, 1, tzinfo=UTC)


def _days(ago: int) -> datetime:
    return _NOW - timedelta(days=ago)


@hypothesis_settings(max_examples=15)
@given(ages=st.lists(st.integers(0, 20), max_size=12), limit=st.integers(0, 20))
def test_receipts_older_than_the_limit_are_gone(records: Records, ages: list[int], limit: int) -> None:
    records.purge(older_than=_NOW + timedelta(days=1))
    kept = [receipt(asked_at=_days(age)) for age in ages]
    for one in kept:
        records.store_answer(one, None)
        records.feedback.keep(one.id, holder=HOLDER, site=SITE, thumb="up", reason=None, text="")
    gone = records.purge(older_than=_days(limit))
    old = [one for one in kept if one.asked_at < _days(limit)]
    assert (gone.receipts, gone.feedback) == (len(old), len(old))
    for one in kept:
        if one in old:
            with pytest.raises(UnknownReceipt):
                records.receipts.get(one.id)
        else:
            assert records.receipts.get(one.id) == one
    assert len(list(records.feedback.all())) == len(kept) - len(old)


def test_a_conversation_goes_by_its_last_turn_and_loses_its_old_ones(records: Records) -> None:
    used, left = (records.conversations.start(holder=HOLDER, site=SITE).id for _ in range(2))
    records.store_answer(receipt("旧", asked_at=_days(30)), used)
    records.store_answer(receipt("新", asked_at=_days(1)), used)
    records.store_answer(receipt(asked_at=_days(30)), left)
    gone = records.purge(older_than=_days(10))
    assert (gone.receipts, gone.conversations) == (2, 1)
    assert [turn.question for turn in records.conversations.get(used, holder=HOLDER).turns] == ["新"]
    records.store_answer(receipt("更新"), used)
    assert [turn.question for turn in records.conversations.get(used, holder=HOLDER).turns] == ["新", "更新"]
    with pytest.raises(UnknownConversation):
        records.conversations.get(left, holder=HOLDER)


def test_more_than_a_batch_goes(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "_BATCH", 3)
    for _ in range(10):
        records.store_answer(receipt(asked_at=_days(5)), None)
    for _ in range(7):
        started = records.conversations.start(holder=HOLDER, site=SITE).id
        records.store_answer(receipt(asked_at=_days(5)), started)
    gone = records.purge(older_than=_NOW)
    assert (gone.receipts, gone.conversations) == (17, 7)
    again = records.purge(older_than=_NOW)
    assert (again.receipts, again.feedback, again.conversations) == (0, 0, 0)


def test_sites_and_secret_stay(records: Records) -> None:
    site, secret = records.sites.add("站", origins=("https://a.cn",)), records.secret()
    records.purge(older_than=datetime.now(UTC) + timedelta(days=1))
    assert records.sites.list() == (site,)
    assert records.secret() == secret


def test_all_texts_can_be_forgotten_at_once(
    records: Records, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "_BATCH", 3)
    monkeypatch.setattr(purge, "_FEW", 2)
    kept = []
    for number in range(5):
        started = records.conversations.start(holder=HOLDER, site=SITE).id
        kept += [receipt(f"绝无仅有的问题{number}") for _ in range(3)]
        records.store_answer(kept[-3], started)
        for one in kept[-2:]:
            records.store_answer(one, None)
        records.feedback.keep(kept[-1].id, holder=HOLDER, site=SITE, thumb="down", reason=None, text="写的")
    gone = records.forget_texts()
    assert (gone.conversations, gone.receipts, gone.feedback) == (5, 10, 5)
    assert records.conversations.list(holder=HOLDER) == ()
    for one in kept:
        left = records.receipts.get(one.id)
        assert (left.question, left.reply.text, left.texts_kept) == ("", "", False)
        assert records.receipts.matches(one.id, question=one.question, history=())
    assert [(said.thumb, said.text) for said in records.feedback.all()] == [("down", "")] * 5
    records.close()
    content = (settings.data_dir / "service.db").read_bytes()
    assert "绝无仅有的问题".encode() not in content
    assert "写的".encode() not in content


def _readable(folder: Path, words: str) -> list[str]:
    """The files in which the words are readable."""
    return sorted(path.name for path in folder.iterdir() if words.encode() in path.read_bytes())


def test_what_is_deleted_is_readable_in_no_file(settings: Settings, records: Records) -> None:
    """Neither in the write-ahead log, nor in what is free in the database."""
    folder = settings.data_dir
    words = ("甲企业搬迁补助多少", "乙企业扩产补助多少", "丙企业新建补助多少")
    started = [records.conversations.start(holder=HOLDER, site=SITE).id for _ in words]
    for conversation, asked in zip(started, words, strict=True):
        records.store_answer(receipt(asked), conversation)
    assert all(_readable(folder, asked) for asked in words)
    records.conversations.delete(started[0], holder=HOLDER)
    assert _readable(folder, words[0]) == []
    records.conversations.delete_all(holder=HOLDER)
    assert _readable(folder, words[1]) == []
    for deletes in (records.forget_texts, lambda: records.purge(_NOW + timedelta(days=36_500))):
        records.store_answer(receipt("丁企业停产补助多少"), None)
        assert _readable(folder, "丁企业停产补助多少")
        deletes()
        assert _readable(folder, "丁企业停产补助多少") == []
