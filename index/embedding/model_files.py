"""Finds the files of a sentence-transformers model, on disk or in the Hugging Face cache."""

from __future__ import annotations

import hashlib
from pathlib import Path

from index.errors import ModelFault

_HOME = "sentence-transformers"  # organisation of models that are named without one
_OTHER_RUNTIMES = ["onnx/*", "openvino/*", "*.h5", "*.msgpack", "*.ot"]  # weights that torch does not read
_READ = frozenset({".bin", ".json", ".model", ".safetensors", ".txt"})  # files that determine the vectors
_EDGE = 1 << 20  # bytes hashed at the start and at the end of a file


def locate(name_or_path: str) -> Path:
    """The directory of a model: a local path, or a hub name, which is downloaded if not yet cached.

    Raises ModelFault when it is neither, or cannot be downloaded.
    """
    if Path(name_or_path).is_dir():
        return Path(name_or_path)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    repository = name_or_path if "/" in name_or_path else f"{_HOME}/{name_or_path}"
    try:
        try:
            return Path(snapshot_download(repository, local_files_only=True))
        except LocalEntryNotFoundError:
            return Path(snapshot_download(repository, ignore_patterns=_OTHER_RUNTIMES))
    except LocalEntryNotFoundError as fault:
        raise ModelFault(
            f"the embedding model {name_or_path!r} is not in the cache and the hub is unreachable. Connect "
            f"once and run `hf download {repository}`, give a directory, or use the model `bundled`"
        ) from fault
    except (HFValidationError, HfHubHTTPError) as fault:
        raise ModelFault(
            f"the embedding model {name_or_path!r} is neither a directory nor a model of the hub that may be "
            "read. Check the spelling, or use the model `bundled`"
        ) from fault


def digest(directory: Path) -> str:
    """Fingerprint of configuration, vocabulary and weights: sixteen hexadecimal digits.

    Of a file larger than two MiB only size, start and end are read, because training changes all of it.
    """
    whole = hashlib.sha256()
    for path in sorted(directory.rglob("*")):
        if path.suffix not in _READ or not path.is_file():
            continue
        size = path.stat().st_size
        whole.update(f"{path.relative_to(directory).as_posix()} {size}\n".encode())
        with path.open("rb") as file:
            whole.update(file.read(_EDGE))
            file.seek(max(size - _EDGE, file.tell()))
            whole.update(file.read())
    return whole.hexdigest()[:16]
