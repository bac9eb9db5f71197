"""Sentences around those of the composer, the same for every composer, and the texts of refusals.

The plan decides whether a premise is wrong, a paper is a draft, or a region has no paper, so that no composer
can leave it out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from corpus.head.goals import past_goals
from corpus.model import UNCERTAIN, Clause, Document, HeadField, Status
from corpus.structure.unread_attachments import UnreadAttachment
from rag.answer.content.plan import Plan, Quoted
from rag.answer.metadata.corrected import corrected_in
from rag.answer.metadata.facts import clause_at
from rag.answer.wording.asked_first import asked_first
from rag.answer.wording.day_phrases import day_line, day_phrases_for
from rag.answer.wording.other_papers import OtherPapers
from rag.answer.wording.phrases import Phrases, phrases_for
from rag.language.citation_names import source_name
from rag.model import Citation, Language, Marked, Passage, Reason, Refusal, Sentence

_MOST_REGIONS = 40  # named in a line
_MOST_DAMAGED = 3  # papers that cannot be read, named in a refusal
_MOST_UNCERTAIN = 5  # words named behind a quote
_ENDED = (Status.REPEALED, Status.EXPIRED, Status.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Line:
    """A line after the body, and the paper that it is about."""

    text: str
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Now:
    """Today and the statuses of the papers, beside those of the day of the answers."""

    today: date
    statuses: Mapping[str, Status]


class Frame:
    """Writes the sentences around those of the composer.

    `statuses` has the status of each paper on the day of the answers, `now` those of today, if that is
    another day; `names` returns its name in running text; `in_conflict` are the ids of papers of which
    another one has the number, and a different text; `others` writes what other papers say of those
    quoted; `day` is the day of the answers, by which goals of papers are of years gone.
    """

    def __init__(
        self,
        *,
        statuses: Mapping[str, Status],
        names: Callable[[Document], str] = source_name,
        in_conflict: Collection[str] = (),
        now: Now | None = None,
        others: OtherPapers | None = None,
        day: date | None = None,
    ) -> None:
        self._statuses, self.name, self._now, self._day = statuses, names, now, day
        self._in_conflict, self._others = in_conflict, others

    def status(self, document: Document) -> Status:
        return self._statuses[document.id]

    def day(self, plan: Plan, *, language: Language) -> Iterator[Sentence]:
        """Yields the line that says for which day the answer is, where that is not today."""
        if plan.as_of is not None and self._now is not None:
            line = day_line(plan.as_of, today=self._now.today, language=language)
            yield Sentence(line + "\n", as_of=plan.as_of.day)

    def opening(self, plan: Plan, *, language: Language) -> Iterator[Sentence]:
        """Yields the phrase before the body, which may name the quoted papers, and what was asked."""
        if plan.lead:
            quoted = tuple(self._cite(quoted) for quoted in plan.quoted if quoted.spans)
            yield Sentence(plan.lead + "\n", rests_on=quoted)
        if plan.asked.first:
            yield asked_first(plan.asked.first, language=language, statuses=self._statuses, names=self.name)

    def closing(self, plan: Plan, *, language: Language) -> Iterator[Line]:
        """Yields what was asked about but not found."""
        phrases = phrases_for(language)
        if plan.more:
            yield Line(phrases.more.format(number=plan.more))
        for words in plan.not_found:
            yield Line(phrases.part_not_found.format(words=words))
        if plan.too_many:
            yield Line(phrases.too_many)
        for name, document in self._regions_without(plan).items():
            yield Line(phrases.not_found.format(region=name), document)
        if plan.table is not None and plan.table.without:
            places = phrases.joint.join(plan.table.without[:_MOST_REGIONS])
            rest = "…" if len(plan.table.without) > _MOST_REGIONS else ""
            yield Line(phrases.not_provided.format(places=places + rest))
        for document, field in plan.unstated:
            line = phrases.unstated.format(source=self.name(document), field=phrases.fields[field])
            yield Line(line, document)
        for _, attachment in plan.unread:
            yield Line(phrases.unread.format(attachment=named(attachment)))
        for document in plan.in_force:
            yield Line(phrases.in_force.format(source=self.name(document)), document)
        for region in plan.lacking:
            yield Line(phrases.not_on_file.format(region=region))

    def status_notes(
        self, sentence: Sentence, *, before: Sequence[Marked], language: Language
    ) -> Iterator[Sentence]:
        """Yields what to know of papers that `sentence` quotes and `before` does not.

        A paper may be not in force, or in conflict with another one; an editor may have corrected the words;
        recognition of a scan may be not sure of them.
        """
        phrases = phrases_for(language)
        known = {marked.citation.document.id for marked in before}
        new = dict.fromkeys(marked.citation.document.id for marked in sentence.citations)
        for document_id in new:
            if document_id not in known and (note := self._status_note(document_id, language)):
                yield Sentence(note)
            if document_id not in known and document_id in self._in_conflict:
                yield Sentence(phrases.conflict)
        quoted = {marked.citation.document.id: marked.citation.document for marked in sentence.citations}
        for document in (one for one in quoted.values() if one.id not in known):
            yield from _status_set(document, sentence, phrases)
            yield from self._others.on_paper(document, phrases) if self._others is not None else ()
            yield from self._goals_past(document, phrases)
        for clause, document in _clauses(sentence):
            yield from self._others.on_clause(document, clause, phrases) if self._others is not None else ()
        for citation in (marked.citation for marked in sentence.citations):
            for correction in corrected_in(citation.document, citation.span):
                field, value = phrases.head_fields[correction.field], correction.spoken
                yield Sentence(phrases.corrected_field.format(field=field, value=value), rests_on=(citation,))
        yield from _uncertain(sentence, language=language)

    def _goals_past(self, document: Document, phrases: Phrases) -> Iterator[Sentence]:
        """Yields that a paper in force states no end, and that its goals are of years gone."""
        if self._day is None or self._statuses[document.id] is not Status.IN_FORCE:
            return
        if past_goals(document, today=self._day) is not None:
            yield Sentence(phrases.goals_past)

    def _status_note(self, document_id: str, language: Language) -> str:
        """Returns what to know of a paper not in force, or not any more; empty for others."""
        then = day_phrases_for(language)
        notes = phrases_for(language).statuses if self._now is None else then.statuses
        status, since = self._statuses[document_id], self._ended_since(document_id)
        return notes.get(status, "") if since is None else then.ended_since[since]

    def _ended_since(self, document_id: str) -> Status | None:
        """Returns today's status of a paper that was in force on the day asked about and has ended since."""
        if self._now is None or self._statuses[document_id] is not Status.IN_FORCE:
            return None
        status = self._now.statuses[document_id]
        return status if status in _ENDED else None

    def _regions_without(self, plan: Plan) -> dict[str, Document]:
        """Returns the regions, or papers without one, that were asked about and are not quoted."""
        found = {document.head.region or self.name(document): document for document in reversed(plan.missing)}
        quoted = {quoted.document.head.region for quoted in plan.all_quoted}
        return {name: found[name] for name in reversed(found) if name not in quoted}

    def sentence(self, line: Line, *, cited: Iterable[Citation]) -> Sentence:
        """Returns a line as a sentence; a paper that is not in `cited` is cited by its title and its figures.

        Raises AnswerError for a figure that the paper cited for it does not contain.
        """
        text, document = "\n" + line.text, line.document
        if document is None:
            # It may repeat figures of the question that the quotes state as well.
            return Sentence(text, rests_on=tuple(cited))
        known = next((citation for citation in cited if citation.document.id == document.id), None)
        if known is not None:
            return Sentence(text, rests_on=(known,))
        span = document.head.title.span
        clause = clause_at(document, span) if self.name(document) in text else None
        if clause is None:
            return Sentence(text)
        return Sentence(text, (Marked(Citation.of(document, clause, span, status=self.status(document))),))

    def warnings(self, plan: Plan) -> tuple[str, ...]:
        """Returns the codes of what to know of the quotes: papers not in force, words that are uncertain."""
        ids = dict.fromkeys(quoted.document.id for quoted in plan.all_quoted)
        states, since = [self._statuses[i] for i in ids], [self._ended_since(i) for i in ids]
        codes = [state.value for state in states if state is not Status.IN_FORCE]
        codes += [f"since_{status.value}" for status in since if status is not None]
        if any(_is_uncertain(quoted) for quoted in plan.all_quoted):
            codes.append(UNCERTAIN)
        return tuple(dict.fromkeys(codes))

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
        damaged: Sequence[str] = (),
    ) -> Refusal:
        """Returns a refusal that names the covered regions. Whoever shows it lists the nearest clauses.

        `damaged` names papers that cannot be read: one of them may have the answer.
        """
        phrases = phrases_for(language)
        covered = _covered(phrases, regions)
        text = lead or phrases.refusals[reason].format(what=what, covered=covered).strip()
        if damaged:
            some = phrases.joint.join(damaged[:_MOST_DAMAGED]) + ("…" if len(damaged) > _MOST_DAMAGED else "")
            text += "\n" + phrases.damaged.format(papers=some)
        citations = [self._cite(quoted) for quoted in nearest if quoted.spans]
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


