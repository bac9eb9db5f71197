"""Runs any sentence-transformers model in torch.

Importing torch and sentence-transformers takes seconds, so this module imports them only when such a model
is opened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.progress import Progress
from index.embedding import model_files
from index.embedding.batches import batches_by_length
from index.errors import ModelFault
from index.model import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_TEXTS_AT_ONCE = 8  # torch pads a batch to its longest text; larger batches waste more on padding


class TorchEmbedder:
    """An `index.model.Embedder` over any SentenceTransformer."""

    def __init__(self, model: SentenceTransformer, *, fingerprint: str) -> None:
        self._model, self._fingerprint = model, fingerprint
        dimension = model.get_embedding_dimension()
        if dimension is None:
            raise ModelFault(f"{fingerprint!r} does not report the size of its vectors. Choose another model")
        self._dimension = dimension

    @property
    def fingerprint(self) -> str:
        """Identifies model, weights and precision."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Number of components of a vector."""
        return self._dimension

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """(len(texts), dimension), float32, rows normalised, in the order of `texts`."""
        vectors = np.empty((len(texts), self._dimension), np.float32)
        # Texts of similar length share a batch, to reduce padding.
        for batch in batches_by_length(texts, size=_TEXTS_AT_ONCE, progress=progress):
            vectors[batch] = self._model.encode_document(
                [texts[i] for i in batch],
                batch_size=_TEXTS_AT_ONCE,
                show_progress_bar=False,
                normalize_embeddings=True,
            )
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """(dimension,), float32, normalised."""
        vector = self._model.encode_query(text, show_progress_bar=False, normalize_embeddings=True)
        return np.asarray(vector, np.float32)


def open_sentence_transformer(
    name_or_path: str,
    *,
    device: str | None,
    threads: int,
    query_prompt: str = "",
    document_prompt: str = "",
) -> TorchEmbedder:
    """Opens a sentence-transformers model in torch and float32; `device` None chooses the best available one.

    The prompts are used for a model that defines none. A hub name is downloaded if it is not cached.
    `threads` applies to all torch work of the process. Raises ModelFault when the model cannot be found
    or loaded.
    """
    directory = model_files.locate(name_or_path)
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    try:
        # Weights stored in half precision run several times slower on a CPU than in float32.
        model = SentenceTransformer(
            str(directory), device=device, local_files_only=True, model_kwargs={"dtype": torch.float32}
        )
    except (OSError, ValueError) as fault:
        raise ModelFault(
            f"{name_or_path!r} cannot be loaded as a sentence-transformers model: {_first_line(fault)}. "
            "Choose another model, or `bundled`"
        ) from fault
    prompts = {"query": query_prompt, "document": document_prompt}
    if not any(model.prompts.values()):
        model.prompts.update(prompts)
    used = hashlib.sha256(repr(sorted(model.prompts.items())).encode()).hexdigest()[:8]
    name = directory.resolve().name if Path(name_or_path).is_dir() else name_or_path
    fingerprint = f"{name}-fp32-{model_files.digest(directory)}-{used}"
    return TorchEmbedder(model, fingerprint=fingerprint)


def _first_line(fault: Exception) -> str:
    return next(iter(str(fault).splitlines()), type(fault).__name__).rstrip(".")
