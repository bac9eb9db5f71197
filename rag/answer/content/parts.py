"""Puts together the reply to a question of several parts: quotes for some, a line for each other.

Each part is decided like a whole question. Who asks about two matters at once often asks about one that the
papers have and one that they do not, so that beside an answered part another one needs a surer answer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from corpus.model import Clause, Document, Span
from index.terms.tokenize import fold
from rag.answer.content.findings import Findings
from rag.answer.content.plan import Plan, Quoted
from rag.language.stopwords import without
from rag.language.thesaurus import expand
from rag.model import Outcome, Passage, Refusal
from rag.numbers.number_guard import elided
from rag.question.parts import Part

# Confidence from which a part is answered beside a surer one, whatever its words. Of the development
# questions by themselves 87 % of those without an answer score less, and 29 % of those with one.
_SURE: Final = 0.6
# Share of a part's own words that a clause says when it is about that part.
_SAID: Final = 0.6
_LONGEST: Final = 60  # characters of a part that the reply repeats, counted from its end, where it asks
_MARKS: Final = " 　，,、。；;：:？！?!."
_INNER_QUOTES: Final = str.maketrans("“”", "‘’")


@dataclass(frozen=True, slots=True)
class PartFindings:
    """What was found for a part of a question."""

    part: Part
    findings: Findings


@dataclass(frozen=True, slots=True)
class PartPlan:
    """What would be replied to a part if it were a whole question."""

    part: Part
    findings: Findings
    plan: Plan | Refusal

    @property
    def confidence(self) -> float:
        sure = isinstance(self.plan, Plan) and self.plan.sure
        return 1.0 if sure else self.findings.confidence


@dataclass(frozen=True, slots=True)
class Together:
    """The reply to all parts, and the parts that it quotes for."""

    plan: Plan
    answered: tuple[PartPlan, ...]

    @property
    def confidence(self) -> float:
        """Returns the lowest confidence of the answered parts."""
        return min(one.confidence for one in self.answered)

    def passages(self, *, most: int) -> list[Passage]:
        """Returns the passages of the answered parts in turn, the best of each first."""
        ranked = [one.findings.ranked for one in self.answered]
        longest = max(map(len, ranked))
        in_turn = [group[i] for i in range(longest) for group in ranked if i < len(group)]
        return list({passage.clause.key: passage for passage in in_turn}.values())[:most]


def together(
    whole: Plan | Refusal, findings: Findings, parts: Sequence[PartPlan], *, too_many: bool
) -> Together | None:
    """Returns the reply that the parts make, or None where that to the question as a whole is as good.

    `whole` is that reply, and `findings` what was found for it. It is as good where it quotes what the parts
    would quote, and where nothing is answered. `too_many`: the question has more parts than these.
    """
    answered = _answered(parts)
    if isinstance(whole, Refusal):
        answered = _by_themselves(parts, answered)
    elif not answered:
        # Which of them the whole answers is what its quotes say most of.
        best = max(parts, key=lambda one: _most_said(one.part.own, whole.quoted))
        parts = [replace(one, findings=findings, plan=whole) if one is best else one for one in parts]
        answered = _answered(parts)
    if not any(_stands(one) for one in answered):
        return None
    plans = [one.plan for one in answered if isinstance(one.plan, Plan)]
    quoted = [*(q for plan in plans for q in plan.quoted), *_quoted(whole)]
    missing = [one.part for one in parts if one not in answered and not _is_stated(one, quoted)]
    in_whole = {q.clause.key for q in _quoted(whole)}
    if not (missing or too_many) and all(plan.quoted[0].clause.key in in_whole for plan in plans):
        return None
    return Together(_joined(plans, missing, too_many=too_many), tuple(answered))


def _answered(parts: Sequence[PartPlan]) -> list[PartPlan]:
    """Returns the parts with an answer: the surest, and the others that are sure enough beside it."""
    planned = [one for one in parts if isinstance(one.plan, Plan)]
    surest = max(planned, key=lambda one: one.confidence, default=None)
    return [one for one in planned if one is surest or _is_sure(one)]


def _by_themselves(parts: Sequence[PartPlan], answered: Sequence[PartPlan]) -> list[PartPlan]:
    """Returns the answered parts without those that go on, after a comma, about a matter that is not found.

    开民宿有没有扶持政策，给贷款贴息吗 asks for the guesthouse's loan, whatever loans the papers know.
    """
    kept: list[PartPlan] = []
    for i, one in enumerate(parts):
        if one in answered and (one.part.apart or parts[i - 1] in kept):
            kept.append(one)
    return kept


def _stands(one: PartPlan) -> bool:
    """Whether an answered part is worth an answer; of several about one matter, it has to be found."""
    return not one.part.in_turn or (one.confidence >= _SURE and is_said(one.part.own, _quoted(one.plan)[:1]))


def _is_sure(one: PartPlan) -> bool:
    return one.confidence >= _SURE or is_said(one.part.own, _quoted(one.plan)[:1])


def _is_stated(one: PartPlan, quoted: Iterable[Quoted]) -> bool:
    """Whether the quotes for other parts answer this one too.

    Its words do not tell where it asks for a figure, which by itself was not found.
    """
    refused = one.part.in_turn or isinstance(one.plan, Refusal)
    return not (refused and one.findings.understanding.wants) and is_said(one.part.own, quoted)


def is_said(own: str, quoted: Iterable[Quoted]) -> bool:
    """Whether one of the quoted clauses says most of a part's own words, itself or in other words."""
    return _most_said(own, quoted) >= _SAID


