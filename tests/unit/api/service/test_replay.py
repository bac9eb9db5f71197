"""Replay: the same is called the same, and whatever differs is named with its cause."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from kept import TODAY, receipt
from one_paper import OnePaper
from rich.console import Console

from api.cli.views.replay import report_of, show_replay
from api.errors import NothingToDo
from api.records import Records, open_records
from api.records.receipts import Receipt
from api.service.receipts.replay import Change, OtherQuestion, Replayed, replay_receipt, texts_of
from api.settings import Settings
from api.wire.question_schemas import Filters, Turn
from corpus.store.papers import Version
from rag.info import Info
from rag.model import Question, Reply
from rag.settings import AnswerSettings

ASKED = datetime(2026, 3, 1, 12, tzinfo=UTC)
BEFORE, AFTER = ASKED - timedelta(days=9), ASKED + timedelta(days=9)


class Later(OnePaper):
    """The small paper's assistant at a later time: other fingerprints, and answers to another question."""

    def __init__(self, info: Info | None = None, *, instead: str = "") -> None:
        super().__init__()
        self._info, self._instead = info or OnePaper.info(self), instead

    def info(self) -> Info:
        return self._info

    def ask(self, question: Question) -> Reply:
        return super().ask(replace(question, text=self._instead or question.text))


def _same(assistant: OnePaper, _: date) -> OnePaper:
    return assistant


def _version(number: int, added_at: datetime) -> Version:
    return Version("qing", number, "00", f"qing-{number}.txt", added_at)


def _replayed(
    kept: Receipt,
    open_on: Callable[[date], OnePaper] = lambda _: OnePaper(),
    *,
    settings: Settings | None = None,
    papers: dict[str, tuple[Version, ...]] | None = None,
    today: date = TODAY,
) -> Replayed:
    return replay_receipt(
        kept,
        question=kept.question,
        history=kept.history,
        open_on=open_on,
        settings=settings or Settings(data_dir=Path(), cache_dir=Path()),
        papers=papers if papers is not None else {"qing": (_version(1, BEFORE),)},
        today=today,
    )


@pytest.mark.parametrize("question", ["首次获批奖多少？", "今天天气？"])
def test_the_same_is_called_the_same(question: str) -> None:
    done = _replayed(receipt(question, asked_at=ASKED))
    assert done.is_same
    assert (done.differences, done.causes, done.today) == ((), (), ())


def test_it_is_asked_as_it_was_asked() -> None:
    kept = receipt(
        history=[Turn(role="user", content="你好")], filters=Filters(documents=["qing"], regions=["青海"])
    )
    assistant = OnePaper()
    days: list[date] = []
    _replayed(kept, lambda day: days.append(day) or assistant)  # type: ignore[func-returns-value]
    assert days == [kept.fingerprints.today]
    (asked,) = assistant.asked
    assert (asked.text, [turn.content for turn in asked.history]) == (kept.question, ["你好"])
    assert (asked.documents, asked.regions) == (("qing",), ("青海",))


def test_what_differs_is_named_part_by_part() -> None:
    kept = receipt(asked_at=ASKED)
    done = _replayed(kept, lambda _: Later(instead="今天天气？"))
    changes = {change.what: change for change in done.differences}
    assert set(changes) == {"outcome", "reason", "text", "citations", "nearest clauses", "warnings", "hits"}
    assert changes["outcome"] == Change("outcome", "answered", "refused")
    assert changes["text"].before == kept.reply.text
    assert "qing 一、/（一） 48-65" in changes["citations"].before
    assert changes["citations"].after == ""
    assert done.causes == ()


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"model": "other"}, Change("model", "none", "other")),
        ({"calibration": "c1"}, Change("calibration", "c0", "c1")),
        ({"ranking": "r1"}, Change("ranking", "r0", "r1")),
        (
            {"composer_fingerprint": "extractive:1"},
            Change("composer", "extractive:0", "extractive:1"),
        ),
        ({"threshold": 0.5}, Change("threshold", "0.22", "0.5")),
    ],
)
def test_another_assistant_is_a_cause(changed: dict[str, object], cause: Change) -> None:
    other = replace(OnePaper().info(), **changed)  # type: ignore[arg-type]
    done = _replayed(receipt(asked_at=ASKED), lambda _: Later(other))
    assert done.is_same
    assert done.causes == (cause,)


def test_other_settings_and_another_program_are_causes() -> None:
    kept = receipt(asked_at=ASKED)
    kept = replace(kept, fingerprints=replace(kept.fingerprints, program="0.0.1"))
    settings = Settings(data_dir=Path(), cache_dir=Path(), answer=AnswerSettings(quotes=2))
    done = _replayed(kept, settings=settings)
    assert [(cause.what, cause.before) for cause in done.causes] == [("program", "0.0.1"), ("quotes", "6")]


