"""Short names of papers for running text, such as 《湖南若干意见》, and the papers that a name means.

The sources of a reply give title and 文号 in full. A short name is used only where it means one paper of the
catalogue. Names are made when a paper is named, with the catalogue's index of titles, not for all papers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.catalogue.catalogue import Catalogue
from corpus.catalogue.names import Namesakes
from corpus.head.paper_head import PaperHead
from corpus.model import Document
from corpus.notation.paper_names import in_title_marks, key_of
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.divisions import NATION
from corpus.regions.mentions import parse_region

_TITLES = PhraseTable.read("corpus", "paper_titles.tsv")
# "…创新发展的若干意见", "…的实施办法（试行）"; 的意见 and 的通知 are too common to be a name.
_KIND = re.compile(
    rf"的(?P<kind>(?=[^的（(〔［\[]{{4}})[^的]{{0,8}}{_TITLES.alternation('genre')}"
    r"(?:[（(〔［\[][^的]{1,14}[）)〕］\]])*)$"
)
_ABOUT = "关于"
_TAIL = 4  # last characters by which short names are looked up; a kind has as many
_LONGEST_ISSUER = 10  # characters of an authority that stands for the nation: 国务院办公厅


def running_name(document: Document, catalogue: Catalogue) -> str:
    """Returns a paper's name for running text: the first short name that no other paper has, else in full.

    Raises UnknownDocument for a paper that is not in the catalogue.
    """
    head = catalogue.head(document.id)
    for name in _short_names(head):
        if papers_called(name, catalogue).ids == (head.id,):
            return in_title_marks(name)
    return head.source_name


def papers_called(name: str, catalogue: Catalogue) -> Namesakes:
    """Returns the papers of that title, state or region optional; else those whose title ends with it; else
    those of that short name. `name` is without 《》.
    """
    key = key_of(name)
    titled = catalogue.names.titled(key) or catalogue.names.titled_ending(key)
    return titled or Namesakes(shortly_called(name, catalogue))


def shortly_called(name: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Returns the ids of the papers of that short name; none where too many titles end like it."""
    key = key_of(name)
    about = key.find(_ABOUT)
    near = catalogue.names.titled_ending(key[about:] if about >= 0 else key[-_TAIL:])
    return tuple(i for i in near.ids if key in map(key_of, _short_names(catalogue.head(i))))


def _short_names(head: PaperHead) -> Iterator[str]:
    """Yields the short names of a paper, the shortest first: of a notice, those of the paper it forwards.

    湖南若干意见; 湖南关于促进生物医药产业创新发展的若干意见; a title without 关于 is a name: 专利代理条例.
    """
    title, place = head.titles[-1], _place(head)
    kind, about = _KIND.search(title), title.find(_ABOUT)
    if place and kind is not None:
        yield place + kind["kind"]
    if about < 0:
        yield title.removeprefix(NATION.full) or title
    elif place:
        yield place + title[about:]


def _place(head: PaperHead) -> str:
    """Returns 湖南 for a paper of 湖南省, the authority for one of the nation; empty where none is known."""
    division = parse_region(head.region) if head.region else None
    if division is None:
        return ""
    if division is not NATION:
        return division.short
    issuer = head.issuer.removeprefix(NATION.full)
    return issuer if 0 < len(issuer) <= _LONGEST_ISSUER and "、" not in issuer else "国家"