def _most_said(own: str, quoted: Iterable[Quoted]) -> float:
    return max((share_said(own, one.document, one.clause) for one in quoted), default=0.0)


def share_said(own: str, document: Document, clause: Clause) -> float:
    """Returns the share of the characters of `own` that the clause says, itself or in other words."""
    text = fold(document.text[clause.start : clause.tree_end])
    found = expand(own).found
    said = sum(len(one.text) for one in found if any(fold(term) in text for term in (one.text, *one.terms)))
    rest = without(own, [one.span for one in found])
    runs = [fold(run) for run in rest.split()]
    said += sum(_in_text(run, text) for run in runs)
    length = sum(map(len, runs)) + sum(len(one.text) for one in found)
    return said / length if length else 1.0


def _in_text(run: str, text: str) -> int:
    """Returns how many characters of `run` are in a pair of neighbours that occurs in `text`."""
    if run.isascii() or len(run) == 1:
        return len(run) if run in text else 0
    pairs = [run[i : i + 2] in text for i in range(len(run) - 1)]
    return sum((i < len(pairs) and pairs[i]) or (i > 0 and pairs[i - 1]) for i in range(len(run)))


def _quoted(plan: Plan | Refusal) -> tuple[Quoted, ...]:
    return plan.quoted if isinstance(plan, Plan) else ()


def _joined(plans: Sequence[Plan], missing: Sequence[Part], *, too_many: bool) -> Plan:
    """Returns one plan with the others after it, and a line for each part without an answer."""
    first, *others = _without_repeats(plans)
    outcomes = {plan.outcome for plan in plans}
    partial = bool(missing) or too_many or Outcome.PARTIAL in outcomes
    outcome = Outcome.PARTIAL if partial else Outcome.ANSWERED
    return replace(
        first,
        outcome=Outcome.CORRECTED if Outcome.CORRECTED in outcomes else outcome,
        missing=tuple(document for plan in plans for document in plan.missing),
        unstated=tuple(gap for plan in plans for gap in plan.unstated),
        in_force=tuple(document for plan in plans for document in plan.in_force),
        lacking=tuple(dict.fromkeys(region for plan in plans for region in plan.lacking)),
        more=sum(plan.more for plan in plans),
        then=tuple(others),
        not_found=tuple(_repeated(part.text, plans) for part in missing),
        too_many=too_many,
        sure=all(plan.sure for plan in plans),
    )


def _repeated(words: str, plans: Sequence[Plan]) -> str:
    """Returns the words of the user as the reply repeats them: in one line, cut, without uncited figures.

    A figure that no quoted clause states is left out: a reader may take it for one of the papers.
    """
    cited = [(quoted.document, quoted.clause) for plan in plans for quoted in plan.quoted]
    shown = "".join(char for char in elided(words, cited) if unicodedata.category(char) != "Cf")
    line = " ".join(shown.split()).strip(_MARKS).translate(_INNER_QUOTES)
    return line if len(line) <= _LONGEST else "…" + line[-_LONGEST:]


def _without_repeats(plans: Sequence[Plan]) -> list[Plan]:
    """Returns the plans with each clause quoted once, in the first that quotes it, with the spans of all.

    A plan whose best clause is quoted before adds nothing else: its other quotes are only further ones.
    """
    kept: list[list[Quoted]] = []
    place: dict[str, tuple[int, int]] = {}  # of each clause: the plan and the number in it
    for i, plan in enumerate(plans):
        kept.append([])
        known = bool(plan.quoted) and plan.quoted[0].clause.key in place
        for quoted in plan.quoted[:1] if known else plan.quoted:
            at = place.setdefault(quoted.clause.key, (i, len(kept[i])))
            if at == (i, len(kept[i])):
                kept[i].append(quoted)
            else:
                kept[at[0]][at[1]] = _merged(kept[at[0]][at[1]], quoted)
    both = zip(plans, kept, strict=True)
    return [replace(plan, quoted=tuple(own)) for i, (plan, own) in enumerate(both) if own or i == 0]


def _merged(one: Quoted, other: Quoted) -> Quoted:
    """Returns the quotes of both from one clause, overlapping ones as one."""
    if other.fields or one.fields:
        labels = dict(zip(one.spans, one.fields, strict=False)) | dict(
            zip(other.spans, other.fields, strict=False)
        )
        spans = tuple(sorted(dict.fromkeys((*one.spans, *other.spans)), key=lambda span: span.start))
        complete = all(span in labels for span in spans)
        return replace(one, spans=spans, fields=tuple(labels[span] for span in spans) if complete else ())
    merged: list[Span] = []
    for span in sorted((*one.spans, *other.spans), key=lambda span: (span.start, span.end)):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return replace(one, spans=tuple(merged))
