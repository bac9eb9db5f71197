"""Replaces names of files, by which a test set may name its papers, by the ids of the papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from corpus.ids import document_id_of
from corpus.model import Document
from evals.model import Case, Evidence, Item


def by_id(cases: Sequence[Case], documents: Iterable[Document]) -> list[Case]:
    """Returns the cases with the ids of papers where they have the names of files.

    A name that several papers have, or that is the id of another paper, stays.
    """
    papers = list(documents)
    files = Counter(document_id_of(document.source.name) for document in papers)
    own = {document.id for document in papers}
    ids = {
        name: document.id
        for document in papers
        if (name := document_id_of(document.source.name)) not in own and files[name] == 1
    }
    return [_named(case, ids) for case in cases] if ids else list(cases)


def _named(case: Case, ids: Mapping[str, str]) -> Case:
    def evidence(given: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(replace(one, document=ids.get(one.document, one.document)) for one in given)

    def item(given: Item) -> Item:
        return replace(
            given,
            evidence=evidence(given.evidence),
            alternatives=evidence(given.alternatives),
            about=ids.get(given.about, given.about),
        )

    return replace(case, items=tuple(map(item, case.items)))
