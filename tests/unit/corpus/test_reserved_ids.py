"""No clause has an id that is the address of a page of its own."""

from __future__ import annotations

import pytest

from corpus.structure.clauses import RESERVED, assemble
from corpus.structure.parts.zones import Part, Zone
from corpus.text.lines import Line


@pytest.mark.parametrize("reserved", [name for name in RESERVED if "/" not in name])
def test_a_forwarded_paper_of_such_a_name_gets_another_id(reserved: str) -> None:
    lines = [reserved, "第一条 奖补500万元。", "其他办法", "第一条 奖补20万元。"]
    text, zones, start = "\n".join(lines), list[Zone](), 0
    for words in lines:
        part = Part.BODY if words.startswith("第") else Part.INNER_TITLE
        zones.append(Zone(part, (Line(words, start),), part.value))
        start += len(words) + 1
    clauses, _ = assemble(zones, text, document_id="paper")
    ids = [clause.id for clause in clauses]
    assert ids == [f"{reserved}~2", f"{reserved}第一条", "其他办法", "其他办法第一条"]
    assert not set(ids) & set(RESERVED)
