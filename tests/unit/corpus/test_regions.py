"""Names of regions in running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Level
from corpus.regions.divisions import NATION, Division, gazetteer
from corpus.regions.local_names import local_key
from corpus.regions.mentions import covers, find_divisions, parse_region


def named(text: str) -> list[str]:
    """Full names of the regions found in a text."""
    return [mention.division.full for mention in find_divisions(text)]


def the(region: str) -> Division:
    division = parse_region(region)
    assert division is not None, region
    return division


DIVISIONS = [d for d in gazetteer().divisions.values() if d is not NATION]


@given(st.sampled_from(DIVISIONS))
def test_a_full_name_is_its_division(division: Division) -> None:
    assert parse_region(division.full) == division


@given(st.text(alphabet="湖南北省市县区益阳安化长沙在来湘鄂粤、 Hunan國務院", max_size=30))
def test_mentions_are_slices_in_order(text: str) -> None:
    end = 0
    for mention in find_divisions(text):
        assert mention.start >= end
        assert mention.words == text[mention.start : mention.end] != ""
        assert mention.divisions
        end = mention.end


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    find_divisions(text)


def test_every_parent_is_a_division_that_covers() -> None:
    divisions = gazetteer().divisions
    for division in DIVISIONS[::50]:
        assert all(covers(divisions[code].full, division) for code in division.parents)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("湖南省的政策", ["湖南省"]),
        ("我公司在益阳，湖南能奖多少", ["湖南省益阳市", "湖南省"]),
        ("湖南省益阳市安化县的企业", ["湖南省益阳市安化县"]),
        ("惠州博罗县的厂", ["广东省惠州市博罗县"]),
        ("恩施州有什么支持", ["湖北省恩施土家族苗族自治州"]),
        ("廣東省和湖北省", ["广东省", "湖北省"]),
        ("益陽安化縣種中藥材", ["湖南省益阳市安化县"]),
        ("香港特区政府", ["香港特别行政区"]),
        ("国务院办公厅的文件", ["中华人民共和国"]),
        ("北京市朝阳区", ["北京市朝阳区"]),
        ("吉林怎么规定", ["吉林省"]),
        ("南县的企业", ["湖南省益阳市南县"]),
        ("Which department in Hunan, and which in Changsha?", ["湖南省", "湖南省长沙市"]),
        ("Xi'an or Inner Mongolia", ["陕西省西安市", "内蒙古自治区"]),
        ("Fuzhou in Jiangxi", ["江西省抚州市", "江西省"]),
    ],
)
def test_names(text: str, found: list[str]) -> None:
    assert named(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("支持外省研发产品来湘申报注册", ["湖南省"]),
        ("在粤企业", ["广东省"]),
        ("湘政办发〔2026〕15号", ["湖南省"]),
        ("粤府办〔2024〕11号", ["广东省"]),
        ("湘、鄂、粤三省", ["湖南省", "湖北省", "广东省"]),
        ("粤和浙哪个高", ["广东省", "浙江省"]),
        ("江浙沪", ["浙江省", "上海市"]),
        ("在苏州设厂", ["江苏省苏州市"]),
        ("潇湘财银贷", []),
        ("在新形势下", []),
        ("在晋职、晋级方面", []),
    ],
)
def test_abbreviations_count_only_where_they_stand_for_a_province(text: str, found: list[str]) -> None:
    assert named(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "扩大理赔和医保定点",
        "重大理论",
        "普通化学药",
        "其中卫生部门",
        "每周至少一次",
        "海上丝绸之路",
        "珠江西岸",
        "沿海城市、镇",
        "会同县级以上地方人民政府",
        "社会组织和县级以上人民政府",
        "中药材种植基地示范县",
        "有两个以上海事请求的",
        "绿色通道、资源共享、合作交流、公安机关",
        "祁连山和澜沧江",
    ],
)
def test_words_that_contain_a_name_by_chance(text: str) -> None:
    assert named(text) == []


def test_a_name_of_several_places_keeps_them_all() -> None:
    (mention,) = find_divisions("鼓楼区的政策")
    assert {d.parents[-1] for d in mention.divisions} == {"320100", "320300", "350100", "410200"}
    assert named("开封的企业搬到鼓楼区") == ["河南省开封市", "河南省开封市鼓楼区"]


@pytest.mark.parametrize(
    ("region", "division", "expected"),
    [
        ("湖南省", "长沙", True),
        ("湖南省", "益阳市", True),
        ("湖南省", "安化县", True),
        ("湖南省益阳市", "安化县", True),
        ("湖南省益阳市", "长沙市", False),
        ("湖南省益阳市", "湖南省", False),
        ("湖南省", "湖北省", False),
        ("中华人民共和国", "益阳市", True),
        ("", "益阳市", False),
    ],
)
def test_covers(region: str, division: str, expected: bool) -> None:
    assert covers(region, the(division)) is expected


def test_levels() -> None:
    regions = ("中华人民共和国", "浙江省", "北京市", "益阳市", "安化县", "仙桃市")
    levels = [the(region).level for region in regions]
    assert levels == [
        Level.NATION,
        Level.PROVINCE,
        Level.PROVINCE,
        Level.CITY,
        Level.COUNTY,
        Level.COUNTY,
    ]


def test_what_names_no_region() -> None:
    assert parse_region("") is None
    assert parse_region("火星") is None
    assert parse_region("湖南和湖北") is None


@pytest.mark.parametrize(
    ("title", "local"),
    [
        ("中华人民共和国民法典", "民法典"),
        ("广州市老年人优待办法", "老年人优待办法"),
        ("湖南省益阳市老年人优待办法", "老年人优待办法"),
        ("新疆维吾尔自治区人才条例", "人才条例"),
        ("恩施州人才条例", "人才条例"),
        ("香港特别行政区维护国家安全法", "维护国家安全法"),
        # no complete name of a region at the beginning
        ("城市绿化条例", "城市绿化条例"),
        ("关于城市绿化的意见", "关于城市绿化的意见"),
        ("开发区管理办法", "开发区管理办法"),
        ("支援湖南省绿化办法", "支援湖南省绿化办法"),
        ("深圳经济特区绿化条例", "深圳经济特区绿化条例"),
        ("全国经济普查条例", "全国经济普查条例"),
        ("湖南省", "湖南省"),
        ("", ""),
    ],
)
def test_a_local_name_leaves_out_the_whole_region_and_nothing_else(title: str, local: str) -> None:
    assert local_key(title) == local


_STARTS = (
    *("", "省", "市", "人民政府", "人民政府办公厅关于", "鼓楼区", "湘"),
    *("国务院", "吉林", "城市", "沿海", "级以上"),
)
_RESTS = (
    "绿化条例",
    "人民政府办公厅关于城市管理的通知",
    "县域经济促进条例",
    "级以上地方人民政府",
    "江流域管理",
)
_NAMES = sorted(one.name for one in gazetteer().divisions.values())


@given(
    names=st.lists(st.sampled_from(_NAMES) | st.sampled_from(_STARTS), min_size=1, max_size=4),
    rest=st.sampled_from(_RESTS),
)
def test_a_look_at_the_beginning_finds_the_region_that_the_whole_has(names: list[str], rest: str) -> None:
    title = "".join(names) + rest
    first = next(iter(find_divisions(title[:32])), None)
    whole = title
    if title.startswith(NATION.full):
        whole = title[len(NATION.full) :] or title
    elif first is not None and first.start == 0:
        complete = any(first.words.endswith(alias) for one in first.divisions for alias in one.aliases)
        whole = (title[first.end :] or title) if complete else title
    assert local_key(title) == whole
