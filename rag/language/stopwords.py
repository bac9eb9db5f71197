"""The words of a question that say what it is about, without the words that make it a question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.model import Span
from corpus.notation.characters import HAN

# Words that ask, address or soften. They stand in questions about anything and in hardly any clause.
_WORDS = (
    r"请问一下|请问|想问一下|想问问|问一下|问问|麻烦|告诉我|告诉|介绍一下|说明一下|帮我(?:查一下|看看|查|找)?|我想(?:知道|了解|问)?|想知道|想了解"
    r"|能不能|可不可以|可以不|是不是|有没有|会不会|要不要|给不给|认不认|帮不帮|行不行|够不够|算不算|管不管|支不支持|是否|能否|可否|有无"
    r"|为什么|为啥|什么时候|什么样|什么|啥时候|咋个|咋样|咋|啥|怎么样|怎么弄|怎么办|怎么|怎样|如何|多少|多久|多长时间|多大|哪几个|哪几|哪些|哪个|哪家|哪里|哪儿|哪种|哪份|哪条|哪一|哪|谁"
    r"|我们公司|我们厂|我们|我公司|我司|我厂|我|你们|你|您|他们|它们|它|咱们|咱"
    r"|这个|这份|这些|这种|这条|这样|那个|那份|那些|那条|那种|那样|具体|到底|究竟|一般|大概|分别|各自|各是|还是|或者|以及|里面|里头|没有|的话|可以"
    r"|对吗|对不|对吧"
)
# Particles of one character, with the characters before and after that make a word of them: 获得, 有效.
_PARTICLES = {
    "得": ("获所取心", ""), "有": ("所国", "效关限机色源权偿"), "能": ("智功可产性职节效", "力源效级动耗"), "要": ("重需主必摘", "求素点件"),
    "地": ("基产土落当用各属园外本内", "方区域理标市产块"), "用": ("应使费信适专利采商医通作常引录聘", "地途户药品人工电水量"),
    "会": ("社协展机委事", "议员计"), "为": ("行作", "主"), "过": ("通超不经", "程期渡敏"), "以": ("可予", "上下内外"), "对": ("针应面", "接外象标口"),
    "从": ("", "业事"), "到": ("达", "期位账"), "于": ("", ""), "可": ("许认", "行持靠"), "在": ("", "线研建岗"), "和": ("", "谐解"), "向": ("定方", "导"),
    "由": ("自", ""), "把": ("", "关"), "被": ("", ""), "给": ("供", "予药付"), "是": ("", ""), "就": ("成", "业医诊地近"), "才": ("人", "能"),
    "又": ("", ""), "还": ("", "款"), "再": ("", "生造融"), "很": ("", ""), "最": ("", ""), "只": ("", ""), "个": ("整", "人体税"), "想": ("思", ""), "去": ("", ""),
    "来": ("未原", "源"), "让": ("转出", "利"), "走": ("", ""), "搞": ("", ""), "弄": ("", ""), "都": ("首成", "市"), "也": ("", ""), "里": ("", "程"), "几": ("", ""),
    "着": ("", "力陆"), "不": ("", "良足动超低少得"), "没": ("", "收"), "与": ("参", ""), "及": ("涉", "时"), "或": ("", ""),
    "的": ("目", ""), "了": ("", "解"), "吗": ("", ""), "呢": ("", ""), "吧": ("", ""), "啊": ("", ""), "呀": ("", ""), "嘛": ("", ""), "么": ("", ""), "哦": ("", ""),
}  # fmt: skip
_ENGLISH = r"\b(?:what|which|who|whom|whose|when|where|why|how|does|do|did|is|are|was|were|can|could|may|must|shall|should|will|would|has|have|had|the|an?|of|in|on|at|to|for|by|from|with|and|or|it|its|this|that|these|those|there|be|been|much|many|long|often|any|as|under|per)\b"


def _particle(char: str, before: str, after: str) -> str:
    return (f"(?<![{before}])" if before else "") + char + (f"(?![{after}])" if after else "")


_FRAME = re.compile(
    "|".join((_WORDS, *(_particle(char, *around) for char, around in _PARTICLES.items()), _ENGLISH)),
    re.IGNORECASE,
)
# The paper as a thing; a question about a clause may use these words too.
_PAPER = re.compile(
    r"提[到及]?|写[到明]?|说[到明]?|提了|写了|有相关|相关|征求意见稿|实施意见|若干意见|指导意见|行动方案|实施方案|意见|方案|文件|政策|通知|办法|规定|条例|措施|号文|这份|原来|现在|目前|省里|市里|省|市|文"
    r"|\b(?:documents?|papers?|polic(?:y|ies)|plans?|notices?|opinions?|measures|files?|numbers?|force|valid|drafts?|issued|effective|provinc(?:e|ial))\b",
    re.IGNORECASE,
)
_WORD = re.compile(rf"[a-z][a-z\-]*|\d+(?:\.\d+)?%?|[{HAN}]+", re.IGNORECASE)


def without(text: str, spans: Sequence[Span]) -> str:
    """`text` with the characters of `spans` blanked."""
    characters = list(text)
    for span in spans:
        characters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(characters)


def content(text: str) -> str:
    """`text` without question words, as runs that belong together separated by a blank.

    >>> content("湖南哪些企业可以获得“潇湘财银贷”融资增信支持？")
    '湖南 企业 获得 潇湘财银贷 融资增信支持'
    """
    return " ".join(_WORD.findall(_FRAME.sub(" ", text)))


def residue(text: str, titles: Sequence[str]) -> str:
    """What is left of a question when the words of the papers' titles and of asking are gone."""
    left = _PAPER.sub(" ", content(text))
    return " ".join(filter(None, (_unlike(run, titles) for run in left.split())))


def _unlike(run: str, titles: Sequence[str]) -> str:
    """The characters of `run` that are in no pair of neighbours which stands in a title."""
    known = [any(run[i : i + 2] in title for title in titles) for i in range(len(run) - 1)]
    return "".join(
        char
        for i, char in enumerate(run)
        if not (i < len(known) and known[i]) and not (i > 0 and known[i - 1])
    )
