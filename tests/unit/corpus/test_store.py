"""The store: durability, versions, and errors of the database."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import OperationalError

from corpus.errors import StoreError, UnknownDocument
from corpus.load import load
from corpus.model import Document
from corpus.parse import parse
from corpus.store.papers import Added, Replaced, Store, Unchanged
from corpus.store.schema import TABLES
from corpus.store.shipped_papers import starting_papers


@pytest.fixture(scope="module")
def parsed() -> list[Document]:
    return [parse(load(p.data, name=p.name, url=p.url), document_id=p.document_id) for p in starting_papers()]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'new' / 'papers.sqlite'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store(url) as opened:
        yield opened


def test_papers_come_back_as_they_were(url: str, parsed: list[Document]) -> None:
    with Store(url) as store:
        for document in parsed:
            assert store.add(document) == Added(document.id)
    with Store(url) as store:
        assert store.documents() == tuple(sorted(parsed, key=lambda d: d.id))
        for document in parsed:
            assert store.document(document.id) == document


def test_the_same_paper_again_changes_nothing(store: Store, parsed: list[Document]) -> None:
    store.add(parsed[0])
    before = store.corpus_hash()
    assert store.add(parsed[0]) == Unchanged(parsed[0].id, 1)
    assert store.corpus_hash() == before
    assert len(store.versions(parsed[0].id)) == 1


@pytest.mark.parametrize("reader", ["corpus.store.rows.read", "corpus.store.facts.rows.stored"])
def test_a_lost_connection_is_not_taken_for_a_damaged_paper(
    store: Store, parsed: list[Document], reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(parsed[0])

    def lost(*_: object) -> Iterator[object]:
        raise OperationalError("SELECT", {}, Exception("gone"), connection_invalidated=True)

    with monkeypatch.context() as patched:
        patched.setattr(reader, lost)
        with pytest.raises(StoreError, match="gone"):
            store.add(parsed[0])
    assert isinstance(store.add(parsed[0]), Unchanged)


def test_a_changed_paper_keeps_its_earlier_version(store: Store, parsed: list[Document]) -> None:
    first = parsed[0]
    second = replace(first, head=replace(first.head, region="湖南省长沙市"))
    store.add(first)
    before = store.corpus_hash()
    assert store.add(second) == Replaced(first.id, 2)
    assert store.document(first.id) == second
    assert store.document(first.id, version=1) == first
    assert store.corpus_hash() != before
    assert [v.version for v in store.versions(first.id)] == [1, 2]
    assert all(v.sha256 == first.source.sha256 and v.added_at.tzinfo for v in store.versions(first.id))
    assert store.add(first) == Replaced(first.id, 3)
    assert store.corpus_hash() == before


def test_the_file_as_received_is_kept(store: Store, parsed: list[Document]) -> None:
    data = starting_papers()[0].data
    store.add(parsed[0], original=data)
    store.add(parsed[1])
    assert store.original(parsed[0].id) == data
    assert store.original(parsed[1].id) == b""


def test_removing(store: Store, parsed: list[Document]) -> None:
    empty = store.corpus_hash()
    store.add(parsed[0])
    store.add(replace(parsed[0], text=parsed[0].text + "\n"))
    store.remove(parsed[0].id)
    assert store.documents() == ()
    assert store.corpus_hash() == empty
    for ask in (store.document, store.versions, store.original, store.remove, store.resolve):
        with pytest.raises(UnknownDocument, match="zhengwen documents"):
            ask(parsed[0].id)
    # Numbers of versions are not used again.
    assert store.add(parsed[0]) == Added(parsed[0].id, version=3)
    assert [version.version for version in store.versions(parsed[0].id)] == [3]


def test_adding_papers_reads_no_other_versions(store: Store, parsed: list[Document]) -> None:
    read: list[str] = []

    def explain(
        _: object, cursor: sqlite3.Cursor, statement: str, parameters: tuple[object, ...], *rest: object
    ) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            read.extend(step for *_, step in plan)

    event.listen(store.database._engine, "before_cursor_execute", explain)
    store.take_in(parsed[0], original=b"")
    store.take_in(replace(parsed[0], text=parsed[0].text + "附注"), original=b"")
    assert read
    assert not [step for step in read if step.startswith("SCAN") and "CONSTANT" not in step]


def test_no_such_version(store: Store, parsed: list[Document]) -> None:
    store.add(parsed[0])
    with pytest.raises(UnknownDocument):
        store.document(parsed[0].id, version=2)


def test_opening_does_not_wait_for_another_program_that_writes(
    url: str, store: Store, parsed: list[Document]
) -> None:
    store.add(parsed[0])
    store.database.add_tables(TABLES)
    with store.database.writing() as connection:
        connection.execute(text("UPDATE documents SET version = 9"))
        with Store(url) as other:  # would fail when the wait for a writer's lock ends
            other.database.add_tables(TABLES)
            assert other.document(parsed[0].id) == parsed[0]


def test_a_store_is_empty_until_a_paper_is_added_and_after_all_are_removed(
    store: Store, parsed: list[Document]
) -> None:
    assert store.is_empty()
    store.add(parsed[0])
    assert not store.is_empty()
    store.remove(parsed[0].id)
    assert store.is_empty()


def test_another_schema(url: str, store: Store) -> None:
    store.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE meta SET value = '0'"))
    engine.dispose()
    with pytest.raises(StoreError, match=r"has schema 0.*zhengwen ingest"):
        Store(url)


def test_a_database_of_another_program(url: str, store: Store) -> None:
    store.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE meta"))
    engine.dispose()
    with pytest.raises(StoreError, match="another program"):
        Store(url)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "papers.sqlite"
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError, match="not a database"):
        Store(f"sqlite:///{path}")


def test_a_damaged_database_names_a_cure_that_works(tmp_path: Path, parsed: list[Document]) -> None:
    path = tmp_path / "papers.sqlite"
    with Store(f"sqlite:///{path}") as store:
        store.add(parsed[0])
    path.write_bytes(path.read_bytes()[:-8192])
    with pytest.raises(StoreError, match="move it away"), Store(f"sqlite:///{path}") as store:
        store.documents()
    path.rename(tmp_path / "away.sqlite")
    with Store(f"sqlite:///{path}") as store:
        assert store.add(parsed[0]) == Added(parsed[0].id)


def test_a_password_is_in_no_message() -> None:
    for backend in ("postgresql", "nonesuch"):
        with pytest.raises(StoreError) as raised:
            Store(f"{backend}://reader:hidden-word@db.invalid/papers")
        assert "hidden-word" not in str(raised.value)


@pytest.mark.parametrize("url", ["nonsense", "oracle-of-delphi://x", "sqlite:////dev/null/x/papers.sqlite"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(StoreError, match="sqlite:///PATH"):
        Store(url)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?cache=shared&uri=true",
        "sqlite:///file:papers?mode=memory&cache=shared&uri=true",
    ],
)
def test_a_database_in_memory_is_rejected(url: str) -> None:
    # Each connection has its own, so papers would be gone as soon as they were added.
    with pytest.raises(StoreError, match=r"in memory.*sqlite:///PATH"):
        Store(url)


_ADDING = """
import sys
from dataclasses import replace
from corpus.load import load
from corpus.parse import parse
from corpus.store.shipped_papers import starting_papers
from corpus.store.schema import TABLES
from corpus.store.papers import Store

paper = starting_papers()[0]
document = parse(load(paper.data, name=paper.name), document_id="0")
store = Store(sys.argv[1])
for number in range(10_000):
    store.add(replace(document, id=str(number), clauses=()), original=paper.data)
    print(number, flush=True)
"""


@pytest.mark.parametrize("confirmed", [1, 12])
def test_a_killed_process_leaves_every_confirmed_paper(url: str, confirmed: int) -> None:
    with subprocess.Popen([sys.executable, "-c", _ADDING, url], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(confirmed)]
        process.kill()
        lines += process.stdout.readlines()
    with Store(url) as store:
        stored = {document.id for document in store.documents()}
    assert stored >= {line.strip() for line in lines if line.endswith("\n")} != set()


def test_starting_papers_say_where_they_come_from() -> None:
    papers = starting_papers()
    assert [p.document_id for p in papers] == ["hunan", "hubei", "yiyang", "zhejiang", "guangdong"]
    assert all(p.data and p.name.endswith(".txt") for p in papers)
