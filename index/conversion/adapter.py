"""Reads the adapter, `index/data/reader.npz`: what makes the encoder of the embedding model a reader.

For each matrix `x` of the layers it has `x.a` (rank, in) and `x.b` (out, rank): the matrix of the reader is
that of the encoder plus `scale` · b · a (LoRA). `head.hidden` and `head.out`, each a `weight` (out, in) and a
`bias`, are the layers from the first and the mean vector of a text to the verdicts. All are float16 except
the number `scale`.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.conversion.e5_file import Floats, Shape
from index.errors import ModelFault

VERDICTS = 4

_RESTORE = "Install this program again, or restore the file from its repository"


@dataclass(frozen=True, slots=True)
class Adapter:
    """The changes of the matrices of the layers, and the layers after the encoder."""

    scale: float
    head: Mapping[str, Floats]  # by the names in the file
    _changes: Mapping[str, npt.NDArray[np.float16]]  # `x.a` and `x.b` of every matrix `x`

    def merged(self, name: str, matrix: Floats) -> Floats:
        """The matrix `name` of the reader, where that of the encoder is `matrix` (out, in).

        Raises ModelFault when there is no change of this size for it.
        """
        a, b = self._changes.get(f"{name}.a"), self._changes.get(f"{name}.b")
        if a is None or b is None or (len(b), *a.shape[1:]) != matrix.shape or a.shape[:1] != b.shape[1:]:
            raise ModelFault(f"the weights of the reader have no change for {name!r}. {_RESTORE}")
        # Products of float16 are multiples of 2**-48, so float64 sums them exactly in any order below 32:
        # every machine gets the same bytes.
        sums = b.astype(np.float64) @ a.astype(np.float64)
        # In place, because most of the time would go into new memory.
        sums *= self.scale
        sums += matrix
        return sums.astype(np.float32)


def read(file: Path, *, shape: Shape) -> Adapter:
    """Reads the adapter for an encoder of `shape`. Raises ModelFault when it is missing, damaged or unfit."""
    try:
        # From memory, because numpy leaves a damaged file open.
        with np.load(BytesIO(file.read_bytes()), allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
        scale = float(found.pop("scale"))
    except (OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile, zlib.error) as fault:
        raise ModelFault(f"{str(file)!r} is missing or damaged. {_RESTORE}") from fault
    unfit = sorted(name for name, x in found.items() if x.dtype != np.float16 or not np.isfinite(x).all())
    if unfit:
        raise ModelFault(f"{', '.join(unfit)} in {str(file)!r} must be finite float16 numbers. {_RESTORE}")
    expected = _head_shapes(found, shape)
    if any(name not in found or found[name].shape != size for name, size in expected.items()):
        raise ModelFault(f"the head in {str(file)!r} does not fit the encoder. {_RESTORE}")
    return Adapter(scale, {name: found[name].astype(np.float32) for name in expected}, found)


def _head_shapes(arrays: Mapping[str, npt.NDArray[np.float16]], shape: Shape) -> dict[str, tuple[int, ...]]:
    """What the shapes of the head must be; the number of its hidden units is free."""
    bias = arrays.get("head.hidden.bias")
    hidden = 0 if bias is None else bias.size
    return {
        "head.hidden.weight": (hidden, 2 * shape.hidden),
        "head.hidden.bias": (hidden,),
        "head.out.weight": (VERDICTS, hidden),
        "head.out.bias": (VERDICTS,),
    }
