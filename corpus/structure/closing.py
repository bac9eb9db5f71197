"""Finds unnumbered 附则: paragraphs after the last clause that concern the whole paper."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.notation.labels import ORDINALS
from corpus.notation.phrase_table import PhraseTable
from corpus.structure.tree import Node
from corpus.text.lines import Line

_TABLE = PhraseTable.read("corpus", "paper_parts.tsv")
_SELF = _TABLE.alternation("paper_itself")
# "本意见适用于…", "本意见自印发之日起实施，有效期5年。", "以上政策由市财政局负责解释。", "此前有关规定…"
_WHOLE_PAPER = re.compile(
    rf"^(?:{_SELF}|以上|上述|此前|原有|原)"
    r"[^。]*(?:适用|施行|实施|执行|解释|有效|废止|试行|不一致|为准|重复|制定)"
    rf"|自(?:印发|发布|公布|颁布|下发|发文)之日起[^。]*(?:施行|实施|执行|生效|试行)"
    rf"|^自[^。]{{4,16}}起(?:施行|实施|执行)|有效期(?:为|至|限|\d|[一二三五])"
    rf"|(?:按照|根据|对照)[^。]{{0,20}}{_SELF}[^。]*(?:实施|落实|执行|推进)|^此外，|^特此(?:通知|批复|公告|函复|通告)"
    r"|^各(?:地|级|市|县|区|有关|部门|单位|相关)[^。]*(?:制定|结合|认真|抓好|贯彻|落实)"
)


def closing_start(nodes: Sequence[Node]) -> list[Line] | None:
    """The lines of the last clause that are closing provisions; None when there are none."""
    if not nodes:
        return None
    last = nodes[-1]
    if any(node.label.style in ORDINALS for node in nodes):
        return None
    body = _first_paragraph(last)
    for at in range(body + 1, len(last.lines)):
        if _WHOLE_PAPER.search(last.lines[at].words):
            return last.lines[at:]
    return None


def _first_paragraph(node: Node) -> int:
    """Index of the line with the clause's own text: the first, or the one below a bare heading."""
    runs_in = node.heading.body < len(node.lines[0].text)
    if runs_in:
        return 0
    # Below "五、其他规定" or "八、附则" the closing provisions are the clause's own text.
    return len(node.lines) if _TABLE.has("closing_heading", node.heading.words) else 1
