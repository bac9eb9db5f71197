"""Makes training pairs of a question and a sentence, with what the sentence is to the question.

The sentences of an article are labelled by the words that the question names in it. A true claim also gives
contradictions: its sentence, changed where the question repeats it. Everything random comes from a
`random.Random` of the caller, so that a seed gives the same pairs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from random import Random
from typing import Final

from evals.public.files import SpanLine
from rag.evidence.context import in_context
from tools.reader.questions import REGION, Met, Question, Statement, Type

HELD_OUT: Final = 12  # one article of so many is held out
LONGEST: Final = 220  # characters of a sentence; few are longer, and the reader stops at 144 tokens

_SHORTEST = 4  # characters of a sentence
_SHORTEST_OTHER = 6  # a shorter sentence of another article is a heading
_SHORTEST_PART = 8  # a sentence that is part of the words must be longer
_BEGINNING = 12  # characters by which a sentence is found in words that span several
_SAME_ARTICLE = 0.5  # share of questions that also get another sentence of their article
_ALIKE = 0.4  # share of questions that also get a sentence of another paper with words of theirs
_DRAWN = 60  # sentences of other papers, of which the one with most words of the question is taken
_EDITED = 0.4  # share of true claims that also give a contradiction
_SPAN_SENTENCES = 14  # of a text of CMRC 2018
_SPAN_OTHER = 0.35  # share of its questions that also get a sentence of another text

# "第一款。"
_SENTENCE = re.compile(r"[^。！？；!?;\n]+[。！？；!?;]?")
_ANOTHER = 0.25  # share of statements that are also read with a condition of another matter
_BLANK = re.compile(r"\s+")
# "20", "三" of 三日
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|[一二三四五六七八九十百]+(?=[年月日天倍元万人个家次项])")
_NUMERALS = "二三五六七十"
_FACTORS = (2, 3, 0.5, 5)
# A word, and one that turns the sentence into its opposite or into another rule.
_OPPOSITES = (
    ("提高", "降低"),
    ("增加", "减少"),
    ("鼓励", "禁止"),
    ("应当", "不得"),
    ("可以", "不得"),
    ("不得", "可以"),
    ("以上", "以下"),
    ("以下", "以上"),
    ("之前", "之后"),
    ("免收", "收取"),
    ("省级", "县级"),
    ("市", "县"),
    ("县级以上", "省级以上"),
    ("必须", "不必"),
    ("禁止", "允许"),
    ("支持", "限制"),
    ("免费", "收费"),
    ("全部", "部分"),
    ("每年", "每两年"),
    ("先", "后"),
)


# What begins a statement of an enterprise and a condition, which are read like a question and a sentence.
ENTERPRISE: Final = "企业："
CONDITION: Final = "条件："


class Label(IntEnum):
    """What a sentence is to a question, in the order of `index.model.Verdict`."""

    ANSWERS = 0
    UNSTATED = 1
    CONTRADICTS = 2
    OTHER = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with a sentence. `concerned`: the sentence has the words that the question is about.

    A true claim may come with a question that the sentence does not answer; so all that is said of it is that
    it is not contradicted. Another sentence of the same article may be on the matter or not.
    """

    question: str
    sentence: str  # after its context, as `rag.evidence.context` puts it
    labels: tuple[Label, ...]  # one of these is right; which one is not said
    article: str = ""  # empty: not of the questions of this folder
    type: Type = Type.STATED
    concerned: bool = False
    # The words of the sentence that answer, and those that contradict; empty: none does; None: not known.
    answering: str | None = None
    conflicting: str | None = None

    @property
    def label(self) -> Label:
        """The first of the labels."""
        return self.labels[0]

    @property
    def held_out(self) -> bool:
        """Whether the pair is for the figures and not for training."""
        return bool(self.article) and is_held_out(self.article)


def is_held_out(key: str) -> bool:
    """Whether pairs about an article, a clause or a condition are held out."""
    return sum(map(ord, key)) % HELD_OUT == 0


_LABELS = {
    Type.STATED: (Label.ANSWERS,),
    Type.NOT_STATED: (Label.UNSTATED,),
    Type.TRUE_CLAIM: (Label.ANSWERS, Label.UNSTATED),
    Type.FALSE_CLAIM: (Label.CONTRADICTS,),
}
_ELSEWHERE = (Label.UNSTATED, Label.OTHER)
_OF_STATEMENTS = {Met.MET: Label.ANSWERS, Met.OPEN: Label.UNSTATED, Met.UNMET: Label.CONTRADICTS}


@dataclass(frozen=True, slots=True)
class Article:
    """A text that questions are about, with the context of its sentences."""

    context: str
    text: str


def drawn(question: str, pool: Sequence[str], *, rng: Random) -> str:
    """Of some sentences drawn from `pool` the one that has most pairs of characters of the question."""
    wanted = _bigrams(question)
    some = rng.sample(pool, min(_DRAWN, len(pool)))
    return max(some, key=lambda sentence: len(wanted & _bigrams(sentence)))


def _bigrams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def sentences(text: str) -> list[str]:
    """The sentences of a text; parts between semicolons count as sentences."""
    found = (match[0].strip() for match in _SENTENCE.finditer(text))
    return [sentence for sentence in found if len(sentence) >= _SHORTEST]


def concerned(parts: Sequence[str], words: str) -> list[int]:
    """Places in `parts` of the sentences that have the words, or of which the words consist."""
    wanted, plain = _plain(words), [_plain(part) for part in parts]
    found = [i for i, p in enumerate(plain) if wanted in p or (len(p) > _SHORTEST_PART and p in wanted)]
    return found or [i for i, p in enumerate(plain) if p and p[:_BEGINNING] in wanted]