def _clauses(sentence: Sentence) -> list[tuple[Clause, Document]]:
    """Returns the quoted clauses, each once."""
    found = (marked.citation for marked in sentence.citations if marked.answer_span is not None)
    return list({one.clause.key: (one.clause, one.document) for one in found}.values())


def _status_set(document: Document, sentence: Sentence, phrases: Phrases) -> Iterator[Sentence]:
    """Yields a note for a paper whose status an editor has set."""
    cited = tuple(m.citation for m in sentence.citations if m.citation.document.id == document.id)
    for correction in document.corrections:
        if correction.field is HeadField.STATUS:
            field, value = (
                phrases.head_fields[correction.field],
                phrases.status_names[Status(correction.value)],
            )
            yield Sentence(phrases.corrected_field.format(field=field, value=value), rests_on=cited)


def _uncertain(sentence: Sentence, *, language: Language) -> Iterator[Sentence]:
    """Yields a note for the quotes with words that the recognition of a scan is not sure of."""
    phrases = phrases_for(language)
    doubtful = [marked.citation for marked in sentence.citations if marked.citation.uncertain]
    words = dict.fromkeys(span.of(cited.document.text) for cited in doubtful for span in cited.uncertain)
    if words:
        named = phrases.joint.join(f"“{word}”" for word in islice(words, _MOST_UNCERTAIN))
        yield Sentence(phrases.uncertain.format(words=named), rests_on=tuple(doubtful))


def _is_uncertain(quoted: Quoted) -> bool:
    return any(quoted.document.uncertain_in(span) for span in quoted.spans)


def _covered(phrases: Phrases, regions: Collection[str]) -> str:
    """Returns the phrase that lists the regions with papers; only the first of them where there are many."""
    if not regions:
        return ""
    named = phrases.joint.join(islice(regions, _MOST_REGIONS))
    return phrases.covered.format(regions=named + ("…" if len(regions) > _MOST_REGIONS else ""))


def named(attachment: UnreadAttachment) -> str:
    """Returns label and name of an attachment: 附件1“家庭财产限额”."""
    return attachment.label + (f"“{attachment.name}”" if attachment.name else "")
