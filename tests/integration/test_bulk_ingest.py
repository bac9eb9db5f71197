"""Bulk ingest stores what `ingest` stores, once, whatever dies meanwhile."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import pytest_socket
from small_s3 import small_s3

from benchmarks.bulk.papers import hashed_pairs, mortal, write_small
from corpus.errors import UnreadableDocument
from corpus.progress import Progress
from corpus.report import Failed, Ingested
from index.build.engine import Behind
from index.model import Embedder, Vectors
from rag.assemble import IngestReport, engine_of, ingest
from rag.bulk.ingest import bulk_ingest
from rag.bulk.model import Engine
from rag.errors import BulkFault, ExtraMissing
from rag.settings import BulkSettings, Settings
from rag.stored_papers import open_store

# Ray Data warns of its own defaults.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:ray.data.context")
_PAPERS = 6
_KEY = "reader"


@pytest.fixture(autouse=True)
def _processes_talk() -> None:
    """Processes of this machine talk over its loopback and over sockets in its file system."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """Small papers, one that cannot be read, and a file of another kind."""
    folder = tmp_path / "papers"
    write_small(folder, _PAPERS)
    (folder / "empty.txt").write_text("", encoding="utf-8")
    (folder / "notes.xyz").write_text("no paper", encoding="utf-8")
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", starting_papers=False)


def _stored(settings: Settings) -> dict[str, str]:
    """The papers with their contents, after checking that the index has each clause once."""
    with open_store(settings) as store:
        faults = [one for one in engine_of(settings).verify(store) if not isinstance(one, Behind)]
        assert not faults
        assert not [one for one in engine_of(settings).verify(store) if isinstance(one, Behind)]
        assert all(len(store.versions(one)) == 1 for one in store.in_use())
        return store.in_use()


@pytest.fixture
def expected(settings: Settings, papers: Path, tmp_path: Path) -> tuple[IngestReport, dict[str, str]]:
    """What the ordinary `ingest` reports and stores."""
    own = settings.model_copy(update={"data_dir": tmp_path / "ordinary"})
    report = ingest(own, [papers], embedder=hashed_pairs)
    return report, _stored(own)


def _files(report: IngestReport) -> list[object]:
    return [str(one.error) if isinstance(one, Failed) else one for one in report.files]


@pytest.mark.parametrize("engine", [Engine.ONE, Engine.POOL, Engine.AUTO])
def test_report_and_papers_are_those_of_ingest(
    settings: Settings, papers: Path, expected: tuple[IngestReport, dict[str, str]], engine: Engine
) -> None:
    told = list[tuple[int, int]]()
    report = bulk_ingest(
        settings,
        [str(papers)],
        engine=engine,
        workers=2,
        embedder=hashed_pairs,
        progress=lambda done, total, _: told.append((done, total)),
    )
    assert sorted(map(str, _files(report))) == sorted(map(str, _files(expected[0])))
    assert _stored(settings) == expected[1]
    assert (_PAPERS + 1, _PAPERS + 1) in told
    assert not list((settings.data_dir / "bulk").rglob("*.npy"))
    again = bulk_ingest(settings, [str(papers)], engine=Engine.ONE, embedder=_none)
    assert sum(isinstance(one, Ingested) for one in again.files) == _PAPERS
    assert {one.change.__class__.__name__ for one in again.files if isinstance(one, Ingested)} == {
        "Unchanged"
    }
    assert [one.recognised for one in again.files if isinstance(one, Ingested)] == [
        one.recognised for one in report.files if isinstance(one, Ingested)
    ]


def _none(settings: Settings, progress: Progress | None = None) -> Embedder:
    return _NoModel()


class _NoModel:
    """A model that must not be asked."""

    fingerprint, dimension = "hashed-pairs-64", 64

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        raise AssertionError("nothing has to be embedded")

    def embed_query(self, text: str) -> Vectors:
        raise AssertionError("nothing has to be embedded")


@pytest.mark.parametrize("engine", [Engine.POOL, Engine.RAY])
def test_workers_that_die_are_replaced(
    settings: Settings,
    papers: Path,
    expected: tuple[IngestReport, dict[str, str]],
    engine: Engine,
    tmp_path: Path,
) -> None:
    """Two die at one paper, which is read by the next; all die at another one, which keeps no other out."""
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    for number in range(2):
        (deaths / str(number)).touch()
    report = bulk_ingest(settings, [str(papers)], engine=engine, workers=2, embedder=mortal)
    assert not list(deaths.iterdir())
    (failed,) = (one for one in report.files if isinstance(one, Failed) and "00005" in one.path)
    assert "the process that read it died 3 times" in str(failed.error)
    deaths.rmdir()
    stored = _stored(settings)
    assert len(stored) == _PAPERS - 1
    assert stored.items() <= expected[1].items()
    bulk_ingest(settings, [str(papers)], engine=Engine.ONE, embedder=mortal)
    assert _stored(settings) == expected[1]


_KILLED = """
import os, signal, sys
from pathlib import Path
from benchmarks.bulk.papers import hashed_pairs
from rag.bulk.ingest import bulk_ingest
from rag.bulk.model import Engine
from rag.settings import Settings

