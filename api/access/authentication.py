"""Decides who may send a request: this machine, programs with the key, and visitors of registered sites."""

from __future__ import annotations

import hmac

from starlette.requests import HTTPConnection

from api.access.known_sites import KnownSites
from api.access.principals import Local, Principal, Program, Visitor
from api.access.tokens import PREFIX, Tokens
from api.errors import LocalOnly, OriginRefused, SiteUnknown, TokenInvalid, TokenMissing
from api.records.sites import Site
from api.web.loopback import is_local, is_own_origin, network_of

_NO_SITE = (
    "this service answers only its own machine. Add a site with `zhengwen site add`, or set "
    "ZHENGWEN_SERVER__API_KEY for programs"
)


class Access:
    """The access rules. `api_key` is empty when programs on other machines have no access."""

    def __init__(self, *, sites: KnownSites, tokens: Tokens, api_key: str, public_url: str) -> None:
        self._sites, self._tokens = sites, tokens
        self._api_key, self._public_url = api_key, public_url

    def principal(self, connection: HTTPConnection) -> Principal:
        """The caller of a request. Raises Rejected with what is missing."""
        scheme, _, given = connection.headers.get("authorization", "").partition(" ")
        given = given.strip() if scheme.lower() == "bearer" else ""
        if given.startswith(PREFIX):
            return self._visitor(connection, self._tokens.read(given))
        if given and self._api_key and hmac.compare_digest(given.encode(), self._api_key.encode()):
            return Program()
        if is_local(connection):
            # OpenAI clients always send some key; on this machine none is needed.
            self._from_here(connection)
            return Local()
        if given:
            raise TokenInvalid("the key is not the service's. Look it up in ZHENGWEN_SERVER__API_KEY")
        if not self._sites.any() and not self._api_key:
            raise LocalOnly(_NO_SITE)
        raise TokenMissing("a visitor's token or the service's key is missing (Authorization: Bearer …)")

    def check_reader(self, connection: HTTPConnection) -> None:
        """Allows the pages of papers: any caller once a site is registered, else this machine. Raises
        LocalOnly.
        """
        if not (is_local(connection) or self._sites.any() or self._api_key):
            raise LocalOnly(_NO_SITE)

    def visitor_for(self, connection: HTTPConnection, *, site: str, secret: str) -> tuple[Visitor, str]:
        """A visitor who opens the chat, and the secret for their device.

        Raises SiteUnknown, OriginRefused or LocalOnly.
        """
        visitor, secret = self._tokens.visitor(secret, site=site)
        if site and not connection.headers.get("origin"):
            raise OriginRefused(
                "the chat of a site needs an Origin header, which browsers send from its pages"
            )
        return self._visitor(connection, visitor), secret

    def issue(self, visitor: Visitor) -> str:
        """A signed token for that visitor."""
        return self._tokens.issue(visitor)

    @property
    def token_lifetime_s(self) -> int:
        return self._tokens.lifetime_s

    def address(self, connection: HTTPConnection) -> str:
        """A keyed digest of the client's address, so that the address itself is not stored."""
        return self._tokens.digest(network_of(connection.client.host if connection.client else ""))

    def site(self, key: str) -> Site | None:
        return self._sites.get(key)

    def site_of_own_page(self, connection: HTTPConnection) -> Site | None:
        """The site registered for the service's own address; None on this machine, where none is needed.

        Raises LocalOnly when there is no such site and the request comes from elsewhere.
        """
        if is_local(connection):
            return None
        host = connection.headers.get("host", "")
        origins = [self._public_url.rstrip("/"), f"https://{host}", f"http://{host}"]
        for origin in filter(None, origins):
            if (site := self._sites.at(origin)) is not None:
                return site
        raise LocalOnly(
            "no chat is open here. Add a site with this service's own address: `zhengwen site add NAME "
            "--origin https://…`"
        )

    def allows_origin(self, origin: str) -> bool:
        """Whether pages of that origin may read responses (CORS)."""
        return self._sites.has_origin(origin)

    def _visitor(self, connection: HTTPConnection, visitor: Visitor) -> Visitor:
        if not visitor.site:
            if not is_local(connection):
                raise LocalOnly(_NO_SITE)
            self._from_here(connection)
            return visitor
        site = self._sites.get(visitor.site)
        if site is None:
            raise SiteUnknown("no site has this key. `zhengwen site list` shows the keys in use")
        origin = connection.headers.get("origin", "")
        if origin and origin not in site.origins and not is_own_origin(origin, connection, self._public_url):
            raise OriginRefused(
                f"pages of this origin may not use the site {site.name!r}. "
                "`zhengwen site add` names the origins of a site"
            )
        return visitor

    def _from_here(self, connection: HTTPConnection) -> None:
        """Rejects a foreign page opened on this machine: its requests come from here, but not from our own
        page.
        """
        origin = connection.headers.get("origin", "")
        if origin and not is_own_origin(origin, connection, self._public_url):
            raise OriginRefused("this page has another origin. Add it with `zhengwen site add`")
