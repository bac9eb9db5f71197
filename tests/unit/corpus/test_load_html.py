"""Pages of government sites: extraction of the article."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableDocument
from corpus.load import load
from corpus.model import Loaded

Check = Callable[[Loaded], None]

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8">
<title>某市养老服务管理办法 - 某市人民政府门户网站</title><style>p{}</style></head><body>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zw">政务公开</a></li></ul></div>
<div>当前位置：<a href="/">首页</a> &gt; <a href="/zw">政务公开</a></div>
<table><tr><td>索 引 号：</td><td>0001/2024</td><td>主题分类：</td><td>民政</td></tr>
<tr><td>文　　号</td><td>某府规〔2024〕3号</td><td>主 题 词：</td><td></td></tr></table>
<div class="main"><h1>某市养老服务管理办法</h1>
<div class="time">发布时间：2024-05-01 10:00 来源：本网 浏览次数：12 【字体：大 中 小】</div>
<div class="TRS_Editor"><p align="center">第一章&emsp;总　则</p>
<p>　　<b>第一条</b>&nbsp;为了规范养老服务，保障老年人权益，促进养老服务业
发展，根据&ldquo;有关规定&rdquo;，制定本办法。<!-- 注释 --></p>
<p>　　第二条　补贴标准为每人每月200元，面积不低于10m<sup>2</sup>，&lt;60岁的除外。</p>
<table><tr><td>等级</td><td>标准<br>（元）</td></tr><tr><td>一级</td><td>500</td></tr></table>
<p>　　第三条　本办法自2024年6月1日起施行，有效期5年。</p>
<p style="text-align:right">某市人民政府</p><p>2024年5月1日</p></div>
<div>附件：<a href="a.doc">1.养老服务补贴申请表.doc</a></div>
<div class="share">分享到： 微信 微博</div></div>
<script>var a = "<p>不是正文，是脚本。</p>";</script>
<div class="foot">版权所有：某市人民政府 主办：某市人民政府办公室
某ICP备12345678号 网站标识码：1234567890</div>
</body></html>"""


def test_article_with_its_head_data_and_no_site(check: Check) -> None:
    loaded = load(PAGE.encode(), name="page.html")
    check(loaded)
    assert loaded.text.split("\n") == [
        "索引号：0001/2024",
        "主题分类：民政",
        "文号：某府规〔2024〕3号",
        "某市养老服务管理办法",
        "发布时间：2024-05-01 10:00 来源：本网",
        "第一章\u2003总则",
        "第一条\xa0为了规范养老服务，保障老年人权益，促进养老服务业发展，根据“有关规定”，制定本办法。",
        "第二条　补贴标准为每人每月200元，面积不低于10m2，<60岁的除外。",
        "等级\t标准（元）",
        "一级\t500",
        "第三条　本办法自2024年6月1日起施行，有效期5年。",
        "某市人民政府",
        "2024年5月1日",
        "附件：1.养老服务补贴申请表.doc",
    ]
    kinds = {piece.kind for piece in loaded.source.map.furniture}
    assert {"navigation", "button", "footer"} <= kinds


def test_quotes_are_found_in_the_markup() -> None:
    loaded = load(PAGE.encode(), name="page.html")
    start = loaded.text.index("为了规范养老服务")
    assert loaded.source.original[loaded.source.map.origin(start) :].startswith("为了规范养老服务")
    assert "第一条" in {span.of(loaded.text) for span in loaded.emphasis}


def test_page_that_is_hidden_until_its_script_has_run_is_read() -> None:
    page = "<html><body style='visibility:hidden'><div>第一条　为了规范管理，制定本办法。</div></body></html>"
    assert load(page.encode(), name="a.html").text == "第一条　为了规范管理，制定本办法。"


def test_page_without_a_paper_is_refused() -> None:
    page = "<html><body><ul><li><a href='/'>首页</a></li><li><a href='/a'>登录</a></li></ul></body></html>"
    try:
        loaded = load(page.encode(), name="a.html")
    except UnreadableDocument:
        return
    assert "首页" not in loaded.text


SOUP = """<p> </p> <div/class='content'> </div> <table> <tr> <td> </td> </tr> </table> <b> <br>
<script> </script> <!-- --> <![if/!x]> <!DOCTYPE <?xml <a/href=x> </a> <h1> <pre> <title> &emsp; &#x3000;
&#0; &bad; < > " '"""
TAGS = st.sampled_from([tag.replace("/c", " c").replace("/h", " h") for tag in SOUP.split()])
WORDS = st.sampled_from(
    [
        "第一条　为了加强管理，制定本办法。",
        "一、总则",
        "（一）",
        "\n",
        " ",
        "\t",
        "版权所有：x",
        "PM<10",
        "，",
    ]
)


@given(st.lists(st.one_of(TAGS, WORDS), max_size=60))
def test_any_tag_soup_loads_or_is_refused(check: Check, parts: list[str]) -> None:
    page = "<html>" + "".join(parts)
    try:
        loaded = load(page.encode(), name="soup.html")
    except UnreadableDocument:
        return
    check(loaded)


def test_deep_nesting_and_many_open_marks_are_no_trouble() -> None:
    words = "第一条　为了规范管理，制定本办法。"
    for filler in (
        "<div>" * 20_000,
        "<" * 50_000,
        "<!--" * 20_000 + "-->",
        "<a title='" * 999 + "'>",
        "&#" * 9_999,
    ):
        load(f"<html><body><p>{words}</p>{filler}".encode(), name="deep.html")
