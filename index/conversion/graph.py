"""Writes the encoder of multilingual-e5-small as ONNX graphs, in float32 and in int8.

Both take `input_ids` (batch, tokens) of texts of the same length, as there is no padding, and return what a
function of `index.conversion.heads` makes of the vectors of the tokens. They use operators of the ONNX
standard only, and read the weights from files beside them, which onnxruntime maps into memory, so that
processes share the pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from index.conversion.e5_file import Shape
from index.conversion.weights import TABLE

_OPSET = 20  # the first with Gelu; LayerNormalization exists since 17
_IR = 10  # supported by onnxruntime 1.22, the oldest version allowed
_EPSILON = 1e-12  # of the layer normalisations of BERT

TOKENS = "last_hidden_state"  # the vectors of the tokens, (batch, tokens, hidden)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tensor is in a file of weights."""

    file: str  # name of the file, which is in the folder of the graph
    kind: int  # a TensorProto.DataType
    shape: tuple[int, ...]
    offset: int  # bytes from the start of the file
    size: int  # bytes


# Looks up the vectors of `input_ids`; multiplies a tensor by a matrix. Both return the name of a tensor.
Table = Callable[["Graph"], str]
Linear = Callable[["Graph", str, str], str]
# Adds what follows the encoder; returns the output of the graph.
Head = Callable[["Graph", Shape], onnx.ValueInfoProto]


@dataclass(slots=True)
class Graph:
    """Collects nodes and tensors; every method returns the name of the tensor it adds."""

    places: Mapping[str, Place]
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    tensors: dict[str, onnx.TensorProto] = field(default_factory=dict)
    quantised: dict[str, list[str]] = field(default_factory=dict)

    def ops(self, kind: str, inputs: Sequence[str], count: int, attributes: Mapping[str, Any]) -> list[str]:
        made = [f"{kind}_{len(self.nodes)}_{i}" for i in range(count)]
        self.nodes.append(helper.make_node(kind, inputs, made, name=made[0], **attributes))
        return made

    def op(self, kind: str, *inputs: str, attributes: Mapping[str, Any] | None = None) -> str:
        return self.ops(kind, inputs, 1, attributes or {})[0]

    def constant(self, name: str, value: npt.ArrayLike, dtype: type[np.generic]) -> str:
        """A tensor stored in the graph itself."""
        self.tensors[name] = numpy_helper.from_array(np.asarray(value, dtype), name)
        return name

    def weight(self, name: str) -> str:
        """A tensor of a file of weights."""
        place = self.places[name]
        tensor = TensorProto(name=name, data_type=place.kind, dims=place.shape)
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", place.file), ("offset", place.offset), ("length", place.size)):
            tensor.external_data.add(key=key, value=str(value))
        self.tensors[name] = tensor
        return name

    def as_float(self, x: str) -> str:
        return self.op("Cast", x, attributes={"to": TensorProto.FLOAT})

    def normalised(self, x: str, name: str) -> str:
        inputs = (x, self.weight(f"{name}.weight"), self.weight(f"{name}.bias"))
        return self.op("LayerNormalization", *inputs, attributes={"axis": -1, "epsilon": _EPSILON})

    def linear(self, x: str, name: str) -> str:
        """A layer in float32: (rows, in) → (rows, out)."""
        inputs = (x, self.weight(f"{name}.weight"), self.weight(f"{name}.bias"))
        return self.op("Gemm", *inputs, attributes={"transB": 1})


def write_fp32(path: Path, *, shape: Shape, places: Mapping[str, Place], head: Head) -> None:
    """Writes the float32 graph, which computes the same as the torch model."""

    def table(graph: Graph) -> str:
        return graph.op("Gather", graph.weight(f"{TABLE}.weight"), "input_ids")

    _save(path, shape, places, table=table, linear=Graph.linear, head=head)


