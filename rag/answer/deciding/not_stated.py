"""Names what the papers do not state of a question whose matter they are about."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.model import Clause
from corpus.text.source_text import CELL_JOINT
from rag.answer.content.findings import Findings
from rag.answer.content.plan import Quoted
from rag.answer.content.selection import of_clause
from rag.answer.wording.phrases import Phrases
from rag.evidence.judgement import Finding, Judgement
from rag.evidence.slots import kinds_in
from rag.question.intent import Want
from rag.question.kinds import Asked, FactKind

_CLEAR = 0.9  # probability from which the kind that is asked for is named: a wrong one misleads
_KINDS = {
    Want.MONEY: FactKind.AMOUNT,
    Want.PERCENT: FactKind.PERCENTAGE,
    Want.COUNT: FactKind.COUNT,
    Want.DATE: FactKind.DATE,
    Want.CONTACT: FactKind.CONTACT,
    Want.PERSON: FactKind.NAME,
    Want.UNITS: FactKind.DEPARTMENT,
}


def unstated_in(findings: Findings, clause: Clause, *, judged: Judgement | None) -> Judgement | None:
    """Returns the judgement that the best clause does not state what was asked; None where it may."""
    if judged is None or judged.finding is not Finding.UNSTATED:
        return None
    if findings.referring is not None:
        return None  # the figure is in the clause that refers to what was read
    if _row_states(findings, clause):
        return None  # the reader does not see what the columns of a table measure
    if findings.understanding.wants == (Want.UNITS,) and clause.responsibility is not None:
        return None  # its 责任单位 stand after the sentences that were read
    return judged


def _row_states(findings: Findings, clause: Clause) -> bool:
    """Whether the best sentence of a clause is the row of a table that has what was asked for."""
    wants, own = findings.understanding.wants, of_clause(clause, findings.evidence)
    return bool(wants and own) and CELL_JOINT in own[0].text and own[0].satisfies.issuperset(wants)


def not_stated(phrases: Phrases, asked: Asked, quoted: Sequence[Quoted], *, wants: Sequence[Want]) -> str:
    """Returns the line that names what the papers do not state, if it is one thing of a clear kind.

    It has no name where the quotes contain one of its kind, such as another amount.
    """
    present = {kind for one in quoted for span in one.spans for kind in kinds_in(span.of(one.document.text))}
    clear = asked.kind if asked.kinds[asked.kind] >= _CLEAR else None
    kind = _KINDS.get(wants[0]) if len(wants) == 1 else None if wants else clear
    what = phrases.this if kind is None or kind in present else phrases.wanted.get(kind, phrases.this)
    return phrases.not_stated.format(what=what)
