"""What a page refers to and does not contain: linked files, such as attachments, and pictures."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from corpus.formats.markup import tokens, unescaped
from corpus.model import Notice, Span
from corpus.text.boilerplate import names_file
from corpus.text.source_text import Line

ATTACHMENT_NOT_READ = "attachment_not_read"
# "附件1：…", "附表", "相关附件"
_ATTACHMENT = re.compile(r"\s*(?:相关)?附\s*[件表图录](?:[：:\d一二三四五六七八九十]|$)")
# "#top", "javascript:void(0)", "mailto:…": not another file
_NO_FILE = re.compile(r"\s*(?:#|javascript:|mailto:|tel:|$)", re.I)
_LONGEST_SHOWN = 80  # characters of a name or an address in a message


@dataclass(frozen=True, slots=True)
class References:
    """Links to files, and pictures, with their places in the original."""

    files: tuple[tuple[Span, str], ...]  # the text of the link, and the address
    pictures: tuple[int, ...]


def references(original: str) -> References:
    """The links to files and the pictures of a page, in order."""
    files: list[tuple[Span, str]] = []
    pictures: list[int] = []
    address, start = "", -1
    for token in tokens(original):
        if token.tag == "img" and not token.closing:
            pictures.append(token.start)
        elif token.tag == "a":
            if start >= 0 and _is_file(original, start, token.start, address):
                files.append((Span(start, token.start), address))
            address = "" if token.closing else token.attribute("href") or ""
            start = -1 if token.closing or _NO_FILE.match(address) else token.end
    return References(tuple(files), tuple(pictures))


def _is_file(original: str, start: int, end: int, address: str) -> bool:
    if end - start > 1000:
        return False  # an unclosed link
    words = _words(original, start, end)
    path = unquote(_path_of(address))
    return names_file(path) or names_file(words) or _ATTACHMENT.match(words) is not None


def _path_of(address: str) -> str:
    """The path of an address; the address itself if it cannot be taken apart."""
    try:
        return urlsplit(address.strip()).path
    except ValueError:
        return address


def _words(original: str, start: int, end: int) -> str:
    pieces = (
        unescaped(original, token.start, token.end).text
        for token in tokens(original, start, end)
        if not token.tag
    )
    return " ".join("".join(pieces).split())


def notices_of(found: References, lines: Iterable[Line], *, original: str) -> Iterator[Notice]:
    """Yields a notice for each linked file in the lines of the paper."""
    places = sorted((place.start, place.end) for line in lines if (place := line.source.place).end)
    starts = [start for start, _ in places]
    for span, address in found.files:
        at = bisect_right(starts, span.end) - 1
        if at < 0 or places[at][1] <= span.start:
            continue
        name = _shortened(_words(original, span.start, span.end)) or "a file"
        message = f"{name!r} is only linked ({_shortened(address)}) and was not read. Ingest that file too"
        yield Notice(ATTACHMENT_NOT_READ, message, span)


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_SHOWN else f"{words[:_LONGEST_SHOWN]}…"
