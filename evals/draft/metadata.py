"""Proposes questions on metadata: number, dates, validity, what a paper repeals and is based on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from corpus.model import Document, HeadData, Status
from evals.draft.model import Idea
from evals.draft.text import Named, tidy
from evals.measures.matching import contains_facts
from rag.answer.metadata.facts import MetadataFact, metadata_facts
from rag.question.metadata_fields import MetadataField

_ASKED: tuple[tuple[MetadataField, str], ...] = (
    (MetadataField.DOC_NUMBER, "的文号是什么？"),
    (MetadataField.REGISTRY, "的规范性文件登记号是什么？"),
    (MetadataField.ISSUER, "是哪个单位印发的？"),
    (MetadataField.ISSUED, "的成文日期是哪一天？"),
    (MetadataField.PRINTED, "的印发日期是哪一天？"),
    (MetadataField.VALIDITY, "的有效期是多久？"),
    (MetadataField.REPEALS, "施行后，哪份文件同步废止？"),
    (MetadataField.BASIS, "是根据哪份文件制定的？"),
    (MetadataField.CONTACT, "执行中遇到问题，应当向哪个单位反映？"),
    (MetadataField.STATUS, "已经正式印发了吗？"),
)
_WHOLE_YEARS = re.compile(r"(\d)年")
_HAN = "零一二三四五六七八九"


def metadata_ideas(document: Document, named: Named) -> Iterator[Idea]:
    """Yields a question for every metadata field that the paper states in one place."""
    for field, asks in _ASKED:
        facts = [fact for fact in metadata_facts(document, [field]) if isinstance(fact, MetadataFact)]
        must = _must(document.head, field)
        stating = [fact for fact in facts if contains_facts([fact.span.of(document.text)], must)]
        if not must or not stating or (len(facts) > 1 and field is not MetadataField.ISSUER):
            continue
        words = stating[0].span.of(document.text)
        # "根据省委、省政府的工作部署" names no paper to ask for.
        if field is MetadataField.BASIS and words.count("《") < len(must):
            continue
        several = asks.replace("哪个", "哪些").replace("哪份", "哪些") if len(must) > 1 else asks
        yield Idea("metadata", f"{named.paper}{several}", stating[0].clause, (stating[0].span,), must)


def _must(head: HeadData, field: MetadataField) -> tuple[tuple[str, ...], ...]:
    """Returns what an answer must state of the field; empty where the paper does not state it."""
    match field:
        case MetadataField.DOC_NUMBER if head.doc_number:
            return ((head.doc_number.value,),)
        case MetadataField.REGISTRY if head.registry_number:
            return ((head.registry_number.value,),)
        case MetadataField.ISSUER if head.issuer:
            return _each(head.issuer.value)
        case MetadataField.ISSUED if head.date_issued:
            return (_day(head.date_issued.value),)
        case MetadataField.PRINTED if head.date_printed:
            return (_day(head.date_printed.value),)
        case MetadataField.VALIDITY if head.validity and head.validity.duration:
            return (_years(head.validity.duration),)
        case MetadataField.REPEALS:
            # A paper often repeals an older one of the same title: only the number distinguishes them.
            return tuple((tidy(reference.doc_number or reference.title),) for reference in head.repeals)
        case MetadataField.BASIS:
            return tuple(
                tuple(tidy(words) for words in (reference.title, reference.doc_number) if words)
                for reference in head.basis
            )
        case MetadataField.CONTACT if head.contact:
            return _each(head.contact.value)
        case MetadataField.STATUS if head.status is Status.DRAFT:
            return (("征求意见稿", "草案"),)
    return ()


def _each(units: str) -> tuple[tuple[str, ...], ...]:
    return tuple((unit,) for unit in units.split("、"))


def _day(day: date) -> tuple[str, ...]:
    return (f"{day.year}年{day.month}月{day.day}日", day.isoformat())


def _years(duration: str) -> tuple[str, ...]:
    han = _WHOLE_YEARS.fullmatch(duration)
    return (duration, f"{_HAN[int(han[1])]}年") if han else (duration,)
