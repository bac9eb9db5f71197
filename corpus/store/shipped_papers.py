"""The papers that come with the program."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class StartingPaper:
    """A paper that comes with the program, as received."""

    document_id: str
    name: str  # file name
    data: bytes
    url: str  # where it was published; empty when unknown


def starting_papers() -> list[StartingPaper]:
    """The papers in corpus/documents, in the order of their manifest."""
    folder = resources.files("corpus") / "documents"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    return [
        StartingPaper(
            document_id=entry["id"],
            name=entry["file"],
            data=(folder / entry["file"]).read_bytes(),
            url=entry["url"],
        )
        for entry in manifest["documents"]
    ]
