"""Whole files of each format, from which the damaged ones are made."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.forms import ofd, printed, word
from benchmarks.forms.paper import Paper, markdown, web_page

PAPERS = Path(__file__).resolve().parents[2] / "corpus" / "documents"
_WITH_TABLE = """云岭市渔业局关于印发渔船更新补贴办法的通知
云渔发〔2024〕8号
各县渔业局：
第一条 为规范渔船更新补贴，制定本办法。
第二条 补贴标准如下：
船型\t标准\t说明
钢质\t80万元\t每艘，一次性发放
木质\t30.5万元\t每艘
第三条 补贴由市财政承担。
（一）对更新渔船的，按下列标准执行：
1.新建的，按实际支出的30%；
2.改造的，按实际支出的15%。
附件：申请表
云岭市渔业局
2024年3月5日
"""


def papers() -> list[Paper]:
    """A short paper with a table, and one of the starting papers."""
    whole = PAPERS / "hunan.txt"
    return [
        Paper.of(_WITH_TABLE.encode(), name="table.txt"),
        Paper.of(whole.read_bytes(), name=whole.name),
    ]


def _each(make: Callable[[Paper], bytes]) -> Callable[[Sequence[Paper]], list[bytes]]:
    return lambda papers: [make(paper) for paper in papers]


def _workbook(paper: Paper) -> bytes:
    return word.workbook([[text, str(at), "30.5"] for at, text in enumerate(paper.text.split("\n"))])


def _zip(paper: Paper) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("通知.txt", paper.text)
        archive.writestr("附件/附件1.html", web_page(paper.blocks))
        archive.writestr("附件/附件2.docx", word.typed(paper))
    return buffer.getvalue()


def _word_files(papers: Sequence[Paper]) -> list[bytes]:
    return [*map(word.typed, papers), *map(word.numbered, papers)]


def _pdf_files(papers: Sequence[Paper]) -> list[bytes]:
    """By whichever program there is."""
    chromium = printed.by_chromium(papers) if Path(printed.CHROMIUM).exists() else []
    return [*chromium, *(printed.by_libreoffice(papers) if shutil.which("soffice") else [])]


def _converted(to: str) -> Callable[[Sequence[Paper]], list[bytes]]:
    return lambda papers: printed.converted([word.typed(paper) for paper in papers], ending="docx", to=to)


def _pictures(papers: Sequence[Paper]) -> list[bytes]:
    """The short paper as PNG, JPEG and TIFF."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.truetype("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 32, index=2)
    picture = Image.new("L", (1000, 900), 255)
    ImageDraw.Draw(picture).multiline_text((60, 60), papers[0].text, fill=0, font=font, spacing=14)
    files = []
    for kind in ("PNG", "JPEG", "TIFF"):
        buffer = io.BytesIO()
        picture.save(buffer, kind)
        files.append(buffer.getvalue())
    return files


# Ending of the files → what makes them
SAMPLES: dict[str, Callable[[Sequence[Paper]], list[bytes]]] = {
    "txt": lambda papers: [paper.text.encode(code) for paper in papers for code in ("utf-8", "gb18030")],
    "html": _each(lambda paper: web_page(paper.blocks).encode()),
    "md": _each(lambda paper: markdown(paper.blocks).encode()),
    "ofd": _each(ofd.made),
    "docx": _word_files,
    "xlsx": _each(_workbook),
    "zip": _each(_zip),
    "pdf": _pdf_files,
    "png": _pictures,
    "doc": _converted("doc"),
    "rtf": _converted("rtf"),
    "odt": _converted("odt"),
}
