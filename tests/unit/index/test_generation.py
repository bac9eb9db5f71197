"""Building, verifying and activating generations of the index."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from indexed import five

from corpus.model import Document
from corpus.progress import Progress
from corpus.store.papers import Store
from index.build import atomic_files as files
from index.build.builder import build
from index.build.chunks import chunk_document, embedded_text, sentences_of
from index.build.embedded import EmbeddedEngine
from index.build.generation import Generation, open_generation
from index.build.manifest import Chunking
from index.errors import IndexBehind, IndexDamaged, IndexFault, IndexMissing, IndexStale, IndexVersion
from index.model import ChunkPlace, Embedder, Fusion, Vectors
from index.search.hybrid import HybridSearcher

CHUNKING = Chunking()


class Counting:
    """An embedder that counts what it embeds."""

    def __init__(self, embedder: Embedder, *, fingerprint: str = "") -> None:
        self._embedder = embedder
        self.fingerprint = fingerprint or embedder.fingerprint
        self.dimension = embedder.dimension
        self.embedded = 0

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.embedded += len(texts)
        return self._embedder.embed_documents(texts, progress)

    def embed_query(self, text: str) -> Vectors:
        return self._embedder.embed_query(text)


@pytest.fixture
def embedder(tiny_embedder: Embedder) -> Counting:
    return Counting(tiny_embedder)


@pytest.fixture(scope="module")
def five_stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the five papers."""
    path = tmp_path_factory.mktemp("five") / "papers.sqlite"
    with Store(f"sqlite:///{path}") as opened:
        for document in five():
            opened.add(document)
    return path


@pytest.fixture
def store(data_dir: Path, five_stored: Path) -> Iterator[Store]:
    path = shutil.copyfile(five_stored, data_dir / "papers.sqlite")
    with Store(f"sqlite:///{path}") as opened:
        yield opened


@pytest.fixture
def folder(data_dir: Path) -> Path:
    return data_dir / "index"


def opened(store: Store, folder: Path, embedder: Embedder, chunking: Chunking = CHUNKING) -> Generation:
    return open_generation(
        folder,
        fingerprint=embedder.fingerprint,
        corpus_hash=store.corpus_hash(),
        chunking=chunking,
    )


def chunks(generation: Generation) -> list[ChunkPlace]:
    """The chunks that are searched, in their order."""
    places = np.arange(len(generation.rows))
    spans = generation.rows.at(places)
    documents = generation.rows.documents_at(places)
    found: dict[int, ChunkPlace] = {}
    for number, part in enumerate(generation.rows.parts):
        here = np.flatnonzero(spans.parts == number)
        of_part = part.segment.places(spans.rows[here], [documents[at] for at in here])
        found |= dict(zip(here.tolist(), of_part, strict=True))
    return [found[place] for place in range(len(places))]


def _hybrid(generation: Generation, embedder: Embedder) -> HybridSearcher:
    return HybridSearcher(generation.searcher(Fusion()), terms=generation.terms, embedder=embedder)


def test_what_is_built_can_be_opened(store: Store, folder: Path, embedder: Counting) -> None:
    steps: list[tuple[int, int, str]] = []
    built = build(
        store,
        folder,
        embedder=embedder,
        chunking=CHUNKING,
        calibration={},
        progress=lambda *step: steps.append(step),
    )
    again = opened(store, folder, embedder)
    assert again.manifest == built.manifest
    assert chunks(again) == chunks(built)
    assert again.manifest.documents == 5
    assert {what for _, _, what in steps} == {"embedding", "indexing"}
    assert all(0 < done <= total for done, total, _ in steps)
    question = "湖南首次获得药品注册批件的创新药奖补多少"
    hits = [_hybrid(g, embedder).search(question, k=5) for g in (built, again)]
    assert hits[0] == hits[1]
    place = hits[0][0].chunk
    (document,) = (paper for paper in five() if paper.id == place.document_id)
    assert "对首次获得药品注册批件的创新药" in document.text[place.start : place.end]


def test_an_engine_keeps_what_it_has_open_until_another_index_is_in_use(
    store: Store, folder: Path, embedder: Counting
) -> None:
    engine = EmbeddedEngine(folder)

    def built(papers: Store) -> Generation:
        return engine.build(papers, embedder=embedder, chunking=CHUNKING, calibration={})

    def reopened(papers: Store) -> Generation:
        return engine.open(
            papers, fingerprint=embedder.fingerprint, corpus_hash=papers.corpus_hash(), chunking=CHUNKING
        )

    first = built(store)
    assert reopened(store) is first
    store.withdrawals.withdraw("hubei", reason="")
    with pytest.raises(IndexBehind):
        reopened(store)
    second = built(store)
    assert reopened(store) is second
    assert "hubei" not in second.rows.documents
    # Another index in the place of this one has the same numbers.
    shutil.rmtree(folder)
    build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    store.withdrawals.restore("hubei")
    build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    third = reopened(store)
    assert third.number == second.number
    assert third.rows.documents == first.rows.documents


