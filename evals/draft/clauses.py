"""Proposes questions on a clause as a whole: what it provides under its heading, and who is in charge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.model import Clause, Document, Span
from evals.draft.model import Idea
from evals.draft.text import DOING, PHRASES, Named, Sentence, balanced, heading_of, points_back

_TERMS = 2  # key terms of a clause that an answer must contain; more would require the whole clause
_TERM = range(4, 23)  # characters of a key term
_QUOTED = re.compile(r"[“\"](?P<term>[^“”\"]{2,12})[”\"]")  # “即收即检”
# "建设", "机制": the object of a part is complete where it ends with one of these
_NAMED_IN_FULL = re.compile(rf"{PHRASES.alternation('whole_name')}$")
# "对…的扶持力度", "好科技金融15条政策", "国家支持"
_NO_TERM = re.compile(r"[在对以并将从按向为于和及与好]|国家支持$|.*(?:[0-9]|等$)")
_MOST_UNITS = 10  # units that an answer can be expected to list


def heading_idea(clause: Clause, body: Sequence[Sentence], named: Named) -> Idea | None:
    """Asks what the paper provides under the heading; None where no key terms are found."""
    heading = heading_of(clause)
    if not heading or PHRASES.has("general", heading):
        return None
    found = {term: span for sentence in reversed(body) for span, term in _terms(sentence, heading)}
    terms = sorted(found.items(), key=lambda entry: entry[1].start)[:_TERMS]
    if len(terms) < _TERMS:
        return None
    question = named.ask(f"在“{heading}”方面提出了哪些措施")
    return Idea(
        "heading",
        question,
        clause,
        tuple(span for _, span in terms),
        tuple((term,) for term, _ in terms),
    )


def _terms(sentence: Sentence, heading: str) -> list[tuple[Span, str]]:
    """Returns the key terms of a sentence: the term it quotes, or the object of its first part."""
    for at, part in enumerate(sentence.parts):
        quoted = _QUOTED.findall(sentence.words(at))
        if quoted:
            # One of several enumerated terms would cover only a part of the sentence.
            return [(part, quoted[0])] if len(quoted) == 1 else []
    words = sentence.words(0)
    doing = DOING.match(words)
    term = re.sub("^我[省市县区国]", "", words[doing.end() :]) if doing else ""
    whole = len(sentence.parts) == 1 or _NAMED_IN_FULL.search(term)
    if not whole or len(term) not in _TERM or term in heading or _NO_TERM.match(term):
        return []
    return [] if points_back(words) or not balanced(term) else [(sentence.parts[0], term)]


def department_ideas(document: Document, clause: Clause, named: Named) -> Iterator[Idea]:
    """Asks who leads, who takes part, or who is in charge where no unit is named as lead."""
    duty, heading = clause.responsibility, heading_of(clause)
    if duty is None or not heading:
        return
    groups = (("牵头", duty.lead), ("参与", duty.participants)) if duty.lead else (("负责", duty.units),)
    for role, units in groups:
        if 0 < len(units) <= _MOST_UNITS:
            who = "哪个单位" if len(units) == 1 else "哪些单位"
            question = named.ask(f"“{heading}”这项工作由{who}{role}")
            must = tuple(_spellings(unit) for unit in units)
            yield Idea("department", question, clause, (duty.span,), must)


def _spellings(unit: str) -> tuple[str, ...]:
    """Returns the names of a unit: 省市场监管局〔知识产权局〕 is also called 省市场监管局."""
    return tuple(dict.fromkeys((unit, re.sub(r"[〔（(\[].*", "", unit) or unit)))
