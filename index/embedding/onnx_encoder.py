"""The encoder of the bundled model in onnxruntime, as the first module of a SentenceTransformer."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import torch
from sentence_transformers.sentence_transformer.modules import InputModule
from tokenizers import Tokenizer

from index.errors import ModelFault

_ERRORS_ONLY = 3  # severity; below it onnxruntime writes advice to the terminal

States = npt.NDArray[np.float32]


class OrtEncoder(InputModule):
    """Token embeddings by an ONNX graph.

    Every text goes through the graph alone, on one thread, and `threads` texts go at once. That is
    faster than padded batches, and the vector of a text does not depend on its neighbours: int8
    scales its activations by the largest number of a whole batch.
    """

    def __init__(self, graph: Path, tokenizer: Path, *, longest: int, threads: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.tokenizer = Tokenizer.from_file(str(tokenizer))
        self.tokenizer.enable_truncation(longest)
        self.tokenizer.enable_padding(pad_id=self.tokenizer.token_to_id("<pad>"), pad_token="<pad>")
        self.max_seq_length = longest
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="embed")

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **kwargs: Any
    ) -> dict[str, torch.Tensor]:
        """Token ids and mask of the texts, padded to the longest. Takes what the base class takes."""
        encoded = self.tokenizer.encode_batch([(prompt or "") + text for text in inputs])
        return {
            "input_ids": torch.tensor([text.ids for text in encoded]),
            "attention_mask": torch.tensor([text.attention_mask for text in encoded]),
        }

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """Add `token_embeddings` (texts, tokens, hidden); zero where there is padding."""
        rows = features["input_ids"].numpy()
        lengths = features["attention_mask"].sum(dim=1).tolist()
        texts = [row[:length] for row, length in zip(rows, lengths, strict=True)]
        states = list(self._pool.map(self._states, texts)) if len(texts) > 1 else [self._states(texts[0])]
        padded = np.zeros((*rows.shape, states[0].shape[1]), np.float32)
        for row, state in zip(padded, states, strict=True):
            row[: len(state)] = state
        features["token_embeddings"] = torch.from_numpy(padded)
        return features

    def _states(self, ids: npt.NDArray[np.int64]) -> States:
        """(tokens, hidden) of one text."""
        inputs = {"input_ids": ids[None], "attention_mask": np.ones((1, len(ids)), np.int64)}
        result: States = self._session.run(None, inputs)[0][0]
        return result

    def get_embedding_dimension(self) -> int:
        """Width of a token embedding."""
        width: int = self._session.get_outputs()[0].shape[2]
        return width

    def save(self, output_path: str, *args: Any, safe_serialization: bool = True, **kwargs: Any) -> None:
        """Refuses: the directory the graph comes from is already a sentence-transformers model."""
        raise ModelFault(
            "an onnxruntime encoder is not saved. Copy the directory the model was loaded from instead"
        )
