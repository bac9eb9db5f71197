"""Decides which paper a reference in another paper means, by number and title."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from corpus.head.paper_head import NamedPaper, PaperHead
from corpus.notation.doc_numbers import key_of_number
from corpus.notation.paper_names import is_untitled
from corpus.notation.phrase_table import PhraseTable

_TABLE = PhraseTable.read("corpus", "paper_titles.tsv")
_NOT_TITLE = re.compile(r"[\s《》〈〉“”\"（）()]")
# "（试行）", "（2019年修订）" at the end of a title
_NOTE = re.compile(r"(?:[（(〔\[][^（）()]{1,20}[）)〕\]])+$")
_ABOUT = re.compile(r"^.{0,60}?关于")
_NOTICE = re.compile(rf"的?{_TABLE.alternation('kind')}$")
_MARKS = re.compile(r"[\W_]+")
# Two titles that share so much differ by a slip of the pen; so do those with so many characters that
# differ in one.
_ALIKE = 0.9
_LONG_ENOUGH = 6


def repealed_by(head: PaperHead) -> tuple[str, ...]:
    """The keys by which another paper can refer to this one: its number and its titles."""
    number = (number_key(head.doc_number),) if head.doc_number else ()
    return tuple(dict.fromkeys((*number, *(title_key(title) for title in head.titles))))


def all_keys(reference: NamedPaper) -> tuple[str, ...]:
    """The keys of every paper that the reference may refer to."""
    number = (number_key(reference.doc_number),) if reference.doc_number else ()
    return (*number, *((title_key(reference.title),) if reference.title else ()))


def refers_to(reference: NamedPaper, head: PaperHead) -> bool:
    """Whether a reference in another paper means this one: by number if both have one, else by title.

    A number is not enough where the titles contradict each other: one of the papers states it wrongly.
    """
    if reference.doc_number and head.doc_number:
        return has_number_of(reference, head) and not contradicts(reference, head)
    return bool(reference.title) and title_key(reference.title) in map(title_key, head.titles)


def has_number_of(reference: NamedPaper, head: PaperHead) -> bool:
    """Whether a reference gives the number of this paper."""
    given = bool(reference.doc_number and head.doc_number)
    return given and number_key(reference.doc_number) == number_key(head.doc_number)


def contradicts(reference: NamedPaper, head: PaperHead) -> bool:
    """Whether the title that a reference gives is that of another paper.

    Titles agree where one has all the words of the other: references leave out the issuer, 关于印发…的通知
    or （试行）.
    """
    if not reference.title or is_untitled(head.title):
        return False
    given = _core(reference.title)
    return bool(given) and not any(_agree(given, own) for own in map(_core, head.titles) if own)


def number_key(number: str) -> str:
    """The key of a number, equal for all its spellings."""
    return "№" + key_of_number(number)


def title_key(title: str) -> str:
    """The key of a title, without its marks and brackets."""
    return _NOT_TITLE.sub("", title)


def _core(title: str) -> str:
    """The title without the words around its subject: the issuer, 关于印发 and 的通知, notes in brackets."""
    plain = _NOTE.sub("", title.strip("《》〈〉 "))
    framed = _ABOUT.sub("", plain) if "关于" in plain else plain
    if framed != plain:
        framed = _NOTE.sub("", _NOTICE.sub("", framed).strip("《》〈〉 "))
    verb = _TABLE.spans("publishes", framed)
    framed = framed[verb[0].end :] if verb and verb[0].start == 0 else framed
    return _MARKS.sub("", framed)


def _agree(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    if all(character in rest for character in short):
        return True
    alike = SequenceMatcher(None, one, other, autojunk=False)
    same = sum(block.size for block in alike.get_matching_blocks())
    return alike.ratio() >= _ALIKE or (len(short) >= _LONG_ENOUGH and len(long) - same <= 1)
