"""An assistant over a public corpus, in a data folder of its own so that its papers never mix with others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter

from evals.beir_files import CORPUS, PublicSet
from evals.beir_papers import papers_of
from index.errors import IndexDamaged, IndexStale, IndexVersion
from index.model import Progress
from rag.assemble import EmbedderFactory, ingest, open_assistant, open_embedder, open_store
from rag.assistant import Assistant
from rag.settings import Settings

_FORM = 1  # goes up when lines become papers in another way
_DIGITS = 16  # of the hash that names a folder
_LINES = "lines.json"
_MAPPING = TypeAdapter(dict[str, str])


@dataclass(frozen=True, slots=True)
class Opened:
    """The assistant, and the corpus line that each clause stands for, by clause key."""

    assistant: Assistant
    lines: Mapping[str, str]


def open_corpus(
    public: PublicSet,
    *,
    settings: Settings,
    progress: Progress | None = None,
    embedder: EmbedderFactory = open_embedder,
) -> Opened:
    """Keep the corpus as papers and index it, the first time; later runs open what is there.

    The folder stands in the cache directory under the hash of corpus.jsonl. It may be deleted at any time.
    """
    corpus = (public.folder / CORPUS).read_bytes()
    key = hashlib.sha256(f"{_FORM}\n".encode() + corpus).hexdigest()[:_DIGITS]
    own = settings.model_copy(
        update={"data_dir": settings.cache_dir / "public-sets" / key, "database_url": ""}
    )
    lines = _kept(own, public, progress=progress)
    model = embedder(own, progress)

    def opened() -> Assistant:
        return open_assistant(own, progress=progress, embedder=lambda *_: model)

    try:
        return Opened(opened(), lines)
    except (IndexStale, IndexVersion, IndexDamaged):
        ingest(own, (), progress=progress, embedder=lambda *_: model)
        return Opened(opened(), lines)


def _kept(settings: Settings, public: PublicSet, *, progress: Progress | None) -> Mapping[str, str]:
    """Store the papers and write down which clause is which line; the file is there once all are stored."""
    file = settings.data_dir / _LINES
    if file.is_file():
        return _MAPPING.validate_json(file.read_bytes())
    lines: dict[str, str] = {}
    done = 0
    with open_store(settings) as store:
        for paper in papers_of(public.corpus):
            store.add(paper.document, original=paper.document.source.original.encode())
            lines |= paper.lines
            if progress is not None:
                done += len(set(paper.lines.values()))
                progress(done, len(public.corpus), "reading")
    file.write_text(json.dumps(lines, ensure_ascii=False), encoding="utf-8")
    return lines
