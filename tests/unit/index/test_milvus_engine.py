"""The engine over Milvus follows the papers as the embedded engine does, on Milvus Lite."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import grpc
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexed import five
from milvus_folder import stopped
from milvus_lite.adapter.grpc.servicer import MilvusServicer
from milvus_lite.db import MilvusLite
from pymilvus.client.connection_manager import ConnectionManager
from pymilvus.grpc_gen.milvus_pb2_grpc import add_MilvusServiceServicer_to_server
from test_generation import Counting

from corpus.model import Document
from corpus.store.papers import Store
from corpus.store.upkeep.verification import Fault
from index.build.chunks import chunk_document
from index.build.embedded import EmbeddedEngine
from index.build.engine import Behind, IndexEngine
from index.build.manifest import Chunking
from index.errors import IndexBehind, IndexDamaged, IndexFault, IndexMissing, IndexStale
from index.milvus import collections
from index.milvus.building import MOST_DRIFT
from index.milvus.engine import MilvusEngine, OpenMilvus
from index.milvus.ledger import Ledger
from index.milvus.rows import chunk_fields, paper_key
from index.milvus.server import Server, Where
from index.model import Embedder, Fusion, Match
from index.search.lexical import term_weights

_QUESTIONS = ["湖南首次拿到创新药注册批件能奖多少钱", "多久开一次药事会"]
_WITHIN = 1e-4


class Case:
    """A store, the engine over it, and the embedded one beside it."""

    def __init__(self, folder: Path, uri: str, embedder: Embedder) -> None:
        self.folder, self.uri, self.embedder = folder, uri, embedder
        self.url = f"sqlite:///{folder / 'papers.db'}"
        self.store = Store(self.url)
        self.engine = self.another()
        self.flat = EmbeddedEngine(folder / "flat")

    def another(self, *, prefix: str = "zhengwen", most_drift: float = MOST_DRIFT) -> MilvusEngine:
        return MilvusEngine(
            self.uri,
            token="",
            prefix=prefix,
            index_type="FLAT",
            store_url=self.url,
            folder=self.folder,
            most_drift=most_drift,
        )

    def build(self, *, engine: IndexEngine | None = None, rebuild: bool = False) -> OpenMilvus:
        opened = (engine or self.engine).build(
            self.store, embedder=self.embedder, chunking=Chunking(), calibration={}, rebuild=rebuild
        )
        assert isinstance(opened, OpenMilvus)
        return opened

    def open(self, *, fingerprint: str = "") -> OpenMilvus:
        return self.engine.open(
            self.store,
            fingerprint=fingerprint or self.embedder.fingerprint,
            corpus_hash=self.store.corpus_hash(),
            chunking=Chunking(),
        )

    def matches(self, opened: OpenMilvus, question: str) -> list[Match]:
        vector = self.embedder.embed_query(question)
        return opened.searcher(Fusion()).search(vector, term_weights(question), k=20)

    def found(self, opened: OpenMilvus) -> set[str]:
        """The papers that answer."""
        return {m.chunk.document_id for question in _QUESTIONS for m in self.matches(opened, question)}

    def assert_like_embedded(self, opened: OpenMilvus) -> None:
        """The same chunks with the same scores and sentences as the embedded engine finds."""
        flat = self.flat.build(
            self.store, embedder=self.embedder, chunking=Chunking(), calibration={}
        ).searcher(Fusion())
        for question in _QUESTIONS:
            expected = flat.search(self.embedder.embed_query(question), term_weights(question), k=20)
            for one, other in zip(self.matches(opened, question), expected, strict=True):
                assert one.chunk == other.chunk
                assert one.dense == pytest.approx(other.dense, abs=_WITHIN)
                assert one.lexical == pytest.approx(other.lexical, rel=_WITHIN)
                assert [(s.start, s.end) for s in one.sentences] == [
                    (s.start, s.end) for s in other.sentences
                ]
                assert (one.dense_rank is None) == (other.dense_rank is None)
                assert (one.lexical_rank is None) == (other.lexical_rank is None)


@pytest.fixture
def case(tmp_path: Path, tiny_embedder: Embedder) -> Iterator[Case]:
    with stopped(tmp_path / "index.db") as uri:
        case = Case(tmp_path, uri, tiny_embedder)
        with case.store:
            yield case


def version(name: str, number: int = 0) -> Document:
    """One of several contents of a paper: its first clauses, which quickly are in Milvus Lite."""
    paper = next(one for one in five() if one.id == name)
    return replace(paper, clauses=paper.clauses[: 6 - number])


_PAPERS = st.sampled_from(["hubei", "yiyang", "hunan"])
_STEP = st.tuples(st.sampled_from(["add", "withdraw", "restore", "remove"]), _PAPERS, st.integers(0, 2))
_BUILDS = st.lists(st.lists(_STEP, min_size=1, max_size=4), min_size=1, max_size=2)


@given(_BUILDS)
@settings(max_examples=3)
def test_after_any_changes_it_finds_what_the_embedded_engine_finds(
    tmp_path_factory: pytest.TempPathFactory,
    tiny_embedder: Embedder,
    builds: list[list[tuple[str, str, int]]],
) -> None:
    folder = tmp_path_factory.mktemp("milvus")
    with stopped(folder / "index.db") as uri:
        case = Case(folder, uri, tiny_embedder)
        with case.store as store:
            store.add(version("hubei"))
            for steps in builds:
                for step, paper, number in steps:
                    _apply(store, step, paper, number)
                opened = case.build()
                assert case.found(opened) <= set(store.in_use())
                case.assert_like_embedded(opened)
                assert list(case.engine.verify(store)) == []


def _apply(store: Store, step: str, paper: str, number: int) -> None:
    """Does one thing to a paper, if it can be done."""
    in_use, is_stored = paper in store.in_use(), store.is_taken(paper)
    match step:
        case "add" if in_use or not is_stored:
            store.add(version(paper, number))
        case "withdraw" if in_use:
            store.withdrawals.withdraw(paper, reason="a test")
        case "restore" if is_stored and not in_use:
            store.withdrawals.restore(paper)
        case "remove" if is_stored:
            store.remove(paper)


class Crash(BaseException):
    """The end of a process in the middle of a build."""


class Moments:
    """Ends a build before one of its changes of Milvus or of the ledger: the one at `left`."""

    _CHANGES: ClassVar = [
        (Server, ("create", "drop", "put", "delete", "point")),
        (Ledger, ("begin", "writing", "written", "leaving", "left", "finish", "forget")),
    ]

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = -1
        for kind, names in self._CHANGES:
            for name in names:
                monkeypatch.setattr(kind, name, self._counted(getattr(kind, name)))

    def _counted(self, change: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **options: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                raise Crash
            return change(*args, **options)

        return counted


@pytest.mark.parametrize(
    ("most_drift", "every"),
    [
        pytest.param(9.0, 1, id="in the same collections"),
        pytest.param(0.0, 20, id="in new collections"),
    ],
)
def test_a_crash_at_any_moment_leaves_no_wrong_answer_and_is_made_good(
    case: Case, monkeypatch: pytest.MonkeyPatch, most_drift: float, every: int
) -> None:
    case.engine = case.another(most_drift=most_drift)
    store, moments, at = case.store, Moments(monkeypatch), 1 - every
    store.add(version("hubei"))
    store.add(version("yiyang"))
    is_whole = False
    while not is_whole:
        at += every
        before = case.build()
        store.add(version("hubei", 1))
        store.withdrawals.withdraw("yiyang", reason="a test")
        store.add(version("hunan"))
        moments.left = at
        try:
            case.build()
            is_whole = True
        except Crash:
            _assert_finds_only(case, before, version("hubei"), version("yiyang"))
        moments.left = -1
        try:
            opened = case.open()
        except IndexBehind:
            assert not is_whole
            opened = case.build()
        _assert_finds_only(case, opened, version("hubei", 1), version("hunan"))
        if is_whole or at % 4 == 1:  # the embedded engine takes its time
            case.assert_like_embedded(opened)
        assert list(case.engine.verify(store)) == []
        store.remove("hunan")
        store.withdrawals.restore("yiyang")
        store.add(version("hubei"))
    assert at > 12


def _assert_finds_only(case: Case, opened: OpenMilvus, *papers: Document) -> None:
    """What is found is in the contents `papers`, and not in others of the same papers."""
    places = {
        (chunk.clause_key, chunk.start, chunk.end) for paper in papers for chunk in chunk_document(paper)
    }
    for question in _QUESTIONS:
        found = {(m.chunk.clause_key, m.chunk.start, m.chunk.end) for m in case.matches(opened, question)}
        assert found <= places


def test_a_paper_that_was_withdrawn_is_not_in_milvus(case: Case) -> None:
    case.store.add(version("hubei"))
    case.store.add(version("hunan"))
    before = case.build()
    assert case.found(before) == {"hubei", "hunan"}
    case.store.withdrawals.withdraw("hunan", reason="a test")
    with pytest.raises(IndexBehind):
        case.open()
    after = case.build()
    assert after.number > before.number
    assert case.found(after) == case.found(before) == {"hubei"}


def test_only_changed_texts_are_embedded(case: Case) -> None:
    counting = Counting(case.embedder)
    case.embedder = counting
    case.store.add(version("hubei", 1))
    case.store.add(version("hunan"))
    case.build()
    whole, counting.embedded = counting.embedded, 0
    case.store.add(version("hubei", 0))
    case.build()
    assert 0 < counting.embedded < whole / 2
    counting.embedded = 0
    case.build()
    assert counting.embedded == 0
    case.build(rebuild=True)
    assert counting.embedded > whole


def test_rebuilding_makes_new_collections_and_keeps_the_ones_before(case: Case) -> None:
    case.store.add(version("hubei"))
    first = case.build()
    second = case.build(rebuild=True)
    assert second.index.set.name != first.index.set.name
    assert case.found(first) == {"hubei"}
    third = case.build(rebuild=True)
    server = Server(case.uri)
    assert not collections.are_there(server, first.index.set)
    assert collections.are_there(server, second.index.set)
    case.engine.forget_deleted()
    assert not collections.are_there(server, second.index.set)
    assert case.found(third) == {"hubei"}
    assert case.engine.in_use() == f"{third.number} {third.index.set.name}"
    assert server.count("zhengwen_chunks") == third.manifest.chunks  # by its alias


def test_two_prefixes_are_apart(case: Case) -> None:
    case.store.add(version("hubei"))
    case.build()
    other = case.another(prefix="other")
    assert other.in_use() == ""
    case.build(engine=other)
    case.engine.forget_deleted()
    assert other.in_use()
    assert list(other.verify(case.store)) == []


def test_rows_that_nobody_knows_are_never_found(case: Case) -> None:
    """As they are after a backup of the papers was put in place of a later state."""
    case.store.add(version("hubei"))
    case.store.add(version("yiyang"))
    opened = case.build()
    case.store.add(version("hunan"))
    more = case.build(engine=case.another(prefix="later")).index.set
    case.store.remove("hunan")
    server = Server(case.uri)
    names = [field.name for field in chunk_fields(1)]
    vector = np.ones(opened.manifest.dimension, dtype=np.float32)
    ids = [row for row, _ in server.nearest(more.chunks, "vector", vector, limit=500)]
    server.put(opened.index.set.chunks, list(server.get(more.chunks, ids, names)))
    again = case.build()
    assert server.count(again.index.set.chunks) > again.manifest.chunks
    case.assert_like_embedded(again)


def test_faults_name_their_cure(case: Case) -> None:
    with pytest.raises(IndexMissing, match="zhengwen ingest --rebuild"):
        case.open()
    assert list(case.engine.verify(case.store)) == []
    case.store.add(version("hubei"))
    assert list(case.engine.verify(case.store)) == [Behind(("hubei",))]
    opened = case.build()
    with pytest.raises(IndexStale, match="model"):
        case.open(fingerprint="another")
    server, one = Server(case.uri), opened.index.set
    (paper,) = case.store.in_use().items()
    server.delete(one.sentences, Where("paper", (paper_key(*paper),)))
    fault = next(iter(case.engine.verify(case.store)))
    assert isinstance(fault, Fault)
    assert fault.document_id == "hubei"
    server.drop(one.chunks)
    with pytest.raises(IndexDamaged, match="zhengwen ingest --rebuild"):
        case.open()
    assert case.found(case.build()) == {"hubei"}
    assert list(case.engine.verify(case.store)) == []


@pytest.mark.parametrize(
    ("uri", "cure"),
    [
        ("", "ZHENGWEN_SEARCH__MILVUS_URI"),
        ("http://127.0.0.1:9", "can be reached"),
        ("not an address", "ZHENGWEN_SEARCH__MILVUS_URI"),
    ],
)
def test_a_milvus_that_is_not_there_is_named(uri: str, cure: str) -> None:
    with pytest.raises(IndexFault, match=cure):
        Server(uri, timeout_s=1.0).has("anything")


def test_a_wrong_prefix_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexFault, match="ZHENGWEN_SEARCH__MILVUS_PREFIX"):
        MilvusEngine("x.db", token="", prefix="1-a", index_type="FLAT", store_url="", folder=tmp_path)


class Filling(MilvusServicer):  # type: ignore[misc]  # milvus-lite has no types
    """Milvus Lite behind an address, which knows the parameters of filters as a server does."""

    def Search(self, request: Any, context: Any) -> Any:  # noqa: N802
        request.dsl = _filled(request.dsl, request.expr_template_values)
        return super().Search(request, context)

    def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802
        request.expr = _filled(request.expr, request.expr_template_values)
        return super().Delete(request, context)


def _filled(expression: str, values: Mapping[str, Any]) -> str:
    for name, value in values.items():
        expression = expression.replace(f"{{{name}}}", str(list(value.array_val.long_data.data)))
    return expression


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a server."""
    server, lite = grpc.server(ThreadPoolExecutor(4)), MilvusLite(str(tmp_path / "served"))
    add_MilvusServiceServicer_to_server(Filling(lite), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"http://127.0.0.1:{port}"
    ConnectionManager.get_instance().close_all()
    server.stop(grace=2).wait()
    lite.close()


def test_a_server_gets_papers_as_parameters(tmp_path: Path, address: str, tiny_embedder: Embedder) -> None:
    case = Case(tmp_path, address, tiny_embedder)
    with case.store as store:
        for paper in ("hubei", "hunan", "yiyang"):
            store.add(version(paper))
        opened = case.build()
        case.assert_like_embedded(opened)
        vector, weights = tiny_embedder.embed_query(_QUESTIONS[0]), term_weights(_QUESTIONS[0])
        for wanted in (["hunan"], ["hunan", "yiyang"], ["nowhere"]):
            found = opened.searcher(Fusion()).search(vector, weights, k=5, documents=wanted)
            assert {match.chunk.document_id for match in found} <= set(wanted)
            assert bool(found) == (wanted != ["nowhere"])
        store.withdrawals.withdraw("hunan", reason="a test")
        case.assert_like_embedded(case.build())
        assert Server(address).count("zhengwen_chunks") == case.open().manifest.chunks
