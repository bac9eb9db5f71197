"""Writes a run to a folder in every format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from corpus.model import Document
from evals.compare.baseline import Verdict
from evals.compare.saved import REPORT, as_json
from evals.measures import summary
from evals.measures.metrics import evidence_rank
from evals.model import Expect, Quoted, Report, Result
from evals.report import tables
from evals.report.html import as_html
from evals.report.junit import as_junit, clean
from evals.report.markdown import as_markdown, remarks
from evals.report.wording import ReportLanguage, wording_in

HTML, MARKDOWN, JUNIT, FAILURES = "report.html", "report.md", "junit.xml", "failures.jsonl"
_TOP = 5  # clauses listed for a failed question


def as_text(report: Report, *, language: ReportLanguage = ReportLanguage.CHINESE) -> str:
    """Returns the tables with aligned columns, for a terminal."""
    words = wording_in(language)
    shown = (tables.text(table) for table in tables.tables(report, words))
    return "\n\n".join([*shown, *remarks(report, words)])


def failures(report: Report) -> list[dict[str, object]]:
    """Returns every question whose reply fails a measure, with what was expected and observed."""
    return [_failure(result) for result in report.results if summary.failed(result)]


def write(
    report: Report,
    folder: Path,
    *,
    papers: Mapping[str, Document],
    verdict: Verdict | None = None,
    language: ReportLanguage = ReportLanguage.CHINESE,
) -> None:
    """Writes report.json, .html and .md, junit.xml and failures.jsonl into `folder`, created when missing.

    `papers` are the stored papers by id; with a verdict the Markdown shows what changed. `language` is that
    of the page and the Markdown; what programs read is in English.
    """
    lines = (json.dumps(failure, ensure_ascii=False) + "\n" for failure in failures(report))
    forms = {
        REPORT: json.dumps(as_json(report), ensure_ascii=False, indent=1) + "\n",
        HTML: clean(as_html(report, papers, language=language)),
        MARKDOWN: clean(as_markdown(report, verdict, language=language)),
        JUNIT: as_junit(report),
        FAILURES: "".join(lines),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in forms.items():
        # A lone surrogate, as from a cut emoji, cannot be encoded as UTF-8.
        (folder / name).write_text(text, encoding="utf-8", errors="replace", newline="\n")


def _failure(result: Result) -> dict[str, object]:
    item, observed = result.item, result.observed
    expected: dict[str, object] = {
        "outcome": item.expect.value,
        "evidence": [asdict(entry) for entry in item.evidence],
        "answer_must": item.answer_must,
    }
    if item.alternatives:
        expected["alternatives"] = [asdict(entry) for entry in item.alternatives]
    return {
        "id": result.id,
        "failed": summary.failed(result),
        "question": item.question,
        "understood": observed.understood or item.question,
        "expected": expected,
        "outcome": observed.outcome.value,
        "reason": observed.reason,
        "confidence": observed.confidence,
        "text": observed.text,
        "citations": [_place(quoted) | {"quote": quoted.quote} for quoted in observed.citations],
        "nearest": [_place(quoted) for quoted in observed.nearest],
        "hits": [{"document": hit.document, "label": hit.label} for hit in observed.hits[:_TOP]],
        "evidence_rank": evidence_rank(item, observed.hits) if item.expect is Expect.ANSWER else None,
    }


def _place(quoted: Quoted) -> dict[str, object]:
    return {"document": quoted.document, "label": quoted.label}
