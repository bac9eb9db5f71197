"""Material for test questions: sentences split at commas, and how a question names the paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.model import Clause, Document, Kind, Span
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.divisions import NATION
from corpus.regions.mentions import parse_region
from corpus.structure.units import UnitKind, units

# White space of a line break or of typesetting between Chinese characters: "到 2030 年"
_SPACE = re.compile(r"(?<![A-Za-z,.])\s+|\s+(?![A-Za-z])")
_HALF_COMMA = re.compile(r",(?![0-9]{3})")
# "到2027年", "力争到2030年，", "2025年底前，": a deadline at the beginning of a part
WHEN = re.compile(
    r"(?:力争)?[到至](?P<year>\d{4}年|哪一年)(?:底|末)?(?:前|以前|之前)?|\d{4}年(?:底|末)?(?:前|以前|之前|起)?(?=，|$)"
)
_AREA = re.compile(r"在[^，]{2,14}(?:领域|方面)")
_OWN = re.compile(r"我([省市县区州国])")
_OPEN, _CLOSE = "“‘「『（(［[《〔【", "”’」』）)］]》〕】"
_MOST_PARTS = 50  # between commas; a longer sentence is a table or a list of names
_KINDS = (Kind.PREAMBLE, Kind.CHAPTER, Kind.ARTICLE, Kind.ITEM, Kind.CLOSING)
PHRASES = PhraseTable.read("evals", "drafting.tsv")
_ADVERB, _VERB = PHRASES.alternation("adverb"), PHRASES.alternation("verb")
# "大力推进", "支持企业…": an action of a government, without its object
DOING = re.compile(rf"{_ADVERB}*(?:{_VERB}(?:和{_VERB})?)+")
# With a government as subject: "湖南支持…", "湖南对…", "湖北全省…"; otherwise "在湖南，…".
_DIRECT = re.compile(rf"{_ADVERB}|{_VERB}|[要将按以把从向对在为给于自哪]|属于|全[省市县区国]|[省市县区]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a clause's body. `area` is the field that an earlier sentence of the clause named."""

    document: Document
    clause: Clause
    parts: tuple[Span, ...]  # between commas, without the mark that ends the sentence
    area: str = ""  # "在中药领域"

    def words(self, part: int) -> str:
        return tidy(self.parts[part].of(self.document.text))


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a paper in questions."""

    place: str  # "湖南", where it identifies the paper; otherwise empty
    title: str  # without 《》

    @property
    def paper(self) -> str:
        return f"{'' if self.place in self.title else self.place}《{self.title}》"

    def ask(self, words: str) -> str:
        """Returns `words`, whose subject is omitted or "we", as a question about this paper."""
        when = WHEN.match(words)
        time, rest = (f"{when[0]}，", words[when.end() :].lstrip("，")) if when else ("", words)
        own = _OWN.match(rest)
        rest = _OWN.sub(r"本\1", rest[own.end() :] if own else rest)
        if not self.place:
            return f"根据{self.paper}，{time}{rest}？"
        aim = "要" if not own and PHRASES.has("aim", rest) else ""
        if time or own or _DIRECT.match(rest):
            return f"{time}{self.place}{aim}{rest}？"
        return f"在{self.place}，{rest}？"


def points_back(words: str) -> bool:
    """Whether words such as 该机制, 本意见 or 对其给予 refer to an earlier sentence."""
    return PHRASES.has("points_back", words)


def grants(words: str) -> bool:
    """Whether `words` begin with a grant or an obligation."""
    return PHRASES.has("benefit", words)


def name_of(document: Document, *, others: Iterable[Document] = ()) -> Named:
    """Names the paper by its place, or by its title where it has none or shares it with another paper."""
    head = document.head
    title = tidy(head.title.value).replace("《", "〈").replace("》", "〉")
    division = parse_region(head.region) if head.region else None
    shared = any(other.head.region == head.region for other in others if other.id != document.id)
    plain = division is not None and division is not NATION and not shared
    return Named(division.short if division is not None and plain else "", title)


def heading_of(clause: Clause) -> str:
    """Returns the heading, with inner quotation marks, as a question quotes it."""
    return tidy(clause.heading).strip("。：:").replace("“", "‘").replace("”", "’")


def tidy(words: str) -> str:
    """Returns `words` without line breaks and with Chinese commas."""
    return _HALF_COMMA.sub("，", _SPACE.sub("", words)).replace(";", "；")


def sentences(document: Document) -> Iterator[Sentence]:
    """Yields the sentences of every clause with provisions, in reading order."""
    by_id = {clause.id: clause for clause in document.clauses}
    for clause in document.clauses:
        above = by_id.get(clause.parent or "")
        # "有下列情形之一的：" and its items are one sentence; a part of it gives no question.
        if clause.kind not in _KINDS or (above and document.text_of(above).rstrip().endswith(("：", ":"))):
            continue
        cut = [
            _parts(document.text, unit.span)
            for unit in units(document, clause)
            if unit.kind is UnitKind.SENTENCE
        ]
        areas = [_area(document, parts) for parts in cut]
        # "在中药领域，…。在生物药领域，…": a single such sentence sets no field for those after it.
        carries = sum(map(bool, areas)) > 1
        area = ""
        for parts, own in zip(cut, areas, strict=True):
            area = own or area
            if 0 < len(parts) <= _MOST_PARTS:
                yield Sentence(document, clause, parts, area if carries and not own else "")


def _area(document: Document, parts: tuple[Span, ...]) -> str:
    words = tidy(parts[0].of(document.text)) if parts else ""
    return words if _AREA.fullmatch(words) else ""


def _parts(text: str, span: Span) -> tuple[Span, ...]:
    """Returns the parts between commas outside brackets."""
    found, depth, begin = [], 0, span.start
    for at in range(span.start, span.end):
        char = text[at]
        depth += (char in _OPEN) - (char in _CLOSE)
        comma = char in "，；;" or (char == "," and not text[at + 1 : at + 4].isdecimal())
        if (comma and depth <= 0) or char in "。！？":
            found.append(_stripped(text, begin, at))
            begin = at + 1
    found.append(_stripped(text, begin, span.end))
    return tuple(part for part in found if part.start < part.end and any(c.isalnum() for c in part.of(text)))


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def balanced(words: str) -> bool:
    """Whether every bracket and quotation mark of `words` is closed."""
    pairs = all(words.count(a) == words.count(b) for a, b in zip(_OPEN, _CLOSE, strict=True))
    return pairs and words.count('"') % 2 == 0


def listed(words: str) -> list[str]:
    """Returns the items of an enumeration: split at 、 outside brackets, the last one also at 和 and 与."""
    items, depth, item = [], 0, ""
    for char in words:
        depth += (char in _OPEN) - (char in _CLOSE)
        if char == "、" and depth <= 0:
            items.append(item)
            item = ""
        else:
            item += char
    last = re.fullmatch(r"(.{2,}?)(?:和|与)(.{2,})", item)
    return [*items, *(last.groups() if last and items else (item,))]
