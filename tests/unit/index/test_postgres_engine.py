"""The index in PostgreSQL: what is not in use never answers, builds survive kills, errors name their cure."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexed import five
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from benchmarks.postgres_server import PostgresServer, new_database
from corpus.errors import ZhengwenError
from corpus.load import load
from corpus.model import Document
from corpus.parse import parse
from corpus.progress import Progress
from corpus.store.papers import Store
from corpus.store.upkeep.verification import Fault
from index.build.engine import Behind
from index.build.manifest import Chunking
from index.errors import IndexBehind, IndexDamaged, IndexFault, IndexMissing, IndexStale
from index.model import Embedder, Fusion, Match, Vectors
from index.postgres.connections import checked_url, close_all
from index.postgres.dialect import POSTGRES
from index.postgres.engine import PostgresEngine
from index.postgres.opened import OpenPostgres
from index.postgres.words import Words
from index.search.lexical import term_weights
from rag.assemble import engine_of
from rag.settings import SearchSettings, Settings

_QUESTION = "首次获批的创新药奖多少？"
_EVERY = 100_000
_STEPS = st.tuples(st.sampled_from(["withdraw", "restore", "replace", "remove", "build"]), st.integers(0, 4))


@pytest.fixture(scope="session")
def five_papers(postgres: str) -> str:
    """Name of a database with the five papers."""
    url = new_database(postgres)
    with Store(url) as store:
        for paper in five():
            store.add(paper)
    return make_url(url).database or ""


@pytest.fixture(scope="session")
def indexed(postgres: str, five_papers: str, tiny_embedder: Embedder) -> str:
    """Name of a database with the five papers and their index."""
    url = new_database(postgres, template=five_papers)
    with Store(url) as store:
        _build(PostgresEngine(url), store, tiny_embedder)
    close_all()
    return make_url(url).database or ""


@pytest.fixture
def template(indexed: str) -> str:
    return "indexed"


# For tests that begin without an index.
_NOT_INDEXED = pytest.mark.parametrize("template", ["five_papers"])


@pytest.fixture
def url(request: pytest.FixtureRequest, postgres: str, template: str) -> str:
    """A database with the five papers, indexed unless the test says otherwise."""
    return new_database(postgres, template=request.getfixturevalue(template))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store(url) as opened:
        yield opened


@pytest.fixture
def engine(url: str) -> PostgresEngine:
    return PostgresEngine(url)


class _Counting:
    """Counts the texts that it embeds, and stops before the `stop`-th; calls `during` each time."""

    def __init__(
        self, embedder: Embedder, *, stop: int = _EVERY, during: Callable[[], object] = lambda: None
    ) -> None:
        self._embedder, self.texts, self._stop, self._during = embedder, 0, stop, during
        self.fingerprint, self.dimension = embedder.fingerprint, embedder.dimension

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.texts += len(texts)
        self._during()
        if self.texts >= self._stop:
            raise KeyboardInterrupt
        return self._embedder.embed_documents(texts)

    def embed_query(self, text: str) -> Vectors:
        return self._embedder.embed_query(text)


def _build(
    engine: PostgresEngine, store: Store, embedder: Embedder, *, rebuild: bool = False
) -> OpenPostgres:
    return engine.build(store, embedder=embedder, chunking=Chunking(), calibration={"a": 1}, rebuild=rebuild)


def _open(engine: PostgresEngine, store: Store, embedder: Embedder) -> OpenPostgres:
    return engine.open(
        store,
        fingerprint=embedder.fingerprint,
        corpus_hash=store.corpus_hash(),
        chunking=Chunking(),
    )


def _found(index: OpenPostgres, embedder: Embedder, *, k: int = 1000) -> list[Match]:
    vector = embedder.embed_query(_QUESTION)
    return index.searcher(Fusion()).search(vector, term_weights(_QUESTION), k=k)


def _documents(matches: Sequence[Match]) -> set[str]:
    return {match.chunk.document_id for match in matches}


def _scores(matches: Sequence[Match]) -> list[tuple[object, ...]]:
    """Matches as they can be compared: rounded, as vectors go through other sums."""
    return [(m.chunk, round(m.dense, 5), round(m.lexical, 4), m.dense_rank, m.lexical_rank) for m in matches]


def _shorter(paper: Document, *, document_id: str = "") -> Document:
    text = paper.text[: paper.clauses[3].start]
    return parse(load(text.encode(), name="paper.txt", url=""), document_id=document_id or paper.id)


@pytest.mark.parametrize("compared", [0, _EVERY])
@given(st.lists(_STEPS, max_size=6))
@settings(max_examples=5)
def test_what_is_not_in_use_never_answers(
    postgres: str,
    five_papers: str,
    indexed: str,
    tiny_embedder: Embedder,
    compared: int,
    steps: list[tuple[str, int]],
) -> None:
    """Of a searcher opened at any time, all matches are of the versions in use now."""
    url = new_database(postgres, template=indexed if compared else five_papers)
    engine = PostgresEngine(url, compared=compared)
    with Store(url) as store:
        opened = [_build(engine, store, tiny_embedder)]
        contents = [store.in_use()]
        for step, at in steps:
            paper = five()[at]
            known = store.in_use()
            if step == "withdraw" and paper.id in known:
                store.withdrawals.withdraw(paper.id, reason="")
            elif step == "restore" and store.withdrawals.reason(paper.id) is not None:
                store.withdrawals.restore(paper.id)
            elif step == "replace" and paper.id in known:
                store.add(_shorter(paper))
            elif step == "remove" and paper.id in known:
                store.remove(paper.id)
            elif step == "build":
                opened.append(_build(engine, store, tiny_embedder))
                contents.append(store.in_use())
            in_use = store.in_use()
            for index, had in zip(opened, contents, strict=True):
                expected = {one for one, content in had.items() if in_use.get(one) == content}
                matches = _found(index, tiny_embedder, k=3)
                assert _documents(matches) <= expected
                each = index.searcher(Fusion()).search_each(
                    tiny_embedder.embed_query(_QUESTION), term_weights(_QUESTION), k=1, documents=list(had)
                )
                # The rows of a paper that was built over are gone, also for those who opened it before.
                assert {one for one, found in each.items() if found} <= expected
                if index is opened[-1]:
                    assert {one for one, found in each.items() if found} == expected
                    assert {m.lexical_rank for m in matches if m.lexical_rank} == set(
                        range(1, 4 if expected else 1)
                    )


def test_what_was_withdrawn_is_known_without_a_search(
    engine: PostgresEngine, store: Store, tiny_embedder: Embedder
) -> None:
    index, corpus_hash = _build(engine, store, tiny_embedder), store.corpus_hash()
    assert index.gone() == frozenset()
    store.add(_shorter(five()[0]))
    store.withdrawals.withdraw("hunan", reason="")
    store.withdrawals.withdraw("hubei", reason="")
    store.withdrawals.restore("hubei")
    # For a catalogue that was read before.
    late = engine.open(
        store, fingerprint=tiny_embedder.fingerprint, corpus_hash=corpus_hash, chunking=Chunking()
    )
    assert index.gone() == late.gone() == {"hunan"}
    store.remove("yiyang")
    assert index.gone() == late.gone() == {"hunan", "yiyang"}
    store.withdrawals.restore("hunan")
    assert index.gone() == late.gone() == {"yiyang"}


def test_an_index_that_follows_changes_equals_one_built_at_once(
    engine: PostgresEngine, store: Store, tiny_embedder: Embedder, postgres_url: str
) -> None:
    _build(engine, store, tiny_embedder)
    store.withdrawals.withdraw("hunan", reason="")
    store.add(_shorter(five()[1]))
    _build(engine, store, tiny_embedder)
    store.withdrawals.restore("hunan")
    followed = _build(engine, store, tiny_embedder)
    assert followed.number == 3  # of the index that it began with, and of two builds
    assert not list(engine.verify(store))
    with Store(postgres_url) as other:
        for paper in store.documents():
            other.add(paper)
        at_once = _build(PostgresEngine(postgres_url), other, tiny_embedder)
    assert _scores(_found(followed, tiny_embedder)) == _scores(_found(at_once, tiny_embedder))
    for term in ("创新", "药", "鳗鲡", "湖南"):
        assert followed.terms.idf(term) == at_once.terms.idf(term)
        assert followed.terms.known({term: 1.0}) == at_once.terms.known({term: 1.0})


@_NOT_INDEXED
def test_only_new_texts_are_embedded(engine: PostgresEngine, store: Store, tiny_embedder: Embedder) -> None:
    first = _Counting(tiny_embedder)
    index = _build(engine, store, first)
    # A heading alone is a chunk whose text another paper may have, too.
    assert 0 < first.texts <= index.manifest.chunks + index.manifest.sentences
    again = _Counting(tiny_embedder)
    assert _build(engine, store, again).number == index.number
    assert again.texts == 0
    store.add(_shorter(five()[0], document_id="part"))
    assert _build(engine, store, again).manifest.documents == 6
    assert again.texts == 0  # the same words under the same headings
    rebuilt = _build(engine, store, again, rebuild=True)
    assert again.texts >= first.texts
    assert rebuilt.set.tables.number == 2


def test_an_interrupted_build_goes_on(engine: PostgresEngine, store: Store, tiny_embedder: Embedder) -> None:
    index = _build(engine, store, tiny_embedder)
    before = _scores(_found(index, tiny_embedder))
    for number in range(40):
        store.add(_shorter(five()[0], document_id=f"copy-{number:02}"))
    with pytest.raises(KeyboardInterrupt):
        _build(engine, store, _Counting(tiny_embedder, stop=1), rebuild=True)
    assert _scores(_found(index, tiny_embedder)) == before
    with pytest.raises(IndexBehind, match="ingest"):
        _open(engine, store, tiny_embedder)
    assert _build(engine, store, tiny_embedder).manifest.documents == 45
    assert not list(engine.verify(store))


def test_a_build_beside_other_writers_has_the_papers_that_were_stored_before(
    engine: PostgresEngine, store: Store, tiny_embedder: Embedder
) -> None:
    store.add(_shorter(five()[0], document_id="own"))
    others = iter(range(100))
    writing = _Counting(
        tiny_embedder,
        during=lambda: store.add(_shorter(five()[1], document_id=f"other-{next(others)}")),
    )
    index = _build(engine, store, writing, rebuild=True)
    assert next(others) > 0
    assert "own" in _documents(_found(index, tiny_embedder))
    with pytest.raises(IndexBehind, match="Try again in a moment") as caught:
        _open(engine, store, tiny_embedder)
    assert "--rebuild" not in str(caught.value)
    assert _build(engine, store, tiny_embedder).manifest.documents == len(store.in_use())


_BUILD = """
import sys
sys.path[:0] = sys.argv[2:]
from conftest import TinyEmbedder
from corpus.store.papers import Store
from index.build.manifest import Chunking
from index.postgres.engine import PostgresEngine

