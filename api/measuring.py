"""What an evaluation was made of, so that two reports can be told apart."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version

from api.configuration import rows
from evals.model import Provenance
from rag.assistant import Info
from rag.settings import Settings


def provenance(settings: Settings, info: Info) -> Provenance:
    """Corpus, model, index, program and settings of the assistant that is measured."""
    return Provenance(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        corpus=info.corpus_hash,
        model=info.model,
        index=f"generation {info.generation}",
        version=version("zhengwen"),
        settings={row.variable: row.value for row in rows(settings)},
    )
