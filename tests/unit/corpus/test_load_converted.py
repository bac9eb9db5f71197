"""Formats that LibreOffice converts, with a program in its place that succeeds, fails or hangs."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
import time
from pathlib import Path

import pytest
from office_files import docx, package, paragraph

from corpus.errors import UnreadableDocument
from corpus.formats.office import libreoffice
from corpus.load import load

_WORD = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500 + "WordDocument".encode("utf-16-le") + b"\x00" * 50
)
_RTF = b"{\\rtf1\\ansi test}"
_ODT = package({"mimetype": b"", "content.xml": b"<a/>"}).replace(
    b"mimetype", b"mimetypeapplication/vnd.oasis.opendocument.text", 1
)
_PAPER = docx(paragraph("第一条 为规范渔港管理，制定本办法。"))

pytestmark = pytest.mark.skipif(
    os.name != "posix", reason="the program in place of soffice is a shell script"
)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in PATH for a program named soffice; temporary files are put below it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return folder / "soffice"


def _write(program: Path, code: str) -> None:
    """Makes the program run Python code; `source` and `target` are the paths it is given."""
    written = (
        "import pathlib, sys\n"
        "target, source = map(pathlib.Path, (sys.argv[sys.argv.index('--outdir') + 1], sys.argv[-1]))\n"
        f"{code}\n"
    )
    script = program.with_suffix(".py")
    script.write_text(written, "utf-8")
    program.write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(script))} "$@"\n', "utf-8"
    )
    program.chmod(0o755)


def _left(program: Path) -> list[Path]:
    return list((program.parents[1] / "temporary").iterdir())


@pytest.mark.parametrize(
    ("data", "ending"), [(_WORD, ".doc"), (_RTF, ".rtf"), (_ODT, ".odt")], ids=["doc", "rtf", "odt"]
)
def test_a_file_is_converted_and_read(program: Path, data: bytes, ending: str) -> None:
    paper = program.with_name("paper.docx")
    paper.write_bytes(_PAPER)
    _write(
        program,
        f"assert source.name == 'paper{ending}', source\n"
        f"assert source.read_bytes() == {data!r}\n"
        "profile = next(a for a in sys.argv if a.startswith('-env:UserInstallation=file://'))\n"
        "settings = pathlib.Path(profile.partition('file://')[2]) / 'user' / 'registrymodifications.xcu'\n"
        "assert 'DisableMacrosExecution' in settings.read_text()\n"
        "target.mkdir()\n"
        f"(target / 'paper.docx').write_bytes(pathlib.Path({str(paper)!r}).read_bytes())",
    )
    loaded = load(data, name=f"通知{ending}")
    assert loaded.text == "第一条 为规范渔港管理，制定本办法。"
    assert loaded.source.name == f"通知{ending}"
    assert _left(program) == []


def test_without_libreoffice_the_error_says_what_to_do(program: Path) -> None:
    with pytest.raises(UnreadableDocument, match=r"LibreOffice, and that is not installed.*Install.*\.docx"):
        load(_WORD, name="通知.wps")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("sys.exit(81)", "cannot convert it"),
        ("import os; os.abort()", "cannot convert it"),
        ("target.mkdir(); (target / 'paper.docx').write_bytes(b'PK nonsense')", "damaged"),
        ("target.mkdir(); (target / 'paper.docx').mkdir()", "cannot convert it"),
        ("held = bytearray(3 * 10**9)", "cannot convert it"),
    ],
    ids=["status", "crash", "garbage", "folder", "memory"],
)
def test_a_conversion_that_fails_is_an_error(program: Path, code: str, words: str) -> None:
    _write(program, code)
    with pytest.raises(UnreadableDocument, match=words):
        load(_RTF, name="a.rtf")
    assert _left(program) == []


def test_a_conversion_that_hangs_is_ended_with_its_children(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "_SECONDS", 2)
    child = program.with_name("child")
    _write(
        program,
        "import subprocess, time\n"
        "sleeping = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"pathlib.Path({str(child)!r}).write_text(str(sleeping.pid))\n"
        "time.sleep(600)",
    )
    with pytest.raises(UnreadableDocument, match="within 2 seconds"):
        load(_RTF, name="a.rtf")
    assert _left(program) == []
    if child.exists():  # on a busy machine the time may be over before it began
        deadline = time.monotonic() + 60
        while _is_running(int(child.read_text())):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def _is_running(process: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    ("stream", "words"),
    [("Workbook", "old Excel"), ("EncryptedPackage", "password"), ("", "without a text document")],
)
def test_other_old_office_files_are_named(stream: str, words: str) -> None:
    data = _WORD.replace("WordDocument".encode("utf-16-le"), stream.encode("utf-16-le"))
    with pytest.raises(UnreadableDocument, match=words):
        load(data, name="a.doc")
