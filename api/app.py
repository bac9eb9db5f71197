"""The HTTP service: an ASGI app around one AnswerService."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

import anyio
from fastapi import FastAPI
from limits.errors import ConfigurationError
from limits.storage import Storage, storage_from_string
from starlette.routing import Route
from starlette.types import Lifespan

from api.access.authentication import Access
from api.access.editors import Editors
from api.access.known_sites import KnownSites
from api.access.rate_storage import SqliteStorage
from api.access.rates import Rates
from api.access.tokens import Tokens
from api.agents.chat.errors import OpenAIErrors
from api.agents.mcp_endpoint import McpEndpoint
from api.deps import QueryDep
from api.errors import OriginRefused
from api.records import Records
from api.routes import ask, chat, conversations, feedback, health, openai, visitors
from api.routes.facts import editing as fact_editing_routes
from api.routes.facts import files as fact_files
from api.routes.facts import listing as facts
from api.routes.facts import matching
from api.routes.facts import pages as fact_pages
from api.routes.papers import documents, pages
from api.routes.papers import editing as editing_routes
from api.routes.papers import jobs as job_routes
from api.service.answers.answer_service import AnswerService, Snapshot
from api.service.editing import Editing
from api.service.job_worker import JobWorker
from api.service.pool import Pool
from api.service.receipts.retention import delete_expired
from api.service.reload import PapersReloader
from api.settings import ServerSettings, Settings
from api.web import description, problems
from api.web.body_limit import BodyLimit, Limit
from api.web.headers import SecurityHeaders, SiteCors
from api.web.log import RequestLog
from corpus.errors import StoreError
from rag.assistant import Assistant
from rag.errors import SettingsFault

_DESCRIPTION = """Answers questions about government policy papers in the words of the paper.

Every answer quotes clauses verbatim and names document, number and article; without evidence it is a
refusal. Errors are `application/problem+json`."""

_FORM_BYTES = 64 * 1024  # what a form adds to its files

_TAGS = [
    {"name": "ask", "description": "Questions and searches"},
    {"name": "documents", "description": "The papers and their clauses"},
    {"name": "facts", "description": "What papers give, limit and aim at, with the words that say so"},
    {"name": "visitors", "description": "Visitors of pages that embed the chat, and what is kept for them"},
    {"name": "openai", "description": "The same answers for programs written for OpenAI's API"},
    {"name": "editors", "description": "Changes of papers, for editors with a key of their own"},
    {"name": "service", "description": "The service itself"},
]


def create_app(
    assistant: Assistant,
    settings: Settings,
    *,
    records: Records,
    today: date | None = None,
    reloader: PapersReloader | None = None,
    editing: Editing | None = None,
    jobs: JobWorker | None = None,
) -> FastAPI:
    """The app. The caller opens assistant and records before, and closes the records afterwards.

    `today` is the day for which the statuses of the assistant's papers hold; `reloader` loads later papers.
    Without `editing` no paper can be changed over HTTP; `jobs` reads the files that are sent.
    """
    parts = _parts(assistant, settings, records=records, today=today or date.today())
    server = settings.server
    app = FastAPI(
        title="zhengwen",
        version=version("zhengwen"),
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
        # FastAPI's documentation pages load scripts from a foreign host; offices may be offline.
        docs_url=None,
        redoc_url=None,
        servers=[{"url": server.public_url or "/"}],
        lifespan=_lifespan(parts, settings, reloader=reloader, jobs=jobs),
    )
    app.state.service = parts.service
    app.state.settings = settings
    app.state.pool = parts.pool
    app.state.access = parts.access
    app.state.rates = parts.rates
    app.state.editing = editing
    app.state.editors = Editors(key=server.editor_key.get_secret_value(), public_url=server.public_url)
    app.state.wake_jobs = jobs.wake if jobs is not None else lambda: None
    problems.install(app)
    _add_middleware(app, settings, parts.access)
    _add_routes(app, parts.mcp)
    app.openapi = lambda: description.openapi(app)  # type: ignore[method-assign]
    return app


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the routes of one app share."""

    service: AnswerService
    storage: Storage
    rates: Rates
    pool: Pool
    access: Access
    mcp: McpEndpoint


