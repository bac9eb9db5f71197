"""Says what kind of money a segment gives, and by which word."""

from __future__ import annotations

import re
from typing import Final

from corpus.facts.grants.words import GIVING, pattern
from corpus.facts.model import FactKind

_VERBS = (
    "给予|给与|予以|享受(?!过)|安排|发放|提供|兑现|下达|落实|申报|申请|争取|进行|实行|拨付|核拨|执行|实施"
)
_GAP = "[^，,。；]{0,24}?"
# A word of giving that only describes somebody: 获得财政补贴的企业
_NOT_DESCRIBING = (
    rf"(?![^，,。；]{{0,2}}的|[^，,。；]{{0,8}}的[^，,。；]{{0,12}}?{GIVING.alternation('entity')})"
)
# 补助标准, 奖励对象: names of something else
_NOT_A_NAME = rf"(?!金额|标准|额度|对象|条件|范围|范畴|名单|目录|程序|政策|办法|项目|资格){_NOT_DESCRIBING}"
_OFFERS = f"(?:给予|予以|提供|推行|办理){_GAP}"
_SETS_UP = rf"\A(?:由[^，由]{{2,8}})?(?:研究|加快|推动|探索|积极|争取)*(?:发起|组建)?设立{_GAP}"
_PROMISES: Final = (
    (FactKind.INTEREST, pattern("interest_form", before=f"(?:{_VERBS}|用好|全额){_GAP}", after=_NOT_A_NAME)),
    (
        FactKind.MONEY,
        pattern("money_form", before=f"(?:{_VERBS}|适当|优先|择优|一次性){_GAP}", after=_NOT_A_NAME),
    ),
    (FactKind.MONEY, pattern("money_promise")),
    (FactKind.TAX, pattern("tax_form", after=_NOT_DESCRIBING)),
    (FactKind.FEE, pattern("fee_promise", after=_NOT_DESCRIBING)),
    (FactKind.FEE, pattern("fee_form", after=rf"[^，,。；]{{0,16}}?(?:费|租金?|金|税){_NOT_DESCRIBING}")),
    (FactKind.GUARANTEE, pattern("guarantee_form", before=_OFFERS, after=_NOT_DESCRIBING)),
    (FactKind.EQUITY, pattern("equity_form", before=_OFFERS, after=_NOT_DESCRIBING)),
    (FactKind.LOAN, pattern("loan_form", before=_OFFERS, after=_NOT_DESCRIBING)),
    (FactKind.GUARANTEE, pattern("line_before", before="(?:提高|降低)[^，,。；]{0,12}?")),
    (FactKind.FUND, pattern("fund_form", before=_SETS_UP)),
)
_SUPPORTS = re.compile("(?:给予|予以)(?:支持|扶持|兑现)")
# What one pays, and the kind of a figure that sets it
_PRICES: Final = (
    (FactKind.GUARANTEE, "guarantee_price"),
    (FactKind.FEE, "fee_price"),
    (FactKind.LOAN, "loan_price"),
)
_FORMS: Final = {
    FactKind.INTEREST: ("interest_form",),
    FactKind.GUARANTEE: ("guarantee_form",),
    FactKind.LOAN: ("loan_form",),
    FactKind.EQUITY: ("equity_form",),
    FactKind.FUND: ("fund_form",),
    FactKind.TAX: ("tax_form",),
    FactKind.FEE: ("fee_form",),
    FactKind.MONEY: ("money_form",),
}


def promised(text: str) -> FactKind | None:
    """Returns the kind of money that a segment without a figure promises; None when it promises none."""
    if GIVING.has("no_giving", text):
        return None
    if GIVING.has("reference", text) and _SUPPORTS.search(text):
        return FactKind.MONEY
    return next((kind for kind, words in _PROMISES if words.search(text)), None)


def kind_of_gift(text: str, segment: str) -> FactKind:
    """Returns the kind of a gift with a figure, by the words of giving or its whole segment."""
    if GIVING.has("interest_form", text) or "利率的" in text or "利息的" in text:
        return FactKind.INTEREST
    if GIVING.has("money_form", text):
        return FactKind.MONEY
    if GIVING.has("fee_form", text):
        return FactKind.TAX if "税" in segment else FactKind.FEE
    if GIVING.has("weak_form", text):
        return FactKind.MONEY
    if GIVING.has("fee_form", segment):
        return FactKind.TAX if "税" in segment else FactKind.FEE
    return next((kind for kind, sense in _PRICES if GIVING.has(sense, segment)), FactKind.MONEY)


def kind_of_line(text: str) -> FactKind:
    """Returns the kind of credit that the words around its figure name."""
    for kind in (FactKind.GUARANTEE, FactKind.LOAN, FactKind.EQUITY):
        if any(GIVING.has(sense, text) for sense in _FORMS[kind]):
            return kind
    return FactKind.GUARANTEE if "担保" in text or "在保" in text else FactKind.LOAN


def form_in(kind: FactKind, text: str, figure: int) -> tuple[int, int] | None:
    """Returns the offsets of the word for the money: the first behind the figure, else the last before it."""
    for sense in (*_FORMS[kind], "weak_form", "gives"):
        found = GIVING.spans(sense, text)
        if found:
            behind = [span for span in found if span.start >= figure]
            span = behind[0] if behind else found[-1]
            return span.start, span.end
    return None
