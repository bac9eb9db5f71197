"""Metadata: what the paper states about itself, and similar statements about other papers."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.head.paper_head import PaperHead
from corpus.head.status import effective
from corpus.load import load
from corpus.model import Document, HeadData, Level, Status
from corpus.parse import parse

_BODY = "一、总体要求\n加快发展。\n二、主要任务\n落实责任。\n"


def status_of(document: Document, others: list[Document], today: date) -> Status:
    return effective(PaperHead.of(document), map(PaperHead.of, others), today=today)


def _paper(text: str, name: str = "paper") -> Document:
    return parse(load(text.encode(), name=f"{name}.txt"), document_id=name)


def _head(text: str) -> HeadData:
    return _paper(text).head


def _notice(*, body: str = _BODY, tail: str = "") -> str:
    return (
        "湖南省人民政府办公厅关于促进创新的若干意见\n湘政办发〔2026〕15号\n各市州人民政府：\n"
        f"为促进创新，提出以下意见。\n{body}湖南省人民政府办公厅\n2026年2月14日\n{tail}"
    )


def test_number_that_is_only_cited_is_not_the_papers_own() -> None:
    head = _head(
        "关于促进创新的若干意见\n各有关单位：\n根据《关于创新的意见》（国发〔2020〕1号）和国办发〔2021〕3号文件，制定本意见。\n"
        + _BODY
    )
    assert head.doc_number is None
    assert [r.doc_number for r in head.cites] == ["国发〔2020〕1号", "国办发〔2021〕3号"]
    assert [r.title for r in head.basis] == ["关于创新的意见", ""]


@pytest.mark.parametrize(
    "written",
    [
        "湘政办发〔2026〕15号",
        "湘政办发［2026］15号",
        "湘政办发【2026】15号",
        "湘政办发(2026)15号",
        "湘政办发[2026]15 号",
    ],
)
def test_brackets_of_numbers_are_normalised(written: str) -> None:
    number = _head(_notice().replace("湘政办发〔2026〕15号", written)).doc_number
    assert number is not None
    assert number.value == "湘政办发〔2026〕15号"


def test_issuer_is_completed_by_the_number() -> None:
    head = _head(
        "省人民政府办公厅关于加快发展的意见\n(鄂政办发〔2024〕48号)\n各市、州、县人民政府：\n加快发展，提出本意见。\n"
        + _BODY
    )
    assert head.issuer is not None
    assert head.issuer.value == "湖北省人民政府办公厅"
    assert (head.region, head.level) == ("湖北省", Level.PROVINCE)


def test_joint_issuers() -> None:
    head = _head(
        "关于印发《数据登记办法（试行）》的通知\n京知局〔2023〕11号\n各有关单位：\n现予印发。\n"
        "北京市知识产权局 北京市经济和信息化局\n北京市商务局北京市人民检察院\n2023年5月30日\n"
    )
    assert head.issuer is not None
    assert head.issuer.value.split("、") == [
        "北京市知识产权局",
        "北京市经济和信息化局",
        "北京市商务局",
        "北京市人民检察院",
    ]


def test_order_takes_title_from_the_paper_below_it() -> None:
    head = _head(
        "中华人民共和国国务院令\n第706号\n《专利代理条例》已经通过，现予公布，自2019年3月1日起施行。\n"
        "总理　李克强\n"
        "2018年11月6日\n专利代理条例\n（1991年3月4日中华人民共和国国务院令第76号发布）\n"
        "第一条 为了规范代理，制定本条例。\n"
    )
    assert head.title.value == "专利代理条例"
    assert head.doc_number is not None
    assert head.doc_number.value == "国令第706号"
    assert head.issuer is not None
    assert head.issuer.value == "国务院"
    assert head.validity is not None
    assert head.validity.since == date(2019, 3, 1)


def test_number_of_an_announcement() -> None:
    head = _head("国家税务总局公告\n2019年第5号\n国家税务总局关于征管问题的公告\n现公告如下：\n" + _BODY)
    assert head.doc_number is not None
    assert head.doc_number.value == "国家税务总局公告2019年第5号"
    assert head.title.value == "国家税务总局关于征管问题的公告"


def test_printing_and_publishing_are_not_the_date_of_issue() -> None:
    head = _head(
        "发布时间：2026-03-01 10:00\n"
        + _notice(tail="（此件主动公开）\n湖南省人民政府办公厅 2026年2月20日印发\n")
    )
    assert head.date_issued is not None
    assert head.date_issued.value == date(2026, 2, 14)
    assert head.date_printed is not None
    assert head.date_printed.value == date(2026, 2, 20)
    assert head.date_published is not None
    assert head.date_published.value == "2026-03-01 10:00"
    assert head.disclosure is not None
    assert head.disclosure.value == "此件主动公开"


@pytest.mark.parametrize(
    ("first", "status"),
    [
        ("创新条例（征求意见稿）", Status.DRAFT),
        ("创新条例\n(草案)", Status.DRAFT),
        ("创新条例\n（送审稿）", Status.DRAFT),
        ("关于公开征求《创新条例（征求意见稿）》意见的公告", Status.DRAFT),
        ("创新条例（已废止）", Status.REPEALED),
        ("有效性：失效\n创新条例", Status.EXPIRED),
        ("文件状态：废止\n创新条例", Status.REPEALED),
        ("创新条例", Status.IN_FORCE),
    ],
)
def test_status(first: str, status: Status) -> None:
    head = _head(first + "\n" + _BODY)
    assert head.status is status
    assert (head.status_span is None) is (status is Status.IN_FORCE)


def test_a_draft_mentioned_in_the_body_makes_no_draft() -> None:
    assert _head(_notice(body="一、起草\n及时公布征求意见稿。\n")).status is Status.IN_FORCE


@pytest.mark.parametrize(
    ("sentence", "since", "until", "duration", "derived"),
    [
        ("本意见自印发之日起实施，有效期5年。", date(2026, 2, 14), date(2031, 2, 13), "5年", True),
        ("本意见自印发之日起施行，有效期三年。", date(2026, 2, 14), date(2029, 2, 13), "三年", True),
        (
            "本意见自2026年3月1日起施行，有效期至2027年12月31日。",
            date(2026, 3, 1),
            date(2027, 12, 31),
            "",
            False,
        ),
        ("本意见自2026年3月1日起施行。", date(2026, 3, 1), None, "", False),
        ("本意见自发布之日起30日后施行。", date(2026, 3, 16), None, "", False),
        ("本意见有效期2年。", None, date(2028, 2, 13), "2年", True),
    ],
)
def test_validity(
    sentence: str, since: date | None, until: date | None, duration: str, derived: bool
) -> None:
    document = _paper(_notice(body=_BODY + sentence + "\n"))
    validity = document.head.validity
    assert validity is not None
    assert validity.span.of(document.text) == sentence
    assert (validity.since, validity.until) == (since, until)
    assert (validity.duration, validity.until_derived) == (duration, derived)


def test_validity_of_something_else_is_not_the_papers() -> None:
    body = _BODY + "三、凭证\n自本意见实施之日起申领的优待凭证设置2年有效期。证书有效期为3年。\n"
    assert _head(_notice(body=body)).validity is None


def test_repeals_are_the_papers_named_before_the_word() -> None:
    body = _BODY + "根据《立法法》，原《创新办法》（湘政发〔2019〕3号）、《奖励办法》同时废止。\n"
    head = _head(_notice(body=body))
    assert [(r.title, r.doc_number) for r in head.repeals] == [
        ("创新办法", "湘政发〔2019〕3号"),
        ("奖励办法", ""),
    ]


def test_stated_fields_of_a_page() -> None:
    head = _head(
        "统一编号：GZ0320190148\n发文字号：穗人社规字〔2019〕6号\n实施日期：2019年10月16日\n"
        "失效日期：2024年10月15日\n"
        "广州市见习基地管理办法\n第一条 为加强管理，制定本办法。\n"
        "第二条 本办法自印发之日起施行，有效期5年。\n"
    )
    assert head.doc_number is not None
    assert head.doc_number.value == "穗人社规字〔2019〕6号"
    assert head.registry_number is not None
    assert head.registry_number.value == "GZ0320190148"
    assert head.validity is not None
    assert (head.validity.since, head.validity.until) == (date(2019, 10, 16), date(2024, 10, 15))
    assert not head.validity.until_derived


def test_repealed_by_another_paper() -> None:
    old = _paper(_notice().replace("〔2026〕15", "〔2021〕44").replace("2026年2月", "2021年3月"), "old")
    new = _paper(
        _notice(
            body=_BODY
            + "原《湖南省人民政府办公厅关于促进创新的若干意见》（湘政办发〔2021〕44号）同步废止。\n"
        ),
        "new",
    )
    today = date(2026, 11, 1)
    assert status_of(old, [new], today) is Status.REPEALED
    assert status_of(old, [old], today) is Status.IN_FORCE
    # The new paper has the same title, and its own number.
    assert status_of(new, [old, new], today) is Status.IN_FORCE


def test_a_draft_repeals_nothing() -> None:
    old = _paper(_notice(), "old")
    draft = _paper("创新条例（征求意见稿）\n第一条 湘政办发〔2026〕15号文件同时废止。\n", "draft")
    assert [r.doc_number for r in draft.head.repeals] == ["湘政办发〔2026〕15号"]
    assert status_of(old, [draft], date(2026, 11, 1)) is Status.IN_FORCE


def test_expired_when_its_time_is_up() -> None:
    paper = _paper(_notice(body=_BODY + "本意见自印发之日起实施，有效期5年。\n"))
    assert status_of(paper, [], date(2031, 2, 13)) is Status.IN_FORCE
    assert status_of(paper, [], date(2031, 2, 14)) is Status.EXPIRED
