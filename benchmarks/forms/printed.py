"""Papers as PDF, printed by Chromium and by LibreOffice."""

from __future__ import annotations

import html
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.forms.paper import Paper, Paragraph, Table, web_page

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
_STYLE = """
@page { size: A4; margin: 30mm 26mm }
body { font: 16pt/28pt "Noto Serif CJK SC"; text-align: justify }
p { margin: 0; text-indent: 2em }
p.title { text-indent: 0; text-align: center; font-size: 22pt; line-height: 34pt }
table { border-collapse: collapse; width: 100% } td { border: 1px solid; font-size: 12pt }
"""
_FOOT = (
    '<div style="font-size: 12px; width: 100%; text-align: center">— <span class=pageNumber></span> —</div>'
)


def by_chromium(papers: Sequence[Paper]) -> list[bytes]:
    """With a number at the foot of each page."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        printed = []
        for paper in papers:
            page.set_content(web_page(paper.blocks, style=_STYLE))
            printed.append(
                page.pdf(
                    prefer_css_page_size=True,
                    display_header_footer=True,
                    header_template="<span></span>",
                    footer_template=_FOOT,
                )
            )
        browser.close()
    return printed


def by_libreoffice(papers: Sequence[Paper]) -> list[bytes]:
    """With a running head and a number at the foot of each page.

    Marks do not hang in the margin: LibreOffice 7.4 leaves those out of the PDF.
    """
    sources = [flat_text_document(paper).encode() for paper in papers]
    return converted(sources, ending="fodt", to="pdf")


def converted(files: Sequence[bytes], *, ending: str, to: str) -> list[bytes]:
    """The files as LibreOffice converts them. Raises OSError or CalledProcessError where it cannot."""
    program = shutil.which("soffice") or "soffice"
    with tempfile.TemporaryDirectory(prefix="zhengwen-forms-") as name:
        folder = Path(name)
        paths = [folder / f"{at}.{ending}" for at in range(len(files))]
        for path, data in zip(paths, files, strict=True):
            path.write_bytes(data)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", to, "--outdir", str(folder / "out")]
        subprocess.run([*command, *map(str, paths)], check=True, capture_output=True)
        return [(folder / "out" / path.with_suffix(f".{to}").name).read_bytes() for path in paths]


def flat_text_document(paper: Paper) -> str:
    """The paper as an OpenDocument text in one XML file (.fodt)."""
    return _FLAT.format(body="".join(_opened(block) for block in paper.blocks))


def _opened(block: Paragraph | Table) -> str:
    if isinstance(block, Paragraph):
        style = "T" if block.title else "P"
        return f'<text:p text:style-name="{style}">{html.escape(block.text)}</text:p>'
    rows = (
        "".join(
            f'<table:table-cell table:style-name="C"><text:p>{html.escape(cell)}</text:p></table:table-cell>'
            for cell in row
        )
        for row in block.rows
    )
    columns = f'<table:table-column table:number-columns-repeated="{len(block.rows[0])}"/>'
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return f"<table:table>{columns}{body}</table:table>"


_FLAT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.text">
<office:automatic-styles>
<style:style style:name="P" style:family="paragraph">
<style:paragraph-properties fo:text-indent="1.13cm" fo:text-align="justify" fo:line-height="28pt"
 style:punctuation-wrap="simple"/>
<style:text-properties style:language-asian="zh" style:country-asian="CN"
 style:font-name-asian="Noto Serif CJK SC" fo:font-size="16pt" style:font-size-asian="16pt"/></style:style>
<style:style style:name="T" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/>
<style:text-properties fo:font-size="22pt" style:font-size-asian="22pt"/></style:style>
<style:style style:name="F" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/>
</style:style>
<style:style style:name="C" style:family="table-cell">
<style:table-cell-properties fo:border="0.5pt solid #000000"/></style:style>
<style:page-layout style:name="L"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm"
 fo:margin="2.6cm"/><style:header-style/><style:footer-style/></style:page-layout>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="L">
<style:header><text:p>政策文件汇编 二〇二六年版</text:p></style:header>
<style:footer><text:p text:style-name="F"><text:page-number>1</text:page-number></text:p></style:footer>
</style:master-page></office:master-styles>
<office:body><office:text>{body}</office:text></office:body></office:document>"""
