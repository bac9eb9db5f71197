"""Examples of the wire contract, shown in OpenAPI and in docs/api.md; tests validate them with the models."""

from __future__ import annotations

from pydantic.config import JsonDict, JsonValue

_QUOTE = (
    "对首次获得药品注册批件的创新药、获得生产批件的第三类创新医疗器械和第二类创新医疗器械企业，"
    "符合产业化落地等相关条件的，分别给予不超过500万元、100万元、50万元一次性奖补；"
    "对首个获得注册批件的特殊化妆品新原料企业，给予不超过100万元一次性奖补。"
)
_TITLE = "湖南省人民政府办公厅关于促进生物医药产业创新发展的若干意见"
_FRAME = "《湖南若干意见》（四）：“"

_AMOUNT = "不超过500万元"
_FIRST = f"{_AMOUNT}。\n"

_ARTICLE = "%E4%B8%80%E3%80%81%EF%BC%88%E5%9B%9B%EF%BC%89"  # 一、（四）, as encoded in an address


def _amount_at(place: int) -> JsonValue:
    return {"start": place, "end": place + len(_AMOUNT)}


_QUOTED_AT = len(_FIRST) + len(_FRAME)  # of the text


ASK_REQUESTS: list[JsonValue] = [
    {"question": "我们首次拿到创新药注册批件，湖南能奖多少钱？"},
    {
        "question": "那封顶多少？",
        "history": [
            {"role": "user", "content": "广东珠三角的技改设备奖励比例是多少？"},
            {"role": "assistant", "content": "不超过20%。"},
        ],
        "filters": {"documents": ["guangdong"], "regions": []},
    },
    {"question": "湖南对首次获批的创新药奖多少？", "as_of": "2026-05-01"},
]

SEARCH_REQUESTS: list[JsonValue] = [
    {"query": "创新药 注册批件 奖补", "k": 5, "filters": {"documents": [], "regions": ["湖南省"]}}
]

ASK_RESPONSES: list[JsonValue] = [
    {
        "id": "mT0cJ3qkD8yq2oQ0Xw5rVh1u",
        "outcome": "answered",
        "text": f"{_FIRST}{_FRAME}{_QUOTE}”",
        "highlights": [_amount_at(0), _amount_at(_QUOTED_AT + _QUOTE.index(_AMOUNT))],
        "language": "zh",
        "as_of": "2026-05-01",
        "confidence": 0.97,
        "citations": [
            {
                "document_id": "hunan",
                "title": _TITLE,
                "doc_number": "湘政办发〔2026〕15号",
                "status": "in_force",
                "region": "湖南省",
                "path": ["一、", "（四）"],
                "label": "（四）",
                "heading": "支持创新产品产业化落地",
                "quote": _QUOTE,
                "start": 1048,
                "end": 1048 + len(_QUOTE),
                "page": None,
                "url": "",
                "permalink": f"/d/hunan/{_ARTICLE}?q=1048-{1048 + len(_QUOTE)}-73d31962#quote",
                "answer_span": [_QUOTED_AT, _QUOTED_AT + len(_QUOTE)],
                "highlights": [_amount_at(_QUOTE.index(_AMOUNT))],
            }
        ],
        "table": None,
        "card": None,
        "hits": [
            {
                "document_id": "hunan",
                "label": "（四）",
                "path": ["一、", "（四）"],
                "text": f"（四）支持创新产品产业化落地。{_QUOTE}奖补资金由省先进制造业高地建设资金予以支持。",
                "score": 1.0,
            }
        ],
        "refusal": None,
        "warnings": [],
        "rewritten": "",
        "suggestions": ["湖南省这个政策什么时候到期？"],
        "timings_ms": {"understand": 3.1, "retrieve": 9.4, "evidence": 2.6, "compose": 0.9, "total": 16.0},
    }
]

PROBLEM: JsonDict = {
    "type": "urn:problem-type:zhengwen:invalid-request",
    "title": "Unprocessable Content",
    "status": 422,
    "detail": "question: Field required",
    "instance": "urn:zhengwen:request:9f8c2f7e4b6d4f0e",
    "errors": [{"field": "question", "message": "Field required"}],
}

RELATIONS_RESPONSES: list[JsonValue] = [
    {
        "document_id": "hunan",
        "status": "in_force",
        "outgoing": [
            {
                "kind": "repeals",
                "paper": {
                    "document_id": None,
                    "stored": False,
                    "title": _TITLE,
                    "doc_number": "湘政办发〔2021〕44号",
                    "status": None,
                },
                "stated_in": "hunan",
                "quote": f"原《{_TITLE}》（湘政办发〔2021〕44号）同步废止。",
                "start": 4741,
                "end": 4741 + len(f"原《{_TITLE}》（湘政办发〔2021〕44号）同步废止。"),
            }
        ],
        "incoming": [],
        "complete": True,
    }
]

VERSIONS_RESPONSES: list[JsonValue] = [
    {
        "document_id": "hunan",
        "versions": [
            {
                "version": 1,
                "name": "hunan.txt",
                "sha256": "0f" * 32,
                "added_at": "2026-02-20T08:00:00Z",
                "in_use": False,
                "permalink": "/d/hunan?version=1",
            },
            {
                "version": 2,
                "name": "hunan.txt",
                "sha256": "1e" * 32,
                "added_at": "2026-03-02T08:00:00Z",
                "in_use": True,
                "permalink": "/d/hunan",
            },
        ],
    }
]
