"""Reads an HTML page, and says what belongs to its paper and is not in it."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.errors import UnreadableDocument
from corpus.formats.html.body import extract
from corpus.formats.html.links import notices_of, references
from corpus.formats.received import ReadText, Received
from corpus.model import Notice, Span
from corpus.notation.characters import HAN_CHARACTER
from corpus.text.source_text import Line

PICTURES_NOT_READ = "pictures_not_read"
_SENTENCE = re.compile(r"[，。；]")
# A page with fewer Chinese characters, no sentence and a picture has its text in the picture.
_FEW = 200
_RECOGNISE = "Save the pictures, recognise their text (OCR) and load that"


def read(received: Received) -> ReadText:
    """Reads the paper of a page. Raises UnreadableDocument for one whose text is in pictures."""
    decoded = received.decoded
    return read_page(decoded.text, charset=decoded.charset, name=received.name)


def read_page(original: str, *, charset: str, name: str) -> ReadText:
    """Reads the paper of the page `original`, with a notice for each attachment that it only links."""
    extracted, found = extract(original), references(original)
    text = "".join(line.text for line in extracted.lines)
    if found.pictures and not _SENTENCE.search(text) and len(HAN_CHARACTER.findall(text)) < _FEW:
        raise UnreadableDocument(name, "its text is in pictures", _RECOGNISE)
    notices = [*notices_of(found, extracted.lines, original=original)]
    shown = _within(found.pictures, extracted.lines)
    if shown:
        message = f"{len(shown)} pictures in the paper were not read. {_RECOGNISE} where they contain text"
        notices.append(Notice(PICTURES_NOT_READ, message, Span(shown[0], shown[0])))
    return ReadText(original, charset, replace(extracted, notices=[*extracted.notices, *notices]))


def _within(pictures: tuple[int, ...], lines: list[Line]) -> list[int]:
    """The pictures between the first and the last line of the paper that has a sentence."""
    places = [line.source.place for line in lines if _SENTENCE.search(line.text)]
    first = min((place.start for place in places), default=0)
    last = max((place.end for place in places), default=0)
    return [at for at in pictures if first < at < last]
