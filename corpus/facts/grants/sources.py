"""Reads who pays: 由省级专项资金列支, 市财政给予, 资金从失业保险基金中列支."""

from __future__ import annotations

import re
from typing import Final

from corpus.facts.grants.words import pattern
from corpus.facts.sentences import Sentence
from corpus.model import Span

_NAME = r"(?P<name>[^，,。；;由从对的]{0,30}?"
_PAID_FROM: Final = pattern(
    "payer",
    before=rf"(?:由|从|通过|在){_NAME}",
    after=r"(?:专项)?(?:资金|经费)?)(?!部门|性|指定|企业)(?:中|里|内)?(?P<verb>[^，,。；;]{0,10}?(?:列支|安排|承担|负担|支持|解决|支出|支付|给予|予以|核拨|按|拨付|补助|再))",
)
_PAYS: Final = re.compile(
    r"(?:\A|可|，)(?:落实|鼓励|支持)?(?P<name>[^，,。；;由从对的可]{0,12}(?:财政|专项资金|发展资金|基金))(?=按|给予|予以|再|一次性|统筹|对|安排|分别|每)"
)
_MONEY_FROM = re.compile(
    r"(?:所需|上述|以上)?[^，,。对]{0,12}(?:资金|经费)(?:由|从).{0,40}(?:列支|安排|承担|负担|支持|解决|支出|支付|拨付)"
)
_FUND = re.compile(
    "(?:设立|发挥|依托|利用|用好|通过|规模[^，,。；]{0,12}的)[“]?(?P<name>[^，,。；“”的]{0,30}基金)(?!会)"
)
# "对…，给予2020年消费升级资金重点支持"
_GIVES_FUND: Final = re.compile(
    r"(?:给予|予以)(?P<name>[^，,。；;的]{4,30}?(?:专项资金|升级资金|发展资金))(?=[^，,。]{0,4}支持)"
)


def source(sentence: Sentence, start: int, end: int) -> Span | None:
    """Returns the source of the money in these offsets of the sentence; None where it is not named."""
    text = sentence.text[start:end]
    for words in (_PAID_FROM, _PAYS, _GIVES_FUND):
        found = words.search(text)
        if found:
            return sentence.place(start + found.start("name"), start + found.end("name"))
    return None


def fund(sentence: Sentence, start: int, end: int) -> Span | None:
    """Returns the fund out of which something is given: 发挥产业基金作用，对企业予以投资支持."""
    found = _FUND.search(sentence.text, start, end)
    return sentence.place(found.start("name"), found.end("name")) if found else None


def only_source(text: str) -> bool:
    """Whether a sentence says nothing but where the money comes from: 所需资金由市财政承担."""
    return bool(_MONEY_FROM.match(text)) and bool(_PAID_FROM.search(text))
