"""Tables with ruling lines in OFD."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence

import pytest

from corpus.load import load
from corpus.model import Loaded

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(objects: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "OFD.xml", f"<ofd:OFD {SPACE}><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:OFD>"
        )
        page = '<ofd:Page BaseLoc="Pages/Page_0/Content.xml"/>'
        archive.writestr("Doc_0/Document.xml", f"<ofd:Document {SPACE}>{page}</ofd:Document>")
        archive.writestr("Doc_0/Pages/Page_0/Content.xml", f"<ofd:Page {SPACE}>{objects}</ofd:Page>")
    return buffer.getvalue()


def text(x: float, y: float, words: str, steps: str = "") -> str:
    code = f'<ofd:TextCode X="0" Y="4" DeltaX="{steps}">{words}</ofd:TextCode>'
    return f'<ofd:TextObject Size="5" Boundary="{x} {y} {5 * len(words)} 5">{code}</ofd:TextObject>'


def path(data: str, box: str, more: str = "") -> str:
    written = f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData>"
    return f'<ofd:PathObject Boundary="{box}" {more}>{written}</ofd:PathObject>'


def one_path(xs: Sequence[float], ys: Sequence[float]) -> str:
    level = "".join(f"M {xs[0]} {y} L {xs[-1]} {y} " for y in ys)
    return path(level + "".join(f"M {x} {ys[0]} L {x} {ys[-1]} " for x in xs), "0 0 210 297")


def rectangles(xs: Sequence[float], ys: Sequence[float]) -> str:
    """Rulings as thin filled rectangles, as programs that convert PDF write them."""
    drawn = [(xs[0], y, xs[-1] - xs[0], 0.3) for y in ys] + [(x, ys[0], 0.3, ys[-1] - ys[0]) for x in xs]
    return "".join(
        path(f"M 0 0 L {w} 0 L {w} {h} L 0 {h} C", f"{x} {y} {w} {h}", 'Stroke="false" Fill="true"')
        for x, y, w, h in drawn
    )


def moved(xs: Sequence[float], ys: Sequence[float]) -> str:
    """Rulings of half the length, which a matrix doubles."""
    sides = [(xs[0], y, xs[-1], y) for y in ys] + [(x, ys[0], x, ys[-1]) for x in xs]
    return "".join(
        path(f"M {a / 2} {b / 2} L {c / 2} {d / 2}", "0 0 210 297", 'CTM="2 0 0 2 0 0"')
        for a, b, c, d in sides
    )


@pytest.mark.parametrize("drawn", [one_path, rectangles, moved])
def test_rows_are_lines_and_cells_of_several_lines_are_joined(
    check: Callable[[Loaded], None], drawn: Callable[[Sequence[float], Sequence[float]], str]
) -> None:
    data = ofd(
        drawn((30, 70, 130), (60, 70, 90))
        + text(32, 62, "船型", "g 1 5")
        + text(72, 62, "说明")
        + text(32, 73, "钢质渔船")
        + text(72, 73, "按艘一次性", "5 5 5 5")
        + text(72, 80, "发放")
        + text(32, 40, "第一条　补贴标准如下：")
        + text(32, 100, "第二条　补贴由市财政承担。")
    )
    loaded = load(data, name="a.ofd")
    check(loaded)
    assert loaded.text.split("\n") == [
        "第一条　补贴标准如下：",
        "船型\t说明",
        "钢质渔船\t按艘一次性发放",
        "第二条　补贴由市财政承担。",
    ]


def test_a_text_across_rulings_is_no_part_of_the_table() -> None:
    drawn = one_path((30, 70, 130), (60, 70, 90))
    cells = text(32, 62, "船型") + text(72, 62, "说明")
    loaded = load(ofd(drawn + cells + text(110, 75, "渔业局印发的通知书")), name="a.ofd")
    assert loaded.text.split("\n") == ["船型\t说明", "渔业局印发的通知书"]


@pytest.mark.parametrize(
    "data", ["M", "L 1 1", "M 0 0 B 1 1 2 2 3 3 L 5 5", "M 1e9 0 L 99999999999999999999 0", "M 0 0 " * 1_000]
)
def test_paths_that_are_no_rulings_are_left_alone(data: str) -> None:
    written = ofd(path(data, "1 1 1 1", 'CTM="1 2"') + text(32, 40, "第一条　为规范管理，制定本办法。"))
    assert load(written, name="a.ofd").text == "第一条　为规范管理，制定本办法。"
