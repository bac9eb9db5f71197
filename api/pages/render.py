"""Templates and style files of the pages, kept in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.pages.banner import Linked
from api.pages.change_words import ChangeWords
from api.pages.fact_changes import ChangesPage
from api.pages.fact_page import FactPage
from api.pages.text import Table, shown
from api.pages.view import PaperPage
from api.pages.words import Words

_HERE = Path(__file__).parent
_TYPES = {"paper.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class StyleFile:
    """A file that pages load; its name contains a digest of its content."""

    name: str
    body: bytes
    media_type: str


def _clean(value: object) -> object:
    """Converts every value that a template inserts, before it is escaped."""
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


_templates = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=_clean,
)
_templates.tests["table"] = lambda block: isinstance(block, Table)


def paper(page: PaperPage, *, words: Words, base: str, public_url: str, address: str) -> str:
    """The page of a paper. `address` is the requested address, for print; `public_url` may be empty."""
    return _templates.get_template("paper.html").render(
        page=page, words=words, base=base, looks=_looks(), public_url=public_url, address=address
    )


def facts(page: FactPage, *, words: Words, base: str, public_url: str, address: str) -> str:
    """The page with the support facts of a paper."""
    return _templates.get_template("facts.html").render(
        page=page, words=words, base=base, looks=_looks(), public_url=public_url, address=address
    )


def changes(page: ChangesPage, *, words: Words, base: str, public_url: str, address: str) -> str:
    """The page with what replacing a paper changed in its support facts."""
    return _templates.get_template("changes.html").render(
        page=page, words=words, base=base, looks=_looks(), public_url=public_url, address=address
    )


def feed(content: object, *, words: ChangeWords) -> str:
    """An Atom feed of changes of support facts: `content` is an `api.exports.feed.Feed`."""
    return _templates.get_template("feed.xml").render(feed=content, words=words)


def missing(message: str, *, ways_on: Sequence[Linked], words: Words, base: str) -> str:
    """The page for an address that does not exist."""
    return _templates.get_template("missing.html").render(
        message=message, ways_on=ways_on, words=words, base=base, looks=_looks()
    )


def rejection_page(message: str, *, words: Words, base: str) -> str:
    """The page for a rejected request."""
    return _templates.get_template("rejection.html").render(
        message=message, words=words, base=base, looks=_looks()
    )


@cache
def style_file(name: str) -> StyleFile:
    """A style file: "paper.css" or "icon.svg"."""
    body = (_HERE / name).read_bytes()
    stem, _, ending = name.partition(".")
    return StyleFile(f"{stem}-{hashlib.sha256(body).hexdigest()[:12]}.{ending}", body, _TYPES[name])


@cache
def style_file_named(name: str) -> StyleFile | None:
    """The file with that name and digest."""
    return next((found for found in map(style_file, _TYPES) if found.name == name), None)


@cache
def _looks() -> dict[str, str]:
    return {name.partition(".")[2]: style_file(name).name for name in _TYPES}
