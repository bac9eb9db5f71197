"""Removing a paper: store, index, receipts and logs keep no word of it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from api.records import open_records
from api.records.receipts import receipt_of
from api.service import removal
from api.service.answers import questions
from api.settings import Settings
from api.wire.question_schemas import AskRequest, Turn
from corpus.errors import UnknownDocument
from corpus.model import HeadField
from index.model import Embedder
from rag.assemble import EmbedderFactory, ingest, open_assistant
from rag.changes import change, rehearse_ingest
from rag.model import Question
from rag.settings import AnswerSettings
from rag.stored_papers import removal_is_unfinished

_PAPER = """清溪市人民政府关于支持竹编产业的通知

溪政发〔2024〕7号

各县（市、区）人民政府：

一、支持工坊建设

对新建竹编工坊的单位，一次性奖补37万元。

清溪市人民政府
2024年5月6日
"""
_OTHER = """清溪市人民政府关于供水保障的通知

溪政发〔2024〕7号

各县（市、区）人民政府：

一、改造水厂

对完成水厂改造的乡镇，每处补助52万元。

清溪市人民政府
2024年5月6日
"""
_QUESTION = "清溪市新建竹编工坊奖补多少？"


@pytest.fixture
def place(data_dir: Path, unset: None) -> Settings:
    return Settings(
        data_dir=data_dir,
        cache_dir=data_dir / "cache",
        starting_papers=False,
        answer=AnswerSettings(reader=False),
    )


@pytest.fixture
def factory(tiny_embedder: Embedder) -> EmbedderFactory:
    return lambda *_: tiny_embedder


def _ingest(place: Settings, factory: EmbedderFactory, folder: Path, **papers: str) -> None:
    for name, words in papers.items():
        (folder / f"{name}.txt").write_text(words, encoding="utf-8")
    paths = [folder / f"{name}.txt" for name in papers]
    ingest(place, paths, embedder=factory)


def _ask(place: Settings, factory: EmbedderFactory, question: str) -> str:
    return open_assistant(place, embedder=factory).ask(Question(question)).result.text


def test_a_removed_paper_is_nowhere(place: Settings, factory: EmbedderFactory, tmp_path: Path) -> None:
    _ingest(place, factory, tmp_path, bamboo=_PAPER, water=_OTHER)
    with open_records(place.service_url, lock_dir=place.data_dir) as records:
        assistant = open_assistant(place, embedder=factory)
        first = AskRequest(question=_QUESTION)
        reply = questions.ask(first, assistant=assistant, longest=2000)
        assert "37万元" in reply.text
        then = AskRequest(
            question="什么时候印发？",
            history=[
                Turn(role="user", content=_QUESTION),
                Turn(role="assistant", content=reply.text),
            ],
        )
        for request in (first, then):
            made = questions.ask(request, assistant=assistant, longest=2000)
            receipt = receipt_of(
                request,
                made,
                holder="",
                site="",
                channel="ask",
                info=assistant.info(),
                settings=place,
                today=date(2026, 3, 1),
            )
            records.store_answer(receipt, None)
        removed = removal.remove(place, "bamboo", reason="隐私", records=records, embedder=factory)
        assert (removed.deleted.document_id, removed.deleted.versions) == ("溪政发-2024-7", 1)
        assert removed.receipts >= 1
        kept = records.receipts.get(receipt.id)
        assert kept.question == "什么时候印发？"
        assert all(cited.start < cited.end for cited in kept.reply.citations)
    for file in place.data_dir.rglob("*"):
        data = file.read_bytes() if file.is_file() else b""
        for words in ("新建竹编工坊的单位", "一次性奖补37万元"):
            assert words.encode() not in data, file
            assert json.dumps(words).strip('"').encode() not in data, file
    assert len(list((place.data_dir / "index" / "generations").iterdir())) == 1
    assert "52万元" in _ask(place, factory, "清溪市水厂改造每处补助多少？")
    with pytest.raises(UnknownDocument):
        removal.remove(place, "溪政发-2024-7", reason="", records=None, embedder=factory)


def test_an_interrupted_removal_is_completed(
    place: Settings, factory: EmbedderFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ingest(place, factory, tmp_path, bamboo=_PAPER)

    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(removal, "forget_earlier_indexes", interrupted)
        with pytest.raises(KeyboardInterrupt):
            removal.remove(place, "bamboo", reason="", records=None, embedder=factory)
    assert removal_is_unfinished(place)
    removal.remove(place, "溪政发-2024-7", reason="", records=None, embedder=factory)
    assert not removal_is_unfinished(place)


def test_answers_name_a_conflict_until_it_is_decided(
    place: Settings, factory: EmbedderFactory, tmp_path: Path
) -> None:
    _ingest(place, factory, tmp_path, bamboo=_PAPER, water=_OTHER)
    told = _ask(place, factory, _QUESTION)
    assert "文号相同而内容不同" in told
    change(
        place,
        lambda store: store.conflicts.keep_both("溪政发-2024-7", "溪政发-2024-7-2", reason="两件"),
        embedder=factory,
    )
    told = _ask(place, factory, _QUESTION)
    assert ("37万元" in told, "文号相同" in told) == (True, False)


def test_answers_say_what_an_editor_has_corrected(
    place: Settings, factory: EmbedderFactory, tmp_path: Path
) -> None:
    _ingest(place, factory, tmp_path, bamboo=_PAPER)
    values = {HeadField.DOC_NUMBER: "溪政发〔2024〕17号"}
    change(
        place,
        lambda store: store.corrections.correct("溪政发-2024-7", values, reason="漏印"),
        embedder=factory,
    )
    told = _ask(place, factory, "清溪市人民政府关于支持竹编产业的通知的文号是什么？")
    assert "已由编辑更正为“溪政发〔2024〕17号”" in told
    assert not told.startswith("溪政发〔2024〕7号")
    assert "更正" not in _ask(place, factory, _QUESTION)


def test_a_dry_run_makes_no_store(place: Settings, tmp_path: Path) -> None:
    file = tmp_path / "bamboo.txt"
    file.write_text(_PAPER, encoding="utf-8")
    (result,) = rehearse_ingest(place, [file])
    assert result.path == str(file)
    assert not (place.data_dir / "zhengwen.db").exists()
