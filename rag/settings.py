"""Settings of papers, index and answers; api/settings.py adds those of the service.

Only these two modules read the environment.

Every setting is an environment variable `ZHENGWEN_…`, nested with two underscores
(`ZHENGWEN_EMBEDDING__MODEL`), or a line of the file that `ZHENGWEN_ENV_FILE` names.
A misspelt setting is an error at start, not a silent default.
"""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal, TypeGuard, TypeVar

from dotenv import dotenv_values
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
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from corpus.catalogue.texts import CACHE_CHARS
from rag.errors import SettingsFault

PREFIX = "ZHENGWEN_"
_RAY_REPORTS = "RAY_USAGE_STATS_ENABLED"  # Ray reports to its makers unless this is 0
_QUIET_RAY = {_RAY_REPORTS: "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
_FILE = f"{PREFIX}ENV_FILE"
# Sections of the same environment that belong to api/settings.py.
_OF_THE_SERVICE = ("server", "service", "ingest")
_NO_BLANKS = r"^\S*$"
Share = Annotated[float, Field(ge=0.0, le=1.0)]


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
    threads: int = Field(default=0, ge=0, description="Threads of the model; 0 uses all cores")
    query_prompt: str = Field(
        default="", description="Prefix of a question, for a model without prompts of its own"
    )
    document_prompt: str = Field(
        default="", description="Put before a clause, for a model without prompts of its own"
    )


class ChunkSettings(Part):
    """How clauses are cut for embedding."""

    size: int = Field(default=600, ge=100, le=4000, description="Longest chunk in characters")
    overlap: int = Field(default=0, ge=0, le=500, description="Characters that neighbouring chunks share")

    @model_validator(mode="after")
    def _advances(self) -> ChunkSettings:
        """Rejects an overlap with which a chunk would not advance beyond the one before it."""
        if self.overlap >= self.size:
            raise ValueError("the overlap must be smaller than the size")
        return self


class CatalogueSettings(Part):
    """The papers, whose texts are read when they are needed."""

    cache_chars: int = Field(
        default=CACHE_CHARS,
        ge=0,
        description="Characters of papers cached in memory; 2 000 000 are about 200 papers in 30 MB",
    )


class SearchSettings(Part):
    """Where the index is kept, and how chunks are ranked."""

    engine: Literal["embedded", "postgres", "milvus"] = Field(
        default="embedded",
        description="Where the index is: `embedded` in the data directory, `postgres` in the database of "
        "ZHENGWEN_DATABASE_URL, `milvus` in a Milvus cluster",
    )
    milvus_uri: str = Field(
        default="",
        pattern=r"^(https?://\S+|.+\.db)?$",
        description="Address of Milvus, http://HOST:19530, or a path that ends in .db for Milvus Lite",
    )
    milvus_token: SecretStr = Field(default=SecretStr(""), description="USER:PASSWORD or API key of Milvus")
    milvus_prefix: str = Field(
        default="zhengwen",
        pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,99}$",
        description="Begins the names of the collections; one for each store that uses the same Milvus",
    )
    milvus_index: Literal["AUTOINDEX", "FLAT", "HNSW", "HNSW_SQ", "IVF_SQ8", "DISKANN"] = Field(
        default="AUTOINDEX", description="Index of the vectors in Milvus; FLAT compares all of them"
    )
    dense_weight: Share = Field(
        default=0.45,
        description="Weight of vectors; words have the rest, scaled by the share of them that papers contain",
    )
    candidates: int = Field(
        default=50, ge=10, le=1000, description="Chunks that a search considers for one question"
    )

    @field_validator("milvus_token")
    @classmethod
    def _has_no_blanks(cls, given: SecretStr) -> SecretStr:
        if any(character.isspace() for character in given.get_secret_value()):
            raise ValueError("it contains a blank")
        return given


class AnswerSettings(Part):
    """How answers are made."""

    calibration: str = Field(
        default="",
        description="File that `python -m evals.calibrate --write` made; empty uses that of the index",
    )
    threshold: Share | None = Field(
        default=None,
        description="Confidence below which the answer is a refusal; empty uses that of the calibration",
    )
    reader: bool = Field(
        default=True,
        description="Whether a small model reads question and sentences together, to tell what a paper "
        "does not state or contradicts",
    )
    quotes: int = Field(default=6, ge=1, le=50, description="Most quotes in an answer")
    nearest: int = Field(default=3, ge=0, le=10, description="Clauses offered with a refusal")


class BulkSettings(Part):
    """Bulk ingest: machines that work, and buckets that papers are read from."""

    ray_address: str = Field(
        default="",
        description="Ray cluster for `ingest --engine ray`, such as auto or ray://HOST:10001; empty starts "
        "Ray on this machine",
        pattern=_NO_BLANKS,
    )
    bucket_endpoint: str = Field(
        default="",
        description="Address of the S3-compatible store for s3:// paths; empty uses AWS_ENDPOINT_URL or AWS",
        pattern=r"^(https?://[^\s/?#@]+)?$",
    )
    bucket_region: str = Field(
        default="", description="Region of the bucket; empty uses AWS_REGION", pattern=_NO_BLANKS
    )
    bucket_access_key: str = Field(
        default="", description="Access key of the bucket; empty uses AWS_ACCESS_KEY_ID", pattern=_NO_BLANKS
    )
    bucket_secret_key: SecretStr = Field(
        default=SecretStr(""), description="Secret key of the bucket; empty uses AWS_SECRET_ACCESS_KEY"
    )

    @field_validator("bucket_secret_key")
    @classmethod
    def _has_no_blanks(cls, given: SecretStr) -> SecretStr:
        if len(given.get_secret_value().split()) > 1:
            raise ValueError("a secret key has no blanks")
        return given


