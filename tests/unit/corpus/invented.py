"""Short invented papers, for tests of what becomes of papers."""

from __future__ import annotations

from corpus.load import load
from corpus.model import Document
from corpus.parse import parse

_ORDINALS = "一二三四五六七八九十"
CLAUSES = tuple(
    f"{_ORDINALS[i]}、{topic}\n对符合条件的{topic}单位，由市{office}给予最高{(i + 2) * 10}万元奖补，"
    f"期限为{i + 1}年。"
    for i, (topic, office) in enumerate(
        [
            ("支持竹编工坊建设", "文化和旅游局"),
            ("扩大油茶种植面积", "林业局"),
            ("培育山区民宿品牌", "文化和旅游局"),
            ("完善冷链仓储设施", "商务局"),
            ("鼓励返乡青年创业", "人力资源和社会保障局"),
        ]
    )
)


def paper(
    *,
    number: str = "溪政发〔2024〕7号",
    title: str = "关于促进山区特色产业发展的通知",
    day: str = "2024年5月6日",
    clauses: tuple[str, ...] = CLAUSES,
    city: str = "清溪市",
) -> str:
    """The text of a notice."""
    head = f"{city}人民政府{title}\n" + (f"{number}\n" if number else "")
    body = "\n".join(clauses)
    return f"{head}各县（市、区）人民政府：\n{body}\n{city}人民政府\n{day}\n"


def read(text: str, *, name: str = "notice.txt") -> Document:
    """The paper as it is read from a file."""
    return parse(load(text.encode(), name=name), document_id="")
