"""Decides who may change papers: who sends the key of editors, from any machine."""

from __future__ import annotations

import hmac

from starlette.requests import HTTPConnection

from api.errors import EditingOff, EditorKeyWrong, OriginRefused
from api.web.loopback import is_own_origin

OFF = (
    "papers cannot be changed over HTTP, because ZHENGWEN_SERVER__EDITOR_KEY is empty. Set it, or use the "
    "commands `zhengwen ingest`, `withdraw`, `edit` and `remove`"
)


class Editors:
    """The access rule. Unlike for questions, a request from this machine needs the key, too."""

    def __init__(self, *, key: str, public_url: str) -> None:
        self._key, self._public_url = key.encode(), public_url

    @property
    def are_allowed(self) -> bool:
        """Whether there is a key."""
        return bool(self._key)

    def check(self, connection: HTTPConnection) -> None:
        """Raises EditingOff, EditorKeyWrong, or OriginRefused for a page of another origin."""
        if not self._key:
            raise EditingOff(OFF)
        scheme, _, given = connection.headers.get("authorization", "").partition(" ")
        # The comparison takes the same time wherever the keys differ.
        if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), self._key):
            raise EditorKeyWrong("the key of editors is missing or wrong (Authorization: Bearer …)")
        origin = connection.headers.get("origin", "")
        if origin and not is_own_origin(origin, connection, self._public_url):
            raise OriginRefused("pages of other origins may not change papers")
