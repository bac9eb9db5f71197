"""Ends of the graphs: what they return, made of the vectors of the tokens."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper

from index.conversion.adapter import VERDICTS
from index.conversion.e5_file import Shape
from index.conversion.graph import TOKENS, Graph


def vectors(graph: Graph, shape: Shape) -> onnx.ValueInfoProto:
    """Returns the vectors themselves, (batch, tokens, hidden); the embedder takes their mean."""
    return helper.make_tensor_value_info(TOKENS, TensorProto.FLOAT, ["batch", "tokens", shape.hidden])


def verdicts(graph: Graph, shape: Shape) -> onnx.ValueInfoProto:
    """Returns the probabilities of the verdicts, (batch, 4), by two layers over first and mean vector."""
    first = graph.op("Gather", TOKENS, graph.constant("first_token", 0, np.int64), attributes={"axis": 1})
    both = graph.op("Concat", first, _mean(graph), attributes={"axis": -1})
    hidden = graph.op("Gelu", graph.linear(both, "head.hidden"))
    logits = graph.linear(hidden, "head.out")
    graph.nodes.append(helper.make_node("Softmax", [logits], ["verdicts"], name="verdicts", axis=-1))
    return helper.make_tensor_value_info("verdicts", TensorProto.FLOAT, ["batch", VERDICTS])


def _mean(graph: Graph) -> str:
    """(batch, hidden): the mean over the tokens."""
    of_tokens = graph.constant("token_axis", [1], np.int64)
    total = graph.op("ReduceSum", TOKENS, of_tokens, attributes={"keepdims": 0})
    return graph.op("Div", total, graph.as_float(graph.op("Shape", "input_ids", attributes={"start": 1})))
