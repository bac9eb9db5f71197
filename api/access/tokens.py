"""Visitors' tokens: short-lived, signed, and of no use to anyone who cannot sign.

A device keeps an unguessable secret; the service keeps only what is derived from it. The token says
which visitor of which site it was given to and when (itsdangerous, HMAC-SHA-256).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from api.access.principals import Visitor
from api.errors import TokenExpired, TokenInvalid

PREFIX = "zwv."  # tells a visitor's token from a key
_SECRET_BYTES = 24
# "sT2…", what `secrets.token_urlsafe` makes of 24 bytes or more
_SECRET = re.compile(r"[A-Za-z0-9_-]{32,86}")


class Tokens:
    """Issues and reads tokens. `key` is the service's own, the same in all its processes."""

    def __init__(self, key: bytes, *, minutes: int) -> None:
        self._key = key
        self._signer = URLSafeTimedSerializer(
            key, salt="zhengwen.visitor", signer_kwargs={"digest_method": hashlib.sha256}
        )
        self.lifetime_s = minutes * 60

    def visitor(self, secret: str, *, site: str) -> tuple[Visitor, str]:
        """The visitor whose device holds `secret`, and the secret; another is made for one not ours."""
        if not _SECRET.fullmatch(secret):
            secret = secrets.token_urlsafe(_SECRET_BYTES)
        return Visitor(site=site, holder=self.digest(f"{site}\0{secret}")), secret

    def issue(self, visitor: Visitor) -> str:
        """A token for that visitor, good for `lifetime_s` seconds."""
        return PREFIX + str(self._signer.dumps([visitor.site, visitor.holder]))

    def read(self, token: str) -> Visitor:
        """Whom the token was given to. Raises TokenExpired or TokenInvalid."""
        try:
            site, holder = self._signer.loads(token.removeprefix(PREFIX), max_age=self.lifetime_s)
        except SignatureExpired:
            raise TokenExpired("the token has expired. Ask POST /v1/visitors for another") from None
        except BadSignature:
            raise TokenInvalid("the token is not valid. Ask POST /v1/visitors for another") from None
        return Visitor(site=site, holder=holder)

    def digest(self, text: str) -> str:
        """Stands for `text` where the text itself must not be kept; 32 hexadecimal digits."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:32]
