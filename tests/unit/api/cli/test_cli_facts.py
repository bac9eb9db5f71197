"""`zhengwen facts` and `edit-fact`: support facts on the command line, and their corrections."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from made_facts import made_facts
from typer.testing import CliRunner, Result

from api.cli.main import app
from api.settings import Settings
from corpus.errors import UnknownDocument, UnknownFact
from corpus.facts import extract
from corpus.facts.model import Checked, PaperFacts
from corpus.load import load
from corpus.model import Document, Span
from corpus.parse import parse
from corpus.store.papers import Store
from rag.assemble import Indexed

_TEA = """白石市人民政府关于支持茶产业的若干措施
白政发〔2025〕7号

一、支持建园

（一）对新建茶园的企业，最高补助300万元。对扩建的企业，补助20万元。

（二）鼓励企业参加展会，给予适当补贴。

白石市人民政府
2025年2月1日
"""


def _with_sentences(document: Document) -> PaperFacts:
    """Each sum is a fact; of the sentences with 补, the one without a sum became none."""
    facts = made_facts(document)
    start = document.text.find("鼓励企业")
    rest = [Checked("一、（二）", Span(start, start + 15), has_facts=False)] if start >= 0 else []
    read = [Checked(one.clause_id, one.amounts[0].span, has_facts=True) for one in facts.facts]
    return replace(facts, sentences=(*read, *rest))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two papers: one on tea, and the one of 益阳."""
    path = tmp_path_factory.mktemp("filled") / "zhengwen.db"
    yiyang = Path("corpus/documents/yiyang.txt").read_bytes()
    with pytest.MonkeyPatch.context() as monkeypatch, Store(f"sqlite:///{path}") as made:
        monkeypatch.setattr(extract, "facts_of", _with_sentences)
        made.add(parse(load(_TEA.encode(), name="tea.txt"), document_id="tea"))
        made.add(parse(load(yiyang, name="yiyang.txt"), document_id="yiyang"))
    return path


@pytest.fixture(autouse=True)
def store(settings: Settings, monkeypatch: pytest.MonkeyPatch, filled: Path) -> Store:
    """The two papers in the test's own data folder."""
    monkeypatch.setenv("ZHENGWEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("ZHENGWEN_CACHE_DIR", str(settings.cache_dir))
    monkeypatch.setenv("ZHENGWEN_STARTING_PAPERS", "false")
    monkeypatch.setattr(extract, "facts_of", _with_sentences)
    monkeypatch.setattr("rag.changes.update_index", lambda *_, **__: Indexed(1, 0))
    shutil.copyfile(filled, settings.store_url.removeprefix("sqlite:///"))
    return Store(settings.store_url)


def _run(*arguments: str, fails: bool = False) -> Result:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert bool(result.exit_code) == fails, result.output
    return result


def _listed(*arguments: str) -> list[str]:
    found = json.loads(_run("facts", "--json", *arguments).stdout)
    assert found["total"] == len(found["facts"])
    return [f"{one['document_id']} {one['amounts'][0]['span']['text']}" for one in found["facts"]]


def test_facts_are_shown_in_the_words_of_the_paper() -> None:
    shown = _run("facts", "--document", "tea").stdout
    assert "3 句，其中 2 句已提取" in shown
    for words in ("白政发〔2025〕7号", "奖补资金", "300万元", "20万元", "对新建茶园的企业", "共 2 项"):
        assert words in shown


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["-d", "tea"], ["tea 300万元", "tea 20万元"]),
        (["-d", "白政发〔2025〕7号", "--min", "100万"], ["tea 300万元"]),
        (["-d", "tea", "--max", "200000"], ["tea 20万元"]),
        (["-d", "tea", "--kind", "奖补资金", "--beneficiary", "扩建 企业"], ["tea 20万元"]),
        (["-d", "tea", "--kind", "tax"], []),
        (["-r", "长沙", "--kind", "money"], []),
        (["-d", "tea", "--as-of", "2024-12-31"], []),
    ],
)
def test_filters(arguments: list[str], expected: list[str]) -> None:
    assert _listed(*arguments) == expected


def test_facts_of_a_place_are_those_of_the_papers_that_apply_there() -> None:
    found = _listed("-r", "益阳")
    assert found
    assert all(line.startswith("yiyang ") for line in found)
    assert "没有符合条件的扶持事项" in _run("facts", "-r", "长沙").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--kind", "gift"],
        ["--min", "much"],
        ["--min", "-1"],
        ["--max", "NaN"],
        ["--region", "无此地"],
        ["--csv", "facts.csv", "--json"],
    ],
)
def test_wrong_calls(arguments: list[str]) -> None:
    assert _run("facts", *arguments, fails=True).exit_code == 2


def test_a_paper_that_does_not_exist() -> None:
    with pytest.raises(UnknownDocument):
        _run("facts", "-d", "absent")


