"""Sentences before and after the body of an answer, and the texts of refusals; the same for every composer.

The plan decides whether a premise is wrong, a paper is a draft, or a region has no paper, so that no composer
can leave it out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from corpus.model import Document, Status
from rag.answer.metadata_facts import clause_at
from rag.answer.phrases import Phrases, phrases_for
from rag.answer.plan import Plan, Quoted
from rag.language.citation_names import source_name, spoken_label
from rag.model import Citation, Language, Marked, Passage, Reason, Refusal, Sentence

_MOST_REGIONS = 40  # named in a refusal


class Frame:
    """Writes the sentences before and after the body. `statuses` has the status of each paper."""

    def __init__(self, *, statuses: Mapping[str, Status]) -> None:
        self._statuses = statuses

    def status(self, document: Document) -> Status:
        return self._statuses[document.id]

    def opening(self, plan: Plan) -> Iterator[Sentence]:
        """Yields the phrase before the body; it may name the quoted papers."""
        if plan.lead:
            quoted = tuple(self._cite(quoted) for quoted in plan.quoted if quoted.spans)
            yield Sentence(plan.lead + "\n", rests_on=quoted)

    def closing(self, plan: Plan, *, language: Language, cited: Sequence[Citation]) -> Iterator[Sentence]:
        """Yields what was asked about but not found, and the status of the quoted papers."""
        phrases = phrases_for(language)
        named = {citation.document.id: citation for citation in reversed(cited)}
        for document, line in self._lines(plan, phrases):
            yield self._line(document, line, named)
        for region in plan.lacking:
            yield Sentence("\n" + phrases.not_on_file.format(region=region))
        for document in _unique(quoted.document for quoted in plan.quoted):
            note = phrases.statuses.get(self._statuses[document.id])
            if note:
                yield self._line(document, note.format(source=source_name(document)), named)

    def _lines(self, plan: Plan, phrases: Phrases) -> Iterator[tuple[Document, str]]:
        for document in plan.missing:
            name = document.head.region or source_name(document)
            yield document, phrases.not_found.format(region=name)
        for document, field in plan.unstated:
            yield document, phrases.unstated.format(source=source_name(document), field=phrases.fields[field])
        for document in plan.in_force:
            yield document, phrases.in_force.format(source=source_name(document))

    def _line(self, document: Document, line: str, named: dict[str, Citation]) -> Sentence:
        """Returns a line about a paper; one that is not quoted is cited by its title, figures included."""
        if document.id in named:
            return Sentence("\n" + line, rests_on=(named[document.id],))
        if source_name(document) not in line:
            return Sentence("\n" + line)
        clause = clause_at(document, document.head.title.span)
        if clause is None:
            return Sentence("\n" + line)
        status = self._statuses[document.id]
        citation = Citation.of(document, clause, document.head.title.span, status=status)
        named[document.id] = citation
        return Sentence("\n" + line, (Marked(citation),))

    def warnings(self, plan: Plan) -> tuple[str, ...]:
        """Returns the status codes of quoted papers that are not in force."""
        states = (self._statuses[quoted.document.id] for quoted in plan.quoted)
        return tuple(dict.fromkeys(state.value for state in states if state is not Status.IN_FORCE))

    def refusal(
        self,
        reason: Reason,
        *,
        language: Language,
        passages: Sequence[Passage],
        nearest: Sequence[Quoted],
        confidence: float,
        rewritten: str,
        regions: Collection[str],
        what: str = "",
        lead: str = "",
    ) -> Refusal:
        """Returns a refusal that names the covered regions and offers the nearest clauses."""
        phrases = phrases_for(language)
        covered = _covered(phrases, regions)
        text = lead or phrases.refusals[reason].format(what=what, covered=covered).strip()
        citations = [self._cite(quoted) for quoted in nearest if quoted.spans]
        if citations:
            names = phrases.joint.join(
                source_name(citation.document) + spoken_label(citation.clause) for citation in citations
            )
            text += "\n" + phrases.nearest + names
        return Refusal(
            text=text,
            reason=reason,
            language=language,
            nearest=tuple(citations),
            passages=tuple(passages),
            confidence=confidence,
            rewritten=rewritten,
        )

    def _cite(self, quoted: Quoted) -> Citation:
        status = self._statuses[quoted.document.id]
        return Citation.of(quoted.document, quoted.clause, quoted.spans[0], status=status)


def _covered(phrases: Phrases, regions: Collection[str]) -> str:
    """Returns the phrase that lists the regions with papers; only the first of them where there are many."""
    if not regions:
        return ""
    named = phrases.joint.join(islice(regions, _MOST_REGIONS))
    return phrases.covered.format(regions=named + ("…" if len(regions) > _MOST_REGIONS else ""))


def _unique(documents: Iterable[Document]) -> list[Document]:
    return list({document.id: document for document in documents}.values())
