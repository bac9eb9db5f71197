"""What every test may use: no network, a tiny embedder, a data directory, the measuring data."""

from __future__ import annotations

import os
import signal
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from benchmarks.postgres_server import PostgresServer, in_memory, new_database
from corpus.progress import Progress
from index.model import Vectors, Verdict
from index.postgres.connections import close_all

CHECKOUT = Path(__file__).resolve().parents[1]
GOLD = Path(__file__).with_name("gold")
# No test depends on speed, and the examples of a test share its fixtures.
settings.register_profile(
    "zhengwen",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
# Ten thousand operations of a state machine: `pytest -n0 --hypothesis-profile=long FILE`.
settings.register_profile("long", settings.get_profile("zhengwen"), max_examples=200, stateful_step_count=50)
settings.load_profile("zhengwen")

PAPERS = ("guangdong", "hubei", "hunan", "yiyang", "zhejiang")


def pytest_configure() -> None:
    """Prepares this process, and those that it starts."""
    # Interrupts reach the tests; what a shell starts in the background ignores them.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # Temporary files are in memory unless TMPDIR says where: thousands of commits would wait for the disk.
    if "TMPDIR" not in os.environ and (folder := in_memory()):
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """No test leaves this machine; servers under test listen on the loopback."""
    for item in items:
        item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1"]))


class TinyEmbedder:
    """Hashed character bigrams: the same on every machine, at once, and alike for like words.

    One more component is the same for every text, so that cosines crowd into 0.7–1 as those of models do.
    """

    dimension = 257
    fingerprint = "tiny-bigrams-257"

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if progress is not None:
            progress(len(texts), len(texts), "embedding")
        rows = [self.embed_query(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        vector = np.zeros(self.dimension, dtype=np.float32)
        padded = f" {text} "
        for first, second in pairwise(padded):
            vector[zlib.crc32((first + second).encode("utf-8", "replace")) % (self.dimension - 1)] += 1.0
        vector *= np.sqrt(0.3) / np.linalg.norm(vector)
        vector[-1] = np.sqrt(0.7)
        return vector


class TinyReader:
    """A sentence answers by the share of the question's characters in it; the rest is another matter.

    A sentence with a question mark states no fact, and one that contains 不 contradicts by that share.
    """

    fingerprint = "tiny-characters"

    def judge(self, question: str, sentences: Sequence[str]) -> list[Verdict]:
        return [self._verdict(question, sentence) for sentence in sentences]

    def _verdict(self, question: str, sentence: str) -> Verdict:
        asked = set(question)
        share = len(asked & set(sentence)) / max(len(asked), 1)
        if "？" in sentence:
            return Verdict(answers=0.0, unstated=share, contradicts=0.0, other=1 - share)
        if "不" in sentence:
            return Verdict(answers=0.0, unstated=0.0, contradicts=share, other=1 - share)
        return Verdict(answers=share, unstated=0.0, contradicts=0.0, other=1 - share)


@pytest.fixture(scope="session")
def tiny_embedder() -> TinyEmbedder:
    return TinyEmbedder()


@pytest.fixture(scope="session")
def tiny_reader() -> TinyReader:
    return TinyReader()


@pytest.fixture(scope="session")
def nothing_set() -> Iterator[None]:
    """No variable of this machine sets anything: for what is made once for many tests."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        _unset(monkeypatch)
        yield


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of this machine sets anything."""
    _unset(monkeypatch)


def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("ZHENGWEN_"):
            monkeypatch.delenv(name)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """An empty data directory."""
    path = tmp_path / "data"
    path.mkdir()
    return path


@pytest.fixture(scope="session")
def gold() -> Path:
    """Hand-made structures of the five papers, and questions about them."""
    return GOLD


@pytest.fixture(scope="session")
def shared() -> Path:
    """The public data sets beside the checkout, or where SHARED_DATA says."""
    path = Path(os.environ.get("SHARED_DATA") or CHECKOUT.parent / "shared")
    if not path.is_dir():
        pytest.skip(f"no public data sets at {path}; set SHARED_DATA to the folder that contains datasets/")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a server with pgvector: the one of TEST_POSTGRES_URL, else one that the tests start."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield given
        return
    server = PostgresServer()
    yield server.url()
    close_all()
    server.stop()


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """An empty database."""
    return new_database(postgres)
