"""Papers that were replaced, by a later version or by another paper, and what that changed in their facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.catalogue.catalogue import Catalogue
from corpus.errors import DamagedDocument, DamagedFacts, GoneDocument, UnknownDocument, UnknownVersion
from corpus.facts.building import facts_in_force
from corpus.facts.comparing.differences import FactDifferences, compare_facts
from corpus.facts.in_force import FactCorrection, FactsInForce
from corpus.head.paper_head import PaperHead
from corpus.model import Document
from rag.facts.catalogue import FactCatalogue

if TYPE_CHECKING:
    from corpus.store.versions import Version

_MOST_PAPERS = 20  # that one paper is compared with; a clean-up may repeal hundreds
_MOST_VERSIONS = 100  # looked at for the latest replacements
_KEPT = 128  # earlier versions whose facts are kept: reading them takes 100 ms, and feeds are fetched often


class Replacing(StrEnum):
    """How a text took the place of another one."""

    VERSION = "version"  # a later version of the same paper
    REPEAL = "repeal"
    SUPERSESSION = "supersession"  # the paper issued of its draft, the amended text of the older one


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts. `version` is 0 for the version in use."""

    head: PaperHead
    facts: FactsInForce
    version: int = 0


@dataclass(frozen=True, slots=True)
class Replacement:
    """An earlier text, the later one that took its place, and what that changed."""

    how: Replacing
    old: Side
    new: Side
    version: int  # of the later text; 0 for papers that are only in memory
    at: datetime | None  # when it was stored; None as before
    differences: FactDifferences


class Replacements:
    """Finds replacements among the papers of a catalogue with their facts."""

    def __init__(self, catalogue: Catalogue, facts: FactCatalogue) -> None:
        self._catalogue, self._facts = catalogue, facts

    def of(self, document_id: str) -> list[Replacement]:
        """Those of a paper: of its earlier version, of the papers it replaces, and of itself by others.

        Raises UnknownDocument, DamagedDocument and DamagedFacts.
        """
        paper = self._facts.paper(document_id)
        versions = self._catalogue.versions(paper.head.id)
        later = next((one for one in versions if one.is_current), None)
        found = list(self._by_version(later, versions)) if later is not None else []
        found += self._of_others(Side(paper.head, paper.facts), later)
        found += self._by_others(paper.head.id, Side(paper.head, paper.facts))
        return found

    def are_possible(self, document_id: str) -> bool:
        """Whether there is an earlier version, or a paper that replaces or is replaced. Reads no facts.

        Raises UnknownDocument.
        """
        catalogue = self._catalogue
        head = catalogue.head(document_id)
        versions = catalogue.versions(head.id)
        in_use = max((one.version for one in versions if one.is_current), default=0)
        others = {other.id for named in head.repeals for other in catalogue.acts.named(named)}
        for find in (catalogue.acts.superseded, catalogue.acts.repealers, catalogue.acts.superseders):
            others.update(other.id for other in find(head.id))
        return any(one.version < in_use for one in versions) or bool(others - {head.id})

    def latest(self, document_ids: frozenset[str] | None, *, most: int) -> list[Replacement]:
        """The latest replacements that changed facts, of these papers or of all, newest first."""
        return list(self._latest(document_ids, most))

    def _latest(self, document_ids: frozenset[str] | None, most: int) -> Iterator[Replacement]:
        left = most
        for version in self._catalogue.latest_versions(most=_MOST_VERSIONS):
            if left <= 0:
                return
            if document_ids is None or version.document_id in document_ids:
                changed = [one for one in self._brought_by(version) if one.differences][:left]
                left -= len(changed)
                yield from changed

    def _brought_by(self, version: Version) -> Iterator[Replacement]:
        """What came with a version; nothing of one that is not and was not in use, or is damaged."""
        try:
            versions = self._catalogue.versions(version.document_id)
            in_use = max((one.version for one in versions if one.is_current), default=0)
            if version.version > in_use:
                return
            yield from self._by_version(version, versions)
            if version.is_current:
                paper = self._facts.paper(version.document_id)
                yield from self._of_others(Side(paper.head, paper.facts), version)
        except (DamagedDocument, DamagedFacts, GoneDocument, UnknownDocument, UnknownVersion):
            return  # the feed of all papers does without one that cannot be read

    def _by_version(self, later: Version, versions: Sequence[Version]) -> Iterator[Replacement]:
        """The replacement of the version before."""
        earlier = max((one.version for one in versions if one.version < later.version), default=0)
        if not earlier:
            return
        paper = self._facts.paper(later.document_id)
        in_use = Side(paper.head, paper.facts)
        new = in_use if later.is_current else self._at(in_use, later.version)
        yield _compared(Replacing.VERSION, self._at(in_use, earlier), new, later)

    def _at(self, in_use: Side, version: int) -> Side:
        """A version that is not in use.

        Its facts are read anew, with the corrections of the paper, so that both sides are read alike.
        """
        document = self._catalogue.version(in_use.head.id, version)
        made = in_use.facts.corrections
        earlier = _Earlier(document, in_use.head.id, version, hash(document.text), made)
        return Side(PaperHead.of(document), _facts_read(earlier), version)

    def _of_others(self, new: Side, version: Version | None) -> Iterator[Replacement]:
        """What the paper takes the place of."""
        catalogue, own = self._catalogue, new.head
        repealed = [other for named in own.repeals for other in catalogue.acts.named(named)]
        for how, old in self._sides(own.id, repealed, catalogue.acts.superseded(own.id)):
            yield _compared(how, old, new, version)

    def _by_others(self, document_id: str, old: Side) -> Iterator[Replacement]:
        """What takes the place of the paper."""
        catalogue = self._catalogue
        others = catalogue.acts.repealers(document_id), catalogue.acts.superseders(document_id)
        for how, new in self._sides(document_id, *others):
            versions = catalogue.versions(new.head.id)
            yield _compared(how, old, new, next((one for one in versions if one.is_current), None))

    def _sides(
        self, own: str, by_repeal: Iterable[PaperHead], by_supersession: Iterable[PaperHead]
    ) -> Iterator[tuple[Replacing, Side]]:
        """The other papers with their facts, each once; without facts nothing can be compared."""
        wanted = {head.id: (Replacing.SUPERSESSION, head) for head in by_supersession}
        wanted |= {head.id: (Replacing.REPEAL, head) for head in by_repeal}
        wanted.pop(own, None)
        for how, head in list(wanted.values())[:_MOST_PAPERS]:
            facts = self._facts.paper(head.id).facts
            if facts.facts:
                yield how, Side(head, facts)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A version that is not in use. Its number alone may be that of another text, after a restored backup."""

    document: Document = field(compare=False)
    document_id: str
    version: int
    text: int  # hash
    corrections: tuple[FactCorrection, ...]


@lru_cache(maxsize=_KEPT)
def _facts_read(earlier: _Earlier) -> FactsInForce:
    return facts_in_force(earlier.document, earlier.corrections)


def _compared(how: Replacing, old: Side, new: Side, version: Version | None) -> Replacement:
    number, at = (version.version, version.added_at) if version is not None else (0, None)
    return Replacement(how, old, new, number, at, compare_facts(old.facts, new.facts))
