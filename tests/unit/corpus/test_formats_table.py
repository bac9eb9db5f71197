"""The table of formats: what is tried, read, and rejected with a cure; places of lines on pages."""

import re
from pathlib import Path

import pytest
from test_load_formats import ofd

from corpus.errors import UnreadableDocument
from corpus.files import files_in
from corpus.formats.table import FORMATS, READABLE, UNREADABLE, Format
from corpus.load import load
from corpus.model import Document, Place, Span
from corpus.parse import parse
from corpus.store import codec

_ROOT = Path(__file__).parents[3]
_PAGES: list[list[tuple[float, float, float, str]]] = [
    [
        (60, 20, 60, "关于同意某同志辞职的批复"),
        (38, 40, 146, "你院关于某同志辞职的请示收悉，经研究，"),
        (28, 50, 40, "同意辞职。"),
    ],
    [(120, 20, 40, "某区卫生局"), (120, 30, 40, "2011年3月10日")],
]


@pytest.fixture(scope="module")
def document() -> Document:
    return parse(load(ofd(_PAGES), name="a.ofd"), document_id="a")


def test_every_format_is_read_or_says_why_not() -> None:
    for known in FORMATS:
        assert (known.read is None) == bool(known.reason) == bool(known.cure), known.name
        assert all(re.fullmatch(r"\.[a-z0-9]+", ending) for ending in known.endings), known.name
    endings = [ending for known in FORMATS for ending in known.endings]
    assert len(endings) == len(set(endings))


@pytest.mark.parametrize(
    "known", [known for known in FORMATS if known.read is None], ids=lambda known: known.name
)
def test_what_is_not_read_is_refused_with_its_cure(known: Format) -> None:
    for magic in known.magic:
        with pytest.raises(UnreadableDocument) as caught:
            load(magic + b"\x00\x01" + known.part + b"\x00" * 40, name="x")
        assert (caught.value.reason, caught.value.cure) == (known.reason, known.cure)


def test_a_folder_is_searched_for_the_endings_of_the_table(tmp_path: Path) -> None:
    for ending in (*READABLE, *UNREADABLE, ".exe", ""):
        (tmp_path / f"paper{ending}").write_text("x")
        (tmp_path / f"other{ending.upper()}").write_text("x")
    found = {path.suffix.lower() for path in files_in([tmp_path])}
    assert found == {*READABLE, *UNREADABLE}


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_manual_lists_the_endings_of_the_table(readme: str) -> None:
    line = next(
        line for line in (_ROOT / readme).read_text("utf-8").splitlines() if "ingest papers/ notice" in line
    )
    assert tuple(re.findall(r"\.[a-z]+", line.partition("#")[2])) == READABLE


def test_a_line_of_ofd_has_its_place(document: Document) -> None:
    at = document.text.index("某区卫生局")
    assert document.source.map.places(Span(at, at + 5)) == (Place(2, (340.2, 56.7, 453.5, 73.7)),)
    sentence = document.text.index("你院关于")
    first, second = document.source.map.places(Span(sentence, document.text.index("\n", sentence)))
    assert (first.page, second.page) == (1, 1)
    assert first.box[1] < second.box[1]
    everything = document.source.map.places(Span(0, len(document.text)))
    assert len(everything) == sum(map(len, _PAGES))


def test_places_are_stored_and_read_back(document: Document) -> None:
    row = codec.document_row(document)
    assert codec.document_of("a", row, codec.clause_rows(document)) == document


def test_a_store_without_places_is_read_and_keeps_its_hash(document: Document) -> None:
    plain = parse(load("关于支持创新药的意见\n一、总则\n支持创新。".encode(), name="b.txt"), document_id="b")
    row = codec.document_row(plain)
    del row["source"]["map"]["placed"]
    assert codec.document_of("b", row, codec.clause_rows(plain)) == plain
    assert codec.content_hash(plain) == codec.content_hash(
        codec.document_of("b", row, codec.clause_rows(plain))
    )
    assert codec.content_hash(document) != codec.content_hash(plain)


@pytest.mark.parametrize(("page", "box"), [(0, (0, 0, 1, 1)), (1, (2, 0, 1, 1)), (1, (0, 2, 1, 1))])
def test_a_place_is_a_rectangle_of_a_page(page: int, box: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="not a place"):
        Place(page, box)
