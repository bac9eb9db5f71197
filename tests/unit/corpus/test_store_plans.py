"""What is done for a few papers reads no table from end to end, however many papers are stored."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from corpus.identity import keys_of
from corpus.load import load
from corpus.model import HeadField
from corpus.parse import parse
from corpus.store.papers import Store
from corpus.store.shipped_papers import starting_papers

# "SCAN clauses USING INDEX …"; not "SCAN 2 CONSTANT ROWS", which are the papers asked for, nor the list of
# backups, which is short
_SCAN = re.compile(r"SCAN (?!\d+ CONSTANT|CONSTANT|backups)(?P<table>\w+)")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "papers.sqlite"
    with Store(f"sqlite:///{path}") as store:
        for one in starting_papers():
            document = parse(load(one.data, name=one.name, url=one.url), document_id=one.document_id)
            store.add(document, original=one.data)
        store.corrections.correct("hunan", {HeadField.REGION: "湖南省长沙市"}, reason="a test")
    return path


@contextmanager
def _statements() -> Iterator[list[tuple[str, Any]]]:
    """The statements that are executed meanwhile, with their parameters."""
    found: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: Any, *rest: object) -> None:
        found.append((statement, parameters[0] if rest[-1] else parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _again(store: Store) -> object:
    one = starting_papers()[0]
    return store.take_in(
        parse(load(one.data, name=one.name, url=one.url), document_id="x"), original=one.data
    )


def _another(store: Store) -> object:
    data = "关于试验的通知\n试政发〔2026〕7号\n一、试验要求\n各单位应当试验，给予10万元补助。".encode()
    return store.take_in(parse(load(data, name="other.txt", url=""), document_id="x"), original=data)


ACTIONS: dict[str, Callable[[Store], object]] = {
    "read": lambda store: store.read([(i, store.heads([i])[0].content_sha256) for i in ("hunan", "hubei")]),
    "document": lambda store: store.document("hunan"),
    "heads": lambda store: store.heads(["hunan", "hubei"]),
    "facts": lambda store: store.facts.read([("hubei", store.heads(["hubei"])[0].content_sha256)]),
    "candidates": lambda store: store.candidates(keys_of(store.document("hubei"))),
    "again": _again,
    "another": _another,
    "correct": lambda store: store.corrections.correct("hubei", {HeadField.REGION: "湖北省"}, reason="why"),
    "withdraw": lambda store: store.withdrawals.withdraw("yiyang", reason="why"),
    "remove": lambda store: store.remove("zhejiang"),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_what_is_done_for_a_few_papers_looks_them_up(name: str, database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "papers.sqlite"
    with closing(sqlite3.connect(database)) as whole, closing(sqlite3.connect(copy)) as other:
        whole.backup(other)
    with Store(f"sqlite:///{copy}") as store, _statements() as made:
        ACTIONS[name](store)
    assert made
    with closing(sqlite3.connect(copy)) as connection:
        for statement, parameters in made:
            if statement.startswith(("SELECT", "UPDATE", "DELETE")):
                plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
                assert not [line for *_, line in plan if _SCAN.search(line)], statement
