"""Reads who gets something other than money, and who has to act for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.facts import conditions, thresholds
from corpus.facts.grants.words import GIVING
from corpus.facts.model import FactKind, Threshold
from corpus.facts.sentences import Sentence
from corpus.model import Span
from corpus.notation.phrase_table import PhraseTable

_TABLE = PhraseTable.read("corpus", "receivers.tsv")
_BEGINS = r"(?:^|[，,：:）)；;])"
# "对临床急需药械…", "部门对进口业务量大的单位…"
_TO = re.compile(rf"(?:{_BEGINS}|加大|{_TABLE.alternation('acting')})(?:并)?对于?")
_TAKEN = re.compile("[将把]")
_SERVED = re.compile(rf"(?:{_BEGINS}|平台|{_TABLE.alternation('acting')}){_TABLE.alternation('serves')}")
_ASKED = re.compile(rf"{_BEGINS}{_TABLE.alternation('asks')}")
_OPENED = re.compile(_TABLE.alternation("opens_for"))
_USED = re.compile(rf"(?:{_TABLE.alternation('uses')})(?P<who>[^，,。；]{{2,80}})$")
_ACTS, _TAKES, _DOES = (re.compile(_TABLE.alternation(sense)) for sense in ("acts", "takes", "does"))
_SERVES = re.compile("提供|开展|办理|争取|搭建|发放|开辟|开设|减免|减收|免费|组织|解决")
_JOINED = re.compile(
    rf"[，,](?:以及|及|和|或者|或|并且|且|(?!{_TABLE.alternation('asks')}|{_TABLE.alternation('acts')})(?=[^，,]{{0,40}}的))"
)
_THING = re.compile(
    rf"(?:{GIVING.alternation('entity')}|{_TABLE.alternation('things')})(?:等|[（(][^（()）]*[)）])*[”\"]?\Z"
)
_COMMA = re.compile("[，,]")
_OF, _ITS = "的", "其"
_TOPIC = re.compile(r"^[^，,。；]{3,120}?的[^，,。；的]{0,20}(?=[，,])")
_NOT_WHO = re.compile(_TABLE.alternation("no_receiver"))
_WORKS = re.compile(rf"(?:{_TABLE.alternation('works')})+[“\"]?$")
_CALLED = frozenset({FactKind.MARKET_ACCESS, FactKind.PROCUREMENT})
_LONGEST = 200  # characters of the name of who gets something
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Receivers:
    """Who gets it, on what conditions, and who must act."""

    beneficiaries: tuple[Span, ...] = ()
    conditions: tuple[Span, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    must_act: Span | None = None


def of_benefit(sentence: Sentence, quote: Span, kind: FactKind, phrase: Span) -> Receivers:
    """Who gets the benefit that `phrase` promises; spans are offsets of the sentence."""
    text = sentence.text
    words = text[quote.start : quote.end]
    before = Span(quote.start, max(quote.start, phrase.start))
    reach = Span(quote.start, max(quote.start, phrase.end))
    actor: Span | None = None
    if kind in _CALLED and (used := _USED.search(words)) is not None:
        asked = _introduced(text, reach, _ASKED, _DOES)
        found = _introduced(text, reach, _TO, _ACTS)
        if found is None:
            found, actor = Span(quote.start + used.start("who"), quote.start + used.end("who")), asked
        return _receivers(sentence, found, actor)
    for opening, closing in ((_TO, _ACTS), (_TAKEN, _TAKES), (_SERVED, _SERVES), (_ASKED, _DOES)):
        found = _introduced(text, quote if opening is _TAKEN else reach, opening, closing)
        if found is not None:
            if opening is _TO:
                actor = _introduced(text, Span(before.start, found.start - 1), _ASKED, _DOES)
            return _receivers(sentence, found, actor)
    return _receivers(sentence, _topic(text, quote) or _opened_for(text, before, quote, phrase), None)


def of_limit(sentence: Sentence, quote: Span, what: Span | None) -> Receivers:
    """Whose time is limited; `what` takes the time. Spans are offsets of the sentence."""
    found = _introduced(sentence.text, quote, _TO, _ACTS) or _introduced(sentence.text, quote, _ASKED, _DOES)
    if found is None and what is not None:
        found = _without_works(sentence.text, what)
    return _receivers(sentence, found, None)


def _introduced(text: str, within: Span, opening: re.Pattern[str], closing: re.Pattern[str]) -> Span | None:
    """The noun behind the last opening that names somebody: 对…, 将…, 为…, 支持…."""
    for match in reversed(list(opening.finditer(text, within.start, within.end))):
        start = match.end()
        end = _noun_end(text, start, min(within.end, start + _LONGEST), closing)
        named = _named(text, Span(start, start + len(text[start:end].rstrip('，, “"'))))
        if named is not None:
            return named
    return None


def _named(text: str, span: Span) -> Span | None:
    """The name without words of working behind it (器械注册检验); None where it names nobody."""
    words = span.of(text)
    works = _WORKS.search(words)
    if works and _THING.search(words, 0, works.start()) and not _THING.search(words):
        words = words[: works.start()]
    if len(words) < _SHORTEST or words.startswith(_ITS) or _NOT_WHO.search(words):
        return None
    return Span(span.start, span.start + len(words))


def _noun_end(text: str, start: int, end: int, closing: re.Pattern[str]) -> int:
    """Where the noun ends: at a comma, or at a verb that is no part of its description."""
    stop = _sentence_part(text, start, end)
    # "新建项目的土地要素保障": 的 joins somebody with what they get
    owned = text.rfind(_OF, start, stop)
    if owned > 0 and _THING.search(text, start, owned) and not _is_thing_behind(text, owned, stop):
        return owned
    verbs = [match.start() for match in closing.finditer(text, start + _SHORTEST, stop)]
    for verb, following in zip(verbs, (*verbs[1:], stop), strict=False):
        if _THING.search(text, start, verb) and not _is_described(text, verb, following, stop):
            return verb
    if _THING.search(text, start, stop) or text[start:stop].endswith(_OF):
        return stop
    return next((verb for verb in verbs if verb > owned + 1), stop)


def _sentence_part(text: str, start: int, end: int) -> int:
    """The first comma, or the second where the first only joins: 创新药，以及创新医用耗材，."""
    comma = _COMMA.search(text, start, end)
    if comma is None:
        return end
    joined = _JOINED.match(text, comma.start(), end)
    if joined is None:
        return comma.start()
    second = _COMMA.search(text, joined.end(), end)
    return second.start() if second else end


def _is_thing_behind(text: str, owned: int, stop: int) -> bool:
    return any(_THING.search(text, owned + 1, end) for end in range(owned + 2, min(stop, owned + 24) + 1))


def _is_described(text: str, verb: int, following: int, stop: int) -> bool:
    """Whether the verb belongs to the description of a noun behind it: 对企业提供的产品给予…."""
    des = text.rfind(_OF, verb, stop)
    if des < 0:
        return False
    end = following if following > des else stop
    return _THING.search(text, des + 1, end) is not None or des + 1 == stop


def _topic(text: str, quote: Span) -> Span | None:
    """属于产业政策扶持方向的项目，实施优先审评: the first part names who gets it."""
    match = _TOPIC.match(text[quote.start : quote.end])
    if match is None or _OPENED.match(match[0]) or _ASKED.match(match[0]):
        return None
    return Span(quote.start, quote.start + match.end())


def _opened_for(text: str, before: Span, quote: Span, phrase: Span) -> Span | None:
    """建立创新药绿色通道, 引进顶尖人才: the words between the verb and the benefit, or behind it."""
    for match in reversed(list(_OPENED.finditer(text, before.start, before.end))):
        if text.find("，", match.end(), phrase.start) < 0 and phrase.start - match.end() >= _SHORTEST:
            return _without_works(text, Span(match.end(), phrase.start))
        break
    behind = text[phrase.end : quote.end]
    if text[: phrase.end].endswith("引进") and len(behind) >= _SHORTEST and "，" not in behind:
        return Span(phrase.end, quote.end)
    return None


def _without_works(text: str, what: Span) -> Span | None:
    """第二类医疗器械 of 第二类医疗器械注册技术审评时限."""
    words = what.of(text)
    works = _WORKS.search(words)
    end = works.start() if works else len(words.rstrip('“"'))
    return Span(what.start, what.start + end) if end > _SHORTEST else None


def _receivers(sentence: Sentence, found: Span | None, actor: Span | None) -> Receivers:
    text = sentence.text
    act = sentence.place(actor.start, actor.end) if actor is not None else None
    if found is None or found.end - found.start < _SHORTEST or _NOT_WHO.search(found.of(text)):
        return Receivers(must_act=act)
    restricted = tuple(sentence.place(*one) for one in conditions.within(text, found.start, found.end))
    figures = tuple(thresholds.thresholds_in(text, found.start, found.end, offset=sentence.span.start))
    return Receivers((sentence.place(found.start, found.end),), restricted, figures, act)
