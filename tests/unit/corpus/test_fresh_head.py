"""Head data in notations that ministries, congresses and scanned papers use."""

from __future__ import annotations

from datetime import date

from corpus.load import load
from corpus.model import Document
from corpus.numbers import same_number
from corpus.parse import parse


def _paper(text: str) -> Document:
    return parse(load(text.encode(), name="paper.txt"), document_id="paper")


def test_a_number_before_the_title_belongs_to_the_repealed_paper() -> None:
    document = _paper(
        "货物运输管理规定\n第一条 为规范运输，制定本规定。\n"
        "第二条 本规定自2024年1月1日起施行。"
        "2005年6月16日以交通部令2005年第6号公布的《货物运输管理规定》同时废止。\n"
    )
    repealed = document.head.repeals
    assert [(r.title, r.doc_number) for r in repealed] == [("货物运输管理规定", "交通部令2005年第6号")]


def test_a_paper_of_which_articles_end_is_not_repealed() -> None:
    document = _paper(
        "关于征管事项的公告\n一、免征增值税。\n"
        "二、本公告自2023年1月1日起施行。《征收管理公告》（财税〔2022〕6号）第一、二、三条同时废止。\n"
    )
    assert document.head.repeals == ()


def test_the_name_of_the_state_makes_no_other_number() -> None:
    assert same_number("中华人民共和国交通运输部令2023年第14号", "交通运输部令2023年第14号")


def test_blanks_of_a_scan_do_not_hide_the_validity() -> None:
    document = _paper(
        "实施方案\n一、目标\n到 2025 年完成改造。\n本方案自印发之日起 30 日后施行，有效期 5 年。\n"
        "某某市人民政府\n2021 年 5 月 28 日\n"
    )
    validity = document.head.validity
    assert validity is not None
    assert (validity.since, validity.duration) == (date(2021, 6, 27), "5年")


def test_a_congress_that_passes_a_paper_issues_it() -> None:
    document = _paper(
        "上海市绿色金融发展规定\n（2022年6月22日上海市第十五届人民代表大会常务委员会第四十一次会议通过）\n"
        "第一条 为了发展绿色金融，制定本规定。\n第二条 本规定自2022年7月1日起施行。\n"
    )
    issuer = document.head.issuer
    assert issuer is not None
    assert issuer.value == "上海市人民代表大会常务委员会"
