"""Measures whether papers are read alike in every form: PDF, Word, HTML, GB18030, OFD.

    python -m benchmarks.fidelity [FILE …] [--forms chromium,numbered …] [--show]

Makes the starting papers, and those of the files given (or all that a folder has), in each form, and compares
the clauses (path, kind, text without white space) with those of their plain text. CPU seconds are those of
reading and parsing, a page is 616 characters; memory is that of the largest process. PDF needs Chromium and
LibreOffice. Exit code 1 if a starting paper differs.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from rich.console import Console
from rich.table import Table as Shown

from benchmarks.forms import ofd, printed, word
from benchmarks.forms.paper import Paper, markdown, web_page
from corpus.errors import UnreadableDocument
from corpus.formats.table import READABLE
from corpus.load import load
from corpus.model import Document
from corpus.parse import parse

PAPERS = Path(__file__).resolve().parents[1] / "corpus" / "documents"
_MOST_SHOWN = 12  # lines of difference of a paper

Row = tuple[tuple[str, ...], str, str]  # path, kind and text of a clause


@dataclass(frozen=True, slots=True)
class Form:
    """How the papers are made, and the ending of their files."""

    ending: str
    make: Callable[[Sequence[Paper]], list[bytes]]


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a paper."""

    rows: list[Row]
    text: str
    error: str = ""


def _each(make: Callable[[Paper], bytes]) -> Callable[[Sequence[Paper]], list[bytes]]:
    return lambda papers: [make(paper) for paper in papers]


def _converted(to: str) -> Callable[[Sequence[Paper]], list[bytes]]:
    return lambda papers: printed.converted(_FORMS["typed"].make(papers), ending="docx", to=to)


_FORMS = {
    "gb18030": Form("txt", _each(lambda paper: paper.text.encode("gb18030"))),
    "html": Form("html", _each(lambda paper: web_page(paper.blocks).encode())),
    "markdown": Form("md", _each(lambda paper: markdown(paper.blocks).encode())),
    "typed": Form("docx", _each(word.typed)),
    "numbered": Form("docx", _each(word.numbered)),
    "ofd": Form("ofd", _each(ofd.made)),
    "chromium": Form("pdf", printed.by_chromium),
    "libreoffice": Form("pdf", printed.by_libreoffice),
    "doc": Form("doc", _converted("doc")),
    "rtf": Form("rtf", _converted("rtf")),
    "odt": Form("odt", _converted("odt")),
}
_SLOW = ("doc", "rtf", "odt")  # LibreOffice converts each when it is read: only where asked for


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--forms", default=",".join(form for form in _FORMS if form not in _SLOW))
    parser.add_argument("--show", action="store_true", help="print what differs")
    options = parser.parse_args()
    forms = options.forms.split(",")
    faults = _compare("starting papers", _papers([PAPERS]), forms, show=options.show)
    if options.files:
        _compare("papers given", _papers(options.files), forms, show=options.show)
    sys.exit(1 if faults else 0)


def _papers(places: Sequence[Path]) -> list[Paper]:
    papers = []
    for path in (
        file for place in places for file in (sorted(place.iterdir()) if place.is_dir() else [place])
    ):
        if path.suffix in READABLE:
            try:
                papers.append(Paper.of(path.read_bytes(), name=path.name))
            except UnreadableDocument as error:
                print(error)
    return papers


def _compare(title: str, papers: Sequence[Paper], forms: Sequence[str], *, show: bool) -> int:
    """Prints a table with a row for each form; returns how many papers differ."""
    clauses = sum(len(paper.document.clauses) for paper in papers)
    table = Shown(title=f"{title}: {len(papers)} papers, {clauses} clauses")
    for heading in ("form", "papers alike", "clauses alike", "CPU s a page", "MB"):
        table.add_column(heading)
    faults = 0
    for name in forms:
        form = _FORMS[name]
        files = form.make(papers)
        # A new process for each form, so that the largest memory is that of the form.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            read, seconds, memory = pool.apply(_read, (files, form.ending))
        alike = [_alike(_rows(paper.document), one.rows) for paper, one in zip(papers, read, strict=True)]
        whole = [paper for paper, one in zip(papers, read, strict=True) if _rows(paper.document) == one.rows]
        faults += len(papers) - len(whole)
        table.add_row(
            name,
            f"{len(whole)}/{len(papers)}",
            f"{sum(alike)}/{clauses} ({sum(alike) / clauses:.4f})",
            f"{seconds / sum(paper.pages for paper in papers):.3f}",
            str(memory),
        )
        if show:
            for paper, one in zip(papers, read, strict=True):
                _print_difference(name, paper, one)
    Console().print(table)
    return faults


def _read(files: Sequence[bytes], ending: str) -> tuple[list[Read], float, int]:
    """What is read, CPU seconds, and MB of the largest process."""
    began = _seconds()
    read = [_read_one(data, name=f"paper.{ending}") for data in files]
    memory = max(peak_of_self(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    return read, _seconds() - began, memory // 1024


def peak_of_self() -> int:
    """KB of memory that this process has had at most. ru_maxrss would count its parent's before exec."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def _seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _read_one(data: bytes, *, name: str) -> Read:
    try:
        document = parse(load(data, name=name), document_id="paper")
    except UnreadableDocument as error:
        return Read([], "", str(error))
    return Read(_rows(document), document.text)


def _rows(document: Document) -> list[Row]:
    return [
        (clause.path, clause.kind.value, "".join(document.text_of(clause).split()))
        for clause in document.clauses
    ]


def _alike(wanted: Sequence[Row], got: Sequence[Row]) -> int:
    """Clauses of the paper that the other has too."""
    return (Counter(wanted) & Counter(got)).total()


def _print_difference(form: str, paper: Paper, read: Read) -> None:
    wanted = _rows(paper.document)
    if wanted == read.rows:
        return
    print(f"{form} {paper.name}: {_alike(wanted, read.rows)} of {len(wanted)} clauses alike {read.error}")
    before, after = (
        [f"{' '.join(path)} [{kind}] {text}" for path, kind, text in rows] for rows in (wanted, read.rows)
    )
    for line in list(unified_diff(before, after, lineterm="", n=0))[2 : 2 + _MOST_SHOWN]:
        print("   ", line if len(line) <= 180 else f"{line[:120]} … {line[-60:]}")


if __name__ == "__main__":
    main()
