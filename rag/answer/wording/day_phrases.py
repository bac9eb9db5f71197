"""Phrases of answers for another day than today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from corpus.model import Status
from rag.answer.wording.traditional import in_traditional
from rag.model import AsOf, Language

# Years ahead for which papers may tell whether they will be in force: few are valid for longer.
MOST_YEARS_AHEAD = 10


@dataclass(frozen=True, slots=True)
class DayPhrases:
    """All text about the day that a question asks about."""

    as_of: str  # {day} and {note}
    day: str  # {year}, {month} and {day}
    last_day: str  # behind a day that stands for a month or year
    future: str  # behind a day that has not come
    too_early: str  # nothing had been issued
    too_far: str  # more than {years} years ahead
    no_such_day: str
    several_days: str
    statuses: Mapping[Status, str]  # on the day; behind the first quote of a paper
    ended_since: Mapping[Status, str]  # since the day; there too


_CHINESE = DayPhrases(
    as_of="以下按{day}的情况答复{note}。",
    day="{year}年{month}月{day}日",
    last_day="（以所问时期的最后一天为准）",
    future="（这一天还没有到，以目前收录的文件推算）",
    too_early="已收录的文件中，与问题有关的在这一天以前都还没有发布，无法答复。",
    too_far="所问的日期在{years}年以后，现有文件不能说明那时的规定，请换一个较近的日期。",
    no_such_day="问题中的日期不存在，请核对后再问。",
    several_days="一次只能按一个日期答复，请分开提问。",
    statuses={
        Status.DRAFT: "（注意：该文件为征求意见稿，尚未正式印发，内容可能变化）",
        Status.REPEALED: "（注意：到这一天，该文件已被废止）",
        Status.EXPIRED: "（注意：到这一天，该文件已过有效期）",
        Status.SUPERSEDED: "（注意：到这一天，该文本已被后来印发或修改的文本取代）",
        Status.NOT_YET: "（注意：该文本在这一天以后才施行）",
    },
    ended_since={
        Status.REPEALED: "（注意：该文件后来已被废止，现已失效）",
        Status.EXPIRED: "（注意：该文件现已过有效期）",
        Status.SUPERSEDED: "（注意：该文本后来已被新的文本取代）",
    },
)
_ENGLISH = DayPhrases(
    as_of="This answer is as of {day}{note}.",
    day="{year}-{month:02}-{day:02}",
    last_day=" (the last day of the period asked about)",
    future=" (a day that has not come; it follows from the papers on file today)",
    too_early="No paper on file about this had been issued by then, so I cannot answer.",
    too_far="The day asked about is more than {years} years ahead, and the papers do not tell what will be "
    "in force then. Please ask for an earlier day.",
    no_such_day="The question names a day that does not exist. Please check it.",
    several_days="I can answer for one day at a time. Please ask for each by itself.",
    statuses={
        Status.DRAFT: " (Note: this paper is a draft for comment and not yet issued.)",
        Status.REPEALED: " (Note: by that day this paper had been repealed.)",
        Status.EXPIRED: " (Note: by that day this paper had expired.)",
        Status.SUPERSEDED: " (Note: by that day a later text had taken the place of this one.)",
        Status.NOT_YET: " (Note: this text took effect only after that day.)",
    },
    ended_since={
        Status.REPEALED: " (Note: this paper has since been repealed.)",
        Status.EXPIRED: " (Note: this paper has since expired.)",
        Status.SUPERSEDED: " (Note: a later text has since taken the place of this one.)",
    },
)


@cache
def day_phrases_for(language: Language) -> DayPhrases:
    """Returns the phrases in the language and script of the question."""
    match language:
        case Language.ENGLISH:
            return _ENGLISH
        case Language.TRADITIONAL:
            return in_traditional(_CHINESE, unchanged={"day"})
        case Language.CHINESE:
            return _CHINESE


def day_line(as_of: AsOf, *, today: date, language: Language) -> str:
    """Returns the line that says for which day a reply is."""
    phrases = day_phrases_for(language)
    day = phrases.day.format(year=as_of.day.year, month=as_of.day.month, day=as_of.day.day)
    future = phrases.future if as_of.day > today else ""
    return phrases.as_of.format(day=day, note=(phrases.last_day if as_of.is_last else "") + future)


def unanswerable(as_of: AsOf, *, today: date, language: Language) -> str:
    """Returns why there is no answer for a day, whatever the papers say; empty where there may be one."""
    phrases = day_phrases_for(language)
    match as_of.fault:
        case "no_such_day":
            return phrases.no_such_day
        case "several_days":
            return phrases.several_days
    too_far = as_of.day.year > today.year + MOST_YEARS_AHEAD
    return phrases.too_far.format(years=MOST_YEARS_AHEAD) if too_far else ""
