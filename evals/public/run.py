"""Measures search, answers and refusals on a public test set.

found = measure(folder, settings=settings)
print(evals.beir_report.as_text(found))
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from corpus.progress import Progress
from evals.public.asking import Asked, ask_all
from evals.public.corpus import open_corpus
from evals.public.files import is_public_set, load_public_set
from evals.public.retrieval import Ranked, rank
from rag.assemble import EmbedderFactory, open_embedder
from rag.info import Info
from rag.settings import Settings

__all__ = ["PublicReport", "is_public_set", "measure"]


@dataclass(frozen=True, slots=True)
class PublicReport:
    """All questions of a public set with their scores."""

    name: str
    info: Info  # of the assistant that was asked
    lines: int  # of the corpus
    ranked: tuple[tuple[str, tuple[Ranked, ...]], ...]  # by name of the query file
    asked: tuple[Asked, ...]


def measure(
    folder: Path,
    *,
    settings: Settings,
    split: str = "",
    sample: int = 0,
    progress: Progress | None = None,
    embedder: EmbedderFactory = open_embedder,
) -> PublicReport:
    """Searches for and asks the questions of the set in `folder`.

    The first time the corpus is embedded, which takes about 20 s for a thousand lines. `split` selects the
    questions of that split, and those without one; `sample` so many of each file. Raises FolderFault when
    the folder contains no such set.
    """
    public = load_public_set(folder, split=split, sample=sample)
    opened = open_corpus(public, settings=settings, progress=progress, embedder=embedder)
    ranked = [
        (found.name, tuple(rank(found, opened, clauses=settings.search.candidates, progress=progress)))
        for found in public.query_sets
    ]
    asked = ask_all(public, opened, threshold=opened.assistant.info().threshold, progress=progress)
    return PublicReport(
        name=_name(folder),
        info=opened.assistant.info(),
        lines=len(public.corpus),
        ranked=tuple(ranked),
        asked=tuple(asked),
    )


def _name(folder: Path) -> str:
    """Returns the folder's name, with that of the parent folder: policy-qa/passages."""
    whole = folder.resolve()
    above = whole.parent
    return f"{above.name}/{whole.name}" if is_public_set(above) else whole.name
