"""A service in a process of its own, with a tiny embedding model, for tests that kill things."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from api.settings import ServerSettings, ServiceSettings, Settings
from benchmarks.reliability.papers import HashedPairs
from rag.settings import AnswerSettings, SearchSettings

EDITOR_KEY = "a-key-for-editors-0123"
_PATIENCE_S = 300  # longer than a busy machine takes; only a failure waits for it


@dataclass(frozen=True, slots=True)
class Served:
    """A service that listens on the loopback."""

    address: str
    process: BaseProcess


def settings_on(url: str, folder: Path, *, reload_s: float = 0.1) -> Settings:
    """Settings of one of several servers: all in the PostgreSQL database at `url` but what is derived."""
    return Settings(
        data_dir=folder,
        cache_dir=folder,
        starting_papers=False,
        database_url=url,
        answer=AnswerSettings(reader=False),
        search=SearchSettings(engine="postgres"),
        service=ServiceSettings(database_url=url),
        server=ServerSettings(editor_key=EDITOR_KEY, reload_s=reload_s),
    )


@contextmanager
def serving(*several: Settings) -> Iterator[list[Served]]:
    """Services that start at once; they are killed at the end. Raises RuntimeError if one does not start."""
    context = multiprocessing.get_context("spawn")
    started: list[tuple[BaseProcess, Connection]] = []
    try:
        for settings in several:
            hears, said = context.Pipe(duplex=False)
            process: BaseProcess = context.Process(target=_serve, args=(settings, said))
            process.start()
            said.close()
            started.append((process, hears))
        yield [Served(_address(hears), process) for process, hears in started]
    finally:
        for process, hears in started:
            process.kill()
            process.join()
            hears.close()


def _address(hears: Connection) -> str:
    try:
        if hears.poll(_PATIENCE_S):
            return str(hears.recv())
    except EOFError:
        pass
    raise RuntimeError("the service does not start; its reason is above")


def _serve(settings: Settings, said: Connection) -> None:
    """Serves until it is killed."""
    import uvicorn

    from api.process import listening, worker
    from api.service import opening
    from api.web import log
    from rag.assemble import Opener

    log.configure("warning")
    # The service has no setting for another class of model.
    vars(opening)["Opener"] = partial(Opener, embedder=lambda *_: HashedPairs())
    with listening.listen("127.0.0.1", 0) as listener:
        app = worker.app_of(settings)
        said.send(listening.address_of(listener))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        asyncio.run(server.serve(sockets=[listener]))
