"""Two small papers, and a question about one of them."""

from collections.abc import Callable, Sequence

import pytest
from evals_catalogue import Papers, paper

from evals.model import Evidence, Expect, Item


@pytest.fixture
def papers() -> Papers:
    """The papers of a province and of a city."""
    province = paper(
        "province",
        "湖南省人民政府办公厅关于促进生物医药产业创新发展的若干意见",
        "湘政办发〔2026〕15号",
        [
            (("一、", "（一）"), "（一）每个平台每年一次性奖补500万元，连续支持3年。"),
            (("一、", "（二）"), "（二）支持医疗机构制剂医保支付。最高不超过3000万元。"),
            (("附则",), "本意见自印发之日起实施，有效期5年。"),
        ],
    )
    city = paper(
        "city",
        "益阳市人民政府办公室关于促进医药产业健康发展的实施意见",
        "益政办发〔2017〕29号",
        [
            (("二、", "（一）", "1．"), "1．支持沅江枳壳（实）、安化黄精等道地中药种植。"),
            (("二、", "（二）", "1．"), "1．支持企业牵头组建产学研用协同创新平台。"),
        ],
    )
    return Papers((province, city))


@pytest.fixture
def item() -> Callable[..., Item]:
    """Returns a question on the province's first article; arguments replace its fields."""

    def make(
        *,
        type: str = "number",
        expect: Expect = Expect.ANSWER,
        evidence: Sequence[Evidence] = (Evidence("province", ("（一）",), ("每年一次性奖补500万元",)),),
        alternatives: Sequence[Evidence] = (),
        must: Sequence[Sequence[str]] = (("500万",),),
        also: Sequence[Expect] = (),
    ) -> Item:
        groups = tuple(tuple(group) for group in must)
        return Item("？", type, "easy", expect, tuple(evidence), tuple(alternatives), groups, tuple(also))

    return make
