"""A paper that differs from its checksum is never read, and keeps no other paper from being read."""

from __future__ import annotations

import errno
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from corpus.catalogue.catalogue import Catalogue
from corpus.catalogue.texts import Texts
from corpus.errors import DamagedDocument, StoreError, UnknownDocument
from corpus.load import load
from corpus.model import Document, Status
from corpus.parse import parse
from corpus.store import faults
from corpus.store.papers import Store, Unchanged

_PAPER = """{place}市人民政府关于支持茶产业的若干措施
{short}政发〔2025〕{number}号

一、支持建园

（一）对新建茶园的企业，每亩补助{amount}元。（市农业农村局牵头）

二、附则

本措施自2025年3月1日起施行，有效期5年。{more}

{place}市人民政府
2025年2月1日
"""


def paper(document_id: str, *, place: str = "白石", number: int = 7, more: str = "") -> Document:
    text = _PAPER.format(place=place, short=place[0], number=number, amount=1300 + number, more=more)
    return parse(load(text.encode(), name=f"{document_id}.txt"), document_id=document_id)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store of three papers."""
    found = tmp_path / "papers.sqlite"
    with Store(f"sqlite:///{found}") as store:
        for number, name in enumerate(("east", "north", "west"), 1):
            store.add(paper(name, place="白石青山绿水"[2 * number - 2 : 2 * number], number=number))
    return found


def _change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA foreign_keys=OFF")
        assert database.execute(statement).rowcount
        database.commit()


_OF_NORTH = " WHERE document_id = 'north'"
DAMAGE = {
    "a digit of the text": "UPDATE document_versions SET text = replace(text, '1302', '1802')" + _OF_NORTH,
    "a digit of the head": "UPDATE document_versions SET head = replace(head, '2025', '2026')" + _OF_NORTH,
    "no JSON": "UPDATE document_versions SET source = substr(source, 2)" + _OF_NORTH,
    "another kind of JSON": "UPDATE document_versions SET notices = '7'" + _OF_NORTH,
    "no UTF-8": "UPDATE document_versions SET text = CAST(X'E6C8' AS TEXT)" + _OF_NORTH,
    "bytes in place of the text": "UPDATE document_versions SET text = CAST(text AS BLOB)" + _OF_NORTH,
    "bytes in place of a heading": "UPDATE clauses SET heading = CAST(heading AS BLOB)" + _OF_NORTH,
    "the place of a clause": "UPDATE clauses SET start = start + 1" + _OF_NORTH + " AND position = 3",
    "a clause after the end": "UPDATE clauses SET parent = NULL, start = 99999" + _OF_NORTH,
    "a clause is gone": "DELETE FROM clauses WHERE document_id = 'north' AND position = 2",
    "its text is gone": "DELETE FROM document_versions" + _OF_NORTH,
    "its checksum": "UPDATE document_versions SET content_sha256 = replace(content_sha256, 'a', 'b')"
    + _OF_NORTH,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_paper_is_named_and_the_others_are_read(path: Path, damage: str) -> None:
    with Store(f"sqlite:///{path}") as store:
        before = store.in_use()
        _change(path, damage)
        wanted = list(before.items())
        with pytest.raises(DamagedDocument, match=r"'north'.*zhengwen verify.*backup restore") as raised:
            store.read(wanted)
        assert raised.value.document_ids == ("north",)
        sound = [key for key in wanted if key[0] != "north"]
        assert [one.id for one in store.read(sound)] == ["east", "west"]


def test_all_damaged_papers_of_a_request_are_named(path: Path) -> None:
    _change(
        path, "UPDATE document_versions SET text = replace(text, '每亩', '每户') WHERE document_id <> 'west'"
    )
    with Store(f"sqlite:///{path}") as store, pytest.raises(DamagedDocument) as raised:
        store.read(list(store.in_use().items()))
    assert raised.value.document_ids == ("east", "north")


def test_a_version_that_is_gone_is_no_damage(path: Path) -> None:
    with Store(f"sqlite:///{path}") as store:
        assert store.read([("north", "0" * 64), ("absent", "0" * 64)]) == []


def test_a_single_damaged_paper_is_not_read(path: Path) -> None:
    _change(path, DAMAGE["a digit of the text"])
    with Store(f"sqlite:///{path}") as store:
        with pytest.raises(DamagedDocument):
            store.document("north")
        assert store.document("west").id == "west"


def test_a_damaged_file_as_received_is_not_handed_out(path: Path) -> None:
    with Store(f"sqlite:///{path}") as store:
        whole = paper("south", place="南山", number=4)
        data = whole.source.original.encode()
        store.add(whole, original=data)
        assert store.original("south") == data
        _change(path, "UPDATE document_versions SET original = X'00' WHERE document_id = 'south'")
        with pytest.raises(DamagedDocument, match="'south'"):
            store.original("south")
        assert store.document("south") == whole


@given(at=st.integers(0, 10_000), added=st.integers(1, 9))
def test_any_changed_character_of_a_text_is_found(path: Path, at: int, added: int) -> None:
    with closing(sqlite3.connect(path)) as database:
        (text,) = database.execute("SELECT text FROM document_versions" + _OF_NORTH).fetchone()
        at %= len(text)
        changed = text[:at] + chr(ord(text[at]) + added) + text[at + 1 :]
        database.execute("UPDATE document_versions SET text = ?" + _OF_NORTH, (changed,))
        database.commit()
        with Store(f"sqlite:///{path}") as store, pytest.raises(DamagedDocument):
            store.document("north")
        database.execute("UPDATE document_versions SET text = ?" + _OF_NORTH, (text,))
        database.commit()


def test_a_catalogue_without_damaged_papers_keeps_what_they_say_of_others(tmp_path: Path) -> None:
    old = paper("old", number=3)
    new = paper(
        "new", number=9, more="《白石市人民政府关于支持茶产业的若干措施》（白政发〔2025〕3号）同时废止。"
    )
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as store:
        store.add(old)
        store.add(new)
        whole = Catalogue(store.heads(), texts=Texts(store), today=date(2026, 1, 1))
    assert whole.status("old") is Status.REPEALED
    other = whole.without_damaged(["new"])
    assert other.status("old") is Status.REPEALED
    assert other.acts.repealers("old") == []
    assert "new" not in other
    assert set(other.ids) == {"old"}
    assert set(other.damaged) == {"new"}
    for ask in (other.document, other.head, other.status):
        with pytest.raises(DamagedDocument):
            ask("new")
    with pytest.raises(UnknownDocument):
        other.document("absent")
    assert whole.status("new") is Status.IN_FORCE
    assert set(whole.damaged) == set()


def _raised(database: sqlite3.Connection, statement: str) -> sqlite3.Error:
    with pytest.raises(sqlite3.Error) as raised:
        database.execute(statement)
    return raised.value


def test_causes_of_a_database_that_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "papers.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE t (x)")
        database.execute("PRAGMA max_page_count=2")
        full = faults.cause_of(_raised(database, "INSERT INTO t VALUES (zeroblob(100000))"), str(file))
        database.execute("PRAGMA query_only=ON")
        only_read = faults.cause_of(_raised(database, "INSERT INTO t VALUES (1)"), str(file))
    assert full is not None
    assert only_read is not None
    assert "the disk is full" in full[0]
    assert "Free space" in full[1]
    assert "only be read" in only_read[0]
    assert "permissions" in only_read[1]
    assert faults.cause_of(ValueError("of another kind"), str(file)) is None


_FILLING = """
import resource, sys
from corpus.errors import StoreError
from corpus.store.papers import Store, Unchanged
from corpus.load import load
from corpus.parse import parse
text = "关于茶的通知\\n\\n一、补助\\n\\n每亩补助五百元。\\n"
paper = parse(load(text.encode(), name="a.txt"), document_id="a")
store = Store(sys.argv[1])
store.add(paper)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    store.add(paper.__class__("b", paper.text, paper.head, (), paper.source), original=bytes(2_000_000))
except StoreError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
print(store.document("a").id, sorted(store.in_use()))
"""


def test_the_limit_of_a_file_is_told_from_a_failing_disk(tmp_path: Path) -> None:
    pytest.importorskip("resource")
    url = f"sqlite:///{tmp_path / 'papers.sqlite'}"
    done = subprocess.run([sys.executable, "-c", _FILLING, url], capture_output=True, text=True, check=True)
    message, kept = done.stdout.splitlines()
    assert "limit for the size of files" in message
    assert kept == "a ['a']"


def test_other_faults_of_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(sqlite3.OperationalError):
        sqlite_errorcode = sqlite3.SQLITE_IOERR | (4 << 8)
        sqlite_errorname = "SQLITE_IOERR_FSYNC"

    file = str(tmp_path / "papers.sqlite")
    found = faults.cause_of(Failing("disk I/O error"), file)
    assert found is not None
    assert "disk reports an error" in found[0]

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    found = faults.cause_of(Failing("disk I/O error"), file)
    assert found is not None
    assert "the disk is full" in found[0]


def test_a_file_that_cannot_be_opened_on_a_failing_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unopened(sqlite3.OperationalError):
        sqlite_errorcode = sqlite3.SQLITE_CANTOPEN

    def failing(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    file = str(tmp_path / "papers.sqlite")
    found = faults.cause_of(Unopened("unable to open database file"), file)
    assert found is not None
    assert "cannot be opened" in found[0]
    monkeypatch.setattr(tempfile, "TemporaryFile", failing)
    found = faults.cause_of(Unopened("unable to open database file"), file)
    assert found is not None
    assert "disk reports an error" in found[0]


def test_a_store_error_names_the_cause(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as store:
        store.add(paper("east"))
        with store.database.reading() as connection:
            size = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        engine = store.database._engine

        @event.listens_for(engine, "connect")
        def limit(connection: sqlite3.Connection, _: object) -> None:
            connection.execute(f"PRAGMA max_page_count={size}")

        with pytest.raises(StoreError, match=r"the disk is full .*Free space.*intact"):
            store.add(replace(paper("west"), id="west"), original=bytes(1_000_000))
        assert set(store.in_use()) == {"east"}


def test_a_fault_while_traces_are_erased_names_its_cause(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as store:
        store.add(paper("east"))
        engine = store.database._engine

        @event.listens_for(engine, "connect")
        def limit(connection: sqlite3.Connection, _: object) -> None:
            connection.execute("PRAGMA query_only=ON")

        with pytest.raises(StoreError, match=r"can only be read .*Correct the permissions"):
            store.deletions.erase_traces()


@pytest.mark.parametrize("kind", sorted(DAMAGE.keys() - {"its text is gone"}))
def test_a_damaged_paper_that_is_added_again_is_whole(path: Path, kind: str) -> None:
    _change(path, DAMAGE[kind])
    with Store(f"sqlite:///{path}") as store:
        again = paper("north", place="青山", number=2)
        store.add(again)
        assert store.document("north") == again
        assert isinstance(store.add(again), Unchanged)
        assert again in store.read(list(store.in_use().items()))
