"""Settings of the service, in addition to those of papers, index and answers.

Only this module and rag/settings.py read or write the environment.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator, model_validator

from rag import settings as core
from rag.settings import Part

_SHORTEST_KEY = 16
# "20/minute", "1000/hour"
Rate = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,8}/(second|minute|hour|day)$")]
# prometheus_client reads it on import: each process writes its metrics into this folder.
_METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class ServerSettings(Part):
    """The HTTP service."""

    host: str = Field(default="127.0.0.1", description="Address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one")
    workers: int = Field(default=1, ge=1, le=64, description="Processes that answer")
    concurrency: int = Field(default=2, ge=1, le=256, description="Questions a process answers at once")
    queue: int = Field(
        default=32, ge=0, le=10_000, description="Questions that wait in a process; more are rejected"
    )
    timeout_s: float = Field(
        default=30.0,
        gt=0,
        le=600,
        description="Longest wait for an answer in seconds, in the queue and after",
    )
    grace_s: int = Field(
        default=20, ge=0, le=600, description="Seconds for requests in progress to finish at a stop"
    )
    reload_s: float = Field(
        default=1.0,
        gt=0,
        le=3600,
        description="Seconds between checks for a new index and for a new day",
    )
    max_body_bytes: int = Field(default=262_144, ge=1024, description="Largest request body in bytes")
    max_question_chars: int = Field(
        default=2000, ge=10, le=20_000, description="Longest question in characters"
    )
    public_url: str = Field(
        default="",
        description="Address at which visitors reach the service, such as https://ask.example.gov.cn",
        pattern=r"^(https?://[^\s/?#@]+)?$",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1,::1", description="Addresses of proxies whose X-Forwarded-For is trusted"
    )
    api_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key for programs on other machines; empty allows only programs on this machine",
    )
    editor_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key for editors, who change papers over HTTP; empty turns these routes off",
    )
    token_minutes: int = Field(
        default=60, ge=1, le=1440, description="Minutes for which a visitor's token is valid"
    )
    visitor_rate: Rate = Field(default="20/minute", description="Requests that one visitor may send")
    site_rate: Rate = Field(default="600/minute", description="Requests that all visitors of a site may send")
    address_rate: Rate = Field(
        default="120/minute", description="Requests that all visitors from one address may send"
    )
    editor_rate: Rate = Field(
        default="240/minute", description="Requests to the routes for editors from one address"
    )
    arrival_rate: Rate = Field(default="60/minute", description="New or returning visitors from one address")
    limits_url: str = Field(
        default="",
        description="Where rates are counted: empty for the data directory, or redis://HOST",
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, given: str) -> str:
        for one in filter(None, map(str.strip, given.split(","))):
            if one != "*":
                try:
                    ip_network(one, strict=False)
                except ValueError:
                    raise ValueError(
                        f"{one!r} is not an address. Give addresses or networks, separated by commas"
                    ) from None
        return given

    @field_validator("api_key", "editor_key")
    @classmethod
    def _is_hard_to_guess(cls, given: SecretStr) -> SecretStr:
        key = given.get_secret_value()
        if key and (len(key) < _SHORTEST_KEY or not key.isascii() or " " in key):
            raise ValueError(f"a key has at least {_SHORTEST_KEY} ASCII characters, without blanks")
        return given

    @model_validator(mode="after")
    def _differ(self) -> ServerSettings:
        """Rejects one key for both: programs that ask questions must not be able to delete papers."""
        key = self.editor_key.get_secret_value()
        if key and key == self.api_key.get_secret_value():
            raise ValueError("the key of editors must differ from ZHENGWEN_SERVER__API_KEY")
        return self


class IngestSettings(Part):
    """Files that come in while the service runs."""

    max_upload_bytes: int = Field(
        default=64 * 1024 * 1024,
        ge=1024,
        le=1 << 30,
        description="Largest upload in bytes, all files together",
    )
    max_upload_files: int = Field(default=20, ge=1, le=1000, description="Most files of an upload")
    max_unpacked_bytes: int = Field(
        default=200 * 1024 * 1024, ge=1024, description="Most bytes that an uploaded archive has unpacked"
    )
    max_pages: int = Field(default=500, ge=1, description="Most pages of an uploaded paper")
    max_waiting: int = Field(
        default=200, ge=1, le=100_000, description="Uploads that wait to be read; more are rejected"
    )
    watch_dir: Path | None = Field(
        default=None, description="Folder whose new and changed files are read; empty for none"
    )
    watch_s: float = Field(
        default=5.0, gt=0, le=86_400, description="Seconds between looks at the watched folder"
    )
    upload_timeout_s: float = Field(
        default=300.0, gt=0, le=3600, description="Longest time in seconds that an upload may take to arrive"
    )


class ServiceSettings(Part):
    """What the service keeps of questions and answers."""

    database_url: str = Field(
        default="",
        description="SQLAlchemy URL of conversations and receipts; empty means SQLite in the data directory",
    )
    keep_texts: bool = Field(
        default=True,
        description="Keep the texts of questions; if false, receipts contain only what was found",
    )
    retention_days: int = Field(
        default=180,
        ge=0,
        le=36_500,
        description="Days for which conversations and receipts are kept; 0 means forever",
    )


class Settings(core.Settings):
    """Everything that can be set."""

    server: ServerSettings = ServerSettings()
    service: ServiceSettings = ServiceSettings()
    ingest: IngestSettings = IngestSettings()

    @property
    def service_url(self) -> str:
        """Where conversations, receipts, feedback and sites are kept."""
        return self.service.database_url or f"sqlite:///{self.data_dir / 'service.db'}"


def load_settings() -> Settings:
    """The settings in force. Raises SettingsFault that names the wrong variable."""
    return core.load(Settings)


def metrics_folder() -> Path | None:
    """The folder in which this service's processes share their metrics; None when there is one process."""
    folder = os.environ.get(_METRICS_FOLDER)
    return Path(folder) if folder else None


@contextmanager
def metrics_shared_in(folder: Path) -> Iterator[None]:
    """Makes processes that start within the block share their metrics in `folder`."""
    os.environ[_METRICS_FOLDER] = str(folder)
    try:
        yield
    finally:
        del os.environ[_METRICS_FOLDER]
