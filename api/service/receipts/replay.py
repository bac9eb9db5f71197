"""Asks the question of a receipt again, and reports whether the reply is the same, or what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from api.errors import ApiError, NothingToDo, RequestFault
from api.records.receipts import Fingerprints, Receipt, Receipts, fingerprints_of
from api.records.texts import without_texts
from api.service.answers import questions
from api.settings import Settings
from api.wire.question_schemas import AskRequest, Turn
from api.wire.reply_schemas import AskResponse, FactTable
from corpus.store.papers import Version
from rag.assistant import Assistant

# Versions of every stored paper, oldest first, by id.
Papers = Mapping[str, tuple[Version, ...]]


class OtherQuestion(ApiError):
    """The receipt is of another question than the given one."""


@dataclass(frozen=True, slots=True)
class Change:
    """A value that differs between the time of the answer and today."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """The result of asking again on the day of the receipt, and, where that gave the same, today."""

    reply: AskResponse | None  # None when the question can no longer be asked
    differences: tuple[Change, ...]  # between the replies
    causes: tuple[Change, ...]  # other things that have changed
    today: tuple[Change, ...]  # how today's reply differs, because of the date alone

    @property
    def is_same(self) -> bool:
        return not self.differences


def replay_receipt(
    receipt: Receipt,
    *,
    question: str,
    history: Sequence[Turn],
    open_on: Callable[[date], Assistant],
    settings: Settings,
    papers: Papers,
    today: date,
) -> Replayed:
    """Asks again. `open_on` opens the assistant as it would be on a day; question and history are those of
    the receipt or, where it keeps no texts, come from the caller.
    """
    then = receipt.fingerprints
    request = AskRequest(question=question, history=list(history), filters=receipt.filters, as_of=then.as_of)
    assistant = open_on(then.today)
    now = fingerprints_of(assistant.info(), settings, today=then.today, as_of=then.as_of)
    causes = (*_papers_changed(receipt, now, papers), *_fingerprints_changed(then, now))
    try:
        reply = _asked(request, assistant)
    except RequestFault as error:
        return Replayed(None, (Change("question", "could be asked", str(error)),), causes, ())
    differences = _differences(receipt, reply)
    later: tuple[Change, ...] = ()
    if not differences and today != then.today:
        later = _differences(receipt, _asked(request, open_on(today)))
    return Replayed(reply, differences, causes, later)


def texts_of(
    receipt: Receipt, receipts: Receipts, *, question: str | None, histories: Sequence[tuple[Turn, ...]]
) -> tuple[str, tuple[Turn, ...]]:
    """Question and history of a receipt: its own or, where it keeps none, the given ones.

    Of several histories the one that was used is taken. Raises NothingToDo without any, and OtherQuestion for
    texts that do not match the receipt.
    """
    if question is None:
        if not receipt.texts_kept:
            raise NothingToDo(
                f"the receipt {receipt.id!r} keeps no texts. Give the question with --question"
                + (", and the earlier messages with --history" if receipt.had_history else "")
            )
        return receipt.question, receipt.history
    asked = AskRequest(question=question).question  # cleaned as the original request was
    for history in histories or (receipt.history,):
        if receipts.matches(receipt.id, question=asked, history=history):
            return asked, history
    raise OtherQuestion(
        f"the receipt {receipt.id!r} is not of this question"
        + (" after this history. Give the earlier messages with --history" if receipt.had_history else "")
    )


def _asked(request: AskRequest, assistant: Assistant) -> AskResponse:
    # An auditor may ask again even if a limit was lowered since.
    longest = len(request.question)
    return questions.ask(request, assistant=assistant, longest=longest)


def _differences(receipt: Receipt, after: AskResponse) -> tuple[Change, ...]:
    """The differences between the replies. Scores and confidence may differ in the last digit by machine."""
    before = receipt.reply
    if not receipt.texts_kept:
        after = without_texts(after)
    pairs = [
        ("outcome", before.outcome, after.outcome),
        ("language", before.language, after.language),
        ("reason", _reason(before), _reason(after)),
        ("rewritten question", before.rewritten, after.rewritten),
        ("text", before.text, after.text),
        ("citations", _citations(before), _citations(after)),
        ("table", _table(before.table), _table(after.table)),
        ("card", _table(before.card), _table(after.card)),
        ("nearest clauses", _nearest(before), _nearest(after)),
        ("warnings", ", ".join(before.warnings), ", ".join(after.warnings)),
        ("hits", _hits(before), _hits(after)),
    ]
    return tuple(Change(what, was, is_) for what, was, is_ in pairs if was != is_)


def _reason(reply: AskResponse) -> str:
    return reply.refusal.reason if reply.refusal else ""


def _citations(reply: AskResponse) -> str:
    return _lines(
        f"{_clause(c.document_id, c.path)} {c.start}-{c.end} ({c.status}) {c.quote}".rstrip()
        for c in reply.citations
    )


def _table(table: FactTable | None) -> str:
    if table is None:
        return ""
    rows = (
        f"{row.id} {row.cited.start}-{row.cited.end} {' | '.join(cell.text for cell in row.cells)}".rstrip()
        for row in table.rows
    )
    return _lines((*rows, *table.without))


def _nearest(reply: AskResponse) -> str:
    nearest = reply.refusal.nearest if reply.refusal else []
    return _lines(_clause(cited.document_id, cited.path) for cited in nearest)


def _hits(reply: AskResponse) -> str:
    return _lines(_clause(hit.document_id, hit.path) for hit in reply.hits)


def _clause(document_id: str, path: Sequence[str]) -> str:
    return f"{document_id} {'/'.join(path)}"


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(parts)


def _papers_changed(receipt: Receipt, now: Fingerprints, papers: Papers) -> tuple[Change, ...]:
    """Papers that were added, replaced or removed since the answer; those that it cites are marked."""
    if receipt.fingerprints.corpus_hash == now.corpus_hash:
        return ()
    cited = {citation.document_id for citation in receipt.reply.citations}
    found = {hit.document_id for hit in receipt.reply.hits} | cited
    changes = []
    for document_id in sorted(found | set(papers)):
        versions = papers.get(document_id, ())
        what = f"paper {document_id}" + (" (cited)" if document_id in cited else "")
        if not versions:
            changes.append(Change(what, "stored", "removed"))
        elif versions[0].added_at > receipt.asked_at:
            # The earlier paper of this id was removed and another one added in between.
            was = "another paper of this id" if document_id in found else "absent"
            changes.append(Change(what, was, f"added {_day(versions[0].added_at)}"))
        elif versions[-1].added_at > receipt.asked_at:
            then = [version for version in versions if version.added_at <= receipt.asked_at][-1]
            changes.append(Change(what, _version(then), _version(versions[-1])))
    if not changes:
        changes.append(Change("papers", "others were in the index", "none of those stored now is newer"))
    return tuple(changes)


def _version(version: Version) -> str:
    return f"version {version.version} ({version.name}, {_day(version.added_at)})"


def _day(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


# Covered by other entries of the list of causes: papers are listed one by one, and the number of the index
# alone explains nothing.
_EXPLAINED = frozenset({"corpus_hash", "generation", "today"})


def _fingerprints_changed(before: Fingerprints, now: Fingerprints) -> tuple[Change, ...]:
    return tuple(
        Change(field.name.replace("_", " "), str(was), str(is_))
        for field in fields(Fingerprints)
        if field.name not in _EXPLAINED
        and (was := getattr(before, field.name)) != (is_ := getattr(now, field.name))
    )
