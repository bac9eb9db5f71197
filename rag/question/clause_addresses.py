"""Finds clauses that a question names by number: 第（四）条, 第二十八条, 二、（一）1．, 主要任务的（四）."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass

from corpus.model import Clause, Document, Kind, Span
from corpus.notation.numerals import NUMERAL, TO_99, number_of
from corpus.text.script import simplify
from rag.language.stopwords import without

_NUMBER = rf"[{NUMERAL}]+|[0-9０-９]+"
# "第（四）条", "第28条", "第三章", "第一百二十条之一", "第3-1條", "第三條之1"
_ORDINAL = re.compile(
    rf"第\s*[（(]?\s*(?P<n>{_NUMBER})(?:\s*[-－—]\s*(?P<dash>\d{{1,2}}))?\s*[)）]?\s*"
    rf"(?P<unit>[编編章节節条條款项項点點]|部分)(?:之(?P<sub>[{TO_99}]{{1,3}}|\d{{1,2}}))?|[Aa]rticle\s+(?P<a>\d+)"
)
# "（十七）", "(4)"
_BRACKETED = re.compile(rf"[（(]\s*(?P<n>{_NUMBER})\s*[)）]\s*(?P<unit>条|款|项|点)?")
# "二、（一）", "三、里的", "二（三）"; not 第一、二、三类
_LISTED = re.compile(
    rf"(?<![{NUMERAL}第、])(?P<n>[{TO_99}]{{1,4}})"
    rf"(?:、(?=\s*(?:[（(里中的下，。？?]|部分|$))|(?<!\w.)(?<!\w..)(?=[（(](?:{_NUMBER})[）)]))"
)
_MOST_DIGITS = 9  # of a number; Python refuses to convert thousands of digits to an int
_LABEL_NUMBER = re.compile(rf"{_NUMBER}")
# Between the number of an article and that of one inserted behind it.
_INSERTED = re.compile(rf"之(?=[{TO_99}\d])|(?<=\d)[-－—](?=\d)")
_CIRCLED = {chr(0x2460 + i): i + 1 for i in range(20)}
# "第二章第（一）条", "主要任务里的（四）"
_LEADS = re.compile(r"\s*(?:部分|里面?|中|下面?)?的?\s*")
# "二、（五）2．", "（一）1、", "（三）2"
_SUBITEM = re.compile(r"(?<=[）)])\s*(?P<n>\d{1,2})(?:\s*[．.、]|(?=\s*(?:[的里中，。？?条款项点]|$)))")
_UPPER = frozenset({"编", "章", "节", "部分"})


@dataclass(frozen=True, slots=True)
class Address:
    """A clause number as a question writes it."""

    number: int
    unit: str  # "条", "章", … or "" where only the number is given
    form: str  # how the number is written: "第", "（", "、" or "．"
    start: int
    end: int
    inserted: int = 0  # 1 for 第一百二十条之一, 0 for 第一百二十条


def _value(text: str) -> int | None:
    readable = len(text) <= _MOST_DIGITS and _LABEL_NUMBER.fullmatch(text) is not None
    return number_of(text) if readable else None


def addresses(text: str) -> list[Address]:
    """Returns the clause numbers in `text`, in order, without overlaps."""
    found: list[Address] = []
    for form, pattern in (("第", _ORDINAL), ("（", _BRACKETED), ("、", _LISTED), ("．", _SUBITEM)):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            value = _value(groups.get("n") or groups.get("a") or "")
            overlaps = any(match.start() < other.end and other.start < match.end() for other in found)
            if value is not None and not overlaps:
                # "Article 5" is 第五条.
                unit = "条" if groups.get("a") else simplify(groups.get("unit") or "")
                inserted = _value(groups.get("sub") or groups.get("dash") or "") or 0
                found.append(Address(value, unit, form, match.start(), match.end(), inserted))
    return sorted(found, key=lambda address: address.start)


def label_number(label: str) -> int | None:
    """Returns the number in a clause label: 4 for （四）, 第四条, 第四条之一, 4．; the last part of 1.4."""
    if label[:1] in _CIRCLED:
        return _CIRCLED[label[0]]
    numbers = _LABEL_NUMBER.findall(_INSERTED.split(label)[0])
    return _value(numbers[-1]) if numbers else None


def _inserted(label: str) -> int:
    """Returns 1 for 第四条之一 and 第4-1条, articles inserted later; 0 for 第四条."""
    match = _INSERTED.search(label)
    number = _LABEL_NUMBER.match(label, match.end()) if match is not None else None
    return (_value(number[0]) or 0) if number is not None else 0


def _fits(clause: Clause, address: Address) -> bool:
    if not clause.path or label_number(clause.path[-1]) != address.number:
        return False
    if _inserted(clause.path[-1]) != address.inserted:
        return False
    if address.unit == "部分":
        return len(clause.path) == 1
    if clause.kind is Kind.CHAPTER:
        return address.unit in _UPPER or address.unit == ""
    if address.unit in _UPPER:
        return address.unit in clause.path[-1]
    # 第四条 of a paper that numbers 第四条 is that clause, not its fourth item.
    return address.unit != "条" or clause.kind is Kind.ARTICLE


def addressed(document: Document, text: str) -> list[Clause]:
    """Returns the clauses of `document` that `text` addresses, in the order of `text`.

    Consecutive addresses form a chain: 二、（一）1． is one clause. Of several clauses with the same number,
    those remain whose chapter heading occurs before it in `text`, and whose label is written the same way.
    """
    by_id = {clause.id: clause for clause in document.clauses}
    found: list[Clause] = []
    previous: Address | None = None
    reached: list[Clause] = []  # clauses that this chain addresses so far
    lost = False  # the chain names a part of `reached` that is not a clause: 第十七条第二款
    for address in addresses(text):
        fitting = [clause for clause in document.clauses if _fits(clause, address)]
        leads = previous is not None and bool(_LEADS.fullmatch(text[previous.end : address.start]))
        below = [c for c in fitting if {r.id for r in reached}.intersection(ancestors(c, by_id))]
        again = previous is not None and (previous.unit, previous.form) == (address.unit, address.form)
        if leads and not lost and below:
            reached = _written_so(below, address)
        elif leads and reached and not again:
            lost = True
        else:
            found += reached
            parents = {clause.parent for clause in reached} if again else set()
            reached = _first_of_chain(fitting, address, by_id, text[: address.start], parents)
            lost = False
        previous = address
    return list(dict.fromkeys(found + reached))


def _first_of_chain(
    fitting: list[Clause],
    address: Address,
    by_id: Mapping[str, Clause],
    before: str,
    parents: Set[str | None],
) -> list[Clause]:
    """Returns the clauses that the first address of a chain may mean, given the words before it.

    `parents` are the parents of the clauses that the previous chain addressed in the same way: in
    三、（二）和（三） the second is a sibling of the first.
    """
    spoken = re.split(r"[和与及、，,]", before)[-1]
    named = [clause for clause in fitting if _under_named_heading(clause, by_id, spoken)]
    siblings = [clause for clause in fitting if clause.parent in parents]
    return _written_so(named or siblings or fitting, address)


def _written_so(clauses: list[Clause], address: Address) -> list[Clause]:
    """Returns the clauses whose label is written like the address; all of them when none is."""
    like = {
        "（": [clause for clause in clauses if clause.path[-1].startswith("（")],
        "、": [clause for clause in clauses if clause.path[-1].endswith("、")],
        "．": [clause for clause in clauses if clause.path[-1][:1].isdecimal()],
    }
    return (like.get(address.form) if not address.unit else None) or clauses


def ancestors(clause: Clause, by_id: Mapping[str, Clause]) -> list[str]:
    """Returns the ids of the parent clauses, nearest first."""
    ids: list[str] = []
    while clause.parent is not None and clause.parent in by_id:
        ids.append(clause.parent)
        clause = by_id[clause.parent]
    return ids


def _under_named_heading(clause: Clause, by_id: Mapping[str, Clause], spoken: str) -> bool:
    """Whether the words just before name the heading of a parent clause."""
    above = [by_id[ancestor_id] for ancestor_id in ancestors(clause, by_id)]
    return any(len(ancestor.heading) >= 2 and ancestor.heading in spoken for ancestor in above)


def without_addresses(text: str) -> str:
    """Returns `text` without its clause numbers."""
    return without(text, [Span(address.start, address.end) for address in addresses(text)])
