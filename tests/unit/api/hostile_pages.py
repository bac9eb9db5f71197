"""Words that would be markup or script if a page did not show them as text, and papers made of them."""

from __future__ import annotations

from dataclasses import replace

from pages_app import five

from corpus.model import Document, Responsibility, Span, Stated

HOSTILE = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style></textarea><svg onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}${7*7}#{7}",
    "&lt;b&gt; &amp; &#x3c;script&#x3e;",
    "<!-- --><!DOCTYPE html><base href=//evil>",
    "]]><![CDATA[<x>",
    "\u202e反转\u2066\u202d",
    "\x00\x07\x1b[31m",
    "\ud800孤\udfff",
    "%s %n {0} {paper} {clause} {date}",
    "a\tb\tc",
    "<a href='javascript:alert(1)'>点</a>",
    "\u2028\u2029\x85",
    "<" * 300,
)


def hostile_paper(words: str) -> Document:
    """A paper with `words` in all that is read from it, as if no reader of papers had cleaned it."""
    document = five()[0]
    text = document.text[:200] + words + document.text[200:]
    clauses = [
        replace(
            clause,
            heading=words if clause.heading else "",
            label=words,
            path=(*clause.path[:-1], words),
            end=clause.end,
        )
        for clause in document.clauses
    ]
    clauses[3] = replace(clauses[3], responsibility=Responsibility((words,), (), Span(210, 230)))
    head = replace(
        document.head,
        title=Stated(words, document.head.title.span),
        region=words,
        issuer=Stated(words, Span(0, 1)),
        doc_number=Stated(words, Span(0, 1)),
        registry_number=Stated(words, Span(0, 1)),
    )
    source = replace(document.source, url=words, name=words)
    return replace(document, text=text, head=head, clauses=tuple(clauses), source=source)
