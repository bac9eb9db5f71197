"""A server that returns the same reply to every POST at once; measures the maximum of `client.py`.

python -m benchmarks.service.null_server PORT REPLY
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

_HEAD_END = b"\r\n\r\n"
_LENGTH = b"\r\nContent-Length: "  # as client.py writes it


class Null(asyncio.Protocol):
    """Reads a request to its end and sends the reply."""

    def __init__(self, reply: bytes) -> None:
        self._reply = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(reply) + reply
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(_HEAD_END)
        if found and len(body) >= int(head.partition(_LENGTH)[2].split(b"\r\n")[0]):
            self._buffer = b""
            self._transport.write(self._reply)


async def serve(port: int, reply: bytes) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Null(reply), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2]).read_bytes()))
