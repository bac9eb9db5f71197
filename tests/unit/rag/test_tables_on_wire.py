"""A table of facts as it is sent, printed and stored."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from assembled import assistant_over
from rich.console import Console
from robot_papers import hubei, hunan

from api.cli.views.replies import show_reply
from api.records.texts import quotes_of, without_paper, without_texts
from api.wire.replies import reply_on_wire
from api.wire.reply_schemas import AskResponse, FactTable, stream_head
from corpus.facts.in_force import FactAddress, FactCorrection, ReadFacts, Words
from corpus.facts.model import FactKind
from index.model import Embedder
from rag.assistant import Assistant
from rag.facts.reading import FactsOfTexts
from rag.model import Question


@pytest.fixture(scope="module")
def robots(tiny_embedder: Embedder) -> Assistant:
    readings = (hunan(), hubei())
    return assistant_over(
        [one.document for one in readings], tiny_embedder, facts=[one.read for one in readings]
    )


def _sent(assistant: Assistant, text: str) -> AskResponse:
    return reply_on_wire(assistant.ask(Question(text)), catalogue=assistant.catalogue)


def _table(assistant: Assistant, text: str) -> FactTable:
    table = _sent(assistant, text).table
    assert table is not None
    return table


@pytest.mark.parametrize("text", ["湖南有哪些给钱的条款，各给多少？", "审批时限分别压缩到几天？"])
def test_every_part_of_a_cell_stands_in_the_paper_and_in_the_cell(robots: Assistant, text: str) -> None:
    table = _table(robots, text)
    parts = 0
    for row in table.rows:
        paper = robots.document(row.cited.document_id).text
        assert paper[row.cited.start : row.cited.end] == row.cited.quote
        for cell in row.cells:
            for part in cell.parts:
                parts += 1
                assert paper[part.start : part.end] == part.quote
                assert cell.text[slice(*part.at)] == part.quote
    assert parts > 0


def test_cells_are_in_the_columns_of_the_table(robots: Assistant) -> None:
    table = _table(robots, "湖南有哪些给钱的条款，各给多少？")
    names = [column.name for column in table.columns]
    for row in table.rows:
        own = [cell.column for cell in row.cells]
        assert own == [name for name in names if name in own]


def test_a_cell_without_a_sum_says_so_in_the_language_of_the_reply(robots: Assistant) -> None:
    for text, words in (
        ("湖南有哪些给钱的条款，各给多少？", "未写明金额"),
        ("湖南有哪些給錢的條款，各給多少？", "未寫明金額"),
    ):
        unstated = [c for row in _table(robots, text).rows for c in row.cells if not c.stated]
        assert unstated
        assert {cell.text for cell in unstated} == {words}


def test_table_and_card_are_sent_before_the_text_of_a_stream(robots: Assistant) -> None:
    reply = _sent(robots, "湖南有哪些给钱的条款，各给多少？")
    assert stream_head(reply).table == reply.table
    answer = _sent(robots, "湖南对首次获批的手术机器人奖补多少？")
    assert answer.card is not None
    assert stream_head(answer).card == answer.card


@pytest.mark.parametrize("width", [40, 400])
def test_the_terminal_shows_every_cell(robots: Assistant, width: int) -> None:
    reply = _sent(robots, "湖南有哪些给钱的条款，各给多少？")
    shown = io.StringIO()
    show_reply(Console(file=shown, width=width), reply)
    printed = "".join(shown.getvalue().split())
    assert reply.table is not None
    for row in reply.table.rows:
        assert all("".join(cell.text.split()) in printed for cell in row.cells)


def test_no_word_of_a_paper_is_left_in_a_stored_reply(robots: Assistant) -> None:
    for text in ("湖南有哪些给钱的条款，各给多少？", "湖南对首次获批的手术机器人奖补多少？"):
        reply = _sent(robots, text)
        assert "300万元" in reply.model_dump_json(exclude={"text", "citations", "hits"})
        assert quotes_of(reply, "hunan-robots")
        assert not quotes_of(without_paper(reply, "hunan-robots"), "hunan-robots")
        for bare in (without_texts(reply), without_paper(reply, "hunan-robots")):
            assert "300万元" not in bare.model_dump_json()


def test_a_stored_reply_without_tables_is_read(robots: Assistant) -> None:
    old = _sent(robots, "湖南对首次获批的手术机器人奖补多少？").model_dump(
        mode="json", exclude={"table", "card"}
    )
    read = AskResponse.model_validate(old)
    assert read.table is None
    assert read.card is None


def _all_corrected(read: ReadFacts) -> ReadFacts:
    """The facts, each of which an editor has corrected."""
    address = FactAddress("1.money.1", "1", FactKind.MONEY, Words("给予补助", 0), ())
    made = FactCorrection(1, address, "form", (), "too long", datetime(2026, 5, 1, tzinfo=UTC))
    facts = {
        paper: replace(own, facts=tuple(replace(one, corrections=(made,)) for one in own.facts))
        for paper, own in read.facts.items()
    }
    return replace(read, facts=facts)


@pytest.mark.parametrize("text", ["湖南有哪些给钱的条款，各给多少？", "湖南对首次获批的手术机器人奖补多少？"])
def test_corrected_facts_are_marked(
    robots: Assistant, tiny_embedder: Embedder, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    as_read = FactsOfTexts.read
    monkeypatch.setattr(FactsOfTexts, "read", lambda own, papers: _all_corrected(as_read(own, papers)))
    readings = (hunan(), hubei())
    corrected = assistant_over(
        [one.document for one in readings], tiny_embedder, facts=[one.read for one in readings]
    )
    for assistant, is_corrected in ((robots, False), (corrected, True)):
        reply = _sent(assistant, text)
        table = reply.table or reply.card
        assert table is not None
        assert {row.corrected for row in table.rows} == {is_corrected}
        shown = io.StringIO()
        show_reply(Console(file=shown, width=400), reply)
        assert shown.getvalue().count("编辑已更正") == (len(table.rows) if is_corrected else 0)