def edited(sentence: str, question: str, rng: Random) -> str | None:
    """The sentence with another number, where the question has the number, or else with a word turned round.

    None where there is nothing to change.
    """
    numbers = [match for match in _NUMBER.finditer(sentence) if match[0] in question]
    if numbers:
        match = rng.choice(numbers)
        return sentence[: match.start()] + _another(match[0], rng) + sentence[match.end() :]
    turned = [(word, opposite) for word, opposite in _OPPOSITES if word in sentence]
    if not turned:
        return None
    word, opposite = rng.choice(turned)
    return sentence.replace(word, opposite, 1)


def question_pairs(
    question: Question,
    article: Article,
    *,
    others: Sequence[str] = (),
    elsewhere: Sequence[str] = (),
    rng: Random,
) -> list[Pair]:
    """Pairs of a question with sentences of its article and of other articles.

    `others` are sentences that a search finds for the question outside its article, the best first, and
    `elsewhere` those of papers on other matters, all with their context. A question names no region, since
    the reader is asked without them. Returns no pair when no sentence has the words of the question.
    """
    text = question.question.replace(REGION, "")

    def pair(sentence: str, *labels: Label, concerned: bool = False) -> Pair:
        answering, conflicting = _decisive(question, sentence, labels, concerned=concerned)
        kind = question.type
        return Pair(text, sentence, labels, question.article, kind, concerned, answering, conflicting)

    def own(sentence: str) -> str:
        return in_context(article.context, sentence[:LONGEST])

    found: list[Pair] = []
    if question.type is not Type.MATTER:
        parts = sentences(article.text)
        places = concerned(parts, question.words)
        if not places:
            return []
        kept = places[:2] if question.type is Type.STATED else places[:1]
        found += [pair(own(parts[i]), *_LABELS[question.type], concerned=True) for i in kept]
        rest = [part for i, part in enumerate(parts) if i not in places]
        if rest and rng.random() < _SAME_ARTICLE:
            found.append(pair(own(rng.choice(rest)), *_ELSEWHERE))
        if question.type is Type.TRUE_CLAIM and rng.random() < _EDITED:
            wrong = edited(parts[kept[0]], text, rng)
            if wrong is not None:
                found.append(pair(own(wrong), Label.CONTRADICTS, concerned=True))
    elif not others:  # about another matter than the article
        parts = sentences(article.text)
        found += [pair(own(part), Label.OTHER) for part in rng.sample(parts, min(2, len(parts)))]
    if elsewhere and rng.random() < _ALIKE:
        found.append(pair(drawn(text, elsewhere, rng=rng), Label.OTHER))
    count, labels = (2, (Label.OTHER,)) if question.type is Type.MATTER else (1, _ELSEWHERE)
    usable = [other for other in others if len(other) >= _SHORTEST_OTHER]
    return found + [pair(other, *labels) for other in usable[:count]]


def _decisive(
    question: Question, sentence: str, labels: Sequence[Label], *, concerned: bool
) -> tuple[str | None, str | None]:
    """The words of the sentence that answer the question, and those that contradict it, as in `Pair`."""
    if not concerned or question.type is Type.NOT_STATED:
        return "", ""
    if question.type is Type.STATED:
        return question.answer if question.answer in sentence else None, ""
    if question.type is Type.FALSE_CLAIM:
        return None, question.right if question.right in sentence else None
    return None, None if labels == (Label.CONTRADICTS,) else ""  # a true claim, or its changed sentence


def span_pairs(spans: Sequence[SpanLine], texts: Mapping[str, str], *, rng: Random) -> list[Pair]:
    """Pairs of questions with known answer strings: CMRC 2018. `texts` are the texts by id."""
    parts = {key: sentences(text)[:_SPAN_SENTENCES] for key, text in texts.items()}
    everything = [sentence for of_text in parts.values() for sentence in of_text]
    found: list[Pair] = []
    for span in spans:
        having = [part for part in parts[span.doc] if span.answers[0] in part]
        without = [part for part in parts[span.doc] if span.answers[0] not in part]
        if not having or not without:
            continue
        answer = span.answers[0] if span.answers[0] in having[0][:LONGEST] else None
        labelled: list[tuple[str, tuple[Label, ...], str | None]] = [
            (having[0], (Label.ANSWERS,), answer),
            (rng.choice(without), _ELSEWHERE, ""),
        ]
        if rng.random() < _SPAN_OTHER:
            labelled.append((rng.choice(everything), (Label.OTHER,), ""))
        found += [
            Pair(span.question, sentence[:LONGEST], labels, answering=words, conflicting="")
            for sentence, labels, words in labelled
        ]
    rng.shuffle(found)
    return found


def statement_pairs(statements: Sequence[Statement], *, rng: Random) -> list[Pair]:
    """Pairs of what an enterprise says of itself and a condition: a quarter also with another condition."""
    found = [_of_statement(one, one.condition, _OF_STATEMENTS[one.verdict]) for one in statements]
    for one in rng.sample(statements, int(len(statements) * _ANOTHER)):
        other = rng.choice(statements)
        if other.id != one.id:
            found.append(_of_statement(one, other.condition, *_ELSEWHERE))
    return found


def _of_statement(one: Statement, condition: str, *labels: Label) -> Pair:
    return Pair(ENTERPRISE + one.statement, CONDITION + condition, labels, article=one.id)


def _plain(text: str) -> str:
    return _BLANK.sub("", text)


def _another(number: str, rng: Random) -> str:
    """A plausible other number, in digits or numerals as the given one."""
    if number[0].isdigit():
        other = str(int(float(number) * rng.choice(_FACTORS)) or 7)
        return f"{other}0" if other == number else other
    return rng.choice([numeral for numeral in _NUMERALS if numeral != number])
