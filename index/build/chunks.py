"""Splits clauses into chunks and sentences for search, each within one clause, with headings as context."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from langchain_text_splitters import RecursiveCharacterTextSplitter

from corpus.model import Clause, Document, Span
from corpus.structure.units import UnitKind, units
from index.model import Chunk

# Characters. Nearly every clause is shorter, and the default model reads about as much (512 tokens).
SIZE = 600
# Split points in Chinese text, strongest first; closing quotes and brackets stay with their sentence.
_PAUSES = [
    r"\n+",
    r"[。！？!?…]+[”’」』）)】]*|(?<=[a-z])\.\s",
    r"[；;]",
    r"[，,：:]",
    r"[、\s]",
    "",
]


def chunk_document(document: Document, *, size: int = SIZE, overlap: int = 0) -> list[Chunk]:
    """Splits all clauses into chunks, in reading order. A clause of at most `size` characters is one chunk.

    A clause that is only a label and a heading above other clauses gets a chunk like any other, so that
    a question about the outline finds it; its words are also in the context of the chunks below it.
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


def sentences_of(document: Document) -> list[Chunk]:
    """Every sentence of the clauses' bodies in reading order, for vectors only.

    A clause covers several subjects, and its single vector represents none of them well. The context is only
    the nearest heading (the title if there is none), so that the sentence dominates its vector.
    """
    by_id = {clause.id: clause for clause in document.clauses}
    found = []
    for clause in document.clauses:
        context = next(reversed(_headings(clause, by_id)), document.head.title.value)
        for unit in units(document, clause):
            if unit.kind is UnitKind.SENTENCE:
                text = unit.span.of(document.text)
                found.append(Chunk(clause.key, document.id, unit.span.start, unit.span.end, text, context))
    return found


def embedded_text(chunk: Chunk) -> str:
    """The input of the embedding model: the context as one sentence, then the text."""
    return "。".join(line for line in chunk.context.split("\n") if line) + "\n" + chunk.text


def _pieces(text: str, offset: int, size: int, splitter: RecursiveCharacterTextSplitter) -> Iterator[Span]:
    """The spans of a clause's chunks, without the white space around them."""
    parts: Sequence[str] = [text] if len(text) <= size else splitter.split_text(text)
    end = 0
    for part in parts:
        # A part begins before the end of the previous one if they overlap, else at that end.
        start = text.rfind(part, 0, end + len(part))
        end = start + len(part)
        stripped = part.strip()
        if stripped:
            lead = start + part.index(stripped[0])
            yield Span(offset + lead, offset + lead + len(stripped))


def _context(document: Document, clause: Clause, by_id: dict[str, Clause]) -> str:
    """Region (an empty line if unknown), title, headings above the clause and its own, one per line."""
    return "\n".join((document.head.region, document.head.title.value, *_headings(clause, by_id)))


def _headings(clause: Clause, by_id: dict[str, Clause]) -> list[str]:
    """The headings above the clause, from the top, and its own."""
    headings: list[str] = []
    above: Clause | None = clause
    while above is not None:
        if above.heading:
            headings.append(above.heading)
        above = by_id[above.parent] if above.parent else None
    return headings[::-1]
