"""The reader: against the same network in torch, and by property."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedding import bundled
from index.embedding.unigram import UnigramTokenizer
from index.errors import ModelFault
from index.model import Embedder, Reader, Verdict
from index.reading.onnx_reader import OnnxReader, open_reader

pytestmark = [pytest.mark.model, pytest.mark.disable_socket]

QUESTIONS = (
    "我们首次拿到创新药注册批件，湖南能奖多少钱？",
    "廣東是不是免徵進口環節增值稅？",
    "How much does Hunan grant for a new drug?",
)
Floats = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def pairs(sentences: list[str]) -> list[tuple[str, str]]:
    """Each question with every hundredth sentence of the papers."""
    some = [sentence for sentence in sentences if len(sentence) > 5][::100]
    return [(question, sentence) for question in QUESTIONS for sentence in some]


@pytest.fixture(scope="module")
def expected(fp32_dir: Path, pairs: list[tuple[str, str]]) -> Floats:
    """(pairs, 4): what the network gives in torch, in float32."""
    reference = _reference(fp32_dir)
    return np.array([reference(*pair) for pair in pairs], np.float32)


def _reference(folder: Path) -> Callable[[str, str], Floats]:
    """The network as it is trained: transformers' model with the adapter beside its matrices."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    with np.load(bundled.ADAPTER, allow_pickle=False) as file:
        adapter = {name: torch.from_numpy(file[name].astype(np.float32)) for name in file.files}
    tokenizer = AutoTokenizer.from_pretrained(folder)
    encoder = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    for name, module in encoder.named_modules():
        if f"{name}.a" in adapter:
            a, b = adapter[f"{name}.a"], adapter[f"{name}.b"]
            module.register_forward_hook(
                lambda _, inputs, output, a=a, b=b: output + inputs[0] @ a.T @ b.T * adapter["scale"]
            )

    def judge(question: str, sentence: str) -> Floats:
        tokens = tokenizer(question, sentence, truncation="only_second", max_length=176, return_tensors="pt")
        with torch.inference_mode():
            vectors = encoder(**tokens).last_hidden_state[0]
            both = torch.cat([vectors[0], vectors.mean(0)])
            hidden = torch.nn.functional.gelu(
                adapter["head.hidden.weight"] @ both + adapter["head.hidden.bias"]
            )
            verdict: Floats = torch.softmax(
                adapter["head.out.weight"] @ hidden + adapter["head.out.bias"], 0
            ).numpy()
        return verdict

    return judge


def _judged(reader: Reader, pairs: list[tuple[str, str]]) -> Floats:
    verdicts = [reader.judge(question, [sentence])[0] for question, sentence in pairs]
    return np.array([astuple(verdict) for verdict in verdicts], np.float32)


def test_fp32_agrees_with_torch(
    fp32_reader: OnnxReader, pairs: list[tuple[str, str]], expected: Floats
) -> None:
    assert np.abs(_judged(fp32_reader, pairs) - expected).max() < 1e-4


def test_int8_stays_close_to_torch(
    int8_reader: OnnxReader, pairs: list[tuple[str, str]], expected: Floats
) -> None:
    found = _judged(int8_reader, pairs)
    assert np.abs(found - expected).mean() < 0.05
    # Weights that hardly tell pairs apart would pass the line above with any error.
    assert np.corrcoef((found - found.mean(0)).ravel(), (expected - expected.mean(0)).ravel())[0, 1] > 0.95


def test_verdicts_do_not_depend_on_order_company_or_threads(
    model_dir: Path, int8_reader: OnnxReader, sentences: list[str]
) -> None:
    some = [*sentences[::40], "药", sentences[0] * 50]
    together = int8_reader.judge(QUESTIONS[0], some)
    assert int8_reader.judge(QUESTIONS[0], some[::-1]) == together[::-1]
    assert int8_reader.judge(QUESTIONS[0], ["药"]) == [together[-2]]
    one = open_reader(model_dir, precision="int8", threads=1)
    assert one.judge(QUESTIONS[0], some) == together


def test_another_process_gives_the_same(
    model_dir: Path, int8_reader: OnnxReader, sentences: list[str]
) -> None:
    code = (
        "import sys; from pathlib import Path; from index.reading.onnx_reader import open_reader\n"
        "reader = open_reader(Path(sys.argv[1]), precision='int8', threads=1)\n"
        "print(reader.fingerprint, reader.judge(sys.argv[2], sys.argv[3:]))"
    )
    command = [sys.executable, "-c", code, str(model_dir), QUESTIONS[0], *sentences[:5]]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    verdicts = int8_reader.judge(QUESTIONS[0], sentences[:5])
    assert printed == f"{int8_reader.fingerprint} {verdicts}\n"


