"""The settings in force, as `zhengwen config` prints them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from api.settings import Settings
from rag.settings import PREFIX

# "postgresql://zhengwen:hunter2@db/zhengwen" contains one between the second colon and the @.
_PASSWORD = re.compile(r"(?<=://)([^:/@]*):[^@/]*@")

_SECRETS = "Keys, and addresses with passwords, are left out. Take them from where they are kept"


@dataclass(frozen=True, slots=True)
class Row:
    """One setting."""

    variable: str  # as in the environment
    value: str  # the value in force; secrets masked
    description: str
    is_default: bool


def rows(settings: Settings) -> list[Row]:
    """Every setting, in the order of the model."""
    return list(_rows(settings, PREFIX))


def defaults() -> list[Row]:
    """Every setting with its default, whatever the environment contains."""
    return list(_rows(Settings.model_construct(), PREFIX))


def lines_without_secrets(settings: Settings) -> str:
    """The settings that differ from their defaults, as lines of a file, without keys and passwords."""
    shown = [row for row in rows(settings) if not row.is_default and "***" not in row.value]
    return "\n".join((f"# {_SECRETS}", *(f"{row.variable}={row.value}" for row in shown), ""))


def _rows(part: BaseModel, prefix: str) -> Iterator[Row]:
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        variable = f"{prefix}{name.upper()}"
        if isinstance(value, BaseModel):
            yield from _rows(value, f"{variable}__")
        else:
            # A SecretStr prints as asterisks by itself.
            shown = _PASSWORD.sub(r"\1:***@", "" if value is None else str(value))
            usual = field.get_default(call_default_factory=True, validated_data={})
            yield Row(variable, shown, field.description or "", value == usual)
