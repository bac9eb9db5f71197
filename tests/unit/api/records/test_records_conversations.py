"""Conversations: each for its holder only, and gone when they are deleted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from kept import HOLDER, SITE, receipt

from api.records import Records, conversations, open_records
from api.records.errors import NotKept, UnknownConversation
from api.settings import Settings
from api.wire.question_schemas import Turn

OTHER = "fedcba9876543210"


def _started(records: Records, *, holder: str = HOLDER) -> str:
    return records.conversations.start(holder=holder, site=SITE).id


def test_a_conversation_comes_back_turn_by_turn(records: Records) -> None:
    started = records.conversations.start(holder=HOLDER, site=SITE)
    assert records.conversations.get(started.id, holder=HOLDER) == started
    kept = [receipt("首次获批奖多少？"), receipt("扩产呢？"), receipt("今天天气？")]
    for one in kept:
        records.store_answer(one, started.id)
    found = records.conversations.get(started.id, holder=HOLDER)
    assert (found.id, found.title, found.created_at) == (started.id, "首次获批奖多少？", started.created_at)
    assert found.updated_at == kept[-1].asked_at
    assert [turn.question for turn in found.turns] == [one.question for one in kept]
    assert [turn.asked_at for turn in found.turns] == [one.asked_at for one in kept]
    for turn, one in zip(found.turns, kept, strict=True):
        assert turn.reply == one.reply.model_copy(update={"hits": []})


def test_only_the_last_turns_are_read_when_no_more_are_wanted(records: Records) -> None:
    started = _started(records)
    for number in range(5):
        records.store_answer(receipt(f"第{number}问"), started)
    found = records.conversations.get(started, holder=HOLDER, most=2)
    assert [turn.question for turn in found.turns] == ["第3问", "第4问"]


def test_ids_cannot_be_guessed(records: Records) -> None:
    ids = {_started(records) for _ in range(50)}
    assert len(ids) == 50
    assert min(map(len, ids)) >= 32


def test_the_list_begins_with_the_one_last_used(records: Records) -> None:
    first, second, empty = (_started(records) for _ in range(3))
    _started(records, holder=OTHER)
    records.store_answer(receipt("一" * 60), second)
    records.store_answer(receipt("二"), first)
    records.store_answer(receipt("三"), first)
    listed = records.conversations.list(holder=HOLDER)
    assert [one.id for one in listed] == [first, second, empty]
    assert [one.turns for one in listed] == [2, 1, 0]
    assert [one.title for one in listed] == ["二", "一" * 39 + "…", ""]


def test_another_holders_conversation_is_as_unknown_as_one_that_is_not_there(records: Records) -> None:
    started = _started(records)
    records.store_answer(receipt(), started)
    told = set()
    for conversation_id, holder in ((started, OTHER), (started, ""), ("nix", HOLDER), ("", HOLDER)):
        with pytest.raises(UnknownConversation) as error:
            records.conversations.get(conversation_id, holder=holder)
        told.add(str(error.value))
        with pytest.raises(UnknownConversation) as error:
            records.conversations.delete(conversation_id, holder=holder)
        told.add(str(error.value))
        stray = replace(receipt(holder=holder))
        with pytest.raises(UnknownConversation) as error:
            records.store_answer(stray, conversation_id)
        told.add(str(error.value))
        with pytest.raises(Exception, match="no receipt"):  # both are kept, or neither
            records.receipts.get(stray.id)
    assert len(told) == 1
    assert len(records.conversations.get(started, holder=HOLDER).turns) == 1


def test_nobody_but_a_visitor_holds_conversations(records: Records) -> None:
    with pytest.raises(ValueError, match="visitor"):
        records.conversations.start(holder="", site="")
    with pytest.raises(ValueError, match="visitor"):
        records.conversations.delete_all(holder="")


def test_what_is_deleted_leaves_receipts_without_words_or_holder(records: Records) -> None:
    started = _started(records)
    said = (Turn(role="user", content="说过的话"),)
    answered, refused = receipt("我叫张三，奖多少？", history=said), receipt("张三问天气？")
    for one in (answered, refused):
        records.store_answer(one, started)
    records.feedback.keep(answered.id, holder=HOLDER, site=SITE, thumb="down", reason=None, text="不对")
    records.conversations.delete(started, holder=HOLDER)
    with pytest.raises(UnknownConversation):
        records.conversations.get(started, holder=HOLDER)
    assert records.conversations.list(holder=HOLDER) == ()
    for one in (answered, refused):
        left = records.receipts.get(one.id)
        assert (left.texts_kept, left.holder, left.question, left.history) == (False, "", "", ())
        assert (left.reply.text, left.reply.rewritten, left.reply.suggestions) == ("", "", [])
        assert left.reply.outcome == one.reply.outcome
        assert [(c.path, c.start, c.end, c.quote) for c in left.reply.citations] == [
            (c.path, c.start, c.end, "") for c in one.reply.citations
        ]
        assert [(hit.path, hit.score) for hit in left.reply.hits] == [
            (hit.path, hit.score) for hit in one.reply.hits
        ]
        assert left.fingerprints == one.fingerprints
    assert records.receipts.matches(answered.id, question=answered.question, history=said)
    assert not records.receipts.matches(answered.id, question=answered.question, history=())
    assert not records.receipts.matches(answered.id, question="我叫张三，奖多少", history=said)


def test_deleted_words_are_not_left_in_the_file(records: Records, settings: Settings) -> None:
    words = "绝无仅有的词句"
    started = _started(records)
    records.store_answer(receipt(words), started)
    records.conversations.delete(started, holder=HOLDER)
    records.close()  # moves what is in the log beside it into the file
    assert words.encode() not in (settings.data_dir / "service.db").read_bytes()


def test_deleting_all_forgets_the_holder_and_nobody_else(records: Records) -> None:
    mine, others = _started(records), _started(records, holder=OTHER)
    in_one, alone, foreign = receipt(), receipt("没有对话"), receipt(holder=OTHER)
    records.store_answer(in_one, mine)
    records.store_answer(alone, None)
    records.store_answer(foreign, others)
    records.conversations.delete_all(holder=HOLDER)
    records.conversations.delete_all(holder=HOLDER)
    assert records.conversations.list(holder=HOLDER) == ()
    for one in (in_one, alone):
        assert records.receipts.get(one.id).holder == ""
        assert records.receipts.get(one.id).question == ""
    assert records.receipts.get(foreign.id) == foreign
    assert len(records.conversations.get(others, holder=OTHER).turns) == 1


def test_whoever_starts_too_many_loses_the_oldest(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "MOST_CONVERSATIONS", 3)
    ids = [_started(records) for _ in range(5)]
    others = _started(records, holder=OTHER)
    assert {one.id for one in records.conversations.list(holder=HOLDER)} == set(ids[2:])
    assert records.conversations.get(others, holder=OTHER).turns == ()


def test_without_texts_no_conversation_is_kept(settings: Settings, records: Records) -> None:
    old = _started(records)
    records.store_answer(receipt(), old)
    with open_records(settings.service_url, lock_dir=None, keep_texts=False) as strict:
        with pytest.raises(NotKept):
            strict.conversations.start(holder=HOLDER, site=SITE)
        with pytest.raises(NotKept):
            strict.conversations.list(holder=HOLDER)
        with pytest.raises(NotKept):
            strict.conversations.get(old, holder=HOLDER)
        with pytest.raises(NotKept):
            strict.store_answer(receipt(), old)
        strict.conversations.delete(old, holder=HOLDER)  # from before the setting was changed
    assert records.conversations.list(holder=HOLDER) == ()


def test_a_long_first_question_does_not_fill_the_list(records: Records, tmp_path: Path) -> None:
    started = _started(records)
    records.store_answer(receipt("  一\n\n二  三 " + "长" * 1900), started)
    (listed,) = records.conversations.list(holder=HOLDER)
    assert listed.title.startswith("一 二 三 长")
    assert len(listed.title) == 40
