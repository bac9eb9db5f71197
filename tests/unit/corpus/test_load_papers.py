"""Loading the five starting papers, and properties of every loaded paper."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.load import load
from corpus.model import Loaded

Check = Callable[[Loaded], None]

PAPERS = ("guangdong", "hubei", "hunan", "yiyang", "zhejiang")


def unspaced(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("name", PAPERS)
def test_clean_text_maps_to_the_original(papers: dict[str, bytes], check: Check, name: str) -> None:
    loaded = load(papers[name], name=f"{name}.txt")
    check(loaded)
    original, text = loaded.source.original, loaded.text
    for offset, char in enumerate(text):
        if char != "\n":
            assert original[loaded.source.map.origin(offset)] == char


@pytest.mark.parametrize("name", PAPERS)
def test_only_boilerplate_and_marks_are_removed(papers: dict[str, bytes], name: str) -> None:
    loaded = load(papers[name], name=f"{name}.txt")
    source = loaded.source
    left_out: set[int] = set()
    for piece in source.map.furniture:
        left_out.update(range(piece.start, piece.end))
    kept = "".join(char for offset, char in enumerate(source.original) if offset not in left_out)
    marks = re.compile(r"\]\(#\)|\n\s*- (?=[(三])|[#*\[\s]")
    assert marks.sub("", kept) == re.sub(r"\s", "", loaded.text)


@pytest.mark.parametrize("name", PAPERS)
def test_paper_survives_other_charsets_and_line_ends(papers: dict[str, bytes], name: str) -> None:
    plain = load(papers[name], name="a.txt")
    text = papers[name].decode("utf-8")
    for charset in ("utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"):
        loaded = load(text.replace("\n", "\r\n").encode(charset), name="a.txt")
        assert loaded.text == plain.text
        assert loaded.source.original == plain.source.original


def test_footer_of_the_site_is_furniture(papers: dict[str, bytes], gold: Path) -> None:
    structure = json.loads((gold / "structure/guangdong.json").read_text(encoding="utf-8"))["structure"]
    footer = next(part for part in structure if part["label"] == "页脚")
    loaded = load(papers["guangdong"], name="guangdong.txt")
    assert any(
        piece.kind == "footer" and piece.start <= footer["start"] and piece.end >= footer["end"]
        for piece in loaded.source.map.furniture
    )
    assert loaded.text.endswith("分工表.pdf")


def test_sentences_cut_by_a_running_header_are_whole(papers: dict[str, bytes]) -> None:
    loaded = load(papers["hubei"], name="hubei.txt")
    assert "湖北省经济和信息化厅规范性文件" not in loaded.text
    assert [piece.kind for piece in loaded.source.map.furniture] == ["page_header"] * 3
    assert "长江产业集团)" in loaded.text
    assert "襄阳华中医药产业园、黄石富池医药化工园" in loaded.text
    assert "加快生物医药产业高质量发展的实施意见" in loaded.text.split("\n")[0]


def test_list_dashes_before_labels_are_gone(papers: dict[str, bytes]) -> None:
    lines = load(papers["hubei"], name="hubei.txt").text.split("\n")
    assert any(line.startswith("(三)强化") for line in lines)
    assert any(line.startswith("三、打造") for line in lines)


def test_translation_marks_and_buttons_are_gone(papers: dict[str, bytes]) -> None:
    lines = load(papers["guangdong"], name="guangdong.txt").text.split("\n")
    assert "译" not in lines
    assert not any("【" in line for line in lines)
    assert lines[1] == "发布时间：2024-10-09 10:00 来源：广东省人民政府门户网站"


def test_heading_run_into_its_text_is_emphasis(papers: dict[str, bytes]) -> None:
    loaded = load(papers["guangdong"], name="guangdong.txt")
    emphasised = {span.of(loaded.text) for span in loaded.emphasis}
    assert "一、完善产业发展协同机制。" in emphasised
    assert "三十八、加强医药创新人才队伍建设。" in emphasised


def test_paragraph_behind_a_bracket_stays_apart(papers: dict[str, bytes]) -> None:
    lines = load(papers["hunan"], name="hunan.txt").text.split("\n")
    assert any(line.startswith("本意见适用于已登记注册") for line in lines)
    assert lines[-3:] == ["湖南省人民政府办公厅", "2026年2月14日", "（此件主动公开）"]


def test_every_gold_quote_is_in_the_clean_text(papers: dict[str, bytes], gold: Path) -> None:
    texts = {name: unspaced(load(data, name=name).text) for name, data in papers.items()}
    missing = []
    for path in sorted(gold.glob("*/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            pairs = [(entry.get("doc"), quote) for quote in entry.get("quotes", [])]
            pairs += [(evidence.get("doc"), evidence["quote"]) for evidence in entry.get("evidence", [])]
            missing += [
                (doc, quote)
                for doc, quote in pairs
                if not any(unspaced(quote) in texts[name] for name in ([doc] if doc in texts else texts))
            ]
    assert not missing


@pytest.mark.datasets
def test_foreign_papers_load_whole(shared: Path, check: Check) -> None:
    folder = shared / "datasets/policy-docs"
    for entry in json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8")):
        loaded = load((folder / entry["file"]).read_bytes(), name=entry["file"])
        check(loaded)
        assert not re.search(r"</\w+>|ICP备|扫一扫|【打印】", loaded.text), entry["file"]