def told(done, total, what):
    print(what, done, flush=True)

with Store(sys.argv[1]) as store:
    PostgresEngine(sys.argv[1]).build(
        store, embedder=TinyEmbedder(), chunking=Chunking(), calibration={}, progress=told
    )
print("done", flush=True)
"""


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A server that may be killed."""
    server = PostgresServer(durable=True)
    yield server
    server.stop()


def _start_build(url: str) -> subprocess.Popen[str]:
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", _BUILD, url, str(root), str(root / "tests")]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _wait_for_papers(process: subprocess.Popen[str], papers: int) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("indexing") and int(line.split()[1]) >= papers:
            return
    raise AssertionError("the build ended before")


def test_a_build_survives_the_death_of_its_process_and_of_the_server(
    own_server: PostgresServer, tiny_embedder: Embedder
) -> None:
    url = new_database(own_server.url())
    with Store(url) as store:
        for paper in five():
            store.add(paper)
        for papers in (1, 2):
            process = _start_build(url)
            _wait_for_papers(process, papers)
            if papers == 1:
                process.kill()
            else:
                own_server.kill()
                own_server.start()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
            assert len(store.in_use()) == 5
        engine = PostgresEngine(url)
        with pytest.raises(IndexMissing):
            _open(engine, store, tiny_embedder)
        embedder = _Counting(tiny_embedder)
        index = _build(engine, store, embedder)
        assert embedder.texts < index.manifest.chunks + index.manifest.sentences  # some papers were in
        assert _documents(_found(index, tiny_embedder)) == {paper.id for paper in five()}
        assert not list(engine.verify(store))
        own_server.kill()
        own_server.start()
        # The connections of the searcher are those to the server that died.
        assert _documents(_found(index, tiny_embedder)) == {paper.id for paper in five()}