def write_int8(path: Path, *, shape: Shape, places: Mapping[str, Place], head: Head) -> None:
    """Writes the graph that multiplies in int8: weights quantised by column, activations at run time."""

    def table(graph: Graph) -> str:
        integers = graph.as_float(graph.op("Gather", graph.weight(f"{TABLE}.int8"), "input_ids"))
        scales = graph.as_float(graph.op("Gather", graph.weight(f"{TABLE}.scales"), "input_ids"))
        of_blocks = graph.op("Unsqueeze", scales, graph.constant("last_axis", [-1], np.int64))
        # Keep the first two dimensions (batch, tokens) and join the blocks of a row.
        joined = graph.constant("joined", [0, 0, shape.hidden], np.int64)
        return graph.op("Reshape", graph.op("Mul", integers, of_blocks), joined)

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

    _save(path, shape, places, table=table, linear=linear, head=head)


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


def _save(
    path: Path, shape: Shape, places: Mapping[str, Place], *, table: Table, linear: Linear, head: Head
) -> None:
    graph = Graph(places)
    _encoder(graph, shape, table(graph), linear)
    output = head(graph, shape)
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])
    made = helper.make_graph(
        graph.nodes, "multilingual-e5-small", [ids], [output], list(graph.tensors.values())
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
    path.write_bytes(model.SerializeToString(deterministic=True))


def _encoder(graph: Graph, shape: Shape, words: str, linear: Linear) -> None:
    head = shape.hidden // shape.heads
    flat = graph.constant("flat", [-1, shape.hidden], np.int64)
    size = graph.op("Shape", "input_ids")
    split = graph.op(
        "Concat", size, graph.constant("heads", [shape.heads, head], np.int64), attributes={"axis": 0}
    )
    whole = graph.op(
        "Concat", size, graph.constant("hidden", [shape.hidden], np.int64), attributes={"axis": 0}
    )
    scale = graph.constant("scale", head**-0.5, np.float32)
    x = graph.op("Reshape", _embeddings(graph, words), flat)
    for number in range(shape.layers):
        layer = f"encoder.layer.{number}"
        attended = _attention(graph, x, f"{layer}.attention.self", (split, flat, scale), linear)
        attended = linear(graph, attended, f"{layer}.attention.output.dense")
        x = graph.normalised(graph.op("Add", attended, x), f"{layer}.attention.output.LayerNorm")
        inner = graph.op("Gelu", linear(graph, x, f"{layer}.intermediate.dense"))
        x = graph.normalised(
            graph.op("Add", linear(graph, inner, f"{layer}.output.dense"), x), f"{layer}.output.LayerNorm"
        )
    graph.nodes.append(helper.make_node("Reshape", [x, whole], [TOKENS], name="last"))


def _embeddings(graph: Graph, words: str) -> str:
    """(batch, tokens, hidden): piece, position and the one token type, summed and normalised."""
    first = graph.constant("first", [0], np.int64)
    tokens = graph.op("Shape", "input_ids", attributes={"start": 1})
    positions = graph.op("Slice", graph.weight("embeddings.position_embeddings.weight"), first, tokens, first)
    types = graph.op("Gather", graph.weight("embeddings.token_type_embeddings.weight"), first)
    placed = graph.op("Add", positions, types)
    return graph.normalised(graph.op("Add", words, placed), "embeddings.LayerNorm")


def _attention(graph: Graph, x: str, name: str, shared: tuple[str, str, str], linear: Linear) -> str:
    split, flat, scale = shared

    def heads(part: str) -> str:
        apart = graph.op("Reshape", linear(graph, x, f"{name}.{part}"), split)
        return graph.op("Transpose", apart, attributes={"perm": [0, 2, 1, 3]})

    query, key, value = heads("query"), heads("key"), heads("value")
    # onnxruntime fuses the second transposition with the product; one that does both copies number by number.
    turned = graph.op("Transpose", key, attributes={"perm": [0, 1, 3, 2]})
    scores = graph.op("Mul", graph.op("MatMul", query, turned), scale)
    weighed = graph.op("MatMul", graph.op("Softmax", scores, attributes={"axis": -1}), value)
    return graph.op("Reshape", graph.op("Transpose", weighed, attributes={"perm": [0, 2, 1, 3]}), flat)
