"""Several papers in one file: each becomes a paper, and what belongs to one paper stays with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import load as loading
from corpus.errors import UnreadableDocument
from corpus.ingest import ingest_files
from corpus.load import load, load_all
from corpus.model import Span
from corpus.parse import parse
from corpus.report import Ingested
from corpus.store.papers import Store

_NOTICE = """砚溪市园林局
关于印发《砚溪市古树保护办法》的通知
砚园发〔2028〕4号
各区园林局：
现将《砚溪市古树保护办法》印发给你们，请遵照执行。
砚溪市园林局
2028年3月5日
砚溪市古树保护办法
第一章 总则
第一条 为保护古树，制定本办法。
第二条 古树周围5米内不得硬化地面。
第三条 本办法自公布之日起施行。"""
_REGULATION = """砚溪市渡槽管理规定
第一条 为管好渡槽，制定本规定。
第二条 渡槽每季度检修一次。
第三条 本规定自2028年6月1日起施行。"""
_ORDER = """砚溪市人民政府令
第17号
《砚溪市集市管理办法》已经市政府常务会议通过，现予公布。
市长　许某
2027年9月1日
砚溪市集市管理办法
第一条 为规范集市，制定本办法。
第二条 集市每日6时开市。"""
_LETTER = """砚溪市水务局关于做好汛期值守的通知
砚水发〔2026〕11号
各区水务局：
一、值守人员每班不少于3名。
二、水位每两小时上报一次。
砚溪市水务局
2026年5月20日"""
_LAW = """砚溪市饮用水条例
（2025年7月30日砚溪市第九届人民代表大会常务委员会第二次会议通过）
目录
第一章 总则
第二章 附则
第一章 总则
第一条 为保障饮用水安全，制定本条例。
第二章 附则
第二条 本条例自2026年1月1日起施行。"""
_DRAFT = """关于加快砚溪市竹业发展的意见
（征求意见稿）
为发展竹业，提出以下意见。
一、每亩竹林补助90元。
二、本意见自印发之日起施行。"""
_PAPERS = (_NOTICE, _REGULATION, _ORDER, _LETTER, _LAW, _DRAFT)
_REPEATED = _NOTICE.replace("第一章", "砚溪市古树保护办法\n第一章")
_ATTACHED = f"""{_LETTER}
附件
{_REGULATION.replace("规定", "规程")}"""
_TWO_FORWARDED = """砚溪市财政局关于印发奖补两个办法的通知
砚财发〔2029〕2号
各区财政局：
现将《砚溪市花农奖补办法》《砚溪市茶农奖补办法》印发给你们。
砚溪市财政局
2029年2月2日
砚溪市花农奖补办法
第一条 每户奖补300元。
第二条 本办法自印发之日起施行。
砚溪市茶农奖补办法
第一条 每户奖补400元。
第二条 本办法自印发之日起施行。"""
_DECISION = """砚溪市人民政府关于修改《砚溪市集市管理办法》的决定
砚溪市人民政府决定对《砚溪市集市管理办法》作如下修改：
一、将第二条中的“5时”改为“6时”。
二、本决定自公布之日起施行。
砚溪市集市管理办法
第一条 为规范集市，制定本办法。
第二条 集市每日6时开市。"""


def _texts(data: str, name: str = "汇编.txt") -> list[str]:
    return [paper.text for paper in load_all(data.encode(), name=name)]


@given(st.lists(st.sampled_from(_PAPERS), min_size=1, max_size=6, unique=True))
def test_each_paper_of_a_collection_is_a_paper(papers: list[str]) -> None:
    assert _texts("\n\n".join(papers)) == [load(paper.encode(), name="a.txt").text for paper in papers]


@pytest.mark.parametrize("paper", [*_PAPERS, _REPEATED, _ATTACHED, _TWO_FORWARDED, _DECISION])
def test_what_belongs_to_one_paper_is_not_cut(paper: str) -> None:
    (loaded,) = load_all(paper.encode(), name="a.txt")
    assert loaded == load(paper.encode(), name="a.txt")
    assert loaded.source.part == 0


@pytest.mark.parametrize("wrap", ["<p>{}</p>", "<h2>{}</h2>"])
def test_papers_of_a_page_are_cut_like_those_of_a_text(wrap: str) -> None:
    lines = "\n".join((_LETTER, _LAW)).split("\n")
    page = f"<html><body>{''.join(wrap.format(line) for line in lines)}</body></html>"
    assert len(load_all(page.encode(), name="a.html")) == 2


@settings(max_examples=20)
@given(st.permutations(_PAPERS))
def test_each_paper_maps_into_the_one_original(papers: list[str]) -> None:
    data = "\n".join(papers)
    for number, paper in enumerate(load_all(data.encode(), name="a.txt"), start=1):
        assert paper.source.original == data
        assert paper.source.part == number
        for offset, char in enumerate(paper.text):
            if char != "\n":
                assert data[paper.source.map.origin(offset)] == char
        whole = paper.source.map.origins(Span(0, len(paper.text)))
        assert "".join(piece.of(data) for piece in whole) == paper.text.replace("\n", "")


def test_each_paper_has_its_own_head_and_numbering() -> None:
    first, second = (
        parse(paper, document_id="a") for paper in load_all(f"{_NOTICE}\n{_LETTER}".encode(), name="a.txt")
    )
    assert first.head.doc_number is not None
    assert second.head.doc_number is not None
    assert first.head.doc_number.value == "砚园发〔2028〕4号"
    assert second.head.doc_number.value == "砚水发〔2026〕11号"
    assert [clause.label for clause in second.clauses if clause.label[0] in "一二"] == ["一、", "二、"]
    assert any("holds 2 papers; this is paper 2" in notice.message for notice in second.notices)


def test_a_collection_of_too_many_papers_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_MOST_PAPERS", 2)
    with pytest.raises(UnreadableDocument, match="holds 3 papers"):
        load_all("\n".join((_NOTICE, _LETTER, _LAW)).encode(), name="a.txt")


def test_each_paper_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "汇编.txt"
    path.write_text("\n".join((_NOTICE, _LETTER, _LAW)), encoding="utf-8")
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as store:
        for _ in range(2):
            results = [result for result in ingest_files(store, [path]) if isinstance(result, Ingested)]
            assert len({result.document_id for result in results}) == 3
        assert [result.title for result in results][1:] == [
            "砚溪市水务局关于做好汛期值守的通知",
            "砚溪市饮用水条例",
        ]
        assert len(store.in_use()) == 3
        documents = [store.document(result.document_id) for result in results]
        assert [document.source.part for document in documents] == [1, 2, 3]
