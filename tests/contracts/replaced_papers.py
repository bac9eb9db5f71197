"""Invented papers that replace one another: two versions under one number, and a paper that repeals them."""

from __future__ import annotations

from datetime import date

from corpus.catalogue.catalogue import Catalogue
from corpus.catalogue.texts import Texts
from corpus.load import load
from corpus.model import Document
from corpus.parse import parse
from corpus.store.papers import Store
from rag.facts.catalogue import FactCatalogue

ID, LATER_ID = "溪政发-2024-7", "溪政发-2026-9"
_TITLE = "湖南省溪山市人民政府关于优化审批服务的若干措施"
FIRST = f"""{_TITLE}
溪政发〔2024〕7号

一、审批
（一）许可。竹材采伐许可自受理之日起20个工作日内办结。
（二）备案。竹制品备案自受理之日起10个工作日内办结。
二、附则
本措施自2024年1月1日起施行，有效期3年。
"""
SECOND = FIRST.replace("20个工作日", "15个工作日")
LATER = f"""湖南省溪山市人民政府关于深化审批服务改革的若干措施
溪政发〔2026〕9号

一、审批
（一）许可。竹材采伐许可自受理之日起8个工作日内办结。
（二）登记。竹林权属登记自受理之日起5个工作日内办结。
二、附则
本措施自2026年1月1日起施行，有效期5年。《{_TITLE}》（溪政发〔2024〕7号）同时废止。
"""


def read(text: str) -> Document:
    """The paper that a file with this text is."""
    return parse(load(text.encode(), name="paper.txt"), document_id="paper")


def take(store: Store, text: str) -> None:
    """Stores a paper, or its next version."""
    store.take_in(read(text), original=text.encode())


def opened(store: Store, *, today: date) -> tuple[Catalogue, FactCatalogue]:
    """The papers in use with their facts."""
    catalogue = Catalogue(store.heads(), texts=Texts(store), today=today, aliases=store.aliases())
    return catalogue, FactCatalogue(catalogue, store.facts)
