"""The extractive composer: a short reply made of quotes, each with document, number and article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from corpus.model import Clause, Document, Span, Status
from rag.answer.metadata_facts import clause_at
from rag.answer.phrases import Phrases, phrases_for
from rag.language.citation_names import source_name, spoken_label
from rag.model import Answer, Citation, Language, Marked, Outcome, Passage, Reason, Refusal
from rag.question.metadata_fields import MetadataField


@dataclass(frozen=True, slots=True)
class Quoted:
    """What is quoted from one clause."""

    document: Document
    clause: Clause
    spans: tuple[Span, ...]  # in order, inside the clause
    fields: tuple[MetadataField, ...] = ()  # for facts about the paper: what each span states


@dataclass(frozen=True, slots=True)
class Plan:
    """What a reply is to say, decided before a word of it is written."""

    outcome: Outcome
    quoted: tuple[Quoted, ...]
    lead: str = ""  # a phrase before the quotes
    missing: tuple[Document, ...] = ()  # papers that were asked about and hold nothing
    unstated: tuple[tuple[Document, MetadataField], ...] = ()
    by_region: bool = False  # each line opens with the region
    in_force: tuple[Document, ...] = ()  # papers that were asked about and are not said to be anything else
    lacking: tuple[str, ...] = ()  # regions that were asked about and have no paper


@dataclass(slots=True)
class _Draft:
    """A reply in the making: its text, and where the quotes stand in it."""

    text: str = ""
    marks: list[Marked] = field(default_factory=list)

    def say(self, words: str) -> None:
        self.text += words

    def quote(self, citation: Citation) -> None:
        self.text += "“"
        start = len(self.text)
        self.text += citation.words
        self.marks.append(Marked(citation, Span(start, len(self.text))))
        self.text += "”"


class Composer:
    """Writes replies. `statuses` tells what became of each paper."""

    def __init__(self, *, statuses: Mapping[str, Status]) -> None:
        self._statuses = statuses

    def status(self, document: Document) -> Status:
        return self._statuses[document.id]

    def answer(
        self,
        plan: Plan,
        *,
        language: Language,
        passages: Sequence[Passage],
        confidence: float,
        rewritten: str,
    ) -> Answer:
        """The reply that `plan` describes. Raises Uncited when it quotes nothing."""
        phrases = phrases_for(language)
        draft = _Draft()
        if plan.lead:
            draft.say(plan.lead + "\n")
        self._write_quotes(draft, plan, phrases)
        for document in plan.missing:
            name = document.head.region or self._named(draft, document)
            draft.say("\n" + phrases.not_found.format(region=name))
        for document, head_field in plan.unstated:
            source = self._named(draft, document)
            draft.say("\n" + phrases.unstated.format(source=source, field=phrases.fields[head_field]))
        for document in plan.in_force:
            draft.say("\n" + phrases.in_force.format(source=self._named(draft, document)))
        for region in plan.lacking:
            draft.say("\n" + phrases.not_on_file.format(region=region))
        documents = _unique(quoted.document for quoted in plan.quoted)
        for document in documents:
            note = phrases.statuses.get(self._statuses[document.id])
            if note:
                draft.say("\n" + note.format(source=source_name(document)))
        return Answer(
            text=draft.text,
            citations=tuple(draft.marks),
            outcome=plan.outcome,
            language=language,
            passages=tuple(passages),
            confidence=confidence,
            warnings=self._warnings(documents),
            rewritten=rewritten,
        )

    def refusal(
        self,
        reason: Reason,
        *,
        language: Language,
        passages: Sequence[Passage],
        nearest: Sequence[Quoted],
        confidence: float,
        rewritten: str,
        documents: Sequence[Document],
        what: str = "",
        lead: str = "",
    ) -> Refusal:
        """A refusal in plain words that says what is covered and offers the nearest clauses."""
        phrases = phrases_for(language)
        covered = _covered(phrases, documents)
        text = lead or phrases.refusals[reason].format(what=what, covered=covered).strip()
        citations = [self._cite(quoted, span) for quoted in nearest for span in quoted.spans[:1]]
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

    def _write_quotes(self, draft: _Draft, plan: Plan, phrases: Phrases) -> None:
        previous: Document | None = None
        for quoted in plan.quoted:
            if draft.marks:
                draft.say("\n")
            if quoted.document is not previous:
                if plan.by_region and quoted.document.head.region:
                    draft.say(quoted.document.head.region + "：")
                draft.say(source_name(quoted.document))
            draft.say(spoken_label(quoted.clause) + "：")
            for i, span in enumerate(quoted.spans):
                if quoted.fields:
                    draft.say(("；" if i else "") + phrases.fields[quoted.fields[i]])
                draft.quote(self._cite(quoted, span))
            previous = quoted.document

    def _named(self, draft: _Draft, document: Document) -> str:
        """The name of a paper; one that is quoted nowhere is cited by its title, figures in it included."""
        if all(marked.citation.document is not document for marked in draft.marks):
            clause = clause_at(document, document.head.title.span)
            if clause is not None:
                status = self._statuses[document.id]
                citation = Citation.of(document, clause, document.head.title.span, status=status)
                draft.marks.append(Marked(citation))
        return source_name(document)

    def _cite(self, quoted: Quoted, span: Span) -> Citation:
        status = self._statuses[quoted.document.id]
        return Citation.of(quoted.document, quoted.clause, span, status=status)

    def _warnings(self, documents: Iterable[Document]) -> tuple[str, ...]:
        states = (self._statuses[document.id] for document in documents)
        return tuple(dict.fromkeys(state.value for state in states if state is not Status.IN_FORCE))


def _covered(phrases: Phrases, documents: Sequence[Document]) -> str:
    regions = dict.fromkeys(document.head.region for document in documents if document.head.region)
    return phrases.covered.format(regions=phrases.joint.join(regions)) if regions else ""


def _unique(documents: Iterable[Document]) -> list[Document]:
    return list({document.id: document for document in documents}.values())
