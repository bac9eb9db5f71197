"""Files that are hardly papers: reported, never refused; files without a known ending: counted and named."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from invented import paper, read

from corpus.ingest import ingest_files
from corpus.plausibility import NOT_A_PAPER
from corpus.report import Failed, Ingested, Skipped, recognised
from corpus.store.papers import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as opened:
        yield opened


def _codes(words: str) -> list[str]:
    return [one.code for one in recognised(read(words)).warnings]


@pytest.mark.parametrize(
    "words",
    [
        "z",
        "good morning everybody",
        "Minutes of a meeting\n1. Tea was served to all members.\n2. Nobody objected to it.\n",
        "昨天下午下了一场大雨，河水涨了不少，孩子们都没有去学校上课，大人们在家里修理屋顶。",
        "通知",
    ],
)
def test_what_is_hardly_a_paper_gets_a_warning(words: str) -> None:
    assert _codes(words) == [NOT_A_PAPER]


@pytest.mark.parametrize(
    "words",
    [
        paper(),
        "关于端午节值班安排的通知\n各股室：\n端午节期间照常值班。\n清溪市人民政府办公室\n2024年6月3日\n",
        "关于规范渡口管理的通知\n一、渡口每日最后一班不晚于21时，汛期停航。\n",
    ],
)
def test_a_short_notice_gets_none(words: str) -> None:
    assert NOT_A_PAPER not in _codes(words)


def test_a_folder_tells_which_files_it_passed_over(tmp_path: Path, store: Store) -> None:
    folder = tmp_path / "papers"
    (folder / "甲").mkdir(parents=True)
    (folder / "a.txt").write_text(paper(), encoding="utf-8")
    for i in range(8):
        (folder / "甲" / f"{i}.bak").write_text("x")
    skipped, stored = ingest_files(store, [folder])
    assert isinstance(stored, Ingested)
    assert isinstance(skipped, Skipped)
    assert (skipped.files, skipped.first) == (8, tuple(f"甲/{i}.bak" for i in range(5)))


def test_an_archive_is_read_by_endings_as_a_folder_is(tmp_path: Path, store: Store) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("setup.exe", b"M")
        archive.writestr("a/notice.txt", paper())
    (tmp_path / "all.zip").write_bytes(content.getvalue())
    skipped, stored = ingest_files(store, [tmp_path / "all.zip"])
    assert isinstance(skipped, Skipped)
    assert skipped.first == ("setup.exe",)
    assert isinstance(stored, Ingested)


def test_an_archive_without_a_known_ending_is_refused(tmp_path: Path, store: Store) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("setup.exe", b"M")
    (failed,) = ingest_files(store, [tmp_path / "all.zip"])
    assert isinstance(failed, Failed)
    assert "no file in it can be read" in str(failed.error)
