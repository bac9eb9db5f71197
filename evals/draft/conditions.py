"""Proposes questions on who qualifies: 对…的…，给予…; 符合…条件的，…"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.model import Span
from evals.draft.model import Idea
from evals.draft.text import DOING, PHRASES, Named, Sentence, balanced, grants, listed, points_back, tidy

# "对首个获得注册批件的特殊化妆品新原料企业" as a part, and "对…的研究型医院给予…补助" in one
_FOR = re.compile(r"对于?(?P<who>[^对].{4,39})")
_FOR_IN_ONE = re.compile(
    rf"对于?(?P<who>[^对].{{4,39}}?)(?P<benefit>{PHRASES.alternation('granted')}.{{4,}})"
)
# "…等相关条件的": a part that ends with this is a condition
_WHERE = re.compile(r".{8,40}(?<!目)的")
_NOUN = re.compile(r".*的(?P<noun>[^的]{2,20})$")
_PRODUCTS = re.compile(rf"{PHRASES.alternation('product')}$")
_BODIES = re.compile(rf"{PHRASES.alternation('body')}$")
_OTHERS = re.compile(rf"{PHRASES.alternation('other_noun')}$")
# "符合条件的企业": the answer would repeat the question
_SAYS_NOTHING = re.compile(rf"{PHRASES.alternation('any_condition')}的|.*目录内的")
_GOES_ON = re.compile("[对或但和及且]|其中|因此")
# Words before it are no predicate: "对…", "为…", "由…"
_NO_SUBJECT = re.compile("[对为由在将把按以从因自经被使或但和并]|根据|通过|围绕|其中|属于")
_RULE = 6  # minimum characters of a rule
_LONGEST = 36  # characters of a condition that an answer can be required to contain verbatim


def condition_ideas(sentence: Sentence, named: Named) -> Iterator[Idea]:
    """Asks who or what gets a benefit, one question for each benefit."""
    for at in range(len(sentence.parts)):
        yield from _who(sentence, named, at)
        yield from _which(sentence, named, at)
        yield from _where(sentence, named, at)


def _who(sentence: Sentence, named: Named, at: int) -> Iterator[Idea]:
    words = sentence.words(at)
    after = sentence.words(at + 1) if at + 1 < len(sentence.parts) else ""
    match = _FOR.fullmatch(words) if grants(after) else None
    end = at if match is None else at + 1
    match = match or _FOR_IN_ONE.fullmatch(words)
    if match is None:
        return
    benefit = after if end > at else match["benefit"]
    takes = "将" if benefit.startswith(("纳入", "不纳入")) else "对"
    yield from _asked(sentence, named, (at, end), match["who"], benefit, before=takes)


def _which(sentence: Sentence, named: Named, at: int) -> Iterator[Idea]:
    """Asks which ones may, need not, or must: 不涉及…的项目，可不进入化工园区."""
    words = sentence.words(at)
    after = sentence.words(at + 1) if at + 1 < len(sentence.parts) else ""
    if PHRASES.has("ruled", after) and not (DOING.match(words) or _NO_SUBJECT.match(words)):
        yield from _asked(sentence, named, (at, at + 1), words, after)


def _asked(
    sentence: Sentence, named: Named, parts: tuple[int, int], who: str, ruled: str, *, before: str = ""
) -> Iterator[Idea]:
    """Asks for whom or what `ruled` applies, where the answer is specific and can be checked."""
    items, noun = listed(who), _noun(who)
    if not noun or len(ruled) < _RULE or max(map(len, items)) > _LONGEST or _SAYS_NOTHING.match(who):
        return
    if points_back(who + ruled) or not balanced(who) or "分别" in ruled:
        return
    span = Span(sentence.parts[parts[0]].start, sentence.parts[parts[1]].end)
    must = tuple((item,) for item in items)
    yield Idea("condition", named.ask(f"{before}哪些{noun}{ruled}"), sentence.clause, (span,), must)


def _noun(who: str) -> str:
    """Returns the noun to ask for: 研究型医院 of 深度参与…的研究型医院."""
    items = listed(who)
    match = _NOUN.fullmatch(items[-1])
    noun = match["noun"] if match else ""
    kinds = (_PRODUCTS, _BODIES, _OTHERS)
    # "已备案、先行投入自筹资金的企业": several conditions on one kind of things
    alike = len(items) == 1 or not any(kind.search(item) for kind in kinds for item in items[:-1])
    if alike:
        return noun if any(kind.search(noun) for kind in kinds) else ""
    if all(_PRODUCTS.search(item) for item in items):
        return "产品"
    return "单位" if all(_BODIES.search(item) for item in items) else ""


def _where(sentence: Sentence, named: Named, at: int) -> Iterator[Idea]:
    words = sentence.words(at)
    if at + 1 >= len(sentence.parts) or not _WHERE.fullmatch(words) or _GOES_ON.match(words):
        return
    benefit = sentence.words(at + 1)
    condition = words.removesuffix("的")
    if not grants(benefit) or len(benefit) < _RULE or len(condition) > _LONGEST or "分别" in benefit:
        return
    if points_back(words + benefit):
        return
    question = named.ask(f"在什么情况下{benefit}")
    span = Span(sentence.parts[at].start, sentence.parts[at + 1].end)
    yield Idea("condition", question, sentence.clause, (span,), ((tidy(condition),),))
