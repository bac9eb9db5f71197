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
# Numbers of items, and hidden brackets, before the first word: （2）, 1.
_NUMBER = rf"(?:[{HIDDEN}]|[（(]?[0-9一二三四五六七八九十]{{1,2}}[)）.．、]|[①-⑳])*"
# "有条件的市对创新药", "市财政对企业": who gives stands before 对
_GIVER: Final = (
    f"(?:[^，,。对]{{0,8}}有条件的[^，,。对]{{1,6}}|{GIVING.alternation('asks_giver')}[^，,。对]{{1,40}}"
    f"|[^，,。对]{{0,30}}{GIVING.alternation('giver')}等?(?:可|应当?|要)?|(?:[0-9]{{4}}年)?{GIVING.alternation('goes_on')})"
)
_WHO: Final = pattern("who", before=rf"\A{_NUMBER}(?:其中|如|另|同时|此外|并|且|还|优先|重点)*")
_TO: Final = re.compile(rf"\A{_NUMBER}{_GIVER}对(?!外|标|接|口|比|应|象|内|方|照|策|手|公)于?")
_BACKS: Final = pattern("backs", before=rf"\A{_NUMBER}(?:", after=r")+(?:一批|若干|各类|各|一)?")
# "首次认定为甲类企业": what follows gets it
_NAMED = re.compile(
    rf"\A{_NUMBER}(?:凡|对)?(?:首次|新|当年|被|经|获)*(?:认定|评定|评选|评审|评|授予|命名|确定|列入|纳入|入选|获得|获评|获批|通过)+(?:为|成为)?(?!的)"
)
# "粮食生产大户持有合同": a noun at the beginning, whatever it does
_LEADING: Final = pattern(
    "entity", before=rf"\A{_NUMBER}(?P<name>[^，,。的超率达]{{0,14}}?", after=rf"){HIDDEN}*"
)
_LISTED: Final = pattern(
    "entity", before=r"(?:(?:、|和|及|以及|或|等)[^，,。、的为对]{0,12}?)?", after=f"{HIDDEN}*"
)
_ACTS: Final = pattern("acts", before=r"\A")
# "被评为省级示范园区的"
_NAMED_AS: Final = pattern(
    "entity",
    before=r"(?:评为|认定为|确认为|列为|评选为|入选|列入|成为)(?P<name>[^，,。的]{0,40}?",
    after=r")的\Z",
)
# "对受影响的企业在原有利率基础上下浮10%": a described noun, and what happens
_ACTING: Final = pattern("entity", before="的[^，,。的]{0,14}?", after="(?=在原|按|每|可|于)")
# "每年认定10家左右重点企业研究院"
_SELECTED: Final = pattern(
    "entity",
    before=r"\A(?:每[两]?年|定期)?(?:择优)?(?:认定|遴选|评选|选择|支持|确定|培育|评定|评审)[^，,。的]{0,10}[家个项名](?:左右|以内|以上)?(?P<name>[^，,。]{1,24}?",
    after=r")\Z",
)
_MORE = re.compile(r"\A(?:以及|及|和|或者|或)")
_TOP_UP = re.compile(r"\A(?:其|该|上述|以上|已[付缴])")
# Words that name nobody: 在此基础上, 经审核后, 每新增一家
_LESS: Final = pattern("names_nobody", before=r"\A")
_AT = re.compile(
    r"\A(?:在.{0,12}(?:期间|基础上|内|前|后|时|方面)|经.{0,12}(?:认定|审核|评审|同意|批准|核准|评定|备案)[后後]?)\Z"
)
_EACH = re.compile(r"\A(?:每|单|同一)")


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
    incomplete: tuple[Who, ...] = ()
    for number, part in numbered:
        introduced = _WHO.match(part.text) or _TO.match(part.text)
        if (
            introduced
            and introduced.end() < len(part.text)
            and not _TOP_UP.match(part.text, introduced.end())
        ):
            found = _introduced(parts, number, introduced.end())
            last = found[-1]
            if _EACH.match(part.text, introduced.end()):
                incomplete = incomplete or found
            elif part.text.endswith("的") and (noun := _noun_behind(numbered, last.next_segment)) is not None:
                return (noun,)
            elif last.end < parts[last.next_segment - 1].end or _is_complete(
                parts[last.next_segment - 1].text
            ):
                return found
            incomplete = incomplete or found
    nouns = [pair for pair in numbered if not names_nobody(pair[1].text) and not _addresses(pair[1].text)]
    for read in (_noun_of, _backed, _leading):
        for number, part in nouns:
            if (who := read(part, number)) is not None:
                return (who,)
    for number, part in numbered:
        if selected := _SELECTED.match(part.text):
            return (Who(part.start + selected.start("name"), part.end, number + 1),)
    bare = next(((number, part) for number, part in numbered if part.text.endswith("的")), None)
    if incomplete or bare is None:
        return incomplete
    return (Who(bare[1].start, bare[1].end, bare[0] + 1, is_bare=True),)


