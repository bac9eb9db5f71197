"""The service's own address, the base of permalinks."""

from __future__ import annotations

from typing import TypeVar

from starlette.requests import HTTPConnection

from api.wire.reply_schemas import Cited

C = TypeVar("C", bound=Cited)


def base_of(connection: HTTPConnection, public_url: str) -> str:
    """The service's base address without a trailing slash: the configured one, else that of the request."""
    return public_url or str(connection.base_url).rstrip("/")


def absolute(cited: C, base: str) -> C:
    """The same quote with an absolute permalink; unchanged where the service has no address."""
    return cited.model_copy(update={"permalink": base + cited.permalink}) if base else cited
