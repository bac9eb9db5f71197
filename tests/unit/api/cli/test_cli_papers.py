"""Commands on papers: versions in use, what does not exist, what is kept of a removed paper, corrections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from command import Command, Done

from api.cli.views.changes import show_report
from api.maintenance.verification import verify
from api.settings import Settings
from api.terminal import out
from api.wire import changes
from corpus.errors import BadCorrection, UnknownDocument
from corpus.load import load
from corpus.model import HeadField
from corpus.parse import parse
from corpus.store.papers import Store
from corpus.store.upkeep.backups import note_backup
from rag.assemble import ingest
from rag.errors import NotIndexed

_NUMBER = "榆政发〔2025〕8号"
_ID = "榆政发-2025-8"
_PAPER = """榆溪县人民政府关于支持柑橘产业的通知
{number}
各乡镇人民政府：
一、对新种柑橘的农户，每亩补助{amount}元，由县农业农村局发放。
二、对新建果品冷库的单位，给予最高20万元补助。
三、本通知自2025年4月1日起施行，有效期至2028年3月31日。
榆溪县人民政府
2025年3月3日
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a paper in two versions, without an index."""
    folder = tmp_path / "data"
    folder.mkdir()
    with _store(folder) as store:
        for amount in (300, 400):
            _take(store, amount=amount)
    return folder


def _store(folder: Path) -> Store:
    return Store(f"sqlite:///{folder / 'zhengwen.db'}")


def _take(store: Store, *, amount: int = 300, number: str = _NUMBER) -> None:
    words = _PAPER.format(number=number, amount=amount).encode()
    store.take_in(parse(load(words, name="notice.txt"), document_id=""), original=words)


@pytest.fixture
def run(data: Path, command: Command) -> Callable[..., Done]:
    """Runs the command on the data folder."""
    folders = {"ZHENGWEN_DATA_DIR": str(data), "ZHENGWEN_CACHE_DIR": str(data / "cache")}
    return partial(command, **folders, ZHENGWEN_STARTING_PAPERS="false")


@pytest.mark.parametrize(
    "call",
    [
        ("show", "absent"),
        ("show", _ID, "--version", "9"),
        ("show", _ID, "第九十九条"),
        ("versions", "absent"),
        ("ingest", "absent.txt"),
        ("backup", "restore", "absent"),
        ("site", "remove", "absent"),
        ("edit", _ID, "--undo", "title", "--reason", "x"),
    ],
)
def test_naming_what_does_not_exist_is_status_2(call: tuple[str, ...], run: Callable[..., Done]) -> None:
    done = run(*call)
    assert done.returncode == 2, done.stderr


def test_a_paper_is_named_by_its_number(data: Path, run: Callable[..., Done]) -> None:
    done = run("versions", "榆政发[2025] 08 号")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(_ID)
    with _store(data) as store:
        assert store.resolve(_NUMBER) == _ID
        with pytest.raises(UnknownDocument):
            store.resolve("榆政发〔2025〕9号")


def test_a_removed_paper_shows_what_is_kept_of_it(data: Path, run: Callable[..., Done]) -> None:
    with _store(data) as store:
        store.deletions.delete(_ID, reason="重复")
        for name in (_ID, _NUMBER):
            kept = changes.kept_of_removed(store, name)
            assert kept is not None
            assert (kept.versions, kept.removed_at is not None) == ([], True)
            assert [line.action for line in kept.audit][-1] == "removed"
        assert changes.kept_of_removed(store, "absent") is None
    done = run("versions", _ID)
    assert done.returncode == 0
    assert "removed" in done.stdout
    assert "重复" in done.stdout


def test_only_copies_that_hold_a_paper_are_named_when_it_is_removed(data: Path, tmp_path: Path) -> None:
    with _store(data) as store:
        store.database.copy_to(tmp_path / "with.db")
        with Store(f"sqlite:///{tmp_path / 'without.db'}"):
            pass
        for name in ("with.db", "without.db"):
            note_backup(store, tmp_path / name, reason="backup")
        deleted = store.deletions.delete(_ID, reason="")
    assert [one.path.name for one in deleted.backups] == ["with.db"]


def test_contradicting_and_far_days_are_refused(data: Path) -> None:
    far = (datetime.now(UTC) + timedelta(days=900)).date().isoformat()
    with _store(data) as store:
        before = store.heads()
        for values in (
            {HeadField.DATE_ISSUED: far},
            {HeadField.VALID_SINCE: "2029-01-01"},
            {HeadField.VALID_SINCE: "2026-02-01", HeadField.VALID_UNTIL: "2026-01-01"},
        ):
            with pytest.raises(BadCorrection):
                store.corrections.correct(_ID, values, reason="x")
        with pytest.raises(BadCorrection, match="nothing to undo"):
            store.corrections.undo(_ID, [HeadField.TITLE], reason="x")
        assert store.heads() == before
        both = {HeadField.VALID_SINCE: "2029-01-01", HeadField.VALID_UNTIL: "2030-01-01"}
        store.corrections.correct(_ID, both, reason="x")


def test_papers_that_are_not_yet_indexed_are_no_fault(data: Path, run: Callable[..., Done]) -> None:
    settings = Settings(data_dir=data, cache_dir=data)
    report = verify(settings)
    assert report.faults == []
    assert report.behind is not None
    assert report.behind.papers == (_ID,)
    done = run("verify")
    assert done.returncode == 0, done.stderr
    assert "not yet indexed" in done.stdout


def test_a_failed_update_of_the_index_says_that_the_papers_are_stored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_model(*_: object) -> object:
        raise OSError(28, "No space left on device")

    file = tmp_path / "notice.txt"
    file.write_text(_PAPER.format(number=_NUMBER, amount=300), encoding="utf-8")
    settings = Settings(data_dir=tmp_path / "data", cache_dir=tmp_path, starting_papers=False)
    report = ingest(settings, [file], embedder=no_model)  # type: ignore[arg-type]
    assert isinstance(report.error, NotIndexed)
    assert "the papers are stored" in str(report.error)
    show_report(out(), changes.ingest_report(report.files, report.index, dry_run=False))
    assert "added" in capsys.readouterr().out
    with _store(tmp_path / "data") as store:
        assert list(store.in_use()) == [_ID]
