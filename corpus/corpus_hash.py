"""The hash of all papers in use, by which an index knows whether it is of these papers."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable


def corpus_hash(
    papers: Iterable[tuple[str, str]], *, conflicts: Collection[tuple[str, str]], last_correction: int
) -> str:
    """Changes when a paper is added, changed or taken out of use, a conflict decided, or a fact corrected.

    `papers` are the ids and content hashes of the papers in use, `conflicts` the open ones, and
    `last_correction` grows with each correction of a fact: facts are read from the texts, and only
    corrections can change them besides.
    """
    lines = [f"{document_id}\0{content}\n" for document_id, content in sorted(papers)]
    lines += (f"{one}\0conflicts\0{other}\n" for one, other in sorted(conflicts))
    if last_correction:
        lines.append(f"facts\0{last_correction}\n")
    return hashlib.sha256("".join(lines).encode()).hexdigest()
