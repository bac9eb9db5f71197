"""Errors as problem+json (RFC 9457). Of the request they repeat only field names."""

from __future__ import annotations

import http
import logging
from collections.abc import Mapping
from typing import Annotated

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.errors import Rejected, RequestFault
from api.pages import render
from api.pages.words import words_for
from api.web import metrics
from api.web.headers import page_policy
from api.web.log import HEADER, request_id
from api.web.loopback import is_local
from api.wire import examples
from corpus.errors import (
    DamagedDocument,
    DamagedFacts,
    JobRefused,
    KeyReused,
    NotWithdrawn,
    StoreError,
    StoreUnreachable,
    UnknownClause,
    UnknownConflict,
    UnknownDocument,
    UnknownFact,
    UnknownJob,
    UnknownPlace,
    UnknownVersion,
    UnreadableDocument,
    ZhengwenError,
)
from index.errors import IndexFault, IndexUnreachable

MEDIA_TYPE = "application/problem+json"
_URN = "urn:problem-type:zhengwen:"
_LONGEST_FIELD = 100  # characters of a field name that are repeated; a client may send any name
_RETRY_AWAY_S = 5  # a database that crashed is back after some seconds
_MOST_FIELDS = 20  # faults listed in one problem

# Names as in RFC 9110; the standard library's differ from one Python version to the next.
_NAMES = {413: "Content Too Large", 422: "Unprocessable Content"}

_OUT_OF_ORDER = (
    "the service cannot reach its papers or records at the moment. Its log names the cause under the id "
    "in `instance`"
)

log = logging.getLogger("zhengwen.http")


class FieldFault(BaseModel):
    """A fault of one field of the request."""

    field: str
    message: str


class Problem(BaseModel):
    """An error in the form of RFC 9457."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PROBLEM]})

    type: Annotated[str, Field(description="kind of problem; stable, for programs")]
    title: str
    status: int
    detail: Annotated[str, Field(description="what happened and what to do, for people")]
    instance: Annotated[str, Field(description="identifies this request; the log has the same id")]
    errors: list[FieldFault] = []


def install(app: FastAPI) -> None:
    """Makes every error of the app a problem, whether from routing, validation, the core or a bug."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ZhengwenError, _core)
    app.add_exception_handler(Exception, _bug)


