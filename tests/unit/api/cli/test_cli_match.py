"""`zhengwen match`: what an enterprise can apply for, on the command line."""

from __future__ import annotations

import json

import pytest
from matched import city, city_facts
from typer.testing import CliRunner, Result

from api.cli.main import app
from api.settings import Settings
from corpus.facts import extract
from corpus.store.papers import Store
from index.model import Embedder


@pytest.fixture(autouse=True)
def store(settings: Settings, tiny_embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store of the paper of an invented city."""
    monkeypatch.setenv("ZHENGWEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("ZHENGWEN_CACHE_DIR", str(settings.cache_dir))
    monkeypatch.setenv("ZHENGWEN_STARTING_PAPERS", "false")
    monkeypatch.setattr(extract, "facts_of", lambda _: city_facts())
    monkeypatch.setattr("rag.assemble.open_embedder", lambda settings, progress: tiny_embedder)
    found = Store(settings.store_url)
    found.add(city().document)
    return found


def _run(*arguments: str, fails: bool = False) -> Result:
    result = CliRunner().invoke(app, ("match", *arguments), catch_exceptions=False)
    assert bool(result.exit_code) == fails, result.output
    return result


def test_the_groups_are_printed_with_quotes_and_places() -> None:
    printed = _run("益阳的企业，去年在新三板挂牌", "--others", "--as-of", "2026-11-30").output
    assert all(line == line.rstrip() for line in printed.splitlines())
    plain = "".join(printed.split())
    assert "符合（" in plain
    assert "对在新三板挂牌的企业给予100万元奖励" in plain
    assert "/d/city/" in plain
    assert "以主管部门审核为准" in plain
    assert "总额不超过1000万元" in plain


def test_a_sum_is_shown_as_an_expression() -> None:
    printed = _run("益阳的厂技术改造，设备投资8000万元，项目符合条件", "--as-of", "2026-11-30").output
    assert "10%×8000万元，最高500万元≤500万元" in "".join(printed.split())


def test_facts_that_an_editor_has_corrected_are_marked(store: Store) -> None:
    asked = ("益阳的企业，去年在新三板挂牌", "--as-of", "2026-11-30")
    assert "编辑已更正" not in _run(*asked).output
    read = json.loads(_run(*asked, "--json").output)["applies"]
    fact = next(one["fact"] for one in read if "新三板" in one["fact"]["quote"]["text"])
    edit = ("edit-fact", "city", fact["id"], "--part", "form", "--absent", "--reason", "not said")
    assert CliRunner().invoke(app, edit, catch_exceptions=False).exit_code == 0
    marked = [line for line in _run(*asked).output.splitlines() if "编辑已更正" in line]
    assert len(marked) == 1
    assert marked[0].startswith(fact["label"])


def test_options_say_the_same_as_a_sentence() -> None:
    found = json.loads(
        _run("--place", "益阳市", "--type", "企业", "--event", "在新三板挂牌", "--json").output
    )
    quotes = [one["fact"]["quote"]["text"] for one in found["applies"]]
    assert "对在新三板挂牌的企业给予100万元奖励" in quotes


def test_a_call_that_says_nothing_is_wrong() -> None:
    assert "say something" in _run(fails=True).output
    assert "no sum" in _run("益阳的企业", "--revenue", "很多", fails=True).output
