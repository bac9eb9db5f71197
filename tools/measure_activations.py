"""Writes index/data/activations.npz: how the inputs of the matrices of the encoder become integers.

    python tools/measure_activations.py [--check]

The numbers are those of the float32 model over clauses, sentences, questions and texts of other kinds. Run it
when the bundled model changes; `--check` prints how near the vectors of the converted int8 model are.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from safetensors.numpy import load_file

from corpus.load import load
from corpus.parse import parse
from corpus.store.shipped_papers import starting_papers
from index.build.chunks import chunk_document, embedded_text, sentences_of
from index.conversion import activations
from index.conversion.activations import FILE, Input, input_of, names
from index.conversion.convert import convert
from index.conversion.e5_file import Floats, Shape
from index.embedding import bundled

SETS = Path(__file__).resolve().parents[1] / "evals" / "sets"
SHAPE = Shape(hidden=384, layers=12, heads=12, feed_forward=1536, vocabulary=0, positions=512, token_types=1)
EVERY = 3  # of the texts of the papers and the questions, one of so many is measured
OTHERS = (
    "Article 12. The state encourages innovation in medical devices; grants cover up to 50% of the cost.",
    "How much can a company get for a class 1 new drug in Hunan?",
    "0123456789 " * 30,
    "——……！！！？？？",
    "éàü ñ Привет мир 日本語 🙂",
    "。" * 50,
    "a",
    "",
)
# Share of a column's own reach in its divisor, the rest is taken from its weights (SmoothQuant, Xiao et al.
# 2022): 0.5 and 1.0 give cosines to float32 of 0.9965 and 0.9973, 0.75 gives 0.9991.
SHARE = 0.75
ROOM = 1.05  # times the largest number that was measured
LOWEST_DIVISOR = 1e-3  # of the median one: columns that are nearly 0 need no more steps
GELU_LOWEST = 0.17  # Gelu never falls below minus this number


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as scratch:
        exact = convert(Path(scratch), precision="fp32")
        if not check:
            weights = load_file(exact / "model.safetensors")
            activations.write(FILE, dict(_inputs(_largest(exact), weights)))
        cosines = _cosines(exact, convert(Path(scratch), precision="int8"))
    print(f"cosine to float32: {cosines.mean():.5f} on average, {cosines.min():.5f} at least")


def _texts() -> Iterator[str]:
    papers = [
        parse(load(paper.data, name=paper.name, url=paper.url), document_id=paper.document_id)
        for paper in starting_papers()
    ]
    chunks = [chunk for paper in papers for chunk in (*chunk_document(paper), *sentences_of(paper))]
    lines = [line for path in sorted(SETS.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    questions = [question for line in lines if (question := json.loads(line).get("question"))]
    yield from ("passage: " + embedded_text(chunk) for chunk in chunks[::EVERY])
    yield from ("query: " + question for question in questions[::EVERY])
    yield from (prompt + text for prompt in ("passage: ", "query: ") for text in OTHERS)


def _largest(folder: Path) -> dict[str, Floats]:
    """The largest absolute number of each column of each input."""
    graph = onnx.load(str(folder / bundled.GRAPH), load_external_data=False)
    tensors = {
        input_of(node.input[1].removesuffix(".weight")): node.input[0]
        for node in graph.graph.node
        if node.op_type == "Gemm"
    }
    for tensor in tensors.values():
        graph.graph.output.append(helper.make_tensor_value_info(tensor, TensorProto.FLOAT, None))
    watched = folder / "watched.onnx"
    watched.write_bytes(graph.SerializeToString())
    session = onnxruntime.InferenceSession(str(watched), providers=["CPUExecutionProvider"])
    tokenizer = bundled.tokenizer_of(folder)
    largest = {name: np.zeros(count, np.float32) for name, count in names(SHAPE).items()}
    for text in _texts():
        ids = np.asarray([tokenizer.ids(text)], np.int64)
        found = session.run(list(tensors.values()), {"input_ids": ids})
        for name, values in zip(tensors, found, strict=True):
            np.maximum(largest[name], np.abs(values).max(axis=0), out=largest[name])
    watched.unlink()
    return largest


def _inputs(largest: dict[str, Floats], weights: dict[str, Floats]) -> Iterator[tuple[str, Input]]:
    for name, reach in largest.items():
        matrices = [matrix for key, matrix in weights.items() if _is_weight_of(key, name)]
        column = np.max([np.abs(matrix).max(axis=0) for matrix in matrices], axis=0)
        room = reach * ROOM
        divisors = room**SHARE / np.maximum(column, 1e-6) ** (1 - SHARE)
        divisors = np.maximum(divisors / np.median(divisors), LOWEST_DIVISOR).astype(np.float16)
        after_gelu = len(reach) == SHAPE.feed_forward
        low = float((np.minimum(room, GELU_LOWEST) / divisors).max()) if after_gelu else 0.0
        high = float((room / divisors).max())
        scale = (low + high) / 255 if after_gelu else high / 127
        zero = round(low / scale) if after_gelu else 128
        yield name, Input(divisors.astype(np.float32), np.float32(scale), np.uint8(zero))


def _is_weight_of(key: str, name: str) -> bool:
    matrix = key.removesuffix(".weight")
    return key.endswith(".weight") and "Norm" not in key and input_of(matrix) == name


def _cosines(exact: Path, converted: Path) -> Floats:
    texts = [text.removeprefix("passage: ") for text in _texts() if text.startswith("passage: ")]
    folders: dict[bundled.Precision, Path] = {"fp32": exact, "int8": converted}
    vectors = [
        bundled.open_bundled(folder, precision=precision, threads=2).embed_documents(texts)
        for precision, folder in folders.items()
    ]
    return np.asarray((vectors[0] * vectors[1]).sum(axis=1))


if __name__ == "__main__":
    main()
