"""Measures the reading of scans on the starting papers, drawn as scanned pages.

    pip install -e '.[ocr]' && python -m benchmarks.ocr [--dpi 200] [--skew 0.6] [--noise 12] [hunan …]

For each paper: the share of characters that are wrong, the share of clauses with the right path and text
(white space aside; in brackets: the width of marks and dashes aside too, which engines confuse), CPU seconds
a page for one reading and for both, words marked as uncertain, and the largest memory of the process.
Needs the Noto CJK fonts.
"""

from __future__ import annotations

import argparse
import resource
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from PIL.Image import Image
from rich.console import Console
from rich.table import Table

from benchmarks.scanned import Scanner
from corpus.load import load
from corpus.model import UNCERTAIN, Document
from corpus.ocr import engines
from corpus.ocr.model import Engine, ReadLine
from corpus.parse import parse

PAPERS = Path(__file__).resolve().parents[1] / "corpus" / "documents"
NAMES = ("guangdong", "hubei", "hunan", "yiyang", "zhejiang")
_DASHES = dict.fromkeys(map(ord, "—–－−一"), "-")


@dataclass
class Timed:
    """An engine, and the CPU seconds of its two readings."""

    engine: Engine
    first: float = 0.0
    second: float = 0.0
    name: str = field(init=False)
    reads_page_again: bool = field(init=False)

    def __post_init__(self) -> None:
        self.name, self.reads_page_again = self.engine.name, self.engine.reads_page_again

    def read(self, picture: Image) -> list[ReadLine]:
        began = time.process_time()
        found = self.engine.read(picture)
        self.first += time.process_time() - began
        return found

    def read_again(self, picture: Image, lines: Sequence[ReadLine]) -> list[str]:
        began = time.process_time()
        found = self.engine.read_again(picture, lines)
        self.second += time.process_time() - began
        return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dpi", type=int, default=200)
    parser.add_argument("--skew", type=float, default=0.6)
    parser.add_argument("--noise", type=float, default=12.0)
    parser.add_argument("--pages", type=int, default=99, help="most pages of a paper")
    parser.add_argument("--verbose", action="store_true", help="print the clauses that are wrong")
    parser.add_argument("papers", nargs="*", default=NAMES, metavar="paper")
    options = parser.parse_args()
    timed = Timed(engines.open_engine())
    engines.open_engine = lambda: timed  # type: ignore[assignment]
    scanner = Scanner(options.dpi, options.skew, options.noise)
    table = Table(title=f"{timed.name}, {scanner}")
    for heading in ("paper", "pages", "characters wrong", "clauses right", "CPU s a page", "uncertain", "MB"):
        table.add_column(heading)
    for name in options.papers:
        table.add_row(name, *_measured(name, scanner, timed, most=options.pages, verbose=options.verbose))
    Console().print(table)


def _measured(name: str, scanner: Scanner, timed: Timed, *, most: int, verbose: bool) -> list[str]:
    paper = parse(load((PAPERS / f"{name}.txt").read_bytes(), name=f"{name}.txt"), document_id=name)
    file = scanner.scan(paper, most=most)
    timed.first = timed.second = 0.0
    began = time.process_time()
    scanned = parse(load(file, name=f"{name}.tif"), document_id=name)
    seconds = time.process_time() - began
    pages = len(scanned.source.map.pages)
    wanted, got = _clauses(paper), _clauses(scanned)
    if most < 99:  # only what the pages contain
        wanted = {path: text for path, text in wanted.items() if path in got}
    right = [path for path, text in wanted.items() if got.get(path) == text]
    alike = [path for path, text in wanted.items() if path in got and _folded(got[path]) == _folded(text)]
    if verbose:
        _print_wrong(wanted, got, alike)
    return [
        str(pages),
        f"{_errors(paper.text, scanned.text) if most >= 99 else float('nan'):.2%}",
        f"{len(right)}/{len(wanted)} ({len(alike)})",
        f"{(seconds - timed.second) / pages:.1f}, {seconds / pages:.1f}",
        str(sum(notice.code == UNCERTAIN for notice in scanned.notices)),
        str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024),
    ]


def _clauses(document: Document) -> dict[tuple[str, ...], str]:
    return {clause.path: "".join(document.text_of(clause).split()) for clause in document.clauses}


def _folded(text: str) -> str:
    """Without the differences that are in the width of a mark, or between a dash and the numeral one."""
    return unicodedata.normalize("NFKC", text).translate(_DASHES)


def _errors(wanted: str, got: str) -> float:
    """Characters to replace, remove or insert, of those of the paper; marks without their width."""
    one, other = ("".join(_folded(text).split()) for text in (wanted, got))
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return sum(max(b - a, d - c) for tag, a, b, c, d in blocks if tag != "equal") / len(one)


def _print_wrong(
    wanted: dict[tuple[str, ...], str], got: dict[tuple[str, ...], str], alike: Sequence[tuple[str, ...]]
) -> None:
    for path, text in wanted.items():
        if path in alike:
            continue
        one, other = _folded(text), _folded(got.get(path, ""))
        blocks = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
        print(
            path,
            [
                (one[max(0, a - 5) : b + 3], other[max(0, c - 5) : d + 3])
                for tag, a, b, c, d in blocks
                if tag != "equal"
            ][:5],
        )


if __name__ == "__main__":
    main()
