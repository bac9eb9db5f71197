"""Ids of papers: readable, stable, and safe in an address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

from corpus.model import Document

_NOT_ID = re.compile(r"[^\w\-]+")
# "湘政办发", "2026", "15", "号" of 湘政办发〔2026〕15号
_PART = re.compile(r"\d+|[^\W\d]+")
_BETWEEN = ("年", "第", "年第", "号")
_LONGEST = 120
_LONGEST_TITLE = 60  # characters of a title; addresses are copied by hand, too


def document_id_of(name: str) -> str:
    """Derives an id from a file name: letters and digits of any script, `-` and `_`."""
    return _NOT_ID.sub("-", PurePosixPath(name).stem).strip("-")[:_LONGEST] or "document"


def id_of(document: Document) -> str:
    """The id that suits a paper: of its number (湘政办发-2026-15), else title and date, else its file."""
    head = document.head
    if head.doc_number is not None and (found := id_of_number(head.doc_number.value)):
        return found
    stated = head.title.span.end > head.title.span.start
    title = _NOT_ID.sub("-", head.title.value).strip("-")[:_LONGEST_TITLE].rstrip("-")
    if not stated or not title:
        return document_id_of(document.source.name)
    return f"{title}-{head.date_issued.value.isoformat()}" if head.date_issued else title


def free_id(wanted: str, *, is_taken: Callable[[str], bool]) -> str:
    """The id, or `wanted-2`, `wanted-3`, … if it is taken. Tries few, however many are taken."""
    if not is_taken(wanted):
        return wanted
    taken, free = 1, 2
    while is_taken(f"{wanted}-{free}"):
        taken, free = free, 2 * free
    while free - taken > 1:
        middle = (taken + free) // 2
        taken, free = (middle, free) if is_taken(f"{wanted}-{middle}") else (taken, middle)
    return f"{wanted}-{free}"


def renamed(document: Document, document_id: str) -> Document:
    """The paper under another id."""
    clauses = tuple(replace(clause, document_id=document_id) for clause in document.clauses)
    return replace(document, id=document_id, clauses=clauses)


def id_of_number(number: str) -> str:
    """湘政办发-2026-15 of 湘政办发〔2026〕15号, 国令-707 of 国令第707号."""
    found = _PART.findall(unicodedata.normalize("NFKC", number))
    parts = [part.removesuffix("第") for part in found if part not in _BETWEEN]
    return "-".join(parts)[:_LONGEST] if any(part.isdigit() for part in parts) else ""
