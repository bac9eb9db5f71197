"""Pages that link or show what belongs to their paper: it is named, and pictures alone are no paper."""

from __future__ import annotations

import base64
import quopri
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableDocument
from corpus.load import load
from corpus.model import Document, Notice
from corpus.parse import parse
from corpus.structure.unread_attachments import references_to, referred, unread_attachments

_BODY = """<h1>岚陂市交通局关于渡船检验有关事项的通知</h1><p>岚交规〔2029〕3号</p><p>各区交通局：</p>
<p>一、渡船每年检验两次，检验项目见附件1。</p><p>二、检验费每船80元。</p><p>岚陂市交通局</p><p>2029年4月2日</p>"""
_LINKS = """<p><a href="/f/a.pdf">附件1：检验项目表.pdf</a></p>
<p><a href="javascript:;">附件2：申请表</a></p><p><a href="/f/download?id=7">附件3：流程图</a></p>"""


def _page(*parts: str) -> str:
    return f'<html><head><meta charset="utf-8"></head><body><div>{"".join(parts)}</div></body></html>'


def _notices(page: str) -> list[Notice]:
    return list(load(page.encode(), name="a.html").notices)


def _paper(text: str, name: str = "a.txt") -> Document:
    return parse(load(text.encode(), name=name), document_id="a")


def test_an_attachment_that_is_only_linked_is_named_at_its_place() -> None:
    menu = '<body><ul><li><a href="/x.pdf">使用手册.pdf</a></li></ul>'
    page = _page(_BODY, _LINKS).replace("<body>", menu)
    loaded = load(page.encode(), name="a.html")
    found = [notice for notice in loaded.notices if notice.code == "attachment_not_read"]
    assert [notice.span.of(loaded.text) for notice in found] == ["附件1：检验项目表.pdf", "附件3：流程图"]
    assert "only linked (/f/a.pdf)" in found[0].message


def test_pictures_in_the_text_are_counted() -> None:
    shown = _BODY.replace("<p>二、", '<p><img src="1.png"><img src="2.png"></p><p>二、')
    (notice,) = _notices(_page('<img src="logo.png">', shown))
    assert notice.code == "pictures_not_read"
    assert notice.message.startswith("2 pictures")


def test_a_page_whose_text_is_in_pictures_is_refused_with_the_cure() -> None:
    for head in ("", "<h1>岚陂市交通局关于渡船检验有关事项的通知</h1>"):
        with pytest.raises(UnreadableDocument, match="its text is in pictures") as caught:
            load(_page(head, '<p><img src="1.png"></p>').encode(), name="a.html")
        assert "OCR" in caught.value.cure


_MHTML = """From: <Saved by Blink>
Subject: page
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="----x"

------x
Content-Type: text/html{charset}
Content-Transfer-Encoding: {encoding}

{page}
------x
Content-Type: image/png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
------x--
"""


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
@pytest.mark.parametrize(("charset", "named"), [("utf-8", True), ("gbk", True), ("utf-8", False)])
def test_a_saved_page_is_read_like_the_page(encoding: str, charset: str, named: bool) -> None:
    page = _page(_BODY, _LINKS)
    raw = page.encode(charset)
    packed = quopri.encodestring(raw) if encoding == "quoted-printable" else base64.encodebytes(raw)
    own = f'; charset="{charset}"' if named else ""
    data = _MHTML.format(page=packed.decode(), encoding=encoding, charset=own).replace("\n", "\r\n")
    loaded = load(data.encode(), name="a.mhtml")
    assert loaded.text == load(page.encode(), name="a.html").text
    assert loaded.source.original == page
    assert len(loaded.notices) == 2


@pytest.mark.parametrize("page", ["", "plain"])
def test_a_saved_page_without_a_page_is_refused(page: str) -> None:
    data = _MHTML.format(page=page, encoding="7bit", charset="").replace(
        "text/html", f"text/{page or 'html'}"
    )
    with pytest.raises(UnreadableDocument):
        load(data.encode(), name="a.mht")


@given(st.integers(0, 600), st.binary(max_size=20))
def test_a_damaged_saved_page_loads_or_is_refused(at: int, junk: bytes) -> None:
    data = _MHTML.format(page=_page(_BODY), encoding="8bit", charset="").encode()
    with suppress(UnreadableDocument):
        load(data[:at] + junk + data[at + len(junk) :], name="a.mht")


def test_attachments_of_which_only_the_name_is_stored_are_unread() -> None:
    paper = _paper(_page(_BODY, _LINKS), "a.html")
    assert [(one.number, one.name) for one in unread_attachments(paper)] == [
        (1, "检验项目表"),
        (2, "申请表"),
        (3, "流程图"),
    ]
    (first,) = referred(paper, "检验项目见附件1。")
    ((clause, span),) = references_to(paper, first)
    assert clause.label == "一、"
    assert span.of(paper.text) == "渡船每年检验两次，检验项目见附件1。"
    assert referred(paper, "检验费每船80元。") == ()
    assert len(referred(paper, "详见附件。")) == 3


def test_an_attachment_with_text_is_not_unread() -> None:
    notice = "岚陂市交通局关于渡船检验的通知\n一、检验项目见附件1。\n岚陂市交通局\n2029年4月2日\n"
    assert unread_attachments(_paper(f"{notice}附件1\n检验项目\n一、船体应当无破损。\n")) == ()
