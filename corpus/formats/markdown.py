"""Converts Markdown, and text with remains of it, to lines without marks; headings and bold become flags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.formats.markup import tokens, unescaped
from corpus.formats.plain import lines_of, plain_line
from corpus.model import Furniture, Span
from corpus.notation.characters import HAN
from corpus.text.source_text import CELL_JOINT, Collector, Extracted, Line, SourceText, chain

# "## 一、总体要求", "#### 相关附件："
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t\u3000]+(?=\S)")
_HEADING_TIGHT = re.compile(rf"[ \t]{{0,3}}#{{1,6}}(?=[{HAN}（(])")
_TRAILING_HASHES = re.compile(r"[ \t]+#+[ \t]*$")
# '{align="center"}' after a heading
_ATTRIBUTES = re.compile(r"[ \t]*\{[#.:]?[\w-]+(?:=[^{}]*)?\}[ \t]*$")
# "- (三)强化创新研究能力建设", " - 三、打造…", "* 项目", "> 引用"
_LIST_DASH = re.compile(r"[ \t]*(?:>[ \t]?)*[ \t]*[-*+•·●■◆][ \t\u3000]+(?=\S)")
_QUOTE = re.compile(r"[ \t]{0,3}(?:>[ \t]?)+")
# "---", "* * *", "----------"
_RULE = re.compile(r"[ \t]*(?:-[ \t]*){3,}|[ \t]*(?:\*[ \t]*){3,}|[ \t]*(?:_[ \t]*){3,}|[ \t]*={4,}[ \t]*")
# "::: tip 修订信息", ":::", "@tab 章节", "[[toc]]", "[TOC]", "```"
_CONTAINER = re.compile(r"[ \t]*:{3,}[ \t]*(?P<kind>[\w-]*)[ \t]*(?P<title>.*)")
_DIRECTIVE = re.compile(r"[ \t]*(?:@tab\b.*|\[\[?toc\]?\]|```.*|~~~.*)[ \t]*", re.I)
# A folded list of links to the articles is not the paper's own table of contents.
_CONTENTS = re.compile(r"^(?:目录|导航|索引)")
# "|---|:--:|"
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*")
# "title: 危险废物转移管理办法"
_FRONT_TITLE = re.compile(r"title[ \t]*:[ \t]*[\"']?(?P<title>[^\n\"']+)")
_PICTURE = re.compile(r"!\[[^\[\]\n]{0,400}+\]\([^()\n]{0,2000}+\)")
# "[政策文件](#)"
_LINK = re.compile(
    r"(?<!\\)\[(?P<words>(?:[^\[\]\n]|\[[^\[\]\n]{0,80}\]){1,300})\]"
    r"\((?:[^()\n]|\([^()\n]{0,80}\)){0,400}\)"
)
# "**一、完善产业发展协同机制。**在…"; not the masked names "张**、李**"
_STRONG = re.compile(r"(?<!\*)\*\*(?![\s*、，。；：])(?P<words>[^*\n]+)(?<!\s)\*\*(?!\*)")
_STRONG_OPEN = re.compile(r"^\*\*(?![\s*])")
_ESCAPE = re.compile(r"\\(?=[\\`*_{}\[\]()#+.!|>~-])")
_CODE = re.compile(r"(?<!`)`(?P<words>[^`\n]+)`(?!`)")
_PIPE = re.compile(r"(?<!\\)\|")
_WORD = re.compile(r"\w")
# Evidence that a text file contains Markdown.
_EVIDENCE = re.compile(r"^#{1,6} \S|^\*\*[^*\n]+\*\*|^\[[^\]\n]+\]\([^)\n]*\)|^:::|^\|[ :-]+\|[ :|-]+$", re.M)


def looks_like_markdown(original: str) -> bool:
    return bool(_EVIDENCE.search(original))


@dataclass(slots=True)
class _Reader:
    original: str
    lines: list[Line]
    furniture: list[Furniture]

    def leave(self, kind: str, span: Span) -> None:
        if span.start < span.end:
            self.furniture.append(Furniture(kind, span.start, span.end))


def extract(original: str) -> Extracted:
    """Extracts the lines of the text, without front matter, containers, rules and Markdown marks."""
    reader = _Reader(original, [], [])
    spans = lines_of(original)
    at = _front_matter(reader, spans)
    apart, in_contents = True, False
    for span in spans[at:]:
        text = span.of(original)
        container = _CONTAINER.fullmatch(text)
        if not text.strip():
            apart = True
        elif container is not None:
            reader.leave("markup", span)
            opens = bool(container["kind"])
            in_contents = (in_contents and opens) or bool(_CONTENTS.search(container["title"]))
            apart = True
        elif _RULE.fullmatch(text) or _TABLE_RULE.fullmatch(text) or _DIRECTIVE.fullmatch(text):
            reader.leave("markup", span)
            apart = True
        elif in_contents and not _HEADING.match(text):
            reader.leave("navigation", span)
        else:
            in_contents = False
            reader.lines.extend(_line(reader, span, apart=apart))
            apart = False
    return Extracted(reader.lines, furniture=reader.furniture)


def _front_matter(reader: _Reader, spans: list[Span]) -> int:
    """Reads the block between two --- at the top; returns the index of the line after it."""
    filled = [index for index, span in enumerate(spans[:20]) if span.of(reader.original).strip()]
    if not filled or spans[filled[0]].of(reader.original).strip() != "---":
        return 0
    for index in range(filled[0] + 1, len(spans)):
        span = spans[index]
        text = span.of(reader.original)
        if text.strip() in ("---", "..."):
            break
        title = _FRONT_TITLE.match(text)
        if title is not None:
            place = Span(span.start + title.start("title"), span.start + title.end("title"))
            reader.lines.append(replace(plain_line(reader.original, place, apart=True), heading=True))
        else:
            reader.leave("front_matter", span)
    else:
        return 0
    return index + 1


def _line(reader: _Reader, span: Span, *, apart: bool) -> Iterator[Line]:
    """Yields the line at `span` without its marks; several lines if it contains <br> or </p>."""
    original = reader.original
    layout = plain_line(original, span, apart=apart)
    start, end, item = span.start, span.end, False
    if (quote := _QUOTE.match(original, start, end)) is not None:
        start = quote.end()
    if (dash := _LIST_DASH.match(original, start, end)) is not None:
        start, item = dash.end(), True
    mark = _HEADING.match(original, start, end) or _HEADING_TIGHT.match(original, start, end)
    if mark is not None:
        hashes = _TRAILING_HASHES.search(original, mark.end(), end)
        start, end = mark.end(), hashes.start() if hashes else end
    attributes = _ATTRIBUTES.search(original, start, end)
    end = attributes.start() if attributes else end
    if original[start:end].lstrip().startswith("|"):
        yield _table_row(original, Span(start, end))
        return
    for index, line in enumerate(_without_tags(original, Span(start, end))):
        yield replace(
            _without_marks(line),
            heading=mark is not None,
            apart=apart or item or index > 0 or line.apart,
            indented=line.indented or (layout.indented and index == 0 and not item),
            ended=layout.ended,
        )


def _without_tags(original: str, span: Span) -> Iterator[Line]:
    """Yields the text at `span`, split at its HTML line breaks, with entities decoded."""
    collector, bold = Collector(), 0
    for token in tokens(original, span.start, span.end):
        if not token.tag:
            collector.add(unescaped(original, token.start, token.end), bold=bold > 0)
        elif token.tag in ("b", "strong"):
            bold = max(0, bold + (-1 if token.closing else 1))
        elif token.tag in ("td", "th") and not token.closing and collector.begun:
            collector.add(SourceText.inserted(CELL_JOINT), bold=False)
        elif token.tag in ("br", "p", "div", "li", "tr", "table"):
            yield from _filled(collector.take())
    yield from _filled(collector.take())


def _filled(line: Line) -> Iterator[Line]:
    text = line.text
    if text.strip():
        indent = len(text) - len(text.lstrip())
        yield replace(line.stripped(), indented=indent > 1, fixed=CELL_JOINT in text.strip())


def _without_marks(line: Line) -> Line:
    """Removes pictures, link targets, bold and code marks; bold words become emphasis."""
    text = line.text
    cuts = [Span(match.start(), match.end()) for match in _PICTURE.finditer(text)]
    links = [match for match in _LINK.finditer(text) if not _inside(match.start(), cuts)]
    strong = [Span(match.start("words"), match.end("words")) for match in _STRONG.finditer(text)]
    if not strong and (opened := _STRONG_OPEN.match(text)) is not None:
        cuts.append(Span(0, opened.end()))
    for match in [*links, *_CODE.finditer(text)]:
        cuts += [Span(match.start(), match.start("words")), Span(match.end("words"), match.end())]
    for span in strong:
        cuts += [Span(span.start - 2, span.start), Span(span.end, span.end + 2)]
    cuts += [Span(match.start(), match.end()) for match in _ESCAPE.finditer(text)]
    around = "".join(text[a:b] for a, b in _between(links, len(text)))
    marked = replace(line, bold=(*line.bold, *strong), linked=bool(links) and not _WORD.search(around))
    return marked.without(_apart(cuts)).stripped()


def _between(links: list[re.Match[str]], length: int) -> Iterator[tuple[int, int]]:
    at = 0
    for link in links:
        yield at, link.start()
        at = link.end()
    yield at, length


def _inside(offset: int, spans: list[Span]) -> bool:
    return any(span.start <= offset < span.end for span in spans)


def _apart(spans: list[Span]) -> list[Span]:
    """Sorts spans and removes overlaps."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        start = max(span.start, result[-1].end if result else 0)
        if start < span.end:
            result.append(Span(start, span.end))
    return result


def _table_row(original: str, span: Span) -> Line:
    """A row of a pipe table, with CELL_JOINT between its cells."""
    parts: list[SourceText] = []
    at = span.start
    for match in [*_PIPE.finditer(original, span.start, span.end)]:
        parts += _cell(original, Span(at, match.start()))
        at = match.end()
    parts += _cell(original, Span(at, span.end))
    joined = [piece for part in parts for piece in (SourceText.inserted(CELL_JOINT), part)][1:]
    return Line(chain(joined), apart=True, fixed=True)


def _cell(original: str, span: Span) -> list[SourceText]:
    line = _without_marks(Line(SourceText.copied(original, span.start, span.end)))
    return [line.source] if line.text else []
