"""What the program itself says about enterprises and lists in tables, from the papers of a set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.model import Document
from corpus.progress import Progress
from evals.facts.model import ProfileCase, TableCase, Verdicts
from index.model import Embedder
from rag.assemble import (
    EmbedderFactory,
    ReaderFactory,
    ingest,
    open_assistant,
    open_embedder,
    open_reader,
)
from rag.assistant import Assistant
from rag.facts.catalogue import FactCatalogue
from rag.matching.matcher import Matcher
from rag.matching.meaning import Meaning
from rag.matching.profile import Event, Profile
from rag.model import Answer, Question
from rag.settings import Settings
from rag.stored_papers import open_store

# The day on which tables are asked for, always the same, so that the same labels give the same figures.
_DAY = date(2026, 11, 30)


class OwnReplies:
    """The replies of the program. `assistant` has the papers of the set, and no others."""

    def __init__(self, assistant: Assistant, documents: Iterable[Document], *, embedder: Embedder) -> None:
        self._assistant = assistant
        self._matcher = Matcher(FactCatalogue.of(documents, today=_DAY), meaning=Meaning.by(embedder))

    def verdicts(self, case: ProfileCase, *, with_facets: bool) -> Verdicts:
        profile = _with_facets(case) if with_facets else Profile(sentence=case.text)
        found = self._matcher.match(profile, as_of=case.as_of)
        shown = (*found.applies, *found.to_confirm, *found.does_not_apply())
        told = {(one.found.head.id, rule.fact.id) for one in shown for rule in one.rules}
        return Verdicts(
            frozenset(one.found.key for one in found.applies),
            frozenset(one.found.key for one in found.to_confirm),
            frozenset(f"{document}#{fact}" for document, fact in told),
        )

    def listed(self, case: TableCase) -> frozenset[str]:
        reply = self._assistant.ask(Question(case.question, documents=case.scope)).result
        table = reply.table if isinstance(reply, Answer) else None
        return frozenset(row.key for row in table.rows) if table is not None else frozenset()


@contextmanager
def own_replies(
    documents: Iterable[Document],
    *,
    settings: Settings,
    progress: Progress | None = None,
    embedder: EmbedderFactory = open_embedder,
    reader: ReaderFactory = open_reader,
) -> Iterator[OwnReplies]:
    """Indexes the papers in a folder that is removed afterwards, and opens an assistant over them."""
    papers = list(documents)
    with TemporaryDirectory(prefix="zhengwen-facts-", ignore_cleanup_errors=True) as folder:
        changes = {"data_dir": Path(folder), "database_url": "", "starting_papers": False}
        own = settings.model_copy(update=changes)
        with open_store(own) as store:
            for paper in papers:
                store.add(paper, original=paper.source.original.encode())
        model = embedder(own, progress)
        ingest(own, (), progress=progress, embedder=lambda *_: model)
        assistant = open_assistant(
            own, progress=progress, embedder=lambda *_: model, reader=reader, today=_DAY
        )
        yield OwnReplies(assistant, papers, embedder=model)


def _with_facets(case: ProfileCase) -> Profile:
    def said(name: str) -> str | None:
        return "、".join(case.facets.get(name, ())) or None

    return Profile(
        place="".join((*case.facets.get("province", ()), *case.facets.get("city", ()))) or None,
        type=said("type"),
        industry=said("industry"),
        product=said("product"),
        stage=said("stage"),
        events=tuple(map(Event, case.facets.get("achieved", ()))) or None,
        size=said("size"),
        titles=case.facets.get("titles") or None,
        sentence=case.text,
    )
