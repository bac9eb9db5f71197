"""Questions about the paper itself: its number, dates, validity, what it repeals."""

from __future__ import annotations

from enum import StrEnum

from corpus.notation.phrase_table import PhraseTable


class MetadataField(StrEnum):
    """What a question about the paper itself asks for."""

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


_QUESTIONS = PhraseTable.read("rag", "metadata_questions.tsv")
# The order in which the facts are answered.
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


def metadata_fields_of(text: str) -> tuple[MetadataField, ...]:
    """Which facts about the paper itself are asked for."""
    return tuple(field for field in _ORDER if _QUESTIONS.has(field, text))
