"""The five starting papers against their hand-annotated structure."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from corpus.load import load
from corpus.model import Clause, Document, Kind, Status
from corpus.parse import parse

_ROOT = Path(__file__).resolve().parents[3]
_PAPERS = _ROOT / "corpus" / "documents"
_GOLD = _ROOT / "tests" / "gold" / "structure"
_IDS = ("hunan", "hubei", "yiyang", "zhejiang", "guangdong")

_SPECIAL = {
    "标题": Kind.HEAD,
    "引言": Kind.PREAMBLE,
    "附则": Kind.CLOSING,
    "落款": Kind.SIGN_OFF,
    "方案标题": Kind.INNER_TITLE,
    "附件": Kind.ATTACHMENT,
}
# A site's footer is not part of a paper: loading removes it.
_FURNITURE = "页脚"


@cache
def _paper(name: str) -> Document:
    file = _PAPERS / f"{name}.txt"
    return parse(load(file.read_bytes(), name=file.name), document_id=name)


@cache
def _gold(name: str) -> dict[str, Any]:
    return dict(json.loads((_GOLD / f"{name}.json").read_text("utf-8")))


def _expected(name: str) -> list[dict[str, Any]]:
    return [clause for clause in _gold(name)["structure"] if clause["label"] != _FURNITURE]


def _plain(value: str | None) -> str | None:
    """A value without the annotators' remarks in brackets."""
    return re.sub(r"（(?:文中|标题|无|页脚)[^（）]*）$", "", value) if value is not None else None


@pytest.mark.parametrize("name", _IDS)
def test_every_path_in_order(name: str) -> None:
    assert [list(c.path) for c in _paper(name).clauses] == [c["path"] for c in _expected(name)]


@pytest.mark.parametrize("name", _IDS)
def test_labels_and_headings(name: str) -> None:
    found = [(c.label, c.heading) for c in _paper(name).clauses]
    assert found == [(c["label"], c["heading"]) for c in _expected(name)]


@pytest.mark.parametrize("name", _IDS)
def test_kinds(name: str) -> None:
    found = [c.kind for c in _paper(name).clauses]
    assert found == [
        _SPECIAL[c["label"]] if c["kind"] == "special" else Kind(c["kind"]) for c in _expected(name)
    ]


@pytest.mark.parametrize("name", _IDS)
def test_counts(name: str) -> None:
    kinds = [clause.kind for clause in _paper(name).clauses]
    counts = _gold(name)["counts"]
    found = {"chapters": Kind.CHAPTER, "articles": Kind.ARTICLE, "items": Kind.ITEM}
    assert {key: kinds.count(kind) for key, kind in found.items()} == counts


def _printed(original: str, start: int, end: int) -> str:
    """The characters of the paper without blanks, Markdown marks, links and list dashes."""
    return re.sub(r"[\s#*\[\]\-]|\(#?\)", "", original[start:end])


@pytest.mark.parametrize("name", _IDS)
def test_clauses_begin_where_the_original_has_them(name: str) -> None:
    document = _paper(name)
    original = document.source.original
    for clause, gold in zip(document.clauses, _expected(name), strict=True):
        start = document.source.map.origin(clause.start)
        if clause.kind is Kind.HEAD:
            # Annotators counted the site's navigation as part of the head.
            assert gold["start"] <= start < gold["end"], clause.id
            continue
        low, high = sorted((start, gold["start"]))
        assert _printed(original, low, high) == "", (clause.id, original[low:high])


@pytest.mark.parametrize("name", _IDS)
def test_clauses_end_where_the_original_has_them(name: str) -> None:
    document = _paper(name)
    original = document.source.original
    furniture = document.source.map.furniture
    for clause, gold in zip(document.clauses, _expected(name), strict=True):
        end = document.source.map.origin(clause.end - 1) + 1
        rest = "".join(
            original[at]
            for at in range(end, gold["own_end"])
            if not any(piece.start <= at < piece.end for piece in furniture)
        )
        assert _printed(rest, 0, len(rest)) == "", clause.id
        assert end <= gold["own_end"], clause.id


@pytest.mark.parametrize("name", _IDS)
def test_labels_of_numbered_clauses_are_unique(name: str) -> None:
    labels = [c.label for c in _paper(name).clauses if c.kind in (Kind.CHAPTER, Kind.ARTICLE, Kind.ITEM)]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("name", _IDS)