@pytest.mark.parametrize(
    ("papers", "cause"),
    [
        ({"qing": (_version(1, BEFORE), _version(2, AFTER))}, "paper qing (cited)|version 1|version 2"),
        ({}, "paper qing (cited)|stored|removed"),
        ({"qing": (_version(1, AFTER),)}, "paper qing (cited)|another paper|added"),
        ({"qing": (_version(1, BEFORE),), "lu": (_version(1, AFTER),)}, "paper lu|absent|added"),
        ({"qing": (_version(1, BEFORE),)}, "papers|others|none"),
    ],
)
def test_papers_that_changed_are_named(papers: dict[str, tuple[Version, ...]], cause: str) -> None:
    other = replace(OnePaper().info(), corpus_hash="ff", generation=7)
    done = _replayed(receipt(asked_at=ASKED), lambda _: Later(other), papers=papers)
    (found,) = done.causes
    what, before, after = cause.split("|")
    assert found.what == what
    assert found.before.startswith(before)
    assert found.after.startswith(after)


def test_the_date_alone_is_told_apart() -> None:
    def on(day: date) -> OnePaper:
        return OnePaper() if day == TODAY else Later(instead="今天天气？")

    done = _replayed(receipt(asked_at=ASKED), on, today=date(2029, 1, 1))
    assert done.is_same
    assert Change("outcome", "answered", "refused") in done.today
    assert _replayed(receipt(asked_at=ASKED), today=date(2029, 1, 1)).today == ()


def test_a_question_limited_to_a_paper_that_is_gone_cannot_be_asked() -> None:
    kept = replace(receipt(asked_at=ASKED), filters=Filters(documents=["lu"]))
    done = _replayed(kept)
    assert done.reply is None
    assert not done.is_same
    assert "lu" in done.differences[0].after


def test_a_question_longer_than_is_allowed_today_is_asked_all_the_same() -> None:
    kept = receipt("奖" * 1999, asked_at=ASKED)
    assert _replayed(kept).is_same


@pytest.fixture
def silent(settings: Settings) -> Iterator[Records]:
    with open_records(settings.service_url, lock_dir=None, keep_texts=False) as opened:
        yield opened


def test_without_texts_places_and_outcome_are_compared(silent: Records) -> None:
    said = (Turn(role="user", content="你好"),)
    silent.store_answer(kept := receipt("我叫张三，奖多少？", history=said), None)
    found = silent.receipts.get(kept.id)
    with pytest.raises(NothingToDo, match=r"--question.*--history"):
        texts_of(found, silent.receipts, question=None, histories=())
    others: tuple[tuple[str, tuple[Turn, ...]], ...] = (("奖多少？", said), (kept.question, ()))
    for question, history in others:
        with pytest.raises(OtherQuestion, match="--history"):
            texts_of(found, silent.receipts, question=question, histories=[history])
    question, history = texts_of(found, silent.receipts, question=kept.question, histories=[(), said])
    for assistant, is_same in ((OnePaper(), True), (Later(instead="今天天气？"), False)):
        done = replay_receipt(
            found,
            question=question,
            history=history,
            open_on=partial(_same, assistant),
            settings=Settings(data_dir=Path(), cache_dir=Path()),
            papers={},
            today=TODAY,
        )
        assert done.is_same is is_same
        assert "text" not in {change.what for change in done.differences}


def test_kept_texts_are_asked_and_others_refused(records: Records) -> None:
    records.store_answer(kept := receipt(), None)
    assert texts_of(kept, records.receipts, question=None, histories=()) == (kept.question, ())
    assert texts_of(kept, records.receipts, question=kept.question, histories=()) == (kept.question, ())
    with pytest.raises(OtherQuestion):
        texts_of(kept, records.receipts, question="别的", histories=())


def _shown(kept: Receipt, done: Replayed) -> str:
    console = Console(record=True, width=1000, markup=False, file=io.StringIO())
    show_replay(console, kept, done)
    return console.export_text()


def test_a_reader_is_told_what_and_why() -> None:
    kept = receipt("首次\x1b[31m获批？", asked_at=ASKED)
    same = _shown(kept, _replayed(kept))
    assert same.startswith("same\n")
    assert "\x1b" not in same
    other = replace(OnePaper().info(), model="other")
    changed = _shown(kept, _replayed(kept, lambda _: Later(other, instead="今天天气？")))
    assert changed.startswith("changed\n")
    assert "because of one or more of these:\n  model\n    before  none\n    after   other\n" in changed
    assert "another machine" in _shown(kept, _replayed(kept, lambda _: Later(instead="今天天气？")))
    assert "although" in _shown(kept, _replayed(kept, lambda _: Later(other)))
    dated = _replayed(
        kept,
        lambda day: OnePaper() if day == TODAY else Later(instead="今天天气？"),
        today=date(2029, 1, 1),
    )
    assert "no other reason than the date" in _shown(kept, dated)


def test_a_program_is_told_all_of_it() -> None:
    kept = receipt(asked_at=ASKED)
    done = _replayed(kept, lambda _: Later(instead="今天天气？"))
    report = report_of(kept, done)
    assert (report.id, report.same, report.question) == (kept.id, False, kept.question)
    assert report.before == kept.reply
    assert report.after == done.reply
    assert [change.what for change in report.differences] == [change.what for change in done.differences]
    assert report.fingerprints["today"] == TODAY.isoformat()
    assert type(report).model_validate_json(report.model_dump_json()) == report
