"""Builds clauses from zones and trees: kinds, paths, labels, ids, offsets, responsibility."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from corpus.model import Clause, Kind, Notice
from corpus.notation.labels.types import ARTICLES, ORDINALS, Style
from corpus.structure.outline.closing import closing_start
from corpus.structure.outline.nodes import Node
from corpus.structure.outline.tree import Tree, build_tree
from corpus.structure.parts.zones import Part, Zone
from corpus.structure.responsibility import read_responsibility
from corpus.text.lines import Line

_SPECIAL = {
    Part.HEAD: Kind.HEAD,
    Part.PREAMBLE: Kind.PREAMBLE,
    Part.SIGN_OFF: Kind.SIGN_OFF,
    Part.INNER_TITLE: Kind.INNER_TITLE,
    Part.ATTACHMENT_LIST: Kind.ATTACHMENT,
    Part.ATTACHMENT: Kind.ATTACHMENT,
    Part.NOTE: Kind.ITEM,
}
_CLOSING = "附则"
# Addresses below that of a paper which are pages of their own, so that no clause may have them as its id.
RESERVED = ("facts", "facts/changes", "original")
_LONGEST_NAME = 80  # characters of the name of a forwarded paper in a path


@dataclass(slots=True)
class _Draft:
    """A clause before its id and label are known."""

    kind: Kind
    path: tuple[str, ...]
    style: Style | None
    heading: str
    start: int
    end: int
    body_start: int
    parent: _Draft | None
    scope: int  # drafts of one scope share a numbering
    repeats: bool = False  # a paragraph of the parent, under the parent's own label
    children: list[_Draft] = field(default_factory=list)

    @property
    def below_article(self) -> bool:
        above = self.parent
        return above is not None and (above.style in ARTICLES or above.below_article)

    @property
    def tree_end(self) -> int:
        return max([self.end, *(child.tree_end for child in self.children)])


def assemble(
    zones: Sequence[Zone], text: str, *, document_id: str
) -> tuple[tuple[Clause, ...], tuple[Notice, ...]]:
    """The clauses in reading order, and notices about irregular numbering."""
    drafts: list[_Draft] = []
    notices: list[Notice] = []
    above: _Draft | None = None  # what the paths of the body begin with
    parts = [zone.part for zone in zones]
    several = parts.count(Part.INNER_TITLE) > 1
    for scope, zone in enumerate(zones):
        if zone.part is not Part.BODY:
            drafts.append(_special(zone, has_content=Part.ATTACHMENT in parts, several=several))
            if zone.part is Part.ATTACHMENT or (zone.part is Part.INNER_TITLE and several):
                above = drafts[-1]
            elif zone.part is not Part.PREAMBLE:
                above = None
            continue
        tree = build_tree(zone.lines)
        if tree.leading:
            _lead_in(tree.leading, drafts)
        drafts += _body(tree, above, scope if above else 0)
        notices += tree.notices
    clauses = _with_responsibility(_name(drafts, document_id), text)
    return tuple(clauses), tuple(notices)


def _special(zone: Zone, *, has_content: bool, several: bool) -> _Draft:
    label = zone.label
    if zone.part is Part.INNER_TITLE and several:
        label = "".join(line.words for line in zone.lines)[:_LONGEST_NAME]
    if zone.part is Part.ATTACHMENT_LIST and not has_content:
        # The attachments are separate files; the paper contains only their names.
        label = Part.ATTACHMENT.value
    return _plain(_SPECIAL[zone.part], label, zone.lines[0], zone.lines[-1])


def _lead_in(lines: Sequence[Line], drafts: list[_Draft]) -> None:
    """Adds the lines before the first label to the preamble or attachment before, else makes a preamble."""
    if drafts and drafts[-1].kind in (Kind.PREAMBLE, Kind.ATTACHMENT):
        drafts[-1].end = lines[-1].end
    else:
        drafts.append(_plain(Kind.PREAMBLE, Part.PREAMBLE.value, lines[0], lines[-1]))


def _plain(kind: Kind, label: str, first: Line, last: Line) -> _Draft:
    return _Draft(kind, (label,), None, "", first.start, last.end, first.start, None, -1)


def _body(tree: Tree, attached: _Draft | None, scope: int) -> list[_Draft]:
    own_paper = attached is None or attached.kind is Kind.INNER_TITLE
    closing = closing_start(tree.nodes) if own_paper else None
    chapters = _chapter_styles(tree.nodes)
    drafts: dict[int, _Draft] = {}
    for node in tree.nodes:
        above = drafts[id(node.parent)] if node.parent is not None else attached
        draft = _numbered(node, above, chapters, scope)
        if above is not None:
            above.children.append(draft)
        drafts[id(node)] = draft
    result = list(drafts.values())
    if closing is not None:
        own = tree.nodes[-1].lines[: -len(closing)]
        if own:
            result[-1].end = own[-1].end
            result[-1].body_start = min(result[-1].body_start, result[-1].end)
        else:
            _drop_last(result)
        result.append(_plain(Kind.CLOSING, _CLOSING, closing[0], closing[-1]))
    return result


def _drop_last(drafts: list[_Draft]) -> None:
    dropped = drafts.pop()
    if dropped.parent is not None:
        dropped.parent.children.remove(dropped)


def _numbered(node: Node, above: _Draft | None, chapters: frozenset[Style], scope: int) -> _Draft:
    first, last = node.lines[0], node.lines[-1]
    path = above.path if above is not None else ()
    if node.continues:
        return _Draft(
            Kind.ITEM, path, node.label.style, "", first.start, last.end, first.start, above, scope, True
        )
    body = first.start + node.heading.body
    if body >= first.end:
        body = node.lines[1].start if len(node.lines) > 1 else last.end
    kind = _kind(node, chapters)
    return _Draft(
        kind,
        (*path, node.label.text),
        node.label.style,
        node.heading.words,
        first.start,
        last.end,
        body,
        above,
        scope,
    )


def _chapter_styles(nodes: Sequence[Node]) -> frozenset[Style]:
    """Styles whose clauses are chapters here: 编章节, and headings most of which have articles below."""
    chapters: set[Style] = {style for style in ORDINALS if style not in ARTICLES}
    top = [node for node in nodes if not node.continues and node.label.style not in ORDINALS]
    depth = min((node.depth for node in top), default=0)
    highest = [node for node in top if node.depth == depth and not node.below_article]
    parents = [node for node in highest if node.children]
    bare = all(node.heading.words and node.heading.body >= len(node.lines[0].text) for node in highest)
    if parents and (bare or 2 * len(parents) >= len(highest)):
        chapters |= {node.label.style for node in highest}
    return frozenset(chapters)


def _kind(node: Node, chapters: frozenset[Style]) -> Kind:
    if node.label.style in ARTICLES:
        return Kind.ARTICLE
    if node.below_article:
        return Kind.ITEM
    if node.label.style in chapters and (
        node.label.style in ORDINALS or node.parent is None or node.parent.label.style in ORDINALS
    ):
        return Kind.CHAPTER
    above = node.parent
    below_chapter = above is None or _kind(above, chapters) is Kind.CHAPTER
    return Kind.ARTICLE if below_chapter else Kind.ITEM


def _name(drafts: Sequence[_Draft], document_id: str) -> list[Clause]:
    ambiguous = _ambiguous(drafts)
    uses = Counter(RESERVED)  # a clause with such a path gets "~2"
    ids: dict[int, str] = {}
    clauses = []
    for draft in drafts:
        base = joined(draft.path)
        uses[base] += 1
        ids[id(draft)] = base if uses[base] == 1 else f"{base}~{uses[base]}"
        clauses.append(
            Clause(
                document_id=document_id,
                id=ids[id(draft)],
                kind=draft.kind,
                path=draft.path,
                label=_label(draft, ambiguous),
                heading=draft.heading,
                start=draft.start,
                end=draft.end,
                tree_end=draft.tree_end,
                body_start=min(draft.body_start, draft.end),
                parent=ids[id(draft.parent)] if draft.parent is not None else None,
            )
        )
    return clauses


def _ambiguous(drafts: Iterable[_Draft]) -> set[tuple[int, Style]]:
    """Numberings that restart: (scope, style) in which the same label occurs under two paths."""
    paths: dict[tuple[int, Style, str], set[tuple[str, ...]]] = {}
    for draft in drafts:
        if draft.style is not None and not draft.repeats:
            paths.setdefault((draft.scope, draft.style, draft.path[-1]), set()).add(draft.path)
    return {(scope, style) for (scope, style, _), found in paths.items() if len(found) > 1}


def _label(draft: _Draft, ambiguous: set[tuple[int, Style]]) -> str:
    if draft.repeats and draft.parent is not None:
        return _label(draft.parent, ambiguous)
    above = draft.parent
    if draft.style is None or above is None:
        return draft.path[-1]
    # Labels below a 条 include the 条, and those in an attachment the attachment.
    if above.style is None or draft.below_article or (draft.scope, draft.style) in ambiguous:
        return joined((_label(above, ambiguous), draft.path[-1]))
    top = above
    while top.parent is not None:
        top = top.parent
    return draft.path[-1] if top.style is not None else joined((top.path[0], draft.path[-1]))


def joined(path: Sequence[str]) -> str:
    """Joins labels into one name: 二、（一）1．; a decimal replaces the decimal above it."""
    name = ""
    for label in path:
        above = name.rstrip("．、")
        parent = label.rpartition(".")[0]
        if parent and above.endswith(parent) and not above.removesuffix(parent)[-1:].isdigit():
            name = above.removesuffix(parent)
        # 附件2 and 1．: without the blank this reads as item 1 of an attachment 21.
        apart = (name[-1:].isdigit() and label[:1].isdigit()) or (
            name and label[:1].isascii() and label[0].isalpha()
        )
        name += f" {label}" if apart else label
    return name


def _with_responsibility(clauses: Iterable[Clause], text: str) -> list[Clause]:
    result = []
    first_leads = False
    for clause in clauses:
        numbered = clause.kind in (Kind.CHAPTER, Kind.ARTICLE, Kind.ITEM)
        own = text[clause.start : clause.end] if numbered else ""
        reading = read_responsibility(own, offset=clause.start, first_leads=first_leads)
        if reading is not None:
            first_leads = first_leads or reading.first_leads
            clause = replace(clause, responsibility=reading.responsibility)
        result.append(clause)
    return result
