"""Assembling an assistant from settings and files, in separate data directories."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from judged import OTHER, ScriptedReader, weights

from corpus.facts.model import FactKind
from corpus.files import files_in
from corpus.ids import document_id_of
from corpus.load import load
from corpus.model import Status
from corpus.parse import parse
from corpus.progress import Progress
from corpus.report import Failed, Ingested, Skipped
from corpus.store.papers import Added, Replaced, Unchanged
from index.embedding import bundled
from index.errors import IndexDamaged, IndexStale, ModelFault
from index.model import Embedder, Reader
from rag.assemble import ingest, open_assistant, open_reader, preload
from rag.changes import change
from rag.errors import CalibrationFault
from rag.evidence.calibration import packaged
from rag.facts.fact_filter import FactFilter
from rag.info import Info
from rag.model import Answer, Question, Refusal
from rag.ranking import Ranking
from rag.settings import AnswerSettings, EmbeddingSettings, Settings
from rag.stored_papers import open_catalogue, open_store

pytestmark = pytest.mark.usefixtures("unset")

_PAPER = """甘政办发〔2023〕11号

甘肃省人民政府办公厅关于推进种业振兴的若干意见

一、加大扶持力度

（一）支持品种选育。对通过国家审定的玉米新品种，每个给予不超过120万元一次性奖励。

甘肃省人民政府办公厅

2023年8月15日
"""


class _Renamed:
    """The same vectors under another model's name."""

    def __init__(self, embedder: Embedder) -> None:
        self.fingerprint = "another-model"
        self.dimension = embedder.dimension
        self.embed_documents, self.embed_query = embedder.embed_documents, embedder.embed_query


_GANSU = "甘政办发-2023-11"  # the id of that paper


class _Here:
    """Opens and fills one data directory with one embedder."""

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        self.settings, self.embedder = settings, embedder

    def factory(self, settings: Settings, progress: Progress | None) -> Embedder:
        return self.embedder

    def ingest(self, *paths: Path, rebuild: bool = False) -> tuple[Ingested | Failed | Skipped, ...]:
        return ingest(self.settings, paths, rebuild=rebuild, embedder=self.factory).files

    def ask(self, text: str) -> Answer:
        assistant = open_assistant(self.settings, embedder=self.factory, today=date(2026, 6, 1))
        result = assistant.ask(Question(text)).result
        assert isinstance(result, Answer)
        return result


def _in(folder: Path, embedder: Embedder) -> _Here:
    # The reader is a converted model, as the embedder is; tests of it pass one of their own.
    settings = Settings(data_dir=folder, cache_dir=folder / "cache", answer=AnswerSettings(reader=False))
    return _Here(settings, embedder)


@pytest.fixture
def fresh(data_dir: Path, tiny_embedder: Embedder) -> _Here:
    """An empty data directory."""
    return _in(data_dir, tiny_embedder)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, nothing_set: None, tiny_embedder: Embedder) -> Path:
    """A data directory with the starting papers and their index, to be copied."""
    folder = tmp_path_factory.mktemp("built")
    ingest(Settings(data_dir=folder), [], embedder=_in(folder, tiny_embedder).factory)
    return folder


@pytest.fixture
def here(built: Path, tmp_path: Path, tiny_embedder: Embedder) -> _Here:
    """A data directory of the test's own with the starting papers and their index."""
    return _in(Path(shutil.copytree(built, tmp_path / "copied")), tiny_embedder)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "gansu.txt"
    path.write_text(_PAPER, encoding="utf-8")
    return path


def test_the_first_opening_makes_everything(fresh: _Here) -> None:
    steps: list[tuple[int, int, str]] = []
    assistant = open_assistant(
        fresh.settings, progress=lambda *step: steps.append(step), embedder=fresh.factory
    )
    assert {d.id for d in assistant.documents()} == {"hunan", "hubei", "yiyang", "zhejiang", "guangdong"}
    info = assistant.info()
    assert (info.documents, info.generation, info.model) == (5, 1, fresh.embedder.fingerprint)
    assert info.clauses == sum(len(d.clauses) for d in assistant.documents()) <= info.chunks
    assert {what for _, _, what in steps} >= {"reading", "embedding"}
    assert all(0 <= done <= total for done, total, _ in steps)
    again = open_assistant(fresh.settings, embedder=fresh.factory)
    assert again.info() == info


def _sums(here: _Here) -> list[str]:
    facts = open_assistant(here.settings, embedder=here.factory).facts
    found = facts.select(FactFilter(documents=(_GANSU,), kinds=frozenset({FactKind.MONEY})))
    return [one.words(one.fact.amounts[0].span) for one in found]


