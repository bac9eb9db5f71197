"""Renders a run as JUnit XML for CI servers: one test case per question, one suite per file,
and one for each figure that misses its bar."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence

from evals.measures.bars import Judged, missed
from evals.measures.summary import failed
from evals.model import Expect, Item, Report, Result

_SUITE = "zhengwen eval"
_FIGURES = "figures"  # suite of the figures that miss their bar
# Characters that XML 1.0 cannot contain, not even escaped (section 2.2), as in "奖多少\x00钱".
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(report: Report) -> str:
    """Returns the XML: `classname` is the test set's file, `name` the question's id, `time` in seconds."""
    below = missed(report)
    root = ElementTree.Element("testsuites", _counted(_SUITE, report.results, more=len(below)))
    for name in dict.fromkeys(result.case.set for result in report.results):
        results = [result for result in report.results if result.case.set == name]
        suite = ElementTree.SubElement(root, "testsuite", _counted(name, results))
        _properties(suite, report)
        for result in results:
            _testcase(suite, result)
    if below:
        _figures(root, below)
    ElementTree.indent(root, " ")
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _figures(root: ElementTree.Element, below: Sequence[Judged]) -> None:
    """Adds a failed test case for each figure that misses its bar: the run has not passed."""
    suite = ElementTree.SubElement(root, "testsuite", _counted(_FIGURES, (), more=len(below)))
    for one in below:
        name, bar = one.bar.measure, f"{'at most' if one.bar.is_most else 'at least'} {one.bar.value:g}"
        case = ElementTree.SubElement(suite, "testcase", {"classname": _FIGURES, "name": name})
        message = f"{name} is {one.figure.value:.3f}, the bar is {bar}"
        ElementTree.SubElement(case, "failure", {"message": message, "type": "bar"})


def _counted(name: str, results: Sequence[Result], *, more: int = 0) -> dict[str, str]:
    """Returns the numbers of a suite; `more` test cases that failed are of no question."""
    return {
        "name": clean(name),
        "tests": str(len(results) + more),
        "failures": str(sum(1 for result in results if failed(result)) + more),
        "errors": "0",
        "time": _seconds(sum(result.milliseconds for result in results)),
    }


def _properties(suite: ElementTree.Element, report: Report) -> None:
    made = report.provenance
    known = {
        "date": made.date,
        "version": made.version,
        "commit": made.commit,
        "corpus": made.corpus,
        "model": made.model,
        "index": made.index,
        "url": made.url,
    }
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in known.items():
        if value:
            ElementTree.SubElement(properties, "property", {"name": name, "value": clean(value)})


def _testcase(suite: ElementTree.Element, result: Result) -> None:
    attributes = {"classname": result.case.set, "name": result.id, "time": _seconds(result.milliseconds)}
    case = ElementTree.SubElement(suite, "testcase", {key: clean(text) for key, text in attributes.items()})
    names = failed(result)
    if not names:
        return
    message = f"{', '.join(names)}: {result.item.question}"
    failure = ElementTree.SubElement(case, "failure", {"message": clean(message), "type": names[0]})
    failure.text = clean("\n".join(_said(result)))


def _said(result: Result) -> list[str]:
    item, observed = result.item, result.observed
    cited = (f"{quoted.document} {quoted.label}" for quoted in observed.citations)
    return [
        f"question: {item.question}",
        f"expected: {', '.join(item.accepted)}{_wanted(item)}",
        f"outcome:  {observed.outcome.value} {observed.reason}".rstrip(),
        f"cited:    {'; '.join(cited) or 'nothing'}",
        f"answer:   {observed.text}",
    ]


def _wanted(item: Item) -> str:
    facts = "; ".join(" or ".join(group) for group in item.answer_must)
    places = "; ".join(f"{entry.document} {'、'.join(entry.articles)}" for entry in item.evidence)
    if item.expect not in (Expect.ANSWER, Expect.CORRECT):
        return ""
    return f" with {facts or 'no facts named'} from {places or 'no place named'}"


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.3f}"


def clean(text: str) -> str:
    """Returns `text` without the characters that XML cannot contain."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
