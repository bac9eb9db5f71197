"""Finds names of regions in running text: 湖南省益阳市, 益阳, 来湘投资, Hunan, 廣東省.

A short name counts only where it is a word of its own: 大理 is not the city in 扩大理赔,
nor 保定 in 医保定点.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from corpus.model import Level
from corpus.regions.divisions import NATION, Division, Guard, gazetteer
from corpus.text.script import simplify

# The one-character names of provinces that papers use, each with the first two digits of its code.
ABBREVIATIONS = dict(
    re.findall(
        r"(\D)(\d\d)",
        "京11津12冀13晋14蒙15辽21吉22黑23沪31苏32浙33皖34闽35赣36鲁37豫41鄂42湘43粤44桂45琼46渝50川51蜀51"
        "黔52贵52滇53云53藏54陕61秦61甘62陇62青63宁64新65台71港81澳82",
    )
)
# Those that are rarely part of another word after 来, 在, 入…: not 新, 云, 宁, 贵 (在新形势下, 在云端).
_CLEAR = "京津冀晋沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔滇藏陕"
_ANY = "".join(ABBREVIATIONS)
_ABBREVIATED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<=[来在赴入驻离援回留到])[{_CLEAR}](?![{_ANY}]|[口剧菜职升]|[a-z])",  # 支持外省研发产品来湘申报
        # 湘政办发〔2026〕15号
        rf"[{_ANY}](?=(?:政办|政|府办|府|委办|委|卫|药监|医保|科|财)[发函规字办令]{{1,2}})",
        rf"[{_CLEAR}](?=[省企籍产商](?!级))",  # 鄂产中药饮片
        rf"[{_ANY}](?=[{_ANY}]{{0,5}}(?:[两二三四五六七八九几各]|\d)[个]?[省市地])",  # 湘鄂赣三省
        rf"[{_CLEAR}](?=[、和与及跟比][{_CLEAR}])",  # 湘、鄂、粤
        rf"(?<=[{_CLEAR}][、和与及跟比])[{_CLEAR}]",
        r"京(?=津冀)|(?<=京)津(?=冀)|(?<=京津)冀|粤(?=港澳)|(?<=粤)港(?=澳)|(?<=粤港)澳",  # 京津冀, 粤港澳
        r"沪(?=[苏浙皖])|(?<=[苏浙沪皖])[苏浙沪皖](?!州)|[苏浙皖](?=[苏浙沪皖](?!州))",  # 苏浙沪
        r"川(?=渝)|(?<=川)渝|渝(?=川)",  # 川渝
    )
)
# The nation as the scope of a rule: 国务院, 全国范围; not 国家级平台.
_NATION = re.compile(
    r"中华人民共和国|国务院|全国(?!人大|人民代表|政协|首|第一)|国家层面|中央(?=层面|政策|文件)"
)
_LAST_CHARACTERS = ("省", "市", "州", "自治区")  # a preceding name with such an ending is complete
_OPENERS = "在来去到往从于向"
_NATURE = "江河湖山海岛路街桥"  # 祁连山, 澜沧江, 临汾路
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]")
_SHORT = 400  # characters of a text that is remembered: a question, which is read a dozen times, not a paper
_REMEMBERED = 256  # such texts
_RANK = {Level.NATION: 0, Level.PROVINCE: 1, Level.CITY: 2, Level.COUNTY: 3}


@dataclass(frozen=True, slots=True)
class Mention:
    """A region named in a text.

    `divisions` are the possible meanings, likeliest first: four cities have a 鼓楼区. Names that
    follow one another (湖南省益阳市) are one mention of the lowest of them.
    """

    start: int
    end: int
    words: str
    divisions: tuple[Division, ...]

    @property
    def division(self) -> Division:
        return self.divisions[0]


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    division: Division
    guard: Guard


def find_divisions(text: str) -> list[Mention]:
    """The regions named in `text`, in order, without overlaps; longer names win."""
    return list(_remembered(text)) if len(text) <= _SHORT else _found(text)


@lru_cache(maxsize=_REMEMBERED)
def _remembered(text: str) -> tuple[Mention, ...]:
    return tuple(_found(text))


def _found(text: str) -> list[Mention]:
    plain = simplify(text)
    found = _names_in(plain) + _english_in(plain) + _abbreviations_in(plain)
    found += [(m.start(), m.end(), [NATION]) for m in _NATION.finditer(plain)]
    found.sort(key=lambda item: (item[0], -item[1]))
    mentions: list[Mention] = []
    for start, end, divisions in found:
        if mentions and start < mentions[-1].end:
            continue
        mentions.append(Mention(start, end, text[start:end], tuple(divisions)))
    return _joined(_resolved(mentions), text)


def end_of_names(text: str) -> int:
    """Where the Chinese names of regions end that may stand at the beginning one after another; a fast look.

    An abbreviation counts as one of its characters. 0 for a text that begins with none.
    """
    plain, names, end = simplify(text), _longest_first(), 0
    while end < len(plain):
        for name in names.get(plain[end : end + 2], ()):
            if plain.startswith(name, end):
                end += len(name)
                break
        else:
            if plain[end] not in ABBREVIATIONS:
                break
            end += 1
    return end


@lru_cache(maxsize=4096)
def parse_region(region: str) -> Division | None:
    """The division that `region` as a whole names ("湖南省益阳市", "湖南", "Hunan"), if any."""
    mentions = find_divisions(region.strip())
    if len(mentions) == 1 and mentions[0].words == region.strip():
        return mentions[0].division
    return next((d for d in gazetteer().divisions.values() if region in (d.full, d.name, d.short)), None)


def covers(region: str, division: Division) -> bool:
    """Whether a paper of `region` applies in `division`: 湖南省 covers 益阳市, 益阳市 not 长沙市."""
    issued_in = parse_region(region)
    if issued_in is None:
        return False
    return issued_in in (NATION, division) or issued_in.code in division.parents


def _names_in(text: str) -> list[tuple[int, int, list[Division]]]:
    names = _chinese_names()
    found = []
    position = 0
    while position < len(text) - 1:
        by_text: dict[str, list[Division]] = defaultdict(list)
        for name in names.get(text[position : position + 2], ()):
            if text.startswith(name.text, position) and _is_own_word(text, position, name):
                by_text[name.text].append(name.division)
        if by_text:
            longest = max(by_text, key=len)
            found.append((position, position + len(longest), _likeliest_first(by_text[longest])))
            position += len(longest)
        else:
            position += 1
    return found


def _is_own_word(text: str, start: int, name: _Name) -> bool:
    """Whether the name at `start` is a word of its own in the text."""
    end = start + len(name.text)
    before, after = text[start - 1 : start], text[end : end + 1]
    is_short = name.text == name.division.short
    if not _may_follow(before, name) and not text[:start].endswith(_LAST_CHARACTERS):
        return False
    if name.division.level is Level.COUNTY and after == "级":  # 会同县级以上地方人民政府
        return False
    if not is_short or not after:
        return True
    if after in name.guard.after or (name.division.level is not Level.PROVINCE and after in _NATURE):
        return False
    offsets = ((start - word.index(name.text), word) for word in name.guard.words)
    return not any(offset >= 0 and text.startswith(word, offset) for offset, word in offsets)


def _may_follow(before: str, name: _Name) -> bool:
    """Whether the character before allows the name: there is no 海城市 in 沿海城市."""
    if not before:
        return True
    if len(name.text) == 2 and name.text == name.division.name:
        return before in _OPENERS or not before.isalnum()
    return before not in name.guard.before


def _english_in(text: str) -> list[tuple[int, int, list[Division]]]:
    if not _LATIN.search(text):
        return []
    pattern, names = _english_names()
    return [(m.start(), m.end(), list(names[m[0].lower()])) for m in pattern.finditer(text)]


def _abbreviations_in(text: str) -> list[tuple[int, int, list[Division]]]:
    divisions = gazetteer().divisions
    return [
        (m.start(), m.end(), [divisions[ABBREVIATIONS[m[0]] + "0000"]])
        for pattern in _ABBREVIATED
        for m in pattern.finditer(text)
    ]


def _likeliest_first(divisions: list[Division]) -> list[Division]:
    return sorted(divisions, key=lambda division: (_RANK[division.level], division.code))


def _resolved(mentions: list[Mention]) -> list[Mention]:
    """Keeps the meanings that agree with the other mentions; if none does, those of the highest level."""
    resolved = []
    for mention in mentions:
        if len(mention.divisions) > 1:
            others = {m.division.code for m in mentions if m is not mention}
            agreeing = tuple(d for d in mention.divisions if others & set(d.parents))
            highest = tuple(d for d in mention.divisions if d.level == mention.division.level)
            mention = replace(mention, divisions=agreeing or highest)
        resolved.append(mention)
    return resolved


def _joined(mentions: list[Mention], text: str) -> list[Mention]:
    """Merges 湖南省 and 益阳市 that follow one another into one mention of 益阳市."""
    joined: list[Mention] = []
    for mention in mentions:
        last = joined[-1] if joined else None
        if last and last.end == mention.start and last.division.code in mention.division.parents:
            joined[-1] = Mention(last.start, mention.end, text[last.start : mention.end], mention.divisions)
        else:
            joined.append(mention)
    return joined


@cache
def _chinese_names() -> Mapping[str, tuple[_Name, ...]]:
    """All Chinese names by their first two characters."""
    table: dict[str, list[_Name]] = defaultdict(list)
    known = gazetteer()
    for division in known.divisions.values():
        guard = known.guards.get(division.code, Guard())
        for alias in division.aliases:
            table[alias[:2]].append(_Name(alias, division, guard))
        if division.code in known.used_alone:
            table[division.short[:2]].append(_Name(division.short, division, guard))
    return {first: tuple(names) for first, names in table.items()}


@cache
def _longest_first() -> Mapping[str, tuple[str, ...]]:
    """The same names as words, without their meanings."""
    return {
        first: tuple(sorted({one.text for one in names}, key=len, reverse=True))
        for first, names in _chinese_names().items()
    }


@cache
def _english_names() -> tuple[re.Pattern[str], Mapping[str, tuple[Division, ...]]]:
    names: dict[str, list[Division]] = defaultdict(list)
    for division in gazetteer().divisions.values():
        for english in division.english:
            names[english.lower()].append(division)
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b", re.IGNORECASE)
    return pattern, {name: tuple(_likeliest_first(found)) for name, found in names.items()}
