"""From users' thumbs down to candidates, on the five papers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from evals_oracle import papers_by_id

from evals.draft.feedback import MAX_LINE, Feedback, read_feedback
from evals.draft.file import write_lines
from evals.draft.from_feedback import Keys, candidates
from evals.errors import FeedbackFault, SetFault
from evals.run.cases import load_sets
from rag.model import Answer, Citation, Language, Marked, Outcome, Passage, Question, Reply

WORDS = "给予不超过100万元一次性奖补"
TIME = "2026-11-01T10:00:00+08:00"


def _cited(document: str, label: str, words: str) -> dict[str, object]:
    """Returns a citation as `POST /v1/ask` does."""
    start = papers_by_id()[document].text.index(words)
    end = start + len(words)
    place = {"document_id": document, "label": label, "quote": words, "start": start, "end": end}
    return place | {"title": "…", "path": [label], "answer_span": None}


def _record(question: str = "湖南的新原料奖多少？", **keys: object) -> dict[str, object]:
    reply = {"id": "x", "outcome": "answered", "text": "…", "citations": [], "hits": [], "timings_ms": {}}
    return {"question": question, "verdict": "down", "reply": reply, "time": TIME} | keys


def _with(*citations: dict[str, object], **keys: object) -> dict[str, object]:
    return {"id": "x", "outcome": "answered", "text": "…", "citations": list(citations)} | keys


class Assistant:
    """Answers with the given clauses, and records the questions."""

    def __init__(self, *places: tuple[str, str]) -> None:
        self.places = places or (("hunan", "（四）"), ("hunan", "（一）"))
        self.cites = 1
        self.asked: list[Question] = []

    def ask(self, question: Question) -> Reply:
        self.asked.append(question)
        passages = []
        for document_id, label in self.places:
            document = papers_by_id()[document_id]
            clause = next(clause for clause in document.clauses if clause.label == label)
            passages.append(Passage(document, clause, 1.0, 1.0, 1.0, 1, 1, clause.span))
        marked = tuple(
            Marked(Citation.of(p.document, p.clause, p.clause.span, status=p.document.head.status))
            for p in passages[: self.cites]
        )
        answer = Answer("…", marked, Outcome.ANSWERED, Language.CHINESE, tuple(passages), 1.0)
        return Reply(question, answer)


@pytest.fixture
def assistant() -> Assistant:
    return Assistant()


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def write(*records: object) -> Path:
        path = tmp_path / "feedback.jsonl"
        path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
        return path

    return write


def _lines(path: Path, assistant: Assistant) -> list[Keys]:
    return candidates(read_feedback(path), assistant.ask, documents=papers_by_id().values())


def test_only_thumbs_down_become_candidates(file: Callable[..., Path], assistant: Assistant) -> None:
    lines = _lines(file(_record(verdict="up"), _record("益阳的呢？")), assistant)
    assert [line["question"] for line in lines] == ["益阳的呢？"]


def test_the_same_question_is_one_candidate_with_a_count(
    file: Callable[..., Path], assistant: Assistant
) -> None:
    path = file(
        _record("湖南的新原料奖多少？", reason="wrong", comment="不对"),
        _record("湖南 的新原料奖多少?", reason="outdated", comment="不对"),
        _record("湖南的新原料奖多少", reason="outdated", comment="旧的", time="2026-11-05T10:00:00+08:00"),
    )
    (line,) = _lines(path, assistant)
    review = line["candidate"]
    assert isinstance(review, dict)
    assert review["count"] == 3
    assert review["reasons"] == {"outdated": 2, "wrong": 1}
    assert review["comments"] == ["不对", "旧的"]
    assert review["last"] == "2026-11-05T10:00:00+08:00"


def test_a_question_after_other_turns_is_another_question(
    file: Callable[..., Path], assistant: Assistant
) -> None:
    before = [{"role": "user", "content": "湖北呢？"}, {"role": "assistant", "content": "…"}]
    lines = _lines(file(_record("那第三类呢？"), _record("那第三类呢？", history=before)), assistant)
    assert [set(line) & {"doc", "turns"} for line in lines] == [{"doc"}, {"turns"}]
    turns = lines[1]["turns"]
    assert isinstance(turns, list)
    assert [turn["question"] for turn in turns] == ["湖北呢？", "那第三类呢？"]
    assert [turn.content for turn in assistant.asked[1].history] == ["湖北呢？", "…"]


def test_an_incomplete_answer_keeps_its_clauses_as_evidence(
    file: Callable[..., Path], assistant: Assistant
) -> None:
    reply = _with(_cited("hunan", "（四）", WORDS))
    (line,) = _lines(file(_record(reason="incomplete", reply=reply)), assistant)
    assert (line["doc"], line["articles"], line["quotes"]) == ("hunan", ["（四）"], [WORDS])
    assert assistant.asked == []
    assert _to_fill(line) == ["answer_must"]


def test_clauses_of_several_papers_make_a_question_over_several_papers(
    file: Callable[..., Path], assistant: Assistant
) -> None:
    reply = _with(_cited("hunan", "（四）", WORDS), _cited("hubei", "（一）", "形成标志性产品150个"))
    (line,) = _lines(file(_record(reason="incomplete", reply=reply)), assistant)
    assert line["docs"] == ["hunan", "hubei"]
    evidence = line["evidence"]
    assert isinstance(evidence, list)
    assert [entry["article"] for entry in evidence] == ["（四）", "（一）"]


def test_a_citation_that_no_longer_matches_is_no_evidence(
    file: Callable[..., Path], assistant: Assistant
) -> None:
    moved = _cited("hunan", "（四）", WORDS) | {"start": 3, "end": 3 + len(WORDS)}
    gone = _cited("hunan", "（四）", WORDS) | {"document_id": "gone"}
    (line,) = _lines(file(_record(reason="incomplete", reply=_with(moved, gone))), assistant)
    assert line["quotes"] == []
    assert len(assistant.asked) == 1


@pytest.mark.parametrize("reason", ["wrong", "wrong_document", "outdated", "refused_wrongly", "other", None])
def test_otherwise_what_is_found_today_is_offered_for_choice(
    file: Callable[..., Path], assistant: Assistant, reason: str | None
) -> None:
    reply = _with(_cited("hubei", "（一）", "形成标志性产品150个"))
    (line,) = _lines(file(_record(reason=reason, reply=reply)), assistant)
    assert (line["doc"], line["articles"], line["quotes"]) == ("", [], [])
    assert _to_fill(line) == ["doc", "articles", "quotes", "answer_must"]
    review = line["candidate"]
    assert isinstance(review, dict)
    assert [(c["doc"], c["article"]) for c in review["choices"]] == [("hunan", "（四）"), ("hunan", "（一）")]
    assert all(c["quote"] in papers_by_id()[c["doc"]].text for c in review["choices"])


def test_an_answer_from_several_papers_asks_for_evidence_of_each(file: Callable[..., Path]) -> None:
    assistant = Assistant(("hunan", "（四）"), ("hubei", "（一）"))
    assistant.cites = 2
    (line,) = _lines(file(_record()), assistant)
    assert (line["docs"], line["evidence"]) == ([], [])
    assert _to_fill(line) == ["docs", "evidence", "answer_must"]


def test_what_should_be_refused_is_a_refusal_as_it_was_understood(
    file: Callable[..., Path], assistant: Assistant
) -> None:
    reply = _with(rewritten="湖南明天会下雨吗？")
    (line,) = _lines(file(_record("那明天呢？", reason="should_refuse", reply=reply)), assistant)
    assert (line["question"], line["expect"]) == ("湖南明天会下雨吗？", "refuse")
    assert assistant.asked == []


def _to_fill(line: Keys) -> list[str]:
    review = line["candidate"]
    assert isinstance(review, dict)
    places: list[str] = review["to_fill"]
    return places


def test_a_candidate_is_refused_as_a_case_and_the_line_is_named(
    file: Callable[..., Path], assistant: Assistant, tmp_path: Path
) -> None:
    reply = _with(_cited("hunan", "（四）", WORDS))
    path = file(_record(reason="incomplete", reply=reply), _record("明天下雨吗？", reason="should_refuse"))
    lines = _lines(path, assistant)
    for line, message in zip(lines, ("fill in answer_must, then", "check it and"), strict=True):
        candidate = tmp_path / "candidates.jsonl"
        candidate.write_text(f"\n{json.dumps(line)}", encoding="utf-8")
        with pytest.raises(SetFault, match=rf"candidates\.jsonl:2: .*{message} take out the key 'candidate'"):
            load_sets([candidate])


def test_a_finished_candidate_is_a_case(
    file: Callable[..., Path], assistant: Assistant, tmp_path: Path
) -> None:
    reply = _with(_cited("hunan", "（四）", WORDS))
    path = file(_record(reason="incomplete", reply=reply), _record("明天下雨吗？", reason="should_refuse"))
    single, refusal = _lines(path, assistant)
    del single["candidate"], refusal["candidate"]
    single["answer_must"] = [["100万元"]]
    done = tmp_path / "done.jsonl"
    write_lines(done, [json.dumps(single), json.dumps(refusal)])
    assert [case.items[0].question for case in load_sets([done])] == ["湖南的新原料奖多少？", "明天下雨吗？"]


def test_the_same_feedback_gives_the_same_candidates(file: Callable[..., Path], assistant: Assistant) -> None:
    path = file(_record(), _record("益阳的呢？"))
    first, second = _lines(path, assistant), _lines(path, assistant)
    assert first == second
    assert len({line["id"] for line in first}) == 2


def test_words_of_users_hold_nothing_that_a_terminal_obeys(file: Callable[..., Path]) -> None:
    (record,) = read_feedback(file(_record("奖\x1b[31m多少\u202e？", comment="\x9b2J哈")))
    assert record.question == "奖 [31m多少 ？"
    assert record.comment == "2J哈"


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (_record(verdict="sideways"), "verdict"),
        (_record(reason="dislike"), "reason"),
        (_record("\x1b \x00"), "question"),
        (_record("长" * 2001), "question"),
        (_record(comment="长" * 5001), "comment"),
        (_record(time="2026-11-01T10:00:00"), "time: .*timezone"),
        (_record(remark="…"), "remark"),
        ({"question": "？"}, "verdict: Field required"),
        ([], "object"),
    ],
)
def test_a_faulty_record_is_named_by_file_and_line(
    file: Callable[..., Path], record: object, message: str
) -> None:
    path = file(_record(), record)
    with pytest.raises(FeedbackFault, match=rf"feedback\.jsonl:2: .*{message}.*docs/drafting\.md"):
        read_feedback(path)


def test_a_line_without_end_is_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_bytes(b"\n" + b" " * (MAX_LINE + 1))
    with pytest.raises(FeedbackFault, match=r"long\.jsonl:2: .*1,000,000 bytes"):
        read_feedback(path)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe", b'{"question": "\\ud800"}'])
def test_what_is_no_feedback_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "feedback.jsonl"
    path.write_bytes(content)
    with pytest.raises(FeedbackFault):
        read_feedback(path)
    with pytest.raises(FeedbackFault, match="cannot be read"):
        read_feedback(tmp_path / "missing.jsonl")


def test_a_byte_order_mark_and_blank_lines_are_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(_record()).encode() + b"\r\n\r\n")
    assert read_feedback(path) == [Feedback.model_validate(_record())]
