"""Files in an S3-compatible bucket, through the file system of pyarrow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from corpus.errors import UnreadableDocument
from corpus.report import Failed, Skipped
from rag.bulk.model import SourceFile
from rag.errors import BulkFault, ExtraMissing
from rag.settings import BulkSettings

if TYPE_CHECKING:
    from pyarrow.fs import FileInfo, S3FileSystem

_SCHEME = "s3://"
_CURE = (
    "Check the address, and ZHENGWEN_BULK__BUCKET_ENDPOINT, ZHENGWEN_BULK__BUCKET_ACCESS_KEY and "
    "ZHENGWEN_BULK__BUCKET_SECRET_KEY, or the AWS_… variables"
)
_CONNECT_S, _REQUEST_S = 10.0, 60.0


def is_address(place: str) -> bool:
    """Whether a place is in a bucket, and not a path."""
    return place.startswith(_SCHEME)


def listed(address: str, settings: BulkSettings, others: list[Failed | Skipped]) -> Iterator[SourceFile]:
    """Yields the files below a prefix in order, or the object of that address; `others` takes the rest.

    As in a folder, hidden objects are passed over, and others are counted by their endings. Raises BulkFault.
    """
    from corpus.formats.endings import PassedOver, has_known_ending, nothing_to_read
    from corpus.formats.member_names import is_junk

    place = address.removeprefix(_SCHEME).rstrip("/")
    passed, found = PassedOver(address), False
    for info in _infos(place, address, settings):
        below = info.path.removeprefix(place).strip("/")
        if any(is_junk(part) for part in below.split("/") if part):
            continue
        if below and not has_known_ending(info.path):
            passed.add(below)
            continue
        found = True
        folder, _, name = info.path.rpartition("/")
        yield SourceFile(0, info.path, _SCHEME + folder, name, info.mtime_ns or 0, info.size or 0)
    if not found:
        others.append(Failed(address, nothing_to_read(address, where="a bucket")))
    elif passed.files:
        others.append(Skipped(passed.place, passed.files, passed.first))


def read(file: SourceFile, settings: BulkSettings) -> bytes:
    """The bytes of an object. Raises UnreadableDocument."""
    from corpus.formats.received import MAX_SCAN_BYTES

    if file.size > MAX_SCAN_BYTES:
        limit = MAX_SCAN_BYTES // 1024 // 1024
        raise UnreadableDocument(file.name, f"it is larger than {limit} MB", "Split it or extract its text")
    try:
        with _opened(settings).open_input_stream(file.path) as stream:
            data: bytes = stream.read()
    except (BulkFault, OSError) as error:
        reason = " ".join(str(error).split())
        raise UnreadableDocument(file.name, f"the bucket did not give it ({reason})", _CURE) from error
    return data


def _infos(place: str, address: str, settings: BulkSettings) -> list[FileInfo]:
    files = _opened(settings)
    from pyarrow.fs import FileSelector, FileType

    try:
        own = files.get_file_info(place)
        if own.type is FileType.File:
            return [own]
        found = files.get_file_info(FileSelector(place, allow_not_found=True, recursive=True))
    except OSError as error:
        reason = " ".join(str(error).split())
        raise BulkFault(f"{address!r} cannot be listed: {reason}. {_CURE}") from error
    return sorted((one for one in found if one.type is FileType.File), key=lambda one: one.path)


def _opened(settings: BulkSettings) -> S3FileSystem:
    """Opens the file system. What is not set is taken from the AWS_… variables, as other tools do."""
    try:
        from pyarrow.fs import S3FileSystem
    except ImportError as error:
        raise ExtraMissing("s3", "reading from a bucket") from error
    scheme, endpoint = _endpoint(settings.bucket_endpoint)
    return S3FileSystem(
        access_key=settings.bucket_access_key or None,
        secret_key=settings.bucket_secret_key.get_secret_value() or None,
        region=settings.bucket_region or None,
        scheme=scheme,
        endpoint_override=endpoint,
        connect_timeout=_CONNECT_S,
        request_timeout=_REQUEST_S,
    )


def _endpoint(address: str) -> tuple[str | None, str | None]:
    """("http", "127.0.0.1:9000") of http://127.0.0.1:9000; nothing where none is set."""
    if not address:
        return None, None
    parts = urlsplit(address)
    return parts.scheme, parts.netloc
