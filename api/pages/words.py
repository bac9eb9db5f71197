"""The interface texts of the pages. Words of papers are not translated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from corpus.catalogue.relations import Relation
from corpus.model import HeadField, Status

_PREFERENCE = re.compile(
    r"\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?"
)


@dataclass(frozen=True, slots=True)
class Words:
    """The texts around a paper in one language. Values are inserted at the braces."""

    language: str  # of the page, for the attribute `lang`
    brand: str
    skip: str
    contents: str
    text: str
    about: str
    addressed: str
    quoted: str
    jump: str
    excerpt: str
    cite_as: str
    this_clause: str  # {clause}
    whole_paper: str
    original: str
    download: str
    support: str
    original_page: str  # {page}
    note_moved: str
    footer: str
    issuer: str
    doc_number: str
    registry_number: str
    issued: str
    validity: str
    region: str
    status: str
    repeals: str
    conflict: str
    conflict_note: str
    uncertain: str
    uncertain_list: str  # {words}
    source: str
    source_link: str
    since: str  # {date}
    until: str  # {date}
    from_to: str  # {since} {until}
    derived: str
    unstated: str
    statuses: dict[Status, str]
    notes: dict[Status, str]
    in_force_until: str  # {date}
    expired_on: str  # {date}
    repealed_by: str
    part_repealed: str  # {articles}
    extended_by: str
    corrected: str  # name of the row of what editors have corrected
    corrected_status: str
    fields: dict[HeadField, str]
    superseded_by: str
    goals_past: str  # {year}
    related: str
    drawing: str
    this_paper: str
    other_papers: str
    more_related: str
    not_stored: str
    relations: dict[Relation, str]  # of the paper of the page to another
    relations_to: dict[Relation, str]  # of another paper to that of the page
    trouble_title: str
    missing_title: str
    missing_paper: str
    missing_clause: str  # {paper}
    papers: str
    no_papers: str
    versions: str
    version: str  # {number} and {date}
    earlier_version: str  # {number} and {date}
    version_in_use: str
    missing_version: str  # {paper}

    def day(self, day: date) -> str:
        """A date in the usual form of the language."""
        if self.language == "en":
            return f"{day.day} {day:%B %Y}"
        return f"{day.year}年{day.month}月{day.day}日"


_CHINESE = Words(
    language="zh-CN",
    brand="政策文件",
    skip="跳到正文",
    contents="目录",
    text="正文",
    about="文件信息",
    addressed="您查看的条款",
    quoted="您查看的引文",
    jump="在正文中查看",
    excerpt="（节选）",
    cite_as="引用格式",
    this_clause="本条链接：{clause}",
    whole_paper="查看全文",
    original="查看原件页面",
    download="下载原件",
    support="扶持事项",
    original_page="原件第{page}页",
    note_moved="链接所指的引文与现在收录的文本不一致，文件可能已更新，因此未作标注。请以正文为准。",
    footer="本页文字取自收录的文件原文，供查阅；如与发文机关公布的文本不一致，以发文机关公布的文本为准。",
    issuer="发文机关",
    doc_number="发文字号",
    registry_number="登记号",
    issued="成文日期",
    validity="施行与有效期",
    region="适用地区",
    status="状态",
    repeals="同时废止",
    conflict="文号冲突",
    conflict_note="下列文件与本文件文号相同而内容不同，以哪份为准尚未核实：",
    uncertain="待核",
    uncertain_list="由扫描件识别，下列文字两次识别的结果不一致，请核对原件：{words}",
    source="来源",
    source_link="原文网页",
    since="自{date}起施行",
    until="有效期至{date}",
    from_to="自{since}起施行，有效期至{until}",
    derived="（按文件所载期限推算）",
    unstated="文件未写明",
    statuses={
        Status.IN_FORCE: "现行",
        Status.DRAFT: "征求意见稿",
        Status.REPEALED: "已废止",
        Status.EXPIRED: "已失效",
        Status.SUPERSEDED: "已被取代",
        Status.NOT_YET: "尚未施行",
    },
    notes={
        Status.IN_FORCE: "收录的文件中未见将其废止的规定。",
        Status.DRAFT: "尚未正式印发，内容可能变化，不作为办事依据。",
        Status.REPEALED: "不再执行，仅供查阅。",
        Status.EXPIRED: "已过有效期，仅供查阅。",
        Status.SUPERSEDED: "已由后来印发或修改的文本取代，仅供查阅。",
        Status.NOT_YET: "尚未到施行日期。",
    },
    in_force_until="有效期至{date}。",
    expired_on="有效期至{date}，现已届满，仅供查阅。",
    repealed_by="由下列文件废止：",
    part_repealed="{articles}已由下列文件废止：",
    extended_by="有效期由下列文件延长：",
    corrected="编辑更正",
    corrected_status="本状态由编辑更正。",
    fields={
        HeadField.TITLE: "标题",
        HeadField.DOC_NUMBER: "发文字号",
        HeadField.ISSUER: "发文机关",
        HeadField.REGION: "适用地区",
        HeadField.LEVEL: "层级",
        HeadField.STATUS: "状态",
        HeadField.DATE_ISSUED: "成文日期",
        HeadField.VALID_SINCE: "施行日期",
        HeadField.VALID_UNTIL: "有效期截止日期",
    },
    superseded_by="由下列文件取代：",
    goals_past="文件未写明有效期，所列目标年份均已过去，最晚为{year}年：",
    related="相关文件",
    drawing="本文件与其他文件的关系：",
    this_paper="本文件",
    other_papers="其他文件",
    more_related="还有更多文件提到本文件，未全部列出。",
    not_stored="未收录",
    relations={
        Relation.REPEALS: "废止",
        Relation.REPEALS_PARTS: "废止部分条款",
        Relation.EXTENDS: "延长有效期",
        Relation.SUPERSEDES: "取代",
        Relation.BASIS: "依据",
        Relation.FORWARDS: "转发",
        Relation.CITES: "提到",
    },
    relations_to={
        Relation.REPEALS: "废止本文件",
        Relation.REPEALS_PARTS: "废止本文件部分条款",
        Relation.EXTENDS: "延长本文件有效期",
        Relation.SUPERSEDES: "取代本文件",
        Relation.BASIS: "以本文件为依据",
        Relation.FORWARDS: "转发本文件",
        Relation.CITES: "提到本文件",
    },
    trouble_title="现在不能显示",
    missing_title="没有找到",
    missing_paper="没有收录这份文件，或链接有误。",
    missing_clause="{paper}中没有链接所指的条款。文件可能已更新。",
    papers="已收录的文件",
    no_papers="目前没有收录文件。",
    versions="收录版本",
    version="第{number}版（{date}收录）",
    earlier_version="您查看的是{date}收录的第{number}版，不是现在采用的版本。",
    version_in_use="查看现在采用的版本",
    missing_version="{paper}没有链接所指的版本。",
)
_ENGLISH = Words(
    language="en",
    brand="Policy papers",
    skip="Skip to the text",
    contents="Contents",
    text="Text",
    about="About this paper",
    addressed="The clause you opened",
    quoted="The quote you opened",
    jump="Show in the text",
    excerpt=" (excerpt)",
    cite_as="Cite as",
    this_clause="Link to this clause: {clause}",
    whole_paper="Show the whole paper",
    original="See the page of the original",
    download="Download the original",
    support="Support facts",
    original_page="Page {page} of the original",
    note_moved="The quote this link points at differs from the text on file. The paper may have been "
    "updated, so nothing is marked. The text below is what is on file.",
    footer="The words are those of the paper on file, for reference. Where they differ from what the issuer "
    "published, the published text prevails.",
    issuer="Issued by",
    doc_number="Number",
    registry_number="Registry number",
    issued="Date of issue",
    validity="Validity",
    region="Applies in",
    status="Status",
    repeals="Repeals",
    conflict="Conflict",
    conflict_note="These papers have the same number and a different text; which is right is not decided:",
    uncertain="To be checked",
    uncertain_list="Two readings of the scan differ in these words; compare the original: {words}",
    source="Source",
    source_link="Original web page",
    since="in effect from {date}",
    until="valid until {date}",
    from_to="in effect from {since}, valid until {until}",
    derived=" (computed from the period the paper states)",
    unstated="not stated in the paper",
    statuses={
        Status.IN_FORCE: "In force",
        Status.DRAFT: "Draft for comment",
        Status.REPEALED: "Repealed",
        Status.EXPIRED: "Expired",
        Status.SUPERSEDED: "Superseded",
        Status.NOT_YET: "Not yet in force",
    },
    notes={
        Status.IN_FORCE: "No paper on file repeals it.",
        Status.DRAFT: "Not yet issued; its content may change and is no basis for applications.",
        Status.REPEALED: "No longer applied; for reference only.",
        Status.EXPIRED: "Its period of validity is over; for reference only.",
        Status.SUPERSEDED: "A later text takes its place; for reference only.",
        Status.NOT_YET: "The day from which it applies has not come.",
    },
    in_force_until="Valid until {date}. ",
    expired_on="It was valid until {date}; for reference only.",
    repealed_by="Repealed by:",
    part_repealed="{articles} repealed by:",
    extended_by="Its term is extended by:",
    corrected="corrected",
    corrected_status="An editor has set this status.",
    fields={field: field.value.replace("_", " ") for field in HeadField},
    superseded_by="Superseded by:",
    goals_past="The paper states no end, and its goals are of years gone, the last of {year}: ",
    related="Related papers",
    drawing="Relations of this paper: ",
    this_paper="This paper",
    other_papers="Other papers",
    more_related="More papers mention this one; not all are listed.",
    not_stored="not on file",
    relations={
        Relation.REPEALS: "repeals",
        Relation.REPEALS_PARTS: "repeals articles of",
        Relation.EXTENDS: "extends",
        Relation.SUPERSEDES: "supersedes",
        Relation.BASIS: "rests on",
        Relation.FORWARDS: "forwards",
        Relation.CITES: "mentions",
    },
    relations_to={
        Relation.REPEALS: "repeals it",
        Relation.REPEALS_PARTS: "repeals articles of it",
        Relation.EXTENDS: "extends its term",
        Relation.SUPERSEDES: "supersedes it",
        Relation.BASIS: "rests on it",
        Relation.FORWARDS: "forwards it",
        Relation.CITES: "mentions it",
    },
    trouble_title="Not to be shown now",
    missing_title="Not found",
    missing_paper="This paper is not on file, or the link is wrong.",
    missing_clause="{paper} has no clause of that name. The paper may have been updated.",
    papers="Papers on file",
    no_papers="No paper is on file.",
    versions="Versions",
    version="Version {number} (stored {date})",
    earlier_version="You are reading version {number}, stored {date}. It is not the version in use.",
    version_in_use="Show the version in use",
    missing_version="{paper} has no such version.",
)


def words_for(accept_language: str) -> Words:
    """English if the browser prefers it to Chinese; Chinese otherwise."""
    best, language = 0.0, "zh"
    for part in accept_language[:500].split(","):
        found = _PREFERENCE.fullmatch(part)
        if found is None:
            continue
        weight = float(found[2] or 1)
        if weight > best and found[1].lower() in ("zh", "en"):
            best, language = weight, found[1].lower()
    return _ENGLISH if language == "en" else _CHINESE
