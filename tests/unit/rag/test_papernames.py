"""Short names of laws, inserted articles, superseded versions, papers without a stated region."""

from __future__ import annotations

from dataclasses import replace

import pytest
from assembled import listed, result_of, written

from corpus.model import Status
from rag.answer.content.plan import Plan, Quoted
from rag.answer.wording.composer import ExtractiveComposer
from rag.answer.wording.surrounding_text import Frame
from rag.answer.wording.writing import Writer
from rag.model import Language, Outcome
from rag.question.clause_addresses import addressed, addresses
from rag.question.scope import current, scope_of

COMPANY = written("company", "中华人民共和国公司法\n第一条 为了规范公司，制定本法。\n第二条 本法所称公司。\n")
SECURITY = written("security", "中华人民共和国国家安全法\n第一条 为了维护安全，制定本法。\n")
REGIONAL = written("regional", "中华人民共和国某地维护国家安全法\n第一条 为了维护安全，制定本法。\n")
CRIMINAL = written(
    "criminal", "中华人民共和国刑法\n第一条 甲罪处罚。\n第一条之一 乙罪处罚。\n第二条 丙罪处罚。\n"
)
LAWS = (COMPANY, SECURITY, REGIONAL, CRIMINAL)


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        ("公司法第二条规定了什么？", ("company",)),
        ("中华人民共和国公司法第二条", ("company",)),
        ("《公司法》第二条", ("company",)),
        ("我们公司法务要做什么？", ()),
        ("某地维护国家安全法第一条", ("regional",)),
    ],
)
def test_a_short_name_counts_where_an_article_follows(question: str, papers: tuple[str, ...]) -> None:
    assert scope_of(question, listed(*LAWS)).preferred == papers


def test_an_inserted_article_is_not_the_one_before() -> None:
    assert [clause.path for clause in addressed(CRIMINAL, "刑法第一条之一")] == [("第一条之一",)]
    assert [clause.path for clause in addressed(CRIMINAL, "刑法第一条")] == [("第一条",)]
    assert [address.inserted for address in addresses("第一条之一和第二条")] == [1, 0]


def test_the_version_in_force_is_meant_unless_an_earlier_one_is_asked_for() -> None:
    old = written("old", "中华人民共和国商标法\n第一条 旧文。\n")
    new = written("new", "中华人民共和国商标法\n第一条 新文。\n")
    old = replace(old, head=replace(old.head, status=Status.REPEALED))
    papers = listed(old, new)
    for question, meant in (("《商标法》第一条", ("new",)), ("修订前的《商标法》第一条", ("new", "old"))):
        scope = scope_of(question, papers)
        assert current(scope, question, papers).preferred == meant
    alone = listed(old)
    assert current(scope_of("《商标法》", alone), "《商标法》", alone).preferred == ("old",)


def test_where_a_paper_does_not_say_its_place_nothing_is_ruled_out() -> None:
    placed = written("placed", "浙江省人民政府办公厅关于促进消费的意见\n一、鼓励消费。\n")
    unplaced = written("unplaced", "关于做好复工工作的通知\n一、做好复工。\n")
    alone = scope_of("江苏的企业怎么复工？", listed(placed))
    assert alone.uncovered == ("江苏",)
    both = scope_of("江苏的企业怎么复工？", listed(placed, unplaced))
    assert both.uncovered == both.allowed == ()
    named = scope_of("浙江的企业怎么复工？", listed(placed, unplaced))
    assert named.allowed == ()
    assert set(named.likely) == {"placed", "unplaced"}


def test_a_paper_that_is_named_without_a_quote_is_cited_by_its_title() -> None:
    quoted = written("quoted", "浙江省关于促进消费的意见\n一、鼓励消费。\n")
    named = written("named", "关于发放5000万元消费券的通知\n一、发放消费券。\n")
    clause = next(clause for clause in quoted.clauses if clause.path == ("一、",))
    statuses = {"quoted": Status.IN_FORCE, "named": Status.IN_FORCE}
    plan = Plan(Outcome.ANSWERED, (Quoted(quoted, clause, (clause.span,)),), in_force=(named,))
    writer = Writer(composer=ExtractiveComposer(statuses=statuses), frame=Frame(statuses=statuses))
    sentences = writer.write(
        plan, question="", language=Language.CHINESE, passages=(), confidence=1.0, rewritten=""
    )
    answer = result_of(sentences)
    assert answer is not None
    assert "5000万元" in answer.text  # an amount in a title, which the number guard finds in the cited head
    assert [marked.citation.document.id for marked in answer.citations] == ["quoted", "named"]
    assert answer.citations[-1].answer_span is None
