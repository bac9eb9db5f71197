"""The HTTP service: an ASGI app around one assistant."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api import problems
from api.deps import Pool
from api.limits import BodyLimit
from api.log import RequestLog
from api.routes import ask, documents, health
from rag.assistant import Assistant
from rag.settings import Settings

_DESCRIPTION = """Answers questions about government policy papers in the words of the paper.

Every answer quotes clauses verbatim and names document, number and article; without evidence it is a
refusal. Errors are `application/problem+json`."""

_TAGS = [
    {"name": "ask", "description": "Questions and searches"},
    {"name": "documents", "description": "The papers and their clauses"},
    {"name": "service", "description": "The service itself"},
]


def create_app(assistant: Assistant, settings: Settings) -> FastAPI:
    """The app. The caller opens the assistant before and keeps it open while the app runs."""
    app = FastAPI(
        title="zhengwen",
        version=version("zhengwen"),
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
        # The framework's pages of documentation load scripts from a foreign host; offices are offline.
        docs_url=None,
        redoc_url=None,
    )
    app.state.assistant = assistant
    app.state.settings = settings
    app.state.pool = Pool(settings.server.concurrency)
    problems.install(app)
    # The last one added is the outermost: a body that is too large is in the log as well.
    app.add_middleware(BodyLimit, limit=settings.server.max_body_bytes)
    app.add_middleware(RequestLog)
    for router, statuses in (
        (ask.router, (400, 413, 422, 500, 503)),
        (documents.router, (404, 422, 500, 503)),
        (health.router, (500,)),
    ):
        app.include_router(router, responses={status: _documented(status) for status in statuses})
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _documented(status: int) -> dict[str, Any]:
    """How OpenAPI describes an error of that status."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": f"A problem with status {status}",
        "content": {problems.MEDIA_TYPE: {"schema": schema}},
    }


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The description of the app, with the model of problems, which no route returns by type."""
    if app.openapi_schema is None:
        app.openapi_schema = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            tags=app.openapi_tags,
            routes=app.routes,
        )
        _, models = models_json_schema(
            [(problems.Problem, "serialization")], ref_template="#/components/schemas/{model}"
        )
        app.openapi_schema["components"]["schemas"].update(models["$defs"])
    return app.openapi_schema
