"""What can be asked about a clause, read from its heading alone."""

from __future__ import annotations

import re

from corpus.model import Clause, Document, Kind
from corpus.notation.characters import HAN
from corpus.regions.divisions import NATION
from corpus.regions.mentions import parse_region
from rag.numbers.figures import FigureKind, figures

# "支持产品研发创新", "加快新产品入院配备使用": headings that say what is done
_DOING = re.compile(
    r"(?:支持|加大|加强|加快|加速|巩固|增加|减少|压缩|缩短|深入|推动|推进|推广|完善|促进|优化|强化|培育|培优|培养|建设|建立|建强|健全|提升|提高|深化|扩大|落实"
    r"|打造|构建|鼓励|引导|引进|引育|规范|严格|拓展|突破|补齐|打通|释放|开展|实施|稳步|持续|全面|大力|着力|扎实|积极|营造"
    r"|统筹|放宽|降低|减轻|简化|畅通|搭建|壮大|做大|做强|激发|改善|增强|夯实|聚焦|探索|丰富|保护|扶持|发挥|集聚|延伸|盘活|维护)"
)
# "总体要求", "主要目标", "发展思路", "加强组织领导和市场监管": how a paper is carried out, not what it offers
_GENERAL = re.compile(
    r"总则|附则|附件|其他|其它|总体|基本|目标|思路|原则|任务|措施|要求|组织(?:领导|保障|实施)|责任|考核|督[查导促]|监督检查|工作机制"
)
_ASKABLE = re.compile(rf"[{HAN}、，“”]{{4,22}}")
_SORT = re.compile(
    r"(?:(?:若干|实施|指导)意见|(?:若干|政策|支持)?措施|(?:行动|实施|工作)?方案|(?:行动|实施|工作)?计划|(?:管理|实施)?办法"
    r"|(?:实施)?细则|意见|规划|规定|条例)$"
)
_REWARD = re.compile(r"奖励|奖补|补助|补贴|资助|奖|补")


def place_of(document: Document) -> str:
    """The region as one says it: 湖南, 益阳; empty for the nation and where the paper names none."""
    division = parse_region(document.head.region)
    return division.short if division is not None and division is not NATION else ""


def english_place_of(document: Document) -> str:
    """The English name of the region; empty where none is known."""
    division = parse_region(document.head.region)
    return division.english[0] if division is not None and division is not NATION and division.english else ""


def sort_of(document: Document) -> str:
    """What sort of paper it is, as its title ends: 若干意见, 行动方案; 文件 where the title does not tell."""
    titles = [document.head.inner_title, document.head.title]
    ends = (_SORT.search(title.value) for title in titles if title is not None)
    return next((found[0] for found in ends if found), "文件")


def can_be_asked(clause: Clause) -> bool:
    """Whether the heading names a matter that a reader would ask about in these words."""
    return (
        clause.kind in (Kind.ARTICLE, Kind.ITEM)
        and clause.body_start < clause.end
        and bool(_ASKABLE.fullmatch(clause.heading))
        and bool(_DOING.match(clause.heading))
        and not _GENERAL.search(clause.heading)
    )


def rewards(document: Document, clause: Clause) -> bool:
    """Whether the clause grants an amount."""
    text = document.text_of(clause)
    return bool(_REWARD.search(text)) and any(f.kind is FigureKind.MONEY for f in figures(text))


def how(document: Document, clause: Clause) -> str:
    """湖南如何支持产品研发创新？"""
    return f"{place_of(document)}如何{clause.heading}？"


def what_reward(document: Document, clause: Clause) -> str:
    """湖南支持产品研发创新有什么奖补？"""
    return f"{place_of(document)}{clause.heading}有什么奖补？"


def who(document: Document, clause: Clause) -> str:
    """湖南支持产品研发创新由哪些部门负责？"""
    return f"{place_of(document)}{clause.heading}由哪些部门负责？"
