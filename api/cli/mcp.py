"""`zhengwen mcp`: the tools for a program on this machine that starts this command, over stdin and stdout."""

from __future__ import annotations


def mcp() -> None:
    """Serve the Model Context Protocol over stdin and stdout, until stdin is closed."""
    from api.cli import collection
    from api.cli.options import settings_in_force
    from api.cli.setup.first_start import announce

    settings = settings_in_force()
    announce(settings)
    import anyio

    from api import terminal
    from api.agents.mcp_server import over_stdio
    from api.service.answers.answer_service import AnswerService
    from api.service.opening import open_all
    from api.service.pool import Pool
    from api.web import log

    # stdout is only for the protocol.
    log.configure("warning")
    with terminal.Bar() as bar:
        opened = open_all(settings, progress=bar)
    collection.as_usual()
    service = AnswerService(snapshot=opened.snapshot, records=opened.records, settings=settings)
    server = settings.server
    pool = Pool(server.concurrency, queue=server.queue, timeout_s=server.timeout_s)

    async def serve() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(opened.reloader.keep, service)
            await over_stdio(service, pool, server)
            group.cancel_scope.cancel()

    try:
        anyio.run(serve)
    finally:
        opened.records.close()
