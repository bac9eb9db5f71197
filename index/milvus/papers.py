"""The papers that an opened index may answer from."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from index.milvus.rows import key_of, paper_key
from index.milvus.server import Where

_FIELD = "paper"


class Papers:
    """The contents in use when the index was opened. What else is in Milvus is never returned."""

    def __init__(self, contents: Iterable[tuple[str, str]]) -> None:
        self._documents = {paper_key(paper, content): paper for paper, content in contents}
        self._keys = {paper: key for key, paper in self._documents.items()}

    def document_of(self, row_id: str) -> str | None:
        """The paper of a row; None for rows of contents that are not in use."""
        return self._documents.get(key_of(row_id))

    def where(self, documents: Collection[str] | None) -> Where | None:
        """The condition that keeps rows of `documents`; None where it is not needed.

        More than half of the papers are told by those that are left out, as a shorter list is checked faster.
        A condition without values keeps nothing.
        """
        if documents is None:
            return None
        wanted = {self._keys[one] for one in documents if one in self._keys}
        if len(wanted) == len(self._keys) and wanted:
            return None
        if 2 * len(wanted) > len(self._keys):
            return Where(_FIELD, tuple(sorted(self._documents.keys() - wanted)), excluded=True)
        return Where(_FIELD, tuple(sorted(wanted)))
