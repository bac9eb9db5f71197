"""Makes claims and questions from sentences of laws: many, and worded like the sentence.

A model that has read few false claims compares words, and not which figure belongs to whom. These pairs
teach that: a part of a sentence in slightly other words is true; with another figure, body or direction it is
false; asked for its figure or body it is answered by the sentence, and not by the sentence without them. They
do not replace written questions, whose wording they do not have, and are for training only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from rag.evidence.context import in_context
from tools.reader.figures import figure_in_other_words, other_figure
from tools.reader.pairs import LONGEST, Article, Label, Pair, sentences

_SHORTEST, _LONGEST_SENTENCE = 14, 200  # characters of a sentence
_PART = (8, 64)  # characters of the part that is claimed
_QUESTION = (5, 90)  # characters of a question
_TRIES = 6
_FIGURED = 2  # sentences with a figure of an article, besides one drawn
_FALSE = 2  # false claims of a sentence
_IN_A_BODY_OF_THE_SENTENCE = 0.6  # share of false bodies that the sentence names for something else
_CHANGED_SENTENCE = 0.5  # share of sentences that are changed where the question stays as it was
_NEIGHBOUR = 0.35  # share of claims also paired with another sentence of their article

_PIECE = re.compile("[，,；;：:]")
# "第三条", "（二）" at the beginning
_LABEL = re.compile(r"\A(?:第[一二三四五六七八九十百]+条|[（(][一二三四五六七八九十]+[）)]|\d+[.、])[\s　]*")
FIGURE: Final = re.compile(
    r"(?P<number>[0-9]+(?:\.[0-9]+)?|百分之[一二三四五六七八九十百]{1,6}|[一二三四五六七八九十百]{1,5})"
    "(?P<unit>个?工作日|日内|日|天|个月|年|万元|元|倍|人|％|%|次|小时|级|周岁|公里|米|平方米)"
)
_BODY = re.compile(
    "(?:国务院|省级|市级|县级以上(?:地方)?|设区的市级|省、自治区、直辖市|当地|本级)?(?:人民)?(?:政府)?"
    "[一-龥]{2,8}?(?:主管部门|行政部门|监督管理部门|管理部门|机关|人民法院|委员会|管理局|人民政府)"
)
# A word of laws, and one that people say for it.
_SAME = (
    ("应当", "要"),
    ("应当", "必须"),
    ("不得", "不能"),
    ("不得", "不可以"),
    ("可以", "能"),
    ("可以", "允许"),
    ("禁止", "不准"),
    ("以上", "及以上"),
    ("以下", "及以下"),
    ("不超过", "最多"),
    ("申请", "申办"),
    ("规定", "要求"),
    ("缴纳", "交"),
    ("责令", "要求"),
    ("提交", "递交"),
    ("颁发", "发"),
    ("给予", "给"),
    ("负责", "管"),
    ("需要", "要"),
    ("同意", "批准"),
    ("期限", "时限"),
    ("组织", "安排"),
    ("违反", "不遵守"),
    ("未经", "没有"),
    ("及时", "尽快"),
    ("公民", "个人"),
    ("予以", "给予"),
    ("变更", "更改"),
    ("注销", "取消"),
    ("日内", "天内"),
    ("有权", "可以"),
    ("依法", ""),
    ("或者", "或"),
    ("进行", ""),
    ("按照", "照"),
    ("有关", ""),
    ("相关", ""),
    ("支付", "付"),
    ("收取", "收"),
)
# A word, and one that makes the claim false.
_OPPOSITE = (
    ("应当", "不得"),
    ("应当", "可以不"),
    ("应当", "不需要"),
    ("不得", "可以"),
    ("不得", "应当"),
    ("可以", "不得"),
    ("可以", "必须"),
    ("禁止", "允许"),
    ("必须", "不必"),
    ("以上", "以下"),
    ("以下", "以上"),
    ("之前", "之后"),
    ("之后", "之前"),
    ("以前", "以后"),
    ("提高", "降低"),
    ("增加", "减少"),
    ("鼓励", "限制"),
    ("支持", "禁止"),
    ("免收", "收取"),
    ("免费", "收费"),
    ("全部", "部分"),
    ("有权", "无权"),
    ("不超过", "不低于"),
    ("不低于", "不超过"),
    ("高于", "低于"),
    ("从重", "从轻"),
    ("公开", "保密"),
    ("书面", "口头"),
    ("同意", "拒绝"),
    ("无偿", "有偿"),
    ("个人", "单位"),
    ("单位", "个人"),
    ("省级", "县级"),
    ("县级以上", "省级以上"),
    ("设区的市", "县"),
    ("不予", "应当予以"),
    ("予以", "不予"),
    ("未经", "经"),
    ("不适用", "适用"),
    ("适用", "不适用"),
    ("除外", "也包括在内"),
    ("至少", "至多"),
    ("每年", "每两年"),
    ("不再", "继续"),
    ("无需", "必须"),
    ("不包括", "包括"),
)
_BEFORE = (
    "",
    "",
    "",
    "",
    "",
    "听说",
    "我听说",
    "请问",
    "据说",
    "是不是",
    "既然",
    "如果",
    "想问下，",
    "咨询：",
)
_AFTER = (
    *("", "？", "吗", "吗？", "对吗", "对吧", "是不是", "，是真的吗", "，是这样吗", "没错吧"),
    *("，那去哪里办", "，具体怎么办", "，要带什么材料", "，有依据吗", "，怎么申请", "，找谁", "，该怎么操作"),
)
_WHO = ("哪个部门", "谁", "什么部门", "哪个单位")
_ASKED = {
    "日": "几天",
    "日内": "几天内",
    "天": "几天",
    "个月": "几个月",
    "年": "几年",
    "万元": "多少钱",
    "元": "多少钱",
    "倍": "几倍",
    "人": "多少人",
    "次": "几次",
    "小时": "几个小时",
    "％": "百分之多少",
    "%": "百分之多少",
    "工作日": "几个工作日",
    "个工作日": "几个工作日",
    "周岁": "多大年纪",
    "平方米": "多大面积",
    "公里": "多远",
    "米": "多远",
    "级": "几级",
}
_LEFT_OUT = "规定的数量"  # stands where a figure was


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, and a part of it that is claimed."""

    context: str
    text: str
    part: str
    rest: Sequence[str]  # the other sentences of the article

    @property
    def read(self) -> str:
        return in_context(self.context, self.text[:LONGEST])


