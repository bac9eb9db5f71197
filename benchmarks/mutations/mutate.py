"""Damages files: bits, lengths, blocks of bytes, and the XML and objects that a format consists of."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from random import Random

_NUMBER = re.compile(rb"\d+")
_NAME = re.compile(rb"/[A-Za-z]{2,20}")
_TAG = re.compile(rb"</?[A-Za-z][^<>]{0,200}>")
_VALUE = re.compile(rb'"[^"<>]{0,60}"')
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)
_EXTREME = (b"0", b"-1", b"1", b"65536", b"4294967295", b"99999999999999999999", b"1e308", b"0.0000001")
_MOST_EDITS = (1, 1, 3, 10, 100)
_INSIDE = 0.7  # share of files of which a part is damaged, so that what is within is read

Mutation = Callable[[bytes, Random], bytes]


def mutated(data: bytes, random: Random) -> bytes:
    """The file with one kind of damage; where the format has parts, mostly within one of them."""
    inside: list[Mutation] = []
    if data.startswith(b"PK\x03\x04"):
        inside = [_part_of_zip]
    elif data.startswith(b"%PDF"):
        inside = [_numbers, _names, _stream_of_pdf]
    elif b"<" in data[:2000]:
        inside = [_tags, _values]
    changes = random.choice(inside) if inside and random.random() < _INSIDE else random.choice(_ANY)
    return changes(data, random)


def _bits(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice(_MOST_EDITS)):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _bytes(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice(_MOST_EDITS)):
        changed[random.randrange(len(changed))] = random.choice((0, 255, random.randrange(256)))
    return bytes(changed)


def _cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(1, len(data))]


def _removed(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data))
    return data[:start] + data[start + random.choice((1, 10, 1000)) :] or data


def _spliced(data: bytes, random: Random) -> bytes:
    start, at = random.randrange(len(data)), random.randrange(len(data))
    block = data[start : start + random.choice((1, 20, 500, 5000))] * random.choice((1, 1, 1, 20))
    return data[:at] + block + data[at:]


_ANY: tuple[Mutation, ...] = (_bits, _bytes, _cut, _removed, _spliced)


def _replaced(
    data: bytes, pattern: re.Pattern[bytes], make: Callable[[bytes], bytes], random: Random
) -> bytes:
    """Some places that match, changed; a few thousand are looked at."""
    found = [match.span() for _, match in zip(range(5_000), pattern.finditer(data), strict=False)]
    chosen = sorted(random.sample(found, min(len(found), random.choice(_MOST_EDITS))))
    parts, at = [], 0
    for start, end in chosen:
        parts += [data[at:start], make(data[start:end])]
        at = end
    return b"".join([*parts, data[at:]])


def _numbers(data: bytes, random: Random) -> bytes:
    return _replaced(
        data,
        _NUMBER,
        lambda number: random.choice(
            (*_EXTREME, str(random.randrange(max(1, min(999, len(data))))).encode())
        ),
        random,
    )


def _names(data: bytes, random: Random) -> bytes:
    names = _NAME.findall(data[:200_000]) or [b"/Type"]
    return _replaced(data, _NAME, lambda _: random.choice(names), random)


def _tags(data: bytes, random: Random) -> bytes:
    tags = _TAG.findall(data[:200_000]) or [b"<a>"]
    return _replaced(
        data, _TAG, lambda tag: random.choice((b"", tag + tag, tag * 50, random.choice(tags))), random
    )


def _values(data: bytes, random: Random) -> bytes:
    values = _VALUE.findall(data[:200_000]) or [b'""']
    return _replaced(
        data,
        _VALUE,
        lambda _: random.choice((b'""', b'"%s"' % random.choice(_EXTREME), random.choice(values))),
        random,
    )


def _part_of_zip(data: bytes, random: Random) -> bytes:
    """The zip packed again, whole, with one of its members changed, left out or twice there."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist() if not info.is_dir()]
        kinds = {info.filename: info.compress_type for info in archive.infolist()}
    at = random.randrange(len(members))
    name, content = members[at]
    kind = random.random()
    if kind < 0.05:
        del members[at]
    elif kind < 0.1:
        members[at] = (random.choice(("../" + name, "/" + name, name.upper(), "\u202e" + name)), content)
    elif kind < 0.15:
        members[at] = (name, random.choice(members)[1])
    elif content:
        members[at] = (name, random.choice((_tags, _values, _numbers, *_ANY))(content, random))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content, kinds.get(name, zipfile.ZIP_DEFLATED))
    return buffer.getvalue()


def _stream_of_pdf(data: bytes, random: Random) -> bytes:
    """A compressed stream changed: what a page draws, a font, a map of characters."""
    streams = [match.span(1) for match in _STREAM.finditer(data)]
    if not streams:
        return _numbers(data, random)
    start, end = random.choice(streams)
    try:
        content = zlib.decompress(data[start:end])
    except zlib.error:
        content = data[start:end]
    if not content:
        return _numbers(data, random)
    changed = random.choice((_numbers, _names, *_ANY))(content, random)
    return data[:start] + zlib.compress(changed) + data[end:]
