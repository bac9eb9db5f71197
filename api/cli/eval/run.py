"""Makes a report from an assistant in this process or from a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from api import terminal
from api.cli.eval.provenance import provenance, stamped
from api.settings import load_settings
from corpus.model import Document
from evals.model import Report
from evals.run.remote import connect
from evals.run.runner import run_sets
from rag.assemble import open_assistant
from rag.staging import check_staged, staged_settings


def measure(
    sets: Sequence[Path], *, split: str = "", url: str = "", staged: bool = False
) -> tuple[Report, Mapping[str, Document]]:
    """The report on the sets, and the papers that were asked about, by id; with a bar on stderr.

    Asks the server at `url`; when it is empty, the assistant that the settings describe, with the papers in
    use or the staged ones. Raises NothingStaged.
    """
    return _over_http(sets, split, url) if url else _in_process(sets, split, staged=staged)


def _in_process(sets: Sequence[Path], split: str, *, staged: bool) -> tuple[Report, Mapping[str, Document]]:
    settings = load_settings()
    if staged:
        check_staged(settings)
        settings = staged_settings(settings)
    with terminal.Bar() as bar:
        assistant = open_assistant(settings, progress=bar)
    documents = assistant.documents()
    made = provenance(settings, assistant.info())
    with terminal.Bar() as bar:
        report = run_sets(
            sets, assistant.ask, documents=documents, provenance=made, split=split, progress=bar
        )
    return report, {document.id: document for document in documents}


def _over_http(sets: Sequence[Path], split: str, url: str) -> tuple[Report, Mapping[str, Document]]:
    key = load_settings().server.api_key.get_secret_value()
    with connect(url, key=key) as server, terminal.Bar() as bar:
        made = stamped(server.provenance(version=version("zhengwen")))
        documents = server.documents(bar)
        report = run_sets(sets, server.ask, documents=documents, provenance=made, split=split, progress=bar)
    return report, {document.id: document for document in documents}
