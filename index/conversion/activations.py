"""Reads `index/data/activations.npz`: how the inputs of the matrices of the encoder become integers.

The matrices query, key and value of a layer share an input, every other matrix has one of its own. For an
input `x` the file has `x.divisors` (float16, one for each column), `x.scale` (float32) and `x.zero` (uint8):
the integer of a number is its quotient by divisor and scale, rounded, plus zero, within 0 and 255. The rows
of a matrix are multiplied by the divisors before it becomes integers itself, so that the product is the same.
`tools/measure_activations.py` makes the file.

The numbers are fixed, so that the vector of a text does not depend on texts in the same batch. A few columns
reach thirty times the others, above all for <s> and </s>; their divisors keep them from taking the steps of
the others.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from index.conversion.e5_file import Floats, Shape
from index.errors import ModelFault

FILE: Final = Path(str(resources.files("index"))) / "data" / "activations.npz"
_SHARED = ("query", "key", "value")  # the last parts of the names of matrices with one input
_RESTORE = "Install this program again, or restore the file from its repository"


@dataclass(frozen=True, slots=True)
class Input:
    """How the input of a matrix becomes integers."""

    divisors: Floats  # (in,), one for each column
    scale: np.float32
    zero: np.uint8  # the integer of 0.0


def input_of(matrix: str) -> str:
    """The name of the input of a matrix, such as encoder.layer.0.attention.self for its query."""
    above, _, last = matrix.rpartition(".")
    return above if last in _SHARED else matrix


def names(shape: Shape) -> Mapping[str, int]:
    """The names of all inputs, each with the number of its columns."""
    columns = {
        "attention.self": shape.hidden,
        "attention.output.dense": shape.hidden,
        "intermediate.dense": shape.hidden,
        "output.dense": shape.feed_forward,
    }
    layers = [f"encoder.layer.{number}" for number in range(shape.layers)]
    return {f"{layer}.{name}": count for layer in layers for name, count in columns.items()}


def read(file: Path, *, shape: Shape) -> dict[str, Input]:
    """Reads the inputs of an encoder of `shape`, by name. Raises ModelFault when the file is missing, damaged
    or unfit."""
    try:
        # From memory, because numpy leaves a damaged file open.
        with np.load(BytesIO(file.read_bytes()), allow_pickle=False) as arrays:
            found = {
                name: Input(
                    arrays[f"{name}.divisors"].astype(np.float32),
                    np.float32(arrays[f"{name}.scale"]),
                    np.uint8(arrays[f"{name}.zero"]),
                )
                for name in names(shape)
            }
    except (OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile, zlib.error) as fault:
        raise ModelFault(f"{str(file)!r} is missing or damaged. {_RESTORE}") from fault
    if not all(_fits(found[name], columns) for name, columns in names(shape).items()):
        raise ModelFault(f"{str(file)!r} does not fit the encoder. {_RESTORE}")
    return found


def _fits(one: Input, columns: int) -> bool:
    numbers = np.append(one.divisors, one.scale)
    return one.divisors.shape == (columns,) and bool(np.isfinite(numbers).all() and (numbers > 0).all())


def write(file: Path, inputs: Mapping[str, Input]) -> None:
    """Writes what `read` reads."""
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for name, one in inputs.items():
        arrays[f"{name}.divisors"] = one.divisors.astype(np.float16)
        arrays[f"{name}.scale"] = np.asarray(one.scale, np.float32)
        arrays[f"{name}.zero"] = np.asarray(one.zero, np.uint8)
    np.savez_compressed(file, allow_pickle=False, **arrays)
