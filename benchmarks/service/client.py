"""Clients in a closed loop: each sends its next request when it has the reply to the one before.

    python -m benchmarks.service.client URL BODIES --clients 8 --seconds 20

One process runs all clients, with the standard library only and with no more work per reply than is needed
to know that it is complete, since client and server share one machine. BODIES has one JSON body per line;
`@NEW@` in it is replaced by a new id. Prints the measurements as one line of JSON. `load.py` and `soak.py`
start it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import secrets
import sys
import time
import zlib
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

TIMEOUT_S = 60.0  # longer than the time limit of the service
_NEW = b"@NEW@"
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_RETRY_AFTER = re.compile(rb"\r\nretry-after: *(\d+)\r\n", re.IGNORECASE)
# '{"id":"mT0cJ3qkD8yq2oQ0Xw5rVh1u"': unique for each reply
_REPLY_ID = re.compile(rb'"id":"([A-Za-z0-9_-]+)"')
_TIMINGS = b'"timings_ms"'  # the last part of a reply, different each time
_HEAD_END = b"\r\n\r\n"
_CHUNK = re.compile(rb"\r\n[0-9a-f]+\r\n")  # "⏎1f4⏎" before a part of a reply without a length
_LAST_CHUNK = b"\r\n0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its outcome."""

    began: float  # seconds since the loop began
    took: float  # seconds until the last byte arrived
    status: int
    body: int  # number of the line in BODIES
    reply_id: str  # empty when the reply has none
    digest: int  # of the reply without its id and timings


@dataclass(frozen=True, slots=True)
class Loop:
    """The measurements of all clients of a process."""

    exchanges: list[Exchange]
    errors: list[str]  # connections refused or broken, and replies that timed out
    cpu_s: float  # that this process used itself


class Connection(asyncio.Protocol):
    """One HTTP/1.1 connection with at most one request in flight."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._whole: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport | None = None
        self.open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self.open = transport, True

    def connection_lost(self, error: Exception | None) -> None:
        self.open = False
        if self._whole is not None and not self._whole.done():
            self._whole.set_exception(error or ConnectionResetError("closed before the reply was complete"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._whole is not None and not self._whole.done() and _is_whole(self._buffer):
            self._whole.set_result(bytes(self._buffer))

    async def exchange(self, request: bytes) -> bytes:
        """Returns head and body of the reply. Raises OSError or TimeoutError."""
        assert self._transport is not None
        self._buffer.clear()
        self._whole = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        async with asyncio.timeout(TIMEOUT_S):
            return await self._whole

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def _is_whole(buffer: bytearray) -> bool:
    end = buffer.find(_HEAD_END)
    if end < 0:
        return False
    # A reply without a length is chunked; the last chunk marks the end.
    length = _LENGTH.search(buffer, 0, end + 2)
    return len(buffer) == end + 4 + int(length[1]) if length else buffer.endswith(_LAST_CHUNK)


class Client:
    """Asks on one connection, which is reopened when the server has closed it."""

    def __init__(self, url: str, *, headers: dict[str, str]) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        lines = [f"POST {parts.path} HTTP/1.1", f"Host: {parts.netloc}", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._head = "\r\n".join(lines).encode()
        self._connection = Connection()

    async def post(self, body: bytes) -> bytes:
        """Returns head and body of the reply. Raises OSError or TimeoutError."""
        request = self._head + b"\r\nContent-Length: %d" % len(body) + _HEAD_END + body
        if self._connection.open:
            try:
                return await self._connection.exchange(request)
            except ConnectionResetError:
                # A server may close an idle connection just as the next request is sent.
                if self._connection.open:
                    raise
        loop = asyncio.get_running_loop()
        _, self._connection = await loop.create_connection(Connection, self._host, self._port)
        return await self._connection.exchange(request)

    def close(self) -> None:
        self._connection.close()


async def closed_loop(
    url: str,
    bodies: list[bytes],
    *,
    clients: int,
    seconds: float,
    headers: dict[str, str],
    patient: bool,
    first: int = 0,
) -> Loop:
    """Asks until the time is up, then waits for requests in flight.

    Clients take the bodies in turn, from the number `first` on. A rejected `patient` client waits for the
    time in Retry-After, and up to half as long again, since people do not return all at once; an impatient
    one asks again at once.
    """
    exchanges: list[Exchange] = []
    errors: list[str] = []
    numbers = count(first)
    began = time.perf_counter()
    used = time.process_time()

    async def ask_on(client: Client) -> None:
        while (start := time.perf_counter() - began) < seconds:
            number = next(numbers) % len(bodies)
            body = bodies[number].replace(_NEW, secrets.token_hex(16).encode())
            try:
                reply = await client.post(body)
            except (OSError, TimeoutError) as error:
                errors.append(f"{type(error).__name__}: {error}")
                client.close()
                continue
            exchange = _read(reply, start=start, took=time.perf_counter() - began - start, body=number)
            exchanges.append(exchange)
            if patient and (retry_after := _RETRY_AFTER.search(reply)) and exchange.status in (429, 503):
                wait = int(retry_after[1]) * (1 + random.random() / 2)
                await asyncio.sleep(min(wait, max(0.0, began + seconds - time.perf_counter())))

    asking = [Client(url, headers=headers) for _ in range(clients)]
    await asyncio.gather(*map(ask_on, asking))
    for client in asking:
        client.close()
    return Loop(exchanges=exchanges, errors=errors, cpu_s=time.process_time() - used)


def _read(reply: bytes, *, start: float, took: float, body: int) -> Exchange:
    status = _STATUS.match(reply)
    found = _REPLY_ID.search(reply)
    compared = reply[found.end() if found else reply.find(_HEAD_END) : reply.rfind(_TIMINGS)]
    if found and not _LENGTH.search(reply):
        # The last event of a stream contains the id again, and its length varies with the timings.
        compared = _CHUNK.sub(b"", compared.replace(found[1], b""))
    return Exchange(
        began=start,
        took=took,
        status=int(status[1]) if status else 0,
        body=body,
        reply_id=found[1].decode() if found else "",
        digest=zlib.crc32(compared),
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url")
    parser.add_argument("bodies", type=Path)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--header", action="append", default=[], metavar="NAME: VALUE")
    parser.add_argument("--impatient", action="store_true", help="ask again at once when rejected")
    parser.add_argument("--first", type=int, default=0, help="number of the body to begin with")
    options = parser.parse_args()
    headers = dict(line.split(": ", 1) for line in options.header)
    loop = asyncio.run(
        closed_loop(
            options.url,
            options.bodies.read_bytes().splitlines(),
            clients=options.clients,
            seconds=options.seconds,
            headers=headers,
            patient=not options.impatient,
            first=options.first,
        )
    )
    json.dump(asdict(loop), sys.stdout)


if __name__ == "__main__":
    main()
