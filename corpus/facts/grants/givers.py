"""Divides the segment that gives: 对新认定的企业 | 按投资额的20%给予补助."""

from __future__ import annotations

import re
from typing import Final

from corpus.facts.grants.segments import HIDDEN, Segment
from corpus.facts.grants.words import pattern

# Where the words of giving may begin
_CUE: Final = re.compile(
    r"给予|给与|予以|按照?|根据|参照|依据|一次性|分别|每[个家户人名年月天亩项件台套次场辆吨种款]|每(?:培训|引进|新增|吸纳|推荐|招用|介绍|带动|成功|增加)|单[个户家项笔一]|最[高低多]"
    r"|不[超低高少][过于]|给(?!予|与)|奖励|补助|补贴|资助|奖补|享受|实行|落实|省级?财政|市级?财政|区级?财政|由[^，]{2,16}?(?:给予|予以|按|支付|承担)"
    r"|连续|可(?:给予|申请|享受|获得?|按|返还|以)|再|适当|优先|择优|各[奖补给]|返还|减免|免[收征除]|减[半征收]|发放|提供|缓缴|延期"
    r"|地方财政|中央财政|财政|采[取用]|贴息|分[期年档]|准予|核拨|所需|进行|积极|申请|申报|依法|全额"
)
# A description with its noun: behind such words the name of the beneficiary goes on
_NOUN: Final = pattern("entity", before=r"的[^，,。的]{0,14}?")
_RECIPIENT: Final = pattern(
    "entity",
    before=r"(?:给予|予以|奖励|补助|补贴|资助|支持|向)(?P<name>[^，,。；0-9的最每按不]{0,16}?",
    after=r")(?!购置|采购|研发|建设|运营|租赁|改造|投资|开发|更新|推广|应用)(?=最|[0-9０-９]|一次|每|不|人民币|按|提供|发放|支付|[^，,。；0-9的]{0,6}(?:奖励|补助|补贴|资助))",
)
# "鼓励业主为租户减免租金": for whom something is done
_FOR: Final = pattern(
    "entity",
    before="(?:为|向)(?P<name>[^，,。；为向的]{0,16}?",
    after=")(?:适[当度])?(?:减免|免[收除费]|缓收|提供|开[辟放设]|办理|发放)",
)
# "减免租户疫情期间的租金": who is spared
_SPARED: Final = pattern(
    "entity",
    before="(?:减免|免收|免除|减收|缓收|降低)(?P<name>[^，,。；为向的对0-9]{0,12}?",
    after=")[^，,。；]{0,14}(?:租金|房租|费)",
)
# "市级财政对企业给予补助": who pays stands before 对
_PAYER_TO = re.compile("[^，,。对]{0,12}(?:财政|资金|基金|政府)对于?")
_INTRODUCED = ("对", "凡")
# "支持平台发布计划，单个研发项目最高支持500万元": what is paid for, one by one
_EACH: Final = pattern(
    "entity",
    before=r"\A(?:单个|每个|单项|每项|单一)(?P<name>[^，,。；0-9的最按]{1,12}?",
    after=")(?=最[高多]|给予|予以|按|不超过|支持|补助|奖励|补贴|资助)",
)
_ANYBODY = frozenset(
    {"企业", "该企业", "单位", "该单位", "项目", "申报单位", "项目单位", "其", "每人", "个人"}
)


def cut(segment: Segment, figure: int) -> int:
    """Returns the offset in the segment where the words of giving begin; `figure`: of the first sum."""
    text = segment.text
    stop = figure if figure > 0 else len(text)
    behind = max((noun.start() for noun in _NOUN.finditer(text, 0, stop)), default=-1)
    payer = _PAYER_TO.match(text)
    first = payer.end() + 1 if payer else 2 if text.startswith(_INTRODUCED) else 0
    for cue in _CUE.finditer(text, 0, stop):
        if cue.start() > behind and cue.start() >= first:
            return cue.start()
    return 0 if figure >= 0 else len(text)


def recipient(segment: Segment) -> tuple[int, int] | None:
    """Returns the offsets in the sentence of whom 给予 names: 给予承接方最高500万元; None for 企业."""
    found = _RECIPIENT.search(segment.text)
    if found is None or HIDDEN in found["name"] or found["name"] in _ANYBODY or len(found["name"]) < 2:
        return None
    return segment.start + found.start("name"), segment.start + found.end("name")


def anybody(segment: Segment) -> tuple[int, int] | None:
    """Returns the offsets in the sentence of 企业 in 给予企业最高500万元; None where nobody is named."""
    found = _RECIPIENT.search(segment.text)
    if found is None or found["name"] not in _ANYBODY:
        return None
    return segment.start + found.start("name"), segment.start + found.end("name")


def each(segment: Segment) -> tuple[int, int] | None:
    """Returns the offsets in the sentence of 研发项目 in 单个研发项目最高支持500万元; None for 单个企业."""
    found = _EACH.match(segment.text)
    if found is None or HIDDEN in found["name"] or found["name"] in _ANYBODY:
        return None
    return segment.start + found.start("name"), segment.start + found.end("name")


def served(segment: Segment) -> tuple[int, int] | None:
    """Returns the offsets in the sentence of whom something is done for: 为租户减免租金; None for nobody."""
    found = _FOR.search(segment.text) or _SPARED.search(segment.text)
    if found is None or HIDDEN in found["name"]:
        return None
    return segment.start + found.start("name"), segment.start + found.end("name")
