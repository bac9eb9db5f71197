"""The encoder in float32 and in int8: how pieces are looked up and what multiplies.

In int8 the weights are quantised by column, and the activations in one of two ways:

- at run time, by the largest number of a batch, with operators of the ONNX standard only: a batch is one
  text, as its vector would depend on the others;
- by fixed numbers (`index.conversion.activations`), with an operator of onnxruntime: texts of the same length
  can be a batch. It is as near to float32, and faster for short texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np

from index.conversion.activations import Input, input_of
from index.conversion.e5_file import Shape
from index.conversion.graph import OPERATORS, Graph, Head, Place, save
from index.conversion.weights import TABLE


def write_fp32(path: Path, *, shape: Shape, places: Mapping[str, Place], head: Head) -> None:
    """Writes the float32 graph, which computes the same as the torch model."""

    def table(graph: Graph) -> str:
        return graph.op("Gather", graph.weight(f"{TABLE}.weight"), "input_ids")

    save(path, shape, places, table=table, linear=Graph.linear, head=head)


def write_fixed_int8(
    path: Path, *, shape: Shape, places: Mapping[str, Place], inputs: Mapping[str, Input], head: Head
) -> None:
    """Writes the graph that multiplies in int8, activations quantised by the fixed numbers `inputs`."""

    def linear(graph: Graph, x: str, name: str) -> str:
        values, scale, zero = _by_fixed_scale(graph, x, input_of(name), inputs)
        weights, scales, bias = (graph.weight(f"{name}.{part}") for part in ("int8", "scales", "bias"))
        operands = (values, weights, scale, scales, zero, "", bias)
        return graph.op("MatMulIntegerToFloat", *operands, attributes={"domain": OPERATORS})

    save(path, shape, places, table=partial(_table, hidden=shape.hidden), linear=linear, head=head)


def write_int8(path: Path, *, shape: Shape, places: Mapping[str, Place], head: Head) -> None:
    """Writes the graph that multiplies in int8, activations quantised at run time."""

    def linear(graph: Graph, x: str, name: str) -> str:
        after_gelu = places[f"{name}.int8"].shape == (shape.feed_forward, shape.hidden)
        rows = _largest_of_rows(graph, x) if after_gelu else ""
        values, scale, zero = _quantised(graph, graph.op("Div", x, rows) if rows else x)
        scales = graph.op("Mul", scale, graph.weight(f"{name}.scales"))
        product = graph.op("MatMulInteger", values, graph.weight(f"{name}.int8"), zero)
        restored = graph.op("Mul", graph.as_float(product), scales)
        if rows:
            restored = graph.op("Mul", restored, rows)
        return graph.op("Add", restored, graph.weight(f"{name}.bias"))

    save(path, shape, places, table=partial(_table, hidden=shape.hidden), linear=linear, head=head)


def _table(graph: Graph, *, hidden: int) -> str:
    """(batch, tokens, hidden): the vectors of the pieces, from the blocks of integers."""
    integers = graph.as_float(graph.op("Gather", graph.weight(f"{TABLE}.int8"), "input_ids"))
    scales = graph.as_float(graph.op("Gather", graph.weight(f"{TABLE}.scales"), "input_ids"))
    of_blocks = graph.op("Unsqueeze", scales, graph.constant("last_axis", [-1], np.int64))
    # Keep the first two dimensions (batch, tokens) and join the blocks of a row.
    joined = graph.constant("joined", [0, 0, hidden], np.int64)
    return graph.op("Reshape", graph.op("Mul", integers, of_blocks), joined)


def _by_fixed_scale(graph: Graph, x: str, name: str, inputs: Mapping[str, Input]) -> list[str]:
    """Integers, scale and zero of `x`, which is the input `name`."""
    if x not in graph.quantised:  # query, key and value share their input
        factors = graph.constant(f"{name}.factors", 1 / inputs[name].divisors, np.float32)
        scale = graph.constant(f"{name}.scale", inputs[name].scale, np.float32)
        zero = graph.constant(f"{name}.zero", inputs[name].zero, np.uint8)
        values = graph.op("QuantizeLinear", graph.op("Mul", x, factors), scale, zero)
        graph.quantised[x] = [values, scale, zero]
    return graph.quantised[x]


def _quantised(graph: Graph, x: str) -> list[str]:
    if x not in graph.quantised:  # query, key and value share their input
        graph.quantised[x] = graph.ops("DynamicQuantizeLinear", [x], 3, {})
    return graph.quantised[x]


def _largest_of_rows(graph: Graph, x: str) -> str:
    """(tokens, 1): the divisor of each token, so that one scale fits all of them.

    After Gelu a few tokens, above all <s> and </s>, reach thirty times the others, and a common scale
    would leave few steps for the others. With this division the cosine to float32 is 0.9990 on average
    instead of 0.9973. Gelu is never below -0.17, so its maximum bounds a row.
    """
    largest = graph.op("ReduceMax", x, graph.constant("last_axis", [-1], np.int64))
    return graph.op("Max", largest, graph.constant("gelu_bound", 0.25, np.float32))