def made_pairs(articles: Sequence[Article], *, rng: Random) -> list[Pair]:
    """Pairs made from one sentence of each article and from those with figures."""
    bodies = sorted({match[0] for article in articles for match in _BODY.finditer(article.text)})
    found = [
        pair
        for article in articles
        for sentence in _sentences(article, rng)
        for pair in _of_sentence(sentence, bodies, rng)
    ]
    return [pair for pair in found if _QUESTION[0] <= len(pair.question) <= _QUESTION[1]]


def _sentences(article: Article, rng: Random) -> Iterator[_Sentence]:
    parts = [_LABEL.sub("", part) for part in sentences(article.text)]
    parts = [part for part in parts if _SHORTEST <= len(part) <= _LONGEST_SENTENCE]
    drawn = rng.sample(parts, min(1, len(parts)))
    drawn += [part for part in parts if FIGURE.search(part) and part not in drawn][:_FIGURED]
    for text in drawn:
        part = _part(text, rng)
        if part is not None:
            yield _Sentence(article.context, text, part, [one for one in parts if one != text])


def _part(text: str, rng: Random) -> str | None:
    """Some clauses of a sentence that follow one another, with a figure where there is one."""
    pieces = [piece for piece in _PIECE.split(text.rstrip("。；;！？")) if piece.strip()]
    found = None
    for _ in range(_TRIES):
        first, count = rng.randrange(len(pieces)), rng.choice((1, 1, 2, 2, 3))
        part = "，".join(pieces[first : first + count])
        if _PART[0] <= len(part) <= _PART[1]:
            found = part
            if FIGURE.search(part) or not FIGURE.search(text):
                break
    return found


