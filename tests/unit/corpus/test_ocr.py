"""Recognition of scans: figures read twice, marks, level pages, pages that are kept, pictures as papers.

The engine itself reads one small page; everything else runs on an engine of the tests.
"""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from corpus.errors import UnreadableDocument
from corpus.formats.scans import recognition as scans
from corpus.load import load
from corpus.model import UNCERTAIN, Span
from corpus.ocr import engines
from corpus.ocr.kept_pages import KeptPages
from corpus.ocr.marks import with_chinese_marks
from corpus.ocr.model import CheckedLine, ReadLine, RecognisedPage
from corpus.ocr.page import recognise
from corpus.ocr.second_reading import disagreements, states_figures
from corpus.ocr.skew import skew_of
from corpus.parse import parse

NOTICE = Path(__file__).with_name("scanned_notice.png").read_bytes()
TEXT = """临泽市人民政府关于扶持养蜂业发展的若干意见
临政发〔2031〕27号
各区县人民政府，市政府各部门：
为扶持养蜂业发展，提出以下意见。
一、建设示范蜂场
（一）新建示范蜂场，按每箱三百元给予补助，每个蜂场最高补助18.5万元，补助期为2年。
（二）蜂产品通过绿色认证的，奖励5万元。
二、附则
本意见自2031年7月1日起施行，有效期5年。
临泽市人民政府
2031年6月12日"""
LINES = (
    "关于支持河道清淤的通知",
    "一、清淤一公里补助40万元，",
    "最高补助900万元。",
    "二、本通知自发布之日起施行。",
)
needs_ocr = pytest.mark.skipif(not engines.installed(), reason="needs the extra `ocr`")


@dataclass
class _Engine:
    """Finds `lines` one below the other on every page; the second reading finds `again`."""

    lines: Sequence[str] = LINES
    again: Sequence[str] = ()
    score: float = 0.99
    name: str = "engine of the tests"
    reads_page_again: bool = False
    pages: int = 0
    boxes: dict[int, tuple[float, float, float, float]] = field(default_factory=dict)

    def read(self, picture: Image.Image) -> list[ReadLine]:
        self.pages += 1
        return [
            ReadLine(
                text,
                self.boxes.get(at, (100, 100 + 60 * at, 100 + 40 * len(text), 140 + 60 * at)),
                self.score,
            )
            for at, text in enumerate(self.lines)
        ]

    def read_again(self, picture: Image.Image, lines: Sequence[ReadLine]) -> list[str]:
        second = dict(zip(self.lines, self.again or self.lines, strict=True))
        return [second[line.text] for line in lines]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> _Engine:
    made = _Engine()
    monkeypatch.setattr(engines, "installed", lambda: True)
    monkeypatch.setattr(engines, "open_engine", lambda: made)
    return made


def _picture(*pages: tuple[int, int], format: str = "PNG") -> bytes:
    """A file of white pages; each has another shade, so that no two are the same."""
    first, *others = (Image.new("L", size, 255 - number) for number, size in enumerate(pages))
    file = io.BytesIO()
    more = {"save_all": True, "append_images": others} if others else {}
    first.save(file, format=format, **more)
    return file.getvalue()


@needs_ocr
def test_a_scanned_paper_is_read_like_its_text() -> None:
    paper = parse(load(NOTICE, name="notice.png"), document_id="notice")
    assert paper.text == TEXT
    assert [clause.path[-1] for clause in paper.clauses][2:6] == ["一、", "（一）", "（二）", "二、"]
    assert paper.head.doc_number is not None
    assert paper.head.doc_number.value == "临政发〔2031〕27号"
    assert paper.notices == ()
    at = paper.text.index("奖励5万元")
    (place,) = paper.source.map.places(Span(at, at + 5))
    assert place.page == 1
    # In points: the line is at 556 dots of 150 in an inch.
    assert place.box[1] == pytest.approx(556 * 72 / 150, abs=10)


@given(st.text(alphabet="奖励元12.5,，%三十年（）—-", max_size=30))
def test_two_readings_that_agree_have_no_disagreement(text: str) -> None:
    assert disagreements(text, text) == ()


@given(st.text(max_size=30), st.text(max_size=30))
def test_disagreements_are_figures_of_the_first_reading(first: str, second: str) -> None:
    spans = disagreements(first, second)
    assert all(span.end <= len(first) and states_figures(span.of(first) + "年") for span in spans)
    assert list(spans) == sorted(spans, key=lambda span: span.start)


@pytest.mark.parametrize(
    ("first", "second", "uncertain"),
    [
        ("最高奖励30万元。", "最高奖励80万元。", ["30万元"]),
        ("最高奖励30万元。", "最高奖励30万元", []),
        ("补助1.5万元", "补助15万元", ["1.5万元"]),
        ("补助15%", "补助15", ["15%"]),
        ("自2030年1月1日起", "自2030年1月7日起", ["1日"]),
        ("分三十期，每期2年", "分二十期，每期2年", ["三十"]),
        ("开展II期试验", "开展III期试验", ["II"]),
        ("开展Ⅱ期试验", "开展II期试验", []),
        ("川政办〔2030〕5号", "川政办[2030]5号", []),
        ("共８家企业", "共8家企业", []),
        ("共8家企业", "", ["8"]),
        ("投人8家企业", "投入8家企业", []),
    ],
)
def test_figures_that_two_readings_differ_in_are_uncertain(
    first: str, second: str, uncertain: list[str]
) -> None:
    assert [span.of(first) for span in disagreements(first, second)] == uncertain


