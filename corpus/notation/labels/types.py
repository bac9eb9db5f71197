"""Numbering styles, and labels as found at the beginning of a line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum


class Style(StrEnum):
    """A numbering style; the value is its first label in normal form."""

    PART = "第一编"
    SUBPART = "第一分编"
    CHAPTER = "第一章"
    SECTION = "第一节"
    ARTICLE = "第一条"
    HAN_COMMA = "一、"
    HAN_PAREN = "（一）"
    HAN_DOT = "一．"
    ARABIC_DOT = "1．"
    ARABIC_COMMA = "1、"
    ARABIC_PAREN = "（1）"
    ARABIC_HALF_PAREN = "1）"
    CIRCLED = "①"
    DECIMAL = "1.1"
    ARABIC_BARE = "1"
    WORD = "场景一"
    ENGLISH_CHAPTER = "Chapter 1"
    ENGLISH_ARTICLE = "Article 1"


# Styles with a fixed rank, highest first; all others nest in the order in which they open.
ORDINALS: tuple[Style, ...] = (
    Style.PART,
    Style.SUBPART,
    Style.ENGLISH_CHAPTER,
    Style.CHAPTER,
    Style.SECTION,
    Style.ARTICLE,
    Style.ENGLISH_ARTICLE,
)
ARTICLES: tuple[Style, ...] = (Style.ARTICLE, Style.ENGLISH_ARTICLE)


class Doubt(Enum):
    """What a line that begins like a label must show to have one."""

    NONE = "nothing"
    CONTINUES = "its number continues the numbering"  # 第十七条，培训机构…; 二、一次性补贴
    BETWEEN = "its number stands between its neighbours"  # 3.5万元以上的企业


@dataclass(frozen=True, slots=True)
class Label:
    """A label found at the beginning of a line. Offsets count from the beginning of that line."""

    style: Style
    number: tuple[int, ...]  # (4,) for （四）; (1, 2) for 1.2; (15, 1) for 第十五条之一
    text: str  # normal form
    end: int  # offset after the label and the blanks that follow it
    doubt: Doubt = Doubt.NONE
    word: str = ""  # of a number with a word (场景 of 场景一); labels with another word are another numbering

    @property
    def doubtful(self) -> bool:
        """Whether the line may as well begin with a mention or an amount."""
        return self.doubt is not Doubt.NONE

    @property
    def numbering(self) -> tuple[Style, str]:
        """What labels of one numbering have in common."""
        return self.style, self.word
