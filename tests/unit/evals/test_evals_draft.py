"""Proposals on the five papers: every one is a sound case, and each kind is worded as expected."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from evals_oracle import oracle, papers_by_id

from corpus.load import load
from corpus.notation.phrase_table import PhraseTable
from corpus.parse import parse
from evals.draft.file import append_line, as_line, case_line, ids_in, write_lines
from evals.draft.proposals import SPLIT, Proposal, draft
from evals.errors import FileTaken
from evals.measures.matching import contains_fact, contains_facts, normal
from evals.measures.summary import failed
from evals.run.cases import load_sets
from evals.run.runner import evaluate

PAPERS = list(papers_by_id().values())
PROPOSALS = {paper.id: draft(paper, others=PAPERS) for paper in PAPERS}
EVERY = [(paper, proposal) for paper in PAPERS for proposal in PROPOSALS[paper.id]]


def _asked(document: str, kind: str) -> dict[str, list[list[str]]]:
    lines = [proposal.line for proposal in PROPOSALS[document] if proposal.line.type == kind]
    return {line.question: line.answer_must for line in lines}


def test_every_quote_is_verbatim_and_in_the_clause_it_names() -> None:
    for paper, proposal in EVERY:
        clause, line = proposal.clause, proposal.line
        assert [span.of(paper.text) for span in proposal.quotes] == line.quotes
        assert all(clause.start <= span.start and span.end <= clause.end for span in proposal.quotes)
        assert line.articles == [clause.label]


def test_the_facts_stand_in_the_quotes_and_not_in_the_question() -> None:
    for _, proposal in EVERY:
        line = proposal.line
        assert line.answer_must
        assert contains_facts(line.quotes, line.answer_must), line.question
        assert not [f for group in line.answer_must for f in group if contains_fact([line.question], f)]


def test_ids_and_questions_are_unique() -> None:
    lines = [proposal.line for _, proposal in EVERY]
    assert len({line.id for line in lines}) == len(lines)
    assert len({normal(line.question) for line in lines}) == len(lines)


def test_proposing_twice_gives_the_same_bytes() -> None:
    for paper in PAPERS:
        assert draft(paper, others=PAPERS) == PROPOSALS[paper.id]


def test_proposals_load_as_a_test_set_that_is_marked_as_a_draft(tmp_path: Path) -> None:
    file = tmp_path / "draft.jsonl"
    write_lines(file, [case_line(proposal.line) for _, proposal in EVERY])
    cases = load_sets([file])
    assert [case.id for case in cases] == [proposal.line.id for _, proposal in EVERY]
    assert [case.items for case in cases] == [proposal.line.items() for _, proposal in EVERY]
    assert {proposal.line.split for _, proposal in EVERY} == {SPLIT}


def test_a_reader_who_knows_the_gold_is_right_by_every_measure(tmp_path: Path) -> None:
    file = tmp_path / "draft.jsonl"
    write_lines(file, [case_line(proposal.line) for _, proposal in EVERY])
    cases = load_sets([file])
    report = evaluate(cases, oracle(cases), documents=PAPERS)
    assert [(result.id, failed(result)) for result in report.results if failed(result)] == []


def test_every_question_is_one_sentence_that_names_place_or_paper() -> None:
    places = {"hunan": "湖南", "hubei": "湖北", "yiyang": "益阳", "zhejiang": "浙江", "guangdong": "广东"}
    for paper, proposal in EVERY:
        question = proposal.line.question
        assert question.endswith("？")
        assert question.count("？") == 1
        assert places[paper.id] in question
        assert "我省" not in question
        assert "\n" not in question


def test_every_kind_of_question_is_proposed() -> None:
    assert {proposal.line.type for _, proposal in EVERY} == {
        "metadata",
        "heading",
        "number",
        "condition",
        "list",
        "department",
    }
    assert all(len(PROPOSALS[paper.id]) >= 25 for paper in PAPERS)


def test_a_figure_is_taken_out_of_its_sentence() -> None:
    hunan, hubei, zhejiang = (
        _asked("hunan", "number"),
        _asked("hubei", "number"),
        _asked("zhejiang", "number"),
    )
    assert hunan["湖南对首个获得注册批件的特殊化妆品新原料企业，给予不超过多少万元一次性奖补？"] == [
        ["100万元", "100万"]
    ]
    assert hubei["湖北在中药领域，培育5亿元以上大品种几个？"] == [["10个", "十个"]]
    assert hubei["湖北在化学药领域，培育10亿元以上大品种多少个？"] == [["15个", "十五个"]]
    assert zhejiang["浙江鼓励研究型医院按照核定床位的百分之多少设置研究型床位？"] == [["10%", "百分之十"]]
    assert zhejiang["到哪一年，浙江实施生产制造方式转型（设备更新）示范项目100项左右？"] == [["2030年"]]


def test_amounts_that_are_given_in_a_row_are_not_asked_for() -> None:
    """分别给予不超过500万元、100万元、50万元: one question cannot ask for one of them."""
    assert not [question for question in _asked("hunan", "number") if "分别" in question]


def test_units_in_charge_are_asked_for_by_their_part() -> None:
    asked = _asked("yiyang", "department")
    work = "在益阳，“支持培育现代医药物流”这项工作由哪些单位"
    assert asked[f"{work}牵头？"] == [["市商务局"], ["市食品药品监管局"], ["市卫生计生委"]]
    assert asked[f"{work}参与？"] == [["市发改委"], ["市工商局"], ["市邮政管理局"]]


def test_labels_are_full_where_numbers_restart() -> None:
    labels = {proposal.clause.label for proposal in PROPOSALS["yiyang"]}
    assert "二、（一）4．" in labels


def test_conditions_lists_and_facts_of_the_head() -> None:
    assert _asked("hunan", "condition")["湖南对哪些产品实行“即收即检”？"] == [
        ["纳入加快上市注册程序的药品"],
        ["创新医疗器械"],
        ["化妆品新原料"],
    ]
    assert _asked("hunan", "condition")["湖南对哪些企业根据相关政策给予激励？"] == [
        ["已建立研发准备金制度并备案"],
        ["先行投入自筹资金开展生物医药领域研发的企业"],
    ]
    assert "浙江哪些生物医药制造项目可不进入化工园区？" in _asked("zhejiang", "condition")
    assert _asked("yiyang", "list")["益阳支持哪些本土企业提升创新发展能力？"][0] == ["汉森制药"]
    title = "《湖南省人民政府办公厅关于促进生物医药产业创新发展的若干意见》"
    head = _asked("hunan", "metadata")
    assert head[f"{title}的文号是什么？"] == [["湘政办发〔2026〕15号"]]
    assert head[f"{title}的有效期是多久？"] == [["5年", "五年"]]
    assert head[f"{title}施行后，哪份文件同步废止？"] == [["湘政办发〔2021〕44号"]]


def test_a_paper_with_a_neighbour_is_called_by_its_title() -> None:
    paper = papers_by_id()["hunan"]
    other = papers_by_id()["hubei"]
    neighbour = replace(other, head=replace(other.head, region=paper.head.region))
    title = f"根据《{paper.head.title.value}》，"
    found = [p.line for p in draft(paper, others=[paper, neighbour]) if p.line.type == "number"]
    assert found
    assert all(line.question.startswith(title) for line in found)


@pytest.mark.parametrize("limit", [1, 6, 20])
def test_a_limit_takes_every_type_alike(limit: int) -> None:
    paper = papers_by_id()["hunan"]
    found = draft(paper, others=PAPERS, limit=limit)
    assert len(found) == limit
    assert len({p.line.type for p in found}) == min(limit, len({p.line.type for p in PROPOSALS["hunan"]}))
    order = [p.line.id for p in PROPOSALS["hunan"]]
    places = [order.index(p.line.id) for p in found]
    assert places == sorted(places)


def test_what_is_known_is_not_proposed_again() -> None:
    paper = papers_by_id()["hunan"]
    first = draft(paper, others=PAPERS, limit=10)
    second = draft(paper, others=PAPERS, limit=10, known={p.line.id for p in first})
    assert len(second) == 10
    assert not {p.line.id for p in first} & {p.line.id for p in second}


@pytest.mark.parametrize(
    "body",
    [
        "给予" + "9" * 5000 + "万元。",
        "对甲，" * 5000,
        "支持" + "甲、" * 5000 + "等" * 5000 + "。",
        "“" * 5000 + "加快" * 5000,
        "对新获批的中心，给予１０万元补助。奖励1,500万元、2.5%，第15届130次会议，到2030年。",
    ],
)
def test_odd_text_gives_sound_proposals_or_none(body: str) -> None:
    text = f"湖南省人民政府关于测试的意见\n\n一、总体\n\n（一）试点。{body}\n"
    paper = parse(load(text.encode(), name="odd.txt"), document_id="odd")
    for proposal in draft(paper):
        assert contains_facts(proposal.line.quotes, proposal.line.answer_must)
        assert [span.of(paper.text) for span in proposal.quotes] == proposal.line.quotes


def _one() -> Proposal:
    return PROPOSALS["hunan"][0]


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(FileTaken, match=r"mine\.jsonl"):
        write_lines(file, ["theirs"])
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_line_is_put_behind_one_that_has_no_end(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "mine.jsonl"
    assert ids_in(file) == frozenset()
    append_line(file, case_line(_one().line))
    file.write_bytes(file.read_bytes().rstrip(b"\n"))
    append_line(file, case_line(PROPOSALS["hunan"][1].line))
    assert ids_in(file) == {PROPOSALS["hunan"][0].line.id, PROPOSALS["hunan"][1].line.id}


def test_a_line_contains_no_terminal_control_characters() -> None:
    words = "红\x1b[31m\x9b1m\u202e\u2028"
    line = as_line({"question": words})
    assert line.isprintable()
    assert json.loads(line) == {"question": words}


def test_the_phrases_have_the_senses_that_their_table_says() -> None:
    assert PhraseTable.read("evals", "drafting.tsv").mistakes() == []
