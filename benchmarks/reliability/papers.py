"""The papers of the measurements, a tiny embedding model, and a data folder made of them."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from api.records import open_records
from api.settings import Settings
from corpus.load import load
from corpus.model import Document
from corpus.parse import parse
from corpus.progress import Progress
from corpus.store.papers import Store
from corpus.store.shipped_papers import starting_papers
from index.build.builder import build
from index.build.manifest import Chunking
from index.model import Vectors
from rag.stored_papers import open_store

_PAPER = """{name}市人民政府关于支持竹纤维产业的若干措施
{name}政发〔2025〕{number}号

一、支持建厂

（一）对新建竹纤维工厂的企业，一次性奖补{amount}万元。（市工业和信息化局牵头）

二、附则

（二）本措施自2025年6月1日起施行，有效期5年。

{name}市人民政府
2025年5月6日
"""


class HashedPairs:
    """Hashed pairs of characters: no model to load, so that a process is at work at once."""

    dimension = 64
    fingerprint = "hashed-pairs-64"

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        rows = [self.embed_query(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        vector = np.zeros(self.dimension, dtype=np.float32)
        for first, second in pairwise(f" {text} "):
            vector[zlib.crc32((first + second).encode("utf-8", "replace")) % self.dimension] += 1.0
        return vector / np.linalg.norm(vector)


def text_of(name: str, amount: int, *, number: int | None = None) -> bytes:
    """The file of a small paper, another one for each amount; with a number given, another version."""
    return _PAPER.format(name=name, number=number or amount, amount=amount).encode()


def paper(document_id: str, amount: int) -> tuple[Document, bytes]:
    """A small paper, which is another one for each amount."""
    data = text_of(document_id, amount)
    return parse(load(data, name=f"{document_id}.txt"), document_id=document_id), data


def amount_of(text: str) -> int:
    """The amount by which the texts of a paper differ."""
    start = text.index("一次性奖补") + len("一次性奖补")
    return int(text[start : text.index("万元", start)])


def name_of(text: str) -> str:
    """The name of a paper, whatever its version."""
    return text[: text.index("市人民政府")]


def stored(settings: Settings) -> list[tuple[str, int]]:
    """The papers in use; one that is stored twice is there twice."""
    with open_store(settings) as store:
        return sorted((name_of(one.text), amount_of(one.text)) for one in store.documents())


def take_in(store: Store, name: str, amount: int, *, number: int) -> None:
    """Stores a paper as `zhengwen ingest` does, which knows a new version by the paper's number."""
    data = text_of(name, amount, number=number)
    store.take_in(parse(load(data, name=f"{name}.txt"), document_id="paper"), original=data)


def settings_of(folder: Path) -> Settings:
    """Settings of a service in `folder`, whatever the environment says."""
    return Settings(data_dir=folder, cache_dir=folder)


def indexed(store: Store, folder: Path) -> None:
    """Brings the index up to date, as `zhengwen ingest` and every start do."""
    build(store, folder / "index", embedder=HashedPairs(), chunking=Chunking(), calibration={})


def removed(store: Store, document_id: str) -> None:
    """Takes a paper out of use."""
    store.remove(document_id)


def fill(folder: Path) -> Settings:
    """Makes a data folder of the five starting papers, with index and records."""
    settings = settings_of(folder)
    with open_store(settings) as store:
        for one in starting_papers():
            document = parse(load(one.data, name=one.name, url=one.url), document_id=one.document_id)
            store.add(document, original=one.data)
        indexed(store, folder)
    open_records(settings.service_url, lock_dir=None).close()
    return settings
