"""Origins of web pages, as browsers write them in the `Origin` header."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

import idna

from api.records.errors import SiteFault

_PORTS = {"https": 443, "http": 80}
_MOST = 253  # characters of a host name in DNS
# "www.hunan.gov.cn", "portal_1.local"
_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
# "127.1", "0x7f.1": a browser reads a name with such an end as an address, and writes it in another form
_NUMERIC_END = re.compile(r"(^|\.)(\d+|0x[0-9a-f]*)$")


def normal_origin(given: str, *, allow_http: bool = False) -> str:
    """The origin as a browser sends it: "https://政务.中国:443" becomes "https://xn--zfr164b.xn--fiqs8s".

    Raises SiteFault for an invalid origin, and for http outside this machine and private networks unless
    `allow_http`.
    """
    try:
        parts = urlsplit(given.strip())
        port = parts.port
    except ValueError as error:
        raise _fault(given, str(error)) from None
    if "*" in given:
        raise _fault(given, "wildcards are not allowed; name every origin")
    if parts.scheme not in _PORTS:
        raise _fault(given, "it does not begin with https:// or http://")
    if parts.username is not None or parts.password is not None:
        raise _fault(given, "it contains a user name")
    # An address copied from a browser ends with a slash.
    if parts.path not in ("", "/") or parts.query or parts.fragment or given.rstrip().endswith(("?", "#")):
        raise _fault(given, "it has more than scheme, host and port")
    if not parts.hostname:
        raise _fault(given, "it has no host")
    host, is_near = _host(given, parts.hostname)
    if parts.scheme == "http" and not (is_near or allow_http):
        raise _fault(
            given,
            "http lets anyone on the way read and change the page. Use https, or add --allow-http "
            "in a network that is closed",
        )
    if port == 0:
        raise _fault(given, "port 0 is not allowed")
    return f"{parts.scheme}://{host}" + ("" if port in (None, _PORTS[parts.scheme]) else f":{port}")


def _host(given: str, name: str) -> tuple[str, bool]:
    """The host as browsers write it, and whether it is this machine or in a private network."""
    if name == "localhost" or name.endswith(".localhost"):
        near = True
    else:
        near = False
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            pass
        else:
            if getattr(address, "scope_id", None):
                raise _fault(given, "an origin has no zone")
            shown = f"[{address.compressed}]" if address.version == 6 else str(address)
            return shown, address.is_private or address.is_loopback
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise _fault(given, f"the host is not a valid name ({error})") from None
    name = name.lower()
    if len(name) > _MOST or not _HOST.fullmatch(name) or _NUMERIC_END.search(name):
        raise _fault(given, "the host is not a valid name")
    return name, near


def _fault(given: str, reason: str) -> SiteFault:
    message = f"{given!r} is not an origin: {reason}. An origin is like https://www.hunan.gov.cn"
    return SiteFault(message, field="origins")
