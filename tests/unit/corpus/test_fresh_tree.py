"""Labels, headings and parts in forms found in scans, converted files and papers of measures for business."""

from __future__ import annotations

from corpus.load import load
from corpus.model import Document
from corpus.parse import parse


def _paper(text: str) -> Document:
    return parse(load(text.encode(), name="paper.txt"), document_id="paper")


def _outline(text: str) -> list[tuple[str, str]]:
    return [(clause.label, clause.heading) for clause in _paper(text).clauses]


def test_items_that_run_on_in_one_line_are_items() -> None:
    assert _outline(
        "一、电价\n(一)高峰时段上浮60%。(二)低谷时段下浮60%。(三)尖峰上浮20%。\n"
        "二、处罚\n（1）责令改正；（2）处1万元罚款。\n"
    ) == [
        ("一、", "电价"),
        ("（一）", ""),
        ("（二）", ""),
        ("（三）", ""),
        ("二、", "处罚"),
        ("（1）", ""),
        ("（2）", ""),
    ]


def test_items_named_in_the_sentence_of_an_article_stay_in_it() -> None:
    assert _outline("第一条 申请人提交下列材料：（一）申请表；（二）身份证明。\n第二条 材料应当真实。\n") == [
        ("第一条", ""),
        ("第二条", ""),
    ]


def test_words_of_an_item_may_begin_with_a_number() -> None:
    assert _outline(
        "一、技术要求\n1.30分钟最高车速不低于100km/h。\n2.纯电动续驶里程不低于200km。\n"
        "二、时间要求\n1、考点周边500米范围内，禁止施工。\n2、22:00至次日6:00，禁止施工；\n3、违者处罚。\n"
    ) == [
        ("一、", "技术要求"),
        ("1．", ""),
        ("2．", ""),
        ("二、", "时间要求"),
        ("1、", ""),
        ("2、", ""),
        ("3、", ""),
    ]


def test_numbers_that_are_listed_open_nothing() -> None:
    assert _outline("一、奖励\n1、2、3等奖分别奖励。\n二、附件\n见表。\n") == [
        ("一、", "奖励"),
        ("二、", "附件"),
    ]


def test_headings_of_articles_in_a_paper_of_measures() -> None:
    measures = (
        "光伏产业若干意见\n第一条 支持龙头企业。对首次入选的，给予500万元奖励。\n第二条 推广光伏应用。\n"
        "1.支持分布式光伏。\n2.支持建筑一体化。\n第三条 强化要素保障。优先安排用地。\n"
        "第四条 本意见自发布之日起施行。\n"
    )
    assert [heading for label, heading in _outline(measures) if label.endswith("条")] == [
        "支持龙头企业",
        "推广光伏应用",
        "强化要素保障",
        "",
    ]


def test_the_first_sentence_of_a_statute_is_no_heading() -> None:
    statute = (
        "水条例\n第一条 为了节约用水，制定本条例。\n第二条 国家厉行节约用水。各级人民政府应当加强领导。\n"
        "第三条 单位和个人有节约用水的义务。\n第四条 水行政主管部门负责管理，其他部门配合。\n"
    )
    assert {heading for _, heading in _outline(statute)} == {""}


def test_a_bracket_alone_on_the_line_of_an_article_is_its_heading() -> None:
    outline = _outline(
        "停车细则\n第一条 （目的依据）\n为加强管理，制定本细则。\n第二条 （范围）\n适用于本市。\n"
    )
    assert outline[1:] == [("第一条", "目的依据"), ("第二条", "范围")]


def test_a_sentence_glued_to_a_heading_is_no_heading() -> None:
    outline = _outline("一、时段\n峰段为白天。\n二、执行时间本通知自2023年10月1日起执行，至2025年9月30日。\n")
    assert outline == [("一、", "时段"), ("二、", "")]


def test_a_table_opens_no_paragraph_of_its_article() -> None:
    page = (
        "<html><body><p>第一条 民宿应当符合下列条件：</p><p>（一）不超过800平方米；</p><p>（二）见下表。"
        "</p><table><tr><td>项目</td><td>要求</td></tr><tr><td>消防</td><td>灭火器</td></tr></table>"
        "<p>第二条 本办法自发布之日起施行。</p></body></html>"
    )
    document = parse(load(page.encode(), name="paper.html"), document_id="paper")
    assert [clause.label for clause in document.clauses] == [
        "第一条",
        "第一条（一）",
        "第一条（二）",
        "第二条",
    ]


def test_the_attachment_of_a_reply_is_an_attachment() -> None:
    outline = _outline(
        "某某市人民政府关于同意建立联席会议制度的函\n市商务局：\n来函收悉，同意建立。\n附件：联席会议制度\n"
        "某某市人民政府\n2022年7月11日\n附件\n联席会议制度\n一、职责\n统筹工作。\n二、成员\n由各局组成。\n"
    )
    assert [label for label, _ in outline] == [
        "标题",
        "引言",
        "附件说明",
        "落款",
        "附件",
        "附件一、",
        "附件二、",
    ]


def test_a_list_of_attachments_before_the_attachments_is_no_attachment() -> None:
    outline = _outline(
        "道路测试管理办法\n第一条 制定本办法。\n第二条 略。\n附件：\n1.检测项目\n2.申请材料\n"
        "附件1\n检测项目\n一、灯光\n合格。\n"
        "附件2\n申请材料\n一、申请书\n原件。\n"
    )
    assert [label for label, _ in outline][3:] == ["附件说明", "附件1", "附件1一、", "附件2", "附件2一、"]


def test_a_paper_on_one_line_is_read_like_one_with_line_ends() -> None:
    filler = "各地要加强资金监管，严防骗取套取，" * 16
    flat = (
        "湖南省关于做好稳岗返还工作的通知 湘人社规〔2022〕9号 各市州人社局： 现将事项通知如下： "
        "一、返还标准。大型企业按30%返还。 二、办理流程。 1.数据比对。统一开展。 2.公示。不少于5日。 "
        f"三、要求。{filler}按期办结。 "
        "湖南省人力资源和社会保障厅 湖南省财政厅 2022年5月26日"
    )
    document = _paper(flat)
    number = document.head.doc_number
    assert document.head.title.value == "湖南省关于做好稳岗返还工作的通知"
    assert number is not None
    assert number.value == "湘人社规〔2022〕9号"
    labels = [clause.label for clause in document.clauses]
    assert labels == ["标题", "引言", "一、", "二、", "1．", "2．", "三、", "落款"]


def test_who_is_responsible_is_no_part_of_a_heading() -> None:
    outline = _outline(
        "一、强化设施（市交通局牵头，市发改局配合）\n建设起降场。\n二、培育场景（牵头单位：市文旅局）\n拓展航线。\n"
    )
    assert outline == [("一、", "强化设施"), ("二、", "培育场景")]


def test_a_link_to_attachments_is_a_clause_of_its_own() -> None:
    outline = _outline(
        "一、任务\n（一）强化组织。建立专班。\n本计划自2023年7月20日起施行。\n附件下载：重点任务清单.docx\n"
    )
    assert [label for label, _ in outline] == ["一、", "（一）", "附则", "附件"]


def test_the_formula_that_ends_a_notice_makes_no_heading() -> None:
    outline = _outline("一、期限\n截至年底。\n二、上述政策的具体办法另行制定。\n特此公告。\n")
    assert outline == [("一、", "期限"), ("二、", ""), ("附则", "")]
