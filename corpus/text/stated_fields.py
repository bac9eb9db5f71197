"""What a page or a printed sheet states about the paper in "key：value" lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from corpus.model import Span, Stated
from corpus.text.lines import Line


class Fact(StrEnum):
    """What a key stands for, whatever words the page uses."""

    TITLE = "title"
    NUMBER = "number"
    REGISTRY = "registry"
    ISSUER = "issuer"
    ISSUED = "issued"
    PUBLISHED = "published"
    SINCE = "since"
    UNTIL = "until"
    STATE = "state"
    OTHER = "other"


_KEYS = {
    Fact.TITLE: "标题|名称|文件名称|信息名称|文件标题",
    Fact.NUMBER: "发文字号|文号|文件编号|发文号|文件字号|发文文号",
    Fact.REGISTRY: "统一编号|统一登记号|登记号|规范性文件编号|备案号|备案登记编号",
    Fact.ISSUER: "发文机关|发布机关|发布机构|发文单位|发布单位|制定机关|公开责任部门|发文部门|发布部门"
    "|制发单位",
    Fact.ISSUED: "成文日期|成文时间|发文日期|发文时间|制定日期|生成日期",
    Fact.PUBLISHED: "发布时间|发布日期|发表时间|公开日期|公布日期|发布于|时间|日期|更新时间",
    Fact.SINCE: "实施日期|施行日期|生效日期|生效时间|实施时间",
    Fact.UNTIL: "失效日期|失效时间|废止日期|有效期至|截止日期|有效期限",
    Fact.STATE: "有效性|文件状态|时效性|效力状态|是否有效|时效|效力",
    Fact.OTHER: "索引号|分类|主题分类|主题词|来源|信息来源|文章来源|字体|字号|字体大小|浏览次数|访问量|浏览量"
    "|阅读次数|责任编辑|编辑|作者|公开方式|公文种类|体裁分类|组配分类|服务对象|内容概述|关键词|语种|浏览字号|原文链接|法宝引证码"
    "|发布人|点击数|信息分类|公开形式|公开范围|公开类别|主题|组配|效力级别|发文机关标志|签发人|所属机构|文件类型",
}
_MEANING = {key: fact for fact, keys in _KEYS.items() for key in keys.split("|")}
# "发布时间：2024-10-09 10:00", "文　　号：穗人社规字〔2019〕6号", "【法宝引证码】 CLI.12.5679380"
_PAIR = re.compile(
    r"[【\[]?(?P<key>"
    + "|".join(r"[ \u3000]*".join(key) for key in sorted(_MEANING, key=len, reverse=True))
    + r")[】\]]?"
    r"[ \u3000]*[：:】\]][ \u3000]*"
)


def is_fact_line(line: Line) -> bool:
    """Whether the line states facts about the paper and belongs to no title."""
    return _PAIR.match(line.words) is not None


def facts_of(lines: Iterable[Line]) -> Mapping[Fact, Stated[str]]:
    """The first value stated for each fact."""
    facts: dict[Fact, Stated[str]] = {}
    for line in lines:
        if not is_fact_line(line):
            continue
        marks = list(_PAIR.finditer(line.text))
        for at, mark in enumerate(marks):
            end = marks[at + 1].start() if at + 1 < len(marks) else len(line.text)
            value = line.text[mark.end() : end].strip(" \u3000|\t")
            begin = line.start + mark.end()
            meaning = _MEANING[re.sub(r"[ \u3000]", "", mark["key"])]
            if value and meaning is not Fact.OTHER:
                facts.setdefault(meaning, Stated(value, Span(begin, begin + len(value))))
    return facts
