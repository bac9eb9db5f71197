"""Detects questions about metadata: a paper's number, dates, validity, what it repeals."""

from __future__ import annotations

from enum import StrEnum

from corpus.notation.phrase_table import PhraseTable
from rag.language.stopwords import residue


class MetadataField(StrEnum):
    """A metadata field that a question asks for."""

    TITLE = "title"
    DOC_NUMBER = "doc_number"
    ISSUER = "issuer"
    ISSUED = "issued"
    PRINTED = "printed"
    PUBLISHED = "published"
    VALIDITY = "validity"
    STATUS = "status"
    REPEALS = "repeals"
    BASIS = "basis"
    ADDRESSEES = "addressees"
    REGISTRY = "registry"  # 规范性文件统一登记号
    CONTACT = "contact"  # where problems are to be reported
    TERM = "term"  # how long or until when it applies: the part of the validity that many papers leave open


_QUESTIONS = PhraseTable.read("rag", "metadata_questions.tsv")
# The order of the fields in an answer.
_ORDER = (
    MetadataField.REPEALS,
    MetadataField.VALIDITY,
    MetadataField.STATUS,
    MetadataField.PRINTED,
    MetadataField.PUBLISHED,
    MetadataField.ISSUED,
    MetadataField.DOC_NUMBER,
    MetadataField.ISSUER,
    MetadataField.BASIS,
    MetadataField.ADDRESSEES,
    MetadataField.REGISTRY,
    MetadataField.CONTACT,
    MetadataField.TITLE,
)


def has_matter(text: str) -> bool:
    """Whether a question says what it is about, besides the fields it asks for and words for a paper."""
    for field in metadata_fields_of(text):
        text = _QUESTIONS.without(field, text)
    return bool(residue(_QUESTIONS.without("paper", text), ()))


def asks_for_term(text: str) -> bool:
    """Whether a question on the validity of a paper asks how long or until when it applies."""
    return _QUESTIONS.has(MetadataField.TERM, text)


def metadata_fields_of(text: str) -> tuple[MetadataField, ...]:
    """Returns the metadata fields that a question asks for."""
    return tuple(field for field in _ORDER if _QUESTIONS.has(field, text))
