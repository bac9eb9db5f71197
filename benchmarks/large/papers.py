"""Papers of any number, recombined from the sentences of real articles.

A recombined article takes each of its sentences from another article, so that no two papers are alike, while
words, lengths and figures stay those of real provisions. Every paper has a title, a 文号, 22 articles and a
signature with a date; half of them are of a province or city of their own, the others of the nation. A third
has a term of five years, which for most of these papers is over. The same number gives the same paper.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.notation.numerals import numeral_of
from corpus.regions.divisions import NATION, Division, gazetteer

ARTICLES = 22
CLAUSES = ARTICLES + 2  # with title and signature
_SENTENCES, _SHARES = (2, 3, 4), (0.80, 0.15, 0.05)  # in an article
_DATED = 3  # one paper of so many has a term


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a real article, by its place among all of them."""

    text: str
    article: int


def paper(number: int, sentences: Sequence[Sentence], titles: Sequence[str]) -> bytes:
    """The text of one paper, as a file would contain it."""
    chance = random.Random(number)
    division = _divisions()[chance.randrange(len(_divisions()))] if number % 2 else NATION
    law = titles[chance.randrange(len(titles))].removeprefix("中华人民共和国")
    year, month, day = 2008 + number % 18, 1 + number % 12, 1 + number % 28
    issuer = "国务院办公厅" if division is NATION else f"{division.full}人民政府办公厅"
    code = "国办发" if division is NATION else f"{division.short[:2]}政办发"
    lines = [
        f"{issuer}关于{law}实施办法（第{number}号）",
        f"{code}〔{year}〕{number // 18 + 1}号",
        *(f"第{numeral_of(i)}条　{_article(chance, sentences)}" for i in range(1, ARTICLES)),
        f"第{numeral_of(ARTICLES)}条　{_last(number, chance, sentences)}",
        issuer,
        f"{year}年{month}月{day}日",
    ]
    return "\n".join(lines).encode()


def _article(chance: random.Random, sentences: Sequence[Sentence]) -> str:
    """Sentences of different articles."""
    (count,) = chance.choices(_SENTENCES, _SHARES)
    taken: dict[int, str] = {}
    while len(taken) < count:
        one = sentences[chance.randrange(len(sentences))]
        taken.setdefault(one.article, one.text)
    return "".join(taken.values())


def _last(number: int, chance: random.Random, sentences: Sequence[Sentence]) -> str:
    if number % _DATED:
        return _article(chance, sentences)
    return "本办法自印发之日起施行，有效期五年。"


@lru_cache(maxsize=1)
def _divisions() -> list[Division]:
    found = sorted(gazetteer().divisions.values(), key=lambda division: division.code)
    return [division for division in found if division is not NATION]