def _parts(assistant: Assistant, settings: Settings, *, records: Records, today: date) -> _Parts:
    service = AnswerService(
        snapshot=Snapshot(assistant=assistant, today=today), records=records, settings=settings
    )
    server = settings.server
    storage = _rate_storage(settings)
    rates = Rates(storage, server)
    pool = Pool(server.concurrency, queue=server.queue, timeout_s=server.timeout_s)
    access = Access(
        sites=KnownSites(records.sites.list),
        tokens=Tokens(records.secret(), minutes=server.token_minutes),
        api_key=server.api_key.get_secret_value(),
        public_url=server.public_url,
    )
    mcp = McpEndpoint(service=service, pool=pool, access=access, rates=rates, settings=server)
    return _Parts(service=service, storage=storage, rates=rates, pool=pool, access=access, mcp=mcp)


def _lifespan(
    parts: _Parts, settings: Settings, *, reloader: PapersReloader | None, jobs: JobWorker | None
) -> Lifespan[FastAPI]:
    """What runs beside the requests: MCP's sessions, later papers, jobs, deletion of old records."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with parts.mcp.run(), anyio.create_task_group() as group:
            if reloader is not None:
                group.start_soon(reloader.keep, parts.service)
            if jobs is not None:
                group.start_soon(jobs.keep, parts.service)
            if settings.service.retention_days:
                group.start_soon(delete_expired, parts.service.records, settings.service.retention_days)
            yield
            group.cancel_scope.cancel()
        if isinstance(parts.storage, SqliteStorage):
            parts.storage.close()

    return lifespan


def _add_middleware(app: FastAPI, settings: Settings, access: Access) -> None:
    server = settings.server
    # The middleware added last is the outermost: a body that is too large is logged as well.
    app.add_middleware(BodyLimit, limit=_body_limit(server), others=_upload_limits(settings))
    app.add_middleware(
        SiteCors,
        allows=access.allows_origin,
        refused=lambda detail: problems.problem(403, OriginRefused.kind, detail),
    )
    app.add_middleware(SecurityHeaders, https=server.public_url.startswith("https://"))
    app.add_middleware(OpenAIErrors)
    app.add_middleware(RequestLog)


def _body_limit(server: ServerSettings) -> Limit:
    return Limit(server.max_body_bytes, server.timeout_s, "Send less of the history")


def _upload_limits(settings: Settings) -> dict[str, Limit]:
    """Limits of their own for uploads, where these are allowed at all."""
    if not settings.server.editor_key.get_secret_value():
        return {}
    most = settings.ingest
    limit = Limit(most.max_upload_bytes + _FORM_BYTES, most.upload_timeout_s, "Send the files in parts")
    return dict.fromkeys((job_routes.UPLOADS, job_routes.REHEARSALS), limit)


def _add_routes(app: FastAPI, mcp: McpEndpoint) -> None:
    for router, statuses in (
        (ask.router, (400, 401, 403, 404, 408, 413, 422, 429, 500, 503)),
        (documents.router, (403, 404, 422, 500, 503)),
        (facts.router, (403, 404, 422, 500, 503)),
        (fact_files.router, (403, 404, 422, 500, 503)),
        (matching.router, (400, 401, 403, 404, 408, 413, 422, 429, 500, 503)),
        (visitors.router, (400, 403, 408, 413, 422, 429, 500, 503)),
        (conversations.router, (400, 401, 403, 404, 408, 413, 422, 500, 503)),
        (feedback.router, (400, 401, 403, 404, 408, 413, 422, 429, 500, 503)),
        (health.router, (401, 403, 422, 500, 503)),
        (job_routes.router, (400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 503)),
        (editing_routes.router, (400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 503)),
        (fact_editing_routes.router, (400, 401, 403, 404, 408, 413, 422, 429, 500, 503)),
    ):
        responses: dict[int | str, dict[str, Any]] = {
            status: description.problem_response(status) for status in statuses
        }
        app.include_router(router, responses=responses, dependencies=[QueryDep])
    app.include_router(openai.router)
    # Not mounted: a mount answers only below `/mcp/`.
    app.router.routes.append(Route("/mcp", mcp, include_in_schema=False))
    app.include_router(fact_pages.router)
    app.include_router(pages.router)
    app.include_router(chat.router)


def _rate_storage(settings: Settings) -> Storage:
    """The storage of request counts, shared by all processes."""
    if settings.server.limits_url:
        try:
            return storage_from_string(settings.server.limits_url)  # type: ignore[return-value]
        except ConfigurationError as error:
            raise SettingsFault(f"setting ZHENGWEN_SERVER__LIMITS_URL: {error}") from error
    try:
        return SqliteStorage(settings.data_dir / "rates.db")
    except sqlite3.Error as error:
        raise StoreError(
            f"requests cannot be counted in {str(settings.data_dir)!r}: {error}. Correct the permissions, "
            "free space, or set another ZHENGWEN_DATA_DIR"
        ) from error
