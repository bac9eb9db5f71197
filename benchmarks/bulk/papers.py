"""Papers of a bulk ingest, and embedding models that take no time or kill their process."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Sequence
from pathlib import Path

from benchmarks.reliability.papers import HashedPairs
from corpus.progress import Progress
from index.model import Embedder, Vectors
from rag.settings import Settings

_STARTING = Path(__file__).resolve().parents[2] / "corpus" / "documents"
_SMALL = """{name}市人民政府关于支持竹纤维产业的若干措施
{name}政发〔2025〕{number}号

一、支持建厂

（一）对新建竹纤维工厂的企业，一次性奖补{number}万元。（市工业和信息化局牵头）

（二）本措施自2025年6月1日起施行，有效期5年。

{name}市人民政府
2025年5月6日
"""
_TENS = "甲乙丙丁戊己庚辛壬癸"
_NUMBER = re.compile(r"〔(\d{4})〕(\d+)号")


def write_small(folder: Path, count: int) -> None:
    """Writes that many papers of three clauses, each with a number and a name of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, count + 1):
        name = "竹" + "".join(_TENS[int(digit)] for digit in f"{number:03}")
        (folder / f"{number:05}.txt").write_text(_SMALL.format(name=name, number=number), encoding="utf-8")


def write_real(folder: Path, count: int) -> None:
    """Writes that many papers made of the starting papers: other numbers, another mark in each sentence."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = [path.read_text(encoding="utf-8") for path in sorted(_STARTING.glob("*.txt"))]
    for number in range(1, count + 1):
        mark = "".join(_TENS[int(digit)] for digit in f"{number:05}")
        text = _NUMBER.sub(rf"〔\1〕{number}号", texts[number % len(texts)])
        (folder / f"{number:05}.txt").write_text(text.replace("。", f"{mark}。"), encoding="utf-8")


def hashed_pairs(settings: Settings, progress: Progress | None = None) -> Embedder:
    """A model that takes no time."""
    return HashedPairs()


def mortal(settings: Settings, progress: Progress | None = None) -> Embedder:
    """The same, which kills its process at two of the small papers.

    At the third paper once for each file in the folder `deaths` beside the data, at the fifth while it
    is there.
    """
    return _Mortal(settings.data_dir.parent / "deaths")


class _Mortal(HashedPairs):
    def __init__(self, deaths: Path) -> None:
        self._deaths = deaths

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        for text in texts:
            if "竹甲甲己" in text and self._deaths.exists():
                os.kill(os.getpid(), signal.SIGKILL)
            if "竹甲甲丁" in text:
                for death in sorted(self._deaths.glob("*")):
                    death.unlink(missing_ok=True)
                    os.kill(os.getpid(), signal.SIGKILL)
        return super().embed_documents(texts, progress)
