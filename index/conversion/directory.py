"""Writes the files of a converted model from the decoded E5 file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
from onnx import TensorProto
from safetensors.numpy import save_file

from index.conversion import graph, heads, precisions, tokenizer, weights
from index.conversion.activations import Input
from index.conversion.adapter import Adapter
from index.conversion.e5_file import E5File
from index.embedding.bundled import GRAPH, PROMPTS, READER, Precision
from index.embedding.unigram import PIECES, SCORES, SPLITTER

_WEIGHTS = "model.safetensors"
_READER_WEIGHTS = "reader.safetensors"  # those in which the reader differs; the others are in `_WEIGHTS`
_KINDS = {"F32": TensorProto.FLOAT, "F16": TensorProto.FLOAT16, "I8": TensorProto.INT8}
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
    """Writes the tokenizer for the pieces to keep."""
    (folder / PIECES).write_text("\n".join(source.pieces[i] for i in keep), encoding="utf-8", newline="")
    np.save(folder / SCORES, source.scores[keep].astype("<f4"))
    tokenizer.splitter(source.replacements).save(str(folder / SPLITTER), pretty=False)


def write_fp32(folder: Path, source: E5File, keep: npt.NDArray[np.int64]) -> None:
    """Writes weights and graph in float32, and the other files of a sentence-transformers model."""
    places = _write_weights(folder / _WEIGHTS, weights.floats(source, keep))
    precisions.write_fp32(folder / GRAPH, shape=source.shape, places=places, head=heads.vectors)
    pieces = [source.pieces[i] for i in keep]
    library = tokenizer.build(pieces, source.scores[keep].tolist(), source.replacements)
    library.save(str(folder / "tokenizer.json"), pretty=False)
    _write_configuration(folder, source, vocabulary=len(keep))


def write_int8(
    folder: Path, source: E5File, keep: npt.NDArray[np.int64], inputs: Mapping[str, Input]
) -> None:
    """Writes weights and graph in int8."""
    places = _write_weights(folder / _WEIGHTS, weights.integers(source, keep, inputs))
    path = folder / GRAPH
    precisions.write_fixed_int8(path, shape=source.shape, places=places, inputs=inputs, head=heads.vectors)


def write_reader(folder: Path, source: E5File, adapter: Adapter, *, precision: Precision) -> None:
    """Writes the reader beside the encoder of the same precision, whose other weights it uses."""
    places = _places(folder / _WEIGHTS)
    if precision == "int8":
        places |= _write_weights(folder / _READER_WEIGHTS, weights.reader_integers(source, adapter))
        precisions.write_int8(folder / READER, shape=source.shape, places=places, head=heads.verdicts)
    else:
        places |= _write_weights(folder / _READER_WEIGHTS, weights.reader_floats(source, adapter))
        precisions.write_fp32(folder / READER, shape=source.shape, places=places, head=heads.verdicts)


def _write_weights(path: Path, arrays: Mapping[str, weights.Array]) -> dict[str, graph.Place]:
    """Writes a file of weights; returns where each of them is."""
    save_file(dict(arrays), path, metadata={"format": "pt"})
    path.chmod(0o644)  # safetensors makes the file readable by its owner only
    return _places(path)


def _write_configuration(folder: Path, source: E5File, *, vocabulary: int) -> None:
    """Writes the configuration files that sentence-transformers and transformers read."""
    shape = source.shape
    _json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "clean_up_tokenization_spaces": False,
            "padding_side": "right",
            "model_input_names": ["input_ids", "attention_mask"],
            **_TOKENS,
        },
    )
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


def _places(path: Path) -> dict[str, graph.Place]:
    """Reads the position of each tensor from the header of a safetensors file."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        head = json.loads(file.read(size))
    start = 8 + size
    return {
        name: graph.Place(
            path.name,
            _KINDS[entry["dtype"]],
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
