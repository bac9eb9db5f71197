"""Questions about the paper itself: its number, dates, validity, what it repeals."""

from __future__ import annotations

import re
from enum import StrEnum


class MetadataField(StrEnum):
    """What a question about the paper itself asks for."""

    TITLE = "title"
    DOC_NUMBER = "doc_number"
    ISSUER = "issuer"
    ISSUED = "issued"
    PRINTED = "printed"
    PUBLISHED = "published"
    VALIDITY = "validity"
    STATUS = "status"
    REPEALS = "repeals"
    BASIS = "basis"
    ADDRESSEES = "addressees"
    REGISTRY = "registry"  # 规范性文件统一登记号
    CONTACT = "contact"  # where problems are to be reported


# The paper as a thing: "这份文件", "该意见", "湖南的方案", "29号文", "the document"
_PAPER = r"(?:文件|政策|意见|方案|办法|通知|规定|措施|条例|号文|文\b|征求意见稿|稿子?|opinions?|document|paper|plan|policy|notice|〔\d{4}〕\d+号|\[\d{4}\]\d+号|\(\d{4}\)\d+号|（\d{4}）\d+号)"
_HEAD_FIELDS: tuple[tuple[MetadataField, re.Pattern[str]], ...] = (
    # "原来的哪个文件同步废止？", "废止了什么", "which number does it repeal"
    (
        MetadataField.REPEALS,
        re.compile(
            rf"废止(?:了)?(?:哪|什么|啥|的)|(?:哪|什么)[^，。？?]{{0,8}}(?:废止|作废|失效|被取代|被替代)|(?:取代|代替|替代)了?(?:哪|什么)|repeal|supersede|replace[sd]?\b(?=.*{_PAPER})",
            re.IGNORECASE,
        ),
    ),
    # "有效期多久", "什么时候到期", "从哪天开始实施", "how long is … valid"
    (
        MetadataField.VALIDITY,
        re.compile(
            r"有效期|何时失效|什么时候(?:到期|失效|过期)|到(?:什么时候|何时|哪天|哪年)(?:为止|到期|失效)|(?:哪天|哪一天|何时|什么时候|啥时候|哪年)(?:起|开始|正式)?(?:施行|实施|生效|执行|算数|作数|管用|起效)|(?:施行|实施|生效)(?:日期|时间)|管几年|管多久"
            r"|how long\b.*\bvalid|valid(?:ity)? (?:period|until|for)|expir|take effect|come into (?:force|effect)",
            re.IGNORECASE,
        ),
    ),
    # "是不是征求意见稿", "正式文件吗", "还作数吗", "现行有效"
    (
        MetadataField.STATUS,
        re.compile(
            r"(?:是不是|是否|算不算|还是|是)[^，。？?]{0,6}(?:征求意见稿|草案|草稿|正式(?:文件|稿|版|印发|出台|实施)?)|正式(?:文件|印发|出台|发布|实施|生效)了?(?:吗|没|没有|么)|还(?:有效|管用|作数|算数|能用)|现行有效|(?:被)?废止了?(?:吗|没|没有|么)|(?:过期|失效|作废)了?(?:吗|没|没有|么)|(?:已经|是不是|是否)[^，。？?]{0,3}(?:失效|过期|作废|废止)|什么(?:性质|状态)的?(?:文件|稿)|效力如何|有没有(?:正式)?(?:法律)?效力"
            r"|\bdraft\b|in force|still valid",
            re.IGNORECASE,
        ),
    ),
    (
        MetadataField.PRINTED,
        re.compile(
            r"印发(?:日期|时间|日)?(?:是|为)?(?:哪|什么时候|何时|几)|印发是|和印发|什么时候印发|何时印发|哪(?:一)?天印发"
        ),
    ),
    (
        MetadataField.PUBLISHED,
        re.compile(
            rf"(?:发布|公布|挂到网上|上网|公开)(?:日期|时间)|(?:哪天|哪一天|几点|何时|什么时候)[^，。？?]{{0,6}}(?:发布|公布|挂(?:到|上)网|上网|挂出)|{_PAPER}[^，。？?]{{0,6}}(?:哪天|几点|何时|什么时候)[^，。？?]{{0,4}}(?:发布|公布|挂)"
        ),
    ),
    # "成文日期是哪一天", "哪年发的", "什么时候出台"
    (
        MetadataField.ISSUED,
        re.compile(
            rf"(?:成文|落款|(?<!批)签发|发文|制定|出台|印发|发布)(?:的)?(?:日期|时间|日)|{_PAPER}[^，。？?]{{0,8}}(?:哪(?:一)?(?:天|年)|何时|什么时候|啥时候|几几年|几年)(?:的|[^，。？?]{{0,3}}(?:发|印发|出台|(?<!批)签发|成文|下发|制定|发布|发出))|(?:哪(?:一)?(?:天|年)|何时|什么时候|啥时候)(?:发|印发|出台|(?<!批)签发|成文|下发|制定)(?:的|布)?|(?<!批)签发|是\d{{4}}年(?:发布?|印发|出台|公布|下发|制定)的"
            r"|when was .*\b(?:issued|published|released|signed)|date of issue|issue date",
            re.IGNORECASE,
        ),
    ),
    # "文号是多少", "发文字号"
    (
        MetadataField.DOC_NUMBER,
        re.compile(
            r"文号|发文字号|文件(?:编)?号|几号文|(?<!〕)(?<!\d)第?多少号|document number|file number|reference number",
            re.IGNORECASE,
        ),
    ),
    # "是哪个单位印发的", "谁发的文"
    (
        MetadataField.ISSUER,
        re.compile(
            rf"(?:哪个|哪家|哪|什么)(?:单位|机关|部门|政府)[^，。？?]{{0,3}}(?:印发|发文|发布|出台|制定|发的|下发|签发)|谁(?:印发|发布|发的|制定的|出台的|下发)|发文(?:机关|单位)|{_PAPER}[^，。？?]{{0,3}}谁(?:发|出|印|制)|issued by|who issued|issuing (?:body|authority)",
            re.IGNORECASE,
        ),
    ),
    # "根据哪份文件制定", "依据是什么", "经谁同意"
    (
        MetadataField.BASIS,
        re.compile(
            rf"(?:根据|依据|依照|按照)[^，。？?]{{0,10}}(?:哪|什么)[^，。？?]{{0,4}}{_PAPER}|(?:制定|出台|上位|政策)依据|经谁同意|based on which|legal basis",
            re.IGNORECASE,
        ),
    ),
    (
        MetadataField.ADDRESSEES,
        re.compile(
            r"发给(?:哪|谁|什么)|主送|收文(?:单位|机关)|印发给(?:哪|谁)|下发给(?:哪|谁)|addressed to",
            re.IGNORECASE,
        ),
    ),
    (MetadataField.REGISTRY, re.compile(r"登记号|统一编号|备案号|登记编号|registry number")),
    (
        MetadataField.CONTACT,
        re.compile(r"(?:向|找|跟)(?:哪|谁|什么)[^，。？?]{0,6}反映|反映(?:给|到)(?:哪|谁)"),
    ),
    (
        MetadataField.TITLE,
        re.compile(
            rf"标题|全称|(?:{_PAPER})(?:叫什么|叫啥|的?名(?:字|称))|全名|full title|what is .*\bcalled",
            re.IGNORECASE,
        ),
    ),
)


def metadata_fields_of(text: str) -> tuple[MetadataField, ...]:
    """Which facts about the paper itself are asked for."""
    return tuple(field for field, pattern in _HEAD_FIELDS if pattern.search(text))
