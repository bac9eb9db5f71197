"""Receives the files of an upload: form data, written to temporary files as it arrives."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import anyio.to_thread
from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from api.errors import RequestFault
from api.settings import IngestSettings
from corpus.store.jobs.model import NewFile

_FILES, _URL, _FETCHED = "files", "url", "fetched_at"
_LONGEST_NAME = 200  # characters of a file name that are kept
_LONGEST_URL = 2000
_MOST_FIELDS = 10

# FastAPI would read the body before the key is checked, so the routes read it, and describe it here.
DESCRIBED: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [_FILES],
                    "properties": {
                        _FILES: {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "contentMediaType": "application/octet-stream"},
                            "description": "papers in any format that `zhengwen ingest` reads, or archives",
                        },
                        _URL: {
                            "type": "string",
                            "description": "where the file was downloaded; for one file",
                        },
                        _FETCHED: {
                            "type": "string",
                            "format": "date-time",
                            "description": "when it was downloaded; for one file",
                        },
                    },
                }
            }
        },
    }
}


async def received(request: Request, limits: IngestSettings) -> list[NewFile]:
    """The files of a request. Raises RequestFault; the size of the body is limited before."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise RequestFault("an upload is multipart/form-data with the field `files`")
    most = limits.max_upload_files
    async with request.form(max_files=most + 1, max_fields=_MOST_FIELDS) as form:
        return await anyio.to_thread.run_sync(lambda: _files(form, most))


def _files(form: FormData, most: int) -> list[NewFile]:
    if unknown := sorted(set(form) - {_FILES, _URL, _FETCHED}):
        raise RequestFault(f"unknown field {unknown[0][:100]!r}. There are: files, url, fetched_at")
    sent = [one for one in form.getlist(_FILES) if isinstance(one, UploadFile)]
    if not sent or len(sent) != len(form.getlist(_FILES)):
        raise RequestFault("no file was sent. Send each with its file name", field=_FILES)
    if len(sent) > most:
        raise RequestFault(f"more than {most} files were sent. Send them in parts", field=_FILES)
    url, fetched_at = _url(form.get(_URL)), _time(form.get(_FETCHED))
    if (url or fetched_at) and len(sent) > 1:
        raise RequestFault("url and fetched_at are of one file. Send the files one by one", field=_URL)
    return [NewFile(_name(one.filename), one.file.read(), url, fetched_at) for one in sent]


def _name(given: str | None) -> str:
    """The last part of a name, with or without folders of any system, as text that can be printed."""
    last = (given or "").replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(c if c.isprintable() else " " for c in last).strip()
    return printable[-_LONGEST_NAME:] or "document"


def _url(given: object) -> str:
    if not given:
        return ""
    if not isinstance(given, str) or len(given) > _LONGEST_URL or not given.isprintable():
        raise RequestFault("not an address", field=_URL)
    try:
        parts = urlsplit(given)
    except ValueError:
        raise RequestFault("not an address", field=_URL) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise RequestFault("not an address that begins with http:// or https://", field=_URL)
    return given


def _time(given: object) -> datetime | None:
    if not given:
        return None
    try:
        found = datetime.fromisoformat(str(given))
    except ValueError:
        raise RequestFault("not a time such as 2026-03-01T07:58:00Z", field=_FETCHED) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
