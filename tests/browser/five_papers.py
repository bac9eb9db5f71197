"""The service itself over the five papers, opened to the pages of a portal; only the embedder is tiny."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portal import Portal
from servers import address_of, listening, running

from api.app import create_app
from api.records import open_records
from api.settings import Settings
from corpus.progress import Progress
from index.model import Embedder
from rag.assemble import open_assistant
from rag.settings import AnswerSettings
from rag.settings import Settings as CoreSettings

# A day on which none of the five papers that are in force has expired.
TODAY = date(2026, 3, 1)


@dataclass(frozen=True, slots=True)
class Opened:
    """Addresses of the service and of the portal whose pages may embed it, and the portal's key."""

    service: str
    portal: str
    site: str


@contextmanager
def opened(folder: Path, embedder: Embedder) -> Iterator[Opened]:
    """Open both until the block ends; their data lie in `folder`."""
    settings = Settings(
        data_dir=folder / "data", cache_dir=folder / "cache", answer=AnswerSettings(reader=False)
    )

    def given(_: CoreSettings, __: Progress | None) -> Embedder:
        return embedder

    assistant = open_assistant(settings, embedder=given, today=TODAY)
    with open_records(settings.service_url, lock_dir=None) as records, listening() as listener:
        # The site names the portal's origin, and the portal the site's key: its address comes first.
        site = records.sites.add(
            "某市医药产业服务平台",
            origins=[address_of(listener)],
            title="医药政策问答",
            welcome="您好，这里是医药产业政策问答。",
            handoff="请拨打 12345 转医药专席。",
            allow_http=True,
        )
        app = create_app(assistant, settings, records=records, today=TODAY)
        with running(app) as service, running(Portal(service, site.key).app, listener) as portal:
            yield Opened(service=service, portal=portal, site=site.key)
