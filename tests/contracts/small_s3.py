"""A store with the part of S3 that reading needs: list, head, get; on the loopback, for one bucket."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

_DAY = "2025-05-06T00:00:00.000Z"
_HTTP_DAY = "Tue, 06 May 2025 00:00:00 GMT"


@contextmanager
def small_s3(objects: Mapping[str, bytes], *, key: str) -> Iterator[str]:
    """Serves `objects`, by "bucket/name", to who signs with that access key; yields the address."""

    class Handler(_Handler):
        served, signed = objects, f"Credential={key}/"

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: ClassVar[Mapping[str, bytes]] = {}
    signed: ClassVar[str] = ""

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        parts = urlsplit(self.path)
        path, query = unquote(parts.path).strip("/"), parse_qs(parts.query, keep_blank_values=True)
        if self.signed not in self.headers.get("Authorization", ""):
            self._send(403, b"<Error><Code>AccessDenied</Code></Error>", with_body=with_body)
        elif "list-type" in query:
            self._send(200, _listing(path, query, self.served), with_body=with_body)
        elif path in self.served:
            self._send_object(self.served[path], with_body=with_body)
        else:
            self._send(404, b"<Error><Code>NoSuchKey</Code></Error>", with_body=with_body)

    def _send_object(self, data: bytes, *, with_body: bool) -> None:
        asked = self.headers.get("Range")
        if asked is None:
            self._send(200, data, with_body=with_body)
            return
        first, _, last = asked.removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last or len(data)), len(data) - 1)
        self._send(206, data[start : end + 1], with_body=with_body, of=(start, end, len(data)))

    def _send(
        self, status: int, data: bytes, *, with_body: bool, of: tuple[int, int, int] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Last-Modified", _HTTP_DAY)
        self.send_header("ETag", '"1"')
        if of is not None:
            self.send_header("Content-Range", f"bytes {of[0]}-{of[1]}/{of[2]}")
        self.end_headers()
        if with_body:
            self.wfile.write(data)


def _listing(bucket: str, query: Mapping[str, list[str]], objects: Mapping[str, bytes]) -> bytes:
    prefix = query.get("prefix", [""])[0]
    found = {
        name.removeprefix(f"{bucket}/"): data
        for name, data in objects.items()
        if name.startswith(f"{bucket}/{prefix}")
    }
    rows = "".join(
        f"<Contents><Key>{escape(name)}</Key><LastModified>{_DAY}</LastModified><Size>{len(data)}</Size></Contents>"
        for name, data in sorted(found.items())
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>{bucket}</Name>'
        f"<IsTruncated>false</IsTruncated><KeyCount>{len(found)}</KeyCount>{rows}</ListBucketResult>"
    ).encode()
