"""Addresses of papers, clauses and quotes on this service, and a check of foreign addresses."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from corpus.model import Clause, Span
from rag.model import Citation

CLAUSE_FRAGMENT = "clause"  # fragment: the clause in the address
QUOTE_FRAGMENT = "quote"  # fragment: the quoted words in the address

# "4723-4741", "4723-4741-9f3a01bc": offsets of the quote, and the checksum of its words
_QUOTED = re.compile(r"([0-9]{1,9})-([0-9]{1,9})(?:-([0-9a-f]{8}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class QuotedPlace:
    """The value of `?q=`: offsets of the quote, and the checksum of its words, if given."""

    start: int
    end: int
    check: str

    def in_text(self, text: str) -> Span | None:
        """The offsets, if they lie in `text` and the words there match the checksum."""
        if not 0 <= self.start < self.end <= len(text):
            return None
        if self.check and self.check != checksum(text[self.start : self.end]):
            return None
        return Span(self.start, self.end)


def paper_link(document_id: str, *, version: int | None = None) -> str:
    """The path of a paper's page, relative to the service; of the version in use without a number."""
    return f"/d/{quote(document_id, safe='')}" + (f"?version={version}" if version is not None else "")


def original_link(document_id: str) -> str:
    """The path of the file of a paper as it was received."""
    return f"{paper_link(document_id)}/original"


def permalink(
    document_id: str,
    clause: Clause,
    *,
    start: int | None = None,
    end: int | None = None,
    words: str = "",
    version: int | None = None,
) -> str:
    """The path of a clause's page, with the quote `start:end` marked where it is given.

    `words` are the quoted words. Their checksum lets the page see that the paper was replaced by another
    version, and then mark nothing rather than other words. `version` is the number of one that is not in use.
    """
    if start is None or end is None:
        asked = f"?version={version}" if version is not None else ""
        return f"{paper_link(document_id)}/{quote(clause.id, safe='/')}{asked}#{CLAUSE_FRAGMENT}"
    return quote_link(document_id, clause.id, Span(start, end), words=words)


def quote_link(
    document_id: str, clause_id: str, span: Span, *, words: str = "", version: int | None = None
) -> str:
    """The path of a clause's page with the words at `span` marked, see `permalink`."""
    check = f"-{checksum(words)}" if words else ""
    asked = f"&version={version}" if version is not None else ""
    path = f"{paper_link(document_id)}/{quote(clause_id, safe='/')}"
    return f"{path}?q={span.start}-{span.end}{check}{asked}#{QUOTE_FRAGMENT}"


def facts_link(document_id: str) -> str:
    """The path of the page with the support facts of a paper."""
    return f"{paper_link(document_id)}/facts"


def changes_link(document_id: str) -> str:
    """The path of the page with what replacing a paper has changed in its support facts."""
    return f"{facts_link(document_id)}/changes"


def picture_link(document_id: str, page: int, clause: Clause | None, quoted: Span | None) -> str:
    """The path of the picture of a page of the original, with the clause, or the quoted words, marked."""
    asked = {"clause": clause.id if clause else "", "q": f"{quoted.start}-{quoted.end}" if quoted else ""}
    query = urlencode({key: value for key, value in asked.items() if value})
    return f"{paper_link(document_id)}/page/{page}.png" + (f"?{query}" if query else "")


def permalink_of(citation: Citation) -> str:
    """The address of the page with the quote of a citation marked."""
    span = citation.span
    return permalink(
        citation.document.id, citation.clause, start=span.start, end=span.end, words=citation.words
    )


def quoted_place(value: str) -> QuotedPlace | None:
    """The parsed value of `?q=`; None for any other form."""
    found = _QUOTED.fullmatch(value)
    return QuotedPlace(int(found[1]), int(found[2]), found[3] or "") if found else None


def checksum(words: str) -> str:
    """A checksum of eight digits; it detects other words, and need not resist attacks."""
    return f"{zlib.crc32(words.encode('utf-8', 'surrogatepass')):08x}"


def web_address(url: str) -> str:
    """`url` if a page may link to it: a web address. Empty for `javascript:` and the like."""
    if any(char.isspace() or not char.isprintable() for char in url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""
