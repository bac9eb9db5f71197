"""Opens an assistant over a public corpus, in a separate data folder, apart from all other papers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

import corpus
from corpus.progress import Progress
from evals.public.files import CORPUS, PublicSet
from evals.public.papers import papers_of
from index.errors import IndexDamaged, IndexStale, IndexVersion
from rag.assemble import EmbedderFactory, ingest, open_assistant, open_embedder
from rag.assistant import Assistant
from rag.ranking import Ranking
from rag.settings import Settings
from rag.stored_papers import open_store

_DIGITS = 16  # of the digest that names a folder
_LINES = "lines.json"
# The packages and modules that turn lines into clauses, and the tables of words that they read.
_READERS = ("corpus", "evals/public/paper_builder.py", "evals/public/papers.py")
_KINDS = (".py", ".tsv")


class _Kept(BaseModel):
    """The contents of the folder's index file, written when all papers are stored."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reader: str  # digest of the code that read them
    lines: dict[str, str]  # corpus line by clause key


@dataclass(frozen=True, slots=True)
class Opened:
    """The assistant, and the corpus line of each clause, by clause key."""

    assistant: Assistant
    lines: Mapping[str, str]


def open_corpus(
    public: PublicSet,
    *,
    settings: Settings,
    progress: Progress | None = None,
    embedder: EmbedderFactory = open_embedder,
    ranking: Ranking | None = None,
) -> Opened:
    """Stores the corpus as papers and indexes it the first time; later runs open the existing folder.

    The folder is in the cache directory, named by the digest of corpus.jsonl. It may be deleted at any time.
    """
    corpus = (public.folder / CORPUS).read_bytes()
    folder = settings.cache_dir / "public-sets" / hashlib.sha256(corpus).hexdigest()[:_DIGITS]
    own = settings.model_copy(update={"data_dir": folder, "database_url": ""})
    lines = _kept(own, public, progress=progress)
    model = embedder(own, progress)

    def opened() -> Assistant:
        return open_assistant(own, progress=progress, embedder=lambda *_: model, ranking=ranking)

    try:
        return Opened(opened(), lines)
    except (IndexStale, IndexVersion, IndexDamaged):
        ingest(own, (), progress=progress, embedder=lambda *_: model)
        return Opened(opened(), lines)


def _kept(settings: Settings, public: PublicSet, *, progress: Progress | None) -> Mapping[str, str]:
    """Stores the papers and returns the line of each clause.

    Papers read by other code are read again; the vectors of unchanged clauses are reused.
    """
    file, reader = settings.data_dir / _LINES, _reader()
    try:
        kept = _Kept.model_validate_json(file.read_bytes())
    except (FileNotFoundError, ValidationError):
        kept = None
    if kept is not None and kept.reader == reader:
        return kept.lines
    lines = _read(settings, public, progress=progress)
    file.write_text(_Kept(reader=reader, lines=lines).model_dump_json(), encoding="utf-8")
    return lines


def _read(settings: Settings, public: PublicSet, *, progress: Progress | None) -> dict[str, str]:
    lines: dict[str, str] = {}
    ids, done = set(), 0
    with open_store(settings) as store:
        for paper in papers_of(public.corpus):
            store.add(paper.document, original=paper.document.source.original.encode())
            ids.add(paper.document.id)
            lines |= paper.lines
            done += len(set(paper.lines.values()))
            if progress is not None:
                progress(done, len(public.corpus), "reading")
        for left in store.in_use().keys() - ids:
            store.remove(left)
    return lines


def reader_files() -> list[Path]:
    """Returns the modules and tables that turn lines into clauses; when one changes, lines are read again."""
    root = Path(corpus.__file__).parents[1]
    places = [root / name for name in _READERS]
    return [
        file
        for place in places
        for file in ([place] if place.is_file() else sorted(place.rglob("*")))
        if file.suffix in _KINDS
    ]


def _reader() -> str:
    """Returns a digest of the modules and tables that turn lines into clauses."""
    digest = hashlib.sha256()
    for file in reader_files():
        digest.update(file.read_bytes())
    return digest.hexdigest()
