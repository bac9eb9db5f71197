"""Head data written in many ways: history lines, numbers, terms, repeals, regions, drafts."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.load import load
from corpus.model import Document, Status
from corpus.notation.citations.repeals import repealed_by
from corpus.notation.paper_names import in_title_marks
from corpus.parse import parse

_BODY = "第一条 为了规范管理，制定本办法。\n第二条 有关单位应当遵守本办法。\n"


def _paper(text: str) -> Document:
    return parse(load(text.encode(), name="paper.txt"), document_id="paper")


def _value(stated: object) -> object:
    return getattr(stated, "value", None)


def test_the_name_of_a_file_is_no_title() -> None:
    head = _paper("一、面向市民\n（一）预约停车。\n（二）扫码缴费。\n").head
    assert "paper" not in head.title.value
    assert "《" not in in_title_marks(head.title.value)
    assert head.title.span.end == 0


@pytest.mark.parametrize(
    ("lines", "issued", "number", "issuer"),
    [
        (
            "2009年5月7日栗原省第十届人民代表大会常务委员会第九次会议通过\n"
            "根据2018年3月2日栗原省第十三届人民代表大会常务委员会第二次会议《关于修改〈栗原省湿地公园条例〉的决定》修正",
            date(2009, 5, 7),
            None,
            "栗原省人民代表大会常务委员会",
        ),
        (
            "（2006年1月12日栗原省人民政府令第31号公布　根据2020年6月8日栗原省人民政府令第102号修订）",
            date(2006, 1, 12),
            "栗原省人民政府令第31号",
            "栗原省人民政府",
        ),
        (
            "2006年1月12日栗原省人民政府令第31号发布\n2012年4月5日栗原省人民政府令第60号修正",
            date(2006, 1, 12),
            "栗原省人民政府令第31号",
            "栗原省人民政府",
        ),
        (
            "（2010年11月26日栗原省第四届人民代表大会常务委员会第三十次会议通过\n2019年8月1日修订）",
            date(2010, 11, 26),
            None,
            "栗原省人民代表大会常务委员会",
        ),
    ],
)
def test_history_lines_are_no_title(lines: str, issued: date, number: str | None, issuer: str) -> None:
    head = _paper(f"栗原省湿地公园条例\n{lines}\n第一章 总则\n{_BODY}").head
    assert head.title.value == "栗原省湿地公园条例"
    assert _value(head.date_issued) == issued
    assert _value(head.doc_number) == number
    assert _value(head.issuer) == issuer
    assert len(head.amended) == sum("修" in line for line in lines.split("\n")) or len(head.amended) == 1


@pytest.mark.parametrize("column", ["规范性文件", "通知公告", "市政府文件", "政策法规", "政府公报"])
def test_the_name_of_a_column_is_no_title(column: str) -> None:
    head = _paper(
        f"{column}\n禾川市商务局关于发放消费券的通知\n禾商发〔2024〕8号\n各区商务局：\n现通知如下：\n一、时间\n8月起。\n"
    ).head
    assert head.title.value == "禾川市商务局关于发放消费券的通知"
    assert _value(head.doc_number) == "禾商发〔2024〕8号"


@pytest.mark.parametrize(
    "written",
    [
        "禾政办发〔2024〕12号",
        "禾政办发{2024}12号",
        "禾政办发〔2O24〕l2号",
        "禾政办发〔二〇二四〕12号",
        "禾政办发〔2024年〕12号",
        "禾政办发2024〕12号",
        "禾政办发〔2024〕12",
        "禾政办发〔2024〕十二号",
        "禾政办发〖2024〗12号",
        "禾政办发《2024》12号",
        "禾政办发〔2024〕1 2号",
        "禾政办发〔2 0 2 4〕12号",
    ],
)
def test_a_misread_number_is_the_number(written: str) -> None:
    head = _paper(f"关于稳定菜价的通知\n{written}\n各区人民政府：\n现通知如下：\n一、保供\n做好保供。\n").head
    assert head.title.value == "关于稳定菜价的通知"
    assert _value(head.doc_number) == "禾政办发〔2024〕12号"


def test_a_paper_that_is_passed_on_keeps_its_number() -> None:
    head = _paper(
        "禾川市财政局转发栗原省财政厅关于印发会议费办法的通知\n各单位：\n现转发给你们。\n禾川市财政局\n2023年6月20日\n"
        "栗原省财政厅关于印发会议费办法的通知\n栗财行〔2023〕2号\n各市财政局：\n现印发给你们。\n"
    ).head
    assert head.doc_number is None
    assert _value(head.date_issued) == date(2023, 6, 20)


_TERMS = [
    ("本办法执行期限为2021年5月1日至2024年4月30日。", date(2021, 5, 1), date(2024, 4, 30)),
    ("本办法自2021年5月1日起至2024年4月30日止施行。", date(2021, 5, 1), date(2024, 4, 30)),
    ("本办法有效期自发布之日起5年。", date(2021, 4, 8), date(2026, 4, 7)),
    ("本办法自发布之日起五年内有效。", date(2021, 4, 8), date(2026, 4, 7)),
    ("本办法自印发之日起试行两年。", date(2021, 4, 8), date(2023, 4, 7)),
    ("本办法从2021年5月1日起执行，暂定三年。", date(2021, 5, 1), date(2024, 4, 30)),
    ("本办法自2021年5月1日起试行，试行期为一年半。", date(2021, 5, 1), date(2022, 10, 31)),
    ("本办法自印发之日起施行，有效期至2025年底。", date(2021, 4, 8), date(2025, 12, 31)),
    ("本办法自印发之日起施行，有效期至2025年6月底。", date(2021, 4, 8), date(2025, 6, 30)),
    ("本办法自印发之日起施行，执行至2025年12月31日。", date(2021, 4, 8), date(2025, 12, 31)),
    ("本办法自印发之日起施行，2025年12月31日废止。", date(2021, 4, 8), date(2025, 12, 31)),
    ("本政策执行期暂定自发布之日起至2023年12月31日。", date(2021, 4, 8), date(2023, 12, 31)),
    ("本办法自公布之日起三十日后施行。", date(2021, 5, 8), None),
    ("采伐许可证有效期三年。\n第四条 本办法自2021年5月1日起施行。", date(2021, 5, 1), None),
    ("本办法所称备案凭证有效期为两年。\n第四条 本办法自2021年5月1日起施行。", date(2021, 5, 1), None),
    ("本办法规定的补贴政策执行期限三年。\n第四条 本办法自2021年5月1日起施行。", date(2021, 5, 1), None),
    (
        "自2021年6月1日起执行新收费标准，试行期一年。\n第四条 本办法自2021年5月1日起施行。",
        date(2021, 5, 1),
        None,
    ),
]


@pytest.mark.parametrize(("sentence", "since", "until"), _TERMS)
def test_terms_of_the_paper_itself(sentence: str, since: date, until: date | None) -> None:
    document = _paper(
        f"禾川市粮油储备办法\n禾粮发〔2021〕2号\n第一条 为了储备粮油，制定本办法。\n第二条 储备三个月。\n"
        f"第三条 {sentence}\n禾川市粮食局\n2021年4月8日\n"
    )
    validity = document.head.validity
    assert validity is not None
    assert (validity.since, validity.until) == (since, until)
    assert validity.span.of(document.text).rstrip("。").endswith(sentence.split("\n")[-1].rstrip("。")[-6:])


def test_a_heading_names_the_term_below_it() -> None:
    validity = _paper(
        "禾川市创业补贴通知\n各单位：\n现通知如下：\n一、标准\n每户2000元。\n二、执行期限\n"
        "2021年1月1日至2023年12月31日。\n禾川市人力资源和社会保障局\n2020年12月28日\n"
    ).head.validity
    assert validity is not None
    assert (validity.since, validity.until) == (date(2021, 1, 1), date(2023, 12, 31))


_OLD, _OTHER = "禾川市粮食储备规定", "禾川市食油储备规定"


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        (f"原《{_OLD}》（禾粮发〔2010〕5号）同时废止。", [_OLD]),
        (f"《{_OLD}》、《{_OTHER}》等2件文件同时废止。", [_OLD, _OTHER]),
        (f"《{_OLD}》自本办法施行之日起不再执行。", [_OLD]),
        (f"同时废止《{_OLD}》（禾粮发〔2010〕5号）和《{_OTHER}》。", [_OLD, _OTHER]),
        (f"本办法施行后，《{_OLD}》由本办法替代。", [_OLD]),
        (f"《{_OLD}》（禾粮发〔2010〕5号，以下简称原规定）已施行十年。原规定同时废止。", [_OLD]),
        (f"除《{_OTHER}》外，《{_OLD}》同时废止。", [_OLD]),
        (f"《{_OLD}》第五条、第六条同时废止。", []),
        (f"《{_OLD}》中有关食油的条款同时废止。", []),
        (f"《{_OLD}》与本办法不一致的内容同时废止。", []),
        (f"《{_OLD}》与本办法不一致的，以本办法为准。", []),
        ("违反《粮食流通条例》的，其储备资格予以废止。", []),
        ("依照《粮食流通条例》废止的储备计划不再执行。", []),
        (f"《{_OLD}》不废止，继续执行。", []),
    ],
)
def test_what_a_sentence_repeals(text: str, titles: list[str]) -> None:
    assert [found.title for found in repealed_by([(text, 0)]).papers] == titles


def test_lists_of_repealed_papers() -> None:
    head = _paper(
        "禾川市人民政府关于公布废止文件目录的决定\n禾政发〔2021〕2号\n各单位：\n经清理，决定对附件所列文件予以废止。\n"
        "附件：1.废止文件目录\n2.继续有效的文件目录\n禾川市人民政府\n2021年4月8日\n附件1\n废止文件目录\n"
        f"1.《{_OLD}》（禾粮发〔2010〕5号）\n附件2\n继续有效的文件目录\n1.《{_OTHER}》（禾粮发〔2011〕6号）\n"
    ).head
    assert [(found.title, found.doc_number) for found in head.repeals] == [(_OLD, "禾粮发〔2010〕5号")]


@pytest.mark.parametrize(
    ("title", "number", "signer", "region"),
    [
        ("青禾市人民政府办公室关于稳定菜价的通知", "青政办发〔2024〕3号", "青禾市人民政府办公室", ""),
        ("关于稳定药价的通知", "云医保发〔2024〕3号", "云水市医疗保障局", ""),
        ("宁河湾市人民政府关于稳定菜价的通知", "宁政发〔2024〕3号", "宁河湾市人民政府", ""),
        ("关于稳定菜价的通知", "湘政办发〔2024〕3号", "省人民政府办公厅", "湖南省"),
        ("关于办税的通告", "", "国家税务总局长沙市税务局", "湖南省长沙市"),
        ("关于退市的通知", "", "证监会", "中华人民共和国"),
    ],
)
def test_no_region_is_guessed(title: str, number: str, signer: str, region: str) -> None:
    head = _paper(
        f"{title}\n{number}\n各单位：\n现通知如下：\n一、保供\n做好保供。\n{signer}\n2024年3月5日\n"
    ).head
    assert head.region == region


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("禾川市停车收费办法（公开征求社会公众意见稿）", Status.DRAFT),
        ("禾川市停车收费办法（报审稿）", Status.DRAFT),
        ("禾川市停车收费办法（修订草案征求意见稿）", Status.DRAFT),
        ("禾川市停车收费办法（试行）", Status.IN_FORCE),
        ("禾川市停车收费办法（2024年修订）", Status.IN_FORCE),
    ],
)
def test_drafts_are_told_from_provisional_papers(title: str, status: Status) -> None:
    assert _paper(f"{title}\n{_BODY}").head.status is status


@pytest.mark.parametrize(
    ("basis", "titles"),
    [
        ("根据宪法，制定本办法", ["宪法"]),
        ("根据粮食安全保障法、价格法和有关法律，制定本办法", ["粮食安全保障法", "价格法"]),
        ("结合本市实际，制定本办法", []),
    ],
)
def test_laws_without_marks_are_a_basis(basis: str, titles: list[str]) -> None:
    head = _paper(f"禾川市粮油储备办法\n第一条 为了储备粮油，{basis}。\n第二条 储备三个月。\n").head
    assert [found.title for found in head.basis] == titles


@pytest.mark.parametrize(
    "piece",
    [
        "自2021年1月1日起",
        "《甲办法》、",
        "（2020年1月1日",
        "禾政发〔2020〕",
        "有效期",
        "上述",
        "根据",
        "2 0 2 0",
        "至",
    ],
)
def test_time_is_linear_in_the_text(piece: str) -> None:
    """A pattern that is not would take minutes for these."""
    _paper("禾川市办法\n第一条 " + piece * (60_000 // len(piece)) + "同时废止，有效期五年。\n")
