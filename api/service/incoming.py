"""Reads files that come in while the service runs, within the limits for them."""

from __future__ import annotations

from collections.abc import Iterator

from api.settings import IngestSettings
from corpus.errors import UnreadableDocument
from corpus.files import ReadPaper, papers_in
from corpus.report import Failed, Skipped


def papers_within(
    limits: IngestSettings, data: bytes, *, name: str, url: str
) -> Iterator[ReadPaper | Failed | Skipped]:
    """Yields the papers of a file; one with too many pages, and what is unpacked beyond the limit, fails."""
    for paper in papers_in(data, name=name, url=url, most_bytes=limits.max_unpacked_bytes):
        pages = len(paper.document.source.map.pages) if isinstance(paper, ReadPaper) else 0
        if pages > limits.max_pages:
            reason = f"it has {pages} pages, and {limits.max_pages} are allowed"
            cure = "Split it, or raise ZHENGWEN_INGEST__MAX_PAGES"
            yield Failed(paper.path, UnreadableDocument(name, reason, cure))
        else:
            yield paper