@_NOT_INDEXED
def test_two_builders_exclude_each_other(
    engine: PostgresEngine, store: Store, tiny_embedder: Embedder
) -> None:
    embedders = [_Counting(tiny_embedder) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda one: _build(engine, store, one), embedders)
    assert first.number == second.number == 1
    assert sorted(one.texts > 0 for one in embedders) == [False, True]


@_NOT_INDEXED
def test_a_builder_waits_only_so_long(store: Store, url: str, tiny_embedder: Embedder) -> None:
    with store.database.writing() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(2054619138, hashtext(current_schema()))"))
        with pytest.raises(IndexFault, match="another process"):
            _build(PostgresEngine(url, wait_s=0.05), store, tiny_embedder)


def test_every_search_is_planned_for_its_own_papers(
    engine: PostgresEngine, store: Store, tiny_embedder: Embedder
) -> None:
    """The driver prepares what it runs five times, and the server may keep one plan for all parameters."""
    index = _build(engine, store, tiny_embedder)
    for _ in range(12):
        _found(index, tiny_embedder)
    with index.searches.connection() as connection:
        prepared = connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()
        mode = connection.execute("SHOW plan_cache_mode").fetchone()
    assert prepared == (0,)
    assert mode == ("force_custom_plan",)


@_NOT_INDEXED
def test_another_model_or_other_settings_are_told(
    engine: PostgresEngine, store: Store, tiny_embedder: Embedder
) -> None:
    with pytest.raises(IndexMissing, match="no index"):
        _open(engine, store, tiny_embedder)
    _build(engine, store, tiny_embedder)
    for fingerprint, chunking in [("other", Chunking()), (tiny_embedder.fingerprint, Chunking(size=300))]:
        with pytest.raises(IndexStale, match="out of date") as caught:
            engine.open(store, fingerprint=fingerprint, corpus_hash=store.corpus_hash(), chunking=chunking)
        assert not isinstance(caught.value, IndexBehind)


