"""Finds the words that state the metadata a question asks for, as the beginning of the answer."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.model import Document, Span
from corpus.notation.figures import FigureKind
from rag.answer.content.plan import AskedWords, Quoted, Token
from rag.answer.content.stated_figures import stated_figures
from rag.answer.metadata.corrected import corrected_in
from rag.answer.metadata.facts import stated_spans
from rag.question.intent import asks_when_it_begins, asks_yes_or_no
from rag.question.metadata_fields import MetadataField

# Fields whose words in the paper are the answer.
_LITERAL = frozenset(
    {
        MetadataField.DOC_NUMBER,
        MetadataField.ISSUER,
        MetadataField.ISSUED,
        MetadataField.PRINTED,
        MetadataField.PUBLISHED,
        MetadataField.REGISTRY,
    }
)
_ENDS = (FigureKind.DURATION, FigureKind.DATE)
_VALID = "有效期"
_MOST = 3  # fields at the beginning of an answer


def asked_of_metadata(
    quoted: Sequence[Quoted], fields: Sequence[MetadataField], *, question: str
) -> AskedWords:
    """Returns the words of the quotes that state `fields`; the answer begins with them if they state each."""
    found: dict[tuple[str, MetadataField], Token] = {}
    for one in quoted:
        for field in fields:
            for span in _words(one.document, field)[:1]:
                if any(shown.start <= span.start and span.end <= shown.end for shown in one.spans):
                    token = Token(one.document, one.clause, span, field, (span.of(one.document.text),))
                    found.setdefault((one.document.id, field), token)
    papers = dict.fromkeys(one.document.id for one in quoted)
    in_order = [found.get((paper, field)) for paper in papers for field in fields]
    tokens = tuple(token for token in in_order if token is not None)
    complete = len(tokens) == len(in_order) <= _MOST
    begins = MetadataField.VALIDITY in fields and asks_when_it_begins(question)
    return AskedWords(tokens, tokens if complete and not begins and not asks_yes_or_no(question) else ())


def _words(document: Document, field: MetadataField) -> list[Span]:
    """Returns the words that are the value of a field; of the validity those on its end."""
    spans = [
        span
        for span in stated_spans(document.head, field)
        if next(corrected_in(document, span), None) is None  # what an editor has corrected is no answer
    ]
    issuer = document.head.issuer
    if field is MetadataField.ISSUER and issuer and issuer.span.of(document.text) != issuer.value:
        return []  # read from a title, whose words say more
    if field in _LITERAL:
        return spans
    if field is not MetadataField.VALIDITY:
        return []
    return [
        Span(span.start + one.span.start, span.start + one.span.end)
        for span in spans
        for one in stated_figures(span.of(document.text), kinds=_ENDS)
        if one.span.of(span.of(document.text)).startswith(_VALID)
    ]
