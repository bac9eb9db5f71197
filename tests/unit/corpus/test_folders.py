"""Folders: what is read, what is passed over, and that nothing outside is reached through a link."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpus.errors import UnreadableDocument
from corpus.files import read_file
from corpus.folders import find_files
from corpus.ingest import ingest_files
from corpus.report import Failed, Ingested
from corpus.store.papers import Store

_PAPER = "关于规范泊岚市渡口管理的通知\n一、渡口每日最后一班不晚于21时。\n"


def _folder(tmp_path: Path, *names: str) -> Path:
    folder = tmp_path / "papers"
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_PAPER, encoding="utf-8")
    return folder


def _read(folder: Path) -> list[str]:
    return [str(file.relative_to(folder)) for file in find_files([folder]).files]


def test_hidden_files_and_locks_are_passed_over(tmp_path: Path) -> None:
    names = ("一.txt", "甲/二.html", ".三.txt", ".git/四.txt", "~$五.docx", "__MACOSX/六.txt", "图.mp4")
    assert _read(_folder(tmp_path, *names)) == ["一.txt", "甲/二.html"]


def test_links_are_not_followed_below_a_folder(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "一.txt")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text(_PAPER, encoding="utf-8")
    (folder / "file.txt").symlink_to(outside / "secret.txt")
    (folder / "folder").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "again.txt").symlink_to(folder / "一.txt")
    found = find_files([folder])
    assert found.files == (folder / "一.txt",)
    left_out = [Path(error.name).name for error in found.left_out]
    assert left_out == ["file.txt", "folder", "loop"]  # what `again.txt` leads to is read


def test_a_link_that_is_named_is_followed(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "一.txt")
    link, file = tmp_path / "link", tmp_path / "file.txt"
    link.symlink_to(folder)
    file.symlink_to(folder / "一.txt")
    assert find_files([link]).files == (link / "一.txt",)
    assert find_files([file]).files == (file,)


def test_no_file_is_read_twice(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "甲/一.txt")
    again = [folder, folder / "甲", folder / "甲" / ".." / "甲" / "一.txt", folder / "甲" / "一.txt"]
    assert len(find_files(again).files) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may open every folder")
def test_a_folder_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "一.txt", "甲/二.txt")
    (folder / "甲").chmod(0)
    assert [Path(error.name).name for error in find_files([folder]).left_out] == ["甲"]


@pytest.mark.parametrize("name", ["长" * 80 + ".txt", "x" * 5000, "a\x00b"])
def test_a_name_that_no_file_can_have_is_an_error(tmp_path: Path, name: str) -> None:
    (path,) = find_files([tmp_path / name]).files
    with pytest.raises(UnreadableDocument):
        read_file(path)


@pytest.mark.parametrize("charset", ["gbk", "utf-8"])
def test_a_name_in_any_character_set_is_stored(tmp_path: Path, charset: str) -> None:
    raw = os.fsencode(tmp_path) + b"/" + "渡口通知.txt".encode(charset)
    with open(raw, "w", encoding="utf-8") as file:
        file.write(_PAPER)
    with open(raw + b".html", "wb"):
        pass
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as store:
        results = ingest_files(store, [tmp_path])
        failed, stored = sorted(results, key=lambda result: isinstance(result, Ingested))
        assert isinstance(stored, Ingested)
        assert stored.path == str(tmp_path / "渡口通知.txt")
        assert store.document(stored.document_id).source.name == "渡口通知.txt"
    assert isinstance(failed, Failed)
    assert failed.path == str(tmp_path / "渡口通知.txt.html")
    assert "渡口通知.txt.html" in str(failed.error)


def test_an_unreadable_file_does_not_keep_out_the_readable_one_beside_it(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "通知.txt")
    (folder / "通知.docx").write_bytes(b"PK\x03\x04 word/document.xml")
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as store:
        kinds = {Path(result.path).suffix: type(result) for result in ingest_files(store, [folder])}
    assert kinds == {".txt": Ingested, ".docx": Failed}
