"""The extractive composer: writes an answer as quotes, each with paper and clause."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from copy import copy

from corpus.model import Document, Span, Status
from rag.answer.content.plan import Plan, Quoted
from rag.answer.wording.phrases import phrases_for
from rag.language.citation_names import clause_of, source_name, spoken_label
from rag.model import Citation, Language, Marked, Sentence

# Incremented when quotes are formatted or joined differently.
_FORM = 2
_DIGITS = 12  # of the fingerprint


class ExtractiveComposer:
    """Quotes the clauses of the plan one by one.

    `statuses` has the status of each paper; `names` returns its name in running text.
    """

    name = "extractive"

    def __init__(
        self, *, statuses: Mapping[str, Status], names: Callable[[Document], str] = source_name
    ) -> None:
        self._statuses, self._names = statuses, names
        # The traditional ones are made of the Chinese ones, which takes 0.1 s.
        fields = [phrases_for(language).fields for language in (Language.CHINESE, Language.ENGLISH)]
        written = json.dumps([_FORM, fields])
        self.fingerprint = f"{self.name}:{hashlib.sha256(written.encode()).hexdigest()[:_DIGITS]}"

    def sentences(self, plan: Plan, *, question: str, language: Language) -> Iterator[Sentence]:
        """Yields one sentence for each quoted clause."""
        previous: Document | None = None
        for quoted in plan.quoted:
            yield self._sentence(quoted, previous, language, plan=plan)
            previous = quoted.document

    def with_statuses(self, statuses: Mapping[str, Status]) -> ExtractiveComposer:
        """Returns the same composer for the statuses of the papers on another day."""
        other = copy(self)
        other._statuses = statuses
        return other

    def _sentence(
        self, quoted: Quoted, previous: Document | None, language: Language, *, plan: Plan
    ) -> Sentence:
        phrases = phrases_for(language)
        text = "" if previous is None else "\n"
        if previous is None or quoted.document.id != previous.id:
            if plan.by_region and quoted.document.head.region:
                text += quoted.document.head.region + phrases.colon
            text += clause_of(self._names(quoted.document), quoted.clause, language)
        else:
            label = spoken_label(quoted.clause, language)
            text += label[:1].upper() + label[1:]
        text += phrases.colon
        marks: list[Marked] = []
        for i, span in enumerate(quoted.spans):
            if quoted.fields:
                text += ("；" if i else "") + phrases.fields[quoted.fields[i]]
            text += "“"
            citation = self._cite(quoted, span)
            marks.append(Marked(citation, Span(len(text), len(text) + len(citation.words))))
            text += citation.words + "”"
        return Sentence(text, tuple(marks))

    def _cite(self, quoted: Quoted, span: Span) -> Citation:
        status = self._statuses[quoted.document.id]
        return Citation.of(quoted.document, quoted.clause, span, status=status)
