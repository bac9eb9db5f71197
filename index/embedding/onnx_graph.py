"""Runs an ONNX graph over token ids in onnxruntime."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.model import Vectors

_ERRORS_ONLY = 3  # severity; at lower ones onnxruntime writes advice to the terminal


class OnnxGraph:
    """A graph from `input_ids` to one output, which several threads may run at once.

    A run uses one thread: runs in parallel are faster than threads within one. It takes one text, or texts of
    one length where the graph does not scale activations by the largest number of a batch.
    """

    def __init__(self, path: Path) -> None:
        # Its import starts a thread, and serving processes are forked from a process that must have none.
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._width = int(self._session.get_outputs()[0].shape[-1])

    @property
    def width(self) -> int:
        """Number of columns of the output."""
        return self._width

    def run(self, ids: Sequence[int]) -> Vectors:
        """The output for a text: (tokens, width) or (width,), whichever the graph returns; float32."""
        output: Vectors = self.run_all([ids])[0]
        return output

    def run_all(self, rows: Sequence[Sequence[int]]) -> Vectors:
        """The outputs for texts with the same number of tokens: (texts, …) of what `run` returns."""
        output: Vectors = self._session.run(None, {"input_ids": np.asarray(rows, np.int64)})[0]
        return output
