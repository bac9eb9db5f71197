"""Splits a question into the parts that each ask about a matter of their own.

The cap of an award and a bus fare are two parts; an award and when it is paid are one. The phrases are in
rag/data/parts.tsv and do not depend on the papers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.model import Span
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.mentions import find_divisions
from corpus.text.script import simplify
from rag.language.stopwords import content, without

_PHRASES = PhraseTable.read("rag", "parts.tsv")
# "多少，玩具厂", "多少？建小学", "the cap, and"; not the comma of 1,000
_MARK = re.compile(r"[。；？！?!;\n]+|(?<!\d)[，,、]|[，,](?!\d)|\.(?=\s|\Z)")
_ENDS = re.compile(r"[。；？！?!;.\n]")
# "《药品管理法》", "“一品一策”", "（餐饮，从业）": not cut
_ENCLOSED = re.compile(
    r"《[^》\n]{1,200}》|“[^”\n]{1,80}”|「[^」\n]{1,80}」|（[^）\n]{1,80}）|\([^)\n]{1,80}\)"
)
_COMMAS = " \t\r\n　，,、；;"
_EDGES = " \t\r\n　，,、。；;：:？！?!.—-"
# Characters of its own that a part needs to be about another matter: fewer after a full stop or a joining
# word, as a clause after a comma often only goes on.
_OWN = 4
_OWN_APART = 2
_TOPIC = 5  # characters before the asking word from which the lower number is enough after a comma too


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a question: its words as written, and their place."""

    text: str
    span: Span
    own: str = ""  # its words of content, for a part about another matter only those that the others lack
    apart: bool = True  # begins after a full stop or a joining word, not after a comma
    in_turn: bool = False  # asks one more thing about the same matter


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch between two boundaries."""

    span: Span
    asks: bool
    apart: bool  # after a full stop or a joining word


def parts_of(question: str, *, most: int) -> tuple[Part, ...]:
    """Returns the first parts of a question, `most` of them; one for a question about one matter.

    >>> [part.text for part in parts_of("药事会多久开一次？另外出租车驾照怎么考？", most=4)]
    ['药事会多久开一次？', '出租车驾照怎么考？']
    """
    text = simplify(question)
    groups = list(_grouped(_whole_lists(list(_pieces(text)), text)))
    if len(groups) < 2:
        return (Part(question, Span(0, len(question))),)
    parts: list[Part] = []
    for piece in groups:
        span = _trimmed(text, piece.span, first=not parts)
        own = _own(span.of(text), text[: span.start])
        if parts and not _is_another(span.of(text), own, apart=piece.apart):
            last = parts[-1]
            together = Span(last.span.start, span.end)
            parts[-1] = replace(last, text=together.of(question), span=together)
        elif len(parts) == most:
            break
        else:
            parts.append(Part(span.of(question), span, own=own, apart=piece.apart or not parts))
    return tuple(parts)


def asked_in_turn(question: str) -> tuple[Part, ...]:
    """Returns the parts of a question that each ask something, also where they are about one matter."""
    text = simplify(question)
    found = [_trimmed(text, span, first=span.start == 0) for span in asking_spans(question)]
    found = [Span(span.start, span.start + len(span.of(text).rstrip(_COMMAS))) for span in found]
    return tuple(Part(span.of(question), span, own=content(span.of(text)), in_turn=True) for span in found)


def asking_spans(question: str) -> tuple[Span, ...]:
    """Returns the stretches of a question that each ask something, with what leads to them, in order."""
    text = simplify(question)
    return tuple(piece.span for piece in _grouped(_whole_lists(list(_pieces(text)), text)))


def _pieces(text: str) -> Iterator[_Piece]:
    """Yields the stretches of the text between marks and joining words, without empty ones."""
    closed = {i for match in _ENCLOSED.finditer(text) for i in range(match.start() + 1, match.end())}
    marks = [Span(*match.span()) for match in _MARK.finditer(text)]
    joined = {span.start for span in _PHRASES.spans("joins", text)}
    cuts = {mark.end: bool(_ENDS.search(mark.of(text))) for mark in marks}
    cuts |= {span.start: False for span in _PHRASES.spans("links", text)} | dict.fromkeys(joined, True)
    start, apart = 0, False
    for at in (*sorted(cuts.keys() - closed), len(text)):
        if text[start:at].strip(_EDGES):
            yield _Piece(Span(start, at), _PHRASES.has("asks", text[start:at]), apart or start in joined)
            apart = False
            start = at
        apart = apart or cuts.get(at, False)


def _whole_lists(pieces: Sequence[_Piece], text: str) -> list[_Piece]:
    """Joins to an English question what it goes on with after a comma: in eastern, western and northern …"""
    joined: list[_Piece] = []
    for piece in pieces:
        goes_on = not (piece.asks or piece.apart) and piece.span.of(text).isascii()
        if joined and joined[-1].asks and goes_on:
            joined[-1] = replace(joined[-1], span=Span(joined[-1].span.start, piece.span.end))
        else:
            joined.append(piece)
    return joined


def _grouped(pieces: Sequence[_Piece]) -> Iterator[_Piece]:
    """Yields a piece for each that asks, with those before it that do not; the last has what is left."""
    last = max((i for i, piece in enumerate(pieces) if piece.asks), default=-1)
    start, apart = None, False
    for i, piece in enumerate(pieces):
        start = piece.span.start if start is None else start
        apart = apart or piece.apart
        if piece.asks:
            end = pieces[-1].span.end if i == last else piece.span.end
            yield _Piece(Span(start, end), True, apart)
            if i == last:
                return
            start, apart = None, False


def _trimmed(text: str, span: Span, *, first: bool) -> Span:
    """Returns the span without the joining word that it begins with, and without marks around it."""
    start, end = span.start, span.end
    while not first:
        start += len(text[start:end]) - len(text[start:end].lstrip(_EDGES))
        ahead = text[start:end]
        found = [s for sense in ("joins", "links") for s in _PHRASES.spans(sense, ahead)[:1] if s.start == 0]
        if not found:
            break
        start += max(s.end for s in found)
    return Span(start, max(start, end))


def _own(text: str, earlier: str) -> str:
    """Returns the words of a part that name its matter and do not occur in the text before it."""
    found = (_unlike(run, earlier) for run in _matter(text).split())
    return " ".join(run for run in found if len(run) > 1)


def _matter(text: str) -> str:
    """Returns the words of `text` that name a matter: no places, question words and aspects."""
    places = [Span(mention.start, mention.end) for mention in find_divisions(text)]
    return content(_PHRASES.without("aspect", without(text, places)))


def _unlike(run: str, earlier: str) -> str:
    """Returns the characters of `run` that are in no pair of neighbours that occurs in `earlier`."""
    if run.isascii():
        return "" if run.lower() in earlier.lower() else run
    known = [run[i : i + 2] in earlier for i in range(len(run) - 1)]
    kept = [
        char
        for i, char in enumerate(run)
        if not (i < len(known) and known[i]) and not (i > 0 and known[i - 1])
    ]
    return "".join(kept)


def _is_another(text: str, own: str, *, apart: bool) -> bool:
    """Whether a part is about another matter than the one before."""
    if _PHRASES.has("same", text):
        return False
    asking = _PHRASES.spans("asks", text)
    topic = text[: asking[0].start] if asking else text
    enough = _OWN_APART if apart or _size(content(topic)) >= _TOPIC else _OWN
    return _size(own) >= enough


def _size(words: str) -> int:
    """Returns the number of Han characters; a word in Latin letters counts as two."""
    return sum(2 if run.isascii() else len(run) for run in words.split())
