"""Cuts clauses into chunks to search: never across a clause, each with the headings it stands under."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from langchain_text_splitters import RecursiveCharacterTextSplitter

from corpus.model import Clause, Document, Span
from index.model import Chunk

# Characters. Nearly every clause is shorter, and so is what the default model reads (512 tokens).
SIZE = 600
# Where a Chinese reader pauses, longest pause first; closing quotes and brackets stay with their sentence.
_PAUSES = [
    r"\n+",
    r"[。！？!?…]+[”’」』）)】]*|(?<=[a-z])\.\s",
    r"[；;]",
    r"[，,：:]",
    r"[、\s]",
    "",
]


def chunk_document(document: Document, *, size: int = SIZE, overlap: int = 0) -> list[Chunk]:
    """The chunks of all clauses in reading order. A clause of at most `size` characters is one chunk.

    A clause that is only a label and a heading above other clauses gets a chunk like any other, so that
    a question about the outline finds it; its words also stand in the context of the chunks below it.
    """
    splitter = RecursiveCharacterTextSplitter(
        separators=_PAUSES,
        is_separator_regex=True,
        keep_separator="end",
        chunk_size=size,
        chunk_overlap=overlap,
        strip_whitespace=False,
    )
    by_id = {clause.id: clause for clause in document.clauses}
    chunks = []
    for clause in document.clauses:
        context = _context(document, clause, by_id)
        for span in _pieces(document.text_of(clause), clause.start, size, splitter):
            text = span.of(document.text)
            chunks.append(Chunk(clause.key, document.id, span.start, span.end, text, context))
    return chunks


def _pieces(text: str, offset: int, size: int, splitter: RecursiveCharacterTextSplitter) -> Iterator[Span]:
    """The spans of a clause's chunks, without the white space around them."""
    parts: Sequence[str] = [text] if len(text) <= size else splitter.split_text(text)
    end = 0
    for part in parts:
        # An overlapping part begins before the end of the one before it; others begin at that end.
        start = text.rfind(part, 0, end + len(part))
        end = start + len(part)
        stripped = part.strip()
        if stripped:
            lead = start + part.index(stripped[0])
            yield Span(offset + lead, offset + lead + len(stripped))


def _context(document: Document, clause: Clause, by_id: dict[str, Clause]) -> str:
    """Region (an empty line when unknown), title, the headings above the clause and its own, one a line."""
    headings: list[str] = []
    above: Clause | None = clause
    while above is not None:
        if above.heading:
            headings.append(above.heading)
        above = by_id[above.parent] if above.parent else None
    return "\n".join((document.head.region, document.head.title.value, *reversed(headings)))
