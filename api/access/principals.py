"""Types of callers. What a caller may do follows from its type."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Local:
    """A person or a program on this machine."""

    site = ""
    holder = ""


@dataclass(frozen=True, slots=True)
class Program:
    """A program on another machine that sent the service's key."""

    site = ""
    holder = ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor of a site, or of the service's own page (`site` is empty then)."""

    site: str
    holder: str  # keyed digest of the secret on the visitor's device, which is stored only there


Principal = Local | Program | Visitor