def test_an_assistant_has_the_facts_of_its_papers(here: _Here, file: Path) -> None:
    (done,) = here.ingest(file)
    assert isinstance(done, Ingested)
    assert done.facts > 0
    before = open_assistant(here.settings, embedder=here.factory)
    assert _sums(here) == ["120万元"]
    (fact,) = before.facts.select(
        FactFilter(documents=(_GANSU,), kinds=frozenset({FactKind.MONEY}), min_yuan=Decimal(1_000_000))
    )
    change(
        here.settings,
        lambda store: store.fact_corrections.hide(_GANSU, fact.fact.id, reason="r"),
        embedder=here.factory,
    )
    # A running service opens the papers again when there is another generation of the index.
    assert open_assistant(here.settings, embedder=here.factory).info().generation > before.info().generation
    assert _sums(here) == []
    assert before.facts.of_document(_GANSU)[0].quote  # who answers keeps the state that it has


def test_facts_of_an_earlier_version_of_the_program_are_made_at_the_start(here: _Here, file: Path) -> None:
    here.ingest(file)
    with open_store(here.settings) as store:
        with store.database.writing() as connection:
            connection.exec_driver_sql("UPDATE facts SET extractor = 0")
        assert _sums(here) == ["120万元"]
        assert store.facts.complete() == 0


