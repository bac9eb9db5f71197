"""Checks the promises of every reply without the code that enforces them."""

from __future__ import annotations

import math
import re

from corpus.model import Document, Status
from corpus.notation.figures import FigureKind, figures
from rag.answer.wording.phrases import phrases_for
from rag.assistant import Assistant
from rag.language.citation_names import clause_of, spoken_label
from rag.language.short_names import running_name
from rag.model import Answer, Citation, FactRow, Language, Outcome, Reason, Refusal, Reply

_ANSWERED = (Outcome.ANSWERED, Outcome.PARTIAL, Outcome.CORRECTED)
_PROMISED = (FigureKind.MONEY, FigureKind.PERCENT, FigureKind.DATE, FigureKind.DOC_NUMBER)
_REPEATS = [phrases_for(language).part_not_found.split("{words}") for language in Language]
_DIGIT = re.compile(r"[0-9０-９]|百分之|[一二三四五六七八九十百千万亿]{2,}元")


def broken(reply: Reply, assistant: Assistant) -> list[str]:
    """Returns the promises that a reply breaks, in words; empty when it keeps all."""
    result = reply.result
    if reply.as_of is not None:
        assistant = assistant.on(reply.as_of)
    problems = _passages(reply, assistant)
    if "total" not in reply.timings or any(not math.isfinite(t) or t < 0 for t in reply.timings.values()):
        problems.append(f"timings {dict(reply.timings)}")
    if not 0 <= result.confidence <= 1:
        problems.append(f"confidence {result.confidence}")
    if not result.text.strip():
        problems.append("no text")
    if isinstance(result, Answer):
        return problems + _answer(result, assistant)
    return problems + _refusal(result, assistant)


def _passages(reply: Reply, assistant: Assistant) -> list[str]:
    passages = reply.result.passages
    keys = [passage.clause.key for passage in passages]
    problems = [] if len(keys) <= 10 else [f"{len(keys)} passages"]
    problems += [] if len(set(keys)) == len(keys) else ["a passage twice"]
    for passage in passages:
        document, clause, chunk = passage.document, passage.clause, passage.chunk
        if assistant.document(document.id) != document or clause not in document.clauses:
            problems.append(f"passage {clause.key} is of no stored paper")
        if not clause.start <= chunk.start < chunk.end <= clause.end:
            problems.append(f"chunk outside {clause.key}")
        if reply.question.documents and document.id not in reply.question.documents:
            problems.append(f"passage {clause.key} is filtered out")
    return problems


def _citation(citation: Citation, assistant: Assistant) -> list[str]:
    document, clause, span = citation.document, citation.clause, citation.span
    stored = assistant.document(document.id)
    problems = (
        [] if stored.text[span.start : span.end] == citation.words else [f"{citation.words!r} not verbatim"]
    )
    if clause not in stored.clauses:
        problems.append(f"{clause.key} is of no stored paper")
    if not clause.start <= span.start < span.end <= clause.tree_end:
        problems.append(f"{citation.words!r} outside {clause.key}")
    if not citation.words.strip():
        problems.append(f"a blank quote of {clause.key}")
    if citation.status is not assistant.status(stored):
        problems.append(f"status of {document.id}")
    return problems


def _answer(answer: Answer, assistant: Assistant) -> list[str]:
    problems = [] if answer.outcome in _ANSWERED else [f"outcome {answer.outcome}"]
    problems += [] if answer.citations else ["no citation"]
    rest, cited = list(_without_day(answer)), {}
    for marked in answer.citations:
        citation = marked.citation
        cited[citation.document.id] = citation.document
        problems += _citation(citation, assistant)
        if marked.answer_span is None:
            problems.append(f"{citation.words!r} is not in the text")
            continue
        start, end = marked.answer_span.start, marked.answer_span.end
        if answer.text[start:end] != citation.words:
            problems.append(f"{answer.text[start:end]!r} marked for {citation.words!r}")
        rest[start:end] = "\0" * (end - start)
        if running_name(citation.document, assistant.catalogue) not in answer.text:
            problems.append(f"{citation.document.id} is not named")
        if spoken_label(citation.clause, answer.language).lower() not in answer.text.lower():
            problems.append(f"{citation.clause.label} is not named")
    for highlight in answer.highlights:
        citation, (start, end) = highlight.citation, (highlight.answer_span.start, highlight.answer_span.end)
        problems += _citation(citation, assistant)
        if answer.text[start:end] != citation.words:
            problems.append(f"{answer.text[start:end]!r} highlighted for {citation.words!r}")
        if not any(citation.words in marked.citation.words for marked in answer.citations):
            problems.append(f"{citation.words!r} is highlighted and not quoted")
        rest[start:end] = "\0" * (end - start)
    rows = [*(answer.table.rows if answer.table is not None else ()), *answer.card]
    for citation in (row_citation for row in rows for row_citation in _of_row(row)):
        problems += _citation(citation, assistant)
        if citation.document.id not in cited:
            problems.append(f"{citation.words!r} is in a row and of no cited paper")
    names = [running_name(document, assistant.catalogue) for document in cited.values()]
    problems += _own_figures("".join(rest), cited, names)
    return problems + _warnings(answer, cited, assistant)


def _of_row(row: FactRow) -> list[Citation]:
    return [row.quote, *(citation for cell in row.cells for value in cell.values for citation in value)]


def _without_day(answer: Answer) -> str:
    """Returns the text without the line that names the day asked about."""
    if answer.as_of is None:
        return answer.text
    first, _, rest = answer.text.partition("\n")
    return "\0" * len(first) + "\n" + rest


def _own_figures(frame: str, cited: dict[str, Document], names: list[str]) -> list[str]:
    """Returns the line around the quotes when it has figures of its own, beside names and labels.

    Words of the user may be repeated where a part of the question is not found, without figures that no
    cited paper has.
    """
    for before, after in _REPEATS:
        for words in re.findall(f"{re.escape(before)}(.*?){re.escape(after)}", frame):
            texts = [document.text for document in cited.values()]
            stated = {figure.key for text in texts for figure in figures(text, kinds=_PROMISED)}
            if all(figure.key in stated for figure in figures(words, kinds=_PROMISED)):
                frame = frame.replace(words, "")
    for name in names:
        frame = frame.replace(name, "")
    for document in cited.values():
        labels = {spoken_label(clause, language) for clause in document.clauses for language in Language}
        for label in sorted(labels, key=len, reverse=True):
            for end in ("：", ": ", "\n"):
                frame = frame.replace(label + end, "").replace(label[:1].upper() + label[1:] + end, "")
    return [f"a figure of its own in {frame!r}"] if _DIGIT.search(frame) else []


def _warnings(answer: Answer, cited: dict[str, Document], assistant: Assistant) -> list[str]:
    states = {assistant.status(document) for document in cited.values()} - {Status.IN_FORCE}
    stated = {code for code in answer.warnings if not code.startswith("since_")}
    if stated != {state.value for state in states}:
        return [f"warnings {answer.warnings} for {states}"]
    return []


def _refusal(refusal: Refusal, assistant: Assistant) -> list[str]:
    chat = refusal.reason in (Reason.EMPTY, Reason.CHITCHAT)
    right = Outcome.CHITCHAT if chat else Outcome.REFUSED
    problems = [] if refusal.outcome is right else [f"outcome {refusal.outcome}"]
    for citation in refusal.nearest:
        problems += _citation(citation, assistant)
        name = running_name(citation.document, assistant.catalogue)
        if clause_of(name, citation.clause, refusal.language) in refusal.text:
            problems.append(f"{citation.clause.key} is listed twice: in the text and among the nearest")
    return problems
