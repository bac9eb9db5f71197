"""Staged papers answer only when they are released; a rollback brings the papers of then back."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.errors import NothingStaged, NothingToRollBack
from corpus.store.audit import Action
from corpus.store.papers import Store
from index.model import Embedder
from rag import staging
from rag.assemble import EmbedderFactory, ingest, open_assistant
from rag.changes import change
from rag.model import Question
from rag.settings import AnswerSettings, Settings
from rag.stored_papers import open_store

_PAPER = """清溪市人民政府关于支持{matter}产业的通知

溪政发〔2024〕{number}号

各县（市、区）人民政府：

一、支持建设

对新建{matter}工坊的单位，一次性奖补{amount}万元。

清溪市人民政府
2024年5月6日
"""


@pytest.fixture
def place(data_dir: Path) -> Settings:
    return Settings(
        data_dir=data_dir,
        cache_dir=data_dir / "cache",
        starting_papers=False,
        answer=AnswerSettings(reader=False),
    )


@pytest.fixture
def factory(tiny_embedder: Embedder) -> EmbedderFactory:
    return lambda *_: tiny_embedder


@pytest.fixture
def bamboo(tmp_path: Path, place: Settings, factory: EmbedderFactory) -> Path:
    """A paper in use."""
    path = _write(tmp_path, "竹编", number=7, amount=37)
    ingest(place, [path], embedder=factory)
    return path


def _write(folder: Path, matter: str, *, number: int, amount: int) -> Path:
    path = folder / f"{number}.txt"
    path.write_text(_PAPER.format(matter=matter, number=number, amount=amount), encoding="utf-8")
    return path


def _ask(place: Settings, factory: EmbedderFactory, matter: str = "竹编") -> str:
    question = Question(f"清溪市新建{matter}工坊奖补多少？")
    return open_assistant(place, embedder=factory).ask(question).result.text


def _texts(place: Settings) -> dict[str, str]:
    with open_store(place) as store:
        return {one.id: one.text for one in store.documents()}


def test_staged_papers_answer_after_their_release(
    bamboo: Path, place: Settings, factory: EmbedderFactory, tmp_path: Path
) -> None:
    staged = [_write(tmp_path, "竹编", number=7, amount=41), _write(tmp_path, "茶叶", number=8, amount=52)]
    staging.stage(place, staged[:1], embedder=factory)
    staging.stage(place, staged[1:], embedder=factory)
    assert "37万元" in _ask(place, factory)
    own = staging.staged_settings(place)
    assert "41万元" in _ask(own, factory)
    assert "52万元" in _ask(own, factory, "茶叶")
    released = staging.release(place, embedder=factory)
    assert len(released.outcomes) == 2
    assert "41万元" in _ask(place, factory)
    assert "52万元" in _ask(place, factory, "茶叶")
    with pytest.raises(NothingStaged):
        staging.release(place, embedder=factory)
    with open_store(place) as store:
        actions = [line.action for line in store.audit.lines()]
    assert actions == ["added", "staged", "staged", "released", "new version", "added"]


def test_what_is_stored_meanwhile_stays(
    bamboo: Path, place: Settings, factory: EmbedderFactory, tmp_path: Path
) -> None:
    staging.stage(place, [_write(tmp_path, "茶叶", number=8, amount=52)], embedder=factory)
    ingest(place, [_write(tmp_path, "油茶", number=9, amount=61)], embedder=factory)
    staging.release(place, embedder=factory)
    assert len(_texts(place)) == 3


def test_a_discarded_stage_leaves_nothing(
    bamboo: Path, place: Settings, factory: EmbedderFactory, tmp_path: Path
) -> None:
    staging.stage(place, [_write(tmp_path, "茶叶", number=8, amount=52)], embedder=factory)
    staging.discard(place)
    assert not any("52万元" in text for text in _texts(place).values())
    assert not list(place.data_dir.glob("staged*"))
    with pytest.raises(NothingStaged):
        staging.discard(place)


def test_a_stage_that_was_killed_while_it_was_copied_is_copied_again(
    bamboo: Path, place: Settings, factory: EmbedderFactory, tmp_path: Path
) -> None:
    (place.data_dir / "staged.unfinished").mkdir()
    (place.data_dir / "staged.unfinished" / "zhengwen.db").write_bytes(b"half")
    with pytest.raises(NothingStaged):
        staging.release(place, embedder=factory)
    staging.stage(place, [_write(tmp_path, "茶叶", number=8, amount=52)], embedder=factory)
    assert len(staging.release(place, embedder=factory).outcomes) == 1


@pytest.mark.parametrize("at", ["before the index", "before the stage is deleted"])
def test_a_release_that_was_killed_goes_on_and_repeats_nothing(
    at: str,
    bamboo: Path,
    place: Settings,
    factory: EmbedderFactory,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    staging.stage(place, [_write(tmp_path, "竹编", number=7, amount=41)], embedder=factory)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        if at == "before the stage is deleted":
            patched.setattr(shutil, "rmtree", killed)
        stops: EmbedderFactory = killed if at == "before the index" else factory  # type: ignore[assignment]
        with pytest.raises(KeyboardInterrupt):
            staging.release(place, embedder=stops)
    assert staging.release(place, embedder=factory).outcomes == ()
    assert "41万元" in _ask(place, factory)
    with open_store(place) as store:
        assert [line.action for line in store.audit.lines()].count(Action.RELEASED) == 1


def test_a_rollback_takes_the_release_back_and_can_be_taken_back(
    bamboo: Path, place: Settings, factory: EmbedderFactory, tmp_path: Path
) -> None:
    before = _texts(place)
    staged = [_write(tmp_path, "竹编", number=7, amount=41), _write(tmp_path, "茶叶", number=8, amount=52)]
    staging.stage(place, staged, embedder=factory)
    staging.release(place, embedder=factory)
    after, released_at = _texts(place), datetime.now(UTC)
    done, _ = staging.roll_back(place, to=None, embedder=factory)
    assert (len(done.replaced), len(done.withdrawn)) == (1, 1)
    assert _texts(place) == before
    assert "37万元" in _ask(place, factory)
    with pytest.raises(NothingToRollBack):
        staging.roll_back(place, to=None, embedder=factory)
    staging.roll_back(place, to=released_at, embedder=factory)
    assert _texts(place) == after
    with open_store(place) as store:
        (document_id,) = done.replaced
        assert [one.version for one in store.versions(document_id)] == [1, 2, 3, 4]


def test_a_rollback_restores_and_withdraws_and_brings_no_deleted_paper_back(
    bamboo: Path, place: Settings, factory: EmbedderFactory, tmp_path: Path
) -> None:
    ingest(place, [_write(tmp_path, "茶叶", number=8, amount=52)], embedder=factory)
    then, moment = _texts(place), datetime.now(UTC)
    first, second = then

    def change_both(store: Store) -> None:
        store.withdrawals.withdraw(first, reason="no")
        store.deletions.delete(second, reason="no")

    change(place, change_both, embedder=factory)
    done, _ = staging.roll_back(place, to=moment, embedder=factory)
    assert (done.restored, done.removed) == ((first,), (second,))
    assert _texts(place) == {first: then[first]}


def test_nothing_is_known_of_a_time_before_the_first_paper(
    bamboo: Path, place: Settings, factory: EmbedderFactory
) -> None:
    with pytest.raises(NothingToRollBack, match="later time"):
        staging.roll_back(place, to=datetime(1999, 1, 1, tzinfo=UTC), embedder=factory)


def _sums(place: Settings) -> list[tuple[str, list[str]]]:
    """The quotes of the facts that are shown, with the reasons of their corrections."""
    with open_store(place) as store:
        papers = store.facts.read(list(store.in_use().items())).facts.values()
    return [
        (paper.excerpts.words(one.fact.quote), [made.reason for made in one.corrections])
        for paper in papers
        for one in paper.facts
    ]


def _correct(place: Settings, matter: str, *, reason: str) -> None:
    """Takes the form of the one fact about a matter away."""
    with open_store(place) as store:
        for document_id, paper in store.facts.read(list(store.in_use().items())).facts.items():
            for one in paper.facts:
                if matter in paper.excerpts.words(one.fact.quote):
                    store.fact_corrections.correct(document_id, one.fact.id, "form", [], reason=reason)


def test_corrections_of_facts_of_staged_papers_are_released_with_them(
    bamboo: Path, place: Settings, factory: EmbedderFactory, tmp_path: Path
) -> None:
    ingest(place, [_write(tmp_path, "油茶", number=9, amount=61)], embedder=factory)
    _correct(place, "竹编", reason="before")
    staged = [_write(tmp_path, "竹编", number=7, amount=41), _write(tmp_path, "茶叶", number=8, amount=52)]
    staging.stage(place, staged, embedder=factory)
    own = staging.staged_settings(place)
    for matter in ("竹编", "茶叶", "油茶"):
        _correct(own, matter, reason=f"staged {matter}")
    with open_store(own) as store:
        (oil,) = store.fact_corrections.of(_id_of(own, "油茶"))
        store.fact_corrections.undo(_id_of(own, "油茶"), oil.number, reason="after all")
        expected = [(one.reason, one.at) for one in store.fact_corrections.of(_id_of(own, "竹编"))]
    _correct(place, "油茶", reason="meanwhile")
    released = staging.release(place, embedder=factory)
    assert (len(released.outcomes), released.corrections) == (2, 4)
    shown = dict(_sums(place))
    assert [reasons for quote, reasons in shown.items() if "竹编" in quote] == [["staged 竹编"]]
    assert [reasons for quote, reasons in shown.items() if "茶叶" in quote] == [["staged 茶叶"]]
    assert [reasons for quote, reasons in shown.items() if "油茶" in quote] == [["meanwhile"]]
    with open_store(place) as store:
        made = store.fact_corrections.of(_id_of(place, "竹编"))
        actions = [line.action for line in store.audit.lines()]
    assert [(one.reason, one.at) for one in made] == expected
    assert actions.count(Action.FACT_UNDONE) == 1


def _id_of(place: Settings, matter: str) -> str:
    return next(document_id for document_id, text in _texts(place).items() if matter in text)


def test_a_removed_paper_is_removed_from_the_stage(
    bamboo: Path, place: Settings, factory: EmbedderFactory, tmp_path: Path
) -> None:
    staging.stage(place, [_write(tmp_path, "竹编", number=7, amount=41)], embedder=factory)
    ((document_id, _),) = _texts(place).items()
    change(place, lambda store: store.deletions.delete(document_id, reason=""), embedder=factory)
    staging.forget_papers(place, [document_id])
    for path in (place.data_dir / "staged").rglob("*"):
        assert not path.is_file() or "新建竹编工坊".encode() not in path.read_bytes(), path
    assert staging.release(place, embedder=factory).outcomes == ()
    assert _texts(place) == {}
