"""A small public set on the disk: a law in two versions, two passages of one text, a paper."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

Row = Mapping[str, object]

LAW = "中华人民共和国茶叶法"
PAPER = (
    "茶城县茶园补贴办法\n各乡镇人民政府：\n为扶持茶园，制定本办法。\n第一条 种植茶树的农户每亩补贴300元。\n"
    "第二条 补贴由县农业农村局发放。\n第三条 本办法自2020年3月1日起施行。"
)


def article(id: str, label: str, number: int, text: str, *, status: str, date: str, chapter: str) -> Row:
    about = {
        "law": LAW,
        "article": label,
        "article_arabic": number,
        "chapter": chapter,
        "section": None,
        "status": status,
        "publish_date": date,
    }
    return {"_id": id, "title": LAW + label, "text": text, "metadata": about}


CORPUS: tuple[Row, ...] = (
    article(
        "A2",
        "第二条",
        2,
        "茶叶生产者应当建立农药使用记录，记录保存三年。",
        status="现行有效",
        date="2020-01-01",
        chapter="第二章 生产",
    ),
    article(
        "A1",
        "第一条",
        1,
        "为了保障茶叶质量，制定本法。",
        status="现行有效",
        date="2020-01-01",
        chapter="第一章 总则",
    ),
    article(
        "H2",
        "第二条",
        2,
        "茶叶生产者应当建立农药使用记录，记录保存一年。",
        status="历史版本",
        date="2001-01-01",
        chapter="",
    ),
    {"_id": "p#1", "title": "河口镇的桥", "text": "第二座桥是石桥，有九个桥孔，建于明代。"},
    {"_id": "p#0", "title": "河口镇的桥", "text": "河口镇有三座桥。最老的一座是木桥。"},
    {"_id": "paper", "title": "茶城县茶园补贴办法", "text": PAPER},
)
QUERIES: tuple[Row, ...] = (
    {"_id": "q1", "text": "茶叶生产者的农药使用记录保存几年？", "metadata": {"split": "dev"}},
    {"_id": "q2", "text": "石桥有几个桥孔？", "metadata": {"split": "test"}},
    {"_id": "q3", "text": "种植茶树每亩补贴多少？"},
)
QRELS = (("q1", "A2", "1"), ("q2", "p#1", "2"), ("q2", "p#0", "0"), ("q3", "paper", "1"))
SPANS: tuple[Row, ...] = (
    {
        "id": "q2",
        "doc": "p#1",
        "question": "石桥有几个桥孔？",
        "answers": ["九个"],
        "spans": [[8, 10]],
        "split": "test",
    },
)
UNANSWERABLE: tuple[Row, ...] = (
    {"_id": "u1", "text": "火星基地的氧气怎么供应？", "metadata": {"answer_string_in_corpus": False}},
    {"_id": "u2", "text": "桥有几座？", "metadata": {"answer_string_in_corpus": True}},
)


def lines(rows: Iterable[Row]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def judged(rows: Iterable[tuple[str, str, str]]) -> str:
    return "".join("\t".join(row) + "\n" for row in [("query-id", "corpus-id", "score"), *rows])


def write_set(folder: Path) -> Path:
    """Writes the whole set to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "corpus.jsonl": lines(CORPUS),
        "queries.jsonl": lines(QUERIES),
        "qrels.tsv": judged(QRELS),
        "spans.jsonl": lines(SPANS),
        "unanswerable.jsonl": lines(UNANSWERABLE),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
