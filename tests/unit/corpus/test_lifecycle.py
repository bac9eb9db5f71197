"""What becomes of stored papers: versions, corrections, withdrawal, deletion, and what ingestion reports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from invented import CLAUSES, paper, read
from sqlalchemy import Connection, text

from corpus.effects import Incoming
from corpus.errors import BadCorrection, NotWithdrawn, UnknownDocument, WithdrawnDocument
from corpus.files import read_papers
from corpus.head.corrections import checked_value
from corpus.ingest import ensure_starting_papers, ingest_files
from corpus.model import Document, HeadField
from corpus.rehearsal import rehearse
from corpus.report import Ingested
from corpus.rereading import NotReread, reread
from corpus.store import versions
from corpus.store.papers import Replaced, Store, Unchanged
from corpus.store.shipped_papers import starting_papers
from corpus.version_diff import compare

_ID = "溪政发-2024-7"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'papers.sqlite'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store(url) as opened:
        yield opened


def _take(store: Store, words: str) -> None:
    store.take_in(read(words), original=words.encode())


# -- differences of versions --


def test_a_difference_names_what_was_added_removed_changed_and_moved() -> None:
    old = read(paper())
    changed = CLAUSES[4].replace("60万元", "90万元")
    # The second clause is gone, so that the third and fourth get other numbers.
    third, fourth = CLAUSES[2].replace("三、", "二、"), CLAUSES[3].replace("四、", "三、")
    new = read(paper(clauses=(CLAUSES[0], third, fourth, "四、做好宣传\n广泛宣传本通知。", changed)))
    diff = compare(old, new)
    assert len(diff.moved) == 2
    (one,) = diff.changed
    assert ("60万元" in one.old, "90万元" in one.new) == (True, True)
    (added,), (removed,) = diff.added, diff.removed
    assert "做好宣传" in added.new
    assert "油茶" in removed.old
    assert not diff.head


def test_equal_papers_do_not_differ() -> None:
    assert not compare(read(paper()), read(paper().replace("\n", "\n\n")))


def test_a_number_that_is_lost_is_named() -> None:
    (change,) = compare(read(paper()), read(paper(number=""))).head
    assert (change.field, change.old, change.new) == ("doc_number", "溪政发〔2024〕7号", "")


# -- corrections --


def test_a_correction_holds_is_shown_and_outlasts_a_new_version(store: Store) -> None:
    _take(store, paper())
    before = store.corpus_hash()
    values = {HeadField.DATE_ISSUED: "2024年5月8日", HeadField.ISSUER: "清溪市人民政府办公室"}
    store.corrections.correct(_ID, values, reason="网页误植")
    assert store.corpus_hash() != before
    _take(store, paper(clauses=CLAUSES[:4]))
    for document in (store.document(_ID), *store.documents(), *store.read(list(store.in_use().items()))):
        assert document.head.date_issued is not None
        assert document.head.date_issued.value.isoformat() == "2024-05-08"
        assert [one.reason for one in document.corrections] == ["网页误植"] * 2
    (head,) = store.heads()
    assert (head.issuer, str(head.date_issued)) == ("清溪市人民政府办公室", "2024-05-08")
    store.corrections.undo(_ID, [HeadField.DATE_ISSUED], reason="原文无误")
    assert str(store.heads()[0].date_issued) == "2024-05-06"
    assert len(store.document(_ID).corrections) == 1


def test_a_paper_is_found_by_the_hash_it_had_before_a_correction(store: Store) -> None:
    _take(store, paper())
    before = list(store.in_use().items())
    store.corrections.correct(_ID, {HeadField.TITLE: "关于山区产业的通知"}, reason="简称")
    (document,) = store.read(before)
    assert document.text == read(paper()).text


def test_a_corrected_number_recognises_papers(store: Store) -> None:
    _take(store, paper(number="溪政发〔2024〕1号"))
    store.corrections.correct("溪政发-2024-1", {HeadField.DOC_NUMBER: "溪政发〔2024〕7号"}, reason="扫描脱字")
    _take(store, paper(clauses=CLAUSES[:4]))
    assert [version.version for version in store.versions("溪政发-2024-1")] == [1, 2]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (HeadField.DATE_ISSUED, "2024-02-30"),
        (HeadField.DATE_ISSUED, "五月"),
        (HeadField.STATUS, "ended"),
        (HeadField.LEVEL, "乡"),
        (HeadField.TITLE, " "),
        (HeadField.TITLE, "长" * 501),
    ],
)
def test_wrong_corrections(field: HeadField, value: str) -> None:
    with pytest.raises(BadCorrection, match=field.value):
        checked_value(field, value)


# -- withdrawal and deletion --


def test_a_withdrawn_paper_does_not_answer_and_comes_back(store: Store) -> None:
    _take(store, paper())
    before = store.corpus_hash()
    store.withdrawals.withdraw(_ID, reason="页面有误")
    assert store.in_use() == {}
    assert store.heads() == []
    with pytest.raises(WithdrawnDocument, match="页面有误"):
        store.document(_ID)
    assert store.document(_ID, also_withdrawn=True).text == read(paper()).text
    assert [one.document_id for one in store.withdrawals.all()] == [_ID]
    store.withdrawals.restore(_ID)
    assert store.corpus_hash() == before
    with pytest.raises(NotWithdrawn):
        store.withdrawals.restore(_ID)
    with pytest.raises(UnknownDocument):
        store.withdrawals.restore("other")


def test_nothing_of_a_deleted_paper_is_left(tmp_path: Path, store: Store) -> None:
    _take(store, paper())
    store.corrections.correct(_ID, {HeadField.REGION: "清溪市"}, reason="补录")
    store.withdrawals.withdraw(_ID, reason="误传")
    other = paper(
        number="溪政发〔2024〕9号", title="关于空气的通知", clauses=("一、管控扬尘\n施工工地应当洒水。",)
    )
    _take(store, other)
    with store.database.writing() as connection:  # as a store of an earlier version has it
        connection.execute(text("INSERT INTO aliases VALUES ('old', :id)"), {"id": _ID})
    deleted = store.deletions.delete(_ID, reason="隐私")
    assert (deleted.versions, deleted.backups) == (1, ())
    assert store.deletions.unfinished() == [_ID]
    store.deletions.erase_traces()
    store.deletions.finish([_ID])
    assert store.deletions.unfinished() == []
    store.close()
    words = ("支持竹编工坊建设", "返乡青年", "各县（市、区）")
    for file in tmp_path.glob("papers.sqlite*"):
        data = file.read_bytes()
        for word in words[:2]:
            assert word.encode() not in data
            assert json.dumps(word).strip('"').encode() not in data
    assert store.document("溪政发-2024-9").text == read(other).text
    for line in store.audit.lines(_ID):
        assert "竹编" not in str(line)


def test_backups_that_contain_a_deleted_paper_are_named(tmp_path: Path, store: Store) -> None:
    from corpus.store.upkeep.backup_list import record_backup

    gone, kept = tmp_path / "gone.db", tmp_path / "kept.db"
    kept.touch()
    with store.database.writing() as connection:
        record_backup(connection, tmp_path / "before.db", reason="backup")
    _take(store, paper())
    with store.database.writing() as connection:
        for path in (gone, kept):
            record_backup(connection, path, reason="backup")
    (tmp_path / "before.db").touch()
    assert [one.path for one in store.deletions.delete(_ID, reason="").backups] == [kept]


# -- starting papers --


def test_an_interrupted_first_start_is_completed(store: Store) -> None:
    shipped = starting_papers()
    for one in shipped[:2]:
        store.add(replace(read(one.data.decode()), id=one.document_id, clauses=()))
    ensure_starting_papers(store)
    assert store.in_use().keys() == {one.document_id for one in shipped}


def test_removed_starting_papers_do_not_come_back(store: Store) -> None:
    ensure_starting_papers(store)
    for document_id in list(store.in_use()):
        store.remove(document_id)
    ensure_starting_papers(store)
    assert store.is_empty()


def test_a_store_of_other_papers_gets_no_starting_papers(store: Store) -> None:
    _take(store, paper())
    ensure_starting_papers(store)
    assert list(store.in_use()) == [_ID]


def test_starting_papers_are_stored_all_or_none(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put, count = versions.put, 0

    def fails(connection: Connection, document: Document, *, original: bytes) -> object:
        nonlocal count
        count += 1
        if count == 4:
            raise KeyboardInterrupt
        return put(connection, document, original=original)

    monkeypatch.setattr(versions, "put", fails)
    with pytest.raises(KeyboardInterrupt):
        ensure_starting_papers(store)
    assert store.is_empty()
    ensure_starting_papers(store)
    assert len(store.in_use()) == 5


def test_the_starting_papers_from_a_folder_are_recognised(tmp_path: Path, store: Store) -> None:
    ensure_starting_papers(store)
    before = store.corpus_hash()
    for one in starting_papers():
        (tmp_path / f"x-{one.name}").write_bytes(one.data)
    results = ingest_files(store, sorted(tmp_path.glob("x-*")))
    assert {type(result.change) for result in results if isinstance(result, Ingested)} == {Unchanged}
    assert (len(results), store.corpus_hash()) == (5, before)


# -- ingestion --


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    files = {
        "a/notice.txt": paper(),
        "b/notice.txt": paper(
            number="溪政发〔2024〕9号", title="关于空气的通知", clauses=("一、洒水\n应当洒水。",)
        ),
        "c/again.txt": paper() + "\n",
        "d/later.txt": paper(clauses=CLAUSES[:4]),
        "e/broken.txt": "",
        "f/conflict.txt": paper(
            title="关于供水的通知", clauses=("一、供水\n保障供水。", "二、水质\n检测水质。")
        ),
    }
    for name, words in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(words, encoding="utf-8")
    return folder


def test_a_dry_run_reports_what_ingestion_then_does(tmp_path: Path, store: Store) -> None:
    folder = _folder(tmp_path)
    rehearsed = [
        one.result if isinstance(one, Incoming) else one for one in rehearse(store, read_papers([folder]))
    ]
    assert store.is_empty()
    results = ingest_files(store, [folder])
    for shown, done in zip(rehearsed, results, strict=True):
        if not isinstance(done, Ingested):
            assert type(shown) is type(done)
        else:
            assert isinstance(shown, Ingested)
            assert (shown.document_id, shown.change) == (done.document_id, done.change)
            assert shown.recognised == done.recognised
    again = rehearse(store, read_papers([folder]))
    assert all(not isinstance(one, Incoming) or isinstance(one.result.change, Unchanged) for one in again)
    before = store.corpus_hash()
    twice = ingest_files(store, [folder])
    assert all(not isinstance(one, Ingested) or isinstance(one.change, Unchanged) for one in twice)
    assert store.corpus_hash() == before


def test_the_report_tells_what_was_recognised(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "notice.txt"
    file.write_bytes(paper(clauses=(*CLAUSES[:2], *CLAUSES[3:])).encode("gb18030"))
    (result,) = ingest_files(store, [file])
    assert isinstance(result, Ingested)
    found = result.recognised
    assert (found.doc_number, found.media_type) == ("溪政发〔2024〕7号", "text/plain")
    assert str(found.date_issued) == "2024-05-06"
    assert found.charset.lower() in ("gb18030", "gbk", "gb2312")
    (gap,) = found.warnings
    assert gap.code == "gap"
    assert "四、" in file.read_bytes().decode("gb18030").splitlines()[gap.line - 1]


# -- reading again --


def test_papers_are_read_again_and_corrections_stay(store: Store) -> None:
    _take(store, paper())
    store.corrections.correct(_ID, {HeadField.STATUS: "expired"}, reason="到期")
    (same,) = reread(store, [_ID])
    assert isinstance(same, Ingested)
    assert same.change == Unchanged(_ID, 1)
    # As if an earlier parser had missed the last clause.
    worse = replace(store.document(_ID), corrections=(), clauses=store.document(_ID).clauses[:-1])
    store.add(worse, original=paper().encode())
    (better,) = reread(store, [_ID])
    assert isinstance(better, Ingested)
    assert better.change == Replaced(_ID, 3)
    assert better.diff
    assert store.document(_ID).head.status.value == "expired"


def test_what_cannot_be_read_again_stays(store: Store) -> None:
    store.take_in(read(paper()), original=b"")
    (result,) = reread(store, [_ID])
    assert isinstance(result, NotReread)
    assert "zhengwen ingest" in str(result.error)
    assert store.document(_ID)
