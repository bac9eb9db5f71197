"""Notes on quotes that other papers concern: an article that is repealed, a paper whose term is extended."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corpus.catalogue.catalogue import Catalogue
from corpus.catalogue.repealed_clauses import part_repeal, repealed_clause
from corpus.errors import DamagedDocument, UnknownDocument
from corpus.head.paper_head import PaperHead
from corpus.model import Clause, Document, Span
from rag.answer.metadata.facts import clause_at, sentence_around
from rag.answer.wording.phrases import Phrases
from rag.language.citation_names import spoken_label
from rag.model import Citation, Marked, Sentence

_LONGEST = 200  # characters of a sentence that is quoted whole


class OtherPapers:
    """Writes the notes; `names` returns the name of a paper in running text."""

    def __init__(self, catalogue: Catalogue, *, names: Callable[[Document], str]) -> None:
        self._catalogue, self._name = catalogue, names

    def on_clause(self, document: Document, clause: Clause, phrases: Phrases) -> Iterator[Sentence]:
        """Yields that another paper has repealed the article, with the words that do."""
        found = repealed_clause(document, clause, self._catalogue)
        other = self._read(found.by) if found is not None else None
        repeal = part_repeal(other, found.article) if other is not None and found is not None else None
        if other is None or found is None or repeal is None:
            return
        yield from self._quoting(phrases.repealed_article, other, repeal.span, article=found.article)

    def on_paper(self, document: Document, phrases: Phrases) -> Iterator[Sentence]:
        """Yields that another paper has extended the term of a paper whose own term is over."""
        until = document.head.validity.until if document.head.validity else None
        if until is None or until >= self._catalogue.today:
            return
        for head in self._catalogue.acts.extending(document.id)[-1:]:
            other = self._read(head)
            if other is not None:
                yield from self._quoting(phrases.extended, other, _extending(other, document))

    def _quoting(self, phrase: str, other: Document, span: Span, *, article: str = "") -> Iterator[Sentence]:
        """Yields the phrase with the sentence at `span`, which is not quoted where no clause contains it."""
        clause = clause_at(other, span)
        if clause is None:
            return
        whole = sentence_around(other, clause, span)
        words = whole if whole.end - whole.start <= _LONGEST else span
        before, behind = phrase.split("{quote}")
        begins = before.format(article=article, source=self._name(other) + spoken_label(clause))
        quote = words.of(other.text)
        citation = Citation.of(other, clause, words, status=self._catalogue.status(other.id))
        marked = Marked(citation, Span(len(begins), len(begins) + len(quote)))
        yield Sentence(begins + quote + behind, (marked,))

    def _read(self, head: PaperHead) -> Document | None:
        try:
            return self._catalogue.document(head.id)
        except (DamagedDocument, UnknownDocument):
            return None


def _extending(other: Document, document: Document) -> Span:
    """The words of a paper that extend another one's term."""
    titles = (document.head.title.value, document.head.inner_title.value if document.head.inner_title else "")
    for one in other.head.extends:
        if any(one.paper.title and one.paper.title in title for title in titles):
            return one.span
    return other.head.extends[0].span