def test_the_spreadsheet_has_a_row_for_each_fact(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    _run("facts", "-d", "tea", "--csv", str(path))
    rows = list(csv.reader(StringIO(path.read_bytes().decode("utf-8-sig"))))
    assert len(rows) == 3
    assert [row[rows[0].index("金额（原文）")] for row in rows[1:]] == ["300万元", "20万元"]


def test_coverage_lists_what_became_no_fact() -> None:
    shown = _run("facts", "--coverage", "-d", "tea").stdout
    assert "3 句，其中 2 句已提取，共 2 项" in shown
    assert "鼓励企业参加展会，给予适当补贴" in shown
    found = json.loads(_run("facts", "--coverage", "--json").stdout)
    tea = next(paper for paper in found["papers"] if paper["document_id"] == "tea")
    assert tea["coverage"] == {"sentences": 3, "with_facts": 2}
    assert [one["span"]["text"] for one in tea["unread"]] == ["鼓励企业参加展会，给予适当补贴"]
    assert {paper["document_id"] for paper in found["papers"]} == {"tea", "yiyang"}


def test_damaged_facts_are_named(store: Store) -> None:
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE facts SET sha256 = 'x' WHERE document_id = 'tea'")
    result = _run("facts", "--coverage", "--json")
    assert json.loads(result.stdout)["damaged"] == ["tea"]
    assert "zhengwen reread tea" in result.stderr


def test_a_fact_is_corrected_and_the_correction_undone() -> None:
    fact = json.loads(_run("facts", "--json", "-d", "tea").stdout)["facts"][0]
    change = ("edit-fact", "tea", fact["id"], "--reason", "too long", "--json")
    made = json.loads(_run(*change, "--part", "beneficiaries", "--words", "新建茶园的企业").stdout)
    (correction,) = made["corrections"]
    assert (correction["words"], correction["attached"]) == (["新建茶园的企业"], True)
    now = json.loads(_run("facts", "--json", "-d", "tea").stdout)["facts"][0]
    assert [one["text"] for one in now["beneficiaries"]] == ["新建茶园的企业"]
    assert [one["field"] for one in now["corrections"]] == ["beneficiaries"]
    assert "（编辑已更正）" in _run("facts", "-d", "tea").stdout
    assert "beneficiaries = 新建茶园的企业" in _run("edit-fact", "tea").stdout

    number = str(correction["number"])
    left = json.loads(_run("edit-fact", "tea", "--undo", number, "--reason", "r", "--json").stdout)
    assert left["corrections"] == []
    assert json.loads(_run("facts", "--json", "-d", "tea").stdout)["facts"][0] == fact
    assert "no fact of this paper is corrected" in _run("edit-fact", "tea").stdout


def test_a_wrong_fact_is_hidden() -> None:
    fact = json.loads(_run("facts", "--json", "-d", "tea").stdout)["facts"][0]
    assert "called wrong" in _run("edit-fact", "tea", fact["id"], "--wrong", "--reason", "r").stdout
    assert _listed("-d", "tea") == ["tea 20万元"]


def test_equal_words_have_to_be_told_apart() -> None:
    fact = json.loads(_run("facts", "--json", "-d", "tea").stdout)["facts"][0]["id"]
    change = ("edit-fact", "tea", fact, "--reason", "r", "--part", "form", "--words", "补助")
    assert "--nth" in _run(*change, fails=True).output
    _run(*change, "--nth", "2")
    form = json.loads(_run("facts", "--json", "-d", "tea").stdout)["facts"][0]["form"]
    assert form["start"] == _second_place()
    assert _run(*change, "--nth", "9", fails=True).exit_code == 2


def _second_place() -> int:
    document = parse(load(_TEA.encode(), name="tea.txt"), document_id="tea")
    return document.text.index("补助", document.text.index("补助") + 1)


@pytest.mark.parametrize(
    "arguments",
    [
        ["X", "--part", "form", "--words", "补助"],  # no reason
        ["X", "--reason", "r"],
        ["X", "--part", "form", "--reason", "r"],
        ["X", "--part", "form", "--words", "补助", "--absent", "--reason", "r"],
        ["X", "--part", "form", "--words", "补助", "--wrong", "--reason", "r"],
        ["--wrong", "--reason", "r"],
        ["X", "--undo", "1", "--reason", "r"],
        ["--undo", "1", "--reason", "r"],  # of none in force
        ["X", "--part", "form", "--words", "有效期", "--reason", "r"],
        ["X", "--part", "quote", "--words", "20万元", "--reason", "r"],
    ],
)
def test_wrong_calls_of_corrections(arguments: list[str]) -> None:
    fact = json.loads(_run("facts", "--json", "-d", "tea").stdout)["facts"][0]["id"]
    given = [fact if argument == "X" else argument for argument in arguments]
    assert _run("edit-fact", "tea", *given, fails=True).exit_code == 2
    assert json.loads(_run("edit-fact", "tea", "--json").stdout)["corrections"] == []


def test_a_fact_that_does_not_exist() -> None:
    with pytest.raises(UnknownFact):
        _run("edit-fact", "tea", "（九）.money.1", "--wrong", "--reason", "r")


def test_links_of_the_spreadsheet_are_whole_or_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address, begins in (("", ""), ("https://z.example", "https://z.example/d/tea/")):
        monkeypatch.setenv("ZHENGWEN_SERVER__PUBLIC_URL", address)
        path = tmp_path / "facts.csv"
        _run("facts", "-d", "tea", "--csv", str(path))
        rows = list(csv.reader(StringIO(path.read_bytes().decode("utf-8-sig"))))
        links = [row[rows[0].index("链接")] for row in rows[1:]]
        assert all(link.startswith(begins) if begins else not link for link in links)