@given(st.text(alphabet="省()[]（）〔〕:：,，12一-—“”'’A ", max_size=30))
def test_marks_keep_the_length_of_a_line(text: str) -> None:
    assert len(with_chinese_marks(text)) == len(text)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("(二)加强监管", "（二）加强监管"),
        ("等按职责分工负责)", "等按职责分工负责）"),
        ("川政办[2030]5号", "川政办〔2030〕5号"),
        ("]5号", "〕5号"),
        ("川政办〔2030]5", "川政办〔2030〕5"),
        ("实施<河道办法>的意见", "实施〈河道办法〉的意见"),
        ("预算总额.完善机制", "预算总额，完善机制"),
        ("共1,200家,其中", "共1,200家，其中"),
        ("SCPR一2030一0001", "SCPR—2030—0001"),
        ("Apply (in English), please", "Apply (in English), please"),
        ("实行“一件事’办理", "实行“一件事”办理"),
        ("-3一", "—3—"),
        ("第一、第二", "第一、第二"),
    ],
)
def test_marks_are_those_of_chinese_text(read: str, meant: str) -> None:
    assert with_chinese_marks(read) == meant


def test_a_mark_that_only_the_second_reading_has_is_looked_for() -> None:
    class _Tail(_Engine):
        def read(self, picture: Image.Image) -> list[ReadLine]:
            if picture.width < 800:  # the end of a line by itself
                return [ReadLine("示范河段，", (20, 20, 200, 60), 0.9)]
            return super().read(picture)

    lines = ["鼓励各地建设示范河段", "并给予补助"]
    page = recognise(
        Image.new("L", (800, 1100), 255),
        _Tail(lines, ["鼓励各地建设示范河段。", "并给予补助"], reads_page_again=True),
    )
    assert [piece.line.text for piece in page.lines] == ["鼓励各地建设示范河段，", "并给予补助"]


@pytest.mark.parametrize("mark", ["，", ","])
def test_marks_have_the_width_that_they_have_on_the_page(mark: str) -> None:
    class _Printed(_Engine):
        def read(self, picture: Image.Image) -> list[ReadLine]:
            width = {"，": 40.0, ",": 12.0}
            lines = [
                *("为支持河道清淤制定本通知内容" for _ in range(4)),
                f"清淤一公里{mark}补助河工{mark}当年拨付",
            ]
            return [
                ReadLine(
                    text.replace(",", "，"),
                    (0, 60 * at, sum(width.get(c, 40.0) for c in text), 60 * at + 44),
                    1,
                )
                for at, text in enumerate(lines)
            ]

    page = recognise(Image.new("L", (800, 1100), 255), _Printed(again=[]))
    assert page.lines[-1].line.text == f"清淤一公里{mark}补助河工{mark}当年拨付"


@pytest.mark.parametrize("degrees", [0.0, -0.7, 1.5, 4.0, -6.3])
def test_a_page_is_levelled(degrees: float) -> None:
    page = Image.new("L", (1240, 1754), 255)
    drawn = ImageDraw.Draw(page)
    for y in range(150, 1600, 52):
        for x in range(150, 1100, 40):
            drawn.rectangle((x, y, x + 28, y + 24), fill=20)
    assert skew_of(page.rotate(degrees, fillcolor=255)) == pytest.approx(-degrees, abs=0.2)


@pytest.mark.parametrize("page", [Image.new("L", (800, 1100), 255), Image.new("L", (800, 1100), 90)])
def test_an_empty_page_is_level(page: Image.Image) -> None:
    assert skew_of(page) == 0


def test_a_figure_read_in_two_ways_is_a_notice_with_its_place(engine: _Engine) -> None:
    engine.again = [line.replace("900", "500") for line in LINES]
    paper = parse(load(_picture((800, 1100)), name="scan.png"), document_id="scan")
    found = [notice.span.of(paper.text) for notice in paper.notices if notice.code == UNCERTAIN]
    assert found == ["900万元"]
    assert [span.of(paper.text) for span in paper.uncertain_in(Span(0, len(paper.text)))] == found
    assert paper.uncertain_in(Span(0, 5)) == ()


def test_what_is_no_text_is_left_out_and_named() -> None:
    class _Seal(_Engine):
        def read(self, picture: Image.Image) -> list[ReadLine]:
            return [*super().read(picture), ReadLine("府民人", (500, 500, 600, 540), 0.2)]

    page = recognise(Image.new("L", (800, 1100), 255), _Seal())
    assert [piece.line.text for piece in page.lines] == list(LINES)
    assert page.unread == 1


