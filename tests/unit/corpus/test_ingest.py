"""Ingestion of files: every file is a stored paper or a failure with a reason."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from corpus.ingest import ingest_files
from corpus.report import Failed, Ingested, Skipped
from corpus.store.papers import Store
from corpus.store.shipped_papers import starting_papers

PAPER = starting_papers()[0].data


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'papers.sqlite'}")


def _folder(tmp_path: Path, **contents: bytes) -> Path:
    """A folder of files by name, with _ for the dot."""
    folder = tmp_path / "papers"
    for name, data in contents.items():
        folder.mkdir(exist_ok=True)
        (folder / name.replace("_", ".")).write_bytes(data)
    return folder


def _reasons(results: list[Ingested | Failed | Skipped]) -> dict[str, str]:
    """File name → why it failed, empty if it is stored."""
    return {
        Path(result.path).name: str(result.error) if isinstance(result, Failed) else ""
        for result in results
        if not isinstance(result, Skipped)
    }


def test_an_unreadable_file_does_not_keep_out_one_of_the_same_name(tmp_path: Path, store: Store) -> None:
    folder = _folder(tmp_path, 通知_doc=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 通知_txt=PAPER)
    for order in ((folder / "通知.doc", folder / "通知.txt"), (folder / "通知.txt", folder / "通知.doc")):
        reasons = _reasons(ingest_files(store, order))
        assert reasons["通知.txt"] == ""
        assert "Office" in reasons["通知.doc"]
        assert store.original(store.resolve("通知")) == PAPER


def test_two_papers_of_one_file_name_are_both_kept(tmp_path: Path, store: Store) -> None:
    other = starting_papers()[1].data
    folder = _folder(tmp_path, 通知_md=PAPER, 通知_txt=other)
    assert set(_reasons(ingest_files(store, [folder])).values()) == {""}
    originals = {store.original(document_id) for document_id in store.in_use()}
    assert originals == {PAPER, other}


def test_a_folder_without_papers_is_a_failure(tmp_path: Path, store: Store) -> None:
    reasons = _reasons(ingest_files(store, [_folder(tmp_path, 图_bin=b"\xff\xd8")]))
    assert "no file in it can be read" in reasons["papers"]


def test_answering_imports_no_readers_of_files() -> None:
    """`rag.assemble` imports this module for every question; only ingestion needs the formats."""
    code = "import sys, corpus.ingest; print([m for m in sys.modules if m.startswith('corpus.formats')])"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"
