"""Articles of real laws are found by law and number, with the bundled model."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from evals_beir import judged, lines

from evals.public.run import measure
from index.model import Embedder
from rag.assemble import open_embedder
from rag.settings import AnswerSettings, Settings, load_settings


@pytest.fixture(scope="session")
def model() -> Embedder:
    """The real model, from where this machine keeps it."""
    return open_embedder(load_settings())


@pytest.fixture
def settings(tmp_path: Path, unset: None) -> Settings:
    return Settings(
        cache_dir=tmp_path / "cache", data_dir=tmp_path / "data", answer=AnswerSettings(reader=False)
    )


@pytest.mark.datasets
@pytest.mark.model
def test_an_article_of_a_law_is_found_by_its_number(
    shared: Path, tmp_path: Path, settings: Settings, model: Embedder
) -> None:
    """《…》第…条 leads to that very article, among the first ones of ten laws and the last of the 民法典."""
    source = shared / "datasets" / "china-law" / "corpus.jsonl"
    if not source.is_file():
        pytest.skip(f"no {source}")
    laws: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in source.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["metadata"]["status"] == "现行有效":
            laws[row["title"].removesuffix(row["metadata"]["article"])].append(row)
    kept = laws.pop("中华人民共和国民法典")[-20:]
    kept += [row for rows in list(laws.values())[:10] for row in rows[:20]]
    picked = kept[::5]
    assert any(row["title"].endswith("民法典第一千二百五十四条") for row in kept)
    picked += [row for row in kept if row["title"].endswith("第一千二百五十四条") and row not in picked]
    folder = tmp_path / "laws"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text(lines(kept), "utf-8")
    (folder / "queries.jsonl").write_text(lines(map(_by_number, picked)), "utf-8")
    (folder / "qrels.tsv").write_text(judged([(row["_id"], row["_id"], "1") for row in picked]), "utf-8")
    report = measure(folder, settings=settings, embedder=lambda *_: model)
    missed = [one.query.text for one in report.ranked[0][1] if one.scores["hit@1"] < 1.0]
    assert missed == []


def _by_number(row: dict[str, Any]) -> dict[str, str]:
    about = row["metadata"]
    name = about["law"].removeprefix("中华人民共和国")
    return {"_id": row["_id"], "text": f"《{name}》{about['article']}"}
