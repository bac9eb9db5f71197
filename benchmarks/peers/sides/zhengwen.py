"""This program: every format, clauses, facts and metadata read, and questions answered with quotes."""

from __future__ import annotations

from pathlib import Path

from index.model import Embedder
from rag.assemble import ingest, open_assistant, open_embedder
from rag.assistant import Assistant
from rag.model import Question
from rag.settings import Settings


class _Side:
    def __init__(self, settings: Settings, model: Embedder) -> None:
        self._settings, self._model = settings, model
        self._assistant: Assistant | None = None
        self._folder = Path()

    def ingest(self, papers: list[Path], folder: Path) -> None:
        # The vectors of the papers that come with the program are known; a rebuild computes them, too.
        self._assistant, self._folder = None, folder
        ingest(self._at(folder), papers, rebuild=True, embedder=lambda *_: self._model)

    def ask(self, question: str) -> None:
        if self._assistant is None:
            self._assistant = open_assistant(self._at(self._folder), embedder=lambda *_: self._model)
        self._assistant.ask(Question(question))

    def _at(self, folder: Path) -> Settings:
        return self._settings.model_copy(update={"data_dir": folder})


def opened(model: Path) -> _Side:
    """Opens the bundled model in int8, beside the float32 one of the others."""
    settings = Settings(cache_dir=model.parent, starting_papers=False)
    return _Side(settings, open_embedder(settings))
