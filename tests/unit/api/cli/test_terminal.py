"""What a reader sees in a terminal."""

from __future__ import annotations

import io
import json
import logging
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_paper import OnePaper
from rich.cells import cell_len
from rich.console import Console

from api import terminal
from api.cli.setup.configuration import rows
from api.cli.views import changes as views_changes
from api.cli.views import replies as views
from api.settings import Settings
from api.web.log import JsonLines, request_id
from api.wire import examples, papers, replies
from api.wire.changes import ingest_report
from api.wire.document_schemas import DocumentRelations
from corpus.errors import UnreadableDocument
from corpus.facts.in_force import FactAddress, FactCorrection, Words
from corpus.facts.model import FactKind
from corpus.head.paper_head import PaperHead
from corpus.load import load
from corpus.parse import parse
from corpus.report import Failed, Ingested, recognised
from corpus.store.outcomes import Added, Replaced
from rag.assemble import Indexed
from rag.model import Question


def _console(*, terminal_like: bool = False, width: int = 200) -> tuple[Console, io.StringIO]:
    written = io.StringIO()
    return Console(
        file=written, force_terminal=terminal_like, markup=False, highlight=False, soft_wrap=True, width=width
    ), written


@given(text=st.text(max_size=80))
def test_no_text_gets_a_control_character_or_markup_through(text: str) -> None:
    console, written = _console()
    console.print(terminal.plain(f"[bold]{text}"))
    shown = written.getvalue()
    assert shown.startswith("[bold]")
    assert not any(ord(character) < 32 and character not in "\n\t" for character in shown)
    assert "\x7f" not in shown
    assert "\u202e" not in shown


@given(message=st.text(max_size=80))
def test_an_error_is_always_one_line(message: str) -> None:
    line = terminal.error_line(ValueError(message))
    assert line.startswith("error: ")
    assert len(line.splitlines()) == 1
    assert len(line) > len("error: ")


def test_an_answer_shows_its_text_and_where_the_quote_stands_with_the_status(assistant: OnePaper) -> None:
    console, written = _console()
    reply = replies.reply_on_wire(assistant.ask(Question("奖多少？")), catalogue=assistant.catalogue)
    views.show_reply(console, reply)
    shown = written.getvalue()
    assert shown.startswith("答复\n答：对首次获批的新药，奖补500万元。\n\n依据\n")
    assert "1. 《关于支持[b]新药[/b]的通知》（青政办发〔2024〕3号）（一） 首次获批 [征求意见稿]\n" in shown


def test_relations_name_papers_that_are_not_stored() -> None:
    console, written = _console()
    (example,) = examples.RELATIONS_RESPONSES
    views.show_relations(console, DocumentRelations.model_validate(example))
    assert "（湘政办发〔2021〕44号） (not stored)" in written.getvalue().replace("\n", "")
    assert "同步废止。" in written.getvalue().replace("\n", "")


def test_a_refusal_shows_the_nearest_clauses_with_their_words(assistant: OnePaper) -> None:
    console, written = _console()
    reply = replies.reply_on_wire(assistant.ask(Question("天气？")), catalogue=assistant.catalogue)
    views.show_reply(console, reply)
    shown = written.getvalue()
    assert "无法答复" in shown
    assert "最接近的条款" in shown
    assert "   奖补20万元\n" in shown


def test_a_paper_shows_its_head_its_tree_and_its_notices(assistant: OnePaper) -> None:
    console, written = _console()
    views.show_document(console, assistant.paper, assistant.status(assistant.paper))
    shown = written.getvalue()
    assert "number   青政办发〔2024〕3号" in shown
    assert "status   draft" in shown
    assert "├── 一、 奖励\n│   ├── （一） 首次获批\n│   └── （二） 扩产\n" in shown
    assert "gap: （三） is missing" in shown


def test_a_clause_shows_all_that_stands_below_it(assistant: OnePaper) -> None:
    console, written = _console()
    views.show_clause(console, assistant.paper, papers.clause_named(assistant.paper, "一、"))
    assert "（二）扩产。对扩产的企业，奖补20万元。" in written.getvalue()


def test_the_list_of_papers_keeps_each_on_one_line(assistant: OnePaper) -> None:
    console, written = _console()
    views.show_documents(
        console, [papers.summary(PaperHead.of(assistant.paper), assistant.status(assistant.paper))]
    )
    header, line = written.getvalue().splitlines()
    assert header.split() == ["id", "number", "status", "region", "issued", "clauses", "title"]
    assert line.split()[0] == "qing"


