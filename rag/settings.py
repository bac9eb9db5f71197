"""Settings: the only place that reads the environment.

Every setting is an environment variable `ZHENGWEN_…`, nested with two underscores
(`ZHENGWEN_EMBEDDING__MODEL`), or a line of the file that `ZHENGWEN_ENV_FILE` names.
A misspelt setting is an error at start, not a silent default.
"""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import SettingsFault

PREFIX = "ZHENGWEN_"
_SHORTEST_KEY = 16
Share = Annotated[float, Field(ge=0.0, le=1.0)]
# "20/minute", "1000/hour"
Rate = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,8}/(second|minute|hour|day)$")]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EmbeddingSettings(Part):
    """Which model turns text into vectors."""

    model: str = Field(
        default="bundled",
        description="`bundled`, a sentence-transformers directory, or a hub name such as BAAI/bge-m3",
        min_length=1,
    )
    precision: Literal["int8", "fp32"] = Field(default="int8", description="Precision of the bundled model")
    device: str = Field(default="cpu", description="Device for models other than the bundled one")
    threads: int = Field(default=0, ge=0, description="Threads of the model; 0 takes every core")
    query_prompt: str = Field(
        default="", description="Put before a question, for a model without prompts of its own"
    )
    document_prompt: str = Field(default="", description="Put before a clause, likewise")


class ChunkSettings(Part):
    """How clauses are cut for embedding."""

    size: int = Field(default=600, ge=100, le=4000, description="Longest chunk in characters")
    overlap: int = Field(default=0, ge=0, le=500, description="Characters that neighbouring chunks share")

    @model_validator(mode="after")
    def _advances(self) -> ChunkSettings:
        """A chunk has to get past the one before it."""
        if self.overlap >= self.size:
            raise ValueError("the overlap must be smaller than the size")
        return self


class SearchSettings(Part):
    """How chunks are ranked."""

    dense_weight: Share = Field(
        default=0.45,
        description="Weight of the vectors; the words get the rest, as far as the papers know them",
    )
    candidates: int = Field(
        default=50, ge=10, le=1000, description="Chunks a search considers for one question"
    )


class AnswerSettings(Part):
    """How answers are made."""

    calibration: str = Field(
        default="",
        description="File that `python -m evals.calibrate --write` made; empty takes the one of the index",
    )
    threshold: Share | None = Field(
        default=None,
        description="Confidence below which the answer is a refusal; empty takes that of the calibration",
    )
    quotes: int = Field(default=6, ge=1, le=50, description="Most quotes in an answer")
    nearest: int = Field(default=3, ge=0, le=10, description="Clauses offered with a refusal")


class ServerSettings(Part):
    """The HTTP service."""

    host: str = Field(default="127.0.0.1", description="Address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one")
    workers: int = Field(default=1, ge=1, le=64, description="Processes that answer")
    concurrency: int = Field(default=2, ge=1, le=256, description="Questions a process answers at once")
    queue: int = Field(
        default=32, ge=0, le=10_000, description="Questions that wait in a process; more are turned away"
    )
    timeout_s: float = Field(
        default=30.0,
        gt=0,
        le=600,
        description="Longest wait for an answer in seconds, in the queue and after",
    )
    grace_s: int = Field(
        default=20, ge=0, le=600, description="Seconds that requests under way are given at a stop"
    )
    reload_s: float = Field(
        default=1.0,
        gt=0,
        le=3600,
        description="Seconds between two looks for a new index; days are looked at too",
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
        default="127.0.0.1,::1", description="Addresses of proxies whose X-Forwarded-For is believed"
    )
    api_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key with which programs on other machines ask; empty means only this machine's may",
    )
    token_minutes: int = Field(default=60, ge=1, le=1440, description="How long a visitor's token is good")
    visitor_rate: Rate = Field(default="20/minute", description="Requests that one visitor may send")
    site_rate: Rate = Field(default="600/minute", description="Requests that all visitors of a site may send")
    address_rate: Rate = Field(
        default="120/minute", description="Requests that all visitors from one address may send"
    )
    arrival_rate: Rate = Field(default="60/minute", description="Visitors that may come from one address")
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
                        f"{one!r} is no address. Name addresses or networks, with commas"
                    ) from None
        return given

    @field_validator("api_key")
    @classmethod
    def _is_hard_to_guess(cls, given: SecretStr) -> SecretStr:
        key = given.get_secret_value()
        if key and (len(key) < _SHORTEST_KEY or not key.isascii() or " " in key):
            raise ValueError(f"a key has at least {_SHORTEST_KEY} letters, digits and signs, and no blank")
        return given


class ServiceSettings(Part):
    """What the service keeps of questions and answers."""

    database_url: str = Field(
        default="",
        description="SQLAlchemy URL of conversations and receipts; empty means SQLite in the data directory",
    )
    keep_texts: bool = Field(
        default=True, description="Keep the texts of questions; without, receipts hold only what was found"
    )
    retention_days: int = Field(
        default=180,
        ge=0,
        le=36_500,
        description="Days that conversations and receipts are kept; 0 means forever",
    )


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file_encoding="utf-8",
        env_ignore_empty=True,  # `ZHENGWEN_DATA_DIR=` is not the folder one happens to stand in
        extra="forbid",
        frozen=True,
    )

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("zhengwen", appauthor=False),
        description="Papers and index",
    )
    cache_dir: Path = Field(
        default_factory=lambda: user_cache_path("zhengwen", appauthor=False),
        description="The converted embedding model",
    )
    database_url: str = Field(
        default="", description="SQLAlchemy URL of the store; empty means SQLite in the data directory"
    )
    embedding: EmbeddingSettings = EmbeddingSettings()
    chunk: ChunkSettings = ChunkSettings()
    search: SearchSettings = SearchSettings()
    answer: AnswerSettings = AnswerSettings()
    server: ServerSettings = ServerSettings()
    service: ServiceSettings = ServiceSettings()

    @property
    def store_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'zhengwen.db'}"

    @property
    def service_url(self) -> str:
        """Where conversations, receipts, feedback and sites are kept."""
        return self.service.database_url or f"sqlite:///{self.data_dir / 'service.db'}"


def load_settings() -> Settings:
    """Settings from the environment. Raises SettingsFault that names the wrong variable."""
    known = {name.upper() for name in Settings.model_fields}
    for variable in os.environ:
        if variable.upper().startswith(PREFIX) and variable.upper() != f"{PREFIX}ENV_FILE":
            name = variable.upper().removeprefix(PREFIX).split("__")[0]
            if name not in known:
                raise SettingsFault(f"no setting is called {variable!r}. `zhengwen config` lists them all")
    env_file = os.environ.get(f"{PREFIX}ENV_FILE")
    if env_file and not Path(env_file).is_file():
        raise SettingsFault(f"{PREFIX}ENV_FILE names {env_file!r}, which is no file. Correct or unset it")
    try:
        return Settings(_env_file=env_file or None)
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "__".join(str(part).upper() for part in first["loc"])
        raise SettingsFault(f"setting {name}: {first['msg']}. `zhengwen config` lists them all") from error
