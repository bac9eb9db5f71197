"""Shipped vectors of the papers that come with the program, for a quick first answer.

They are keyed by the digest of the embedded text and the fingerprint of the model; other texts, and texts
for another model, are embedded as usual. `tools/embed_starting_papers.py` makes the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

import numpy as np

from index.model import Vectors

FILE = resources.files("index") / "data" / "starting_vectors.npz"


def write(fingerprint: str, vectors: Mapping[str, Vectors]) -> None:
    """Writes the file; `vectors` by the SHA-256 of the embedded text."""
    digests = np.array([list(bytes.fromhex(digest)) for digest in vectors], dtype=np.uint8)
    rows = np.array(list(vectors.values()), dtype="<f4")
    with resources.as_file(FILE) as path:
        np.savez_compressed(path, fingerprint=np.array(fingerprint), digests=digests, vectors=rows)


def shipped(fingerprint: str) -> dict[str, Vectors]:
    """The vectors by the SHA-256 of the embedded text; empty if they are of another model."""
    with resources.as_file(FILE) as path, np.load(path, allow_pickle=False) as file:
        if str(file["fingerprint"]) != fingerprint:
            return {}
        digests = [bytes(digest).hex() for digest in file["digests"]]
        return dict(zip(digests, file["vectors"], strict=True))
