"""Questions on who qualifies: 对…的…，给予…; 符合…条件的，…"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.model import Span
from evals.draft_model import Idea
from evals.draft_text import POINTS_BACK, Named, Sentence, balanced, listed, tidy

_GIVES = (
    "给予|予以|实行|优先|开辟|开通|开展|推荐|简化|纳入|不纳入|按规定|按照?|适当|推行|免于|免予|免除|提供|无需|可(?!用)|逐步"
    "|建立|加大|加强|加快|优化"
)
# "对首个获得注册批件的特殊化妆品新原料企业" and, behind a comma or not, "给予…补助"
_FOR = re.compile(r"对于?(?P<who>[^对].{5,40}?)(?:，|(?=给予|予以|实行|开展|开辟|开通))")
_BENEFIT = re.compile(rf"(?:{_GIVES})")
# "…等相关条件的": a part that ends so is a condition
_WHERE = re.compile(r".{8,40}(?<!目)的")
_NOUN = re.compile(r".*的(?P<noun>[^的]{2,12})$")
_PRODUCTS = re.compile(r"(?:药|药品|器械|新药|原料|产品|饮片|耗材|制剂|药械|装备|品种)$")
_BODIES = re.compile(r"(?:企业|机构|医院|单位|高校|院所|平台|中心|园区)$")
_OTHERS = re.compile(
    r"(?:项目|人才|团队|主体|地区|物品|方案|技术|服务|结果|品种|药店|个人|人员|保险|创新|成果|基地)$"
)
# "符合条件的企业": the answer would repeat the question
_SAYS_NOTHING = re.compile(r"符合(?:相关|有关|规定)?(?:条件|规定)的|.*目录内的")
_GOES_ON = re.compile("[对或但和及且]|其中|因此")
_LONGEST = 30  # characters of a condition that an answer can be held to word by word


def condition_ideas(sentence: Sentence, named: Named) -> Iterator[Idea]:
    """Who or what gets a benefit, one question for each benefit."""
    for at in range(len(sentence.parts)):
        yield from _who(sentence, named, at)
        yield from _where(sentence, named, at)


def _who(sentence: Sentence, named: Named, at: int) -> Iterator[Idea]:
    words = sentence.words(at)
    end = at
    if at + 1 < len(sentence.parts) and not re.search("给予|予以|实行|开展|开辟|开通", words):
        end = at + 1
        words = f"{words}，{sentence.words(end)}"
    match = _FOR.match(words)
    if match is None or POINTS_BACK.search(words):
        return
    who, benefit = match["who"], words[match.end() :]
    noun = _noun(who)
    if (
        not noun
        or _SAYS_NOTHING.match(who)
        or not _BENEFIT.match(benefit)
        or len(benefit) < 6
        or not balanced(who)
    ):
        return
    takes = "将" if benefit.startswith(("纳入", "不纳入")) else "对"
    question = named.ask(f"{takes}哪些{noun}{benefit}")
    span = Span(sentence.parts[at].start, sentence.parts[end].end)
    must = tuple((item,) for item in listed(who))
    if all(len(item) <= _LONGEST for item in listed(who)):
        yield Idea("condition", question, sentence.clause, (span,), must)


def _noun(who: str) -> str:
    """What is asked for, in a word or two: 研究型医院 of 深度参与…的研究型医院."""
    items = listed(who)
    if len(items) == 1:
        match = _NOUN.fullmatch(who)
        noun = match["noun"] if match else ""
        return noun if any(kind.search(noun) for kind in (_PRODUCTS, _BODIES, _OTHERS)) else ""
    if all(_PRODUCTS.search(item) for item in items):
        return "产品"
    return "单位" if all(_BODIES.search(item) for item in items) else ""


def _where(sentence: Sentence, named: Named, at: int) -> Iterator[Idea]:
    words = sentence.words(at)
    if at + 1 >= len(sentence.parts) or not _WHERE.fullmatch(words) or _GOES_ON.match(words):
        return
    benefit = sentence.words(at + 1)
    condition = words.removesuffix("的")
    if not _BENEFIT.match(benefit) or len(benefit) < 6 or len(condition) > _LONGEST or "分别" in benefit:
        return
    if POINTS_BACK.search(words + benefit):
        return
    question = named.ask(f"在什么情况下{benefit}")
    span = Span(sentence.parts[at].start, sentence.parts[at + 1].end)
    yield Idea("condition", question, sentence.clause, (span,), ((tidy(condition),),))
