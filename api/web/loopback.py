"""Checks whether a request comes from this machine, and from a page of this service."""

from __future__ import annotations

import ipaddress
import re

from starlette.requests import HTTPConnection

# A proxy on this machine sets one of these: the visitor behind it is on another machine.
_FORWARDED = (
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-real-ip",
    "cf-connecting-ip",
    "true-client-ip",
)
# "127.0.0.1:8000", "[::1]:8000", "ask.example.gov.cn"
_HOST = re.compile(r"(?:\[(?P<ipv6>[0-9A-Fa-f:.]+(?:%[\w.~-]+)?)\]|(?P<name>[\w.~-]+))(?::[0-9]*)?", re.ASCII)


def is_local(connection: HTTPConnection) -> bool:
    """Whether both ends are this machine, by address and by name.

    The check of the name rejects a foreign page whose host name was made to resolve to 127.0.0.1 (DNS
    rebinding).
    """
    client = connection.client.host if connection.client else ""
    if not _is_loopback(client) or any(name in connection.headers for name in _FORWARDED):
        return False
    return _is_loopback(host_of(connection))


def host_of(connection: HTTPConnection) -> str:
    """The host name of the request, without a port; empty for what is no host (RFC 9110, section 7.2).

    A host has no user name: in "evil.com@127.0.0.1" a URL parser finds 127.0.0.1, which is not where the page
    is.
    """
    found = _HOST.fullmatch(connection.headers.get("host", ""))
    return (found["name"] or found["ipv6"]).lower() if found else ""


def is_own_origin(origin: str, connection: HTTPConnection, public_url: str) -> bool:
    """Whether a page with that origin was served by this service.

    Where the public address is configured, no other name is accepted except one of this machine.
    """
    if public_url and origin == public_url.rstrip("/"):
        return True
    scheme, _, netloc = origin.partition("://")
    own = scheme in ("http", "https") and netloc == connection.headers.get("host", "")
    return own and (not public_url or _is_loopback(host_of(connection)))


def network_of(address: str) -> str:
    """The key under which an address is counted: an IPv6 client controls its whole /64 network."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def _is_loopback(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False
