"""Papers of a public data set: title, number, issuer and year if stated, and complete trees."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path

import pytest

from corpus.load import load
from corpus.model import Document, Kind
from corpus.parse import parse

_ROOT = Path(__file__).resolve().parents[3]
_SHARED = Path(os.environ.get("SHARED_DATA", _ROOT.parent / "shared"))
_DOCS = _SHARED / "datasets" / "policy-docs"
_MANIFEST = _DOCS / "MANIFEST.json"
_ENTRIES = {e["file"]: e for e in json.loads(_MANIFEST.read_text("utf-8"))} if _MANIFEST.is_file() else {}
_FILES = sorted(_ENTRIES) or [""]  # a test without parameters is an error, also where it is skipped

pytestmark = [
    pytest.mark.datasets,
    pytest.mark.skipif(
        not _ENTRIES,
        reason=f"no public papers at {_DOCS}; set SHARED_DATA to the folder that contains datasets/",
    ),
]


@cache
def _paper(file: str) -> Document:
    return parse(load((_DOCS / file).read_bytes(), name=file), document_id=file)


def _key(words: str) -> str:
    return re.sub(r"[^\w]", "", words)


@pytest.mark.parametrize("file", _FILES)
def test_title(file: str) -> None:
    document = _paper(file)
    wanted, found = _key(_ENTRIES[file]["title"]), _key(document.head.title.value)
    if wanted in _key(document.text):
        assert wanted in found
    assert _key(document.head.title.value) in _key(document.text) or not document.head.title.span.end


def _describes_another(file: str) -> bool:
    """Whether the manifest contains the number of a paper that the page only cites."""
    wanted, document = _ENTRIES[file]["doc_no"], _paper(file)
    return bool(wanted) and wanted in [reference.doc_number for reference in document.head.cites]


@pytest.mark.parametrize("file", _FILES)
def test_number(file: str) -> None:
    document, wanted = _paper(file), _ENTRIES[file]["doc_no"]
    number = document.head.doc_number
    titles = [document.head.title.value, *([inner.value] if (inner := document.head.inner_title) else [])]
    if wanted and not _describes_another(file) and _key(wanted) in _key(document.text + "".join(titles)):
        assert number is not None
        assert _key(number.value).endswith(_key(wanted))
    if number is not None:
        assert number.value not in [reference.doc_number for reference in document.head.cites]


@pytest.mark.parametrize("file", _FILES)
def test_issuer_and_year(file: str) -> None:
    document, entry = _paper(file), _ENTRIES[file]
    if _describes_another(file):
        return
    issuer, issued = document.head.issuer, document.head.date_issued
    if issuer is not None and re.match(r"[\u4e00-\u9fff]", entry["issuer"]):
        assert entry["issuer"] in issuer.value or issuer.value.startswith("全国人民代表大会")
    if entry["year"] and issued is not None and f"{entry['year']}年" in document.text:
        assert entry["year"] - 1 <= issued.value.year <= entry["year"]


@pytest.mark.parametrize("file", _FILES)
def test_every_character_is_in_one_clause(file: str) -> None:
    document = _paper(file)
    end = 0
    for clause in document.clauses:
        assert end <= clause.start < clause.end <= clause.tree_end
        assert document.text[end : clause.start].strip() == ""
        end = clause.end
    assert document.text[end:].strip() == ""
    ids = [clause.id for clause in document.clauses]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("file", _FILES)
def test_every_article_of_a_statute_is_found(file: str) -> None:
    """Lines are articles if and only if they begin with 第…条 and are not a mention."""
    document = _paper(file)
    lines = re.findall(r"^第[一二三四五六七八九十百]+条(?=[\s\u3000])", document.text, re.M)
    articles = [c.path[-1] for c in document.clauses if c.kind is Kind.ARTICLE and c.path[-1].endswith("条")]
    assert set(lines) <= set(articles)
    assert len(articles) == len(set(articles))


@pytest.mark.parametrize(
    ("number", "labels"),
    [
        ("004", ["1", "1.1", "1.2", "1.2.1", "1.4（3）", "2.1.3（13）", "4.2.2", "7.3"]),
        ("010", ["第一条", "第六条（五）4．", "第三十六条"]),
        ("019", ["第一章", "第二十二条（一）1．", "第五十四条"]),
        ("031", ["第七条（一）", "第十一条（一）", "第十七条", "第二十一条", "第二十三条"]),
        ("034", ["三、", "（二）", "2．", "2.4.4.2", "（3）"]),
        ("040", ["八、", "27．"]),
        ("046", ["三、（十一）", "29．", "四、（八）"]),
        ("052", ["第一章", "第一条", "第十七条（四）", "第九章", "第四十九条"]),
    ],
)
def test_labels_of_many_styles(number: str, labels: list[str]) -> None:
    file = next(name for name in _FILES if name.startswith(number))
    found = [clause.label for clause in _paper(file).clauses]
    assert [label for label in labels if label not in found] == []


@pytest.mark.parametrize(
    ("number", "kinds"),
    [
        ("010", [Kind.HEAD, Kind.PREAMBLE, Kind.SIGN_OFF, Kind.INNER_TITLE]),
        ("007", [Kind.HEAD, Kind.PREAMBLE, Kind.ATTACHMENT, Kind.SIGN_OFF, Kind.ATTACHMENT, Kind.ATTACHMENT]),
        ("013", [Kind.HEAD, Kind.PREAMBLE, Kind.CLOSING, Kind.ATTACHMENT, Kind.SIGN_OFF, Kind.ATTACHMENT]),
        ("040", [Kind.PREAMBLE, Kind.CLOSING, Kind.SIGN_OFF]),
        ("049", [Kind.HEAD, Kind.PREAMBLE, Kind.SIGN_OFF, Kind.INNER_TITLE, Kind.PREAMBLE]),
    ],
)
def test_parts_stand_apart(number: str, kinds: list[Kind]) -> None:
    file = next(name for name in _FILES if name.startswith(number))
    numbered = (Kind.CHAPTER, Kind.ARTICLE, Kind.ITEM)
    assert [c.kind for c in _paper(file).clauses if c.kind not in numbered] == kinds


def test_gaps_of_a_damaged_paper_are_noticed() -> None:
    file = next(name for name in _FILES if name.startswith("031"))
    assert {notice.code for notice in _paper(file).notices} == {"gap"}
