"""A service that says what a test needs said: slowly, in pieces, not at all, or with hostile words.

It speaks docs/api.md as far as the widget does. What a question begins with chooses the reply: after 慢 and
断 the answer goes on when the test says so (`go_on`), so that no test has to be faster than an answer.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

STATIC = Path(__file__).resolve().parents[2] / "api" / "static"
QUOTE = "对首次获得药品注册批件的创新药，给予不超过500万元一次性奖补。"
TITLE = "关于促进生物医药产业创新发展的若干意见"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
WAIT_S = 30  # what a busy service tells to wait: tests turn the clock of the page
Json = dict[str, Any]


def citation(text: str, **changes: Any) -> Json:
    """A citation whose quote stands in `text`."""
    quote = changes.get("quote", QUOTE)
    start = text.find(quote)
    return {
        "document_id": "hunan",
        "title": TITLE,
        "doc_number": "湘政办发〔2026〕15号",
        "status": "in_force",
        "region": "湖南省",
        "path": ["一、", "（四）"],
        "label": "（四）",
        "heading": "支持创新产品产业化落地",
        "quote": quote,
        "start": 0,
        "end": len(quote),
        "page": None,
        "url": "",
        "permalink": "/d/hunan/%E4%B8%80%E3%80%81?q=0-31#quote",
        "answer_span": [start, start + len(quote)] if start >= 0 else None,
        "highlights": _amounts(quote),
    } | changes


def _amounts(text: str) -> list[Json]:
    return [{"start": found.start(), "end": found.end()} for found in re.finditer("不超过500万元", text)]


def reply(question: str, **changes: Any) -> Json:
    """An answer that repeats the question, with an emoji before the quote."""
    text = changes.get("text", f"😀问：{question}\n《湖南若干意见》（四）：“{QUOTE}”")
    return {
        "id": "answer",
        "outcome": "answered",
        "text": text,
        "highlights": _amounts(text),
        "language": "zh",
        "confidence": 0.9,
        "citations": [citation(text)],
        "table": None,
        "card": None,
        "hits": [],
        "refusal": None,
        "warnings": [],
        "rewritten": "",
        "suggestions": ["由哪些部门负责？", "湖北呢？"],
        "timings_ms": {},
    } | changes


def cell(column: str, *values: str, unstated: str = "") -> Json:
    """A cell of a table: words of the paper, and `unstated` where it states no sum."""
    text, parts = unstated, list[Json]()
    for words in values:
        text += "；" if text else ""
        at = [len(text), len(text) + len(words)]
        text += words
        link = f"/d/hunan/%E4%B8%80%E3%80%81?q={len(parts)}-31#quote"
        parts.append({"start": 0, "end": len(words), "quote": words, "at": at, "permalink": link})
    return {"column": column, "text": text, "stated": not unstated, "parts": parts}


def table(**changes: Any) -> Json:
    """Support facts: one with a sum, one of a draft without a sum."""
    given = [
        cell("beneficiary", "首次获得药品注册批件的创新药"),
        cell("amount", "不超过500万元"),
        cell("frequency", "一次性"),
        cell("departments", "省药品监督管理局、省工业和信息化厅、省财政厅"),
        cell("validity", "本意见自发布之日起施行，有效期5年"),
    ]
    unstated = [cell("beneficiary", "开展临床试验的企业"), cell("amount", "按规定", unstated="未写明金额")]
    labels = {
        "beneficiary": "对象",
        "amount": "金额",
        "frequency": "频次",
        "departments": "责任部门",
        "validity": "有效期",
    }
    draft = citation("", status="draft", quote="对开展临床试验的企业按规定给予补助。", title="指导意见")
    return {
        "columns": [{"name": name, "label": label} for name, label in labels.items()],
        "rows": [
            {"id": "hunan#a.money.1", "kind": "money", "cited": citation(""), "cells": given},
            {"id": "zhejiang#b.money.1", "kind": "money", "cited": draft, "cells": unstated},
        ],
        "without": ["湖北省"],
        "more": 0,
    } | changes


def quoted(text: str, start: int = 0) -> Json:
    return {"text": text, "start": start, "end": start + len(text)}


def open_question(aspect: str | None, words: str) -> Json:
    return {
        "why": "condition",
        "question": f"是否符合“{words}”？",
        "aspect": aspect,
        "quote": quoted(words, 40),
    }


def match(number: int, *questions: Json, **changes: Any) -> Json:
    """A fact with a sum and a total cap, and what has to be confirmed of it."""
    fact = {
        "id": f"a.money.{number}",
        "document_id": "hunan",
        "kind": "money",
        "label": "（四）",
        "permalink": "/d/hunan/%E4%B8%80%E3%80%81?q=0-31#quote",
        "quote": quoted(QUOTE),
        "beneficiaries": [quoted("创新药", 13)],
        "conditions": [quoted("首次获得药品注册批件", 1)],
        "amounts": [
            {"span": quoted("500万元", 22), "bound_span": quoted("不超过", 19), "per": None, "role": "cap"}
        ],
        "rate": None,
        "amount_unstated": False,
        "amount_reference": None,
        "departments": {"span": quoted("省药品监督管理局", 60), "units": [], "lead": []},
    }
    return {
        "fact": fact | changes.pop("fact", {}),
        "questions": list(questions),
        "reasons": [],
        "quotes": [],
        "otherwise": None,
        "calculation": None,
    } | changes


def matches(body: Json) -> Json:
    """Until the place is told nothing applies; what a visitor ticks applies then."""
    ticked = {event["what"] for event in body.get("events", [])}
    placed = "湖南" in body.get("sentence", "") + body.get("place", "")
    deeds = ("首次获得药品注册批件", "通过一致性评价")
    rate = {
        "factors": [
            quoted("20%", 120) | {"source": "paper"},
            {"text": "6000万元", "source": "request", "start": None, "end": None},
        ],
        "cap": quoted("1000万元", 130) | {"source": "paper"},
        "result": 10_000_000,
        "is_limit": True,
    }
    applies, to_confirm = list[Json](), list[Json]()
    for number, deed in enumerate(deeds):
        known = placed and deed in ticked
        questions = [] if placed else [open_question("place", "本省")]
        questions += [] if deed in ticked else [open_question("history", deed)]
        one = match(number, *questions, calculation=rate if known and number == 0 else None)
        (applies if known else to_confirm).append(one)
    to_confirm.append(match(7, open_question(None, "符合条件")))
    reason = {"why": "draft", "quote": quoted("征求意见稿", 3)}
    draft = match(9, reasons=[reason], otherwise="applies", fact={"document_id": "zhejiang"})
    paper = {
        "document_id": "hunan",
        "title": TITLE,
        "doc_number": "湘政办发〔2026〕15号",
        "status": "in_force",
        "rules": [{"kind": "total_cap", "quote": quoted("每家企业每年最高不超过1000万元", 90)}],
    }
    return {
        "as_of": "2026-03-01",
        "applies": applies,
        "to_confirm": to_confirm,
        "does_not_apply": [draft] if body["with_others"] else [],
        "totals": {"applies": len(applies), "to_confirm": len(to_confirm), "does_not_apply": 1},
        "papers": [paper, paper | {"document_id": "zhejiang", "title": "指导意见", "status": "draft"}],
    }


def refusal(question: str) -> Json:
    near = citation("", status="draft", answer_span=None)
    del near["answer_span"]
    return reply(
        question,
        outcome="refused",
        text="已收录的文件中没有找到能回答这个问题的规定。",
        citations=[],
        refusal={"reason": "no_evidence", "nearest": [near]},
        suggestions=[],
    )


class FakeService:
    """What it was sent, and what it is to say. Tests change the attributes and call `reset`."""

    def __init__(self) -> None:
        self.reset()
        routes = [
            Route("/widget.js", lambda _: FileResponse(STATIC / "widget.js", media_type="text/javascript")),
            Route("/moved/widget.js", lambda _: RedirectResponse("/widget.js")),
            Route("/static/{name}", lambda r: FileResponse(STATIC / r.path_params["name"])),
            Route("/", lambda _: self._page("chat.html")),
            Route("/embed", lambda _: self._page("embed.html")),
            Route("/v1/visitors", self._arrive, methods=["POST"]),
            Route("/v1/ask", self._ask, methods=["POST"]),
            Route("/v1/match", self._match, methods=["POST"]),
            Route("/v1/feedback", self._feedback, methods=["POST"]),
            Route("/v1/conversations", self._begin, methods=["POST"]),
            Route("/v1/conversations/{id}", self._forget, methods=["DELETE"]),
        ]
        cors = Middleware(
            CORSMiddleware,
            allow_origins=["*"],
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["Retry-After"],
        )
        self.app = Starlette(routes=routes, middleware=[cors])

    def reset(self) -> None:
        self.asked: list[Json] = []
        self.arrivals: list[Json] = []
        self.feedback: list[Json] = []
        self.matched: list[Json] = []
        self.forgotten: list[str] = []
        self.keeps = False
        self.turns_away = ""  # kind of problem that arrivals get
        self.token = "token-1"
        self.site: Json = {"name": "", "title": "", "welcome": "", "handoff": ""}
        self.covered: list[Json] = [
            {
                "document_id": "hunan",
                "title": TITLE,
                "doc_number": "湘政办发〔2026〕15号",
                "region": "湖南省",
                "status": "in_force",
            },
            {
                "document_id": "zhejiang",
                "title": "指导意见",
                "doc_number": "",
                "region": "浙江省",
                "status": "draft",
            },
        ]
        self.suggestions = ["湖南对创新药有什么奖补？", "湖北如何壮大产业规模？"]
        self.answer: Callable[[str], Json] = reply
        self.match: Callable[[Json], Json] = matches
        self.go_on = threading.Event()
        self._tried: set[str] = set()

    def _page(self, name: str) -> Response:
        pages = Environment(
            loader=FileSystemLoader(STATIC / "pages"), autoescape=True, undefined=StrictUndefined
        )
        body = pages.get_template(name).render(site="zws_test", attributes={})
        return Response(body, media_type="text/html", headers={"Content-Security-Policy": PAGE_POLICY})

    async def _arrive(self, request: Request) -> Response:
        self.arrivals.append(await request.json())
        if self.turns_away:
            return problem(self.turns_away, 403)
        return JSONResponse(
            {
                "token": self.token,
                "expires_in": 3600,
                "visitor": "secret",
                "site": self.site,
                "suggestions": self.suggestions,
                "covered": self.covered,
                "keeps_conversations": self.keeps,
                "max_question_chars": 200_000,
            }
        )

    async def _ask(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return problem("token-expired", 401)
        body = await request.json()
        self.asked.append(body)
        question: str = body["question"]
        first = question not in self._tried
        self._tried.add(question)
        match question[:1]:
            case "忙" if first:
                return problem("busy", 503, wait=WAIT_S)
            case "限" if first:
                return problem("rate-limited", 429, wait=WAIT_S)
            case "坏" if first:
                return problem("internal-error", 500)
            case "慢":
                return told(self.answer(question), go_on=self.go_on)
            case "断" if first:
                return told(reply(question), go_on=self.go_on, cut=True)
            case "拒":
                return told(refusal(question))
        return told(self.answer(question))

    async def _match(self, request: Request) -> Response:
        body = await request.json()
        self.matched.append(body)
        return JSONResponse(self.match(body))

    async def _feedback(self, request: Request) -> Response:
        self.feedback.append(await request.json())
        return Response(status_code=204)

    async def _begin(self, _: Request) -> Response:
        return JSONResponse({"id": "kept-1", "created_at": "2026-03-01T00:00:00Z"}, status_code=201)

    async def _forget(self, request: Request) -> Response:
        self.forgotten.append(request.path_params["id"])
        return Response(status_code=204)


def problem(kind: str, status: int, *, wait: int = 0) -> Response:
    body = {"type": f"urn:problem-type:zhengwen:{kind}", "title": "", "status": status, "detail": ""}
    headers = {"Retry-After": str(wait)} if wait else {}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def told(whole: Json, *, go_on: threading.Event | None = None, cut: bool = False) -> Response:
    """The reply as a stream. It waits for `go_on` after its first words; `cut` breaks the connection in the
    midst of an event."""

    async def events() -> AsyncIterator[bytes]:
        left_out = ("text", "suggestions", "hits", "timings_ms")
        yield event("citations", {name: whole[name] for name in whole if name not in left_out})
        yield b": ping\n\n"
        text: str = whole["text"]
        for start in range(0, len(text), 3):
            if cut and start > len(text) // 2:
                # The server drops a connection whose body ends in an error.
                yield b'event: text\ndata: {"te'
                raise ConnectionResetError("cut on purpose")
            yield event("text", {"text": text[start : start + 3]})
            while go_on and start and not go_on.is_set():
                await asyncio.sleep(0.02)
        yield event("reply", whole)

    return StreamingResponse(events(), media_type="text/event-stream")


def event(name: str, data: Json) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
