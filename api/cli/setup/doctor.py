"""Checks papers, model, index and records. Builds and repairs nothing; every problem names its cure."""

from __future__ import annotations

import platform
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from api.records.schema.database import look
from api.settings import Settings
from corpus.errors import StoreError, ZhengwenError
from index.embedding import bundled
from index.errors import IndexMissing, ModelFault
from index.model import Embedder
from rag.assemble import chunking_of, engine_of, open_embedder, open_reader
from rag.evidence.judgement import packaged_judgement
from rag.stored_papers import open_store

_PACKAGES = ("zhengwen", "torch", "sentence-transformers", "onnxruntime", "faiss-cpu", "fastapi")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked."""

    name: str
    ok: bool
    found: str  # the result; for a problem, what is wrong and the cure


def checks(settings: Settings) -> Iterator[Check]:
    """Checks everything that answers depend on, in order of dependency."""
    yield _checked("versions", _versions)
    yield _checked("data folder", lambda: _data_folder(settings))
    yield _checked("papers", lambda: _papers(settings))
    yield _checked("records", lambda: look(settings.service_url))
    yield _checked("rates", lambda: _rates(settings))
    yield from _model_and_index(settings)


def _model_and_index(settings: Settings) -> Iterator[Check]:
    is_bundled = settings.embedding.model == "bundled"
    try:
        converted = settings.uses_bundled and bundled.is_complete(_model_folder(settings))
    except ModelFault as error:
        yield Check("model", False, str(error))
        return
    if is_bundled and not converted:
        # What the first start creates by itself is not a problem when it is missing.
        yield _checked("model", lambda: _unconverted(settings))
        yield Check("index", True, "not checked, as it needs the model")
        return
    try:
        model = open_embedder(settings)
        width = len(model.embed_query("检查"))
    except ModelFault as error:
        yield Check("model", False, str(error))
        return
    if converted and (damaged := bundled.damaged_files(_model_folder(settings))):
        place = str(_model_folder(settings))
        yield Check("model", False, f"{', '.join(damaged)} in {place!r} was altered. Remove the folder")
        return
    yield Check("model", True, f"{model.fingerprint}, {width} dimensions")
    needed = settings.answer.reader and not converted
    yield _checked("reader", lambda: _unconverted(settings) if needed else _reader(settings))
    yield _checked("index", lambda: _index(settings, model))


def _checked(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except ZhengwenError as error:
        return Check(name, False, str(error))
    except PackageNotFoundError as error:
        return Check(name, False, f"{error.name} is not installed. Run `pip install zhengwen` again")
    except OSError as error:
        return Check(name, False, f"{error}. Check the path and its permissions, or set another")


def _versions() -> str:
    installed = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return f"Python {platform.python_version()}, {installed}"


def _data_folder(settings: Settings) -> str:
    _try_writing(settings.data_dir)
    return str(settings.data_dir) + ("" if settings.data_dir.exists() else " is made at the first start")


def _model_folder(settings: Settings) -> Path:
    """Returns the folder of the bundled model. Raises ModelFault as `bundled.name_of` does."""
    return settings.cache_dir / bundled.name_of(settings.embedding.precision)


def _reader(settings: Settings) -> str:
    reader = open_reader(settings)
    if reader is None:
        return "turned off by ZHENGWEN_ANSWER__READER"
    reader.judge("检查", ["检查"])
    return f"{reader.fingerprint}, judgement {packaged_judgement().fingerprint}"


def _unconverted(settings: Settings) -> str:
    _try_writing(settings.cache_dir)
    return "not converted yet; the first `zhengwen ask` converts it"


def _try_writing(folder: Path) -> None:
    """Raises OSError when the folder cannot be created or written to."""
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    with tempfile.TemporaryFile(dir=there):
        pass


def _papers(settings: Settings) -> str:
    if not settings.database_url and not settings.data_dir.exists():
        return "none yet; the first `zhengwen ask` stores the five that come with the program"
    with open_store(settings) as store:
        return f"{len(store.in_use())} in the store"


def _rates(settings: Settings) -> str:
    """The counts of requests. They are worthless after a minute, so a damaged file is deleted."""
    path = settings.data_dir / "rates.db"
    if settings.server.limits_url:
        return "counted at ZHENGWEN_SERVER__LIMITS_URL, which is not checked"
    if not path.exists():
        return "none yet; the first start of the service makes rates.db"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as database:
            (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
            database.execute("BEGIN IMMEDIATE").close()
            database.rollback()
    except sqlite3.Error as error:
        found = str(error)
    if found != "ok":
        raise StoreError(
            f"{str(path)!r} does not work: {found}. Stop the service and delete rates.db, rates.db-wal and "
            "rates.db-shm: they only count the requests of the last minutes, and are made again"
        )
    return "rates.db opens"


def _index(settings: Settings, model: Embedder) -> str:
    if not settings.data_dir.exists():
        return "not built yet; the first `zhengwen ask` builds it"
    with open_store(settings) as store:
        try:
            opened = engine_of(settings).open(
                store,
                fingerprint=model.fingerprint,
                corpus_hash=store.corpus_hash(),
                chunking=chunking_of(settings),
            )
        except IndexMissing:
            return "not built yet; the first `zhengwen ask` builds it"
    return f"generation {opened.number}, {opened.manifest.chunks} chunks, whole and up to date"
