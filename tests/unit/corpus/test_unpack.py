"""Archives: every file in one is read alone, or reported with the reason; nothing leads out of it."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_load_formats import ofd

from corpus import unpack as unpacking
from corpus.errors import UnreadableDocument
from corpus.formats.endings import PassedOver
from corpus.formats.received import Received
from corpus.ingest import ingest_files
from corpus.load import load
from corpus.report import Failed, Ingested
from corpus.store.papers import Store
from corpus.unpack import unpack

_PAPER = "关于规范泊岚市渡口管理的通知\n泊政办发〔2027〕6号\n一、渡口每日最后一班不晚于21时。\n".encode()
_OTHER = "关于规范泊岚市码头收费的意见\n泊政办发〔2028〕9号\n一、码头停泊每日收费40元。\n".encode()


def _zip(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def _gbk(*names: str) -> bytes:
    """An archive whose names are GBK without a mark, as Chinese Windows writes them."""
    data = _zip(*((f"{n:04}{'x' * (len(name.encode('gbk')) - 4)}", _PAPER) for n, name in enumerate(names)))
    for n, name in enumerate(names):
        raw = name.encode("gbk")
        data = data.replace(f"{n:04}{'x' * (len(raw) - 4)}".encode(), raw)
    return data


def _read(data: bytes) -> dict[str, str]:
    """Name → why it cannot be unpacked; empty when it was."""
    return {
        file.name: file.reason if isinstance(file, UnreadableDocument) else ""
        for file in unpack(data, name="a.zip")
        if not isinstance(file, PassedOver)
    }


def test_a_file_is_its_own_only_content() -> None:
    for data in (
        _PAPER,
        ofd([[(38, 40, 146, "第一条　为了规范管理，制定本办法。")]]),
        b"PK\x03\x04 [Content_Types].xml",
    ):
        assert list(unpack(data, name="a")) == [Received(data, "a")]


@given(
    st.lists(
        st.tuples(
            st.text("渡口通知一二", min_size=1, max_size=4),
            st.binary(max_size=50).filter(lambda data: not data.startswith(b"PK")),
        ),
        min_size=1,
        max_size=6,
        unique_by=lambda member: member[0],
    )
)
def test_each_member_has_its_name_and_its_bytes(members: list[tuple[str, bytes]]) -> None:
    found = unpack(_zip(*((f"甲/{name}.txt", data) for name, data in members)), name="a.zip")
    assert list(found) == [Received(data, f"a.zip/甲/{name}.txt") for name, data in members]


def test_names_in_gbk_are_read() -> None:
    names = ["渡口/管理办法.txt", "通知（一）.txt"]
    assert _read(_gbk(*names)) == {f"a.zip/{name}": "" for name in names}


def test_the_name_in_the_unicode_field_is_taken() -> None:
    info = zipfile.ZipInfo("abcd.txt")
    name = "渡口.txt".encode()
    info.extra = struct.pack("<HHBL", 0x7075, 5 + len(name), 1, 0) + name
    assert list(_read(_zip((info, _PAPER)))) == ["a.zip/渡口.txt"]


def test_junk_is_left_out() -> None:
    junk = ("__MACOSX/._通知.txt", ".DS_Store", "甲/.hidden.txt", "Thumbs.db", "~$通知.docx", "空/")
    assert list(_read(_zip(*((name, b"x") for name in junk), ("通知.txt", _PAPER)))) == ["a.zip/通知.txt"]


def test_an_archive_in_an_archive_is_unpacked_once() -> None:
    third = _zip(("三.txt", _PAPER))
    second = _zip(("二.txt", _PAPER), ("三.zip", third))
    found = _read(_zip(("二.zip", second), ("一.txt", _PAPER)))
    assert found["a.zip/一.txt"] == found["a.zip/二.zip/二.txt"] == ""
    assert "archive in an archive" in found["a.zip/二.zip/三.zip"]


def test_what_leads_out_of_the_archive_is_refused() -> None:
    link = zipfile.ZipInfo("链接.txt")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    members: list[tuple[str | zipfile.ZipInfo, bytes]] = [
        ("../../上.txt", _PAPER),
        ("/绝对.txt", _PAPER),
        ("c:\\盘.txt", _PAPER),
        (link, b"/etc/passwd"),
    ]
    found = _read(_zip(*members, ("好.txt", _PAPER)))
    assert found.pop("a.zip/好.txt") == ""
    assert len(found) == len(members)
    assert all("leads out" in reason or "link" in reason for reason in found.values())


def test_members_of_one_name_are_named_and_neither_is_lost_silently() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = _zip(("一.txt", _PAPER), ("一.txt", b"x"))
    assert all("several files of this name" in reason for reason in _read(data).values())


def _encrypted(data: bytes) -> bytes:
    """Sets the bit of encryption in the headers of all members."""
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        pieces = data.split(signature)
        data = signature.join([pieces[0], *(p[: at - 4] + b"\x01" + p[at - 3 :] for p in pieces[1:])])
    return data


def test_an_encrypted_archive_says_so() -> None:
    with pytest.raises(UnreadableDocument, match=r"is encrypted\. Unpack it with its password"):
        list(unpack(_encrypted(_zip(("一.txt", _PAPER))), name="a.zip"))


def test_bombs_are_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = b"0" * (3 * 1024 * 1024)
    assert "times its size" in _read(_zip(("零.txt", zeros), ("一.txt", _PAPER)))["a.zip/零.txt"]
    monkeypatch.setattr(unpacking, "_MOST_BYTES", 2 * len(_PAPER))
    found = _read(_zip(*((f"{n}.txt", _PAPER) for n in range(4))))
    assert [bool(reason) for reason in found.values()] == [False, False, True, True]
    monkeypatch.setattr(unpacking, "_MOST_FILES", 3)
    with pytest.raises(UnreadableDocument, match="more than 3 files"):
        _read(_zip(*((f"{n}.txt", _PAPER) for n in range(4))))


@pytest.mark.parametrize("data", [_zip(), b"PK\x03\x04damaged", _zip((".DS_Store", b"x"))])
def test_an_archive_without_files_is_an_error(data: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        list(unpack(data, name="a.zip"))


def test_other_archives_are_refused_with_the_cure() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("一.txt")
        info.size = len(_PAPER)
        archive.addfile(info, io.BytesIO(_PAPER))
    for data in (buffer.getvalue(), b"\x1f\x8b" + buffer.getvalue(), b"Rar!" + _PAPER):
        with pytest.raises(UnreadableDocument, match="pack it as zip"):
            load(data, name="a")


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_damaged_archive_gives_members_and_reasons(at: int, value: int) -> None:
    data = bytearray(_zip(("一.txt", _PAPER), ("二.txt", _PAPER * 3)))
    data[at % len(data)] = value
    try:
        for file in unpack(bytes(data), name="a.zip"):
            assert isinstance(file, Received | UnreadableDocument | PassedOver)
    except UnreadableDocument:
        pass


def test_every_paper_of_an_archive_is_stored_with_its_own_bytes(tmp_path: Path) -> None:
    path = tmp_path / "文件.zip"
    path.write_bytes(_zip(("甲/渡口.txt", _PAPER), ("图.png", b"\x89PNG\r\n"), ("乙/码头.txt", _OTHER)))
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as store:
        results = ingest_files(store, [tmp_path])
        stored = [result for result in results if isinstance(result, Ingested)]
        assert [Path(result.path).name for result in stored] == ["渡口.txt", "码头.txt"]
        assert [store.original(result.document_id) for result in stored] == [_PAPER, _OTHER]
        assert store.document(stored[0].document_id).source.name == "文件.zip/甲/渡口.txt"
    failed = [result for result in results if isinstance(result, Failed)]
    assert [result.path for result in failed] == [str(path / "图.png")]
    assert "picture" in str(failed[0].error)
