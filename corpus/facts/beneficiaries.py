"""Reads who gets a benefit: 对新认定的企业, 支持企业建设…, 在主板上市的企业."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from corpus.facts.grants.segments import HIDDEN, Segment
from corpus.facts.grants.words import GIVING, pattern

_LONGEST_NOUN = 24  # characters behind the last 的
# "…的企业", "…的", "…的CRO平台（含…）"
_OF_NOUN = re.compile(rf"的[^的，,。]{{1,{_LONGEST_NOUN}}}\Z")
_NOUN: Final = pattern("entity", after=rf"(?:等|{HIDDEN})*\Z")
_WHO: Final = pattern(
    "who",
    before=r"\A(?:其中|另|同时|此外|并|且|还|优先|[（(][0-9一二三四五六七八九十]{1,2}[)）]|[0-9]{1,2}[.．、])*",
)
_BACKS: Final = pattern("backs", before=r"\A(?:", after=r")+(?:一批|若干|各类|各|一)?")
# "首次认定为甲类企业": what follows gets it
_NAMED = re.compile(
    r"\A(?:凡|对)?(?:首次|新|当年|被|经|获)*(?:认定|评定|评选|评审|评|授予|命名|确定|列入|纳入|入选|获得|获评|获批|通过)+(?:为|成为)?(?!的)"
)
# "粮食生产大户持有合同": a noun at the beginning, whatever it does
_LEADING: Final = pattern("entity", before=r"\A[^，,。的]{0,14}?", after=rf"{HIDDEN}*")
# "被评为省级示范园区的"
_NAMED_AS: Final = pattern(
    "entity",
    before=r"(?:评为|认定为|确认为|列为|评选为|入选|列入|成为)(?P<name>[^，,。的]{0,40}?",
    after=r")的\Z",
)
_MORE = re.compile(r"\A(?:以及|及|和|或者|或)")
_TOP_UP = re.compile(r"\A(?:其|该|上述|以上|已[付缴])")
_LESS: Final = re.compile(
    r"\A(?:每[新增满提实超]|在此|其中\Z|另外|同时|此外|根据|按照?|依据|参照|自|从|由|在.{0,12}(?:期间|基础上|内|前|后|时)\Z|除|经.{0,12}(?:认定|审核|评审|同意|批准|核准|评定|备案)后?\Z)"
)


@dataclass(frozen=True, slots=True)
class Who:
    """A beneficiary by offsets in the sentence.

    `next_segment`: the one behind the last that names it. `is_bare`: described without a noun, 首次上市的.
    """

    start: int
    end: int
    next_segment: int
    is_bare: bool = False


def who_in(parts: Sequence[Segment]) -> tuple[Who, ...]:
    """Returns the beneficiaries that segments before the word of giving name; empty when none does.

    Words behind the last colon come first: 新纳入的商贸企业：批发企业年销售额达到1亿元.
    """
    behind = max(
        (number + 1 for number, part in enumerate(parts) if part.mark in "：:" and part.mark), default=0
    )
    for begin in dict.fromkeys((behind, 0)):
        found = _named_from(parts, begin)
        if found:
            return found
    return ()


def _named_from(parts: Sequence[Segment], begin: int) -> tuple[Who, ...]:
    numbered = [(number, part) for number, part in enumerate(parts) if number >= begin and not part.bracketed]
    for number, part in numbered:
        introduced = _WHO.match(part.text)
        if introduced and not _TOP_UP.match(part.text, introduced.end()):
            return _introduced(parts, number, introduced.end())
    for number, part in numbered:
        if not _LESS.match(part.text) and (who := _noun_of(part, number)) is not None:
            return (who,)
    for number, part in numbered:
        if (backs := _BACKS.match(part.text)) and backs.end() < len(part.text):
            return (Who(part.start + backs.end(), part.end, number + 1),)
    for number, part in numbered[:-1]:
        leading = _LEADING.match(part.text)
        if leading and not _LESS.match(part.text):
            return (Who(part.start, part.start + leading.end(), number + 1),)
    bare = next((pair for pair in numbered if pair[1].text.endswith("的")), None)
    return (Who(bare[1].start, bare[1].end, bare[0] + 1, is_bare=True),) if bare else ()


def _noun_of(part: Segment, number: int) -> Who | None:
    """Returns the noun that the segment is, or begins with."""
    text = part.text
    if named_as := _NAMED_AS.search(text):
        return Who(part.start + named_as.start("name"), part.start + named_as.end("name"), number + 1)
    named = _NAMED.match(text)
    if named and not text.endswith("的") and len(text) - named.end() > 1:
        return Who(part.start + named.end(), part.end, number + 1)
    backs = _BACKS.match(text)
    begin = backs.end() if backs and backs.end() < len(text) else 0
    if _OF_NOUN.search(text) and _NOUN.search(text):
        return Who(part.start + begin, part.end, number + 1)
    end = _subject_end(text, begin)
    if end:
        return Who(part.start + begin, part.start + end, number + 1)
    return Who(part.start + begin, part.end, number + 1) if _NOUN.search(text, begin) else None


def _introduced(parts: Sequence[Segment], number: int, skip: int) -> tuple[Who, ...]:
    first = parts[number]
    last = number if _is_complete(first.text[skip:]) else _completed_at(parts, number)
    found = [Who(first.start + skip, parts[last].end, last + 1)]
    for place in range(last + 1, len(parts)):
        joint = _MORE.match(parts[place].text)
        if joint is None or not _is_described(parts[place].text):
            break
        found[-1] = Who(found[-1].start, found[-1].end, place + 1)
        found.append(Who(parts[place].start + joint.end(), parts[place].end, place + 1))
    return tuple(found)


def _is_described(text: str) -> bool:
    """Whether the words are a described noun, 在主板上市的企业, or a description alone, 首次上市的."""
    return text.endswith("的") or (bool(_OF_NOUN.search(text)) and bool(_NOUN.search(text)))


def _is_complete(text: str) -> bool:
    return text.endswith("的") or bool(_OF_NOUN.search(text)) or bool(_NOUN.search(text))


def _completed_at(parts: Sequence[Segment], number: int) -> int:
    """Returns the segment that ends a beneficiary which begins in `number`: 对承租…房产，且不裁员的企业."""
    for place in range(number + 1, len(parts)):
        if _is_described(parts[place].text) and not parts[place].bracketed:
            return place
    return number


def _subject_end(text: str, begin: int) -> int:
    """Returns where the noun that acts ends: 企业 of 企业建设平台; 0 when the words begin with none."""
    for span in GIVING.spans("acts", text[begin:]):
        end = begin + span.start
        if end > begin + 1 and _NOUN.search(text[begin:end]):
            return end
    return 0
