"""The page of the original PDF with the quoted lines marked."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from pages_app import Page, pages_client, written
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from api.wire.papers import clause_detail
from corpus.load import load
from corpus.model import Document
from corpus.parse import parse

_MARK = (255, 221, 87)


def _pdf() -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for page in (["云岭市小微企业扶持办法", "第一条　本办法适用于小微企业。"], ["第二条　补贴标准为5万元。"]):
        canvas.setFont("STSong-Light", 14)
        for at, line in enumerate(page):
            canvas.drawString(90, 740 - 40 * at, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


DATA = _pdf()


@pytest.fixture(scope="module")
def document() -> Document:
    return parse(load(DATA, name="a.pdf"), document_id="a")


@pytest.fixture(scope="module")
def client(document: Document) -> Iterator[TestClient]:
    with pages_client([document, written("b", "第一条　只是文本。")], originals={"a": DATA}) as client:
        yield client


def marked(client: TestClient, path: str) -> list[tuple[int, int]]:
    """The dots of the picture at which a mark shows."""
    response = client.get(path)
    assert (response.status_code, response.headers["content-type"]) == (200, "image/png")
    picture = Image.open(io.BytesIO(response.content)).convert("RGB")
    assert picture.width / picture.height == pytest.approx(A4[0] / A4[1], abs=0.01)
    scale = A4[0] / picture.width
    dots = picture.load()
    assert dots is not None
    return [
        (round(x * scale), round(y * scale))
        for y in range(0, picture.height, 2)
        for x in range(0, picture.width, 2)
        if dots[x, y] == _MARK
    ]


def test_a_citation_names_the_page(document: Document) -> None:
    second = next(clause for clause in document.clauses if "5万元" in document.text_of(clause))
    assert clause_detail(document, second).page == 2


def test_the_page_of_a_clause_shows_it_on_the_page_of_the_original(client: TestClient) -> None:
    page = Page(client.get("/d/a/第二条").text)
    source = page.first("img")["src"] or ""
    assert source.startswith("/d/a/page/2.png?")
    dots = marked(client, source)
    lefts, tops = zip(*dots, strict=True)
    baseline = A4[1] - 740
    assert 85 <= min(lefts) < max(lefts) <= 300
    assert baseline - 18 <= min(tops) < max(tops) <= baseline + 6


def test_a_quote_is_marked_alone_and_a_page_without_it_not_at_all(
    client: TestClient, document: Document
) -> None:
    start = document.text.index("本办法适用")
    quote = f"q={start}-{start + 10}"
    (top,) = {y // 60 for _, y in marked(client, f"/d/a/page/1.png?{quote}")}
    assert top == round(A4[1] - 700) // 60
    assert marked(client, f"/d/a/page/2.png?{quote}") == []


def test_a_browser_that_has_the_picture_gets_it_once(client: TestClient) -> None:
    first = client.get("/d/a/page/1.png")
    again = client.get("/d/a/page/1.png", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head("/d/a/page/1.png")
    assert (head.content, head.headers["content-length"]) == (b"", str(len(first.content)))


@pytest.mark.parametrize(
    "path", ["/d/a/page/3.png", "/d/a/page/1.png?clause=x", "/d/b/page/1.png", "/d/none/page/1.png"]
)
def test_what_is_not_there_is_not_drawn(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_paper_in_another_format_has_no_picture(client: TestClient) -> None:
    assert "<img" not in client.get("/d/b/第一条").text