def names_nobody(text: str) -> bool:
    """Whether the words of a segment name no beneficiary: 每新增一家, 经审核后."""
    return bool(_LESS.match(text) or _AT.match(text))


def _addresses(text: str) -> bool:
    """Whether the words say with 对 to whom something is given, and cannot be a subject."""
    return bool(_WHO.match(text) or _TO.match(text))


def _noun_behind(numbered: Sequence[tuple[int, Segment]], first: int) -> Who | None:
    """Returns the noun behind a description: 对取得证书的，1类新药给予1000万元."""
    for number, part in numbered:
        if number >= first and not names_nobody(part.text) and _NOUN.search(part.text):
            return _noun_of(part, number)
    return None


def _leading(part: Segment, number: int) -> Who | None:
    """Returns the noun at the beginning of a segment, whatever it does: 粮食生产大户持有合同."""
    found = None if _ACTS.match(part.text) else _LEADING.match(part.text)
    if found is None:
        return None
    end = found.end()
    while listed := _LISTED.match(part.text, end):  # 孵化器、众创空间等载体; 高校|毕业生
        end = listed.end()
    return Who(part.start + found.start("name"), part.start + end, number + 1)


def _backed(part: Segment, number: int) -> Who | None:
    """Returns what is supported: 企业 of 支持企业建设平台."""
    backs = _BACKS.match(part.text)
    if backs is None or backs.end() >= len(part.text):
        return None
    begin = backs.end()
    end = 0 if _is_described(part.text) else _subject_end(part.text, begin)
    if not end and not _NOUN.search(part.text) and (noun := _LEADING.match(part.text[begin:])):
        end = begin + noun.end()
    return Who(part.start + begin, part.start + (end or len(part.text)), number + 1)


def _noun_of(part: Segment, number: int) -> Who | None:
    """Returns the noun that the segment is, or begins with; None for one that says what is supported."""
    text = part.text
    if named_as := _NAMED_AS.search(text):
        return Who(part.start + named_as.start("name"), part.start + named_as.end("name"), number + 1)
    if _BACKS.match(text) and not (text.startswith("为") and _is_described(text)):
        return None
    named = _NAMED.match(text)
    if named and not text.endswith("的") and len(text) - named.end() > 1:
        return Who(part.start + named.end(), part.end, number + 1)
    begin = len(text) - len(text.lstrip(HIDDEN))
    if _NOUN.search(text) and (_OF_NOUN.search(text) or not _subject_end(text, begin)):
        return Who(part.start + begin, part.end, number + 1)
    end = _subject_end(text, begin)
    return Who(part.start + begin, part.start + end, number + 1) if end else None


def _introduced(parts: Sequence[Segment], number: int, skip: int) -> tuple[Who, ...]:
    first = parts[number]
    if acting := _ACTING.search(first.text, skip):
        return (Who(first.start + skip, first.start + acting.end(), number + 1),)
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
