"""Builds the tokenizer of multilingual-e5-small from the pieces and replacements in its file."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

import numpy as np
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from index.conversion.vocabulary import METASPACE, SPECIAL

_LABELS = 256  # a node of the double array addresses its children by exclusive or with one byte
_FAR = 1 << 21  # offsets between a node and its children fit in 21 bits
_HAS_VALUE = 1 << 8
_IS_VALUE = 1 << 31


def build(pieces: Sequence[str], scores: Sequence[float], replacements: Mapping[int, str]) -> Tokenizer:
    """A unigram tokenizer that returns ids of `pieces`, between <s> and </s>."""
    ids = {piece: i for i, piece in enumerate(pieces)}
    vocabulary = list(zip(pieces, scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=ids["<unk>"], byte_fallback=False))
    _add_words(tokenizer, replacements)
    tokenizer.decoder = decoders.Metaspace(replacement=METASPACE, prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", ids["<s>"]), ("</s>", ids["</s>"])],
    )
    return tokenizer


def splitter(replacements: Mapping[int, str]) -> Tokenizer:
    """A tokenizer whose tokens are the normalised words of a text, with the id 0, and special pieces."""
    # Every word is unknown to it and thus one token: a blank, its only piece, does not occur in words.
    tokenizer = Tokenizer(models.Unigram([(" ", 0.0)], unk_id=0, byte_fallback=False))
    _add_words(tokenizer, replacements)
    return tokenizer


def _add_words(tokenizer: Tokenizer, replacements: Mapping[int, str]) -> None:
    """Makes the tokenizer normalise texts and split them into words and special pieces."""
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(charsmap(replacements)), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(
        replacement=METASPACE, prepend_scheme="always", split=True
    )
    tokenizer.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in SPECIAL])


def charsmap(replacements: Mapping[int, str]) -> bytes:
    """The "precompiled charsmap" of SentencePiece: a double array over UTF-8 bytes, then the words.

    Each unit of the array is 32 bits: a label in the low byte, `_HAS_VALUE`, and from bit 10 the
    offset to its children; or `_IS_VALUE` and where the replacement begins in the words.
    """
    trie, words = _trie(replacements)
    units = _DoubleArray().lay_out(trie)
    size = -(-(max(units) + _LABELS) // _LABELS) * _LABELS
    array = np.zeros(size, "<u4")
    array[list(units)] = list(units.values())
    return struct.pack("<I", array.nbytes) + array.tobytes() + words


class _Node:
    __slots__ = ("children", "value")

    def __init__(self) -> None:
        self.children: dict[int, _Node] = {}
        self.value: int | None = None


def _trie(replacements: Mapping[int, str]) -> tuple[_Node, bytes]:
    root, words, starts = _Node(), bytearray(), dict[str, int]()
    for code in sorted(replacements):
        word = replacements[code]
        if word not in starts:
            starts[word] = len(words)
            words += word.encode() + b"\0"
        node = root
        for byte in chr(code).encode():
            node = node.children.setdefault(byte, _Node())
        node.value = starts[word]
    return root, bytes(words)


class _DoubleArray:
    """Assigns units to the nodes of a trie so that no two of them share one."""

    def __init__(self) -> None:
        self._units = {0: 0}
        self._used = {0}
        # Two nodes with the same base would share their children.
        self._bases: set[int] = set()
        self._leaf = 1  # below it there is no base with a free unit of its own, which a value needs

    def lay_out(self, root: _Node) -> dict[int, int]:
        self._place(root, 0)
        return self._units

    def _place(self, node: _Node, at: int) -> None:
        # A value takes the unit of a child with the label 0.
        labels = sorted(node.children) if node.value is None else [0, *sorted(node.children)]
        base = self._base(labels, at)
        self._bases.add(base)
        self._used.update(base ^ label for label in labels)
        self._units[at] = self._units.get(at, 0) | (base ^ at) << 10
        if node.value is not None:
            self._units[at] |= _HAS_VALUE
            self._units[base] = _IS_VALUE | node.value
        for label, child in node.children.items():
            self._units[base ^ label] = label
            self._place(child, base ^ label)

    def _base(self, labels: Sequence[int], at: int) -> int:
        while self._leaf in self._used or self._leaf in self._bases:
            self._leaf += 1
        base = self._leaf
        while (
            base in self._bases
            or not 0 < base ^ at < _FAR
            or any((base ^ label) in self._used for label in labels)
        ):
            base += 1
        return base
