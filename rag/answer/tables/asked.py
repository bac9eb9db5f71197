"""What a question that asks for a table wants: kinds of facts, a matter, columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.facts.model import FactKind, RuleKind
from corpus.model import Span, Status
from corpus.notation.figures import FigureKind, figures
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.divisions import NATION
from corpus.regions.mentions import find_divisions
from rag.answer.tables.stated import STATED, STATUSES, office_asked, stated_asked, status_asked
from rag.answer.tables.sums import SumsAsked, range_spans, sums_asked
from rag.language.stopwords import unasked, without
from rag.question.intent import Breadth, Want, without_which
from rag.question.metadata_fields import MetadataField
from rag.question.understand import Understanding

_PHRASES = PhraseTable.read("rag", "tables.tsv")
_KINDS = tuple(kind for kind in FactKind if kind.value in _PHRASES.senses)
_RULES = tuple(rule for rule in RuleKind if rule.value in _PHRASES.senses)
_PAID = frozenset({FactKind.MONEY, FactKind.INTEREST})
_ASIDE = re.compile(r"[（(](?P<words>[^（）()]{3,})[）)]")  # but 首台（套） is one word
# 除孵化器以外, （工业互联网平台除外）, 不包括贷款
_EXCEPT = re.compile(
    r"(?<![免解扣拆清排删切消剔废])除(?:了|去|开)?(?P<before>[^，。；、？?()（）]{2,16}?)的?(?:之外|以外|外(?=[，,]))[，,]?"
    r"|[，,（(]?(?P<after>[^，。；、？?()（）的]{2,12}?)除外[）)]?"
    r"|[，,（(]?(?:不含|不包括|不算)(?P<without>[^，。；、？?()（）]{2,12})[）)]?"
)
_JOINED = re.compile(r"\w(?:、|和|与|及|或)\w")
_YEAR = re.compile(r"(20\d{2})\s*年?")
# 湖南2020年有哪些: of no event of the enterprise, as in 2020年认定的企业有哪些
_OF_YEAR = re.compile(r"(20\d{2})\s*年度?(?=\s*(?:$|[的，,、？]?\s*(?:都|共|总共)?(?:有|给|对|哪|什么)))")
_STATED = frozenset({FigureKind.MONEY, FigureKind.DURATION})  # figures that name no matter
# Senses of words that name no matter.
_FRAME = ("lists", "with_sum", *STATED, "at_least", "at_most", *STATUSES, "benefit", "source", "generic")
# Questions after one of these, and no figure, have no rows: a table would not answer them.
_OF_CLAUSES = frozenset({Want.UNITS, Want.CONTACT, Want.PERSON, Want.DATE})
_OF_VALIDITY = frozenset({MetadataField.VALIDITY, MetadataField.STATUS})
# What a question that names no kind counts or measures.
_IMPLYING = frozenset({Want.PERIOD, Want.PERCENT, Want.COUNT, Want.MONEY, Want.FUND})


@dataclass(frozen=True, slots=True)
class TableAsked:
    """A question that facts may answer.

    `kinds` are those it names; empty for any kind. `matter` are the words that limit them.
    """

    kinds: frozenset[FactKind]
    rules: frozenset[RuleKind]
    matter: str
    excluded: str  # what provisions must not be about: 除孵化器以外
    literals: tuple[str, ...]  # folded words in quotation marks that a row contains
    with_sum: bool  # only what states a sum
    sums: SumsAsked
    stated: frozenset[str]  # what else a provision has to state, as in `stated.STATED`
    office: str  # which a provision has to name; empty for any
    status: Status | None  # of the papers
    benefits: bool  # whatever somebody gets, of any kind
    year: int | None  # of targets
    in_year: int | None  # in which the provisions applied
    implying: frozenset[Want]  # what a provision states, if the question names no kind
    has_rows: bool  # False: the question only asks whether there is any

    @property
    def named(self) -> bool:
        """Whether the question says of what kind the provisions are."""
        return bool(self.kinds or self.rules or self.implying or self.sums or self.benefits)


def table_asked(asked: Understanding) -> TableAsked | None:
    """Returns what a table should have, or None for a question that asks for no table."""
    words, excluded = _without_excluded(asked.words)
    each_place = asked.breadth is Breadth.WHICH
    asks_rows = each_place or _PHRASES.has("lists", words)
    asks_any = asks_rows or _PHRASES.has("any", words)
    if asked.addressed or not asks_any or _PHRASES.has("no_table", words):
        return None
    literals = _literals(asked)
    if literals and asked.breadth is Breadth.COMPARE:
        literals = tuple(one for one in literals if not names_kind(_KINDS, one))  # “绿色通道”
    named = () if literals else _named_in(words)
    kinds = frozenset(kind for kind, _ in named if isinstance(kind, FactKind))
    rules = frozenset(kind for kind, _ in named if isinstance(kind, RuleKind))
    of_rules = _is_of_rules(asked, rules)
    office = office_asked(words)
    if (asked.fields or (asked.wants and _OF_CLAUSES.issuperset(asked.wants))) and not of_rules:
        return None
    plain, implying = not (kinds or rules or literals), _IMPLYING.intersection(asked.wants)
    found = TableAsked(
        kinds=kinds,
        rules=rules,
        # A rule is that of its whole paper.
        matter="" if rules and not kinds else matter_words(words, [span for _, span in named]),
        excluded=excluded,
        literals=literals,
        with_sum=_PHRASES.has("with_sum", words),
        sums=sums_asked(words, [span for _, span in named]) if plain or kinds <= _PAID else SumsAsked(),
        stated=stated_asked(words),
        office=office,
        status=status_asked(words),
        benefits=plain and (bool(office) or _PHRASES.has("benefit", words)),
        year=_year(words, _YEAR),
        in_year=_year(words, _OF_YEAR),
        implying=implying if plain and asked.breadth is not Breadth.COMPARE else frozenset(),
        has_rows=asks_rows,
    )
    if not asks_rows:
        return found if kinds else None
    quoted = bool(literals) and asked.breadth is not Breadth.COMPARE
    return found if found.named or quoted or each_place else None


def _without_excluded(words: str) -> tuple[str, str]:
    """Returns the question without what it excludes, and that."""
    found = list(_EXCEPT.finditer(words))
    said = "、".join(filter(None, (one["before"] or one["after"] or one["without"] for one in found)))
    return without(words, [Span(*one.span()) for one in found]), said


def _literals(asked: Understanding) -> tuple[str, ...]:
    """Returns the folded words that a row contains: those in quotation marks, and abbreviations.

    Not an abbreviation that is one of several things asked about: 工业互联网平台和工业APP.
    """
    if asked.quoted:
        return asked.literals
    if _JOINED.search(without_places(asked.words)):
        return ()
    return tuple(words for words in asked.literals if words.isascii())


def names_kind(kinds: Iterable[FactKind | RuleKind], words: str) -> bool:
    """Whether the words of a provision name one of the kinds itself."""
    return any(kind in (*_KINDS, *_RULES) and _PHRASES.has(kind.value, words) for kind in kinds)


def matter_words(words: str, named: Iterable[Span] = ()) -> str:
    """Returns the words of a question without those that ask, and those `named` that name a kind."""
    forms = _PHRASES.spans("form", words)
    named = [span for span in named if not any(f.start <= span.start < f.end for f in forms)]
    numbers = [figure.span for figure in figures(words, kinds=_STATED)]
    rest = without_which(without(words, [*named, *numbers, *range_spans(words)]))
    for sense in (*_FRAME, "entity"):
        rest = _PHRASES.without(sense, rest)
    rest = without_places(rest)
    rest = _ASIDE.sub("、\\g<words>、", rest)  # 综合贡献（税收留成）: the same in other words
    rest = without(rest, _PHRASES.spans("such_as", rest), by="、")  # 银行等金融机构
    return _YEAR.sub(" ", rest)


def without_places(words: str) -> str:
    """Returns the words without divisions: a place limits the papers, and is no matter of theirs."""
    places = [one for one in find_divisions(words) if one.division != NATION]
    return without(words, [Span(one.start, one.end) for one in places])


def _named_in(words: str) -> Sequence[tuple[FactKind | RuleKind, Span]]:
    """Returns the kinds that the question names, with their words.

    In a compound the last word names the kind: 贷款贴息, and 担保公司的补贴 is no guarantee. A word before
    another one names a kind only where nothing else does.
    """
    names: tuple[FactKind | RuleKind, ...] = (*_KINDS, *_RULES)
    found = [(kind, s) for kind in names for s in _PHRASES.spans(kind.value, words)]
    frame = [span for sense in _FRAME for span in _PHRASES.spans(sense, words)]
    rest = without(unasked(words), frame)
    last = [
        (kind, span)
        for kind, span in found
        if not rest[span.end : span.end + 1].isalnum() or _goes_on(span, kind, found)
    ]
    return last or found


def _goes_on(
    span: Span, kind: FactKind | RuleKind, found: Sequence[tuple[FactKind | RuleKind, Span]]
) -> bool:
    """Whether more words for the same kind follow: 审批时限压缩到, 股权投资基金."""
    return any(other is kind and s.start <= span.end < s.end for other, s in found)


def _is_of_rules(asked: Understanding, rules: frozenset[RuleKind]) -> bool:
    """Whether a question after the validity asks for rules, or for those of several papers."""
    several = len(asked.scope.preferred) != 1
    return len(rules) > 1 or (bool(rules) and several and _OF_VALIDITY.issuperset(asked.fields))


def _year(words: str, stated: re.Pattern[str]) -> int | None:
    found = stated.search(words)
    return int(found[1]) if found else None
