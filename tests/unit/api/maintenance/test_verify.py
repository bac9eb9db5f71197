"""`zhengwen verify`: whatever is altered on the disk is found, and named by paper."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli.main import app
from api.maintenance.verification import verify
from api.records import open_records
from api.settings import Settings
from corpus.load import load
from corpus.parse import parse
from index.build.builder import build
from index.build.generation import read_manifest, write_generation
from index.build.manifest import FORMAT, Chunking, SegmentUse
from index.build.pieces import embedded_papers
from index.build.writing.fresh import segment_of
from index.build.writing.merging import About, Part, write_segment
from index.model import Embedder
from rag.stored_papers import open_store

_PAPER = """{place}县人民政府关于发展蚕桑产业的意见
{place}政发〔2025〕{number}号

一、扶持种桑

（一）对新种桑园的农户，每亩补助{amount}元。（县农业农村局牵头）

依据《{place}县人民政府关于产业奖补的通知》（{place}政发〔2020〕{number}号）执行。

二、附则

（二）本意见自2025年4月1日起施行，有效期5年。

{place}县人民政府
2025年3月3日
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, nothing_set: None, tiny_embedder: Embedder) -> Path:
    """A data folder of three papers, one of them in two versions, with index and records."""
    folder = tmp_path_factory.mktemp("whole")
    settings = Settings(data_dir=folder, cache_dir=folder)
    with open_store(settings) as store:
        for number, (name, place) in enumerate(
            (("elm", "柳"), ("oak", "杨"), ("fir", "杉"), ("elm", "柳")), 1
        ):
            data = _PAPER.format(place=place, number=number, amount=100 + number).encode()
            store.add(parse(load(data, name=f"{name}.txt"), document_id=name), original=data)
        build(store, folder / "index", embedder=tiny_embedder, chunking=Chunking(), calibration={})
    open_records(settings.service_url, lock_dir=None).close()
    return folder


@pytest.fixture
def settings(whole: Path, tmp_path: Path, unset: None) -> Settings:
    shutil.copytree(whole, tmp_path / "data")
    return Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache")


def _altered(settings: Settings, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(settings.data_dir / "zhengwen.db")) as database:
        assert database.execute(statement, values).rowcount
        database.commit()


def _found(settings: Settings) -> set[tuple[str, str]]:
    """The papers and kinds of the faults that are found."""
    return {(fault.document_id, fault.kind) for fault in verify(settings).faults}


def test_what_is_whole_has_no_fault(settings: Settings) -> None:
    report = verify(settings)
    assert report.faults == []
    assert report.versions == {"elm": 2, "fir": 1, "oak": 1}


def test_nothing_stored_is_no_fault_and_makes_nothing(tmp_path: Path, unset: None) -> None:
    report = verify(Settings(data_dir=tmp_path / "none", cache_dir=tmp_path))
    assert (report.faults, report.versions) == ([], {})
    assert not (tmp_path / "none").exists()


ALTERED = {
    "text": "UPDATE document_versions SET text = replace(text, '103', '108') WHERE document_id = 'fir'",
    "original": "UPDATE document_versions SET original = X'00' WHERE document_id = 'fir'",
    "original name": "UPDATE document_versions SET name = 'x.txt' WHERE document_id = 'fir'",
    "head": "UPDATE heads SET region = 'elsewhere' WHERE document_id = 'fir'",
    "head of an end": "UPDATE heads SET valid_until = '2031-01-01' WHERE document_id = 'fir'",
    "names": "DELETE FROM names WHERE document_id = 'fir'",
    "version": "UPDATE documents SET version = 4 WHERE id = 'fir'",
}


@pytest.mark.parametrize("kind", ALTERED)
def test_an_altered_row_is_found_and_its_paper_named(settings: Settings, kind: str) -> None:
    _altered(settings, ALTERED[kind])
    found = _found(settings)
    assert found
    if kind != "version":
        assert ("fir", kind.split(" ")[0]) in found
    assert {paper for paper, _ in found} <= {"fir", ""}