def test_the_list_of_papers_fits_into_80_columns(assistant: OnePaper) -> None:
    paper = papers.summary(PaperHead.of(assistant.paper), assistant.status(assistant.paper))
    long = paper.model_copy(update={"title": "关于支持竹产业发展的若干政策措施" * 5})
    console, written = _console(width=80)
    views.show_documents(console, [paper, long])
    lines = written.getvalue().splitlines()
    assert max(map(cell_len, lines)) <= 80
    assert lines[0] == "qing"
    assert "".join(line.strip() for line in lines).count("关于支持竹产业发展的若干政策措施") == 5
    assert "  青政办发〔2024〕3号  draft" in written.getvalue()


def test_what_was_asked_is_bold(assistant: OnePaper) -> None:
    console, written = _console(terminal_like=True)
    views.show_reply(
        console, replies.reply_on_wire(assistant.ask(Question("奖多少？")), catalogue=assistant.catalogue)
    )
    assert "奖补\x1b[1m500万元\x1b[0m。" in written.getvalue()


def test_a_source_is_named_by_title_and_number(assistant: OnePaper) -> None:
    reply = replies.reply_on_wire(assistant.ask(Question("奖多少？")), catalogue=assistant.catalogue)
    (cited, *_) = reply.citations
    named = reply.model_copy(update={"text": f"《{cited.title}》规定：“{cited.quote}”"})
    console, written = _console()
    views.show_reply(console, named)
    name = f"《{cited.title}》（{cited.doc_number}）"
    assert f"\n1. {name}（一） 首次获批" in written.getvalue()
    assert cited.document_id not in written.getvalue()
    assert written.getvalue().count(cited.quote) == 1


def test_what_became_of_a_file_is_one_line_whatever_its_name() -> None:
    console, written = _console()
    error = UnreadableDocument("blank\n.txt", "it holds no words", "Check it")
    paper = "关于竹产业的通知\n\n一、总则\n支持竹产业。"
    read = recognised(parse(load(paper.encode(), name="a\nb.txt"), document_id=""))
    kept = Ingested("in/a\nb.txt", "a-b", read, Added("a-b"))
    report = ingest_report((Failed("in/blank\n.txt", error), kept), Indexed(1, 2), dry_run=False)
    assert views_changes.show_report(console, report) == 1
    failed, added, facts, _ = written.getvalue().splitlines()
    assert "2 clauses, text/plain" in facts
    assert failed.startswith("failed     ")
    assert failed.endswith("(in/blank .txt)")
    assert added == "added      a-b  关于竹产业的通知  (in/a b.txt)"


def test_a_correction_that_no_longer_fits_is_told_with_fact_and_quote() -> None:
    read = recognised(
        parse(load("关于竹产业的通知\n\n一、总则\n支持竹产业。".encode(), name="a.txt"), document_id="")
    )
    address = FactAddress("一、.money.1", "一、", FactKind.MONEY, Words("对企业奖补5万元", 0), ())
    lost = [
        FactCorrection(number, address, field, words, "误读", datetime(2026, 1, 1, tzinfo=UTC))
        for number, field, words in ((3, "beneficiaries", (Words("企业", 1),)), (4, "", ()))
    ]
    change = Replaced("bamboo", 2)
    console, written = _console()
    told = Ingested("a.txt", "bamboo", read, change, detached=tuple(lost))
    assert views_changes.show_report(console, ingest_report([told], None, dry_run=False)) == 0
    shown = written.getvalue()
    assert "correction 3: 一、.money.1 (对企业奖补5万元)" in shown
    assert "beneficiaries = 企业 (误读)" in shown
    assert "called wrong (误读)" in shown
    assert "zhengwen edit-fact bamboo" in shown


def test_progress_without_a_terminal_is_one_line_a_phase(capsys: pytest.CaptureFixture[str]) -> None:
    with terminal.Bar() as bar:
        for done in range(3):
            bar(done, 3, "reading")
        bar(0, 1, "embedding")
    captured = capsys.readouterr()
    assert captured.err == "reading …\nembedding …\n"
    assert captured.out == ""


def test_every_setting_is_listed_and_secrets_are_masked(unset: None) -> None:
    listed = rows(Settings(database_url="postgresql://zhengwen:hunter2@db/zhengwen"))
    by_name = {row.variable: row for row in listed}
    assert by_name["ZHENGWEN_DATABASE_URL"].value == "postgresql://zhengwen:***@db/zhengwen"
    assert not by_name["ZHENGWEN_DATABASE_URL"].is_default
    assert by_name["ZHENGWEN_SERVER__PORT"].is_default
    assert all(row.description for row in listed)


def test_a_log_line_is_json_with_the_request_id() -> None:
    record = logging.makeLogRecord({"msg": "answer\n%s", "args": ("x",), "levelname": "INFO", "ms": 1.5})
    token = request_id.set("abc")
    try:
        line = JsonLines().format(record)
    finally:
        request_id.reset(token)
    assert "\n" not in line
    read = json.loads(line)
    assert (read["event"], read["request_id"], read["ms"], read["level"]) == ("answer\nx", "abc", 1.5, "info")
