"""`zhengwen mcp`: the tools for a program on this machine that starts them, over its pipes."""

from __future__ import annotations


def mcp() -> None:
    """Serve the Model Context Protocol over stdin and stdout, until stdin is closed."""
    from datetime import date

    import anyio

    from api import log, terminal
    from api.agents.mcp_server import over_stdio
    from api.desk import Desk, Seat
    from api.pool import Pool
    from api.records import open_records
    from api.reload import Watch
    from rag.assemble import Opener
    from rag.settings import load_settings

    settings = load_settings()
    # stdout carries the protocol and nothing else.
    log.configure("warning")
    with terminal.Bar() as bar:
        opener = Opener(settings, progress=bar)
        today = date.today()
        seat = Seat(assistant=opener.open(today=today, progress=bar), today=today)
    records = open_records(
        settings.service_url, lock_dir=settings.data_dir, keep_texts=settings.service.keep_texts
    )
    desk = Desk(seat=seat, records=records, settings=settings)
    server = settings.server
    pool = Pool(server.concurrency, queue=server.queue, timeout_s=server.timeout_s)
    watch = Watch(
        current=settings.data_dir / "index" / "CURRENT",
        open_seat=lambda day: Seat(assistant=opener.reopen(today=day), today=day),
        every_s=server.reload_s,
    )

    async def serve() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(watch.keep, desk)
            await over_stdio(desk, pool, server)
            group.cancel_scope.cancel()

    try:
        anyio.run(serve)
    finally:
        records.close()