def test_an_earlier_version_is_checked_too(settings: Settings) -> None:
    changed = "UPDATE document_versions SET text = replace(text, '101', '191') WHERE document_id = 'elm'"
    _altered(settings, f"{changed} AND version = 1")
    assert _found(settings) == {("elm", "text")}


def test_a_segment_of_other_contents_is_found(settings: Settings, tiny_embedder: Embedder) -> None:
    """Also one whose checksums are right: of other chunks, or with vectors that no model returns."""
    with open_store(settings) as store:
        papers = [(store.document(one), content) for one, content in store.in_use().items()]
    for size, factor in ((10, 1.0), (600, 0.5)):
        found = list(embedded_papers(papers, embedder=tiny_embedder, chunking=Chunking(size)))
        segment = segment_of(found, dimension=tiny_embedder.dimension)
        segment = replace(segment, chunk_vectors=factor * segment.chunk_vectors)
        about = About(FORMAT, tiny_embedder.fingerprint, tiny_embedder.dimension, Chunking().key)
        index = settings.data_dir / "index"
        name = write_segment(index / "segments", [Part(segment, range(len(papers)))], about)
        _, manifest = read_manifest(index)
        use = SegmentUse(name=name, unused=())
        write_generation(index, manifest.model_copy(update={"segments": (use,)}))
        if factor == 1.0:
            wrong = {(document.id, "chunk") for document, _ in papers}
            assert _found(settings) == wrong | {("", "index")}
        else:
            assert _found(settings) == {("", "vector")}


def test_an_index_that_is_behind_is_no_fault(settings: Settings) -> None:
    with open_store(settings) as store:
        store.remove("oak")
    assert _found(settings) == set()
    assert verify(settings).behind is not None


def test_each_altered_file_of_the_index_is_found(settings: Settings) -> None:
    index = settings.data_dir / "index"
    for path in sorted(one for one in index.rglob("*") if one.is_file() and one.name != "lock"):
        whole = path.read_bytes()
        for data in (whole[:-1], bytes([whole[0] ^ 1]) + whole[1:]):
            path.write_bytes(data)
            assert ("", "index") in _found(settings), path
        path.write_bytes(whole)
    assert _found(settings) == set()


def test_damaged_pages_of_each_database_are_found(settings: Settings) -> None:
    """Random bytes anywhere: found, or without any effect on what is stored."""
    chance = random.Random(5)
    for name in ("zhengwen.db", "service.db"):
        path = settings.data_dir / name
        whole, before = path.read_bytes(), _dump(path)
        for _ in range(15):
            at = chance.randrange(len(whole) - 600)
            path.write_bytes(whole[:at] + chance.randbytes(600) + whole[at + 600 :])
            assert _found(settings) or _dump(path) == before, (name, at)
            for beside in ("-wal", "-shm"):
                path.with_name(name + beside).unlink(missing_ok=True)
        path.write_bytes(whole)


def _dump(path: Path) -> list[str] | None:
    try:
        with closing(sqlite3.connect(path)) as database:
            return list(database.iterdump())
    except (sqlite3.Error, UnicodeDecodeError):
        return None


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


def test_the_command_tells_what_is_damaged(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGWEN_DATA_DIR", str(settings.data_dir))
    good = _run("verify")
    assert (good.exit_code, good.stdout) == (
        0,
        "3 papers with 4 versions, their index and the records were checked: no fault\n",
    )
    _altered(settings, ALTERED["text"])
    bad = _run("verify")
    assert bad.exit_code == 1
    assert "damaged    fir" in bad.stdout
    assert "zhengwen backup restore" in bad.stderr
    as_json = _run("verify", "--json")
    assert as_json.exit_code == 1
    read = json.loads(as_json.stdout)
    assert read["papers"] == {"elm": 2, "fir": 1, "oak": 1}
    assert {fault["document_id"] for fault in read["faults"]} == {"fir"}
