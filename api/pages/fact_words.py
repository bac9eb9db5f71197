"""The words for kinds, fields and values of support facts in the interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from corpus.facts.comparing.fields import FactField
from corpus.facts.model import FactKind, Role, RuleKind, Strength


class FactGroup(Enum):
    """Kinds of facts that are shown together, in this order."""

    MONEY = "money"
    TIME = "time"
    OTHER = "other"
    TARGETS = "targets"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class FactWords:
    """What facts are made of, in one language."""

    heading: str
    explained: str
    whole_paper: str
    changes: str
    spreadsheet: str
    workbook: str
    calendar: str
    rules_title: str
    columns: tuple[str, str, str, str, str]  # kind, for whom, what, in charge, words and place
    groups: Mapping[FactGroup, str]
    none: str
    form: str
    no_sum: str
    undivided: str
    corrected: str  # {reason}
    hidden: str  # {number}
    detached_title: str
    detached: str
    wrong: str
    without: str
    refers_to: str
    coverage_title: str
    coverage: str  # {facts} of {sentences}
    coverage_rest: str
    coverage_all: str
    kinds: Mapping[FactKind, str]
    fields: Mapping[FactField, str]
    strengths: Mapping[Strength, str]
    roles: Mapping[Role, str]
    rules: Mapping[RuleKind, str]


CHINESE = FactWords(
    heading="扶持事项",
    explained="由文件原文逐条读出，每一项都链接到原文；以原文和主管部门审核为准。",
    whole_paper="查看文件全文",
    changes="与被替代文件的比较",
    spreadsheet="下载表格（CSV）",
    workbook="下载表格（Excel）",
    calendar="下载日历（.ics）",
    rules_title="适用范围、有效期与总额规定",
    columns=("类别", "对象与条件", "内容", "责任单位", "原文"),
    groups={
        FactGroup.MONEY: "资金与税费",
        FactGroup.TIME: "办理时限",
        FactGroup.OTHER: "其他支持",
        FactGroup.TARGETS: "目标与指标",
        FactGroup.RULES: "规则",
    },
    none="没有从这份文件中读出扶持事项。",
    form="方式",
    no_sum="未写明金额",
    undivided="未拆分",
    corrected="编辑更正：{reason}",
    hidden="另有{number}项由编辑认定读取有误，未列出。",
    detached_title="不再适用的更正",
    detached="以下更正所针对的事项或文字，这一版本的文件中已经没有，因此没有采用。引文出自此前的版本。",
    wrong="读取有误",
    without="没有",
    refers_to="引用",
    coverage_title="读取情况",
    coverage="含金额、比例、期限或给予类用语的句子共{sentences}句，其中{facts}句读出了事项。",
    coverage_rest="其余各句：",
    coverage_all="没有未读出事项的句子。",
    kinds={
        FactKind.MONEY: "奖补资金",
        FactKind.INTEREST: "贴息",
        FactKind.LOAN: "贷款",
        FactKind.GUARANTEE: "担保",
        FactKind.EQUITY: "股权投资",
        FactKind.FUND: "基金",
        FactKind.TAX: "税收",
        FactKind.FEE: "费用减免",
        FactKind.LAND: "用地",
        FactKind.HOUSING: "住房",
        FactKind.TALENT: "人才",
        FactKind.TIME_LIMIT: "办理时限",
        FactKind.FAST_TRACK: "绿色通道",
        FactKind.PERMISSION: "准许事项",
        FactKind.PROCUREMENT: "采购",
        FactKind.MARKET_ACCESS: "市场准入",
        FactKind.PRICE: "价格",
        FactKind.INSURANCE: "保险",
        FactKind.SERVICE: "服务",
        FactKind.PROJECT: "立项支持",
        FactKind.QUALIFICATION: "资质资格",
        FactKind.RECOGNITION: "认定表彰",
        FactKind.SUPPORT: "支持（未写明方式）",
        FactKind.RULE: "规则",
        FactKind.TARGET: "目标",
    },
    fields={
        FactField.BENEFICIARY: "对象",
        FactField.CONDITION: "条件",
        FactField.THRESHOLD: "门槛",
        FactField.UPPER_LIMIT: "上限",
        FactField.AMOUNT: "金额",
        FactField.AMOUNT_REFERENCE: "金额依据",
        FactField.RATE: "比例",
        FactField.FREQUENCY: "频次",
        FactField.TIME_LIMIT: "时限",
        FactField.REDUCTION: "压缩",
        FactField.TARGET: "目标值",
        FactField.DEADLINE: "期限",
        FactField.VALIDITY: "有效期",
        FactField.RULE: "规则",
        FactField.STRENGTH: "力度",
        FactField.DEPARTMENT: "责任单位",
        FactField.LEAD: "牵头单位",
        FactField.MUST_ACT: "义务主体",
        FactField.SOURCE: "资金来源",
        FactField.REGION: "地区限制",
        FactField.QUOTE: "原文",
    },
    strengths={
        Strength.FIRM: "应给",
        Strength.DISCRETIONARY: "择优或视情",
        Strength.ENCOURAGE: "鼓励",
        Strength.AIM: "力争、试点",
    },
    roles={
        Role.PAY: "支付金额",
        Role.CAP: "封顶",
        Role.TOTAL: "总额",
        Role.LINE: "额度",
        Role.POOL: "资金池",
    },
    rules={
        RuleKind.TOTAL_CAP: "总额上限",
        RuleKind.NO_STACK: "不重复享受",
        RuleKind.STACK: "可叠加",
        RuleKind.SCOPE: "适用范围",
        RuleKind.VALIDITY: "施行与有效期",
        RuleKind.PROCEDURE: "程序",
        RuleKind.COMMITMENT: "承诺",
        RuleKind.DEFINITION: "定义",
        RuleKind.SOURCE: "资金来源",
    },
)

ENGLISH = FactWords(
    heading="Support facts",
    explained="Read from the paper item by item; every part links to its words. The paper and the decision "
    "of the office in charge prevail.",
    whole_paper="Show the whole paper",
    changes="Compared with the paper it replaces",
    spreadsheet="Download as CSV",
    workbook="Download for Excel",
    calendar="Download calendar (.ics)",
    rules_title="Scope, validity and total caps",
    columns=("Kind", "For whom, on what condition", "What", "In charge", "Words of the paper"),
    groups={
        FactGroup.MONEY: "Money and taxes",
        FactGroup.TIME: "Time limits",
        FactGroup.OTHER: "Other support",
        FactGroup.TARGETS: "Targets",
        FactGroup.RULES: "Rules",
    },
    none="No support facts were read from this paper.",
    form="Form",
    no_sum="no sum stated",
    undivided="not divided",
    corrected="Corrected by an editor: {reason}",
    hidden="{number} more were read wrongly according to an editor, and are left out.",
    detached_title="Corrections that no longer apply",
    detached="This version of the paper no longer has the item that was corrected, or the words. "
    "The quotes are of an earlier version.",
    wrong="read wrongly",
    without="none",
    refers_to="Refers to",
    coverage_title="What was read",
    coverage="{facts} of {sentences} sentences with an amount, rate, time limit or word of giving "
    "became facts.",
    coverage_rest="The rest:",
    coverage_all="No such sentence is left.",
    kinds={kind: kind.value.replace("_", " ").capitalize() for kind in FactKind}
    | {
        FactKind.INTEREST: "Interest subsidy",
        FactKind.EQUITY: "Equity stake",
        FactKind.FEE: "Fee reduction",
        FactKind.SUPPORT: "Support (not specified)",
    },
    fields={field: field.value.replace("_", " ").capitalize() for field in FactField}
    | {
        FactField.AMOUNT_REFERENCE: "Where the sum is set",
        FactField.DEPARTMENT: "In charge",
        FactField.LEAD: "Leading",
        FactField.MUST_ACT: "Who must act",
        FactField.REGION: "Only in",
    },
    strengths={
        Strength.FIRM: "given",
        Strength.DISCRETIONARY: "at discretion",
        Strength.ENCOURAGE: "encouraged",
        Strength.AIM: "aimed at",
    },
    roles={
        Role.PAY: "payment",
        Role.CAP: "upper limit",
        Role.TOTAL: "total of all",
        Role.LINE: "credit, guarantee or stake",
        Role.POOL: "budget of a fund or year",
    },
    rules={
        RuleKind.TOTAL_CAP: "Total cap",
        RuleKind.NO_STACK: "Not together with others",
        RuleKind.STACK: "Together with others",
        RuleKind.SCOPE: "Scope",
        RuleKind.VALIDITY: "Validity",
        RuleKind.PROCEDURE: "Procedure",
        RuleKind.COMMITMENT: "Commitment",
        RuleKind.DEFINITION: "Definition",
        RuleKind.SOURCE: "Source of the money",
    },
)


def fact_words_for(language: str) -> FactWords:
    """The words for a page in that language, "en" or "zh-CN"."""
    return ENGLISH if language == "en" else CHINESE
