"""The service's own address, which permalinks stand on."""

from __future__ import annotations

from typing import TypeVar

from starlette.requests import HTTPConnection

from api.wire.schemas import Cited

C = TypeVar("C", bound=Cited)


def base_of(connection: HTTPConnection, public_url: str) -> str:
    """Where the service is reached, without a slash at the end: as it is set, or else as it was called."""
    return public_url or str(connection.base_url).rstrip("/")


def absolute(cited: C, base: str) -> C:
    """The same quote with a permalink that stands by itself; unchanged where the service has no address."""
    return cited.model_copy(update={"permalink": base + cited.permalink}) if base else cited
