"""PDF files that cannot be read, each with its own error, and files that are made to do harm."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_pages import drawn, lines, paragraph, printed
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import UnreadableDocument
from corpus.formats.pages.lines import PageLine
from corpus.formats.pdf import reader
from corpus.formats.scans.recognition import PageImage
from corpus.load import load

TEXT = "第一条　为了规范管理，制定本办法。"
WHOLE = printed([paragraph(TEXT) for _ in range(40)])


def refused(data: bytes) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as caught:
        load(data, name="a.pdf")
    assert caught.value.cure
    return caught.value


def picture(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(Image.new("RGB", (60, 85), "white")), 0, 0, 595, 842)


def test_an_encrypted_file_asks_for_one_without_a_password() -> None:
    error = refused(drawn(lines(TEXT), encrypt=StandardEncryption("user", "owner")))
    assert "password" in error.reason
    assert "without one" in error.cure


def test_a_file_that_may_only_not_be_copied_is_read() -> None:
    data = drawn(lines(TEXT), encrypt=StandardEncryption("", "owner", canCopy=0))
    assert load(data, name="a.pdf").text == TEXT


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"0" * 5000, WHOLE[: len(WHOLE) // 2]])
def test_a_damaged_file_is_said_to_be_damaged(data: bytes) -> None:
    assert "damaged" in refused(data).reason


def test_blanks_before_the_file_do_not_matter() -> None:
    assert load(b"\r\n\r\n" + drawn(lines(TEXT)), name="a.pdf").text == TEXT


def test_empty_pages_are_said_to_be_empty() -> None:
    assert "empty" in refused(drawn(lambda canvas: None)).reason


def test_a_scan_names_the_extra_that_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "find_recogniser", lambda received: None)
    error = refused(drawn(picture, picture))
    assert "scan" in error.reason
    assert "zhengwen[ocr]" in error.cure


def test_a_scanned_page_among_others_is_named_in_a_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "find_recogniser", lambda received: None)
    loaded = load(drawn(lines(TEXT), picture, lines("第二条　本办法自公布之日起施行。")), name="a.pdf")
    assert loaded.text.split("\n") == [TEXT, "第二条　本办法自公布之日起施行。"]
    (notice,) = loaded.notices
    assert notice.code == "unread"
    assert "page 2 " in notice.message
    assert notice.span.start == len(TEXT) + 1


def test_a_scanned_page_is_handed_to_the_recogniser(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[PageImage] = []

    def recognise(image: PageImage) -> tuple[PageLine, ...]:
        seen.append(image)
        return (PageLine("第二条　本办法自公布之日起施行。", (80.0, 70.0, 500.0, 84.0), 14.0),)

    monkeypatch.setattr(reader, "find_recogniser", lambda received: recognise)
    loaded = load(drawn(lines(TEXT), picture), name="a.pdf")
    assert loaded.text.split("\n") == [TEXT, "第二条　本办法自公布之日起施行。"]
    assert [image.number for image in seen] == [2]
    assert len(seen[0].rgb) == seen[0].width * seen[0].height * 3
    assert seen[0].width * 72 / seen[0].dpi == pytest.approx(595, abs=2)
    assert loaded.source.map.page(len(TEXT) + 1) == 2


def test_pages_beyond_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    blank = io.BytesIO()
    canvas = Canvas(blank)
    for _ in range(2001):
        canvas.showPage()
    canvas.save()
    assert "2001 pages" in refused(blank.getvalue()).reason


def test_a_huge_page_is_drawn_small() -> None:
    from corpus.formats.pdf.drawing import draw_page

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(14_000, 14_000))
    canvas.drawString(100, 100, "x")
    canvas.save()
    image = draw_page(buffer.getvalue(), 1, dpi=300, name="a.pdf")
    assert image.width * image.height <= 12_100_000
    with pytest.raises(UnreadableDocument):
        draw_page(buffer.getvalue(), 2, dpi=300, name="a.pdf")


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(["bytes", "digits", "cut", "copy"]))
def test_mutated_files_are_read_or_refused(seed: int, kind: str) -> None:
    random, data = Random(seed), bytearray(WHOLE)
    match kind:
        case "bytes":
            for _ in range(random.choice([1, 20, 400])):
                data[random.randrange(8, len(data))] = random.randrange(256)
        case "digits":
            digits = [at for at, byte in enumerate(data) if 48 <= byte < 58]
            for _ in range(random.choice([1, 20])):
                data[random.choice(digits)] = random.randrange(48, 58)
        case "cut":
            del data[random.randrange(10, len(data)) :]
        case _:
            at, end = sorted(random.randrange(8, len(data)) for _ in range(2))
            data[at:at] = data[at : min(end, at + 2000)]
    with contextlib.suppress(UnreadableDocument):  # any other error, of this process, fails the test
        load(bytes(data), name="a.pdf")


def test_pdfium_is_not_loaded_by_the_process_that_asks() -> None:
    program = (
        "import sys; from corpus.load import load; "
        "print(load(open(sys.argv[1], 'rb').read(), name='a.pdf').text); "
        "print([name for name in sys.modules if name.startswith('pypdfium2')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "/dev/stdin"],
        input=drawn(lines(TEXT)),
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().splitlines() == [TEXT, "[]"]
