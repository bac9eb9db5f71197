"""Profiles a question in this process on one thread."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from api.settings import Settings
from index.model import Embedder
from rag.assemble import open_assistant, open_embedder
from rag.model import Question

_QUESTIONS = 100


@dataclass(frozen=True, slots=True)
class Profile:
    """Medians in milliseconds."""

    embed_ms: float
    ask_ms: float

    def lines(self) -> list[str]:
        """Returns the lines of the report."""
        share = self.embed_ms / self.ask_ms
        return [
            f"a question alone in the core, one thread: {self.ask_ms:.1f} ms, of which the embedding model "
            f"takes {self.embed_ms:.1f} ms ({share:.0%})"
        ]


def measure(data_dir: Path, texts: Sequence[str], *, settings: Sequence[str]) -> Profile:
    """Asks the assistant of that data directory in this process."""
    cache = dict(setting.split("=", 1) for setting in settings).get("ZHENGWEN_CACHE_DIR")
    chosen = Settings(data_dir=data_dir)
    embedding = chosen.embedding.model_copy(update={"threads": 1})
    chosen = chosen.model_copy(
        update={"embedding": embedding, "cache_dir": Path(cache) if cache else chosen.cache_dir}
    )
    model = open_embedder(chosen)
    assistant = open_assistant(chosen, embedder=lambda *_: model)
    texts = texts[:_QUESTIONS]
    embed = [_ms_to_embed(model, text) for text in texts]
    ask = []
    for text in texts:
        began = time.perf_counter()
        assistant.ask(Question(text))
        ask.append(1000 * (time.perf_counter() - began))
    return Profile(embed_ms=statistics.median(embed), ask_ms=statistics.median(ask))


def _ms_to_embed(model: Embedder, text: str) -> float:
    began = time.perf_counter()
    model.embed_query(text)
    return 1000 * (time.perf_counter() - began)
