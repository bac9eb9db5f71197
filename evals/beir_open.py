"""An assistant over a public corpus, in a data folder of its own so that its papers never mix with others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from corpus.store import Store
from evals.beir_files import CorpusLine
from evals.beir_papers import papers_of
from index.errors import IndexDamaged, IndexStale, IndexVersion
from index.model import Embedder, Progress
from rag.assemble import EmbedderFactory, ingest, open_assistant, open_embedder, open_store
from rag.assistant import Assistant
from rag.settings import Settings

_FORM = 1  # goes up when lines become papers in another way
_LINES = "lines.json"
_MAPPING = TypeAdapter(dict[str, str])


@dataclass(frozen=True, slots=True)
class Opened:
    """The assistant, and the corpus line that each clause stands for, by clause key."""

    assistant: Assistant
    lines: Mapping[str, str]


def open_corpus(
    corpus: Sequence[CorpusLine],
    *,
    settings: Settings,
    progress: Progress | None = None,
    embedder: EmbedderFactory = open_embedder,
) -> Opened:
    """Keep the corpus as papers and index it, the first time; later runs open what is there.

    The folder stands in the cache directory under the hash of the corpus. It may be deleted at any time.
    """
    folder = settings.cache_dir / "public-sets" / _key(corpus)
    own = settings.model_copy(update={"data_dir": folder, "database_url": ""})
    lines = _kept(own, corpus, progress=progress)
    model = embedder(own, progress)

    def opened() -> Assistant:
        return open_assistant(own, progress=progress, embedder=lambda *_: model)

    try:
        return Opened(opened(), lines)
    except (IndexStale, IndexVersion, IndexDamaged):
        ingest(own, (), progress=progress, embedder=lambda *_: model)
        return Opened(opened(), lines)


def _key(corpus: Sequence[CorpusLine]) -> str:
    digest = hashlib.sha256(f"{_FORM}\n".encode())
    for line in corpus:
        digest.update(line.model_dump_json().encode() + b"\n")
    return digest.hexdigest()[:16]


def _kept(
    settings: Settings, corpus: Sequence[CorpusLine], *, progress: Progress | None
) -> Mapping[str, str]:
    """Store the papers and write down which clause is which line; the file is there once all are stored."""
    file = settings.data_dir / _LINES
    if file.is_file():
        return _MAPPING.validate_json(file.read_bytes())
    lines: dict[str, str] = {}
    with open_store(settings) as store:
        for paper in papers_of(corpus):
            store.add(paper.document, original=paper.document.source.original.encode())
            lines |= paper.lines
            if progress is not None:
                progress(len(set(lines.values())), len(corpus), "reading")
    file.write_text(json.dumps(lines, ensure_ascii=False), encoding="utf-8")
    return lines
