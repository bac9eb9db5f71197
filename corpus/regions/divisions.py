"""The administrative divisions of China, from corpus/data/divisions.tsv (see SOURCE.md beside it)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from corpus.model import Level

NATION_CODE = "000000"

# 恩施土家族苗族自治州 is also called 恩施州
_AUTONOMOUS = re.compile(r"自治([州县旗])$")


@dataclass(frozen=True, slots=True)
class Division:
    """The nation, a province, a city or prefecture, or a county."""

    code: str  # six digits of GB/T 2260; "000000" is the nation
    name: str  # 湖南省
    short: str  # 湖南
    level: Level
    parents: tuple[str, ...]  # codes of the divisions above, highest first; the nation is not listed
    full: str  # 湖南省益阳市安化县
    english: tuple[str, ...] = ()

    @property
    def aliases(self) -> tuple[str, ...]:
        """The unabbreviated name and, for an autonomous division, the name without its peoples."""
        if found := _AUTONOMOUS.search(self.name):
            return (self.name, self.short + found[1])
        return (self.name,)


@dataclass(frozen=True, slots=True)
class Guard:
    """Context in which a short name is not the division: 保定 is not the city in 医保定点."""

    before: str = ""  # characters directly before the name
    after: str = ""
    words: tuple[str, ...] = ()  # longer words that contain the name


NATION = Division(
    NATION_CODE, "中华人民共和国", "中国", Level.NATION, (), "中华人民共和国", ("People's Republic of China",)
)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All divisions by code, their guards, and the codes of those whose short name occurs alone."""

    divisions: Mapping[str, Division]
    guards: Mapping[str, Guard]
    used_alone: frozenset[str]


@cache
def gazetteer() -> Gazetteer:
    """Reads the table, once per process."""
    divisions = {NATION_CODE: NATION}
    guards: dict[str, Guard] = {}
    used_alone = set()
    table = resources.files("corpus").joinpath("data", "divisions.tsv").read_text("utf-8")
    for line in table.splitlines():
        code, name, short, english, alone, before, after, words = line.split("\t")
        parents = tuple(c for c in _codes_above(code) if c in divisions)
        full = "".join(divisions[c].name for c in parents) + name
        divisions[code] = Division(
            code, name, short, _level(code), parents, full, tuple(english.split("|")) if english else ()
        )
        guards[code] = Guard(before, after, tuple(words.split("/")) if words else ())
        if alone == "1":
            used_alone.add(code)
    return Gazetteer(MappingProxyType(divisions), MappingProxyType(guards), frozenset(used_alone))


def _codes_above(code: str) -> tuple[str, ...]:
    above = (code[:2] + "0000", code[:4] + "00")
    return tuple(c for c in above if c != code)


def _level(code: str) -> Level:
    if code.endswith("0000"):
        return Level.PROVINCE
    return Level.CITY if code.endswith("00") else Level.COUNTY
