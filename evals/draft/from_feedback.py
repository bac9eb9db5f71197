"""Turns users' thumbs down into candidate cases of a test set, with the known fields filled in.

No person has reviewed such a case. Every line therefore has the key `candidate`, which lists the fields to
fill in and the choices; a set with that key is rejected (`evals.run.cases`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from corpus.model import Document
from corpus.progress import Progress
from evals.draft.feedback import CitedClause, Feedback
from evals.draft.proposals import SPLIT
from evals.measures.matching import normal
from evals.run.cases import CANDIDATE
from rag.model import Question, Refusal, Reply, Turn

Ask = Callable[[Question], Reply]
Keys = dict[str, object]

_TYPE = "feedback"
_DIFFICULTY = "paraphrase"  # users do not use the words of the papers
_CHOICES = 5  # clauses to choose evidence from
_COMMENTS = 20  # different comments that are included
_ID_DIGITS = 10
_MARKS = "？?。.！!，, "


@dataclass(frozen=True, slots=True)
class Complaint:
    """A question with a thumb down from one or more users."""

    records: tuple[Feedback, ...]  # in order of the file, never empty

    @property
    def reason(self) -> str:
        """Returns the most frequent reason; the first of equals; "other" without any."""
        given = Counter(record.reason for record in self.records if record.reason)
        return given.most_common(1)[0][0] if given else "other"

    @property
    def record(self) -> Feedback:
        """Returns the last record with that reason, as its reply is the most recent."""
        fitting = [record for record in self.records if record.reason == self.reason]
        return (fitting or list(self.records))[-1]


def complaints(records: Iterable[Feedback]) -> list[Complaint]:
    """Groups thumbs down by question and earlier turns, in order of first appearance."""
    groups: dict[tuple[str, ...], list[Feedback]] = {}
    for record in records:
        if record.verdict == "down":
            groups.setdefault(_key(record), []).append(record)
    return [Complaint(tuple(group)) for group in groups.values()]


def candidates(
    records: Iterable[Feedback],
    ask: Ask,
    *,
    documents: Iterable[Document],
    progress: Progress | None = None,
) -> list[Keys]:
    """Returns a candidate for every complaint, as the keys of its line.

    `ask` is called where the rated reply does not show which clauses are right; the clauses it finds are
    offered as choices. `documents` are the stored papers.
    """
    papers = {document.id: document for document in documents}
    found = complaints(records)
    lines = []
    for done, complaint in enumerate(found, start=1):
        lines.append(_candidate(complaint, ask, papers))
        if progress is not None:
            progress(done, len(found), "asking again")
    return lines


def _candidate(complaint: Complaint, ask: Ask, papers: Mapping[str, Document]) -> Keys:
    record = complaint.record
    seed = "\n".join(_key(record))
    head: Keys = {"id": f"feedback-{hashlib.sha256(seed.encode()).hexdigest()[:_ID_DIGITS]}", "split": SPLIT}
    if complaint.reason == "should_refuse":
        asked = record.reply.rewritten or record.question
        return head | {
            "type": _TYPE,
            "question": asked,
            "expect": "refuse",
            CANDIDATE: _review(complaint, [], []),
        }
    right = _still_right(record.reply.citations, papers) if complaint.reason == "incomplete" else []
    reply = None if right else ask(_question(record))
    if record.asked_before:
        case, open_places = _dialogue(record, right)
    elif len({c.document_id for c in right}) > 1 or (reply is not None and _papers(reply) > 1):
        case, open_places = _cross(record, right)
    else:
        case, open_places = _single(record, right)
    choices = [] if reply is None else _choices(reply)
    return head | case | {CANDIDATE: _review(complaint, open_places, choices)}


def _single(record: Feedback, right: Sequence[CitedClause]) -> tuple[Keys, list[str]]:
    case: Keys = {
        "type": _TYPE,
        "question": record.question,
        "doc": right[0].document_id if right else "",
        "articles": list(dict.fromkeys(cited.label for cited in right)),
        "quotes": [cited.quote for cited in right],
        "answer_must": [],
        "difficulty": _DIFFICULTY,
    }
    return case, ["answer_must"] if right else ["doc", "articles", "quotes", "answer_must"]


def _cross(record: Feedback, right: Sequence[CitedClause]) -> tuple[Keys, list[str]]:
    case: Keys = {"type": _TYPE, "question": record.question, **_placed(right), "difficulty": _DIFFICULTY}
    return case, ["answer_must"] if right else ["docs", "evidence", "answer_must"]


def _dialogue(record: Feedback, right: Sequence[CitedClause]) -> tuple[Keys, list[str]]:
    """Returns the earlier questions as turns whose answers have yet to be filled in."""
    questions = [*record.asked_before, record.question]
    turns = []
    open_places = []
    for number, question in enumerate(questions, start=1):
        known = right if number == len(questions) else ()
        turns.append(
            {"turn": number, "type": _TYPE, "question": question, **_placed(known), "difficulty": _DIFFICULTY}
        )
        places = ("answer_must",) if known else ("docs", "evidence", "answer_must")
        open_places += [f"turns.{number}.{place}" for place in places]
    return {"turns": turns}, open_places


def _placed(right: Sequence[CitedClause]) -> Keys:
    return {
        "docs": list(dict.fromkeys(cited.document_id for cited in right)),
        "evidence": [{"doc": c.document_id, "article": c.label, "quote": c.quote} for c in right],
        "answer_must": [],
    }


def _review(complaint: Complaint, open_places: Sequence[str], choices: Sequence[Keys]) -> Keys:
    """Returns what a reviewer needs: how often, why, what was answered, and the choices."""
    comments = dict.fromkeys(record.comment for record in complaint.records if record.comment)
    reasons = Counter(record.reason or "none" for record in complaint.records)
    return {
        "to_fill": list(open_places),
        "count": len(complaint.records),
        "reasons": dict(sorted(reasons.items())),
        "comments": list(comments)[:_COMMENTS],
        "last": max(record.time for record in complaint.records).isoformat(),
        "outcome": complaint.record.reply.outcome,
        "answered": complaint.record.reply.text,
        "choices": list(choices),
    }


def _still_right(cited: Iterable[CitedClause], papers: Mapping[str, Document]) -> list[CitedClause]:
    """Returns the citations that still occur verbatim in the stored papers."""
    return [
        c for c in cited if c.document_id in papers and papers[c.document_id].text[c.start : c.end] == c.quote
    ]


def _question(record: Feedback) -> Question:
    return Question(record.question, tuple(Turn(turn.role, turn.content) for turn in record.history))


def _papers(reply: Reply) -> int:
    """Returns the number of papers that the reply cites."""
    result = reply.result
    cited = [] if isinstance(result, Refusal) else [marked.citation for marked in result.citations]
    return len({citation.document.id for citation in cited})


def _choices(reply: Reply) -> list[Keys]:
    return [
        {"doc": passage.document.id, "article": passage.clause.label, "quote": passage.text}
        for passage in reply.result.passages[:_CHOICES]
    ]


def _key(record: Feedback) -> tuple[str, ...]:
    return tuple(normal(words).strip(_MARKS) for words in chain(record.asked_before, [record.question]))
