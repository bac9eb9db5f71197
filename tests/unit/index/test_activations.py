"""How inputs of matrices become integers: what is read, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.conversion import activations
from index.conversion.activations import FILE, Input, input_of, names
from index.conversion.e5_file import E5File, Shape
from index.embedding.batches import of_one_length
from index.errors import ModelFault

SHAPE = Shape(hidden=3, layers=1, heads=1, feed_forward=6, vocabulary=5, positions=8, token_types=1)
INPUTS = {
    name: Input(np.linspace(0.5, 2, count, dtype=np.float32).astype(np.float16), np.float32(0.1), np.uint8(7))
    for name, count in names(SHAPE).items()
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "activations.npz"
    activations.write(path, INPUTS)
    return path


def test_reads_what_was_written(file: Path) -> None:
    found = activations.read(file, shape=SHAPE)
    assert found.keys() == INPUTS.keys()
    for name, one in found.items():
        assert np.array_equal(one.divisors, INPUTS[name].divisors)
        assert (one.scale, one.zero) == (INPUTS[name].scale, INPUTS[name].zero)


def test_query_key_and_value_share_an_input() -> None:
    layer = "encoder.layer.0"
    shared = {input_of(f"{layer}.attention.self.{part}") for part in ("query", "key", "value")}
    assert shared == {f"{layer}.attention.self"}
    assert input_of(f"{layer}.output.dense") == f"{layer}.output.dense"


def test_a_damaged_file_is_refused(file: Path, tmp_path: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])
    for path in (file, tmp_path / "absent.npz"):
        with pytest.raises(ModelFault, match=r"is missing or damaged\. Install this program again"):
            activations.read(path, shape=SHAPE)


def test_numbers_that_no_division_allows_are_refused(file: Path) -> None:
    name = "encoder.layer.0.output.dense"
    for divisors in (np.zeros(6, np.float32), np.full(6, np.nan, np.float32), np.ones(5, np.float32)):
        activations.write(file, INPUTS | {name: Input(divisors, np.float32(1), np.uint8(0))})
        with pytest.raises(ModelFault, match="does not fit the encoder"):
            activations.read(file, shape=SHAPE)


@pytest.mark.model
def test_the_file_of_the_program_fits_the_encoder(source: E5File) -> None:
    found = activations.read(FILE, shape=source.shape)
    assert len(found) == 4 * source.shape.layers


def test_rows_of_one_length_go_together_up_to_so_many_tokens() -> None:
    rows = [[0] * length for length in (3, 5, 3, 3, 9, 5, 0)]
    groups = list(of_one_length(rows, tokens=8))
    assert sorted(place for group in groups for place in group) == list(range(len(rows)))
    for group in groups:
        lengths = [len(rows[place]) for place in group]
        assert len(set(lengths)) == 1
        assert len(group) == 1 or sum(lengths) <= 8
    assert [0, 2] in groups
