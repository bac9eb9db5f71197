"""Names of authorities that issue papers, and their administrative division."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.model import Level
from corpus.notation.characters import HAN
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.divisions import NATION, Division, gazetteer
from corpus.regions.mentions import find_divisions

_TABLE = PhraseTable.read("corpus", "authorities.tsv")
# 湖南省人民政府办公厅, 国家药监局, 生态环境部, 省委金融办
_NAME = re.compile(
    rf"[{HAN}（）()〔〕]{{1,40}}?(?:{_TABLE.alternation('authority')}|[厅局部署院委办])(?:（[{HAN}]{{2,12}}）)?"
)
# Names without their region, which is known from the context: "省人民政府办公厅", "市财政局", "县委"
_INCOMPLETE = re.compile(rf"^(?P<level>省|市|县|区|自治区|州|自治州|旗)(?=人民|委|政府|[{HAN}]{{2,}})")
_NATIONAL = re.compile(rf"^{_TABLE.alternation('national')}")
# "禾川市人民政府", "中共禾川县委", "禾川市停车收费办法": a name or title that begins with a place
_PLACE = re.compile(rf"^(?:中共)?(?P<place>(?![我全本各]|关于)[{HAN}]{{2,7}}?[省市县区州旗盟])(?=[{HAN}])")
# Departments of the nation with branches in places: 国家税务总局长沙市税务局; not 国务院台湾事务办公室
_WITHOUT_BRANCHES = ("国务院", "全国", "中央", "中共中央")
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
    """Splits names written without a separator, where the region is repeated: 禾川县委禾川县人民政府."""
    plain = part.removeprefix("中共")
    mentions = find_divisions(plain)
    place = _PLACE.match(part)
    if mentions and mentions[0].start == 0:
        region = mentions[0].words
    elif place is not None:
        region = place["place"]
    else:
        return [part]
    return re.split(rf"(?<=[厅局部署院委办会室府行])(?={re.escape(region)})", part)


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
    """The division of an authority; the nation for ministries, the place for their branches."""
    name = re.sub(r"^中共(?!中央)", "", name)
    mentions = find_divisions(name)
    local = [mention for mention in mentions if mention.division is not NATION]
    if local and local[0].start == 0:
        return local[0].division
    if _NATIONAL.match(name):
        branch = local and not name.startswith(_WITHOUT_BRANCHES) and is_name(name[: local[0].start])
        return local[0].division if branch else NATION
    return mentions[0].division if mentions and not is_of_unknown_place(name) else None


def is_of_unknown_place(words: str) -> bool:
    """Whether a name or title begins with a place that is not in the table of divisions."""
    if _PLACE.match(words) is None or _INCOMPLETE.match(words) or _NATIONAL.match(words):
        return False
    mentions = find_divisions(words.removeprefix("中共"))
    return not mentions or mentions[0].start != 0


def division_of_number(number: str, *, names: Sequence[str], text: str) -> Division | None:
    """The division whose short name opens the number: 鄂政办发〔2024〕48号 → Hubei.

    The numbers of towns begin with the same characters (青政发 of Qinghai, or of a town 青禾), so the names
    of the issuers (省人民政府) or the text have to agree.
    """
    if number.startswith(("国令", "国发", "国办", "国函", "主席令")):
        return NATION
    city = _CITIES.get(number[:1])
    mentions = find_divisions(city if city is not None else number)
    if not mentions or mentions[0].start != 0:
        return None
    division = mentions[0].division
    incomplete = [match["level"] for name in names if (match := _INCOMPLETE.match(name))]
    if incomplete:
        fits = division.name.endswith(incomplete[0]) or incomplete[0] in _LEVEL_WORDS.get(division.level, ())
        return division if fits else None
    return division if division.short in text else None
