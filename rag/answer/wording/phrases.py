"""Phrases around the quotes, in the language of the question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from corpus.model import HeadField, Status
from rag.answer.wording.traditional import in_traditional
from rag.model import FactColumn, Language, Reason
from rag.question.kinds import FactKind
from rag.question.metadata_fields import MetadataField

_MARKS = frozenset({"joint", "colon", "semicolon", "full_stop", "in_clause"})  # the same in both scripts


@dataclass(frozen=True, slots=True)
class Phrases:
    """All text of an answer that is not quoted."""

    refusals: Mapping[Reason, str]
    which_paper: str
    corrected: str
    other_number: str
    repealed: str
    which: str  # {regions}
    unstated: str  # {source}
    not_stated: str  # {what}
    wanted: Mapping[FactKind, str]
    this: str  # what was asked for, where it has no name in `wanted`
    not_found: str  # {region}
    not_provided: str  # {places}
    listed: str  # before the rows of a table
    columns: Mapping[FactColumn, str]
    no_sum: str  # in place of an amount that the paper does not state
    part_not_found: str  # {words}: of the question
    more: str  # {number}
    too_many: str  # parts of the question
    unread: str  # {attachment}
    in_force: str  # {source}
    not_on_file: str  # {region}
    no_article: str
    excluded: str
    statuses: Mapping[Status, str]  # behind the first quote of a paper
    status_names: Mapping[Status, str]
    # Behind the quote of an article that another paper repeals: {article}, {source} and its {quote}
    repealed_article: str
    extended: str  # {source} and {quote}, behind the first quote of a paper whose own term is over
    goals_past: str  # behind the first quote of a paper without an end, with goals of years gone
    conflict: str  # behind the first quote of a paper of which another has the number
    corrected_field: str  # {field} and {value}, behind words that an editor has corrected
    head_fields: Mapping[HeadField, str]
    uncertain: str  # {words}, behind a quote with words that the recognition of a scan is not sure of
    fields: Mapping[MetadataField, str]
    covered: str  # {regions}
    damaged: str  # {papers}
    joint: str
    colon: str
    semicolon: str
    full_stop: str
    in_clause: (
        str  # {what} and {label}, before words of another language; empty where they need no such words
    )

    @property
    def says_unstated(self) -> tuple[str, ...]:
        """Returns the lines that say that the papers do not state a fact, with their {places}."""
        return (self.not_stated, self.unstated)

    @property
    def says_absent(self) -> tuple[str, ...]:
        """Returns the lines that say that something was not found or is not on file, with their {places}.

        A reply is searched for these and for `says_unstated`, so a phrase of that sense belongs in one of them.
        """
        absent = (Reason.NO_EVIDENCE, Reason.UNCOVERED_REGION, Reason.UNKNOWN_DOCUMENT)
        told = (self.refusals[reason] for reason in absent)
        return (
            *told,
            self.not_found,
            self.not_provided,
            self.part_not_found,
            self.not_on_file,
            self.no_article,
            self.unread,
        )


_FIELDS_ZH = {
    MetadataField.TITLE: "标题",
    MetadataField.DOC_NUMBER: "文号",
    MetadataField.ISSUER: "发文机关",
    MetadataField.ISSUED: "成文日期",
    MetadataField.PRINTED: "印发日期",
    MetadataField.PUBLISHED: "发布时间",
    MetadataField.VALIDITY: "施行与有效期",
    MetadataField.TERM: "有效期",
    MetadataField.STATUS: "文件状态",
    MetadataField.REPEALS: "废止的文件",
    MetadataField.BASIS: "制定依据",
    MetadataField.ADDRESSEES: "主送单位",
    MetadataField.REGISTRY: "规范性文件登记号",
    MetadataField.CONTACT: "问题反映渠道",
}
_HEAD_FIELDS_ZH = {
    HeadField.TITLE: "标题",
    HeadField.DOC_NUMBER: "文号",
    HeadField.ISSUER: "发文机关",
    HeadField.REGION: "适用地区",
    HeadField.LEVEL: "层级",
    HeadField.STATUS: "文件状态",
    HeadField.DATE_ISSUED: "成文日期",
    HeadField.VALID_SINCE: "施行日期",
    HeadField.VALID_UNTIL: "有效期截止日期",
}
_COLUMNS_ZH = {
    FactColumn.BENEFICIARY: "对象",
    FactColumn.INDICATOR: "指标",
    FactColumn.WHAT: "事项",
    FactColumn.FORM: "方式",
    FactColumn.AMOUNT: "金额",
    FactColumn.RATE: "比例",
    FactColumn.TARGET: "目标值",
    FactColumn.LIMIT: "时限",
    FactColumn.REDUCTION: "压缩幅度",
    FactColumn.BEFORE: "原时限",
    FactColumn.START: "起算",
    FactColumn.RULE: "规定",
    FactColumn.FREQUENCY: "频次",
    FactColumn.DEADLINE: "期限",
    FactColumn.CONDITIONS: "条件",
    FactColumn.REGION: "适用地区",
    FactColumn.MUST_ACT: "责任主体",
    FactColumn.SOURCE: "资金来源",
    FactColumn.DEPARTMENTS: "责任部门",
    FactColumn.VALIDITY: "有效期",
}
_CHINESE = Phrases(
    refusals={
        Reason.EMPTY: "请输入想了解的政策问题，例如“首次获批的创新药有什么奖补？”。",
        Reason.CHITCHAT: "您好，我根据已收录的政策文件回答问题，并给出原文、文号和条款。{covered}请直接提问。",
        Reason.OUT_OF_DOMAIN: "这个问题不在已收录的政策文件范围内，无法回答。{covered}",
        Reason.UNCOVERED_REGION: "已收录的文件中没有适用于{what}的文件，无法回答。{covered}",
        Reason.UNKNOWN_DOCUMENT: "没有收录{what}，无法回答。{covered}",
        Reason.NO_EVIDENCE: "已收录的文件中没有找到能回答这个问题的规定。",
        Reason.INSTRUCTION: "我只依据已收录的政策文件回答政策问题，不执行其他指令。{covered}",
    },
    which_paper="收录的文件不止一份，请说明问的是哪个地区或哪份文件。",
    corrected="问题中的说法与文件不一致，以文件原文为准。",
    other_number="问题中的文号与收录的文件不一致，以文件原文为准。",
    repealed="问题所说的文件已被废止。",
    which="有相关规定的：{regions}。",
    unstated="{source}没有写明{field}。",
    not_stated="文件没有写明{what}，与此有关的原文是：",
    wanted={
        FactKind.AMOUNT: "金额",
        FactKind.PERCENTAGE: "比例",
        FactKind.RATE_FEE: "收费或费率",
        FactKind.COUNT: "数量",
        FactKind.DATE: "日期",
        FactKind.DURATION: "时限",
        FactKind.FREQUENCY: "频次",
        FactKind.DEPARTMENT: "负责部门",
        FactKind.CONTACT: "联系方式",
        FactKind.PLACE: "地点",
        FactKind.NAME: "具体名称或名单",
        FactKind.MATERIALS: "所需材料",
        FactKind.PROCEDURE: "办理步骤",
        FactKind.DEFINITION: "定义",
        FactKind.COMPARISON: "两者的比较",
    },
    this="您问的这一点",
    not_found="{region}：未检索到相关规定。",
    not_provided="{places}：未规定。",
    listed="相关规定逐条如下：",
    columns=_COLUMNS_ZH,
    no_sum="未写明金额",
    part_not_found="关于“{words}”，收录的文件中没有找到规定。",
    more="另有{number}项没有列出，请见原文。",
    too_many="一次提的问题较多，以上只回答了前面几个，其余请分开提问。",
    unread="{attachment}在文件中只有名称或链接，没有收录，无法引用其中的内容。",
    in_force="{source}为正式文件，收录的文件中未见将其废止的规定。",
    not_on_file="{region}：没有收录适用的文件。",
    no_article="文件中没有问题所说的条款。",
    excluded="问题所说的文件不在本次提问限定的范围内。",
    statuses={
        Status.DRAFT: "（注意：该文件为征求意见稿，尚未正式印发，内容可能变化）",
        Status.REPEALED: "（注意：该文件已被废止）",
        Status.EXPIRED: "（注意：该文件已过有效期）",
        Status.SUPERSEDED: "（注意：该文本已被后来印发或修改的文本取代）",
        Status.NOT_YET: "（注意：该文件尚未施行）",
    },
    status_names={
        Status.IN_FORCE: "现行有效",
        Status.DRAFT: "征求意见稿",
        Status.REPEALED: "已废止",
        Status.EXPIRED: "已过有效期",
        Status.SUPERSEDED: "已被取代",
        Status.NOT_YET: "尚未施行",
    },
    repealed_article="（注意：{article}已由{source}废止：“{quote}”）",
    extended="（该文件的有效期已由{source}延长：“{quote}”）",
    goals_past="（注意：该文件未写明有效期，所列目标的年份均已过去，是否仍在执行请向主管部门核实）",
    conflict="（注意：另有一份文件与该文件文号相同而内容不同，以哪份为准尚未核实）",
    corrected_field="（注意：该文件的{field}已由编辑更正为“{value}”）",
    head_fields=_HEAD_FIELDS_ZH,
    uncertain="（待核：{words}由扫描件识别，两次识别的结果不一致，请核对原件）",
    fields=_FIELDS_ZH,
    covered="目前收录：{regions}的文件。",
    damaged="以下文件的存储内容已损坏，修复前不作答：{papers}。",
    joint="、",
    colon="：",
    semicolon="；",
    full_stop="。",
    in_clause="",
)
_ENGLISH = Phrases(
    refusals={
        Reason.EMPTY: "Please enter a question about the policy papers.",
        Reason.CHITCHAT: "Hello. I answer questions about the policy papers on file, quoting document, number and "
        "article. {covered}",
        Reason.OUT_OF_DOMAIN: "This question is outside the policy papers on file, so I cannot answer it. {covered}",
        Reason.UNCOVERED_REGION: "None of the papers on file applies to {what}, so I cannot answer. {covered}",
        Reason.UNKNOWN_DOCUMENT: "{what} is not on file, so I cannot answer. {covered}",
        Reason.NO_EVIDENCE: "I found no provision in the papers on file that answers this question.",
        Reason.INSTRUCTION: "I only answer questions about the policy papers on file and follow no other "
        "instructions. {covered}",
    },
    which_paper="There are several papers on file. Please say which region or paper you mean.",
    corrected="The paper says otherwise than the question assumes; its wording is:",
    other_number="No paper on file has the document number in the question; the one meant may be:",
    repealed="The paper that the question names has been repealed:",
    which="Papers with such a provision: {regions}.",
    unstated="{source} does not state its {field}.",
    not_stated="The papers do not state {what}; what they say on the matter is:",
    wanted={
        FactKind.AMOUNT: "the amount",
        FactKind.PERCENTAGE: "the percentage",
        FactKind.RATE_FEE: "the fee or rate",
        FactKind.COUNT: "the number",
        FactKind.DATE: "the date",
        FactKind.DURATION: "the time limit",
        FactKind.FREQUENCY: "how often",
        FactKind.DEPARTMENT: "the department in charge",
        FactKind.CONTACT: "a contact",
        FactKind.PLACE: "the place",
        FactKind.NAME: "names or a list",
        FactKind.MATERIALS: "the documents needed",
        FactKind.PROCEDURE: "the steps",
        FactKind.DEFINITION: "a definition",
        FactKind.COMPARISON: "how the two compare",
    },
    this="what you ask",
    not_found="{region}: no such provision found.",
    not_provided="{places}: not provided for.",
    listed="The provisions are:",
    columns={column: column.value.replace("_", " ") for column in FactColumn},
    no_sum="no amount stated",
    part_not_found="On “{words}” I found no provision in the papers on file.",
    more="{number} more items are not listed here; please see the paper.",
    too_many="The message has many questions; only the first ones are answered above. Please ask the others by "
    "themselves.",
    unread="The paper only names or links {attachment}, which is not among the papers on file.",
    in_force="{source} is an issued paper; no paper on file repeals it.",
    not_on_file="{region}: no paper on file applies.",
    no_article="The paper has no such article.",
    excluded="The papers that the question names are not among those this request is limited to.",
    statuses={
        Status.DRAFT: " (Note: this paper is a draft for comment and not yet issued.)",
        Status.REPEALED: " (Note: this paper has been repealed.)",
        Status.EXPIRED: " (Note: this paper has expired.)",
        Status.SUPERSEDED: " (Note: a later text takes the place of this one.)",
        Status.NOT_YET: " (Note: this paper is not yet in force.)",
    },
    status_names={status: status.value.replace("_", " ") for status in Status},
    repealed_article=" (Note: {article} has been repealed by {source}: “{quote}”)",
    extended=" (The term of this paper has been extended by {source}: “{quote}”)",
    goals_past=" (Note: this paper states no end and its goals are of years gone; ask the authority whether it "
    "still applies.)",
    conflict=" (Note: another paper has the same number and a different text; which one is right has not been "
    "checked.)",
    corrected_field=" (Note: an editor has corrected the {field} of this paper to “{value}”.)",
    head_fields={field: field.value.replace("_", " ") for field in HeadField},
    uncertain=" (To be checked: two readings of the scan differ in {words}; compare the original.)",
    fields={field: field.value.replace("_", " ") for field in MetadataField},
    covered="On file: papers of {regions}.",
    damaged="These papers are damaged in the store and do not answer until they are restored: {papers}.",
    joint=", ",
    colon=": ",
    semicolon="; ",
    full_stop=".",
    in_clause="{what} in {label}: ",
)


@cache
def phrases_for(language: Language) -> Phrases:
    """Returns the phrases in the language and script of the question; quotes are never translated."""
    match language:
        case Language.ENGLISH:
            return _ENGLISH
        case Language.TRADITIONAL:
            return in_traditional(_CHINESE, unchanged=_MARKS)
        case Language.CHINESE:
            return _CHINESE
