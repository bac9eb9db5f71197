"""However the index came about, and wherever a program was killed, it answers as one built at once."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from corpus.load import load
from corpus.model import Document
from corpus.parse import parse
from corpus.store.papers import Store
from index.build import atomic_files
from index.build.builder import build
from index.build.generation import open_generation, read_manifest
from index.build.manifest import Chunking
from index.build.merging import Limits, Size, due, forget_unused, merge_all, rows_due
from index.build.writing.lists import write_lists
from index.errors import IndexFault
from index.model import Embedder, Fusion, Match
from index.search.lexical import term_weights
from index.segments.segment import Segment

CHUNKING = Chunking()
_QUESTIONS = ["甲县种桑补助多少", "乙县养鱼奖励第二版"]
# Every two segments are merged, and all of them have lists.
ALWAYS = Limits(small=1, together=2, used=1.0, lists_from=1, lists_in=1)
_PAPER = """{name}县人民政府关于{what}的意见
一、扶持
（一）对农户每亩补助{amount}元。
（二）第{version}版另有奖励。
"""


def _paper(number: int, version: int) -> Document:
    name, what = "甲乙丙丁"[number], ("种桑", "养鱼")[number % 2]
    text = _PAPER.format(name=name, what=what, amount=100 + version, version=version)
    return parse(load(text.encode(), name="a.txt"), document_id=f"p{number}")


def _built(store: Store, folder: Path, embedder: Embedder, *, small: int = 0) -> None:
    build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={}, small=small)


def _matches(store: Store, folder: Path, embedder: Embedder) -> list[list[Match]]:
    opened = open_generation(
        folder, fingerprint=embedder.fingerprint, corpus_hash=store.corpus_hash(), chunking=CHUNKING
    )
    assert opened.manifest.chunks == len(opened.rows)
    assert opened.manifest.sentences == opened.rows.sentences
    searcher = opened.searcher(Fusion())
    return [
        searcher.search(embedder.embed_query(one), term_weights(one), k=3, documents=documents)
        for one in _QUESTIONS
        for documents in (None, ["p1", "p3"])
    ]


_CHANGES = st.tuples(st.integers(0, 3), st.integers(0, 2))  # a paper, and its version; 0 removes it
_STEPS = st.lists(_CHANGES | st.sampled_from(["merge", "forget"]), min_size=2, max_size=7)


@given(_STEPS, st.sampled_from([0, 4, 1000]))
@settings(max_examples=6, phases=[Phase.generate])
def test_any_history_gives_the_index_of_one_build(
    tiny_embedder: Embedder, steps: list[Any], small: int
) -> None:
    with TemporaryDirectory() as name, Store(f"sqlite:///{name}/papers.sqlite") as store:
        folder = Path(name) / "index"
        for step in [(0, 1), *steps]:
            if step == "merge":
                merge_all(folder, ALWAYS)
            elif step == "forget":
                forget_unused(folder)
                assert not any(use.unused for use in read_manifest(folder)[1].segments)
            elif isinstance(step, tuple):
                _change(store, *step)
                _built(store, folder, tiny_embedder, small=small)
        _built(store, folder, tiny_embedder)
        _built(store, Path(name) / "at-once", tiny_embedder)
        assert _matches(store, folder, tiny_embedder) == _matches(
            store, Path(name) / "at-once", tiny_embedder
        )
        kept = {use.name for _, use in _uses(folder)}
        assert {path.name for path in folder.glob("segments/*")} == kept


def _change(store: Store, number: int, version: int) -> None:
    if version:
        store.add(_paper(number, version))
    elif f"p{number}" in store.in_use():
        store.remove(f"p{number}")


def _uses(folder: Path) -> Iterator[tuple[str, Any]]:
    from index.build.manifest import GenerationManifest

    for path in (folder / "generations").glob("*/manifest.json"):
        for use in GenerationManifest.model_validate_json(path.read_bytes()).segments:
            yield path.parent.name, use


class _Killed(BaseException):
    pass


def _kill_at(patched: pytest.MonkeyPatch, step: int) -> Callable[[], int]:
    """Ends the program before the given change of the disk; returns what counts them."""
    steps = 0

    def counting(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal steps
            steps += 1
            if steps > step:
                raise _Killed
            return original(*arguments, **options)

        return call

    for owner, name in (
        (Path, "rename"),
        (Path, "replace"),
        (Path, "mkdir"),
        (shutil, "rmtree"),
        (atomic_files, "write"),
        (atomic_files, "sync_tree"),
    ):
        patched.setattr(owner, name, counting(getattr(owner, name)))
    return lambda: steps


def _add(store: Store, folder: Path, embedder: Embedder) -> None:
    _built(store, folder, embedder, small=1000)


def _merge(store: Store, folder: Path, embedder: Embedder) -> None:
    merge_all(folder, ALWAYS)


def _forget(store: Store, folder: Path, embedder: Embedder) -> None:
    forget_unused(folder)


@pytest.mark.parametrize("action", [_add, _merge, _forget])
def test_a_kill_at_any_change_of_the_disk_leaves_an_index(
    data_dir: Path,
    tiny_embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
    action: Callable[[Store, Path, Embedder], None],
) -> None:
    with Store(f"sqlite:///{data_dir / 'papers.sqlite'}") as store:
        folder = data_dir / "index"
        for number, version in ((0, 1), (1, 1), (2, 1), (1, 2), (3, 1)):
            store.add(_paper(number, version))
            _built(store, folder, tiny_embedder)
        if action is _add:
            store.add(_paper(0, 2))
        _built(store, data_dir / "expected", tiny_embedder)
        expected = _matches(store, data_dir / "expected", tiny_embedder)
        step, ended = 0, False
        while not ended:
            place = data_dir / f"at-{step}"
            shutil.copytree(folder, place)
            with monkeypatch.context() as patched:
                _kill_at(patched, step)
                try:
                    action(store, place, tiny_embedder)
                    ended = True
                except _Killed:
                    pass
            if action is not _add:
                assert _matches(store, place, tiny_embedder) == expected
            _built(store, place, tiny_embedder)
            action(store, place, tiny_embedder)
            assert _matches(store, place, tiny_embedder) == expected
            step += 1
        assert step > 5


def test_what_is_merged() -> None:
    limits = Limits(small=10, together=3, lists_from=1000, lists_in=100)

    def sizes(*used: int, has_lists: bool = False) -> list[Size]:
        return [Size(one, one, has_lists) for one in used]

    assert due([], limits) == []
    assert due(sizes(5, 12, 14), limits) == []
    assert due(sizes(5, 12, 14, 29, 31), limits) == [1, 2, 3]
    assert due(sizes(12, 30, 40, 80), limits) == [0, 1, 2, 3]
    assert due([Size(40, 20, False), *sizes(12)], limits) == [0]
    assert due([Size(9, 2, False)], limits) == []
    # A large index needs lists wherever many rows would be compared.
    assert due(sizes(2000, 90, has_lists=True), limits) == []
    assert due([*sizes(2000, has_lists=True), *sizes(150, 20)], limits) == [1, 2]
    assert due(sizes(600, 150), limits) == []


def test_papers_that_go_while_segments_are_merged_stay_away(
    data_dir: Path, tiny_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.build import merging

    with Store(f"sqlite:///{data_dir / 'papers.sqlite'}") as store:
        folder = data_dir / "index"
        for some in ((0, 1), (2, 3)):
            for number in some:
                store.add(_paper(number, 1))
            _built(store, folder, tiny_embedder)
        assert rows_due(folder, ALWAYS) == read_manifest(folder)[1].chunks
        opened = dict[str, Segment]()
        open_generation(
            folder,
            fingerprint=tiny_embedder.fingerprint,
            corpus_hash=store.corpus_hash(),
            chunking=CHUNKING,
            opened=opened,
        )
        assert opened
        assert rows_due(folder, ALWAYS, opened=opened) == rows_due(folder, ALWAYS)
        written = merging._written

        def meanwhile(*arguments: Any, **options: Any) -> str:
            monkeypatch.undo()
            name = written(*arguments, **options)
            store.remove("p1")
            store.add(_paper(3, 2))
            _built(store, folder, tiny_embedder)
            return name

        monkeypatch.setattr(merging, "_written", meanwhile)
        merge_all(folder, replace(ALWAYS, used=0.0))
        assert sorted(len(use.unused) for use in read_manifest(folder)[1].segments) == [0, 2]
        _built(store, data_dir / "at-once", tiny_embedder)
        assert _matches(store, folder, tiny_embedder) == _matches(store, data_dir / "at-once", tiny_embedder)


def test_a_fault_while_merging_is_logged(data_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    data_dir.joinpath("index").mkdir()
    merge_all(data_dir / "index")
    assert "not merged" in caplog.text
    with pytest.raises(IndexFault):
        forget_unused(data_dir / "index")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no file that is always full")
def test_a_full_disk_while_lists_are_written_is_a_fault_of_the_disk() -> None:
    vectors = np.eye(64, dtype=np.float32)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        write_lists(Path("/dev/full"), vectors)


def test_the_cause_of_a_fault_while_merging_is_logged(
    data_dir: Path,
    tiny_embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def failing(_: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with Store(f"sqlite:///{data_dir / 'papers.sqlite'}") as store:
        folder = data_dir / "index"
        for number in (0, 1):
            store.add(_paper(number, 1))
            _built(store, folder, tiny_embedder)
        expected = _matches(store, folder, tiny_embedder)
        store.add(_paper(2, 1))
        with monkeypatch.context() as patched:
            patched.setattr(atomic_files, "sync_tree", failing)
            with pytest.raises(IndexFault, match="the disk reports an error"):
                _built(store, folder, tiny_embedder)
            merge_all(folder, ALWAYS)
        assert "not merged" in caplog.text
        assert "the disk reports an error" in caplog.text
        store.remove("p2")
        assert _matches(store, folder, tiny_embedder) == expected
