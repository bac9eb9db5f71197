"""The weights of the encoder under the names BERT has for them, as floats and as integers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from index.conversion.activations import Input, input_of
from index.conversion.adapter import Adapter
from index.conversion.e5_file import E5File, Floats

Array = npt.NDArray[np.float32] | npt.NDArray[np.float16] | npt.NDArray[np.int8]

TABLE = "embeddings.word_embeddings"
# 7 bits, not 8: without VNNI the x86 kernels add pairs of products in 16 bits, which 8 bits overflow.
_TOP = 63

# Matrices of a layer: their name in the E5 file and in BERT.
_MATRICES = (
    ("q", "attention.self.query"),
    ("k", "attention.self.key"),
    ("v", "attention.self.value"),
    ("ao", "attention.output.dense"),
    ("fi", "intermediate.dense"),
    ("fo", "output.dense"),
)
_NORMS = (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm"))


def floats(source: E5File, keep: npt.NDArray[np.int64]) -> dict[str, Floats]:
    """All weights in float32, with only the rows `keep` of the table of pieces."""
    hidden = source.shape.hidden
    return {
        f"{TABLE}.weight": source.matrix("emb.word", columns=hidden, rows=keep),
        **_vectors(source),
        **{f"{name}.weight": matrix for name, matrix in _matrices(source)},
        # Mean pooling never uses it, but without it BertModel warns about missing weights.
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }


def integers(source: E5File, keep: npt.NDArray[np.int64], inputs: Mapping[str, Input]) -> dict[str, Array]:
    """All weights, with matrices in int8, multiplied by the divisors of their inputs.

    A matrix `x` becomes `x.int8` (in, out) and `x.scales`, one for each column. The table of pieces keeps
    the blocks of the file, `(rows, blocks, 32)` and `(rows, blocks)`, so that its floats stay exact.
    """
    table = source.blocks("emb.word", columns=source.shape.hidden, rows=keep)
    return {
        f"{TABLE}.int8": table.integers,
        f"{TABLE}.scales": table.scales,
        **_by_column((name, matrix * inputs[input_of(name)].divisors) for name, matrix in _matrices(source)),
        **_vectors(source),
    }


def reader_floats(source: E5File, adapter: Adapter) -> dict[str, Floats]:
    """The weights of the reader that differ from those of the encoder, in float32, and its head."""
    return {**{f"{name}.weight": matrix for name, matrix in _merged(source, adapter)}, **adapter.head}


def reader_integers(source: E5File, adapter: Adapter) -> dict[str, Array]:
    """As `reader_floats`, with the matrices of the layers in int8 as `integers` has them."""
    return {**_by_column(_merged(source, adapter)), **adapter.head}


def _vectors(source: E5File) -> dict[str, Floats]:
    """Biases, normalisations, positions and the token types."""
    hidden = source.shape.hidden
    found = {
        "embeddings.position_embeddings.weight": source.vector("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": source.vector("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": source.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": source.vector("emb.ln.b"),
    }
    for number in range(source.shape.layers):
        layer = f"encoder.layer.{number}"
        for short, name in _MATRICES:
            found[f"{layer}.{name}.bias"] = source.vector(f"l{number}.{short}.b")
        for short, name in _NORMS:
            found[f"{layer}.{name}.weight"] = source.vector(f"l{number}.{short}.w")
            found[f"{layer}.{name}.bias"] = source.vector(f"l{number}.{short}.b")
    return found


def _matrices(source: E5File) -> Iterator[tuple[str, Floats]]:
    """Yields name and (out, in) floats of each matrix of the layers."""
    for number in range(source.shape.layers):
        for short, name in _MATRICES:
            columns = source.shape.feed_forward if short == "fo" else source.shape.hidden
            yield f"encoder.layer.{number}.{name}", source.matrix(f"l{number}.{short}.w", columns=columns)


def _merged(source: E5File, adapter: Adapter) -> Iterator[tuple[str, Floats]]:
    """Yields what `_matrices` does, of the reader."""
    for name, matrix in _matrices(source):
        yield name, adapter.merged(name, matrix)


def _by_column(matrices: Iterable[tuple[str, Floats]]) -> dict[str, Array]:
    """(out, in) floats `x` → (in, out) integers `x.int8` and the scale of each column, `x.scales`."""
    found: dict[str, Array] = {}
    for name, matrix in matrices:
        columns = matrix.T
        scales = np.maximum(np.abs(columns).max(axis=0), np.float32(1e-12)) / np.float32(_TOP)
        found[f"{name}.int8"] = np.ascontiguousarray(np.rint(columns / scales).astype(np.int8))
        found[f"{name}.scales"] = scales
    return found
