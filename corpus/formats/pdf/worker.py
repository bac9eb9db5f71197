"""The process that opens PDF files: `main(["read"])` or `main(["draw", page, dpi])`, the file on its input.

pdfium is written in C++ and reads whatever it is given. Here a fault of it ends this process only, and
the time for a page, all time and memory are limited.
"""

from __future__ import annotations

import json
import math
import resource
import signal
import sys
from typing import Any

from corpus.formats.pdf.content import TooMuch, content_of
from corpus.formats.pdf.layout import Parts, common_gutter, is_scan, page_of, parts_of
from corpus.formats.pdf.transfer import to_json

MOST_PAGES = 2000
PAGE_SECONDS = 8.0  # of processor time; a page of print takes 0.02
_ALL_SECONDS = 300
_MEMORY = 1024**3  # bytes of address space
_MOST_DOTS = 12_000_000  # of a drawn page; A4 at 300 dots per inch has 8.7 million
_POINTS = 72  # in an inch


def main(arguments: list[str]) -> None:
    """Writes one line of JSON: the result, or {"error": …}. Drawing writes the dots after it."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_ALL_SECONDS, _ALL_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    dots = b""
    try:
        if arguments[0] == "read":
            result = _read(data)
        else:
            result, dots = _draw(data, int(arguments[1]), float(arguments[2]))
    except MemoryError:
        result = {"error": "memory"}
    sys.stdout.buffer.write(json.dumps(result).encode() + b"\n" + dots)
    sys.stdout.buffer.flush()


def _read(data: bytes) -> dict[str, Any]:
    opened = _open(data)
    if isinstance(opened, dict):
        return opened
    parts: list[Parts] = []
    scans: list[int] = []
    count = len(opened)
    if count > MOST_PAGES:
        return {"error": "pages", "count": count}
    for number in range(1, count + 1):
        _begin(number)
        try:
            page = opened[number - 1]
            content = content_of(page)
            page.close()
        except TooMuch as error:
            return {"error": "much", "page": number, "detail": str(error)}
        except RuntimeError:  # of pypdfium2, for a page that cannot be loaded
            return {"error": "page", "page": number}
        if is_scan(content):
            scans.append(number)
        parts.append(parts_of(content))
    _begin(count)
    pages = [
        page_of(part, gutter, number=number)
        for number, (part, gutter) in enumerate(zip(parts, common_gutter(parts), strict=True), 1)
    ]
    return {"pages": to_json(pages), "scans": scans}


def _draw(data: bytes, number: int, dpi: float) -> tuple[dict[str, Any], bytes]:
    opened = _open(data)
    if isinstance(opened, dict):
        return opened, b""
    if not 1 <= number <= len(opened):
        return {"error": "page", "page": number}, b""
    _begin(number)
    try:
        page = opened[number - 1]
        width, height = page.get_size()
        area = max(1.0, width * height)
        scale = min(dpi / _POINTS, math.sqrt(_MOST_DOTS / area), 12_000 / max(width, height, 1.0))
        bitmap = page.render(scale=scale, rev_byteorder=True, fill_color=(255, 255, 255, 255))
    except (RuntimeError, ValueError):
        return {"error": "page", "page": number}, b""
    wide, row = bitmap.width * 3, bitmap.stride
    raw = bytes(bitmap.buffer)
    dots = b"".join(raw[at : at + wide] for at in range(0, row * bitmap.height, row))
    about = {"width": bitmap.width, "height": bitmap.height, "dpi": scale * _POINTS, "pages": len(opened)}
    return about, dots


def _open(data: bytes) -> Any:
    """The document of pypdfium2, or the error as the result."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    _begin(0)
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            return {"error": "password"}
        return {"error": "damaged"}


def _begin(page: int) -> None:
    """Begins the time of a page, and names it to the one who waits. SIGPROF ends the process."""
    signal.setitimer(signal.ITIMER_PROF, PAGE_SECONDS)
    sys.stderr.write(f"page {page}\n")
    sys.stderr.flush()
