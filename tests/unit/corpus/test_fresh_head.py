"""Metadata in notations of ministries, congresses and scanned papers."""

from __future__ import annotations

from datetime import date

from corpus.load import load
from corpus.model import Document, Status
from corpus.notation.doc_numbers import same_number
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


def test_a_decision_repeals_what_it_lists() -> None:
    document = _paper(
        "北京市人民政府关于废止部分规章的决定\n经研究，市人民政府决定废止下列规章：\n"
        "一、《门楼牌管理办法》（2013年12月5日北京市人民政府令第252号公布）\n\n"
        "二、《卫生监督实施细则》（1997年北京市人民政府令第15号公布）\n\n本决定自公布之日起施行。\n"
    )
    assert [(r.title, r.doc_number) for r in document.head.repeals] == [
        ("门楼牌管理办法", "北京市人民政府令第252号"),
        ("卫生监督实施细则", "北京市人民政府令第15号"),
    ]
    outline = [(clause.label, clause.heading) for clause in document.clauses][-3:]
    assert outline == [("一、", ""), ("二、", ""), ("附则", "")]


def test_several_ministries_make_one_number() -> None:
    document = _paper(
        "工业和信息化部 财政部 税务总局公告\n2023年第32号\n\n"
        "为支持产业发展，现公告如下：\n一、免征税款。\n二、延续执行。\n"
    )
    number = document.head.doc_number
    assert number is not None
    assert number.value == "工业和信息化部、财政部、税务总局公告2023年第32号"


def test_a_title_outside_of_the_content_of_a_page_is_the_title() -> None:
    page = (
        "<html><head><title>关于印发《民宿管理办法》的通知 - 厦门市文化和旅游局</title></head><body>"
        "<div><h1>厦门市文化和旅游局</h1></div><article><h2>厦门市文化和旅游局关于印发<br>《民宿管理办法》的通知</h2>"
        "<div class='content'><p>各区文旅局：</p><p>为规范经营，制定了《民宿管理办法》，现印发给你们。</p>"
        "<p>厦门市文化和旅游局</p><p>2023年4月10日</p><p>民宿管理办法</p>"
        "<p>第一条 为促进民宿发展，制定本办法。</p><p>第二条 本办法自2023年5月1日起施行，有效期5年。</p>"
        "</div></article></body></html>"
    )
    head = parse(load(page.encode(), name="paper.html"), document_id="paper").head
    assert head.title.value == "厦门市文化和旅游局关于印发《民宿管理办法》的通知"
    assert head.inner_title is not None
    assert head.inner_title.value == "民宿管理办法"


def test_a_running_header_with_a_number_stays_where_it_comes_first() -> None:
    header = "长春市规范性文件                                   CCFG-2024-004\n"
    article = "第{}条  本市城市更新活动坚持留改拆并举，以保留利用提升为主，稳妥推进改造提升。\n"
    pages = "".join(
        "".join(article.format("一二三四五六七八九十"[3 * page + at]) for at in range(3))
        + f"- {page + 1} -\n{header}"
        for page in range(3)
    )
    document = _paper(f"{header}长春市城市更新管理办法\n{pages}第十条  本办法自2024年3月1日起施行。\n")
    registry = document.head.registry_number
    assert registry is not None
    assert registry.value == "CCFG-2024-004"
    assert document.text.count("CCFG") == 1


def test_short_lines_above_the_name_sign_nothing() -> None:
    document = _paper(
        "# 湖南省数字政府建设要点\n\n## 一、重点任务\n\n统筹资源，提升能力。\n\n## 二、保障措施\n\n"
        "* 加强组织领导\n* 强化督查考核\n\n湖南省人民政府办公厅\n2024年3月20日\n"
    )
    issuer = document.head.issuer
    assert issuer is not None
    assert issuer.value == "湖南省人民政府办公厅"
    assert document.text_of(document.clauses[-1]) == "湖南省人民政府办公厅\n2024年3月20日"


def test_whom_to_call_is_no_signature() -> None:
    document = _paper(
        "高新技术企业申报指南\n一、申报条件\n注册一年以上。\n二、联系方式\n联系人：张三，电话：0571-87654321\n"
        "浙江省科学技术厅\n2024年4月8日\n"
    )
    issuer = document.head.issuer
    assert issuer is not None
    assert issuer.value == "浙江省科学技术厅"
    assert document.text_of(document.clauses[-1]) == "浙江省科学技术厅\n2024年4月8日"


def test_the_title_in_english_is_not_part_of_the_title() -> None:
    document = _paper(
        "上海市促进外商投资实施办法\nImplementation Measures on Foreign Investment\n沪府规〔2024〕1号\n"
        "第一条 为了扩大开放，制定本办法。\n第二条 本办法自2024年2月1日起施行。\n"
    )
    assert document.head.title.value == "上海市促进外商投资实施办法"


def test_a_party_committee_of_a_province_speaks_for_the_province() -> None:
    document = _paper(
        "关于文明健康的倡议书\n广大市民：\n请勤洗手，讲文明，树新风，弘扬社会公德，付出爱、体现爱、传播爱。\n"
        "中共海南省委宣传部\n2020年1月27日\n"
    )
    assert document.head.region == "海南省"


def test_a_draft_mark_left_in_an_issued_paper_makes_no_draft() -> None:
    issued = (
        "关于印发《道路测试管理办法（试行）》的通知\n济工信字〔2022〕1号\n各相关单位：\n现将办法印发给你们。\n"
        "济南市工业和信息化局\n2022年3月10日\n道路测试管理办法（试行）\n（审议稿）\n"
        "第一条 制定本办法。\n第二条 略。\n"
    )
    assert _paper(issued).head.status is Status.IN_FORCE
    asked = issued.replace("关于印发", "关于公开征求").replace("的通知", "意见的公告")
    assert _paper(asked).head.status is Status.DRAFT


def test_the_day_of_printing_begins_the_validity_of_an_undated_paper() -> None:
    document = _paper(
        "促进产业发展的若干政策\n一、奖励\n给予奖励。\n本政策自印发之日起施行，有效期3年。\n"
        "济南市人民政府办公厅 2019年１月３日印发\n"
    )
    validity = document.head.validity
    assert document.head.date_issued is None
    assert validity is not None
    assert (validity.since, validity.until) == (date(2019, 1, 3), date(2022, 1, 2))


def test_who_approves_the_paper_is_no_part_of_the_title() -> None:
    document = _paper(
        "泸市府规〔2022〕3 号　　　　签发人：张三\n\n泸州市人民政府\n关于印发《上市扶持办法》的通知\n\n"
        "各区县人民政府：\n现印发给你们。\n泸州市人民政府\n2022年7月8日\n"
    )
    assert document.head.title.value == "泸州市人民政府关于印发《上市扶持办法》的通知"
