"""Which version of a paper is in use: after a run with several, when an older one comes in, by an editor."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import CLAUSES, paper, read

from corpus.effects import Incoming
from corpus.errors import UnknownDocument, UnknownVersion
from corpus.files import read_papers
from corpus.ingest import ingest_files
from corpus.model import HeadField
from corpus.rehearsal import rehearse
from corpus.report import Ingested
from corpus.rereading import reread
from corpus.store.papers import Replaced, Store, Unchanged
from corpus.store.upkeep.verification import CheckedVersion, verify_papers

_ID = "溪政发-2024-7"
_TEXTS = [paper(), paper(clauses=CLAUSES[:4]), paper(clauses=CLAUSES[:3])]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as opened:
        yield opened


def _take(store: Store, words: str) -> object:
    return store.take_in(read(words), original=words.encode())


def _folder(tmp_path: Path, *files: tuple[str, str, int]) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    for name, words, modified in files:
        (folder / name).write_text(words, encoding="utf-8")
        os.utime(folder / name, (modified, modified))
    return folder


def _sound(store: Store) -> bool:
    return not any(
        found.faults if isinstance(found, CheckedVersion) else found for found in verify_papers(store)
    )


def test_an_older_version_that_comes_again_tells_which_one_is_in_use(store: Store) -> None:
    _take(store, _TEXTS[0])
    _take(store, _TEXTS[1])
    assert _take(store, _TEXTS[0]) == Unchanged(_ID, 1, current=2)
    assert _take(store, _TEXTS[1]) == Unchanged(_ID, 2)


def test_an_editor_goes_back_to_an_earlier_version(store: Store) -> None:
    _take(store, _TEXTS[0])
    _take(store, _TEXTS[1])
    store.corrections.correct(_ID, {HeadField.TITLE: "山区通知"}, reason="简称")
    before = store.corpus_hash()
    store.use_version(_ID, 1, reason="第二版误传")
    assert store.corpus_hash() != before
    assert store.document(_ID).text == read(_TEXTS[0]).text
    assert store.document(_ID).head.title.value == store.heads()[0].title == "山区通知"
    assert store.original(_ID) == _TEXTS[0].encode()
    line = store.audit.lines(_ID)[-1]
    assert (line.action.value, line.details["version"], line.details["instead of"]) == (
        "version put in use",
        1,
        2,
    )
    assert line.details["reason"] == "第二版误传"
    # What comes in, is read again or corrected goes on from the version in use.
    assert _take(store, _TEXTS[1]) == Unchanged(_ID, 2, current=1)
    (same,) = reread(store, [_ID])
    assert isinstance(same, Ingested)
    assert same.change == Unchanged(_ID, 1)
    store.corrections.undo(_ID, [HeadField.TITLE], reason="原文无误")
    assert store.heads()[0].title == read(_TEXTS[0]).head.title.value
    assert _sound(store)
    assert _take(store, _TEXTS[2]) == Replaced(_ID, 3)
    assert store.current_version(_ID) == 3


def test_a_withdrawn_paper_comes_back_in_the_version_chosen_meanwhile(store: Store) -> None:
    _take(store, _TEXTS[0])
    _take(store, _TEXTS[1])
    store.withdrawals.withdraw(_ID, reason="有误")
    store.use_version(_ID, 1, reason="第二版误传")
    assert store.heads() == []
    store.withdrawals.restore(_ID)
    assert store.document(_ID).text == read(_TEXTS[0]).text


def test_a_version_that_does_not_exist_is_named_with_those_that_do(store: Store) -> None:
    _take(store, _TEXTS[0])
    _take(store, _TEXTS[1])
    with pytest.raises(UnknownVersion, match="no version 7; it has 1, 2"):
        store.document(_ID, version=7)
    with pytest.raises(UnknownVersion, match="no version 7"):
        store.use_version(_ID, 7, reason="x")
    with pytest.raises(UnknownDocument, match="no document"):
        store.use_version("absent", 1, reason="x")
    assert store.current_version(_ID) == 2


@given(st.permutations([1000, 2000, 3000]))
def test_of_several_versions_in_one_run_the_later_file_wins(
    tmp_path_factory: pytest.TempPathFactory, times: list[int]
) -> None:
    tmp_path = tmp_path_factory.mktemp("run")
    files = [(f"{i}.txt", words, at) for i, (words, at) in enumerate(zip(_TEXTS, times, strict=True))]
    folder = _folder(tmp_path, *files)
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as store:
        shown = rehearse(store, read_papers([folder]))
        results = ingest_files(store, [folder])
        assert [(one.result.change, one.result.told) for one in shown if isinstance(one, Incoming)] == [
            (one.change, one.told) for one in results if isinstance(one, Ingested)
        ]
        assert store.document(_ID).text == read(_TEXTS[times.index(3000)]).text
        assert len(store.versions(_ID)) == 3
        again = ingest_files(store, [folder])
        assert {type(one.change) for one in again if isinstance(one, Ingested)} == {Unchanged}
        assert store.document(_ID).text == read(_TEXTS[times.index(3000)]).text


def test_the_later_date_of_issue_wins_over_the_later_file(store: Store, tmp_path: Path) -> None:
    later = paper(day="2024年6月1日")
    folder = _folder(tmp_path, ("a.txt", later, 1000), ("b.txt", paper(clauses=CLAUSES[:4]), 2000))
    _, second = ingest_files(store, [folder])
    assert isinstance(second, Ingested)
    assert second.change == Replaced(_ID, 2, current=1)
    assert second.told.endswith("stays in use: its date of issue is later")
    assert store.document(_ID).text == read(later).text


def test_a_correction_is_no_difference_of_versions(store: Store, tmp_path: Path) -> None:
    _take(store, _TEXTS[0])
    store.corrections.correct(_ID, {HeadField.TITLE: "山区通知"}, reason="简称")
    folder = _folder(tmp_path, ("a.txt", _TEXTS[1], 1000))
    (result,) = ingest_files(store, [folder])
    assert isinstance(result, Ingested)
    assert result.diff is not None
    assert result.diff.head == ()