class Settings(BaseSettings):
    """Settings of papers, index and answers."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file_encoding="utf-8",
        env_ignore_empty=True,  # `ZHENGWEN_DATA_DIR=` must not mean the current folder
        extra="ignore",  # `load` checks the names, and suggests the right ones
        frozen=True,
        defer_build=True,  # the service has a longer one, and needs only that
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
    starting_papers: bool = Field(
        default=True, description="Whether a new store begins with the five papers of the program"
    )
    embedding: EmbeddingSettings = EmbeddingSettings()
    chunk: ChunkSettings = ChunkSettings()
    catalogue: CatalogueSettings = CatalogueSettings()
    search: SearchSettings = SearchSettings()
    answer: AnswerSettings = AnswerSettings()
    bulk: BulkSettings = BulkSettings()

    @property
    def store_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'zhengwen.db'}"

    @property
    def has_store(self) -> bool:
        """Whether there may be stored papers: a file, or a database that is not in one."""
        return bool(self.database_url) or (self.data_dir / "zhengwen.db").exists()

    @property
    def uses_bundled(self) -> bool:
        """Whether the folder of the bundled model is used, for vectors or for the reader."""
        return self.embedding.model == "bundled" or self.answer.reader


Kind = TypeVar("Kind", bound=Settings)


def load_settings() -> Settings:
    """Returns the settings in force. Raises SettingsFault as `load` does."""
    return load(Settings, others=_OF_THE_SERVICE)


def load(kind: type[Kind], *, others: Collection[str] = ()) -> Kind:
    """Reads settings of that kind from the environment. Raises SettingsFault, naming the wrong variable.

    Variables of the sections `others` belong to another settings class and are not checked.
    """
    file = _file()
    for fault in _misspelt(kind, file, others):
        raise SettingsFault(fault)
    try:
        return kind(_env_file=file)
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "__".join(str(part).upper() for part in first["loc"])
        raise SettingsFault(f"setting {name}: {first['msg']}. Correct it or unset it") from error
    except SettingsError as error:  # its message names the section by its field, and the source by its class
        raise SettingsFault(
            f"{_not_json(kind, file)} is not JSON, in which a whole section is given. Correct it, or set the "
            f"settings of the section one by one, such as {PREFIX}CHUNK__SIZE=600"
        ) from error


def _not_json(kind: type[Settings], file: str | None) -> str:
    """Names the variables of sections whose values are not JSON."""
    sections = {
        PREFIX + name.upper() for name, field in kind.model_fields.items() if _is_section(field.annotation)
    }
    given = [*os.environ.items(), *(_lines(file).items() if file else ())]
    broken = {name.upper() for name, value in given if name.upper() in sections and not _is_json(value or "")}
    return f"setting {', '.join(sorted(broken))}"


def _is_json(value: str) -> bool:
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


def _misspelt(kind: type[Settings], file: str | None, others: Collection[str]) -> Iterator[str]:
    """A message for each variable, and for each line of the file, that names no setting."""
    known = {PREFIX + name for name in _names(kind)}
    given = [name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() != _FILE]
    for name in [*given, *(_lines(file) if file else ())]:
        if name.upper() not in known and _section(name) not in others:
            yield _fault(name, known)


def _section(name: str) -> str:
    """Returns the section of a variable: "server" of "ZHENGWEN_SERVER__PORT"."""
    return name.upper().removeprefix(PREFIX).split("__")[0].lower()


def _names(part: type[BaseModel]) -> Iterator[str]:
    """Yields the variables of all settings without the prefix, and of each section, which is set as JSON."""
    for name, field in part.model_fields.items():
        yield name.upper()
        if _is_section(field.annotation):
            yield from (f"{name.upper()}__{inner}" for inner in _names(field.annotation))


def _is_section(annotation: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _fault(name: str, known: Collection[str]) -> str:
    # The common prefix is removed, as it would make any two names similar.
    short = {one.removeprefix(PREFIX): one for one in known}
    near = difflib.get_close_matches(name.upper().removeprefix(PREFIX), short, n=1)
    cure = f"Did you mean {short[near[0]]}?" if near else "Correct it or unset it."
    return f"no setting is called {name!r}. {cure} `zhengwen config` lists all settings"


def _file() -> str | None:
    """The settings file named in the environment."""
    name = os.environ.get(_FILE)
    if name and not Path(name).is_file():
        raise SettingsFault(f"{_FILE} names {name!r}, which is not a file. Correct it or unset it")
    return name or None


def _lines(file: str) -> dict[str, str | None]:
    """The variables of the settings file. Raises SettingsFault."""
    try:
        return dotenv_values(file, encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SettingsFault(f"the settings file {file!r} is not UTF-8. Save it as UTF-8") from error
    except OSError as error:
        raise SettingsFault(
            f"the settings file {file!r} cannot be read: {error.strerror}. Correct it, or unset {_FILE}"
        ) from error


@contextmanager
def quiet_ray() -> Iterator[None]:
    """Keeps a Ray that starts within the block from sending reports of its use and from logging."""
    before = {name: os.environ.get(name) for name in _QUIET_RAY}
    os.environ.update({name: value for name, value in _QUIET_RAY.items() if name not in os.environ})
    os.environ[_RAY_REPORTS] = "0"
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