def problem(
    status: int,
    kind: str,
    detail: str,
    *,
    faults: list[FieldFault] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem response; `kind` is the last part of its type."""
    return _response(_problem(status, kind, detail, faults=faults), headers=headers)


def _problem(status: int, kind: str, detail: str, *, faults: list[FieldFault] | None = None) -> Problem:
    return Problem(
        type=_URN + kind,
        title=_name(status),
        status=status,
        detail=detail,
        instance=f"urn:zhengwen:request:{request_id.get()}",
        errors=faults or [],
    )


def _response(body: Problem, *, headers: Mapping[str, str] | None) -> Response:
    content = body.model_dump_json(exclude=set() if body.errors else {"errors"})
    return Response(content, status_code=body.status, headers=headers, media_type=MEDIA_TYPE)


def _name(status: int) -> str:
    return _NAMES.get(status) or http.HTTPStatus(status).phrase


def faults_of(error: RequestValidationError | ValidationError) -> list[FieldFault]:
    """The faults field by field, without the values that were sent.

    The field of a body that is missing or no object is "body".
    """
    of_request = isinstance(error, RequestValidationError)
    faults = []
    for fault in error.errors()[:_MOST_FIELDS]:
        # For a body that is not JSON the location is a character index, not a field.
        place = () if fault["type"] == "json_invalid" else fault["loc"]
        # The first part of a fault of a request says where the field is; a field may have the same name.
        parts = [str(part) for part in (place[1:] if of_request and len(place) > 1 else place)]
        # A field name comes from the client and may contain half a surrogate pair, which JSON cannot.
        field = ".".join(parts).encode("utf-8", "replace").decode("utf-8")[:_LONGEST_FIELD]
        faults.append(FieldFault(field=field, message=fault["msg"]))
    return faults


def in_one_line(faults: list[FieldFault]) -> str:
    return "; ".join(f"{fault.field}: {fault.message}" if fault.field else fault.message for fault in faults)


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = faults_of(error)
    if any(fault["type"] == "json_invalid" for fault in error.errors()):
        return problem(400, "bad-request", "the body is not JSON in UTF-8. " + in_one_line(faults))
    return problem(422, "invalid-request", in_one_line(faults), faults=faults)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = _name(error.status_code).lower().replace(" ", "-")
    headers = dict(error.headers or {})
    if error.status_code == 405 and (methods := _methods(request)):
        headers["Allow"] = methods
    return problem(error.status_code, kind, error.detail, headers=headers)


def _methods(request: Request) -> str:
    """All methods of the address; the framework returns those of the first route only."""
    path = getattr(request.scope.get("route"), "path_format", "")
    return ", ".join(method.upper() for method in request.app.openapi()["paths"].get(path, {}))


async def _core(request: Request, error: Exception) -> Response:
    found = problem_of(error, local=is_local(request))
    if _is_a_person(request):
        return _page(request, found, headers=_headers(error))
    return _response(found, headers=_headers(error))


def _is_a_person(request: Request) -> bool:
    """Whether a browser shows the response as a page, rather than a program reading it."""
    return request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", "")


def _page(request: Request, found: Problem, *, headers: dict[str, str]) -> Response:
    words = words_for(request.headers.get("accept-language", ""))
    html = render.rejection_page(found.detail, words=words, base=request.scope.get("root_path", ""))
    policy = {"Content-Security-Policy": page_policy(), "Cache-Control": "no-store"}
    return Response(html, status_code=found.status, headers=headers | policy, media_type="text/html")


async def _bug(_: Request, error: Exception) -> Response:
    # Made outside of all middleware, which would set these.
    headers = {HEADER: request_id.get(), "X-Content-Type-Options": "nosniff"}
    return _response(problem_of(error), headers=headers)


_MISSING: Mapping[type[Exception], str] = {
    UnknownClause: "unknown-clause",
    UnknownFact: "unknown-fact",
    UnknownJob: "unknown-job",
    UnknownConflict: "unknown-conflict",
}


def problem_of(error: Exception, *, local: bool = False) -> Problem:
    """The problem for an error of the core or for a bug; bugs are logged.

    Paths and addresses are sent to this machine only (`local`).
    """
    match error:
        case Rejected():
            metrics.REJECTED.labels(error.kind).inc()
            return _problem(error.status, error.kind, str(error))
        case UnknownDocument():
            unknown = "unknown-version" if isinstance(error, UnknownVersion) else "unknown-document"
            return _problem(404, unknown, str(error))
        case DamagedDocument() | DamagedFacts():
            log.error("a paper is damaged", exc_info=error)
            return _problem(503, "document-damaged", str(error))
        case UnknownClause() | UnknownFact() | UnknownJob() | UnknownConflict():
            return _problem(404, _MISSING[type(error)], str(error))
        case KeyReused():
            return _problem(409, "idempotency-key-reused", str(error))
        case JobRefused() | NotWithdrawn():
            return _problem(409, "conflict", str(error))
        case UnreadableDocument():
            return _problem(404, "unreadable-document", str(error))
        case UnknownPlace():
            faults = [FieldFault(field="region", message=str(error))]
            return _problem(422, "invalid-request", in_one_line(faults), faults=faults)
        case RequestFault():
            faults = [FieldFault(field=error.field, message=str(error))] if error.field else []
            return _problem(422, "invalid-request", in_one_line(faults) or str(error), faults=faults)
        case IndexFault() | StoreError():
            if _is_away(error):
                log.error("a database is away: %s", error)  # each request fails, and the place tells nothing
            else:
                log.error("index or store cannot be used", exc_info=error)
            kind = "index-unavailable" if isinstance(error, IndexFault) else "store-unavailable"
            return _problem(503, kind, str(error) if local else _OUT_OF_ORDER)
        case _:
            # The message of an unexpected error may contain paths or text; only the log gets it.
            log.error("unexpected error", exc_info=error)
            detail = "the service failed on this request. Its log has the cause under the id in `instance`"
            return _problem(500, "internal-error", detail)


def _is_away(error: Exception) -> bool:
    return isinstance(error, StoreUnreachable | IndexUnreachable)


def _headers(error: Exception) -> dict[str, str]:
    headers = {}
    if _is_away(error):
        headers["Retry-After"] = str(_RETRY_AWAY_S)
    if isinstance(error, Rejected):
        if error.retry_after_s:
            headers["Retry-After"] = str(error.retry_after_s)
        if error.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
    return headers