def test_an_open_index_keeps_no_text(store: Store, folder: Path, tiny_embedder: Embedder) -> None:
    build(store, folder, embedder=tiny_embedder, chunking=CHUNKING, calibration={})
    generation = opened(store, folder, tiny_embedder)
    assert not any(hasattr(place, "text") for place in chunks(generation))
    for path in (folder / "segments").rglob("*"):
        assert path.is_dir() or "新药" not in path.read_bytes().decode("utf-8", "ignore"), path


def test_building_twice_gives_the_same_files(store: Store, folder: Path, embedder: Counting) -> None:
    first = build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    second = build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={}, rebuild=True)
    assert (first.number, second.number) == (1, 2)
    assert first.manifest == second.manifest


def test_only_what_is_new_is_embedded(store: Store, folder: Path, embedder: Counting) -> None:
    build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    first = embedder.embedded
    build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    assert embedder.embedded == first
    removed = five()[0]
    store.remove(removed.id)
    smaller = build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    assert embedder.embedded == first
    assert removed.id not in {chunk.document_id for chunk in chunks(smaller)}
    store.add(removed)
    whole = build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    assert embedder.embedded == first  # another generation has its vectors yet
    assert len(whole.rows) > len(smaller.rows)


def _texts(documents: Sequence[Document]) -> set[str]:
    """The embedded texts of papers, each once."""
    return {embedded_text(c) for d in documents for c in (*chunk_document(d), *sentences_of(d))}


def test_another_model_needs_its_own_vectors(store: Store, folder: Path, embedder: Counting) -> None:
    build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    other = Counting(embedder, fingerprint="another-model")
    with pytest.raises(IndexStale, match=r"another-model.*zhengwen ingest"):
        opened(store, folder, other)
    build(store, folder, embedder=other, chunking=CHUNKING, calibration={})
    assert other.embedded == embedder.embedded / 2 > 0
    build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    assert embedder.embedded == 2 * other.embedded  # the generation before has its vectors yet


def test_stale_after_a_change(store: Store, folder: Path, embedder: Counting) -> None:
    build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    with pytest.raises(IndexStale, match="chunk settings"):
        opened(store, folder, embedder, Chunking(300, 20))
    store.remove("hubei")
    with pytest.raises(IndexStale, match="papers were"):
        opened(store, folder, embedder)


def test_nothing_built(store: Store, folder: Path, embedder: Counting) -> None:
    with pytest.raises(IndexMissing, match="zhengwen ingest"):
        opened(store, folder, embedder)


def test_an_empty_store(data_dir: Path, folder: Path, embedder: Counting) -> None:
    with Store(f"sqlite:///{data_dir / 'empty.sqlite'}") as store:
        generation = build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
        assert _hybrid(generation, embedder).search("创新药", k=3) == []


def test_every_byte_is_checked(store: Store, folder: Path, embedder: Counting) -> None:
    generation = build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    (segment,) = generation.manifest.segments
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name not in ("lock", "CURRENT")]
    assert len(paths) == len(list((folder / "segments" / segment.name).iterdir())) + 1
    for path in [*paths, folder / "CURRENT"]:
        data = path.read_bytes()
        middle = len(data) // 2
        altered = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        for damaged in (altered, data[:-1], data[:middle], b""):
            path.write_bytes(damaged)
            with pytest.raises(IndexDamaged, match="--rebuild"):
                opened(store, folder, embedder)
        path.unlink()
        with pytest.raises((IndexDamaged, IndexMissing)):
            opened(store, folder, embedder)
        path.write_bytes(data)
    opened(store, folder, embedder)


@pytest.mark.parametrize(("number", "kind"), [(0, IndexBehind), (1000, IndexVersion)])
def test_another_format(
    store: Store, folder: Path, embedder: Counting, number: int, kind: type[IndexFault]
) -> None:
    build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    data = json.dumps({"format": number, "anything": "else"}).encode()
    (folder / "generations" / "000001" / "manifest.json").write_bytes(data)
    (folder / "CURRENT").write_text(f"000001 {files.sha256(data)}\n")
    with pytest.raises(kind, match=rf"format {number}.*zhengwen ingest"):
        opened(store, folder, embedder)
    assert build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={}).number == 2


def test_building_cures_a_damaged_index(store: Store, folder: Path, embedder: Counting) -> None:
    build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    (file,) = folder.glob("segments/*/chunk_vectors")
    file.write_bytes(b"")
    assert build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={}).number == 2
    shutil.rmtree(folder)
    assert build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={}).number == 1


