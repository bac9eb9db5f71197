"""Embedders: text to vectors, all of them by way of sentence-transformers.

Importing torch and sentence-transformers takes seconds, so this module does it only when an
embedder is opened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from corpus.progress import Progress
from index.conversion import convert as e5
from index.conversion import directory as e5_directory
from index.conversion import vocabulary as e5_vocabulary
from index.embedding import model_files
from index.errors import ModelFault
from index.model import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_HIDDEN = 384  # width of multilingual-e5-small
_LONGEST = 512  # tokens; the rest of a longer text is not seen
_TEXTS_AT_ONCE = 16  # between two calls of progress; big enough to keep all threads busy
_PADDED_AT_ONCE = 8  # torch pads a batch to its longest text; larger batches waste more on padding


class SentenceEmbedder:
    """An `index.model.Embedder` over any SentenceTransformer."""

    def __init__(self, model: SentenceTransformer, *, fingerprint: str, batch: int) -> None:
        self._model, self._fingerprint, self._batch = model, fingerprint, batch
        dimension = model.get_embedding_dimension()
        if dimension is None:
            raise ModelFault(f"{fingerprint!r} does not tell the size of its vectors. Choose another model")
        self._dimension = dimension

    @property
    def fingerprint(self) -> str:
        """Names model, weights and precision."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """(len(texts), dimension), float32, rows normalised, in the order of `texts`."""
        vectors = np.empty((len(texts), self._dimension), np.float32)
        # Texts of like length share a batch: little padding, and no thread waits long for another.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
        for start in range(0, len(order), self._batch):
            batch = order[start : start + self._batch]
            vectors[batch] = self._model.encode_document(
                [texts[i] for i in batch],
                batch_size=self._batch,
                show_progress_bar=False,
                normalize_embeddings=True,
            )
            if progress is not None:
                progress(start + len(batch), len(order), "embedding")
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """(dimension,), float32, normalised."""
        vector = self._model.encode_query(text, show_progress_bar=False, normalize_embeddings=True)
        return np.asarray(vector, np.float32)


def bundled(model_dir: Path, *, precision: Literal["int8", "fp32"], threads: int) -> SentenceEmbedder:
    """The model that `e5.ensure` converted, in onnxruntime on `threads` threads; no network."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling

    from index.embedding.onnx_encoder import OrtEncoder

    encoder = OrtEncoder(
        model_dir / e5_directory.GRAPHS[precision],
        model_dir / e5_directory.TOKENIZER,
        longest=_LONGEST,
        threads=threads,
    )
    model = SentenceTransformer(
        modules=[encoder, Pooling(_HIDDEN, "mean"), Normalize()],
        prompts=e5_directory.PROMPTS,
        device="cpu",
    )
    fingerprint = (
        f"multilingual-e5-small-{precision}-{e5.SOURCE_SHA256[:12]}-v{e5_vocabulary.RULE}.{e5.FORMAT}"
    )
    return SentenceEmbedder(model, fingerprint=fingerprint, batch=_TEXTS_AT_ONCE)


def sentence_transformer(
    name_or_path: str,
    *,
    device: str | None,
    threads: int,
    query_prompt: str = "",
    document_prompt: str = "",
) -> SentenceEmbedder:
    """Any sentence-transformers model, in torch and float32; `device` None takes the best there is.

    The prompts given serve a model that carries none of its own. A hub name is downloaded when it is
    not cached. `threads` holds for all torch work of the process. Raises ModelFault when the model
    cannot be had or is not one.
    """
    directory = model_files.locate(name_or_path)
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    try:
        # Weights kept in half precision run several times slower on a CPU than in float32.
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
    return SentenceEmbedder(model, fingerprint=fingerprint, batch=_PADDED_AT_ONCE)


def _first_line(fault: Exception) -> str:
    return next(iter(str(fault).splitlines()), type(fault).__name__).rstrip(".")
