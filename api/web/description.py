"""The OpenAPI description of the service: what FastAPI derives from the routes, and additions."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api.web import problems
from api.wire import reply_schemas

# Who may call an operation, one of these each; {} is a request from this machine, which needs no token.
_VISITOR: dict[str, list[str]] = {"visitorToken": []}
_PROGRAM: dict[str, list[str]] = {"programKey": []}
_THIS_MACHINE: dict[str, list[str]] = {}
_SECURITY = {
    "createVisitor": [],
    "getHealth": [],
    "getReadiness": [],
    "getMetrics": [_THIS_MACHINE, _PROGRAM],
    "createConversation": [_VISITOR],
    "listConversations": [_VISITOR],
    "getConversation": [_VISITOR],
    "deleteConversation": [_VISITOR],
    "deleteConversations": [_VISITOR],
}
_OTHERS = [_THIS_MACHINE, _VISITOR, _PROGRAM]
_EDITOR: dict[str, list[str]] = {"editorKey": []}
_SCHEMES = {
    "visitorToken": {
        "type": "http",
        "scheme": "bearer",
        "description": "`token` of `POST /v1/visitors`, which a page of a site obtains for its visitor",
    },
    "programKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "the key in `ZHENGWEN_SERVER__API_KEY`, for programs on other machines",
    },
    "editorKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "the key in `ZHENGWEN_SERVER__EDITOR_KEY`, for editors; needed on this machine, too",
    },
}


def problem_response(status: int) -> dict[str, Any]:
    """The OpenAPI description of an error with that status."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": f"A problem with status {status}",
        "content": {problems.MEDIA_TYPE: {"schema": schema}},
    }


def openapi(app: FastAPI) -> dict[str, Any]:
    """The description of the app, with the models that no route returns by type, and who may call what."""
    if app.openapi_schema is None:
        app.openapi_schema = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            tags=app.openapi_tags,
            servers=app.servers,
            routes=app.routes,
        )
        _, models = models_json_schema(
            [
                (problems.Problem, "serialization"),
                (reply_schemas.StreamHead, "serialization"),
                (reply_schemas.StreamText, "serialization"),
            ],
            ref_template="#/components/schemas/{model}",
        )
        app.openapi_schema["components"]["schemas"].update(models["$defs"])
        app.openapi_schema["components"]["securitySchemes"] = _SCHEMES
        for methods in app.openapi_schema["paths"].values():
            for operation in methods.values():
                others = [_EDITOR] if "editors" in operation["tags"] else _OTHERS
                operation["security"] = _SECURITY.get(operation["operationId"], others)
    return app.openapi_schema
