"""Papers and records that are copied to PostgreSQL and back are the same, and need no model for the index."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text
from typer.testing import CliRunner

from api.cli.main import app
from api.maintenance.migration import Migrated, migrate
from api.maintenance.verification import verify
from api.records import open_records
from api.settings import ServiceSettings, Settings
from corpus.errors import StoreError
from corpus.load import load
from corpus.model import HeadField
from corpus.parse import parse
from corpus.progress import Progress
from corpus.store.papers import Store
from index.model import Embedder, Fusion, Vectors
from index.search.lexical import term_weights
from rag.assemble import chunking_of, engine_of, update_index
from rag.settings import SearchSettings
from rag.stored_papers import open_store

_PAPER = "关于{what}的通知\n\n一、补助\n\n（一）对{what}的企业补助{amount}万元。\n"
_DAY = "2026-03-01"
_QUESTION = "项目补助多少？"


class _Refusing:
    """An embedder that embeds nothing: all vectors have to be known."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.fingerprint, self.dimension = embedder.fingerprint, embedder.dimension

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        assert not texts
        return self._embedder.embed_documents([])

    def embed_query(self, text: str) -> Vectors:
        return self._embedder.embed_query(text)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, nothing_set: None, tiny_embedder: Embedder) -> Path:
    """A folder of data with papers in several versions, corrections, a job and records."""
    folder = tmp_path_factory.mktemp("filled")
    settings = Settings(data_dir=folder, cache_dir=folder)
    with open_store(settings) as store:
        for name, amount in (("one", 5), ("two", 6), ("two", 7), ("three", 8)):
            text = _PAPER.format(what=f"{name}项目", amount=amount)
            store.add(
                parse(load(text.encode(), name=f"{name}.txt"), document_id=name), original=text.encode()
            )
        store.facts.complete()
        store.corrections.correct("one", {HeadField.DATE_ISSUED: _DAY}, reason="错误")
        store.withdrawals.withdraw("three", reason="错误")
        update_index(settings, store, embedder=lambda *_: tiny_embedder)
    with open_records(settings.service_url, lock_dir=None) as records:
        records.sites.add("湖南", origins=("https://a.cn",))
    return folder


@pytest.fixture
def here(filled: Path, tmp_path: Path, unset: None) -> Settings:
    """Such a folder of the test's own."""
    shutil.copytree(filled, tmp_path / "data")
    return Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache")


def _on(settings: Settings, done: Migrated, data_dir: Path) -> Settings:
    """The settings that the migration names, on another machine."""
    named = dict(done.settings)
    return settings.model_copy(
        update={
            "data_dir": data_dir,
            "database_url": named["ZHENGWEN_DATABASE_URL"],
            "search": SearchSettings.model_validate({"engine": named["ZHENGWEN_SEARCH__ENGINE"]}),
            "service": ServiceSettings(database_url=named["ZHENGWEN_SERVICE__DATABASE_URL"]),
        }
    )


def _answers(settings: Settings, embedder: Embedder) -> list[tuple[object, ...]]:
    """What a search finds, after the index was built of known vectors."""
    with open_store(settings) as store:
        update_index(settings, store, embedder=lambda *_: _Refusing(embedder))
        opened = engine_of(settings).open(
            store,
            fingerprint=embedder.fingerprint,
            corpus_hash=store.corpus_hash(),
            chunking=chunking_of(settings),
        )
        vector, words = embedder.embed_query(_QUESTION), term_weights(_QUESTION)
        found = opened.searcher(Fusion()).search(vector, words, k=20)
        return [(m.chunk.clause_key, round(m.dense, 4), round(m.lexical, 4)) for m in found]


