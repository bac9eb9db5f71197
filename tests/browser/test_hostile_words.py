"""Two hundred hostile strings, wherever words come from, run nothing."""

from __future__ import annotations

from typing import Any

from fake_service import FakeService, cell, citation, reply, table
from hostile import strings
from playwright.sync_api import expect
from visitor import OpenPage

# Elements that the widget is made of; anything else in it has come in as markup.
_NAMES = """
a article blockquote button details dialog div fieldset form h2 h3 i input label legend li ol p path q
span section summary svg table tbody td textarea th thead tr ul"""
_OWN = set(_NAMES.split())
_INSIDE = """() => [...document.querySelector("zhengwen-chat").shadowRoot.querySelectorAll("*")]"""


def _covered(words: str) -> dict[str, Any]:
    return {"document_id": words, "title": words, "doc_number": words, "region": words, "status": "draft"}


def test_they_are_shown_as_words(visit: OpenPage, portal: str, service: FakeService) -> None:
    words = strings()
    batches = [words[start : start + 25] for start in range(0, len(words), 25)]
    service.site = {
        "name": words[0],
        "title": words[1],
        "welcome": "\n".join(words),
        "handoff": "\n".join(words),
    }
    service.suggestions = words[:4]
    service.covered = [_covered(one) for one in words]

    def answer(question: str) -> dict[str, Any]:
        batch = batches[len(service.asked) - 1]
        text = "\n".join([question, *batch])
        cited = [
            citation(text, **dict.fromkeys(("title", "doc_number", "region", "label", "heading", "url"), one))
            | citation(
                text, quote=one, title=one, doc_number=one, label=one, heading=one, url=one, permalink=one
            )
            for one in batch
        ]
        near = [{name: one[name] for name in one if name != "answer_span"} for one in cited]
        refused = len(service.asked) % 2 == 0
        return reply(
            question,
            text=text,
            citations=cited,
            outcome="refused" if refused else "partial",
            refusal={"reason": batch[0], "nearest": near} if refused else None,
            rewritten="\n".join(batch),
            warnings=batch,
            suggestions=batch[:3],
            language=batch[0],
            id=batch[0],
            table=table(
                columns=[{"name": "amount", "label": batch[0]}],
                rows=[
                    {"id": one, "kind": one, "cited": near[0], "cells": [cell("amount", one)]}
                    for one in batch
                ],
                without=batch,
            ),
        )

    service.answer = answer
    visitor = visit(f"{portal}/plain").open()
    expect(visitor.find(".welcome .chip").first).to_be_attached()
    for number, batch in enumerate(batches, start=1):
        visitor.page.evaluate("words => document.querySelector('zhengwen-chat').ask(words)", "\n".join(batch))
        expect(visitor.find(".turn .tools")).to_have_count(number, timeout=60_000)
        visitor.turn.locator(".mark").evaluate_all("marks => marks.forEach((mark) => mark.click())")
    assert visitor.find(".card").count() >= len(words)

    shown = visitor.page.evaluate(f"({_INSIDE})().map((one) => one.textContent).join('\\n')")
    assert [one for one in words if one not in shown] == []
    assert set(visitor.page.evaluate(f"({_INSIDE})().map((one) => one.localName)")) <= _OWN
    handlers = (
        f"({_INSIDE})().flatMap((one) => one.getAttributeNames()).filter((name) => name.startsWith('on'))"
    )
    assert visitor.page.evaluate(handlers) == []
    links = visitor.page.evaluate(f"({_INSIDE})().filter((one) => one.href).map((one) => one.protocol)")
    assert set(links) <= {"http:", "https:"}

    # What the device kept of it is shown as words on the next page too.
    visitor.page.reload()
    visitor.open()
    expect(visitor.find(".turn .tools")).to_have_count(len(batches), timeout=60_000)
    assert set(visitor.page.evaluate(f"({_INSIDE})().map((one) => one.localName)")) <= _OWN
    visitor.find(".bar").get_by_role("button", name="历史对话").click()
    expect(visitor.find(".history")).to_be_visible()
    assert visitor.page.evaluate("window.ran") == []
    assert "ran" not in visitor.page.url
