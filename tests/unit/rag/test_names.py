"""Names of papers and clauses in running text."""

from __future__ import annotations

import pytest
from assembled import assistant_over, clause_named, five, five_listed, listed, paper, written
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Document
from index.model import Embedder
from rag.language.citation_names import clause_of, source_name, spoken_label
from rag.language.short_names import papers_called, running_name
from rag.model import Answer, Language, Question
from rag.question.scope import scope_of

_AGENCY = written(
    "agency",
    "专利代理条例\n第一章 总则\n第一条 为了规范代理，制定本条例。\n第二条 委托应当：\n（一）签订合同。\n",
)
_PLAIN = "\n各市州人民政府：\n一、加大扶持\n（一）支持创新。给予奖励。\n（二）支持制造。\n"


def _paper(name: str, title: str) -> Document:
    return written(name, title + _PLAIN)


@pytest.mark.parametrize(
    ("document_id", "name"),
    [
        ("hunan", "《湖南若干意见》"),
        ("hubei", "《湖北实施意见》"),  # its title begins with 省人民政府办公厅
        ("yiyang", "《益阳实施意见》"),
        ("guangdong", "《广东行动方案》"),  # of the paper that the notice forwards
        ("zhejiang", "《浙江指导意见》"),
    ],
)
def test_a_paper_is_named_by_place_and_kind(document_id: str, name: str) -> None:
    assert running_name(paper(document_id), five_listed()) == name
    assert papers_called(name.strip("《》"), five_listed()).ids == (document_id,)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("专利代理条例", "《专利代理条例》"),
        ("中华人民共和国公司法", "《公司法》"),
        ("长沙市停车管理办法", "《长沙市停车管理办法》"),
        ("长沙市人民政府关于加强停车管理的意见", "《长沙关于加强停车管理的意见》"),  # 意见 alone is no name
        ("长沙市人民政府关于加强停车管理的若干措施（试行）", "《长沙若干措施（试行）》"),
        ("国务院办公厅关于促进医药产业健康发展的指导意见", "《国务院办公厅指导意见》"),
        (
            "长沙市人民政府关于修改《长沙市停车管理办法》的决定",
            "《长沙关于修改〈长沙市停车管理办法〉的决定》",
        ),
    ],
)
def test_other_titles(title: str, name: str) -> None:
    document = _paper("one", title)
    assert running_name(document, listed(document)) == name


def test_papers_of_one_place_and_kind_are_told_apart_by_their_subject() -> None:
    seeds = _paper("seeds", "甘肃省人民政府关于促进种业发展的若干意见")
    wind = _paper("wind", "甘肃省人民政府关于促进风电发展的若干意见")
    catalogue = listed(seeds, wind)
    assert running_name(seeds, catalogue) == "《甘肃关于促进种业发展的若干意见》"
    assert running_name(wind, catalogue) == "《甘肃关于促进风电发展的若干意见》"
    assert papers_called("甘肃若干意见", catalogue).ids == ("seeds", "wind")
    assert running_name(seeds, listed(seeds)) == "《甘肃若干意见》"


def test_papers_of_one_title_are_named_in_full() -> None:
    old, new = (
        written(name, f"甘政发〔{year}〕3号\n甘肃省人民政府关于促进种业发展的若干意见{_PLAIN}")
        for name, year in (("old", 2019), ("new", 2023))
    )
    assert running_name(old, listed(old, new)) == source_name(old)
    assert running_name(new, listed(old, new)).endswith("（甘政发〔2023〕3号）")


_PARTS = st.tuples(
    st.sampled_from(["湖南省人民政府", "湖南省财政厅", "长沙市人民政府", "湖南", ""]),
    st.sampled_from(["关于促进种业发展的", "关于印发《种业方案》的", "促进种业的", "种业", ""]),
    st.sampled_from(["若干意见", "意见", "通知", "实施办法（试行）", "若干意见（试行）", "管理办法"]),
)


@given(st.lists(_PARTS.map("".join), min_size=2, max_size=8))
def test_no_two_papers_share_a_short_name(titles: list[str]) -> None:
    documents = [_paper(str(i), title) for i, title in enumerate(titles)]
    catalogue = listed(*documents)
    names = [running_name(document, catalogue) for document in documents]
    short = [name for name, one in zip(names, documents, strict=True) if name != source_name(one)]
    assert all(names.count(name) == 1 for name in short)


def test_a_question_may_name_a_paper_as_the_answers_do(tiny_embedder: Embedder) -> None:
    scope = scope_of("《湖南若干意见》（四）说什么？", five_listed())
    assert (scope.preferred, scope.by_number, scope.unknown) == (("hunan",), True, ())
    assert scope_of("《湖南实施意见》（四）说什么？", five_listed()).unknown == ("《湖南实施意见》",)
    result = assistant_over(five(), tiny_embedder).ask(Question("《益阳实施意见》二、（五）说什么？")).result
    assert isinstance(result, Answer)
    assert result.text.startswith("《益阳实施意见》二、（五）：“")


@pytest.mark.parametrize(
    ("document", "path", "chinese", "english"),
    [
        (paper("hunan"), "一、（四）", "（四）", "item （四）"),
        (paper("hunan"), "一、", "第一部分", "part 一"),
        (paper("hunan"), "附则", "附则", "closing provisions"),
        (paper("hunan"), "标题", "标题", "title"),
        (paper("yiyang"), "二、（一）", "二、（一）", "item 二、（一）"),
        (paper("yiyang"), "二、（一）1．", "二、（一）1．", "item 二、（一）1"),
        (paper("guangdong"), "二十八、", "第二十八点", "point 二十八"),
        (_AGENCY, "第一章第一条", "第一条", "Article 第一条"),
        (_AGENCY, "第一章", "第一章", "chapter 第一章"),
        (_AGENCY, "第一章第二条（一）", "第二条（一）", "Article 第二条（一）"),
    ],
)
def test_a_clause_is_called_as_the_paper_counts_it(
    document: Document, path: str, chinese: str, english: str
) -> None:
    clause = clause_named(document, path)
    assert spoken_label(clause) == chinese
    assert spoken_label(clause, Language.ENGLISH) == english
    assert clause_of("《条例》", clause) == f"《条例》{chinese}"
    assert clause_of("《条例》", clause, Language.ENGLISH) == f"《条例》, {english}"


def test_an_answer_in_english_and_in_traditional_characters(tiny_embedder: Embedder) -> None:
    assistant = assistant_over(five(), tiny_embedder)
    english = assistant.ask(Question("What does Article 28 of the Guangdong plan say?")).result
    assert english.text.startswith("《广东行动方案》, point 二十八: “")
    traditional = assistant.ask(Question("廣東第二十八條說了什麼？")).result
    assert traditional.text.startswith("《广东行动方案》第二十八點：“")
