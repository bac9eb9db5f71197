"""Writes the encoder of multilingual-e5-small as an ONNX graph; `index.conversion.precisions` says in which
precision.

A graph takes `input_ids` (batch, tokens) of texts of the same length, as there is no padding, and returns
what a function of `index.conversion.heads` makes of the vectors of the tokens. It reads the weights from
files beside it, which onnxruntime maps into memory, so that processes share the pages.
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

OPERATORS = "com.microsoft"  # the domain of operators that onnxruntime adds to the standard

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


def save(
    path: Path, shape: Shape, places: Mapping[str, Place], *, table: Table, linear: Linear, head: Head
) -> None:
    """Writes the graph of an encoder that looks up pieces with `table` and multiplies with `linear`."""
    graph = Graph(places)
    _encoder(graph, shape, table(graph), linear)
    output = head(graph, shape)
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])
    made = helper.make_graph(
        graph.nodes, "multilingual-e5-small", [ids], [output], list(graph.tensors.values())
    )
    sets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(OPERATORS, 1)]
    model = helper.make_model(made, opset_imports=sets, ir_version=_IR)
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
