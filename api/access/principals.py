"""Who asks. What a caller may do follows from the type."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Local:
    """A person or a program at this machine."""

    site = ""
    holder = ""


@dataclass(frozen=True, slots=True)
class Program:
    """A program on another machine that holds the service's key."""

    site = ""
    holder = ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor of a site, or of the service's own page (`site` is empty then)."""

    site: str
    holder: str  # stands for the secret on the visitor's device, which is kept nowhere else


Principal = Local | Program | Visitor