def test_a_folder_that_cannot_be_written_to_is_named(
    data_dir: Path, store: Store, embedder: Counting
) -> None:
    (data_dir / "file").touch()
    with pytest.raises(IndexDamaged, match="cannot be read"):
        opened(store, data_dir / "file", embedder)
    with pytest.raises(IndexFault, match="ZHENGWEN_DATA_DIR"):
        build(store, data_dir / "file", embedder=embedder, chunking=CHUNKING, calibration={})


def test_an_error_of_the_model_is_not_one_of_the_folder(
    store: Store, folder: Path, embedder: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        raise OSError("the model's file is gone")

    monkeypatch.setattr(embedder, "embed_documents", failing)
    with pytest.raises(OSError, match=r"^the model's file is gone$"):
        build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    with FileLock(folder / "lock", timeout=0):  # another process can build
        pass


def test_a_full_disk_is_named(
    store: Store, folder: Path, embedder: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write", full)
    with pytest.raises(IndexFault, match=r"the disk is full\. Free space"):
        build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})


def test_what_is_open_outlives_its_files(store: Store, folder: Path, embedder: Counting) -> None:
    build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    generation = opened(store, folder, embedder)
    expected = generation.words.scores({"创新": 1.0})
    shutil.rmtree(folder)
    assert np.array_equal(generation.words.scores({"创新": 1.0}), expected)


def test_a_file_among_the_generations_is_ignored(store: Store, folder: Path, embedder: Counting) -> None:
    (folder / "generations").mkdir(parents=True)
    (folder / "generations" / "000007").touch()
    for number in (1, 2, 3):
        built = build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={}, rebuild=True)
        assert built.number == number


def test_the_generation_before_is_kept(store: Store, folder: Path, embedder: Counting) -> None:
    for _ in range(3):
        build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={}, rebuild=True)
    names = sorted(path.name for path in (folder / "generations").iterdir())
    assert names == ["000002", "000003"]


def test_one_builder_at_a_time(store: Store, folder: Path, embedder: Counting) -> None:
    folder.mkdir()
    with FileLock(folder / "lock"), pytest.raises(IndexFault, match="another process"):
        build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={}, wait_s=0.1)
    build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})


_BUILDING = """
import sys
from pathlib import Path

import numpy as np

from corpus.model import Document
from corpus.store.papers import Store
from index.build.builder import build
from index.build.chunks import chunk_document, sentences_of
from index.build.manifest import Chunking


class Flat:
    fingerprint, dimension = "flat", 4

    def embed_documents(self, texts, progress=None):
        print("embedding", flush=True)
        return np.full((len(texts), 4), 0.5, dtype=np.float32)


data = Path(sys.argv[1])
store = Store(f"sqlite:///{data / 'papers.sqlite'}")
print("start", flush=True)
while True:
    build(store, data / "index", embedder=Flat(), chunking=Chunking(), calibration={}, rebuild=True)
    print("built", flush=True)
"""


@pytest.mark.parametrize("lines", [1, 2, 3, 7])
def test_a_killed_build_leaves_the_index_as_it_was(
    store: Store, data_dir: Path, folder: Path, lines: int
) -> None:
    command = [sys.executable, "-c", _BUILDING, str(data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(lines):
            process.stdout.readline()
        process.kill()
    flat = Flat()
    if (folder / "CURRENT").exists():
        generation = opened(store, folder, flat)
    else:
        generation = build(store, folder, embedder=flat, chunking=CHUNKING, calibration={})
    assert len(generation.rows) == generation.manifest.chunks > 100


class Flat:
    """The embedder of the killed process."""

    fingerprint, dimension = "flat", 4

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return np.full((len(texts), 4), 0.5, dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        return np.full(4, 0.5, dtype=np.float32)


def test_a_damaged_paper_keeps_no_other_from_being_indexed(
    store: Store, folder: Path, embedder: Counting, caplog: pytest.LogCaptureFixture
) -> None:
    with store.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE document_versions SET text = replace(text, '0', '8') WHERE document_id = 'hunan'"
        )
    built = build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    assert set(built.rows.documents) == {one.id for one in five()} - {"hunan"}
    assert "hunan" in caplog.text


def test_a_generation_that_was_half_deleted_is_not_taken_for_one(
    store: Store, folder: Path, embedder: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(path: Path) -> None:
        next(path.glob("manifest.json")).unlink()
        raise KeyboardInterrupt

    for number in range(3):
        store.add(replace(five()[0], id=f"copy-{number}", clauses=()))
        if number == 2:
            with monkeypatch.context() as patched:
                patched.setattr(shutil, "rmtree", interrupted)
                with pytest.raises(KeyboardInterrupt):
                    build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
        else:
            build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    assert sorted(path.name for path in (folder / "generations").iterdir()) == [
        "000001.unfinished",
        "000002",
        "000003",
    ]
    store.add(replace(five()[0], id="copy-3", clauses=()))
    build(store, folder, embedder=embedder, chunking=CHUNKING, calibration={})
    assert sorted(path.name for path in (folder / "generations").iterdir()) == ["000003", "000004"]
