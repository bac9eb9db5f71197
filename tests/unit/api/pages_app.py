"""The pages alone, over any papers, and what a browser would make of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType, SimpleNamespace

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.routes.facts import files as fact_files
from api.routes.facts import listing as facts_routes
from api.routes.facts import pages as fact_pages
from api.routes.papers import pages
from api.service.pool import Pool
from api.settings import Settings
from api.web.headers import SecurityHeaders
from corpus.catalogue.catalogue import Catalogue
from corpus.catalogue.texts import PapersInMemory, Texts
from corpus.facts.model import PaperFacts
from corpus.head.paper_head import PaperHead
from corpus.load import load
from corpus.model import Document
from corpus.parse import parse
from corpus.store.shipped_papers import starting_papers
from rag.facts.catalogue import FactCatalogue

TODAY = date(2026, 6, 1)

# Elements without content, which have no end tag.
_VOID = frozenset({"meta", "link", "br", "hr", "img", "input"})


@cache
def five() -> tuple[Document, ...]:
    """The papers that come with the program."""
    return tuple(
        parse(load(paper.data, name=paper.name, url=paper.url), document_id=paper.document_id)
        for paper in starting_papers()
    )


def written(document_id: str, text: str, *, url: str = "") -> Document:
    """A paper made of `text`."""
    return parse(load(text.encode(), name=f"{document_id}.txt", url=url), document_id=document_id)


class _Open:
    """Everybody may read."""

    def check_reader(self, connection: object) -> None:
        return None


def pages_client(
    documents: Sequence[Document],
    *,
    today: date = TODAY,
    public_url: str = "",
    root_path: str = "",
    originals: Mapping[str, bytes] = MappingProxyType({}),
    facts: Iterable[PaperFacts] = (),
) -> AbstractContextManager[TestClient]:
    """A client of the pages over these papers, behind the security headers of the service.

    `originals` are the files as received, by id; `facts` take the place of those read from their papers.
    """
    texts = Texts(PapersInMemory(documents, originals))
    catalogue = Catalogue([PaperHead.of(each) for each in documents], texts=texts, today=today)
    known = FactCatalogue.over(catalogue, facts=facts)
    return client_over(catalogue, known, public_url=public_url, root_path=root_path)


def client_over(
    catalogue: Catalogue, facts: FactCatalogue, *, public_url: str = "", root_path: str = ""
) -> AbstractContextManager[TestClient]:
    """A client of the pages over the papers of a catalogue and their facts."""
    app = FastAPI()
    settings = Settings(data_dir=Path("unused"), cache_dir=Path("unused"), server={"public_url": public_url})
    app.state.settings = settings
    app.state.service = SimpleNamespace(
        assistant=SimpleNamespace(catalogue=catalogue, facts=facts, document=catalogue.document),
        with_sound_papers=lambda work: work(),
    )
    app.state.pool = Pool(4, queue=32, timeout_s=30)
    app.state.access = _Open()
    app.add_middleware(SecurityHeaders, https=False)
    app.include_router(fact_pages.router)
    app.include_router(facts_routes.router)
    app.include_router(fact_files.router)
    app.include_router(pages.router)
    return TestClient(app, root_path=root_path)


class Page(HTMLParser):
    """What stands on a page: elements, their attributes, and the words in them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self._words: list[tuple[tuple[str, ...], tuple[str, ...], str]] = []
        self.feed(html)
        self.close()
        assert not self._open, f"not closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self._open.pop()
        assert opened == tag, f"<{opened}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        tags = tuple(tag for tag, _ in self._open)
        classes = tuple(name for _, attrs in self._open for name in (attrs.get("class") or "").split())
        self._words.append((tags, classes, data))

    def words(self, *, tag: str = "", within: str = "") -> str:
        """The words inside elements of that tag, or of that class."""
        return "".join(
            data
            for tags, classes, data in self._words
            if (not tag or tag in tags) and (not within or within in classes)
        )

    def first(self, tag: str, **wanted: str) -> dict[str, str | None]:
        """The attributes of the first such element."""
        return next(
            attrs
            for found, attrs in self.elements
            if found == tag and all(attrs.get(name) == value for name, value in wanted.items())
        )

    def ids(self) -> list[str]:
        return [attrs["id"] or "" for _, attrs in self.elements if "id" in attrs]

    def links(self) -> list[str]:
        """Where links and loaded files lead."""
        return [
            attrs[name] or ""
            for _, attrs in self.elements
            for name in ("href", "src", "action")
            if name in attrs
        ]


def squeezed(text: str) -> str:
    """`text` without white space, which a page sets as it likes."""
    return "".join(text.split())
