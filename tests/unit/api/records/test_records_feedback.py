"""Feedback: tied to an answer that was given to whoever speaks, and readable as test candidates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from kept import HOLDER, SITE, receipt

from api.records import Records
from api.records.errors import UnknownAnswer
from api.records.export import record_of
from api.records.feedback import Reason, Thumb
from api.wire.question_schemas import Turn
from evals.draft.feedback import read_feedback


def _keep(
    records: Records,
    answer: str,
    *,
    holder: str = HOLDER,
    site: str = SITE,
    thumb: Thumb = "down",
    reason: Reason | None = None,
    text: str = "",
) -> None:
    records.feedback.keep(answer, holder=holder, site=site, thumb=thumb, reason=reason, text=text)


def test_what_is_said_again_takes_the_place(records: Records) -> None:
    kept = receipt()
    records.store_answer(kept, None)
    _keep(records, kept.id, reason="unclear", text="看不懂")
    before = datetime.now(UTC)
    _keep(records, kept.id, thumb="up")
    (one,) = records.feedback.all()
    assert (one.receipt, one.thumb, one.reason, one.text) == (kept, "up", None, "")
    assert before <= one.given_at <= datetime.now(UTC)


def test_only_whoever_was_given_the_answer_can_speak_about_it(records: Records) -> None:
    kept, at_service = receipt(), receipt(holder="", site="")
    for one in (kept, at_service):
        records.store_answer(one, None)
    told = set()
    for answer, holder, site in (
        (kept.id, "fedcba9876543210", SITE),
        (kept.id, HOLDER, "zws_other"),
        (kept.id, "", ""),
        (at_service.id, HOLDER, SITE),
        ("nix", HOLDER, SITE),
    ):
        with pytest.raises(UnknownAnswer) as error:
            _keep(records, answer, holder=holder, site=site)
        told.add(str(error.value))
    assert len(told) == 1
    assert list(records.feedback.all()) == []
    _keep(records, at_service.id, holder="", site="")
    assert [one.receipt for one in records.feedback.all()] == [at_service]


def test_feedback_is_told_oldest_first_and_by_choice(records: Records) -> None:
    kept = [receipt() for _ in range(4)]
    for number, one in enumerate(kept):
        records.store_answer(one, None)
        _keep(records, one.id, thumb="down" if number % 2 else "up")
    everything = list(records.feedback.all())
    assert [one.receipt.id for one in everything] == [one.id for one in kept]
    assert [one.receipt.id for one in records.feedback.all(thumb="down")] == [kept[1].id, kept[3].id]
    later = list(records.feedback.all(since=everything[2].given_at))
    assert later == everything[2:]
    assert list(records.feedback.all(since=datetime.now(UTC) + timedelta(days=1))) == []


def test_test_sets_read_it_as_it_was_given(records: Records, tmp_path: Path) -> None:
    said = [Turn(role="user", content="你好"), Turn(role="assistant", content="您好")]
    given: list[tuple[str, Reason | None, str]] = [
        ("奖多少？", "wrong", "应当是 600 万"),
        ("天气？", "unclear", "看不懂"),
        ("扩产呢？", "unclear", ""),
        ("扩产奖多少？", "outdated", ""),
        ("何时起？", None, ""),
    ]
    for question, reason, text in given:
        kept = receipt(question, history=said)
        records.store_answer(kept, None)
        _keep(records, kept.id, reason=reason, text=text)
    lines = [record_of(one) for one in records.feedback.all()]
    file = tmp_path / "feedback.jsonl"
    file.write_text("".join(f"{line.model_dump_json(exclude_none=True)}\n" for line in lines if line))
    read = read_feedback(file)
    assert read == lines
    assert [one.question for one in read] == [question for question, _, _ in given]
    assert [one.reason for one in read] == ["wrong", "other", "other", "outdated", None]
    assert [one.comment for one in read] == ["应当是 600 万", "unclear. 看不懂", "unclear.", "", ""]
    assert all(one.asked_before == ("你好",) for one in read)
    kept_quote = receipt().reply.citations[0].quote
    assert read[0].reply.citations[0].quote == kept_quote


def test_what_no_test_set_can_take_is_left_out(records: Records) -> None:
    for question in ("", " ", "\x1b", "长" * 2001):
        kept = replace(receipt(), question=question)
        records.store_answer(kept, None)
        _keep(records, kept.id)
    assert [record_of(one) for one in records.feedback.all()] == [None] * 4


@pytest.mark.parametrize("everything", [False, True])
def test_feedback_on_what_was_deleted_tells_no_words(records: Records, everything: bool) -> None:
    started = records.conversations.start(holder=HOLDER, site=SITE)
    kept, other = receipt(), receipt(holder="fedcba9876543210")
    records.store_answer(kept, started.id)
    records.store_answer(other, None)
    _keep(records, kept.id, reason="wrong", text="我叫张三丰")
    _keep(records, other.id, holder=other.holder, text="别人的话")
    if everything:
        records.conversations.delete_all(holder=HOLDER)
    else:
        records.conversations.delete(started.id, holder=HOLDER)
    one, untouched = records.feedback.all()
    assert (one.thumb, one.reason, one.text) == ("down", "wrong", "")
    assert record_of(one) is None
    assert untouched.text == "别人的话"
