"""Finds the papers that a text repeals: 原《…办法》（…）同时废止, 废止《…》, lists of repealed papers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.model import PartRepeal, Reference, Span
from corpus.notation.characters import HAN
from corpus.notation.citations.cited_articles import LIST, articles_in
from corpus.notation.citations.references import distinct, references_in
from corpus.notation.doc_numbers import numbers_in
from corpus.notation.numerals import NUMERAL, TO_99
from corpus.notation.phrase_table import PhraseTable

_TABLE = PhraseTable.read("corpus", "provisions.tsv")
_GENRE = re.compile(
    PhraseTable.read("corpus", "paper_titles.tsv").alternation("genre") + r"(?:[（(][^）)]{1,12}[）)])?$"
)
_SENTENCE = re.compile(r"[^。；\n]+[。；]?")
# 废止 in 废止的储备计划, 废止或修订: a mention of a repeal
_MENTION = re.compile(r"(?:和|或|、|的|后|前|之日|决定|目录|清单)")
# "决定废止下列规章：", "以下文件予以废止。", "决定对下列2件文件予以废止："; an item of the list below
_LIST_FOLLOWS = re.compile(
    rf"{_TABLE.alternation('repeals')}(?:以下|下列)[^。；，]{{0,30}}[：:。]?$"
    rf"|(?:以下|下列)[^。；，]{{0,30}}{_TABLE.alternation('repeals')}[：:。]?$"
)
_ITEM = re.compile(rf"^\s*(?:[（(]?(?:\d{{1,4}}|[{TO_99}]{{1,4}})[）)、.．\t ]*)?")
_LISTED = re.compile(r"[^《，。；]{0,16}《")
# "《…公告》（2022年第6号）第一、二、三条同时废止", "中有关食油的条款": only a part is repealed
_PART = re.compile(
    rf"^(?:的|中|内)?[^，。；《]{{0,6}}第[{NUMERAL}\d、，和及至第\s]{{1,30}}[条款项章节]|^{_TABLE.alternation('part_of_paper')}"
)
# "的，其资格", "规定的补贴标准": something that the paper regulates is repealed
_OTHER_MATTER = re.compile(
    rf"的[，,]|(?:规定|确定|明确|设立|核发|批准|下达|颁发)的|的(?!通知|决定|公告|函|批复|规定|文件|意见|办法)[{HAN}]{{2,}}$"
)
# Words that join the papers of a list: 、, 和, 2010年3月1日印发的
_JOINED = re.compile(
    rf"^(?:[、，,和及与以\s；;]|以及|原|的通知|文件?|[\d{NUMERAL}]{{4}}年[^《，。；]{{0,8}}(?:印发|发布|公布|颁布|下发)的|[（(][^）)]{{0,40}}[）)])*$"
)
# "根据《甲》，《乙》同时废止": the paper is named for another reason
_EXCLUDED = re.compile(r"(?:根据|依据|按照|依照|违反|贯彻|落实|执行|除)[^，。；]*$")
# "（…，以下简称“原办法”）": another name of the paper before it
_ALIAS = re.compile(rf"[，,（(]以下简?称?[为：:]?[“‘《〈\"]?(?P<name>原?[{HAN}]{{2,12}}?)[”’》〉\"]?[）)]")
# "上述规定同时废止", "上述两个文件": papers named before
_ABOVE = re.compile(
    rf"(?:上述|以上|前述)(?:[\d{NUMERAL}两]{{1,2}}[件个份部])?[{HAN}]{{0,4}}?(?:文件|规定|办法|通知|意见|政策)$"
)
_REVISED = re.compile(r"(?:修订|修改|修正|完善)[^《。；，]{0,10}$")
_LONGEST_GAP = 40  # characters between a paper and the verb that repeals it
_LONGEST_LIST = 120  # characters of the articles behind the name of a paper, with the words up to the verb


_Placed = tuple[Reference, int, int]  # with start and end in the paragraph
_MOST_BEHIND = 8  # characters between the articles that end and the verb, besides 同时, 自…起: 的规定


@dataclass(frozen=True, slots=True)
class Repealed:
    """The papers that end, and those of which only some articles end."""

    papers: tuple[Reference, ...]
    parts: tuple[PartRepeal, ...]


@dataclass(frozen=True, slots=True)
class _Verb:
    start: int
    end: int


def repealed_by(lines: Iterable[tuple[str, int]]) -> Repealed:
    """The papers repealed by sentences, or by a list below "决定废止下列规章：".

    `lines` are the paragraphs of the paper with their offsets.
    """
    found: list[Reference | PartRepeal] = []
    listing = False
    named: list[Reference] = []  # papers that 上述规定 can mean
    aliases: dict[str, Reference] = {}
    for text, offset in lines:
        item = listed_paper(text, offset) if listing else None
        if item is not None:
            found.append(item)
            continue
        listing = _LIST_FOLLOWS.search(text) is not None
        references = references_in(text, offset=offset)
        aliases |= _aliases(text, offset, references)
        found += _repealed_in(text, offset, references, named, aliases)
        for reference in references:
            at = reference.span.start - offset
            if _REVISED.search(text[max(0, at - _LONGEST_GAP) : at]):
                named.append(reference)
    whole = distinct(one for one in found if isinstance(one, Reference))
    return Repealed(whole, tuple(dict.fromkeys(one for one in found if isinstance(one, PartRepeal))))


def repealed_by_list(lines: Iterable[tuple[str, int]]) -> tuple[Reference, ...]:
    """The papers in the lines of a list of repealed papers; rows without a paper are left out."""
    items = (listed_paper(text, offset) for text, offset in lines)
    return distinct(item for item in items if item is not None)


def names_repealed(heading: str) -> bool:
    """Whether a heading is that of a list of repealed papers: 废止文件目录, 宣布失效的规范性文件."""
    return _TABLE.has("list_of_repealed", heading) and not _TABLE.has("list_of_others", heading)


def listed_paper(text: str, offset: int) -> Reference | None:
    """The paper that an item of a list names, with or without 《》."""
    item = _ITEM.match(text)
    begin = item.end() if item is not None else 0
    references = references_in(text, offset=offset)
    if references and _LISTED.match(text, begin) and references[0].title:
        return references[0]
    numbers = numbers_in(text, offset=offset)
    cells = [cell.strip(" （(：:") for cell in re.split(r"[\t]|[（(](?=[^（(]{1,30}号)", text[begin:])]
    title = next((cell for cell in cells if _GENRE.search(cell) and len(cell) < 120), "")
    if not title and not (numbers and len(text) < 120):
        return None
    if not numbers and not (item is not None and item.end() > 0):
        return None
    number = numbers[0].value if numbers else ""
    return Reference(title, number, Span(offset + begin, offset + len(text.rstrip())))


def _repealed_in(
    text: str,
    offset: int,
    references: Sequence[Reference],
    named: Sequence[Reference],
    aliases: dict[str, Reference],
) -> Iterator[Reference | PartRepeal]:
    placed = [(r, r.span.start - offset, r.span.end - offset) for r in references]
    starts = [start for _, start, _ in placed]
    for sentence in _SENTENCE.finditer(text):
        done = sentence.start()
        last = bisect_left(starts, sentence.end())
        for verb in _verbs(text, sentence, placed, starts):
            at = bisect_left(starts, verb.start)
            before = placed[bisect_left(starts, done) : at]
            found = list(_ended_before(text, sentence.start(), before, verb))
            found += _replaced_after(text, placed, range(at, last), verb)
            parts = [*_parts_before(text, sentence.start(), before, verb)]
            parts += _parts_after(text, placed, range(at, last), verb)
            yield from (
                replace(one, span=Span(one.span.start + offset, one.span.end + offset)) for one in parts
            )
            if not found and not parts and not before:
                found = _meant(text[max(done, verb.start - _LONGEST_GAP) : verb.start], named, aliases)
            yield from sorted(found, key=lambda one: one.span.start)
            done = verb.end


def _verbs(
    text: str, sentence: re.Match[str], placed: Sequence[_Placed], starts: Sequence[int]
) -> Iterator[_Verb]:
    """Yields the verbs of the sentence that repeal something, outside of names of papers."""
    for span in _TABLE.spans("repeals", sentence[0]):
        start, end = span.start + sentence.start(), span.end + sentence.start()
        above = bisect_left(starts, end) - 1
        if (above < 0 or placed[above][2] <= start) and not _MENTION.match(text, end):
            yield _Verb(start, end)


def _ended_before(text: str, sentence: int, before: Sequence[_Placed], verb: _Verb) -> Iterator[Reference]:
    """Yields the papers before the verb: 《甲》、《乙》同时废止."""
    reached = verb.start
    for reference, start, end in reversed(before):
        gap = text[end : min(reached, end + _LONGEST_GAP + 1)]
        if reached == verb.start:
            words = _TABLE.without("repeal_gap", gap)
            if len(gap) > _LONGEST_GAP or _PART.match(gap) or _OTHER_MATTER.search(words.strip()):
                return
        elif len(gap) > _LONGEST_GAP or not _JOINED.match(gap):
            return
        if _EXCLUDED.search(text[max(sentence, start - _LONGEST_GAP) : start]):
            return
        yield reference
        reached = start


def _replaced_after(text: str, placed: Sequence[_Placed], after: range, verb: _Verb) -> Iterator[Reference]:
    """Yields the papers behind the verb: 废止《甲》和《乙》, 本办法替代《甲》."""
    if not _TABLE.is_whole("repeals_what_follows", text[verb.start : verb.end]):
        return
    reached = verb.end
    for at in after:
        reference, start, end = placed[at]
        joined = start - reached <= _LONGEST_GAP and _JOINED.match(text[reached:start])
        if not joined or _PART.match(text[end : end + _LONGEST_GAP]):
            return
        yield reference
        reached = end


def _parts_before(text: str, sentence: int, before: Sequence[_Placed], verb: _Verb) -> Iterator[PartRepeal]:
    """Yields the papers before the verb of which articles end: 《甲》第八条、《乙》第二、三条同时废止."""
    reached, end_of_list = verb.start, verb.end
    for reference, start, end in reversed(before):
        if reached - end > _LONGEST_LIST:
            return
        match = LIST.match(text, end, reached)
        if match is None:
            return
        rest = _TABLE.without("repeal_gap", text[match.end() : reached]).strip()
        behind = len(rest) <= _MOST_BEHIND and not _OTHER_MATTER.search(rest)
        if not (behind if reached == verb.start else _JOINED.match(rest)):
            return
        if _EXCLUDED.search(text[max(sentence, start - _LONGEST_GAP) : start]):
            return
        yield PartRepeal(reference, articles_in(match["list"]), Span(start, end_of_list))
        reached = start


def _parts_after(text: str, placed: Sequence[_Placed], after: range, verb: _Verb) -> Iterator[PartRepeal]:
    """Yields the papers behind the verb of which articles end: 废止《甲》第八条和《乙》第九条."""
    if not _TABLE.is_whole("repeals_what_follows", text[verb.start : verb.end]):
        return
    reached = verb.end
    for at in after:
        reference, start, end = placed[at]
        match = LIST.match(text, end, end + _LONGEST_LIST)
        if match is None or start - reached > _LONGEST_GAP or not _JOINED.match(text[reached:start]):
            return
        yield PartRepeal(reference, articles_in(match["list"]), Span(start, match.end()))
        reached = match.end()


def _meant(before: str, named: Sequence[Reference], aliases: dict[str, Reference]) -> list[Reference]:
    """The papers that 上述规定 or the other name of a paper means, directly before the verb."""
    words = _TABLE.without("repeal_gap", before).rstrip()
    part = re.split(r"[，,；;]", words)[-1].strip()
    if part in aliases:
        return [aliases[part]]
    return list(named) if _ABOVE.search(part) else []


def _aliases(text: str, offset: int, references: Sequence[Reference]) -> dict[str, Reference]:
    found: dict[str, Reference] = {}
    starts = [reference.span.start - offset for reference in references]
    for match in _ALIAS.finditer(text):
        at = bisect_left(starts, match.start()) - 1
        if at >= 0 and match.start() - (references[at].span.end - offset) <= _LONGEST_GAP:
            found[match["name"]] = references[at]
    return found