def test_the_index_in_use_has_another_name_after_each_change(
    engine: PostgresEngine, store: Store, tiny_embedder: Embedder
) -> None:
    names = [engine.in_use(), engine.in_use()]
    store.withdrawals.withdraw("hunan", reason="")
    number = _build(engine, store, tiny_embedder).number
    names.append(engine.in_use())
    assert names[0] == names[1] != names[2]
    assert names[2].split()[0] == str(number)


def test_a_new_chunking_is_built_beside_the_one_in_use(
    engine: PostgresEngine, store: Store, tiny_embedder: Embedder
) -> None:
    index = _build(engine, store, tiny_embedder)
    before = _scores(_found(index, tiny_embedder))
    smaller = engine.build(store, embedder=tiny_embedder, chunking=Chunking(size=100), calibration={})
    assert smaller.manifest.chunks > index.manifest.chunks
    # Another server answers from the earlier one until it has seen the later one.
    assert _scores(_found(index, tiny_embedder)) == before
    engine.forget_deleted()
    with pytest.raises(IndexFault, match="does not work"):
        _found(index, tiny_embedder)
    assert _documents(_found(smaller, tiny_embedder)) == {paper.id for paper in five()}


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        ('UPDATE search_chunks_1 SET "end" = "end" + 1 WHERE position = 3', "index"),
        ("UPDATE search_chunks_1 SET embedding = (SELECT embedding FROM search_chunks_1 LIMIT 1)", "index"),
        ("DELETE FROM search_postings_1 WHERE term = '药'", "index"),
        ("UPDATE search_terms_1 SET chunks = chunks + 1 WHERE term = '药'", "index"),
        ("DELETE FROM search_sentences_1 WHERE position = 0", "index"),
    ],
)
def test_altered_rows_are_found(
    engine: PostgresEngine, store: Store, tiny_embedder: Embedder, damage: str, kind: str
) -> None:
    _build(engine, store, tiny_embedder)
    assert not list(engine.verify(store))
    with store.database.writing() as connection:
        connection.execute(text(damage))
    found = [one for one in engine.verify(store) if isinstance(one, Fault)]
    assert found
    assert {one.kind for one in found} == {kind}


