"""Answers questions with the assistant in use, and stores a receipt of every answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import TypeVar

from api.access.principals import Principal
from api.errors import Busy
from api.records import Records
from api.records.receipts import receipt_of
from api.service.answers import questions
from api.service.answers.events import Done, Event, Found, Part, Working
from api.settings import Settings
from api.web import metrics
from api.wire import question_schemas, replies, reply_schemas
from corpus.errors import DamagedDocument
from rag.answer import stream as core
from rag.assistant import Assistant
from rag.model import Sentence
from rag.suggest.suggestions import opening, opening_papers

T = TypeVar("T")

log = logging.getLogger("zhengwen.papers")

_OPENING = 4  # suggested first questions
_TRIED = 12  # candidates tried, to suggest only questions that are answered


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state that answers are made from between two changes of the papers. An answer ends with the state
    it began with.
    """

    assistant: Assistant
    today: date  # the day for which the statuses of the papers hold

    @property
    def generation(self) -> int:
        """Generation number of the index in use."""
        return self.assistant.info().generation


class AnswerService:
    """Answers for every endpoint. Thread-safe."""

    def __init__(self, *, snapshot: Snapshot, records: Records, settings: Settings) -> None:
        # As it was opened, and the papers that were withdrawn since: `_snapshot` is without them.
        self._whole, self._gone = snapshot, frozenset[str]()
        self._snapshot = snapshot
        self._changing = Lock()
        self._openings: tuple[Snapshot, list[str]] | None = None
        self.records = records
        self._settings = settings
        # Since when stored papers are newer than those in use (time.monotonic()); set by the reloader.
        self.behind_since: float | None = None
        self._tell()

    @property
    def assistant(self) -> Assistant:
        """The assistant in use; a request must take it once and use it to its end."""
        return self._snapshot.assistant

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    def replace(self, snapshot: Snapshot) -> None:
        """Replaces the papers for later answers. Answers in progress end with the earlier ones."""
        with self._changing:
            self._use(snapshot, frozenset())
        self._tell()

    def _use(self, whole: Snapshot, gone: frozenset[str]) -> None:
        self._whole, self._gone = whole, gone
        self._snapshot = replace(whole, assistant=whole.assistant.without(gone)) if gone else whole

    def _leave_out_withdrawn(self) -> None:
        """Answers from now on without papers that are gone, and with those that are back.

        Searches leave them out by themselves; facts and lists come from what was read before. Takes a look at
        the database where several servers share it. Raises IndexFault.
        """
        whole = self._whole
        gone = whole.assistant.gone()
        if gone != self._gone:
            with self._changing:
                if self._whole is whole:
                    self._use(whole, gone)

    @property
    def behind_s(self) -> float:
        """Seconds for which stored papers have been newer than those in use; 0 when they are the same."""
        return 0.0 if self.behind_since is None else time.monotonic() - self.behind_since

    def with_sound_papers(self, work: Callable[[], T]) -> T:
        """Returns the result of `work`; when it meets damaged papers, tries again without them.

        Papers that were withdrawn are left out from the moment in which that is stored.

        `work` must take the assistant in use when it begins. Raises DamagedDocument for work that needs one
        of them by name.
        """
        while True:
            self._leave_out_withdrawn()
            snapshot = self._snapshot
            try:
                return work()
            except DamagedDocument as error:
                self._leave_out(error, snapshot)

    def _leave_out(self, error: DamagedDocument, snapshot: Snapshot) -> None:
        """Answers from now on without the damaged papers. Raises the error if it does so already."""
        assistant = snapshot.assistant
        if set(error.document_ids) <= set(assistant.catalogue.damaged):
            raise error
        log.error("the other papers are in use: %s", error)
        with self._changing:
            if self._snapshot is snapshot:  # else another thread found the same, or other papers are in use
                sound = self._whole.assistant.without_damaged(error.document_ids)
                self._use(replace(self._whole, assistant=sound), self._gone)

    def ask(
        self, request: question_schemas.AskRequest, *, principal: Principal, channel: str
    ) -> reply_schemas.AskResponse:
        """The reply, as at the end of `stream`."""
        for event in self.stream(request, principal=principal, channel=channel):
            if isinstance(event, Found):
                return event.reply
        raise AssertionError("a stream ends only after the reply is found")

    def stream(
        self, request: question_schemas.AskRequest, *, principal: Principal, channel: str
    ) -> Generator[Event]:
        """The reply step by step; its receipt is on the disk before any of it is sent.

        Raises RequestFault for what the settings do not allow, UnknownConversation, and errors of the core.
        Closing the iterator stops the work after the step in progress.
        """
        asked = self._with_history(request, principal)
        while True:
            self._leave_out_withdrawn()
            snapshot = self._snapshot
            try:
                yield from self._streamed(snapshot, asked, principal=principal, channel=channel)
                return
            except DamagedDocument as error:  # nothing but Working was sent: papers are read before the reply
                self._leave_out(error, snapshot)

    def _streamed(
        self, snapshot: Snapshot, asked: question_schemas.AskRequest, *, principal: Principal, channel: str
    ) -> Generator[Event]:
        question = questions.question(
            asked, assistant=snapshot.assistant, longest=self._settings.server.max_question_chars
        )
        reply: reply_schemas.AskResponse | None = None
        until = time.monotonic() + self._settings.server.timeout_s
        for event in snapshot.assistant.stream(question):
            match event:
                case core.Working() | Sentence():
                    # Nothing is sent before the receipt is on the disk: sentences wait for the whole reply.
                    if time.monotonic() > until:
                        raise Busy("the answer takes too long. Ask for less at once", retry_after_s=1)
                    yield Working()
                case core.Decided(decided):
                    reply = replies.reply_on_wire(decided, catalogue=snapshot.assistant.catalogue)
                    self._store_receipt(snapshot, asked, reply, principal=principal, channel=channel)
                    yield Found(reply)
                case core.Part(text):
                    yield Part(text)
                case core.Done():
                    assert reply is not None
                    yield Done(reply)

    def search(self, request: question_schemas.SearchRequest) -> reply_schemas.SearchResponse:
        """The clauses that match best."""
        longest = self._settings.server.max_question_chars
        return self.with_sound_papers(
            lambda: questions.search(request, assistant=self.assistant, longest=longest)
        )

    def _tell(self) -> None:
        info = self._snapshot.assistant.info()
        metrics.GENERATION.set(info.generation)
        metrics.DOCUMENTS.set(info.documents)

    def first_questions(self) -> list[str]:
        """Suggested first questions, each of which is answered."""
        return self.with_sound_papers(self._first_questions)

    def _first_questions(self) -> list[str]:
        snapshot = self._snapshot
        if self._openings is None or self._openings[0] is not snapshot:
            self._openings = snapshot, _answered(snapshot.assistant)
        return self._openings[1]

    def _with_history(
        self, request: question_schemas.AskRequest, principal: Principal
    ) -> question_schemas.AskRequest:
        if request.conversation is None:
            return request
        kept = self.records.conversations.get(
            request.conversation, holder=principal.holder, most=question_schemas.MAX_HISTORY // 2
        )
        history = []
        for turn in kept.turns:
            # Stored messages may be longer than what a client may send.
            question, answer = (
                turn.question[: question_schemas.MAX_TURN],
                turn.reply.text[: question_schemas.MAX_TURN],
            )
            history.append(question_schemas.Turn(role="user", content=question))
            history.append(question_schemas.Turn(role="assistant", content=answer))
        return request.model_copy(update={"history": history})

    def _store_receipt(
        self,
        snapshot: Snapshot,
        request: question_schemas.AskRequest,
        reply: reply_schemas.AskResponse,
        *,
        principal: Principal,
        channel: str,
    ) -> None:
        receipt = receipt_of(
            request,
            reply,
            holder=principal.holder,
            site=principal.site,
            channel=channel,
            info=snapshot.assistant.info(),
            settings=self._settings,
            today=snapshot.today,
        )
        self.records.store_answer(receipt, request.conversation)
        metrics.ANSWERS.labels(channel, reply.outcome).inc()
        metrics.ANSWER_SECONDS.observe(reply.timings_ms["total"] / 1000)


def _answered(assistant: Assistant) -> list[str]:
    catalogue = assistant.catalogue
    candidates = opening(opening_papers(catalogue), catalogue.statuses, most=_TRIED)
    return [question for question in candidates if questions.is_answered(question, assistant)][:_OPENING]
