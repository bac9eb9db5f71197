"""Answers from the five papers, replayed from their receipts after what can happen to a service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from api.access.principals import Visitor
from api.records import Records, open_records
from api.service.answers.answer_service import AnswerService, Snapshot
from api.service.receipts.replay import Replayed, replay_receipt
from api.settings import Settings
from api.wire.question_schemas import AskRequest, Filters
from api.wire.reply_schemas import AskResponse
from corpus.progress import Progress
from corpus.store.papers import Store
from index.model import Embedder
from rag.assemble import Opener, ingest
from rag.settings import AnswerSettings, SearchSettings
from rag.settings import Settings as CoreSettings
from rag.stored_papers import open_store

TODAY = date(2026, 3, 1)
_MUCH_LATER = date(2045, 1, 1)
_DOCUMENTS = Path(__file__).parents[2] / "corpus" / "documents"
CALLER = Visitor(site="", holder="0123456789abcdef")
QUESTIONS = (
    "湖南对医药产业有哪些奖励？",
    "广东有什么支持措施？",
    "浙江和湖北的资金支持分别是多少？",
    "今天天气怎么样？",
    "你好",
    "",
    "What does Hunan offer?",
)


@dataclass(frozen=True)
class Service:
    """A service over papers of its own, so that they can be replaced."""

    settings: Settings
    records: Records
    embedder: Embedder

    def opener(self, settings: Settings | None = None) -> Opener:
        return Opener(settings or self.settings, embedder=lambda _, __: self.embedder)

    def ask(self, *requests: AskRequest) -> list[AskResponse]:
        snapshot = Snapshot(assistant=self.opener().open(today=TODAY), today=TODAY)
        service = AnswerService(snapshot=snapshot, records=self.records, settings=self.settings)
        return [service.ask(request, principal=CALLER, channel="ask") for request in requests]

    def replay(
        self, reply: AskResponse, *, settings: Settings | None = None, today: date = TODAY
    ) -> Replayed:
        settings = settings or self.settings
        opener = self.opener(settings)
        receipt = self.records.receipts.get(reply.id)
        with open_store(settings) as store:
            papers = {document_id: store.versions(document_id) for document_id in store.in_use()}
        return replay_receipt(
            receipt,
            question=receipt.question,
            history=receipt.history,
            open_on=lambda day: opener.open(today=day),
            settings=settings,
            papers=papers,
            today=today,
        )

    def ingest(self, *paths: Path) -> None:
        def tiny(_: CoreSettings, __: Progress | None) -> Embedder:
            return self.embedder

        ingest(self.settings, paths, embedder=tiny)


@pytest.fixture
def service(data_dir: Path, tiny_embedder: Embedder) -> Iterator[Service]:
    settings = Settings(data_dir=data_dir, cache_dir=data_dir, answer=AnswerSettings(reader=False))
    with open_records(settings.service_url, lock_dir=data_dir) as records:
        yield Service(settings, records, tiny_embedder)


def test_every_answer_replays_as_it_was(service: Service) -> None:
    conversation = service.records.conversations.start(holder=CALLER.holder, site="").id
    alone = [AskRequest(question=question) for question in QUESTIONS]
    limited = AskRequest(question="有什么支持措施？", filters=Filters(documents=["yiyang"]))
    dialogue = [
        AskRequest(question=question, conversation=conversation)
        for question in ("湖南对医药产业有哪些奖励？", "湖北呢？", "由谁负责？")
    ]
    for reply in service.ask(*alone, limited, *dialogue):
        replayed = service.replay(reply)
        assert (replayed.differences, replayed.causes) == ((), ())
        assert replayed.reply is not None
        assert replayed.reply.text == reply.text
    last = service.records.receipts.get(reply.id)
    assert [turn.content for turn in last.history if turn.role == "user"] == [
        request.question for request in dialogue[:2]
    ]


def test_a_cited_paper_that_was_replaced_is_named(service: Service, tmp_path: Path) -> None:
    hunan, guangdong = service.ask(
        AskRequest(question="湖南对医药产业有哪些奖励？", filters=Filters(documents=["hunan"])),
        AskRequest(question="广东有什么支持措施？", filters=Filters(documents=["guangdong"])),
    )
    (original,) = _DOCUMENTS.glob("hunan.*")
    changed = tmp_path / original.name
    text = original.read_text("utf-8")
    assert "500万元" in hunan.citations[0].quote
    changed.write_text(text.replace("500万元", "600万元"), "utf-8")
    service.ingest(changed)
    replayed = service.replay(hunan)
    assert not replayed.is_same
    assert {"text", "citations"} <= {change.what for change in replayed.differences}
    (cause,) = replayed.causes
    assert cause.what == "paper hunan (cited)"
    assert cause.before.startswith("version 1 (")
    assert cause.after.startswith("version 2 (")
    (elsewhere,) = service.replay(guangdong).causes
    assert elsewhere.what == "paper hunan"


def test_a_cited_paper_that_was_removed_is_named(service: Service) -> None:
    open_question, limited = service.ask(
        AskRequest(question="湖南对医药产业有哪些奖励？"),
        AskRequest(question="有哪些奖励？", filters=Filters(documents=["hunan"])),
    )
    with Store(service.settings.store_url) as store:
        store.remove("hunan")
    service.ingest()
    replayed = service.replay(open_question)
    assert not replayed.is_same
    assert [cause.what for cause in replayed.causes] == ["paper hunan (cited)"]
    assert replayed.causes[0].after == "removed"
    cannot = service.replay(limited)
    assert cannot.reply is None
    assert not cannot.is_same


def test_the_day_alone_is_told_apart(service: Service) -> None:
    (reply,) = service.ask(AskRequest(question="湖南对医药产业有哪些奖励？"))
    replayed = service.replay(reply, today=_MUCH_LATER)
    assert replayed.is_same
    assert replayed.today != ()
    assert replayed.causes == ()


@pytest.mark.parametrize(
    "request_",
    [
        AskRequest(question="湖南对医药产业有哪些奖励？", as_of=date(2026, 2, 20)),
        AskRequest(question="湖南对医药产业有哪些奖励？", as_of=date(2019, 1, 1)),
        AskRequest(question="按2032年的规定，湖南对医药产业有哪些奖励？"),
    ],
)
def test_an_answer_for_another_day_replays_whatever_the_day(service: Service, request_: AskRequest) -> None:
    (reply,) = service.ask(request_)
    assert reply.as_of == request_.as_of or date(2032, 12, 31)
    replayed = service.replay(reply)
    assert (replayed.differences, replayed.causes, replayed.today) == ((), (), ())
    assert replayed.reply is not None
    assert (replayed.reply.text, replayed.reply.as_of) == (reply.text, reply.as_of)
    assert service.records.receipts.get(reply.id).fingerprints.as_of == request_.as_of


def test_last_year_is_that_of_the_receipt(service: Service) -> None:
    (reply,) = service.ask(AskRequest(question="前年的时候，益阳对医药产业有什么支持？"))
    assert reply.as_of == date(2024, 12, 31)
    assert service.replay(reply, today=_MUCH_LATER).is_same


def test_other_settings_are_named(service: Service) -> None:
    (reply,) = service.ask(AskRequest(question="湖南对首次获批的创新药奖补多少？"))
    settings = service.settings.model_copy(
        update={
            "answer": AnswerSettings(threshold=1.0, nearest=1, reader=False),
            "search": SearchSettings(dense_weight=0.0),
        }
    )
    replayed = service.replay(reply, settings=settings)
    assert not replayed.is_same
    assert replayed.differences[0].what == "outcome"
    # The threshold is a part of the calibration.
    assert [cause.what for cause in replayed.causes] == [
        "calibration",
        "threshold",
        "nearest",
        "dense weight",
    ]
