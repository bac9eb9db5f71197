"""Proposes questions on enumerations: 支持甲、乙、丙等园区建设 → 支持哪些园区建设？"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.model import Span
from corpus.notation.characters import HAN
from corpus.regions.mentions import find_divisions
from evals.draft.model import Idea
from evals.draft.text import DOING, PHRASES, Named, Sentence, balanced, listed, points_back

_BEFORE = re.compile(rf"(?:{DOING.pattern})?(?:在|以|从|对|将|面向)?")
_ETC = re.compile(rf"等(?P<what>(?!级|次|候|价|效|同)[{HAN}].*)$")
# "围绕", "通过": manner or place, which needs the next part with the action
_FRAME = re.compile(rf"(?:{PHRASES.alternation('frame')}|[在以从])$")
_NEXT = 40  # characters of the next part that a question can include
# "养老院、福利院、康养机构等加快…": the enumerated items have no common name
_NAMELESS = re.compile(rf"{DOING.pattern}|{PHRASES.alternation('no_name')}|[为可均在对以与和及的]")
_BODIES = re.compile(rf"{PHRASES.alternation('listed_body')}$")
_PRODUCTS = re.compile(rf"{PHRASES.alternation('listed_product')}$")
_SOME = re.compile(rf"^{PHRASES.alternation('some')}")
# "持续加大对生物医药研发": an item that is more than a name
_NO_ITEM = re.compile(rf"{PHRASES.alternation('no_item')}|[的或对将把以按为]")
_PLACES = re.compile(r"地(?!区|方|理|标|产)")
_ITEMS = range(3, 9)  # number of items of an enumeration to ask for
_ITEM = range(2, 19)  # characters of one item
_ALONE = 12  # characters with which a question needs no context


def list_ideas(sentence: Sentence, named: Named) -> Iterator[Idea]:
    """Asks for the items of an enumeration."""
    for at in range(len(sentence.parts)):
        words = sentence.words(at)
        lead = _BEFORE.match(words)
        if lead is None or not lead[0]:
            continue
        found = _enumeration(words[lead.end() :]) or _regions(words[lead.end() :])
        if found is None:
            continue
        items, what = found
        asked, end = f"{lead[0]}{what}", at
        if _FRAME.search(lead[0]) and not DOING.search(what):
            end = at + 1
            if end == len(sentence.parts) or len(sentence.words(end)) > _NEXT:
                continue
            asked = f"{asked}{'' if lead[0].endswith('在') else '，'}{sentence.words(end)}"
        if points_back(asked) or len(asked) < _ALONE or not balanced(asked):
            continue
        span = Span(sentence.parts[at].start, sentence.parts[end].end)
        must = tuple((item,) for item in items)
        yield Idea("list", named.ask(asked), sentence.clause, (span,), must)


def _enumeration(words: str) -> tuple[list[str], str] | None:
    """Returns the items of "甲、乙、丙等…", and "哪些" with their common name."""
    etc = _ETC.search(words)
    if etc is None:
        return None
    items = [_SOME.sub("", item) for item in listed(words[: etc.start()])]
    whole = all(len(item) in _ITEM and balanced(item) and not _NO_ITEM.search(item) for item in items)
    what = _SOME.sub("", etc["what"])
    if len(items) not in _ITEMS or not whole or "等" in what or "及" in items[0]:
        return None
    if _PLACES.match(what):
        return items, f"哪些{_PLACES.sub('地方的', what, count=1)}"
    if not _NAMELESS.match(what):
        return items, f"哪些{what}"
    if all(map(_BODIES.search, items)):
        return items, f"哪些单位{what}"
    return (items, f"哪些产品的{what}") if all(map(_PRODUCTS.search, items)) else None


def _regions(words: str) -> tuple[list[str], str] | None:
    """Returns the regions in which a measure is planned: "武汉、黄石、仙桃建设…"."""
    mentions = find_divisions(words)
    items, end = [], 0
    for mention in mentions:
        if mention.start != end:
            break
        items.append(mention.words)
        end = mention.end
        if words[end : end + 1] != "、":
            break
        end += 1
    rest = words[end:]
    if len(items) not in _ITEMS or not DOING.match(rest):
        return None
    return items, f"哪些地方{rest}"