@_NOT_INDEXED
def test_a_paper_that_vanished_is_found_at_once(
    engine: PostgresEngine, store: Store, tiny_embedder: Embedder
) -> None:
    assert list(engine.verify(store)) == [Behind(tuple(store.in_use()))]
    _build(engine, store, tiny_embedder)
    with store.database.writing() as connection:
        connection.execute(text("DELETE FROM search_papers_1 WHERE document_id = 'hunan'"))
    with pytest.raises(IndexDamaged, match="rebuild"):
        _open(engine, store, tiny_embedder)
    assert _documents(_found(_build(engine, store, tiny_embedder), tiny_embedder)) >= {"hunan"}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "zhengwen migrate"),
        ("postgresql+psycopg2://me@host/papers", r"Use postgresql\+psycopg://"),
        ("postgresql+psycopg://me@/papers?host=/nowhere", "Start the server"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_with_the_cure(url: str, said: str, tmp_path: Path) -> None:
    here = Settings(data_dir=tmp_path, database_url=url, search=SearchSettings(engine="postgres"))
    with pytest.raises(ZhengwenError, match=said):
        engine_of(here).in_use()


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(IndexFault, match=r"\.\[postgres\]"):
        checked_url("postgresql://me@host/papers")


@_NOT_INDEXED
def test_without_the_extension_its_creation_is_named(store: Store, url: str, tiny_embedder: Embedder) -> None:
    absent = replace(POSTGRES, extension="no_such_extension")
    with pytest.raises(IndexFault, match="not installed on the PostgreSQL server"):
        _build(PostgresEngine(url, dialect=absent), store, tiny_embedder)
    newer = replace(POSTGRES, extension_version=(99, 0))
    with pytest.raises(IndexFault, match="UPDATE"):
        _build(PostgresEngine(url, dialect=newer), store, tiny_embedder)


def test_a_user_who_may_not_create_the_extension_is_told(postgres_url: str, tiny_embedder: Embedder) -> None:
    admin = create_engine(postgres_url)
    name = make_url(postgres_url).database
    role = f"role_{name}"
    with admin.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        connection.execute(text(f"GRANT CREATE ON SCHEMA public TO {role}"))
    admin.dispose()
    own = make_url(postgres_url).set(username=role).render_as_string(hide_password=False)
    with Store(own) as store:
        store.add(five()[0])
        with pytest.raises(IndexFault, match="administrator run `CREATE EXTENSION vector`"):
            _build(PostgresEngine(own), store, tiny_embedder)


def test_postings_are_kept_only_up_to_a_limit(
    engine: PostgresEngine, store: Store, tiny_embedder: Embedder
) -> None:
    index = _build(engine, store, tiny_embedder)
    counts = dict.fromkeys(term_weights(_QUESTION), 1)
    limited = Words(index.searches, index.set.tables, index.papers, counts, most_bytes=0)
    unlimited = Words(index.searches, index.set.tables, index.papers, counts)
    for _ in range(2):
        scores = limited.scores(term_weights(_QUESTION))
        assert np.array_equal(scores, unlimited.scores(term_weights(_QUESTION)))
        assert scores.any()
    store.withdrawals.withdraw("hunan", reason="")
    _build(engine, store, tiny_embedder)
    # What is kept stays; what is read again lacks the paper that was taken out.
    assert np.array_equal(scores, unlimited.scores(term_weights(_QUESTION)))
    again = limited.scores(term_weights(_QUESTION))
    rows = index.papers.rows(index.papers.by_document["hunan"])
    assert not again[rows].any()
    assert np.array_equal(np.delete(again, np.r_[rows]), np.delete(scores, np.r_[rows]))
