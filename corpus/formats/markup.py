"""Tokenises HTML into tags and text with their original offsets.

The standard library's parser reports line and column and fails on some malformed declarations;
this one reports offsets, never fails, and takes linear time.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.text.source_text import SourceText, chain

# <td class="b12c" colspan=2>, </p>, <o:p/>
_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:_-]*)(?P<attributes>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>"
)
# class="content", width=100, hidden
_ATTRIBUTE = re.compile(r"([A-Za-z][\w:-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
# &emsp; &#12288; &#x3000; &nbsp
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});?")
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.I) for name in ("script", "style", "title", "textarea", "xmp")
}
# html.unescape reads &#150; as Windows-1252 like browsers do; the control characters left are removed.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Token:
    """A tag, or text when `tag` is empty. Offsets into the original."""

    start: int
    end: int
    tag: str = ""  # lower case
    closing: bool = False
    attributes: str = ""  # as written

    def attribute(self, name: str) -> str | None:
        """The value as written; empty for a bare attribute, None when there is none."""
        for found in _ATTRIBUTE.finditer(self.attributes):
            if found[1].lower() == name:
                return found[2] or found[3] or found[4] or ""
        return None


def tokens(original: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """Yields tags and text between `start` and `end`, without comments, declarations, scripts and styles."""
    end = len(original) if end is None else end
    text_from = at = start
    while (opened := original.find("<", at, end)) >= 0:
        if original.startswith(("<!", "<?"), opened):
            token, at = None, _behind_declaration(original, opened, end)
        else:
            match = _TAG.match(original, opened, end)
            if match is None:  # "PM<10", "<50万元"
                at = opened + 1
                continue
            token = _token(match)
            at = match.end()
        if text_from < opened:
            yield Token(text_from, opened)
        text_from = at
        if token is not None:
            yield token
            if token.tag in _RAW and not token.closing:
                closed = _RAW[token.tag].search(original, at, end)
                text_from = at = closed.start() if closed else end
    if text_from < end:
        yield Token(text_from, end)


def unescaped(original: str, start: int, end: int) -> SourceText:
    """The text start:end with entities decoded."""
    parts, at = [], start
    for match in _ENTITY.finditer(original, start, end):
        decoded = _CONTROL.sub("", html.unescape(match[0]))
        if decoded == match[0]:
            continue
        parts.append(SourceText.copied(original, at, match.start()))
        parts.append(SourceText(decoded, (match.start(),) * len(decoded)))
        at = match.end()
    return chain([*parts, SourceText.copied(original, at, end)])


def _behind_declaration(original: str, opened: int, end: int) -> int:
    """The end of a comment, doctype, <![if …]> or <?xml …?>; the end of the text if it is unclosed."""
    mark = "-->" if original.startswith("<!--", opened) else ">"
    closed = original.find(mark, opened + 2, end)
    return closed + len(mark) if closed >= 0 else end


def _token(match: re.Match[str]) -> Token:
    return Token(
        match.start(),
        match.end(),
        match["name"].lower(),
        closing=bool(match["close"]),
        attributes=match["attributes"],
    )
