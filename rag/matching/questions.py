"""Wording of the questions that a verdict leaves open. The words of the paper are quoted, never changed."""

from __future__ import annotations

from rag.matching.model import Aspect

_FRAMES = {
    Aspect.PLACE: "企业是否在“{}”所指的地方？",
    Aspect.TYPE: "是否属于“{}”？",
    Aspect.INDUSTRY: "是否属于“{}”？",
    Aspect.PRODUCT: "产品是否属于“{}”？",
    Aspect.SIZE: "企业规模是否属于“{}”？",
    Aspect.STAGE: "是否已经“{}”？",
    Aspect.REVENUE: "收入是否达到“{}”？",
    Aspect.INVESTMENT: "投资是否达到“{}”？",
    Aspect.FIGURES: "数额是否达到“{}”？",
    Aspect.HISTORY: "是否符合“{}”？",
}
_LEFT_OPEN = "文中写的是“{}”，没有写明是否给予、给谁，请向主管部门确认。"
STALE = "文中“{}”所说的时间已经过去，文件没有写明截止日期，请向主管部门确认是否仍在执行。"
_LONGEST = 80  # characters of the paper that a question repeats


def question_text(words: str, aspect: Aspect | None) -> str:
    """The question about a condition; `aspect` None: the paper itself leaves it open."""
    return framed(_LEFT_OPEN if aspect is None else _FRAMES[aspect], words)


def framed(frame: str, words: str) -> str:
    plain = "".join(words.split())
    return frame.format(plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…")