def test_papers_and_records_go_to_postgresql_and_back(
    here: Settings, postgres_url: str, tmp_path: Path, tiny_embedder: Embedder
) -> None:
    told: list[str] = []
    there = migrate(here, postgres_url, records=True, progress=lambda *step: told.append(step[2]))
    assert "copying document_versions" in told
    on_postgres = _on(here, there, tmp_path / "elsewhere")
    answers = _answers(on_postgres, tiny_embedder)
    assert {str(key).partition("#")[0] for key, *_ in answers} == {"one", "two"}
    back = migrate(on_postgres, f"sqlite:///{tmp_path / 'back' / 'zhengwen.db'}", records=True)
    again = _on(here, back, tmp_path / "back")
    assert _answers(again, tiny_embedder) == answers == _answers(here, tiny_embedder)
    copied = {table.name: table.rows for table in there.tables}
    assert copied["document_versions"] == 4
    assert copied["sites"] == 1
    assert copied.items() <= {table.name: table.rows for table in back.tables}.items()
    for settings in (on_postgres, again):
        assert not verify(settings).faults
        with open_store(here) as one, open_store(settings) as other:
            assert other.corpus_hash() == one.corpus_hash()
            assert other.audit.lines("one") == one.audit.lines("one")
            assert [v.added_at for v in other.versions("two")] == [v.added_at for v in one.versions("two")]
            assert other.original("two") == one.original("two")
            assert other.withdrawals.all() == one.withdrawals.all()
        with open_records(settings.service_url, lock_dir=None) as records:
            assert [site.name for site in records.sites.list()] == ["湖南"]
    assert (tmp_path / "back" / "service.db").stat().st_mode & 0o077 == 0


def test_numbers_go_on_after_those_that_were_copied(here: Settings, postgres_url: str) -> None:
    migrate(here, postgres_url, records=False)
    with Store(postgres_url) as store:
        last = store.releases.last_line()
        store.withdrawals.restore("three")
        assert store.releases.last_line() == last + 1


def test_a_target_that_is_not_empty_is_refused(here: Settings, postgres_url: str, tmp_path: Path) -> None:
    migrate(here, postgres_url, records=False)
    with pytest.raises(StoreError, match="not empty"):
        migrate(here, postgres_url, records=False)
    with pytest.raises(StoreError, match="exists"):
        migrate(here, here.store_url, records=False)


@pytest.mark.parametrize("to_file", [True, False])
def test_a_copy_that_fails_leaves_nothing(
    here: Settings, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to_file: bool
) -> None:
    file = tmp_path / "other" / "zhengwen.db"
    target = f"sqlite:///{file}" if to_file else postgres_url

    def interrupted(_done: int, _total: int, what: str) -> None:
        if what == "copying vectors":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        migrate(here, target, records=True, progress=interrupted)
    if to_file:
        assert {path.name for path in file.parent.iterdir()} <= {"in_use.lock"}
    else:
        engine = create_engine(postgres_url)
        assert inspect(engine).get_table_names() == []
        engine.dispose()
    assert migrate(here, target, records=True).tables


def test_papers_that_change_meanwhile_are_not_half_copied(here: Settings, postgres_url: str) -> None:
    def change(_done: int, _total: int, what: str) -> None:
        if what == "copying document_versions":
            with open_store(here) as store:
                if "one" in store.in_use():
                    store.withdrawals.withdraw("one", reason="")

    with pytest.raises(StoreError, match="Stop the service"):
        migrate(here, postgres_url, records=False, progress=change)
    engine = create_engine(postgres_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_row_that_arrives_otherwise_is_found(
    here: Settings, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        # What a server does that was set up in an odd way.
        connection.execute(
            text(
                "CREATE FUNCTION shorten() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN "
                "IF to_regclass('heads') IS NOT NULL THEN "
                "CREATE OR REPLACE RULE none AS ON INSERT TO heads DO INSTEAD NOTHING; END IF; END $$"
            )
        )
        connection.execute(
            text(
                "CREATE EVENT TRIGGER odd ON ddl_command_end WHEN TAG IN ('CREATE TABLE') "
                "EXECUTE FUNCTION shorten()"
            )
        )
    engine.dispose()
    with pytest.raises(StoreError, match="heads has 0 rows in the target and 4"):
        migrate(here, postgres_url, records=False)


def test_the_command_names_the_settings(
    here: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ZHENGWEN_DATA_DIR", str(here.data_dir))
    file = tmp_path / "copy" / "zhengwen.db"
    done = CliRunner().invoke(app, ["migrate", "--to", f"sqlite:///{file}", "--records"])
    assert done.exit_code == 0, done.output
    assert f"ZHENGWEN_DATABASE_URL=sqlite:///{file}" in done.output.replace("\n", "")
    assert "document_versions" in done.output
