"""Derive rag/data/syllables.tsv and rag/data/words.tsv. Run by hand, never by the product.

    pip install pypinyin==0.55.0
    python tools/derive_spelling.py ~/.cache/zhengwen/multilingual-e5-small-…

pypinyin gives the two most usual readings of each character of GB 2312; tones are dropped, as phonetic input
has none. The vocabulary of multilingual-e5-small gives the words of Chinese and their log probability in its
training text.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from pypinyin.pinyin_dict import pinyin_dict

from corpus.notation.characters import HAN
from corpus.text.script import simplify
from index.embedding.unigram import PIECES, SCORES

DATA = Path(__file__).parents[1] / "rag" / "data"
ROWS = range(0xB0, 0xF8)  # of the Han characters in GB 2312, the usual ones before 0xD8
CELLS = range(0xA1, 0xFF)
READINGS = 2  # 行: xing, hang; the rest is rare
WORD = re.compile(rf"▁?(?P<word>[{HAN}]{{1,4}})")  # "▁" means a blank before the word


def characters() -> Iterator[str]:
    """Yields the Han characters of GB 2312, in its order."""
    for row in ROWS:
        for cell in CELLS:
            yield from bytes((row, cell)).decode("gb2312", "ignore")


def plain(reading: str) -> str:
    """Returns a syllable without its tone: yào → yao, lǜ → lv."""
    apart = unicodedata.normalize("NFD", reading)
    return "".join(c for c in apart.replace("u\u0308", "v") if not unicodedata.combining(c))


def syllables() -> dict[str, str]:
    """Returns the characters of every syllable."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for character in characters():
        for reading in pinyin_dict.get(ord(character), "").split(",")[:READINGS]:
            if reading:
                found[plain(reading)][character] = None
    return {syllable: "".join(found[syllable]) for syllable in sorted(found)}


def words(model: Path) -> dict[str, float]:
    """Returns words of simplified Chinese with their log probability."""
    found: dict[str, float] = {}
    pieces = (model / PIECES).read_text(encoding="utf-8").split("\n")
    for piece, score in zip(pieces, np.load(model / SCORES).tolist(), strict=True):
        match = WORD.fullmatch(piece)
        if match and simplify(match["word"]) == match["word"]:
            found[match["word"]] = max(score, found.get(match["word"], -99.0))
    return dict(sorted(found.items()))


def main() -> None:
    lines = [f"{syllable}\t{found}\n" for syllable, found in syllables().items()]
    (DATA / "syllables.tsv").write_text("".join(lines), encoding="utf-8")
    lines = [f"{word}\t{score:.1f}\n" for word, score in words(Path(sys.argv[1])).items()]
    (DATA / "words.tsv").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
