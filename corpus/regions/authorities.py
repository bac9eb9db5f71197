"""Names of authorities that issue papers, and their administrative division."""

from __future__ import annotations

import re

from corpus.model import Level
from corpus.notation.characters import HAN
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.divisions import NATION, Division, gazetteer
from corpus.regions.mentions import find_divisions

_TABLE = PhraseTable.read("corpus", "authorities.tsv")
# 湖南省人民政府办公厅, 国家药监局, 生态环境部, 省委金融办
_NAME = re.compile(rf"[{HAN}（）()〔〕]{{1,40}}?(?:{_TABLE.alternation('authority')}|[厅局部署院委办])")
# Names without their region, which is known from the context: "省人民政府办公厅", "市财政局", "县委"
_INCOMPLETE = re.compile(rf"^(?P<level>省|市|县|区|自治区|州|自治州|旗)(?=人民|委|政府|[{HAN}]{{2,}})")
_NATIONAL = re.compile(rf"^{_TABLE.alternation('national')}|^[{HAN}]{{2,8}}部(?:办公厅)?$")
# First characters of numbers that stand for a city.
_CITIES = {
    "穗": "广州市",
    "深": "深圳市",
    "甬": "宁波市",
    "蓉": "成都市",
    "榕": "福州市",
    "杭": "杭州市",
    "厦": "厦门市",
}
_LEVEL_WORDS = {
    Level.PROVINCE: ("省", "自治区"),
    Level.CITY: ("市", "州", "自治州"),
    Level.COUNTY: ("县", "区", "旗", "市"),
}


def split_names(words: str) -> tuple[str, ...]:
    """Splits a list of names of authorities; empty when `words` contains anything else."""
    names: list[str] = []
    for part in re.split(r"[ \u3000\t]{1,}|[、，,\n]", words.strip()):
        names += _split_joint(part)
    plain = [name for name in names if name]
    return tuple(plain) if plain and all(is_name(name) for name in plain) else ()


def is_name(words: str) -> bool:
    """Whether `words` as a whole is the name of an authority."""
    return _NAME.fullmatch(words) is not None


def _split_joint(part: str) -> list[str]:
    """Splits names written without a separator, where the region is repeated."""
    mentions = find_divisions(part)
    if not mentions or mentions[0].start != 0:
        return [part]
    region = re.escape(mentions[0].words)
    return re.split(rf"(?<=[厅局部署院委办会室府行])(?={region})", part)


def complete(name: str, division: Division | None) -> str:
    """Adds the region to `name`: 省人民政府办公厅 of Hubei → 湖北省人民政府办公厅."""
    match = _INCOMPLETE.match(name)
    if match is None or division is None:
        return name
    for above in _upwards(division):
        if match["level"] in _LEVEL_WORDS.get(above.level, ()):
            return above.name + name[match.end("level") :]
    return name


def _upwards(division: Division) -> list[Division]:
    return [division, *(gazetteer().divisions[code] for code in reversed(division.parents))]


def division_of_issuer(name: str) -> Division | None:
    """The division of an authority; the nation for ministries."""
    name = re.sub(r"^中共(?!中央)", "", name)
    mentions = find_divisions(name)
    local = [mention for mention in mentions if mention.division is not NATION]
    if local and local[0].start == 0:
        return local[0].division
    if _NATIONAL.match(name) or mentions:
        return NATION if _NATIONAL.match(name) else mentions[0].division
    return None


def division_of_number(number: str) -> Division | None:
    """The division whose short name opens the number: 鄂政办发〔2024〕48号 → Hubei."""
    if number.startswith(("国令", "国发", "国办", "国函", "主席令")):
        return NATION
    city = _CITIES.get(number[:1])
    mentions = find_divisions(city if city is not None else number)
    return mentions[0].division if mentions and mentions[0].start == 0 else None
