"""Receipts: what is kept of an answer, with texts and without, and that later programs can read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from kept import TODAY, receipt
from sqlalchemy import create_engine, text

from api.records import Records, open_records
from api.records.errors import UnknownReceipt
from api.settings import Settings
from api.wire.question_schemas import Filters, Turn
from index.build.manifest import program_version

# A receipt as the first revision of the tables holds it. Later programs read it too: a change of the reply
# on the wire needs a revision that completes the replies that are kept.
_KEPT = Path(__file__).parent / "kept_receipt.sql"


def test_a_receipt_comes_back_as_it_was_kept(records: Records) -> None:
    kept = receipt(
        "扩产奖多少？",
        history=[Turn(role="user", content="你好"), Turn(role="assistant", content="您好")],
        filters=Filters(documents=["qing"], regions=["青海"]),
    )
    records.store_answer(kept, None)
    assert records.receipts.get(kept.id) == kept


@hypothesis_settings(max_examples=40)
@given(question=st.text(max_size=300), said=st.lists(st.text(max_size=50), max_size=4))
def test_whatever_is_asked_comes_back(records: Records, question: str, said: list[str]) -> None:
    kept = receipt(question, history=[Turn(role="user", content=words) for words in said])
    records.store_answer(kept, None)
    assert records.receipts.get(kept.id) == kept
    assert records.receipts.matches(kept.id, question=kept.question, history=kept.history)


def test_a_receipt_names_all_that_the_reply_depends_on() -> None:
    found = receipt().fingerprints
    assert found.program == program_version()
    assert (found.corpus_hash, found.model, found.generation) == ("0f", "none", 1)
    assert (found.calibration, found.threshold) == ("c0", 0.22)
    assert (found.quotes, found.nearest, found.dense_weight, found.candidates) == (6, 3, 0.45, 50)
    assert (found.chunk_size, found.chunk_overlap, found.today) == (600, 0, TODAY)


def test_moments_keep_their_time_in_every_zone(records: Records) -> None:
    beijing = datetime(2026, 3, 1, 7, 30, tzinfo=timezone(timedelta(hours=8)))
    kept = receipt(asked_at=beijing)
    records.store_answer(kept, None)
    found = records.receipts.get(kept.id)
    assert found.asked_at == beijing
    assert found.asked_at.tzinfo is UTC
    with pytest.raises(Exception, match="time zone"):
        records.store_answer(replace(receipt(), asked_at=datetime(2026, 3, 1)), None)


def test_an_unknown_receipt_is_named(records: Records) -> None:
    with pytest.raises(UnknownReceipt, match="'nix'"):
        records.receipts.get("nix")
    with pytest.raises(UnknownReceipt, match="'nix'"):
        records.receipts.matches("nix", question="", history=())


def test_without_texts_no_word_is_in_the_file(settings: Settings) -> None:
    words, said = "绝无仅有的问题，首次获批奖多少？", "此前说过的话"
    kept = receipt(words, history=[Turn(role="user", content=said)])
    with open_records(settings.service_url, lock_dir=None, keep_texts=False) as records:
        records.store_answer(kept, None)
        records.feedback.keep(
            kept.id, holder=kept.holder, site=kept.site, thumb="down", reason="wrong", text="手写的意见"
        )
        found = records.receipts.get(kept.id)
        assert (found.texts_kept, found.question, found.history, found.had_history) == (False, "", (), True)
        assert (found.reply.outcome, found.reply.confidence) == (kept.reply.outcome, kept.reply.confidence)
        assert [(c.document_id, c.path, c.start, c.end) for c in found.reply.citations] == [
            (c.document_id, c.path, c.start, c.end) for c in kept.reply.citations
        ]
        assert found.holder == kept.holder
        assert records.receipts.matches(kept.id, question=words, history=kept.history)
        assert not records.receipts.matches(kept.id, question=words + "。", history=kept.history)
        assert not records.receipts.matches(kept.id, question=words, history=())
        (one,) = records.feedback.all()
        assert (one.thumb, one.reason, one.text) == ("down", "wrong", "")
    content = b"".join(path.read_bytes() for path in settings.data_dir.glob("service.db*"))
    for text_ in (words, said, "手写的意见", kept.reply.text, kept.reply.citations[0].quote):
        assert text_.encode() not in content
        assert text_.encode("unicode_escape") not in content


@pytest.mark.parametrize(
    ("given", "kept_of_it"),
    [
        (["湖南", "我叫张三丰"], ["湖南"]),
        (["我是益阳市的张三丰", "Hunan"], ["益阳市", "Hunan"]),
        (["湖南省益阳市", "湖南省益阳市"], ["湖南省益阳市"]),
        (["我叫张三丰"], ["…"]),  # none at all would let every paper pass
        ([], []),
    ],
)
@pytest.mark.parametrize("way", ["never kept", "deleted", "purged", "purged, taken by an earlier program"])
def test_without_texts_regions_are_names_of_divisions(
    settings: Settings, given: list[str], kept_of_it: list[str], way: str
) -> None:
    kept = receipt(filters=Filters(documents=["qing"], regions=given))
    with open_records(settings.service_url, lock_dir=None, keep_texts=way != "never kept") as records:
        records.store_answer(kept, None)
        if way == "deleted":
            records.conversations.delete_all(holder=kept.holder)
        elif way != "never kept":
            if way != "purged":
                engine = create_engine(settings.service_url)
                with engine.begin() as connection:
                    connection.execute(text("UPDATE receipts SET texts_kept = 0, holder = ''"))
                engine.dispose()
            records.forget_texts()
        found = records.receipts.get(kept.id)
    assert (found.texts_kept, found.filters) == (False, Filters(documents=["qing"], regions=kept_of_it))


def test_equal_questions_are_known_again_only_under_the_same_secret(tmp_path: Path) -> None:
    digests = []
    for name in ("a", "a", "b"):
        url = f"sqlite:///{tmp_path / name}.db"
        with open_records(url, lock_dir=None, keep_texts=False) as records:
            kept = receipt()
            records.store_answer(kept, None)
        engine = create_engine(url)
        with engine.connect() as connection:
            query = text("SELECT question_mac FROM receipts WHERE id = :id")
            digests.append(connection.execute(query, {"id": kept.id}).scalar())
        engine.dispose()
    assert digests[0] == digests[1] != digests[2]


def test_a_receipt_that_an_earlier_program_kept_is_read(records: Records, settings: Settings) -> None:
    engine = create_engine(settings.service_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(_KEPT.read_text("utf-8"))
    engine.dispose()
    found = records.receipts.get("kept-by-0001")
    assert (found.question, found.reply.outcome) == ("首次获批奖多少？", "answered")
    assert found.reply.citations[0].quote == "对首次获批的新药，奖补500万元。"
    assert found.fingerprints.today == TODAY