def test_a_store_that_cannot_be_written_has_its_facts(
    here: _Here, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    here.ingest(file)
    with open_store(here.settings) as store, store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM facts")
        connection.exec_driver_sql(
            "CREATE TRIGGER no BEFORE INSERT ON facts BEGIN SELECT RAISE(ABORT, 'read only'); END"
        )
    assert _sums(here) == ["120万元"]
    assert "cannot be stored" in caplog.text


def _calibrated(here: _Here, file: Path | str) -> _Here:
    answer = here.settings.answer.model_copy(update={"calibration": str(file)})
    return _Here(here.settings.model_copy(update={"answer": answer}), here.embedder)


def test_the_index_keeps_the_calibration_it_was_built_with(here: _Here, tmp_path: Path) -> None:
    own = packaged().model_copy(update={"bias": -1.5, "threshold": 0.4})
    file = tmp_path / "own.json"
    file.write_text(own.model_dump_json(), encoding="utf-8")

    def info(where: _Here) -> Info:
        return open_assistant(where.settings, embedder=where.factory).info()

    assert (info(here).calibration, info(here).threshold) == (packaged().fingerprint, packaged().threshold)
    # The configured one applies at once, and is stored with the index when that is built.
    assert info(_calibrated(here, file)).calibration == own.fingerprint
    assert info(here).calibration == packaged().fingerprint
    _calibrated(here, file).ingest(rebuild=True)
    file.unlink()
    assert (info(here).calibration, info(here).threshold) == (own.fingerprint, 0.4)
    with pytest.raises(CalibrationFault, match=r"own\.json"):
        info(_calibrated(here, file))


def test_a_reader_is_asked_and_named(
    here: _Here, tiny_reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.assemble.packaged_judgement", weights)
    without = open_assistant(here.settings, embedder=here.factory)
    reader = ScriptedReader()
    reader.follow(OTHER)
    read = open_assistant(here.settings, embedder=here.factory, reader=lambda *_: reader)
    other = open_assistant(here.settings, embedder=here.factory, reader=lambda *_: tiny_reader)
    question = Question("浙江的医院多久召开一次药事会？")
    assert isinstance(without.ask(question).result, Answer)
    assert isinstance(read.ask(question).result, Refusal)
    assert len({found.info().calibration for found in (without, read, other)}) == 3


def test_a_reader_that_is_turned_off_is_not_opened(here: _Here) -> None:
    assert open_reader(here.settings) is None
    assert not here.settings.cache_dir.exists()


def test_what_is_loaded_ahead_leaves_faults_to_who_opens_the_model(
    here: _Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(precision: str) -> str:
        raise ModelFault("the weights of the reader cannot be read")

    monkeypatch.setattr(bundled, "name_of", missing)
    preload(here.settings)
    with pytest.raises(ModelFault):
        open_reader(here.settings.model_copy(update={"answer": AnswerSettings()}))


@pytest.mark.parametrize(
    ("model", "reader", "loaded"),
    [("bundled", False, True), ("BAAI/bge-m3", True, True), ("BAAI/bge-m3", False, False)],
)
def test_the_tokenizer_is_loaded_ahead_for_embedder_and_reader(
    here: _Here, monkeypatch: pytest.MonkeyPatch, model: str, *, reader: bool, loaded: bool
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(bundled, "is_complete", lambda directory: True)
    monkeypatch.setattr(bundled, "tokenizer_of", opened.append)
    embedding, answer = EmbeddingSettings(model=model), AnswerSettings(reader=reader)
    preload(here.settings.model_copy(update={"embedding": embedding, "answer": answer}))
    assert bool(opened) is loaded


@pytest.mark.parametrize(
    ("ranking", "warned"), [("", False), (Ranking().fingerprint, False), ("another", True)]
)
def test_a_calibration_for_another_ranking_is_named(
    here: _Here, tmp_path: Path, caplog: pytest.LogCaptureFixture, ranking: str, *, warned: bool
) -> None:
    file = tmp_path / "own.json"
    own = packaged().model_copy(update={"ranking": ranking})
    file.write_text(own.model_dump_json(), encoding="utf-8")
    where = _calibrated(here, file)
    with caplog.at_level(logging.WARNING, logger="zhengwen.answer"):
        open_assistant(where.settings, embedder=where.factory)
    assert ("own.json was fitted with another ranking (another" in caplog.text) is warned


def test_a_configured_threshold_overrides_the_calibration(here: _Here) -> None:
    answer = here.settings.answer.model_copy(update={"threshold": 0.6})
    info = open_assistant(here.settings.model_copy(update={"answer": answer}), embedder=here.factory).info()
    assert info.threshold == 0.6
    assert info.calibration != packaged().fingerprint


def test_an_index_of_an_earlier_program_opens_with_the_packaged_calibration(here: _Here) -> None:
    folder = here.settings.data_dir / "index"
    (file,) = folder.glob("generations/*/manifest.json")
    manifest = json.loads(file.read_text())
    assert manifest.pop("calibration") == packaged().model_dump(mode="json")
    data = json.dumps(manifest).encode()
    file.write_bytes(data)
    (folder / "CURRENT").write_text(f"{file.parent.name} {hashlib.sha256(data).hexdigest()}\n")
    info = open_assistant(here.settings, embedder=here.factory).info()
    assert (info.generation, info.calibration) == (1, packaged().fingerprint)


def test_the_catalogue_needs_no_index(fresh: _Here) -> None:
    catalogue = open_catalogue(fresh.settings, today=date(2026, 6, 1))
    assert catalogue.status("zhejiang") is Status.DRAFT
    assert not (fresh.settings.data_dir / "index").exists()


def test_a_file_is_kept_once(here: _Here, file: Path) -> None:
    (first,) = here.ingest(file)
    assert isinstance(first, Ingested)
    assert (first.document_id, first.change) == (_GANSU, Added(_GANSU))
    (second,) = here.ingest(file)
    assert isinstance(second, Ingested)
    assert second.change == Unchanged(_GANSU, 1)
    assert "120万元" in here.ask("甘肃对玉米新品种奖励多少？").text


def test_a_second_run_builds_nothing(here: _Here, file: Path) -> None:
    first = ingest(here.settings, [file], embedder=here.factory)
    second = ingest(here.settings, [file], embedder=here.factory)
    assert second.index == first.index


def test_a_rebuild_builds_again_what_is_in_order(here: _Here) -> None:
    before = ingest(here.settings, [], embedder=here.factory)
    after = ingest(here.settings, [], rebuild=True, embedder=here.factory)
    assert before.index is not None
    assert after.index is not None
    assert (after.index.generation, after.index.chunks) == (before.index.generation + 1, before.index.chunks)


def test_a_changed_file_takes_the_place_of_the_old(here: _Here, file: Path) -> None:
    here.ingest(file)
    file.write_text(_PAPER.replace("120万元", "130万元"), encoding="utf-8")
    (changed,) = here.ingest(file)
    assert isinstance(changed, Ingested)
    assert changed.change == Replaced(_GANSU, 2)
    text = here.ask("甘肃对玉米新品种奖励多少？").text
    assert ("130万元" in text, "120万元" in text) == (True, False)


def test_files_of_one_stem_do_not_overwrite_each_other(here: _Here, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "else" / "gansu.md"
    other.parent.mkdir()
    other.write_text("# 青海省人民政府关于牧业的通知\n\n一、总则\n\n支持牧业。", encoding="utf-8")
    first, second = here.ingest(file, other)
    assert isinstance(first, Ingested)
    assert isinstance(second, Ingested)
    assert first.document_id != second.document_id


def test_a_file_that_fails_does_not_stop_the_others(here: _Here, file: Path, tmp_path: Path) -> None:
    empty, binary = tmp_path / "empty.txt", tmp_path / "binary.txt"
    empty.write_bytes(b"")
    binary.write_bytes(bytes(range(256)) * 40)
    results = here.ingest(tmp_path / "missing.txt", empty, binary, file)
    assert [type(result) for result in results] == [Failed, Failed, Failed, Ingested]
    for result in results[:3]:
        assert isinstance(result, Failed)
        assert Path(result.path).name in str(result.error)
        assert "\n" not in str(result.error)


def test_a_folder_gives_its_papers(here: _Here, file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "one.TXT").write_text(_PAPER, encoding="utf-8")
    (folder / "sound.mp3").write_bytes(b"ID3")
    assert files_in([folder, folder, file]) == [folder / "deep" / "one.TXT", file]
    skipped, only = here.ingest(folder)
    assert isinstance(skipped, Skipped)
    assert skipped.first == ("sound.mp3",)
    assert isinstance(only, Ingested)
    assert only.document_id == _GANSU


def test_an_empty_folder_is_said_to_be_one(here: _Here, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    (only,) = here.ingest(tmp_path / "nothing")
    assert isinstance(only, Failed)
    assert ".html" in str(only.error)


def test_papers_that_cannot_be_read_are_not_left_out_in_silence(here: _Here, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7\n")
    with zipfile.ZipFile(tmp_path / "letter.docx", "w") as packed:
        packed.writestr("word/document.xml", "<w:document/>")
    results = [result for result in here.ingest(tmp_path) if not isinstance(result, Skipped)]
    assert [Path(result.path).name for result in results] == ["letter.docx", "scan.pdf"]
    assert all(isinstance(result, Failed) for result in results)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_does_not_hold_up_the_others(here: _Here, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (only,) = here.ingest(tmp_path / "pipe.txt")
    assert isinstance(only, Failed)
    assert "regular file" in str(only.error)


@pytest.mark.parametrize(
    ("name", "document_id"),
    [
        ("湘政办发〔2026〕15号.txt", "湘政办发-2026-15号"),
        ("a b#c.html", "a-b-c"),
        ("../../etc/passwd", "passwd"),
        ("。。。.txt", "document"),
        ("x" * 300 + ".txt", "x" * 120),
    ],
)
def test_ids_from_file_names(name: str, document_id: str) -> None:
    assert document_id_of(name) == document_id


def test_another_model_makes_the_index_stale_until_it_is_built_again(here: _Here) -> None:
    other = _Here(here.settings, _Renamed(here.embedder))
    with pytest.raises(IndexStale, match=r"another-model.*zhengwen ingest"):
        open_assistant(other.settings, embedder=other.factory)
    ingest(other.settings, [], rebuild=True, embedder=other.factory)
    assert "500万元" in other.ask("湖南创新药首次获得注册批件奖补多少？").text


def test_the_cure_that_is_named_cures(here: _Here) -> None:
    other = _Here(here.settings, _Renamed(here.embedder))
    ingest(other.settings, [], embedder=other.factory)
    assert open_assistant(other.settings, embedder=other.factory).info().model == "another-model"


def test_other_chunks_make_the_index_stale(here: _Here) -> None:
    changed = here.settings.model_copy(update={"chunk": here.settings.chunk.model_copy(update={"size": 200})})
    with pytest.raises(IndexStale, match="chunk settings"):
        open_assistant(changed, embedder=here.factory)


def test_a_damaged_index_is_named_and_cured(here: _Here) -> None:
    (vectors,) = here.settings.data_dir.glob("index/segments/*/chunk_vectors")
    vectors.write_bytes(vectors.read_bytes()[:-1])
    with pytest.raises(IndexDamaged, match="zhengwen ingest --rebuild"):
        open_assistant(here.settings, embedder=here.factory)
    ingest(here.settings, [], rebuild=True, embedder=here.factory)
    assert open_assistant(here.settings, embedder=here.factory).info().documents == 5


def test_a_paper_that_was_confirmed_but_not_indexed_is_indexed_at_opening(here: _Here) -> None:
    with open_store(here.settings) as store:
        store.add(parse(load(_PAPER.encode(), name="gansu.txt"), document_id="gansu"))
    assert "120万元" in here.ask("甘肃对玉米新品种奖励多少？").text


def test_a_removed_paper_is_gone_at_the_next_opening(here: _Here, file: Path) -> None:
    here.ingest(file)
    with open_store(here.settings) as store:
        store.remove(_GANSU)
    assistant = open_assistant(here.settings, embedder=here.factory)
    assert _GANSU not in {document.id for document in assistant.documents()}
    assert {p.document.id for p in assistant.search("玉米新品种", k=40)} <= {
        d.id for d in assistant.documents()
    }


def test_an_index_that_was_deleted_is_made_again(here: _Here, file: Path) -> None:
    here.ingest(file)
    (here.settings.data_dir / "index" / "CURRENT").unlink()
    file.unlink()
    assert "120万元" in here.ask("甘肃对玉米新品种奖励多少？").text
