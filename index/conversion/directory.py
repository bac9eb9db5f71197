"""Writes the files of a sentence-transformers directory from the decoded E5 file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file

from index.conversion import graph as e5_graph
from index.conversion import tokenizer as e5_tokenizer
from index.conversion.e5_file import E5File, Floats

TOKENIZER = "tokenizer.json"
GRAPHS = {"fp32": "model.onnx", "int8": "model_int8.onnx"}
PROMPTS = {"query": "query: ", "document": "passage: ", "passage": "passage: "}

# Matrices of a layer: their name in the E5 file, in BERT, and whether they read the inner width.
_MATRICES = (
    ("q", "attention.self.query"),
    ("k", "attention.self.key"),
    ("v", "attention.self.value"),
    ("ao", "attention.output.dense"),
    ("fi", "intermediate.dense"),
    ("fo", "output.dense"),
)
_NORMS = (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm"))
_MODULES = (
    ("", "sentence_transformers.base.modules.transformer.Transformer"),
    ("1_Pooling", "sentence_transformers.sentence_transformer.modules.pooling.Pooling"),
    ("2_Normalize", "sentence_transformers.base.modules.normalize.Normalize"),
)
_TOKENS = {
    "bos_token": "<s>",
    "cls_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
    "mask_token": "<mask>",
}


def write_tokenizer(folder: Path, source: E5File, keep: npt.NDArray[np.int64]) -> None:
    """Write the tokenizer over the pieces to keep."""
    pieces = [source.pieces[i] for i in keep]
    tokenizer = e5_tokenizer.build(pieces, source.scores[keep].tolist(), source.replacements)
    tokenizer.save(str(folder / TOKENIZER), pretty=False)
    _json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": source.shape.positions,
            "clean_up_tokenization_spaces": False,
            "padding_side": "right",
            "model_input_names": ["input_ids", "attention_mask"],
            **_TOKENS,
        },
    )


def write_weights(folder: Path, weights: Mapping[str, Floats]) -> None:
    """Write the float32 weights."""
    path = folder / e5_graph.WEIGHTS
    save_file(dict(weights), path, metadata={"format": "pt"})
    path.chmod(0o644)  # safetensors makes it readable to its owner only


def write_graphs(folder: Path, source: E5File, weights: Mapping[str, Floats]) -> None:
    """Write both ONNX graphs; the weights file must be there."""
    places = _places(folder / e5_graph.WEIGHTS)
    e5_graph.write_fp32(folder / GRAPHS["fp32"], shape=source.shape, places=places)
    e5_graph.write_int8(folder / GRAPHS["int8"], shape=source.shape, places=places, weights=weights)


def weights_of(source: E5File, keep: npt.NDArray[np.int64]) -> dict[str, Floats]:
    """The weights under the names BERT has for them."""
    hidden = source.shape.hidden
    found = {
        "embeddings.word_embeddings.weight": source.matrix("emb.word", columns=hidden, rows=keep),
        "embeddings.position_embeddings.weight": source.vector("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": source.vector("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": source.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": source.vector("emb.ln.b"),
        # Mean pooling never asks for it; without it BertModel warns that weights are missing.
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    for number in range(source.shape.layers):
        layer = f"encoder.layer.{number}"
        for short, name in _MATRICES:
            columns = source.shape.feed_forward if short == "fo" else hidden
            found[f"{layer}.{name}.weight"] = source.matrix(f"l{number}.{short}.w", columns=columns)
            found[f"{layer}.{name}.bias"] = source.vector(f"l{number}.{short}.b")
        for short, name in _NORMS:
            found[f"{layer}.{name}.weight"] = source.vector(f"l{number}.{short}.w")
            found[f"{layer}.{name}.bias"] = source.vector(f"l{number}.{short}.b")
    return found


def write_configuration(folder: Path, source: E5File, *, vocabulary: int) -> None:
    """Write what sentence-transformers and transformers read beside the weights."""
    shape = source.shape
    _json(
        folder / "config.json",
        {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "vocab_size": vocabulary,
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.feed_forward,
            "hidden_act": "gelu",
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.token_types,
            "layer_norm_eps": 1e-12,
            "pad_token_id": 1,
            "dtype": "float32",
        },
    )
    _json(
        folder / "modules.json",
        [{"idx": i, "name": str(i), "path": path, "type": kind} for i, (path, kind) in enumerate(_MODULES)],
    )
    _json(folder / "sentence_bert_config.json", {"max_seq_length": shape.positions, "do_lower_case": False})
    _json(folder / "1_Pooling" / "config.json", {"embedding_dimension": shape.hidden, "pooling_mode": "mean"})
    _json(folder / "2_Normalize" / "config.json", {})
    _json(
        folder / "config_sentence_transformers.json",
        {"prompts": PROMPTS, "default_prompt_name": None, "similarity_fn_name": "cosine"},
    )


def _places(path: Path) -> dict[str, e5_graph.Place]:
    """Read from the head of a safetensors file where each tensor lies."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        head = json.loads(file.read(size))
    start = 8 + size
    return {
        name: e5_graph.Place(
            tuple(entry["shape"]),
            start + entry["data_offsets"][0],
            entry["data_offsets"][1] - entry["data_offsets"][0],
        )
        for name, entry in head.items()
        if name != "__metadata__"
    }


def _json(path: Path, value: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
