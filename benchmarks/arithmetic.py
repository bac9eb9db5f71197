"""Compares the arithmetic that embedding reaches with that of products of the model's shapes, in one run.

    python -m benchmarks.arithmetic [--threads 2] [--rounds 5]

The products are those of a layer (four of 384 × 384, one of 384 × 1536 and of 1536 × 384) over 128 tokens, in
float32 and in int8, as onnxruntime computes them, with one product a thread. Embedding is that of the clauses
and sentences of the five starting papers; attention counts, layer norms and the like do not, so a share of 1
cannot be reached. A second table has the operators of the graph, in processor time.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from rich.console import Console
from rich.table import Table

from corpus.load import load
from corpus.parse import parse
from corpus.store.shipped_papers import starting_papers
from index.build.chunks import chunk_document, embedded_text, sentences_of
from index.conversion.convert import convert
from index.embedding import bundled

HIDDEN, INNER, LAYERS = 384, 1536, 12
TOKENS = 128  # of a product
SHAPES = ((HIDDEN, HIDDEN, 4), (HIDDEN, INNER, 1), (INNER, HIDDEN, 1))  # in, out, how many in a layer
FOR_A_TOKEN = 2 * LAYERS * sum(rows * columns * count for rows, columns, count in SHAPES)
REPEATED = 20  # products between two readings of the clock


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        model = convert(Path(scratch), precision="int8")
        texts = _texts()
        reached: dict[str, list[float]] = defaultdict(list)
        embedder = bundled.open_bundled(model, precision="int8", threads=options.threads)
        work = {name: _operations(model, some) for name, some in texts.items()}
        products = {kind: _products(kind, options.threads) for kind in ("float32", "int8")}
        for _ in range(options.rounds):
            for kind, run in products.items():
                reached[kind].append(run())
            for name, some in texts.items():
                seconds = _seconds(partial(embedder.embed_documents, some))
                reached[name].append(work[name] / seconds / 1e9)
        _print({name: max(rates) for name, rates in reached.items()}, threads=options.threads)
        _print_operators(model, Path(scratch))


def _texts() -> dict[str, list[str]]:
    papers = [
        parse(load(paper.data, name=paper.name, url=paper.url), document_id=paper.document_id)
        for paper in starting_papers()
    ]
    chunks = [embedded_text(chunk) for paper in papers for chunk in chunk_document(paper)]
    sentences = [embedded_text(sentence) for paper in papers for sentence in sentences_of(paper)]
    return {"clauses": chunks, "sentences": sentences}


def _operations(model: Path, texts: Sequence[str]) -> float:
    """Multiplications and additions of the products and of attention over the texts."""
    tokenizer = bundled.tokenizer_of(model)
    counts = [len(tokenizer.ids(bundled.PROMPTS["document"] + text)) for text in texts]
    return float(sum(count * FOR_A_TOKEN + 4 * LAYERS * HIDDEN * count**2 for count in counts))


def _products(kind: str, threads: int) -> Callable[[], float]:
    """A function that runs the products of a layer on each thread and returns 10⁹ operations a second."""
    sessions = [[_product(kind, rows, columns) for rows, columns, _ in SHAPES] for _ in range(threads)]
    random = np.random.default_rng(0)
    inputs = [random.integers(0, 127, (TOKENS, rows)) for rows, _, _ in SHAPES]
    fed = [array.astype(np.float32 if kind == "float32" else np.uint8) for array in inputs]
    pool = ThreadPoolExecutor(threads)

    def layer(own: Sequence[onnxruntime.InferenceSession]) -> None:
        for _ in range(REPEATED):
            for session, array, (_, _, count) in zip(own, fed, SHAPES, strict=True):
                for _ in range(count):
                    session.run(None, {"x": array})

    def run() -> float:
        seconds = _seconds(lambda: list(pool.map(layer, sessions)))
        return threads * REPEATED * TOKENS * FOR_A_TOKEN / LAYERS / seconds / 1e9

    return run


def _product(kind: str, rows: int, columns: int) -> onnxruntime.InferenceSession:
    exact = kind == "float32"
    operator, weights = ("Gemm", np.float32) if exact else ("MatMulInteger", np.int8)
    matrix = np.random.default_rng(1).integers(-63, 64, (rows, columns)).astype(weights)
    given, made = (TensorProto.FLOAT,) * 2 if exact else (TensorProto.UINT8, TensorProto.INT32)
    graph = helper.make_graph(
        [helper.make_node(operator, ["x", "w"], ["y"])],
        "product",
        [helper.make_tensor_value_info("x", given, ["tokens", rows])],
        [helper.make_tensor_value_info("y", made, ["tokens", columns])],
        [numpy_helper.from_array(matrix, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    return onnxruntime.InferenceSession(
        model.SerializeToString(), _one_thread(), providers=["CPUExecutionProvider"]
    )


def _one_thread() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return options


def _print(reached: dict[str, float], *, threads: int) -> None:
    table = Table(f"{threads} threads", "10⁹ operations/s", "of float32", "of int8")
    for name, rate in reached.items():
        shares = (f"{rate / reached[kind]:.2f}" for kind in ("float32", "int8"))
        table.add_row(name, f"{rate:.0f}", *shares)
    Console().print(table)


def _print_operators(model: Path, scratch: Path) -> None:
    """Prints the operators of the graph with the largest shares of a run, for short and for long texts."""
    for texts, tokens in ((3, 43), (1, 147)):
        options = _one_thread()
        options.enable_profiling = True
        options.profile_file_prefix = str(scratch / "profile")
        session = onnxruntime.InferenceSession(
            str(model / bundled.GRAPH), options, providers=["CPUExecutionProvider"]
        )
        ids = np.random.default_rng(2).integers(10, 5000, (texts, tokens))
        for _ in range(REPEATED):
            session.run(None, {"input_ids": ids})
        best: dict[tuple[str, str], float] = {}
        for event in json.loads(Path(session.end_profiling()).read_text(encoding="utf-8")):
            if event.get("cat") == "Node" and event["name"].endswith("kernel_time"):
                node = (event["args"]["op_name"], event["name"])
                best[node] = min(best.get(node, np.inf), event["dur"])
        shares: dict[str, float] = defaultdict(float)
        for (operator, _), duration in best.items():
            shares[operator] += duration
        total = sum(shares.values())
        table = Table(f"{texts} texts of {tokens} tokens: {total / 1000:.1f} ms", "share")
        for operator, duration in sorted(shares.items(), key=lambda item: -item[1])[:8]:
            table.add_row(operator, f"{duration / total:.2f}")
        Console().print(table)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