def _of_sentence(one: _Sentence, bodies: Sequence[str], rng: Random) -> Iterator[Pair]:
    part = one.part
    yield _claim(part, one.read, rng, Label.ANSWERS)
    wrong = list(_wrong(one, bodies, rng))
    for claim in rng.sample(wrong, min(_FALSE, len(wrong))):
        yield _claim(claim, one.read, rng, Label.CONTRADICTS)
    if wrong and part in one.text and rng.random() < _CHANGED_SENTENCE:
        claim = rng.choice(wrong)
        changed = in_context(one.context, one.text.replace(part, claim)[:LONGEST])
        yield _claim(part, changed, rng, Label.CONTRADICTS)
        yield _claim(claim, changed, rng, Label.ANSWERS)
    yield from _asked_for_figure(one, rng)
    yield from _asked_for_body(one, rng)
    if one.rest and rng.random() < _NEIGHBOUR:
        neighbour = in_context(one.context, rng.choice(one.rest)[:LONGEST])
        yield _claim(part, neighbour, rng, Label.UNSTATED, Label.OTHER)


def _wrong(one: _Sentence, bodies: Sequence[str], rng: Random) -> Iterator[str]:
    """The part with one thing changed: a figure, a figure of something else, a body, a direction."""
    part = one.part
    figures = list(FIGURE.finditer(part))
    if figures:
        figure = rng.choice(figures)
        yield _replaced(part, figure, other_figure(figure["number"], figure["unit"], rng))
        others = [
            other[0]
            for other in FIGURE.finditer(one.text)
            if other["unit"] == figure["unit"] and other[0] != figure[0]
        ]
        if others:
            yield _replaced(part, figure, rng.choice(others))
    named = list(_BODY.finditer(part))
    if named:
        body = rng.choice(named)
        own = [match[0] for match in _BODY.finditer(one.text)]
        own = [other for other in own if other not in body[0] and body[0] not in other]
        other = rng.choice(own if own and rng.random() < _IN_A_BODY_OF_THE_SENTENCE else bodies)
        if other not in body[0] and body[0] not in other:
            yield _replaced(part, body, other)
    turned = [(word, opposite) for word, opposite in _OPPOSITE if word in part]
    if turned:
        word, opposite = rng.choice(turned)
        yield part.replace(word, opposite, 1)


def _asked_for_figure(one: _Sentence, rng: Random) -> Iterator[Pair]:
    figures = [match for match in FIGURE.finditer(one.part) if match["unit"] in _ASKED]
    if not figures:
        return
    figure = rng.choice(figures)
    question = _reworded(_replaced(one.part, figure, _ASKED[figure["unit"]]), rng) + rng.choice(
        ("？", "", "呢")
    )
    yield Pair(question, one.read, (Label.ANSWERS,), answering=figure[0], conflicting="")
    without = one.text.replace(figure[0], _LEFT_OUT, 1)
    if figure[0] not in without:
        sentence = in_context(one.context, without[:LONGEST])
        yield Pair(question, sentence, (Label.UNSTATED,), answering="", conflicting="")


def _asked_for_body(one: _Sentence, rng: Random) -> Iterator[Pair]:
    body = _BODY.search(one.part)
    if body is None:
        return
    question = _reworded(_replaced(one.part, body, rng.choice(_WHO)), rng) + "？"
    yield Pair(question, one.read, (Label.ANSWERS,), answering=body[0], conflicting="")
    without = one.text.replace(body[0], "", 1)
    if body[0] not in without:
        sentence = in_context(one.context, without[:LONGEST])
        yield Pair(question, sentence, (Label.UNSTATED,), answering="", conflicting="")


def _claim(part: str, sentence: str, rng: Random, *labels: Label) -> Pair:
    question = f"{rng.choice(_BEFORE)}{_reworded(part, rng)}{rng.choice(_AFTER)}"
    return Pair(question, sentence, labels, conflicting=None if Label.CONTRADICTS in labels else "")


def _reworded(text: str, rng: Random) -> str:
    """The text with up to three words said in other words, and figures written otherwise."""
    said = [(word, other) for word, other in _SAME if word in text]
    for word, other in rng.sample(said, min(rng.randrange(4), len(said))):
        text = text.replace(word, other, 1)
    text = FIGURE.sub(lambda match: figure_in_other_words(match["number"], match["unit"], rng), text)
    first, comma, rest = text.partition("，")
    return f"{rest}，{first}" if comma and rng.random() < 1 / 6 else text


def _replaced(text: str, match: re.Match[str], other: str) -> str:
    return text[: match.start()] + other + text[match.end() :]
