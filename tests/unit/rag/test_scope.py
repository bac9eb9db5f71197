"""Which papers a question is about."""

from __future__ import annotations

import pytest
from assembled import even, five, five_listed, listed, written
from hypothesis import given
from hypothesis import strategies as st

from rag.model import Question
from rag.question.scope import scope_of
from rag.question.understand import understand
from rag.ranking import TermWeights

_PIECES = [
    "湖南",
    "益阳",
    "江苏",
    "粤",
    "来鄂",
    "Hunan",
    "《",
    "》",
    "药品管理法",
    "湘政办发",
    "〔2026〕",
    "15号",
    "和",
    "、",
    "？",
]
_PIECES += ["廣東", "29号文", "关于促进生物医药产业创新发展的若干意见"]


@given(st.one_of(st.text(), st.lists(st.sampled_from(_PIECES), max_size=9).map("".join)))
def test_any_text_is_taken(text: str) -> None:
    scope = scope_of(text, five_listed())
    ids = {document.id for document in five()}
    assert ids.issuperset(scope.allowed)
    assert set(scope.preferred) <= set(scope.allowed)
    assert all(0 <= span.start < span.end <= len(text) for span in scope.spans)
    assert all(words in text for words in scope.uncovered + scope.unknown)


@pytest.mark.parametrize(
    ("text", "preferred"),
    [
        ("湖南有什么奖补", ["hunan"]),
        ("长沙的企业有什么奖补", ["hunan"]),
        ("支持外省研发产品来湘申报", ["hunan"]),
        ("Hunan: how much?", ["hunan"]),
        ("changsha companies", ["hunan"]),
        ("廣東省的企業", ["guangdong"]),
        ("在粤企业", ["guangdong"]),
        ("博罗县的技改", ["guangdong"]),
        ("武汉的产业集群", ["hubei"]),
        ("杭州的化工园区", ["zhejiang"]),
        ("湖南和湖北比一比", ["hunan", "hubei"]),
        ("湖南省和益阳市的政策", ["hunan", "yiyang"]),
        ("湖南省益阳市的政策", ["yiyang"]),
        ("湖南、浙江和益阳分别奖多少", ["hunan", "zhejiang", "yiyang"]),
        ("湖南省的意见和益阳市的意见有什么不同", ["hunan", "yiyang"]),
        ("湖南给多少，益阳给多少", ["hunan", "yiyang"]),
        ("公司从广州搬到湖南，能拿多少", ["hunan"]),
        ("我们在广州，湖南的政策能用吗", ["hunan"]),
        ("我们在益阳，湖南给多少", ["hunan", "yiyang"]),
        ("从广东和湖南的文件看，谁给得多", ["guangdong", "hunan"]),
        ("湘政办发〔2026〕15号", ["hunan"]),
        ("湘政办发[2026]第15号", ["hunan"]),
        ("湘政办发（2026）15号", ["hunan"]),
        ("益政办发〔2017〕29号", ["yiyang"]),
        ("《关于进一步推动广东生物医药产业高质量发展的行动方案》", ["guangdong"]),
        ("益阳29号文", ["yiyang"]),
        ("生物医药有什么奖补", []),
        ("全国范围", []),
    ],
)
def test_papers_are_named_by_region_number_or_title(text: str, preferred: list[str]) -> None:
    scope = scope_of(text, five_listed())
    assert sorted(scope.preferred) == sorted(preferred)
    assert scope.uncovered == scope.unknown == ()


def test_a_county_prefers_the_paper_of_its_city_and_allows_that_of_the_province() -> None:
    scope = scope_of("安化的黄精", five_listed())
    assert scope.preferred == ("yiyang",)
    assert sorted(scope.allowed) == ["hunan", "yiyang"]


def test_the_paper_of_one_city_is_not_for_another() -> None:
    assert scope_of("长沙", five_listed()).allowed == ("hunan",)


@pytest.mark.parametrize("region", ["江苏", "南京", "海南", "台湾", "上海", "四川省成都市"])
def test_a_region_without_a_paper_is_uncovered(region: str) -> None:
    scope = scope_of(f"{region}有没有奖补？", five_listed())
    assert scope.uncovered == (region,)
    assert scope.allowed == ()


def test_a_covered_and_an_uncovered_region() -> None:
    scope = scope_of("北京和湖南哪个给得多", five_listed())
    assert (scope.preferred, scope.uncovered) == (("hunan",), ("北京",))


@pytest.mark.parametrize(
    "name", ["湘政办发〔2026〕99号", "国办发〔2024〕53号", "《药品管理法》", "粤府〔2020〕1号"]
)
def test_a_number_or_title_that_no_paper_bears_or_cites_is_unknown(name: str) -> None:
    scope = scope_of(f"{name}是怎么规定的", five_listed())
    assert scope.unknown == (name,)
    assert scope.preferred == ()


@pytest.mark.parametrize(
    ("number", "citing"),
    [("湘政办发〔2017〕35号", "yiyang"), ("湘政办发〔2021〕44号", "hunan"), ("益政发〔2017〕11号", "yiyang")],
)
def test_a_cited_number_leads_to_the_paper_that_cites_it(number: str, citing: str) -> None:
    scope = scope_of(f"{number}是什么文件？", five_listed())
    assert (scope.preferred, scope.unknown) == ((citing,), ())


def test_a_filter_by_document_leaves_only_that() -> None:
    asked = Question("创新药有什么奖补？", documents=("zhejiang",))
    assert understand(asked, five_listed(), idf=even, counts=TermWeights()).scope.allowed == ("zhejiang",)


def test_a_filter_by_region_leaves_what_applies_there() -> None:
    asked = Question("创新药有什么奖补？", regions=("益阳市",))
    assert sorted(understand(asked, five_listed(), idf=even, counts=TermWeights()).scope.allowed) == [
        "hunan",
        "yiyang",
    ]


def test_a_filter_that_leaves_nothing_allows_nothing() -> None:
    scope = understand(
        Question("创新药", regions=("江苏省",)), five_listed(), idf=lambda _: 1.0, counts=TermWeights()
    ).scope
    assert scope.uncovered == ("江苏省",)
    assert not {document.id for document in five()}.intersection(scope.allowed)
    assert scope.allowed


def test_numbers_of_two_papers_with_one_serial_are_distinguished() -> None:
    one = written(
        "one", "甘政办发〔2020〕7号\n\n甘肃省人民政府办公厅关于促进种业发展的意见\n\n一、总则\n\n支持种业。"
    )
    two = written(
        "two", "甘政办发〔2021〕7号\n\n甘肃省人民政府办公厅关于促进牧业发展的意见\n\n一、总则\n\n支持牧业。"
    )
    assert scope_of("甘政办发〔2021〕7号", listed(one, two)).preferred == ("two",)


def test_a_place_with_papers_of_its_own_is_no_search_term_beside_a_paper_without_a_region() -> None:
    paper = written("care", "关于支持养老服务发展的若干措施\n\n一、建设补贴\n\n每张床位补贴5000元。")
    assert paper.head.region == ""
    asked = "湖南首次获批的创新药奖多少"
    scope = scope_of(asked, listed(*five(), paper))
    assert [span.of(asked) for span in scope.spans] == ["湖南"]
    assert not scope.allowed  # the question may be about the paper without a region
