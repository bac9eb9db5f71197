"""The words for kinds, fields and values of support facts in the interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.facts.fields import FactField
from corpus.facts.model import FactKind, Role, RuleKind, Strength


@dataclass(frozen=True, slots=True)
class FactWords:
    """What facts are made of, in one language."""

    kinds: Mapping[FactKind, str]
    fields: Mapping[FactField, str]
    strengths: Mapping[Strength, str]
    roles: Mapping[Role, str]
    rules: Mapping[RuleKind, str]


CHINESE = FactWords(
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
