"""The records on PostgreSQL: on the server of the tests, or on the one that TEST_POSTGRES_URL names."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from record_keeping import receipt
from sqlalchemy import create_engine, text

from api.records import Records, open_records
from api.records.errors import UnknownAnswer, UnknownConversation, UnknownReceipt
from api.records.schema.database import VERSION_TABLE, RecordsDatabase, look
from api.records.schema.tables import TABLES
from corpus.errors import StoreError

HOLDER = "0123456789abcdef"


@pytest.fixture
def url(postgres_url: str) -> str:
    return postgres_url


@pytest.fixture
def records(url: str) -> Iterator[Records]:
    with open_records(url, lock_dir=None) as opened:
        yield opened


def test_the_revisions_make_the_tables_of_the_program(url: str) -> None:
    database = RecordsDatabase(url, lock_dir=None)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, TABLES) == []
    database.close()


def test_services_that_start_at_once_make_one_database(url: str) -> None:
    def secret(_: int) -> bytes:
        with open_records(url, lock_dir=None) as opened:
            return opened.secret()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(secret, range(6)))) == 1


def test_sites_come_back(records: Records) -> None:
    site = records.sites.add("湖南", origins=("https://a.cn",), suggestions=("奖多少？",))
    assert records.sites.list() == (site,)
    assert records.sites.get(site.key) == site
    assert records.sites.remove(site.key) == site
    assert not records.sites.any()


def test_answers_of_one_conversation_line_up(records: Records) -> None:
    conversation = records.conversations.start(holder=HOLDER, site="").id
    kept = [receipt(f"第{number}问", holder=HOLDER) for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: records.store_answer(one, conversation), kept))
    turns = records.conversations.get(conversation, holder=HOLDER).turns
    assert {turn.question for turn in turns} == {one.question for one in kept}
    assert all(records.receipts.get(one.id) == one for one in kept)
    (listed,) = records.conversations.list(holder=HOLDER)
    assert listed.turns == 40
    stray = receipt("", holder="other")
    with pytest.raises(UnknownConversation):
        records.store_answer(stray, conversation)
    with pytest.raises(UnknownReceipt):
        records.receipts.get(stray.id)


def test_feedback_that_comes_at_once_is_one(records: Records) -> None:
    records.store_answer(kept := receipt("奖多少？", holder=HOLDER), None)

    def say(number: int) -> None:
        records.feedback.keep(kept.id, holder=HOLDER, site="", thumb="down", reason="wrong", text=str(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(say, range(24)))
    (one,) = records.feedback.all()
    assert one.receipt == kept
    with pytest.raises(UnknownAnswer):
        records.feedback.keep(kept.id, holder="", site="", thumb="up", reason=None, text="")


def test_what_is_deleted_or_old_is_gone(records: Records) -> None:
    conversation = records.conversations.start(holder=HOLDER, site="").id
    old = replace(receipt("旧", holder=HOLDER), asked_at=datetime.now(UTC) - timedelta(days=9))
    for one in (old, kept := receipt("新", holder=HOLDER), alone := receipt("独", holder=HOLDER)):
        records.store_answer(one, None if one is alone else conversation)
    records.feedback.keep(old.id, holder=HOLDER, site="", thumb="up", reason=None, text="")
    gone = records.purge(older_than=datetime.now(UTC) - timedelta(days=5))
    assert (gone.receipts, gone.feedback, gone.conversations) == (1, 1, 0)
    records.conversations.delete(conversation, holder=HOLDER)
    assert records.receipts.get(kept.id).question == ""
    assert records.receipts.matches(kept.id, question="新", history=())
    records.conversations.delete_all(holder=HOLDER)
    assert records.receipts.get(alone.id).holder == ""
    records.store_answer(last := receipt("末", holder=HOLDER), None)
    assert records.forget_texts().receipts == 1
    assert records.receipts.get(last.id).question == ""
    assert records.purge(older_than=datetime.now(UTC) + timedelta(days=1)).receipts == 3


def test_it_is_checked_by_writing_and_looked_at_without_changing_it(records: Records, url: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        for _ in pool.map(lambda _: look(url), range(12)):
            pass
    records.check()
    assert records.sites.list() == ()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE sites ADD CONSTRAINT none CHECK (key <> '')"))
    engine.dispose()
    with pytest.raises(StoreError):
        look(url)


def test_an_error_holds_no_word_of_the_question(records: Records, url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE receipts ADD CONSTRAINT none CHECK (question = '')"))
    engine.dispose()
    question = "我叫张三丰，奖多少？"
    with pytest.raises(StoreError, match="does not work") as error:
        records.store_answer(receipt(question, holder=HOLDER), None)
    told = [line for line in traceback.format_exception(error.value) if __file__ not in line]
    assert "张三丰" not in "".join(told)