def test_title_number_issuer(name: str) -> None:
    head, gold = _paper(name).head, _gold(name)
    stated = {
        "title": head.title.value,
        "inner_title": head.inner_title.value if head.inner_title else None,
        "doc_number": head.doc_number.value if head.doc_number else None,
        "registry_number": head.registry_number.value if head.registry_number else None,
        "issuer": head.issuer.value if head.issuer else None,
        "addressees": head.addressees.value if head.addressees else None,
        "disclosure": head.disclosure.value if head.disclosure else None,
        "region": head.region,
        "level": head.level.value if head.level else None,
    }
    assert stated == {key: _plain(gold.get(key)) for key in stated}


@pytest.mark.parametrize("name", _IDS)
def test_dates(name: str) -> None:
    document, gold = _paper(name), _gold(name)
    head = document.head
    issued = head.date_issued
    assert (issued.value.isoformat() if issued else None) == gold["date_issued"]
    assert (issued.span.of(document.text) if issued else None) == gold["date_text"]
    printed = head.date_printed
    assert (printed.span.of(document.text) if printed else None) == gold["date_printed"]
    published = head.date_published
    assert (published.value if published else None) == gold.get("date_published")


@pytest.mark.parametrize("name", _IDS)
def test_status(name: str) -> None:
    expected = {"正式": Status.IN_FORCE, "征求意见稿": Status.DRAFT}[_gold(name)["status"]]
    head = _paper(name).head
    assert head.status is expected
    if expected is Status.DRAFT:
        assert head.status_span is not None
        assert "征求意见稿" in head.status_span.of(_paper(name).text)


@pytest.mark.parametrize("name", _IDS)
def test_validity(name: str) -> None:
    document = _paper(name)
    stated = _gold(name)["effective"] or {}
    validity = document.head.validity
    assert (validity.span.of(document.text) if validity else None) == stated.get("quote")
    if validity is not None:
        assert validity.duration == stated["duration"]
        assert validity.since is not None
        assert validity.since.isoformat() == _gold(name)["date_issued"]
        assert validity.until is not None
        assert validity.until_derived
        assert (validity.until.year, validity.until.month) == (2031, 2)


@pytest.mark.parametrize("name", _IDS)
def test_repeals(name: str) -> None:
    document = _paper(name)
    found = [{"title": r.title, "doc_number": r.doc_number} for r in document.head.repeals]
    assert found == [{k: v for k, v in gold.items() if k != "quote"} for gold in _gold(name)["repeals"]]
    for reference, gold in zip(document.head.repeals, _gold(name)["repeals"], strict=True):
        assert reference.span.of(document.text) in gold["quote"]


@pytest.mark.parametrize("name", _IDS)
def test_basis(name: str) -> None:
    found = [r.title + (f"（{r.doc_number}）" if r.doc_number else "") for r in _paper(name).head.basis]
    assert found == _gold(name)["basis"]


@pytest.mark.parametrize("name", _IDS)
def test_cited_numbers(name: str) -> None:
    expected = _gold(name).get("cites")
    found = [r.doc_number for r in _paper(name).head.cites if r.doc_number]
    if expected is not None:
        assert found == expected
    else:
        assert found == [gold["doc_number"] for gold in _gold(name)["repeals"]]


def test_self_reference() -> None:
    stated = _paper("zhejiang").head.self_reference
    assert stated is not None
    assert stated.value == _gold("zhejiang")["self_reference"].partition("（")[0]


def test_contact() -> None:
    stated = _paper("guangdong").head.contact
    assert stated is not None
    assert stated.value == _gold("guangdong")["contact"]


@pytest.mark.parametrize("name", _IDS)
def test_responsibility(name: str) -> None:
    """The annotation lists units and lead for one paper; the other papers have none."""
    clauses: list[Clause] = list(_paper(name).clauses)
    for clause, gold in zip(clauses, _expected(name), strict=True):
        if "responsible" not in gold:
            assert name != "zhejiang" or clause.responsibility is None, clause.id
            continue
        assert clause.responsibility is not None, clause.id
        assert list(clause.responsibility.units) == gold["responsible"], clause.id
        assert list(clause.responsibility.lead) == ([gold["lead"]] if "lead" in gold else []), clause.id
        assert clause.start <= clause.responsibility.span.start < clause.responsibility.span.end <= clause.end
