"""Whatever a paper holds, a page shows it as text."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from hostile_pages import HOSTILE, hostile_paper
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup
from pages_app import Page, five, pages_client, squeezed, written

from api.pages.links import QuotedPlace, checksum, permalink, quoted_place, web_address
from api.pages.text import Marking, Paragraph, Table, blocks, shown
from corpus.model import Span

OPENING = "青海省人民政府办公厅文件\n青政办发〔2024〕3号\n"
# A file with many of these is no text, and no reader of papers takes it.
READABLE = [words for words in HOSTILE if words.isprintable() or words.count("\t") == 2]
# Elements and attributes that templates set; a paper adds to neither.
TAGS = set(
    re.findall(
        r"\w+",
        "html head meta title link body a header p div nav ol li bdi main h1 strong span table tbody tr th "
        "td cite section h2 h3 h4 h5 h6 b blockquote details summary article footer mark ul q "
        "svg rect line path text",
    )
)
ATTRIBUTES = set(
    re.findall(
        r"[\w-]+",
        "lang dir charset name content rel href type class id aria-label aria-hidden aria-labelledby "
        "aria-current role scope tabindex viewbox viewBox x x1 x2 y y1 y2 d rx width height",
    )
)


def assert_inert(html: str) -> Page:
    page = Page(html)
    assert {tag for tag, _ in page.elements} <= TAGS
    assert {name for _, attrs in page.elements for name in attrs} <= ATTRIBUTES
    assert all(link.startswith(("/", "#", "http://", "https://")) for link in page.links())
    assert shown(html) == html
    return page


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_text_wherever_they_stand(words: str) -> None:
    document = hostile_paper(words)
    clause = document.clauses[3]
    with pages_client([document, *five()[1:2]]) as client:
        for path in (
            f"/d/{document.id}",
            permalink(document.id, clause, start=clause.start, end=clause.start + 9),
            "/d/none",
        ):
            page = assert_inert(client.get(path.partition("#")[0]).text)
        page = Page(client.get(f"/d/{document.id}").text)
        assert squeezed(page.words(within="paper")) == squeezed(shown(document.text))
        assert squeezed(page.words(tag="title")) == squeezed(shown(words))


@pytest.mark.parametrize("words", READABLE, ids=range(len(READABLE)))
def test_hostile_papers_are_text_as_they_are_read(words: str) -> None:
    text = OPENING + f"关于{words}的通知\n一、{words}\n（一）{words}。对{words}奖补500万元。\n2024年3月1日\n"
    document = written("old", text, url=f"https://example.gov.cn/{words}")
    with pages_client([document]) as client:
        page = assert_inert(client.get("/d/old").text)
        assert squeezed(page.words(within="paper")) == squeezed(shown(document.text))


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_addresses_find_nothing_and_are_not_repeated(words: str) -> None:
    asked = quote(words.encode("utf-8", "replace"), safe="")
    with pages_client(five()) as client:
        for path in (f"/d/{asked}", f"/d/hunan/{asked}"):
            response = client.get(path)
            assert response.status_code in (404, 200)
            assert_inert(response.text)
        assert_inert(client.get(f"/d/hunan?q={asked}").text)


TEXTS = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("\n\t<>&\"'（）一、奖\u202e\x00")), max_size=60
)
OFFSETS = st.integers(min_value=0, max_value=60)


@given(text=TEXTS, quoted=st.tuples(OFFSETS, OFFSETS), duty=st.tuples(OFFSETS, OFFSETS))
@example(text="\r", quoted=(0, 0), duty=(0, 0))
@example(text="\x1c\n \n\x85\t\x0b", quoted=(0, 1), duty=(4, 7))
def test_any_text_with_any_marks_keeps_its_words(
    text: str, quoted: tuple[int, int], duty: tuple[int, int]
) -> None:
    marked, charged = (Span(*sorted(min(at, len(text)) for at in pair)) for pair in (quoted, duty))
    made = blocks(text, Span(0, len(text)), Marking(quote=marked, duty=charged))
    parts: list[Markup] = []
    for block in made:
        match block:
            case Paragraph(html, _):
                parts.append(html)
            case Table(rows):
                parts += [cell for row in rows for cell in row]
    page = Page(f"<div>{''.join(parts)}</div>")
    assert squeezed(page.words()) == squeezed(shown(text))
    assert squeezed(page.words(tag="mark")) == squeezed(shown(marked.of(text)))
    assert squeezed(page.words(within="duty")) == squeezed(shown(charged.of(text)))
    assert {tag for tag, _ in page.elements} <= {"div", "mark", "span"}
    assert page.ids().count("quote") <= 1


@given(st.text(max_size=30))
def test_any_address_is_linked_or_not_without_a_failure(url: str) -> None:
    for given_url in (url, f"https://{url}", f"javascript:{url}"):
        linked = web_address(given_url)
        assert linked == "" or linked.startswith(("http:", "https:", "HTTP", "Http"))


@given(TEXTS, OFFSETS, OFFSETS)
def test_the_place_of_a_quote_survives_its_address(text: str, start: int, end: int) -> None:
    check = checksum(text[start:end])
    place = quoted_place(f"{start}-{end}-{check}")
    assert place == QuotedPlace(start, end, check)
    inside = start < end <= len(text)
    assert place.in_text(text) == (Span(start, end) if inside else None)
