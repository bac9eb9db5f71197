"""Proposes questions on amounts, percentages, counts, durations and target years, in the paper's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.model import Span
from corpus.notation.characters import HAN
from corpus.notation.figures import Figure, FigureKind, figures
from evals.draft.model import Idea
from evals.draft.text import DOING, PHRASES, WHEN, Named, Sentence, heading_of, points_back, tidy

_KINDS = (FigureKind.MONEY, FigureKind.PERCENT, FigureKind.COUNT, FigureKind.DURATION)
_NUMBERS = re.compile(r".*[0-9][,.]?")  # "3—5" of "3—5个", "6个月至12" of "6个月至12个月"
_DASHES = re.compile(r"\s*[-—–~～至到]\s*")
# "对新获批的国家级科技创新中心", "在化学药领域": a part that names the subject of the rest
_TOPIC = re.compile(r"(?:对于|对|在|针对|属于)(?!外)|为[^，]+提供")
_JOINT = re.compile(r"^(?:并且|并|且|还|其中)")
# "超100亿元企业3-5家": the verb is in an earlier part
_CUT_SHORT = re.compile(r"^(?:超过?|低于|高于|\d)")
# Words after a figure that make it part of a name or condition: "4类以上仿制药", "过1亿元的药品单品种"
_IN_A_NAME = re.compile(r"\s*的|\s*[（(]|岁|(?:以上|以下)?[^，]*的$")
# "第3个", "第15届130次", "等4个方面", "×100%"
_NO_FIGURE_BEHIND = re.compile(r"[第届、或等×/*=＝+－]\s*$")
# "北京、天津、上海、重庆4个直辖市": a count of the items before it
_NOUN_BEHIND = re.compile(rf"(?!以上|以下|以内|左右)[{HAN}]")
_KIND_OF = re.compile(r"[类级条]$|[0-9]月$")  # "4类", "12月"
_NEAR = re.compile(r"^\s*(?:左右|以上(?!应用|历史|经验|的))")
_FEW = 10  # from this number on the question is 多少 instead of 几
_LONGEST = 30  # characters of a figure; a longer one is a broken table
_LEAD = 6  # characters before the figure with which a part needs no context
_DIGITS = "0123456789"  # Chinese numerals occur in names as often as in figures: 三级医院, 一体化
_HAN = "零一二三四五六七八九十"
_PARTS_OF_AIM = 2


@dataclass(frozen=True, slots=True)
class _Blank:
    """A figure to ask for: its place, the interrogative that replaces it, and its accepted spellings."""

    span: Span
    word: str
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Context:
    """Earlier parts of the sentence, by number, and the field they belong to."""

    parts: tuple[int, ...]
    field: str  # "在中药领域"; empty where the parts name it


def figure_ideas(sentence: Sentence, named: Named) -> Iterator[Idea]:
    """Yields a question for every figure that an interrogative can replace in its sentence."""
    for at, part in enumerate(sentence.parts):
        blank = _blank(sentence, part)
        if blank is not None:
            yield from _amount(sentence, named, at, blank)
        yield from _year(sentence, named, at)


def _amount(sentence: Sentence, named: Named, at: int, blank: _Blank) -> Iterator[Idea]:
    context = _context(sentence, at, blank)
    if context is None:
        return
    text = sentence.document.text
    part = sentence.parts[at]
    rest = _NEAR.sub("", text[blank.span.end : part.end])
    asked = tidy(text[part.start : blank.span.start] + blank.word + rest)
    before = [_JOINT.sub("", sentence.words(i)) for i in context.parts]
    words = "，".join(filter(None, [context.field, *before, _JOINT.sub("", asked)]))
    if points_back(words):
        return
    start = sentence.parts[min([at, *context.parts])].start
    yield Idea("number", named.ask(words), sentence.clause, (Span(start, part.end),), (blank.spellings,))


def _context(sentence: Sentence, at: int, blank: _Blank) -> _Context | None:
    """Returns the context that a question on part `at` needs; None where it makes no question."""
    words, text = sentence.words(at), sentence.document.text
    if _CUT_SHORT.match(words) or "分别" in words:
        return None
    lead = _JOINT.sub("", tidy(text[sentence.parts[at].start : blank.span.start]))
    short = len(lead) < _LEAD and sentence.parts[at].end - blank.span.end < _LEAD
    leans = short or PHRASES.has("leans", words) or not (DOING.match(words) or _TOPIC.match(words))
    # A part with another figure would make it a question on two.
    before = [at - 1] if at > 0 and leans and not _measured(sentence.words(at - 1)) else []
    topic = [i for i in range(at) if _TOPIC.match(sentence.words(i))][-1:]
    times = [i for i in range(at) if WHEN.fullmatch(sentence.words(i))]
    if short and not (before or topic):
        return None
    alone = at > 0 and leans and not (before or topic or times)
    heading = f"在“{heading_of(sentence.clause)}”方面" if alone and heading_of(sentence.clause) else ""
    field = "" if topic or _TOPIC.match(words) else sentence.area or heading
    return _Context(tuple(sorted({*before, *topic, *times})), field)


def _measured(words: str) -> list[Figure]:
    """Returns the figures that the words state in digits."""
    return [f for f in figures(words) if f.kind in _KINDS and words[f.span.start] in _DIGITS]


def _blank(sentence: Sentence, part: Span) -> _Blank | None:
    """Returns the last figure of the part, or None where it cannot be asked for."""
    text = sentence.document.text
    found = _measured(part.of(text))
    if not found:
        return None
    last = found[-1]
    begin = last.span.start + part.start
    if len(found) > 1 and _is_range(found[-2], last, part.of(text)):
        begin = found[-2].span.start + part.start
    span = Span(begin, last.span.end + part.start)
    before, after = text[part.start : span.start], text[span.end : part.end]
    if not _can_be_taken_out(before, span.of(text), after, last.kind):
        return None
    return _asked_for(span, last, text, after)


def _can_be_taken_out(before: str, written: str, after: str, kind: FigureKind) -> bool:
    """Whether the figure is a statement, not part of a name, a formula or an enumeration."""
    if (
        len(written) > _LONGEST
        or _NO_FIGURE_BEHIND.search(before)
        or _IN_A_NAME.match(after)
        or after.startswith("、")
    ):
        return False
    if any(before.count(a) > before.count(b) for a, b in ("（）", "()")):
        return False
    sums_up = "、" in before and _NOUN_BEHIND.match(after) is not None
    return not (_KIND_OF.search(written) or (kind is FigureKind.COUNT and sums_up))


def _is_range(first: Figure, second: Figure, words: str) -> bool:
    between = words[first.span.end : second.span.start]
    return first.kind is second.kind and _DASHES.fullmatch(between) is not None


def _asked_for(span: Span, figure: Figure, text: str, after: str) -> _Blank:
    written = tidy(span.of(text))
    if figure.kind is FigureKind.PERCENT:
        return _Blank(span, "百分之多少", _spellings(written, figure))
    unit = _NUMBERS.sub("", written)
    few = max(int(number) for number in re.findall(r"\d+", written)) <= _FEW and "." not in written
    small = few and figure.kind is not FigureKind.MONEY and not after.startswith("以上")
    return _Blank(span, ("几" if small else "多少") + unit, _spellings(written, figure))


def _spellings(written: str, figure: Figure) -> tuple[str, ...]:
    """Returns the figure as the paper writes it, and other spellings that an answer may use."""
    found = [written]
    numbers = re.findall(r"[0-9.]+", written)
    if len(numbers) == 2:
        found.append(_DASHES.sub("至", written))
    elif figure.kind is FigureKind.PERCENT and written.endswith("%"):
        found.append(f"百分之{_in_han(numbers[0])}")
    elif figure.kind in (FigureKind.DURATION, FigureKind.COUNT):
        found.append(written.replace(numbers[0], _in_han(numbers[0])))
    elif written.endswith(("万元", "亿元")):
        found.append(written.removesuffix("元"))
    return tuple(dict.fromkeys(found))


def _in_han(number: str) -> str:
    """Returns a whole number below a hundred in Chinese characters, any other unchanged."""
    if not number.isdecimal() or not 0 < int(number) < 100:
        return number
    tens, ones = divmod(int(number), 10)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{_HAN[tens]}十"
    return ten + (_HAN[ones] if ones else "")


def _year(sentence: Sentence, named: Named, at: int) -> Iterator[Idea]:
    """Asks by when a target is due: "力争到哪一年，浙江…达到7%左右？"."""
    when = WHEN.fullmatch(sentence.words(at))
    if when is None or when["year"] is None:
        return
    for end in range(at + 1, min(at + 1 + _PARTS_OF_AIM, len(sentence.parts))):
        if _measured(sentence.words(end)):
            aim = "，".join(sentence.words(i) for i in range(at + 1, end + 1))
            question = named.ask(f"{when[0].replace(when['year'], '哪一年')}，{aim}")
            span = Span(sentence.parts[at].start, sentence.parts[end].end)
            yield Idea("number", question, sentence.clause, (span,), ((when["year"],),))
            return
