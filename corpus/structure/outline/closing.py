"""Finds unnumbered 附则: paragraphs after the last clause that concern the whole paper."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.notation.labels.types import ORDINALS
from corpus.notation.phrase_table import PhraseTable
from corpus.structure.outline.nodes import Node
from corpus.text.lines import Line

_TABLE = PhraseTable.read("corpus", "paper_parts.tsv")
_SELF = _TABLE.alternation("paper_itself")
_PROVISIONS = PhraseTable.read("corpus", "provisions.tsv")
# "本意见适用于…", "本意见自印发之日起实施，有效期5年。", "以上政策由市财政局负责解释。", "此前有关规定…"
_WHOLE_PAPER = re.compile(
    rf"^(?:{_SELF}|{_PROVISIONS.alternation('earlier')})[^。]*{_PROVISIONS.alternation('provides')}"
    rf"|自{_PROVISIONS.alternation('issued')}之日起[^。]*{_PROVISIONS.alternation('operates')}"
    rf"|^自[^。]{{4,16}}起(?:施行|实施|执行)|有效期(?:为|至|限|\d|[一二三五])"
    rf"|(?:按照|根据|对照)[^。]{{0,20}}{_SELF}[^。]*(?:实施|落实|执行|推进)|^此外，"
    rf"|^{_PROVISIONS.alternation('closing_formula')}"
    rf"|^{_PROVISIONS.alternation('everybody')}[^。]*{_PROVISIONS.alternation('carries_out')}"
)


def concerns_paper(line: Line) -> bool:
    """Whether the line is a closing provision: it concerns the whole paper."""
    return _WHOLE_PAPER.search(line.words) is not None


def is_closing_heading(words: str) -> bool:
    """Whether the closing provisions below such a heading are the text of its clause: 八、附则."""
    return _TABLE.has("closing_heading", words)


def closing_start(nodes: Sequence[Node]) -> list[Line] | None:
    """The lines of the last clause that are closing provisions; None when there are none."""
    if not nodes:
        return None
    last = nodes[-1]
    if any(node.label.style in ORDINALS for node in nodes):
        return None
    body = _first_paragraph(last)
    for at in range(body + 1, len(last.lines)):
        if concerns_paper(last.lines[at]):
            return last.lines[at:]
    return None


def _first_paragraph(node: Node) -> int:
    """Index of the last line that is the clause's own text: the first, or the one below a bare heading."""
    if node.continues:
        return -1  # what follows a list may begin with the closing provisions
    runs_in = node.heading.body < len(node.lines[0].text)
    if runs_in:
        return 0
    # Below "五、其他规定" or "八、附则" the closing provisions are the clause's own text.
    return len(node.lines) if is_closing_heading(node.heading.words) else 1
