"""Visitors' tokens: short-lived and signed with the service's key.

A device keeps a random secret; the service stores only a digest of it. The token contains the visitor, the
site and the time of issue (itsdangerous, HMAC-SHA-256).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from api.access.principals import Visitor
from api.errors import TokenExpired, TokenInvalid

PREFIX = "zwv."  # distinguishes a visitor's token from a key
_SECRET_BYTES = 24
# "sT2…", the form of `secrets.token_urlsafe` for 24 bytes or more
_SECRET = re.compile(r"[A-Za-z0-9_-]{32,86}")


class Tokens:
    """Issues and reads tokens. `key` is the service's secret, the same in all its processes."""

    def __init__(self, key: bytes, *, minutes: int) -> None:
        self._key = key
        self._signer = URLSafeTimedSerializer(
            key, salt="zhengwen.visitor", signer_kwargs={"digest_method": hashlib.sha256}
        )
        self.lifetime_s = minutes * 60

    def visitor(self, secret: str, *, site: str) -> tuple[Visitor, str]:
        """The visitor of the device with `secret`, and the secret; a new pair when the secret has another
        form.
        """
        if not _SECRET.fullmatch(secret):
            secret = secrets.token_urlsafe(_SECRET_BYTES)
        return Visitor(site=site, holder=self.digest(f"{site}\0{secret}")), secret

    def issue(self, visitor: Visitor) -> str:
        """A token for that visitor, valid for `lifetime_s` seconds."""
        return PREFIX + str(self._signer.dumps([visitor.site, visitor.holder]))

    def read(self, token: str) -> Visitor:
        """The visitor of a token. Raises TokenExpired or TokenInvalid."""
        try:
            site, holder = self._signer.loads(token.removeprefix(PREFIX), max_age=self.lifetime_s)
        except SignatureExpired:
            raise TokenExpired("the token has expired. Get another from POST /v1/visitors") from None
        except BadSignature:
            raise TokenInvalid("the token is not valid. Get another from POST /v1/visitors") from None
        return Visitor(site=site, holder=holder)

    def digest(self, text: str) -> str:
        """A keyed digest of `text` for storage in its place; 32 hexadecimal digits."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:32]
