"""An export has every paper in the words and at the offsets of the store, complete or not at all."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from benchmarks.bulk.papers import hashed_pairs
from benchmarks.reliability.papers import HashedPairs
from corpus.model import Document
from index.build.manifest import Chunking
from index.build.pieces import embedded_papers
from index.model import Vectors
from rag.assemble import ingest
from rag.errors import ExportFault, ExtraMissing
from rag.export.export import Exported, export
from rag.export.tables import COLUMNS, STRUCTS
from rag.settings import Settings
from rag.stored_papers import open_store

_CHECKOUT = Path(__file__).resolve().parents[2]
_DAY = date(2026, 5, 1)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The five starting papers."""
    folder = tmp_path_factory.mktemp("exported")
    found = Settings(data_dir=folder / "data", cache_dir=folder / "cache")
    ingest(found, [], rebuild=True, embedder=hashed_pairs)
    return found


@pytest.fixture(scope="module")
def exported(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    folder = tmp_path_factory.mktemp("export") / "out"
    return export(settings, folder, day=_DAY, embedder=hashed_pairs)


@pytest.fixture(scope="module")
def papers(settings: Settings) -> dict[str, Document]:
    with open_store(settings) as store:
        return {one.id: one for one in store.documents()}


def _rows(exported: Exported, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(exported.folder / f"{table}.parquet").to_pylist()
    assert len(rows) == exported.rows[table]
    return rows


def test_documents_and_clauses_are_those_of_the_store(
    exported: Exported, papers: dict[str, Document]
) -> None:
    documents = _rows(exported, "documents")
    assert {one["document_id"]: one["text"] for one in documents} == {
        one.id: one.text for one in papers.values()
    }
    clauses = _rows(exported, "clauses")
    assert [(one["document_id"], one["clause_id"], one["text"]) for one in clauses] == [
        (paper.id, clause.id, paper.text[clause.start : clause.end])
        for paper in sorted(papers.values(), key=lambda one: one.id)
        for clause in paper.clauses
    ]
    hunan = next(one for one in documents if one["document_id"] == "hunan")
    assert hunan["doc_number"] == "湘政办发〔2026〕15号"
    assert hunan["validity"]["text"] == hunan["text"][hunan["validity"]["start"] : hunan["validity"]["end"]]


def test_facts_are_words_of_the_papers(
    exported: Exported, papers: dict[str, Document], settings: Settings
) -> None:
    facts = _rows(exported, "facts")
    with open_store(settings) as store:
        read = store.facts.read([(one, content) for one, content in store.in_use().items()])
    assert len(facts) == sum(len(one.facts) for one in read.facts.values()) > 100
    checked = 0
    for fact in facts:
        text = papers[fact["document_id"]].text
        for words in _words_in(fact):
            assert text[words["start"] : words["end"]] == words["text"]
            checked += 1
    assert checked > len(facts)
    sums = [amount["value"] for fact in facts for amount in fact["amounts"] if fact["kind"] == "money"]
    assert Decimal(5_000_000) in sums


def _words_in(value: object) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [words for one in value for words in _words_in(one)]
    if not isinstance(value, dict):
        return []
    own = [value] if {"text", "start", "end"} <= value.keys() else []
    return own + [words for one in value.values() for words in _words_in(one)]


@pytest.mark.parametrize("table", ["chunk_vectors", "sentence_vectors"])
def test_vectors_are_those_of_the_model(
    exported: Exported, papers: dict[str, Document], settings: Settings, table: str
) -> None:
    model = hashed_pairs(settings)
    file = pq.read_table(exported.folder / f"{table}.parquet")
    assert file.schema.metadata[b"zhengwen.model"].decode() == model.fingerprint
    assert file.schema.field("vector").type.list_size == model.dimension
    found = file.to_pylist()
    wanted = []
    for paper in embedded_papers(
        ((papers[one], "") for one in sorted(papers)), embedder=model, chunking=Chunking()
    ):
        some = paper.chunks if table == "chunk_vectors" else paper.sentences
        wanted += list(zip(some.pieces, some.hashes, some.vectors, strict=True))
    assert len(found) == len(wanted)
    for row, (piece, digest, vector) in zip(found, wanted, strict=True):
        assert (row["start"], row["end"], row["text_sha256"]) == (piece.start, piece.end, digest)
        np.testing.assert_array_equal(np.array(row["vector"], np.float32), vector)


def test_the_same_papers_give_the_same_files(settings: Settings, exported: Exported, tmp_path: Path) -> None:
    again = export(settings, tmp_path / "again", day=_DAY, embedder=hashed_pairs)
    for path in sorted(exported.folder.iterdir()):
        assert (again.folder / path.name).read_bytes() == path.read_bytes(), path.name
    about = json.loads((exported.folder / "export.json").read_text(encoding="utf-8"))
    assert about["rows"] == dict(exported.rows)


def test_vectors_of_the_index_are_not_computed_again(
    settings: Settings, exported: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded = list[str]()

    def noted(_: object, texts: Sequence[str], progress: object = None) -> Vectors:
        embedded.extend(texts)
        return np.zeros((len(texts), HashedPairs.dimension), np.float32)

    monkeypatch.setattr(HashedPairs, "embed_documents", noted)
    again = export(settings, tmp_path / "again", day=_DAY, embedder=hashed_pairs)
    assert embedded == []
    assert again.rows == exported.rows


def test_only_papers_in_force_on_a_day(settings: Settings, tmp_path: Path) -> None:
    early = export(
        settings,
        tmp_path / "early",
        day=date(2020, 1, 1),
        only_in_force=True,
        with_vectors=False,
        embedder=hashed_pairs,
    )
    assert early.rows["documents"] < 5
    assert "chunk_vectors" not in early.rows
    assert {one["status"] for one in _rows(early, "documents")} <= {"in_force"}


def test_a_folder_that_is_not_empty_is_left_alone(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ExportFault, match="not an empty folder"):
        export(settings, tmp_path, embedder=hashed_pairs)
    assert [one.name for one in tmp_path.iterdir()] == ["notes.txt"]


def test_what_cannot_be_finished_leaves_nothing(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rag.export.export.check", fails)
    with pytest.raises(ExportFault, match="No space left"):
        export(settings, tmp_path / "out", with_vectors=False, embedder=hashed_pairs)
    assert not list(tmp_path.iterdir())


def test_without_pyarrow_the_extra_is_named(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExtraMissing, match=r"zhengwen\[export\]"):
        export(settings, tmp_path / "out", with_vectors=False, embedder=hashed_pairs)


@pytest.mark.parametrize("page", ["export.md", "export.zh-CN.md"])
def test_every_column_is_described_with_its_type(page: str) -> None:
    text = (_CHECKOUT / "docs" / page).read_text(encoding="utf-8")
    for table, columns in COLUMNS.items():
        assert f"`{table}.parquet`" in text
        for name, kind in columns.items():
            assert f"| `{name}` | {kind} |" in text, name
    for name, parts in STRUCTS.items():
        assert f"| {name} | {', '.join(f'{part} {kind}' for part, kind in parts.items())} |" in text
