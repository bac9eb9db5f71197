"""What a later paper changes in the facts of an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.facts.comparing.fields import FactField, Part
from corpus.facts.comparing.pairing import Side, paired, sides_of
from corpus.facts.in_force import FactsInForce
from corpus.facts.model import Fact
from corpus.model import Span


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What differs in one field. `old` is empty for what was added, `new` for what was removed."""

    field: FactField
    old: tuple[Span, ...]  # of the earlier text
    new: tuple[Span, ...]  # of the later text


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact that states something else than before."""

    old: Fact
    new: Fact
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class FactDifferences:
    """What a later paper changes, in its reading order. Facts that state the same are only counted."""

    changed: tuple[FactChange, ...]
    added: tuple[Fact, ...]
    removed: tuple[Fact, ...]
    unchanged: int

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.changed or self.added or self.removed)


def compare_facts(old: FactsInForce, new: FactsInForce) -> FactDifferences:
    """Compares the facts of an earlier and a later paper. Takes time linear in the number of facts.

    A fact that the other paper has too, but hidden as wrong, is neither new nor gone.
    """
    before, after = sides_of(old, old.facts), sides_of(new, new.facts)
    hidden_before, hidden_after = _keys(old), _keys(new)
    same, similar = paired(before, after)
    pairs = same | similar
    left = set(range(len(before))) - set(pairs.values())
    changes = (_change(before[j], after[i]) for i, j in sorted(similar.items()))
    changed = tuple(change for change in changes if change.fields)
    return FactDifferences(
        changed=changed,
        added=tuple(
            side.fact for i, side in enumerate(after) if i not in pairs and side.key not in hidden_before
        ),
        removed=tuple(before[j].fact for j in sorted(left) if before[j].key not in hidden_after),
        unchanged=len(pairs) - len(changed),
    )


def _keys(paper: FactsInForce) -> set[tuple[object, ...]]:
    """What the hidden facts of a paper state."""
    return {side.key for side in sides_of(paper, paper.hidden)}


def _change(old: Side, new: Side) -> FactChange:
    fields = []
    for field in FactField:
        was = [part for part in old.parts if part.field is field]
        now = [part for part in new.parts if part.field is field]
        gone, come = _without(was, now), _without(now, was)
        if gone or come:
            fields.append(FieldChange(field, gone, come))
    # A figure that no field was read from. That of a list may be the figure of another fact.
    if not fields and old.figures != new.figures and not any(map(_has_figures, (*old.parts, *new.parts))):
        fields.append(FieldChange(FactField.QUOTE, (old.fact.quote,), (new.fact.quote,)))
    return FactChange(old.fact, new.fact, tuple(fields))


def _has_figures(part: Part) -> bool:
    return not isinstance(part.meaning, str)


def _without(parts: Sequence[Part], others: Sequence[Part]) -> tuple[Span, ...]:
    meanings = {part.meaning for part in others}
    return tuple(part.span for part in parts if part.meaning not in meanings)