def test_nothing_to_judge(int8_reader: OnnxReader) -> None:
    assert int8_reader.judge(QUESTIONS[0], []) == []


@settings(max_examples=40)
@given(question=st.text(max_size=80), sentence=st.text(max_size=80))
def test_every_pair_has_probabilities(int8_reader: OnnxReader, question: str, sentence: str) -> None:
    (verdict,) = int8_reader.judge(question, [sentence])
    assert min(astuple(verdict)) >= 0
    assert abs(sum(astuple(verdict)) - 1) < 1e-5


def _of_tokens(tokenizer: UnigramTokenizer, count: int) -> str:
    """A text of `count` tokens: a blank, then one for each character."""
    text = ("嗶药" * count)[: count - 1]
    assert len(tokenizer.pieces(text)) == count
    return text


@pytest.mark.parametrize("asked", [2, 20, 99, 100])
def test_a_sentence_is_cut_to_176_tokens_of_the_pair(
    model_dir: Path, int8_reader: OnnxReader, asked: int
) -> None:
    tokenizer = bundled.tokenizer_of(model_dir)
    question = _of_tokens(tokenizer, asked)
    fits = _of_tokens(tokenizer, 176 - 4 - asked)
    shorter, whole, longer = int8_reader.judge(question, [fits[:-1], fits, fits + "嗶这里已经看不到了。"])
    assert whole == longer
    assert whole != shorter


def test_a_question_is_cut_to_100_tokens(model_dir: Path, int8_reader: OnnxReader) -> None:
    tokenizer = bundled.tokenizer_of(model_dir)
    question = _of_tokens(tokenizer, 100)
    sentences = ["对首次获得药品注册批件的创新药，给予不超过500万元一次性奖补。", "药"]
    assert int8_reader.judge(question + "嗶还有吗？" * 100, sentences) == int8_reader.judge(
        question, sentences
    )
    assert int8_reader.judge(question[:-1], sentences) != int8_reader.judge(question, sentences)


def test_a_fingerprint_names_precision_and_adapter(
    model_dir: Path,
    int8_reader: OnnxReader,
    fp32_reader: OnnxReader,
    int8: Embedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert len({int8_reader.fingerprint, fp32_reader.fingerprint, int8.fingerprint}) == 3
    name = bundled.name_of("int8")
    retrained = tmp_path / "reader.npz"
    retrained.write_bytes(bundled.ADAPTER.read_bytes() + b"\0")
    monkeypatch.setattr(bundled, "ADAPTER", retrained)
    assert open_reader(model_dir, precision="int8", threads=1).fingerprint != int8_reader.fingerprint
    # The model is converted again, and the vectors of an index stay valid.
    assert bundled.name_of("int8") != name
    assert bundled.open_bundled(model_dir, precision="int8", threads=1).fingerprint == int8.fingerprint


def test_a_missing_adapter_is_named_with_the_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "ADAPTER", tmp_path / "reader.npz")
    with pytest.raises(ModelFault, match=r"reader\.npz.*Install this program again"):
        bundled.name_of("int8")


def test_weights_are_shared_with_the_encoder_and_among_processes(model_dir: Path) -> None:
    graph = onnx.load(str(model_dir / bundled.READER), load_external_data=False).graph
    places = {tensor.name: {e.key: e.value for e in tensor.external_data} for tensor in graph.initializer}
    # What is in the graph itself is in the memory of each process; files are mapped.
    assert sum(len(tensor.raw_data) for tensor in graph.initializer) < 1000
    own = {name for name, place in places.items() if place.get("location") == "reader.safetensors"}
    beside = {name for name, place in places.items() if place.get("location") == "model.safetensors"}
    assert {name.rpartition(".")[2] for name in own if name.startswith("encoder.")} == {"int8", "scales"}
    assert {name for name in own if not name.startswith("encoder.")} == {
        f"head.{layer}.{part}" for layer in ("hidden", "out") for part in ("weight", "bias")
    }
    assert "embeddings.word_embeddings.int8" in beside
    assert "embeddings.position_embeddings.weight" in beside
    # Every tensor is used and none is in the file twice: 12 layers of 6 matrices, and the head.
    assert len(own) == 12 * 6 * 2 + 4
    assert (model_dir / "reader.safetensors").stat().st_size < 23e6


def test_the_tiny_reader_is_a_reader(tiny_reader: Reader) -> None:
    assert tiny_reader.judge("药", ["药", "酒", "不是药", "什么药？"]) == [
        Verdict(answers=1, unstated=0, contradicts=0, other=0),
        Verdict(answers=0, unstated=0, contradicts=0, other=1),
        Verdict(answers=0, unstated=0, contradicts=1, other=0),
        Verdict(answers=0, unstated=1, contradicts=0, other=0),
    ]
