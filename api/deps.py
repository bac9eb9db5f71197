"""Dependencies of the routes: the service, the settings, the pool, and the caller."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.params import ParamTypes
from fastapi.routing import APIRoute

from api.access.authentication import Access
from api.access.editors import OFF, Editors
from api.access.principals import Principal
from api.access.rates import Rates
from api.errors import EditingOff
from api.records import Records
from api.service.answers.answer_service import AnswerService
from api.service.editing import Editing
from api.service.pool import Pool
from api.settings import Settings
from rag.assistant import Assistant


# These only return an object, so they are `async`: FastAPI would run a plain `def` in a thread.
async def _service(request: Request) -> AnswerService:
    service: AnswerService = request.app.state.service
    return service


async def _assistant(request: Request) -> Assistant:
    service: AnswerService = request.app.state.service
    return service.assistant


async def _records(request: Request) -> Records:
    service: AnswerService = request.app.state.service
    return service.records


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _service_address(request: Request) -> str:
    """Where links to this service begin, for files that leave it; without a slash at the end."""
    settings: Settings = request.app.state.settings
    base: str = request.scope.get("root_path", "")
    own = str(request.base_url).rstrip("/").removesuffix(base)
    return (settings.server.public_url.rstrip("/") or own) + base


async def _editing(request: Request) -> Editing:
    """Changes of papers, for a caller with the key of editors; counted. Raises Rejected."""
    state = request.app.state
    editing: Editing | None = state.editing
    editors: Editors = state.editors
    if editing is None or not editors.are_allowed:
        raise EditingOff(OFF)
    pool: Pool = state.pool
    rates: Rates = state.rates
    address = _access_of(request).address(request)
    await pool.run(lambda: rates.count_editor(address))
    editors.check(request)
    return editing


async def _pool(request: Request) -> Pool:
    pool: Pool = request.app.state.pool
    return pool


async def _access(request: Request) -> Access:
    return _access_of(request)


async def _rates(request: Request) -> Rates:
    rates: Rates = request.app.state.rates
    return rates


# The access rules may query databases, so these are plain `def` and run in threads.
def _principal(request: Request) -> Principal:
    """The caller. Raises Rejected."""
    return _access_of(request).principal(request)


def _asker(request: Request) -> Principal:
    """The caller of a question, which is counted. Raises Rejected."""
    rates: Rates = request.app.state.rates
    principal = _principal(request)
    rates.count_question(principal, address=_access_of(request).address(request))
    return principal


def _actor(request: Request) -> Principal:
    """The caller of a counted request other than a question. Raises Rejected."""
    rates: Rates = request.app.state.rates
    principal = _principal(request)
    rates.count_action(principal, address=_access_of(request).address(request))
    return principal


def _access_of(request: Request) -> Access:
    access: Access = request.app.state.access
    return access


async def _check_capacity(request: Request) -> None:
    """Rejects a request at once when all slots and the queue are full, before any look-up. Raises Busy."""
    pool: Pool = request.app.state.pool
    pool.admit()


def _check_reader(request: Request) -> None:
    """Allows the pages of papers to a caller who may read them. Raises Rejected."""
    _access_of(request).check_reader(request)


async def _check_query(request: Request) -> None:
    """Rejects query parameters that the operation does not have: a misspelt one would be ignored silently.

    Raises RequestValidationError.
    """
    known = _query_parameters(request.scope["route"])
    if unknown := sorted(set(request.query_params) - known):
        raise RequestValidationError([_unknown(name, known) for name in unknown])


def _query_parameters(route: APIRoute) -> set[str]:
    """The names that the operation and its dependencies read from the query.

    The OpenAPI description has the same names, but would have to be made first, at the first request.
    """
    fields = get_flat_params(route.dependant)
    return {field.alias for field in fields if getattr(field.field_info, "in_", None) is ParamTypes.query}


def _unknown(name: str, known: Collection[str]) -> dict[str, object]:
    cure = f"There are: {', '.join(sorted(known))}" if known else "This address takes none"
    return {"type": "extra_forbidden", "loc": ("query", name), "msg": f"Unknown query parameter. {cure}"}


ServiceDep = Annotated[AnswerService, Depends(_service)]
AssistantDep = Annotated[Assistant, Depends(_assistant)]
RecordsDep = Annotated[Records, Depends(_records)]
SettingsDep = Annotated[Settings, Depends(_settings)]
AddressDep = Annotated[str, Depends(_service_address)]
EditingDep = Annotated[Editing, Depends(_editing)]
PoolDep = Annotated[Pool, Depends(_pool)]
AccessDep = Annotated[Access, Depends(_access)]
RatesDep = Annotated[Rates, Depends(_rates)]
PrincipalDep = Annotated[Principal, Depends(_principal)]
ActorDep = Annotated[Principal, Depends(_actor)]
AskerDep = Annotated[Principal, Depends(_asker)]
CapacityDep = Depends(_check_capacity)
ReaderDep = Depends(_check_reader)
QueryDep = Depends(_check_query)
VersionQuery = Annotated[
    int | None,
    Query(ge=1, le=1_000_000, description="number of a stored version; without it the one in use"),
]
