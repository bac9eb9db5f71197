"""Chooses the facts that a table contains: those of the kind, and of them those on the matter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from index.terms.tokenize import fold
from rag.answer.tables.asked import TableAsked
from rag.answer.tables.headings import Headings
from rag.answer.tables.kinds import applying_in, is_asked, of_year, stating
from rag.answer.tables.matter import LEAST, Matter
from rag.facts.found import FoundFact

# What share a provision says of what the provision of its place says that says most, and of what the one of
# all places says. Of the development questions, provisions on the matter reach both, and `LEAST`.
_BESIDE = 0.6
_ANYWHERE = 0.45
_EXCLUDED = 0.99  # share of what is excluded that a fact has to say
_MOST_READ = 40  # papers that are read for the headings over their facts
_ONLY_FIGURE = re.compile(r"[\d,，.．\s]+(?:[百千万亿]*元|%|家|个|名|亩|平方米)?(?:以上|以下)?")  # 8000万元


def choose(
    asked: TableAsked, facts: Iterable[FoundFact], *, matter: Matter, excluded: Matter | None = None
) -> list[FoundFact]:
    """Returns the facts asked for, in the order given, without those that name what is `excluded`."""
    if excluded:
        facts = [found for found in facts if not _names(excluded, found)]
    of_kind = of_year(asked.year, [found for found in facts if is_asked(asked, found)])
    of_kind = stating(asked.stated, applying_in(asked.in_year, of_kind))
    return of_kind if asked.literals else _meant(on_matter(of_kind, matter), matter)


def on_matter(facts: Sequence[FoundFact], matter: Matter) -> list[FoundFact]:
    """Returns the facts that say enough of the matter or of one of its alternatives; all without one."""
    if not matter:
        return list(facts)
    headings = _headings_of(facts)
    words = [_folded(found, headings) for found in facts]
    kept = set[int]()
    for one in matter.alternatives:
        kept |= _saying_enough(facts, [one.share_in(own) for own in words])
    return [found for number, found in enumerate(facts) if number in kept]


def _saying_enough(facts: Sequence[FoundFact], about: Sequence[float]) -> set[int]:
    """Returns the places of the facts whose shares `about` a matter are not far below the greatest ones."""
    best: dict[str, float] = {}  # by place: another one may word the matter in another way
    for found, share in zip(facts, about, strict=True):
        best[_place(found)] = max(share, best.get(_place(found), 0.0))
    least = max(LEAST, _ANYWHERE * max(best.values(), default=0.0))
    pairs = enumerate(zip(facts, about, strict=True))
    return {n for n, (one, share) in pairs if share >= max(least, _BESIDE * best[_place(one)])}


def _place(found: FoundFact) -> str:
    return found.head.region or found.head.id


def _headings_of(facts: Iterable[FoundFact]) -> Headings | None:
    """Returns what reads the headings over the facts; None for facts of too many papers to read."""
    return Headings() if len({found.head.id for found in facts}) <= _MOST_READ else None


def _names(excluded: Matter, found: FoundFact) -> bool:
    """Whether the words of a fact name one of the things excluded in full.

    The facts of a list share their quote, so that only its own parts tell, where it has some.
    """
    listed = found.fact.beneficiaries or found.fact.conditions
    words = _parts(found) if listed else fold(found.words(found.fact.quote))
    return any(item.share_in(words) >= _EXCLUDED for items in excluded.lists for item in items)


def supported(facts: Iterable[FoundFact], matter: Matter) -> list[FoundFact]:
    """Returns the facts that name the matter, whatever others say of it."""
    headings = Headings()
    return [found for found in facts if matter.is_named_in(_folded(found, headings))]


def saying_most(facts: Sequence[FoundFact], matter: Matter) -> list[FoundFact]:
    """Returns the facts that say the rarest word of the matter in full; none without a matter."""
    rarest = max(matter.concepts, key=lambda concept: concept.weight, default=None)
    if rarest is None:
        return []
    headings = Headings()
    return [found for found in facts if rarest.share_in(_folded(found, headings)) == 1.0]


def _meant(facts: Sequence[FoundFact], matter: Matter) -> list[FoundFact]:
    """Returns the facts without those of a list (分别给予…) that the question does not name.

    Facts of a list have one quote. Those with a word of the matter in their own parts are meant, if it is not
    in the parts of all of them. A synonym does not tell: 创新器械 are both 第二类 and 第三类.
    """
    lists: dict[tuple[str, int, int], list[FoundFact]] = {}
    if not matter:
        return list(facts)
    for found in facts:
        quote = found.fact.quote
        lists.setdefault((found.head.id, quote.start, quote.end), []).append(found)
    meant: set[str] = set()
    for own in lists.values():
        parts = [] if any(map(_is_headless, own)) else [_parts(found) for found in own]
        said = [[concept.word in words for words in parts] for concept in matter.concepts]
        tells = [row for row in said if any(row) and not all(row)]
        meant |= {one.key for i, one in enumerate(own) if not tells or any(row[i] for row in tells)}
    return [found for found in facts if found.key in meant]


def _is_headless(found: FoundFact) -> bool:
    """Whether a part of the fact is only a sum: 8000万元 of 5000万元、8000万元和1亿元税收楼."""
    parts = map(found.words, (*found.fact.beneficiaries, *found.fact.conditions))
    return any(_ONLY_FIGURE.fullmatch(words) for words in parts)


def _parts(found: FoundFact) -> str:
    spans = (span for span in found.fact.spans() if span != found.fact.quote)
    return fold("\n".join(map(found.words, spans)))


def _folded(found: FoundFact, headings: Headings | None) -> str:
    """Returns the words of the fact, of the title over it and of the `headings` over it."""
    words = [found.head.title, *map(found.words, found.fact.spans())]
    return fold("\n".join(words + (headings.over(found) if headings is not None else [])))
