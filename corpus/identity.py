"""Decides whether a paper is one that is stored already, a new version of one, or another paper.

Pure: it compares what is known of the new paper with stored candidates, which the store finds by their keys.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from corpus.model import Document, Status
from corpus.notation.doc_numbers import key_of_number
from corpus.notation.paper_names import key_of

# Characters of a piece of text that is compared: shorter ones also occur in unrelated papers.
_PIECE = 6
# Share of pieces that two texts of one paper have in common. Measured on 27 real papers: two papers have 0.29
# at most (city measures built on national ones) and usually 0.02; a paper with 5 % of its characters misread
# has 0.53 or more, with a fifth of its lines rewritten 0.55, with a fifth of them left out 0.65. Nearer to
# the latter: two versions taken for two papers are both kept, a paper taken for a version is replaced.
LARGELY_THE_SAME = 0.45
# Keys of "令第3号", "公告2020年第6号", "政府令第150号", which many issuers have
_ANY_ISSUER = re.compile(r"(?:政府令|公告|令)\d")
_BLANK = re.compile(r"\s+")
_NOT_WORD = re.compile(r"(?<!\d)\.|\.(?!\d)|[^\w.]|_")  # keeps the point of 1.5


@dataclass(frozen=True, slots=True)
class Keys:
    """What a paper is looked up by. A key is empty where the paper lacks what it is made of."""

    received: str  # the bytes of the file, and which of its papers this is
    text: str
    number: str
    title: str  # with issuer and date, as titles of yearly papers are alike


@dataclass(frozen=True, slots=True)
class Facts:
    """What a decision needs to know of a paper. `text` reads its text, which few decisions need."""

    keys: Keys
    region: str
    is_draft: bool
    is_dated: bool  # issuer and date are known
    media_type: str
    text: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored version of a paper that has a key in common with the new paper."""

    document_id: str
    version: int
    is_latest: bool
    facts: Facts


@dataclass(frozen=True, slots=True)
class SamePaper:
    """The paper is stored already, as this version."""

    document_id: str
    version: int


@dataclass(frozen=True, slots=True)
class NewVersion:
    """The paper is another version of a stored one."""

    document_id: str


@dataclass(frozen=True, slots=True)
class AnotherPaper:
    """No stored paper is this one. `conflicts` have its number, and a different text."""

    conflicts: tuple[str, ...] = ()


Decision = SamePaper | NewVersion | AnotherPaper


def keys_of(document: Document) -> Keys:
    """The keys of a paper as it was read."""
    head, source = document.head, document.source
    issuer = head.issuer.value if head.issuer else ""
    day = head.date_issued.value.isoformat() if head.date_issued else ""
    return Keys(
        received=f"{source.sha256}:{source.part}" if source.part else source.sha256,
        text=text_key(document.text),
        number=number_key(head.doc_number.value, issuer=issuer) if head.doc_number else "",
        title="\n".join((key_of(head.title.value), issuer, day)),
    )


def facts_of(document: Document) -> Facts:
    """What is known of a paper that was just read."""
    head = document.head
    return Facts(
        keys=keys_of(document),
        region=head.region,
        is_draft=head.status is Status.DRAFT,
        is_dated=head.issuer is not None and head.date_issued is not None,
        media_type=document.source.media_type,
        text=lambda: document.text,
    )


def text_key(text: str) -> str:
    """SHA-256 of the text without white space, in one form for characters of several forms (NFKC)."""
    return hashlib.sha256(_BLANK.sub("", unicodedata.normalize("NFKC", text)).encode()).hexdigest()


def number_key(number: str, *, issuer: str) -> str:
    """The key of a 文号, equal for all its spellings; empty for one that is nothing without its issuer."""
    key = key_of_number(number)
    if _ANY_ISSUER.match(key):
        return f"{issuer} {key}" if issuer else ""
    return key


def decide(new: Facts, candidates: Iterable[Candidate]) -> Decision:
    """Compares a paper with the stored candidates that have one of its keys."""
    found = list(candidates)
    if same := [one for one in found if _same_text(new, one.facts)]:
        best = max(same, key=lambda one: (one.is_latest, one.version))
        return SamePaper(best.document_id, best.version)
    latest = [one for one in found if one.is_latest and not _of_one_file(new, one.facts)]
    numbered = [one for one in latest if _same_number(new, one.facts)]
    if numbered:
        return _among_numbered(new, numbered)
    for one in latest:
        if _same_without_number(new, one.facts):
            return _same_words(new, one) or NewVersion(one.document_id)
    return AnotherPaper()


def similarity(one: str, other: str) -> float:
    """The share of pieces of six characters, blanks and punctuation left out, that two texts have in common.

    1 for equal texts, 0 for texts with nothing in common; linear in their lengths.
    """
    left, right = _pieces(one), _pieces(other)
    return len(left & right) / len(left | right) if left or right else 1.0


def _among_numbered(new: Facts, candidates: Sequence[Candidate]) -> Decision:
    text = new.text()
    likeness = {one.document_id: similarity(text, one.facts.text()) for one in candidates}
    best = max(candidates, key=lambda one: likeness[one.document_id])
    if likeness[best.document_id] >= LARGELY_THE_SAME:
        return _same_words(new, best) or NewVersion(best.document_id)
    return AnotherPaper(tuple(sorted(likeness)))


def _same_words(new: Facts, stored: Candidate) -> SamePaper | None:
    """The stored version, if it is the same paper in another format: formats differ in punctuation."""
    if new.media_type == stored.facts.media_type or _words(new.text()) != _words(stored.facts.text()):
        return None
    return SamePaper(stored.document_id, stored.version)


def _same_text(new: Facts, other: Facts) -> bool:
    return new.keys.received == other.keys.received or new.keys.text == other.keys.text


def _of_one_file(new: Facts, other: Facts) -> bool:
    """Whether both are papers of one file, as a notice and the measures that it forwards."""
    return new.keys.received.partition(":")[0] == other.keys.received.partition(":")[0]


def _same_number(new: Facts, other: Facts) -> bool:
    """Whether both have one number: 长政发 is that of 长沙 and of 长春."""
    if not new.keys.number or new.keys.number != other.keys.number or new.is_draft != other.is_draft:
        return False
    return not new.region or not other.region or _overlap(new.region, other.region)


def _overlap(one: str, other: str) -> bool:
    """Whether one region contains the other."""
    return one.startswith(other) or other.startswith(one)


def _same_without_number(new: Facts, other: Facts) -> bool:
    """Whether two papers, of which one or both have no number, are one by title, issuer and date.

    Where these do not decide, the texts do.
    """
    if (new.keys.number and other.keys.number) or new.is_draft != other.is_draft:
        return False
    if new.keys.title != other.keys.title:
        return False
    if new.is_dated and not new.keys.number and not other.keys.number:
        return True
    return similarity(new.text(), other.text()) >= LARGELY_THE_SAME


def _words(text: str) -> str:
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text))


def _pieces(text: str) -> set[str]:
    words = _words(text)
    return {words[at : at + _PIECE] for at in range(max(1, len(words) - _PIECE + 1))} if words else set()