def test_pieces_of_a_row_are_joined_and_columns_read_one_after_the_other(engine: _Engine) -> None:
    engine.lines = [f"左栏第{n}行的文字" for n in "甲乙丙丁戊己"] + [
        f"右栏第{n}行的文字" for n in "甲乙丙丁戊己"
    ]
    engine.boxes = {
        at: (60 + 500 * (at // 6), 60 + 50 * (at % 6), 400 + 500 * (at // 6), 100 + 50 * (at % 6))
        for at in range(12)
    }
    text = load(_picture((1000, 1400)), name="two.png").text
    assert text.index("左栏第己行") < text.index("右栏第甲行")
    engine.lines, engine.boxes = ["金额", "5万元", "期限"], {0: (60, 60, 140, 100), 1: (300, 62, 420, 102)}
    assert load(_picture((1000, 1400)), name="row.png").text.startswith("金额 5万元")


def test_every_page_of_a_tiff_is_read_and_numbered(engine: _Engine) -> None:
    loaded = load(_picture((800, 1100), (800, 1100), (800, 1100), format="TIFF"), name="three.tiff")
    assert engine.pages == 3
    assert [page.number for page in loaded.source.map.pages] == [1, 2, 3]
    assert loaded.text.count("最高补助900万元") == 3


def test_a_scan_that_was_interrupted_is_read_on(engine: _Engine, tmp_path: Path) -> None:
    data = _picture((800, 1100), (801, 1100), (802, 1100), format="TIFF")
    seen: list[tuple[int, int, str]] = []

    def interrupted(done: int, total: int, what: str) -> None:
        seen.append((done, total, what))
        if [page for page, _, _ in seen] == [1, 2]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), scans.watched(tmp_path, progress=interrupted):
        load(data, name="long.tiff")
    assert engine.pages == 2
    with scans.watched(tmp_path, progress=interrupted):
        loaded = load(data, name="long.tiff")
        assert list(tmp_path.rglob("*.json"))
    assert engine.pages == 3
    assert loaded.text.count("最高补助900万元") == 3
    assert seen[-1] == (3, 3, "long.tiff, page 3")
    assert not list(tmp_path.rglob("*.json"))  # a paper that is stored leaves no text elsewhere


def test_a_damaged_kept_page_is_read_again(tmp_path: Path) -> None:
    page = RecognisedPage((CheckedLine(ReadLine("补助", (1, 2, 3, 4), 0.9), (Span(0, 1),)),), 0.5, (8, 9), 0)
    kept = KeptPages.of(tmp_path, sha256="a" * 64)
    kept.keep("k", page)
    assert kept.find("k") == page
    (file,) = tmp_path.rglob("k.json")
    whole = file.read_text("utf-8")
    for damaged in ("", whole[:-5], "[]", json.dumps({**json.loads(whole), "form": 0}), '{"form": 1}'):
        file.write_text(damaged, "utf-8")
        assert kept.find("k") is None
    kept.forget()
    assert not kept.folder.exists()


def test_a_picture_turned_by_its_metadata_is_read_upright(engine: _Engine) -> None:
    file = io.BytesIO()
    metadata = Image.Exif()
    metadata[0x0112] = 6  # the camera was turned by 90 degrees
    Image.new("L", (1100, 800), 255).save(file, format="JPEG", exif=metadata)
    loaded = load(file.getvalue(), name="photo.jpg")
    assert loaded.source.media_type == "image/jpeg"
    assert loaded.text.startswith(LINES[0])


def _png(width: int, height: int) -> bytes:
    """The beginning of a PNG of that size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1000)
    chunks = [(b"IHDR", head), (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (_png(60_000, 60_000), "larger than a page"),
        (_png(9000, 9000), "larger than a page"),
        (_png(30_000, 300), "is not a page"),
        (_png(16, 16), "is not a page"),
        (_png(1000, 1400), "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 60, "damaged"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 60, "damaged"),
        (b"II*\x00" + b"\xff" * 60, "damaged"),
        (b"GIF89a" + b"\xff" * 60, "damaged"),
    ],
)
def test_a_picture_that_is_no_page_is_refused(engine: _Engine, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        load(data, name="x.png")
    assert engine.pages == 0


def test_a_picture_without_text_is_refused(engine: _Engine) -> None:
    engine.lines = ()
    with pytest.raises(UnreadableDocument, match="no text is recognised"):
        load(_picture((800, 1100)), name="blank.png")


@pytest.mark.parametrize("mode", ["1", "P", "LA", "RGBA", "RGB", "CMYK", "I;16"])
def test_pictures_of_every_kind_of_colour_are_read(engine: _Engine, mode: str) -> None:
    file = io.BytesIO()
    Image.new(mode, (800, 1100)).save(file, format="TIFF")
    assert load(file.getvalue(), name="x.tif").text.startswith(LINES[0])


def test_without_the_extra_a_scan_is_refused_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "installed", lambda: False)
    with pytest.raises(UnreadableDocument) as caught:
        load(NOTICE, name="notice.png")
    assert "pip install 'zhengwen[ocr]'" in caught.value.cure
