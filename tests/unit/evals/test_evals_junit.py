import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

import pytest
from evals_catalogue import Papers
from hypothesis import given
from hypothesis import strategies as st

from evals.model import Case, Evidence, Expect, Item, Observed, Provenance, Report, Result
from evals.report.junit import as_junit
from evals.report.markdown import as_markdown
from evals.report.wording import ReportLanguage
from evals.run.runner import evaluate
from rag.model import Outcome

EN = ReportLanguage.ENGLISH
Make = Callable[..., Item]


@pytest.fixture
def report(item: Make, papers: Papers) -> Report:
    """One question right, one wrong, one rightly refused; the latter two in one file."""
    wrong = item(evidence=[Evidence("city", ("1．",), ("安化黄精",))], must=[["黄精", "枳壳"], ["益阳"]])
    cases = [
        Case("a-1", "a", (item(),)),
        Case("b-1", "b", (wrong,)),
        Case("b-2", "b", (Item("红烧肉怎么做？", "out_of_domain", "", Expect.REFUSE),)),
    ]
    good = papers.answer(papers.cite("province", "（一）", "500万元"), hits=[("province", "（一）")])
    replies = iter([good, good, papers.refusal()])
    ticks = iter([0.0, 0.25] * len(cases))
    return evaluate(
        cases,
        lambda _: next(replies),
        documents=papers.documents,
        provenance=Provenance(corpus="c0ffee"),
        clock=lambda: next(ticks),
    )


def test_a_suite_is_a_file_and_a_test_case_a_question(report: Report) -> None:
    root = ElementTree.fromstring(as_junit(report))
    assert root.tag == "testsuites"
    missed = ["facts", "document", "article", "foreign sentences"]
    assert (root.get("tests"), root.get("failures")) == ("7", "5")
    suites = {suite.get("name"): suite for suite in root}
    assert (suites["b"].get("tests"), suites["b"].get("failures"), suites["b"].get("time")) == (
        "2",
        "1",
        "0.500",
    )
    cases = [(case.get("classname"), case.get("name"), case.get("time")) for case in root.iter("testcase")]
    assert cases[3:] == [("figures", name, None) for name in missed]
    assert cases[:3] == [("a", "a-1", "0.250"), ("b", "b-1", "0.250"), ("b", "b-2", "0.250")]
    assert {p.get("name"): p.get("value") for p in suites["a"].iter("property")} == {"corpus": "c0ffee"}


def test_a_failure_says_by_what_and_what_was_expected(report: Report) -> None:
    failure, facts, *_ = ElementTree.fromstring(as_junit(report)).iter("failure")
    assert facts.get("message") == "facts is 0.500, the bar is at least 0.85"
    assert failure.get("message") == "R@5, facts, document, article: ？"
    assert failure.text is not None
    assert "expected: answer with 黄精 or 枳壳; 益阳 from city 1．" in failure.text
    assert "cited:    province （一）" in failure.text


def _one(question: str, text: str) -> Report:
    case = Case(question[:3], "s", (Item(question, "x", "", Expect.REFUSE),))
    seen = Observed(Outcome.ANSWERED, text, (), ())
    return Report((Result(case, 0, seen, {"outcome": 0.0}, 1.0),))


@given(st.text(), st.text())
def test_whatever_is_said_the_xml_can_be_read(question: str, text: str) -> None:
    root = ElementTree.fromstring(as_junit(_one(question, text)).encode("utf-8"))
    assert len(list(root.iter("failure"))) == 1


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("<script>a</script>", "&lt;script&gt;a&lt;/script&gt;"),
        ("a | b\n# c", r"a \| b \# c"),
        ("![x](y) *z* `q`", r"!\[x\](y) \*z\* \`q\`"),
        ("</details>", "&lt;/details&gt;"),
    ],
)
def test_words_of_a_reply_are_no_markup_in_markdown(said: str, shown: str) -> None:
    text = as_markdown(_one("？", said), language=EN)
    assert f"got: answered: {shown}" in text
    assert text.count("</details>") == text.count("<details>")
