"""Words a follow-up as a question that a person would ask who had said nothing before.

The words to search for are another matter: `rag.question.dialogue.follow_up` joins them, so that no word is
lost that may find the clause. These sentences are shown to the user as the question that was understood.
"""

from __future__ import annotations

import re

from corpus.notation.characters import HAN
from corpus.notation.phrase_table import PhraseTable

_PHRASES = PhraseTable.read("rag", "follow_ups.tsv")
_ENDS = " 　，,。？?！!；;"
# "医院， 最高": a blank that was left where the name of a place was
_BLANK = re.compile(rf"(?<=[{HAN}，。？！“”（）〕》])\s+|(?<!\s)\s+(?=[{HAN}，。？！“”（）〔《])")
_VERB = 2  # characters of a verb
_HAN = re.compile(rf"[{HAN}]")
# "奖补", "支持政策": what 有哪些 asks for, at the end of a question
_NOUN = re.compile(rf"[{HAN}]{{2,8}}")


def with_place(place: str, text: str) -> str:
    """Returns a question with the place or paper put before it that it is about."""
    own = without_opening(text)
    if not place or own.startswith(place):
        return own
    return _closed(f"{place}{own.lstrip(_ENDS)}") if _HAN.search(own) else f"{own} ({place})"


def without_opening(text: str) -> str:
    """Returns a follow-up without the words that only tie it to the turn before: 那…, 然后…"""
    rest = _PHRASES.without("opening", text.strip()).lstrip(_ENDS)
    return rest if any(char.isalnum() for char in rest) else text.strip()


def subject_asked(text: str) -> tuple[str, str]:
    """Returns the subject of 那…呢 and what is asked of it after that; two empty texts for another form.

    >>> subject_asked("那养犬呢，最多养几只？")
    ('养犬', '最多养几只？')
    """
    subject, found, rest = text.partition("呢")
    if not found or (rest and rest[0] not in _ENDS) or any(char in _ENDS for char in subject.strip()):
        return "", ""
    return without_opening(subject), rest.strip(_ENDS) and rest.lstrip(_ENDS)


def asked_of(subject: str, earlier: str) -> str:
    """Returns what `earlier` asks, asked of another subject; empty where its own cannot be told.

    >>> asked_of("第三类创新器械", "首次获批的创新药奖多少？")
    '第三类创新器械奖多少？'
    """
    parts = _parts(earlier)
    if parts is None or subject.endswith("的"):
        return ""
    own, asks = parts
    acts = any(span.start == 0 for span in _PHRASES.spans("modal", own))
    alone = len(own) > 1 and not acts and not any(char in _ENDS for char in own)
    return _closed(subject + asks) if alone else ""


def simply_asked(subject: str) -> str:
    """Returns a question about a subject of its own: 养犬登记费 → 养犬登记费是多少？"""
    return _closed(subject + ("是多少" if _PHRASES.has("quantity", subject) else "呢"))


def matter_of(question: str) -> str:
    """Returns what a question is about, as the beginning of another: without 吗, and without 多少 at its end.

    >>> matter_of("湖南首次获批的创新药奖多少？")
    '湖南首次获批的创新药奖'
    """
    words = question.strip(_ENDS)
    stated = _PHRASES.without("asks_whether", words).strip(_ENDS) or words
    for end in _PHRASES.spans("asks_at_end", stated):
        at = _before(stated, end.start, "modal")
        if at > 1:
            return stated[:at].strip(_ENDS)
    for asks in _PHRASES.spans("asks_for", stated):
        named = stated[asks.end :]
        if asks.start > 1 and _NOUN.fullmatch(named):
            return f"{stated[: asks.start]}的{named}"
    return stated


def continued(matter: str, text: str) -> str:
    """Returns a follow-up after the matter that it refers to, in one sentence or, in two languages, two."""
    own = without_opening(text)
    if not _HAN.search(own) or (matter and not _HAN.search(matter)):
        return f"{matter.strip()} {text.strip()}".strip()
    topic = matter_of(matter)
    return _closed(f"{topic}，{own}" if topic else own)


def spoken(text: str) -> str:
    """Returns `text` without the blanks beside Han characters."""
    return _BLANK.sub("", text.strip())


def _closed(text: str) -> str:
    """Returns a sentence that ends with a question mark."""
    sentence = spoken(text)
    return sentence if sentence.endswith(("？", "?", "。", "！")) else sentence.rstrip(_ENDS) + "？"


def _parts(question: str) -> tuple[str, str] | None:
    """Returns the subject of a question and what it asks of it, or None where it asks with no known word."""
    asks = _PHRASES.spans("asks", question)
    if not asks:
        return None
    at = _before(question, asks[0].start, "modal", "grants")
    # 要培育几个, 能享受多少: a verb between what may be and how much.
    modal = [span for span in _PHRASES.spans("modal", question[:at]) if at - span.end <= _VERB]
    if modal:
        at = _before(question, modal[-1].end, "modal")
    return question[:at].strip(), question[at:]


def _before(text: str, at: int, *senses: str) -> int:
    """Returns where the phrases of these senses begin that stand directly before `at`."""
    ends = {span.end: span.start for sense in senses for span in _PHRASES.spans(sense, text[:at])}
    while at in ends:
        at = ends[at]
    return at
