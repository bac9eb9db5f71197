"""The files that browsers load, kept in memory: the widget and the pages' style files."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

STATIC = Path(__file__).parents[1] / "static"
_FRESH_S = 300  # seconds that a page may use an older widget after an upgrade


@dataclass(frozen=True, slots=True)
class Asset:
    """A file with its ETag and media type."""

    body: bytes
    packed: bytes
    tag: str
    media_type: str

    def answer(self, request: Request) -> Response:
        """The file, or 304 for a client that has it. Any page may load it: it is the same for everyone."""
        headers = {
            "ETag": self.tag,
            "Cache-Control": f"public, max-age={_FRESH_S}",
            "Vary": "Accept-Encoding",
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        if self.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(self.packed, headers=headers, media_type=self.media_type)
        return Response(self.body, headers=headers, media_type=self.media_type)


def load(name: str, *, media_type: str) -> Asset:
    """A file of the static folder."""
    body = (STATIC / name).read_bytes()
    return Asset(
        body=body,
        packed=gzip.compress(body, mtime=0),
        tag=f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        media_type=media_type,
    )
