"""The adapter: what is read from the file, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from index.conversion import adapter
from index.conversion.e5_file import Shape
from index.embedding import bundled
from index.errors import ModelFault

SHAPE = Shape(hidden=3, layers=1, heads=1, feed_forward=6, vocabulary=5, positions=8, token_types=1)
MATRIX = "encoder.layer.0.output.dense"
ARRAYS: dict[str, npt.NDArray[Any]] = {
    "scale": np.array(2.0, np.float32),
    f"{MATRIX}.a": np.arange(12, dtype=np.float16).reshape(2, 6),
    f"{MATRIX}.b": np.array([[1, 0], [0, 1], [1, -1]], np.float16),
    "head.hidden.weight": np.ones((2, 6), np.float16),
    "head.hidden.bias": np.ones(2, np.float16),
    "head.out.weight": np.ones((4, 2), np.float16),
    "head.out.bias": np.ones(4, np.float16),
}


def _save(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    np.savez(path, allow_pickle=False, **arrays)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "reader.npz"
    _save(path, ARRAYS)
    return path


def test_a_matrix_is_changed_by_scale_times_b_times_a(file: Path) -> None:
    encoder = np.linspace(-1, 1, 18, dtype=np.float32).reshape(3, 6)
    first, second = np.arange(6), np.arange(6, 12)
    change = 2 * np.array([first, second, first - second])
    merged = adapter.read(file, shape=SHAPE).merged(MATRIX, encoder)
    assert merged.dtype == np.float32
    assert np.abs(merged - (encoder + change)).max() < 1e-5


def test_the_head_is_float32_under_its_names(file: Path) -> None:
    head = adapter.read(file, shape=SHAPE).head
    assert {name: (x.shape, x.dtype) for name, x in head.items()} == {
        name: (x.shape, np.dtype(np.float32)) for name, x in ARRAYS.items() if name.startswith("head.")
    }


@pytest.mark.parametrize("name", sorted(ARRAYS))
def test_an_array_that_is_missing(file: Path, name: str) -> None:
    _save(file, {other: x for other, x in ARRAYS.items() if other != name})
    with pytest.raises(ModelFault, match="Install this program again"):
        adapter.read(file, shape=SHAPE).merged(MATRIX, np.zeros((3, 6), np.float32))


@pytest.mark.parametrize("name", sorted(ARRAYS.keys() - {"scale"}))
@pytest.mark.parametrize("spoil", [lambda x: x[:-1], lambda x: x.astype(np.float64), lambda x: x * np.inf])
def test_an_array_that_does_not_fit(
    file: Path, name: str, spoil: Callable[[npt.NDArray[Any]], npt.NDArray[Any]]
) -> None:
    with np.errstate(invalid="ignore"):
        _save(file, ARRAYS | {name: spoil(ARRAYS[name])})
    with pytest.raises(ModelFault, match="Install this program again"):
        adapter.read(file, shape=SHAPE).merged(MATRIX, np.zeros((3, 6), np.float32))


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"version https://git-lfs.github.com/spec/v1\n", b"\x93NUMPY\x01\x00"]
)
def test_a_file_of_something_else(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(ModelFault, match="missing or damaged"):
        adapter.read(file, shape=SHAPE)


def test_a_file_that_is_missing_short_or_altered(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelFault, match="missing or damaged"):
        adapter.read(file, shape=SHAPE)
    at = content.index(ARRAYS[f"{MATRIX}.a"].tobytes())
    file.write_bytes(content[: at + 1] + bytes([content[at + 1] ^ 1]) + content[at + 2 :])
    with pytest.raises(ModelFault, match="missing or damaged"):
        adapter.read(file, shape=SHAPE)
    file.unlink()
    with pytest.raises(ModelFault, match="missing or damaged"):
        adapter.read(file, shape=SHAPE)


def test_the_file_of_this_program_fits_the_model() -> None:
    shape = Shape(384, layers=12, heads=12, feed_forward=1536, vocabulary=0, positions=512, token_types=1)
    read = adapter.read(bundled.ADAPTER, shape=shape)
    assert read.head["head.out.weight"].shape[0] == adapter.VERDICTS
    for number in range(shape.layers):
        inner = f"encoder.layer.{number}.intermediate.dense"
        assert read.merged(inner, np.zeros((1536, 384), np.float32)).any()
