"""The tokenizer of the bundled model: a unigram language model over a dictionary of pieces.

It returns the ids that the library `tokenizers` returns with the same pieces, in a quarter of the memory: the
library keeps a hash table for every node of a tree over the bytes of all pieces. The library still normalises
texts and splits them into words, exactly as in the training of the model.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from tokenizers import Tokenizer

PIECES: Final = "pieces.txt"  # a line for each piece, in the order of their ids
SCORES: Final = "scores.npy"  # their log probabilities, float32
SPLITTER: Final = "splitter.json"  # of the library: its tokens are the words of a text

START, END, UNKNOWN = "<s>", "</s>", "<unk>"
_WORD = 0  # id that the splitter gives a word; other ids are those of special pieces
_PENALTY = 10.0  # log probability of an unknown character, below that of the rarest piece


class UnigramTokenizer:
    """Returns the ids of a text, at most `longest` of them with <s> and </s>, or those of a pair of texts."""

    def __init__(self, directory: Path, *, longest: int) -> None:
        pieces = (directory / PIECES).read_text(encoding="utf-8").split("\n")
        self._ids = {piece: number for number, piece in enumerate(pieces)}
        self._scores = array("f", np.load(directory / SCORES).tobytes())
        self._splitter = Tokenizer.from_file(str(directory / SPLITTER))
        self._longest = longest
        self._start, self._end, self._unknown = self._ids[START], self._ids[END], self._ids[UNKNOWN]
        self._unknown_score = min(self._scores) - _PENALTY
        # For each code point, characters of the longest piece that begins with it; untouched parts of so
        # large an array take no memory.
        self._most = bytearray(sys.maxunicode + 1)
        for piece in pieces:
            self._most[ord(piece[0])] = max(len(piece), self._most[ord(piece[0])])

    def ids(self, text: str) -> list[int]:
        """<s> `text` </s>, the text being cut where it is too long."""
        return [self._start, *self.pieces(text)[: self._longest - 2], self._end]

    def pair(self, first: Sequence[int], second: Sequence[int]) -> list[int]:
        """<s> `first` </s> </s> `second` </s>, of the ids that `pieces` returns; nothing is cut."""
        return [self._start, *first, self._end, self._end, *second, self._end]

    def pieces(self, text: str) -> list[int]:
        """The ids of the pieces of all of `text`, without <s> and </s>."""
        words = self._splitter.encode(text, add_special_tokens=False)
        found: list[int] = []
        for kind, word in zip(words.ids, words.tokens, strict=True):
            found += self._of_word(word) if kind == _WORD else [self._ids[word]]
        return found

    def _of_word(self, word: str) -> list[int]:
        """The most probable division into pieces; unknown characters in a row are one piece."""
        pieces, starts = self._lattice(word)
        found: list[int] = []
        at = len(word)
        while at:
            if pieces[at] != self._unknown or found[-1:] != [self._unknown]:
                found.append(pieces[at])
            at = starts[at]
        return found[::-1]

    def _lattice(self, word: str) -> tuple[list[int], list[int]]:
        """For every place in `word`, the id and the start of the last piece of the best division up to it.

        Of divisions with the same score the one found first remains, as in the library.
        """
        ids, scores, most = self._ids, self._scores, self._most
        best = [0.0, *[-np.inf] * len(word)]
        pieces, starts = [self._unknown] * len(best), [0] * len(best)
        for start, character in enumerate(word):
            so_far = best[start]
            for end in range(start + 1, min(start + most[ord(character)], len(word)) + 1):
                piece = ids.get(word[start:end])
                if piece is not None:
                    score = so_far + scores[piece]
                    if score > best[end]:
                        best[end], pieces[end], starts[end] = score, piece, start
            if character not in ids:
                end, score = start + 1, so_far + self._unknown_score
                if score > best[end]:
                    best[end], pieces[end], starts[end] = score, self._unknown, start
        return pieces, starts
