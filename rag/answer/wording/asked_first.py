"""What was asked, in the words of the quotes: the first line of an answer, and its places in the quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from corpus.model import Document, Span, Status
from rag.answer.content.plan import Token
from rag.answer.wording.phrases import Phrases, phrases_for
from rag.language.citation_names import spoken_label
from rag.model import Citation, Highlight, Language, Marked, Sentence
from rag.question.kinds import FactKind


def asked_first(
    words: Sequence[Token],
    *,
    language: Language,
    statuses: Mapping[str, Status],
    names: Callable[[Document], str],
) -> Sentence:
    """Returns the line `不超过500万元。`; what was asked and the paper are named where there are several."""
    phrases = phrases_for(language)
    text, highlights = "", list[Highlight]()
    for before, token in zip((None, *words), words, strict=False):
        text += phrases.semicolon if before else ""
        new = before is None or before.document.id != token.document.id
        if new and any(other.document.id != token.document.id for other in words):
            text += _paper(token.document, words, names) + phrases.colon
        introduced = _introduced(token, words, phrases, language)
        text += introduced if text else introduced[:1].upper() + introduced[1:]
        for span in token.spans:
            citation = Citation.of(token.document, token.clause, span, status=statuses[token.document.id])
            highlights.append(Highlight(citation, Span(len(text), len(text) + len(citation.words))))
            text += citation.words
    cited = tuple(highlight.citation for highlight in highlights)
    return Sentence(text + phrases.full_stop + "\n", rests_on=cited, highlights=tuple(highlights))


def _paper(document: Document, words: Sequence[Token], names: Callable[[Document], str]) -> str:
    """Returns the region of the paper, or its name where another has the same region."""
    region = document.head.region
    alone = all(w.document.head.region != region for w in words if w.document.id != document.id)
    return region if region and alone else names(document)


def _introduced(token: Token, words: Sequence[Token], phrases: Phrases, language: Language) -> str:
    what = phrases.wanted[token.asked] if isinstance(token.asked, FactKind) else phrases.fields[token.asked]
    if phrases.in_clause:
        return phrases.in_clause.format(what=what, label=spoken_label(token.clause, language))
    return what + phrases.colon if any(other.asked != token.asked for other in words) else ""


def in_quotes(citations: Sequence[Marked], tokens: Sequence[Token]) -> Iterator[Highlight]:
    """Yields the places of the tokens in the quotes of an answer, in the order of its text."""
    places = {
        (token.document.id, span.start, span.end): (token, span) for token in tokens for span in token.spans
    }
    for marked in citations:
        quote, shown = marked.citation, marked.answer_span
        if shown is None:
            continue
        for _, (token, span) in sorted(places.items(), key=lambda place: place[0]):
            inside = quote.span.start <= span.start and span.end <= quote.span.end
            if inside and token.document.id == quote.document.id:
                citation = Citation.of(token.document, token.clause, span, status=quote.status)
                start = shown.start + span.start - quote.span.start
                yield Highlight(citation, Span(start, start + len(citation.words)))