def told(done, total, what):
    if done == int(sys.argv[3]) and what.endswith(".txt"):
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    settings = Settings(data_dir=folder / "data", cache_dir=folder / "cache", starting_papers=False)
    import rag.bulk.ingest
    rag.bulk.ingest._FILES_AT_ONCE = 1
    bulk_ingest(settings, [sys.argv[2]], engine=Engine.POOL, workers=1, embedder=hashed_pairs, progress=told)
"""


def test_a_command_that_is_killed_is_begun_again(
    settings: Settings, papers: Path, expected: tuple[IngestReport, dict[str, str]], tmp_path: Path
) -> None:
    script = tmp_path / "killed.py"
    script.write_text(_KILLED, encoding="utf-8")
    checkout = Path(__file__).resolve().parents[2]
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    killed = subprocess.run(
        [sys.executable, str(script), str(tmp_path), str(papers), "4"], env=environment, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    with open_store(settings) as store:
        assert 0 < len(store.in_use()) < _PAPERS
    bulk_ingest(settings, [str(papers)], engine=Engine.ONE, embedder=hashed_pairs)
    assert _stored(settings) == expected[1]


@pytest.fixture
def in_bucket(papers: Path, settings: Settings) -> Iterator[Settings]:
    """The same papers in a bucket."""
    objects = {f"city/papers/{path.name}": path.read_bytes() for path in papers.iterdir()}
    objects |= {"city/papers/.hidden/a.txt": b"hidden", "city/other/b.txt": b"other"}
    with small_s3(objects, key=_KEY) as address:
        bulk = BulkSettings(
            bucket_endpoint=address, bucket_region="r", bucket_access_key=_KEY, bucket_secret_key="secret"
        )
        yield settings.model_copy(update={"bulk": bulk})


def test_papers_of_a_bucket(in_bucket: Settings, expected: tuple[IngestReport, dict[str, str]]) -> None:
    report = bulk_ingest(
        in_bucket, ["s3://city/papers"], engine=Engine.POOL, workers=2, embedder=hashed_pairs
    )
    assert _stored(in_bucket) == expected[1]
    paths = {one.path for one in report.files}
    assert {"s3://city/papers/00001.txt", "s3://city/papers/empty.txt", "s3://city/papers"} == {
        path for path in paths if path.endswith(("1.txt", "empty.txt", "papers"))
    }
    assert not any("hidden" in path for path in paths)
    one = bulk_ingest(in_bucket, ["s3://city/papers/00002.txt"], engine=Engine.ONE, embedder=hashed_pairs)
    assert [type(file) for file in one.files] == [Ingested]


def test_a_bucket_that_refuses_names_the_settings(in_bucket: Settings) -> None:
    bulk = in_bucket.bulk.model_copy(update={"bucket_access_key": "stranger"})
    stranger = in_bucket.model_copy(update={"bulk": bulk})
    with pytest.raises(BulkFault, match=r"s3://city/papers.*ZHENGWEN_BULK__BUCKET_ACCESS_KEY"):
        bulk_ingest(stranger, ["s3://city/papers"], embedder=hashed_pairs)
    empty = bulk_ingest(in_bucket, ["s3://city/nothing"], embedder=hashed_pairs)
    assert "no file in it can be read" in str(_files(empty)[0])


@pytest.mark.parametrize(
    ("module", "place", "extra"),
    [("ray", "", "ray"), ("pyarrow.fs", "s3://city/papers", "s3")],
)
def test_an_extra_that_is_not_installed_is_named(
    settings: Settings,
    papers: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    place: str,
    extra: str,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ExtraMissing, match=rf"zhengwen\[{extra}\]"):
        bulk_ingest(settings, [place or str(papers)], engine=Engine.RAY, embedder=hashed_pairs)


def test_an_error_crosses_processes() -> None:
    error = UnreadableDocument("a.pdf", "it is empty", "Check it")
    received = pickle.loads(pickle.dumps(error))
    assert (str(received), received.reason, received.cure) == (str(error), error.reason, error.cure)
