"""Parses a question before anything is searched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from corpus.catalogue.catalogue import Catalogue
from corpus.model import Clause, Document, Span
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.mentions import find_divisions
from corpus.text.script import simplify, to_traditional
from index.terms.tokenize import fold
from rag.language.detection import language_of
from rag.language.query_terms import Idf, Query, query_of
from rag.language.stopwords import residue, without
from rag.model import AsOf, Language, Question, Turn
from rag.question.clause_addresses import addressed, addresses, without_addresses
from rag.question.dialogue.follow_up import context_of, recent, standalone
from rag.question.intent import Act, Breadth, Want, act_of, asks_which, wants_of, without_which
from rag.question.literals import abbreviations, literals
from rag.question.metadata_fields import MetadataField, metadata_fields_of
from rag.question.scope import NO_PAPER, Scope, current, issued_by_then, scope_of
from rag.ranking import TermWeights

# Characters left of a question that only asks for metadata, without question words and title.
_HEAD_RESIDUE = 8
_SCOPE = PhraseTable.read("rag", "scope.tsv")
# Papers in which an address such as 第三条 is looked up.
_MOST_READ = 20
# The longest single term, in characters, that a paper is expected to contain verbatim.
_TERM_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Understanding:
    """Everything derived from the question and its history, before search."""

    text: str  # rewritten so that it needs no earlier turn, as words to search for
    rewritten: bool
    sentence: str  # rewritten likewise, as a person would ask it
    language: Language
    act: Act
    scope: Scope
    limit: frozenset[str] | None  # the papers that the request is limited to; None for no limit
    as_of: AsOf | None  # the day asked about; None for today
    words: str  # the text without the names of papers and regions
    carried: str  # the part of it from earlier turns
    query: Query
    wants: tuple[Want, ...]
    fields: tuple[MetadataField, ...]
    only_fields: bool  # asks for metadata only
    literals: tuple[str, ...]  # folded words that the paper should contain verbatim
    quoted: bool  # whether the literals are in quotation marks
    breadth: Breadth
    addressed: tuple[Clause, ...]
    bare_address: bool  # asks for the clause as a whole: 第三条讲什么
    missing_address: bool  # names an article that the paper does not have
    cited: tuple[Clause, ...]  # clauses of the last answer, when the question refers to them

    @property
    def own(self) -> str:
        """Returns the text without the part from earlier turns."""
        return self.text.removesuffix(self.carried)

    @property
    def spans_papers(self) -> bool:
        """Whether each paper is searched by itself."""
        return self.breadth is not Breadth.ONE

    def admits(self, document_id: str) -> bool:
        """Whether the request is not limited to other papers."""
        return self.limit is None or document_id in self.limit


def understand(
    question: Question,
    catalogue: Catalogue,
    *,
    idf: Idf,
    counts: TermWeights,
    spell: Callable[[str], str] = str,
    around: Scope | None = None,
) -> Understanding:
    """Parses the question. Never raises, whatever the text.

    `idf` returns how rare a term is in the papers, `counts` what synonyms and words of earlier turns count,
    `spell` corrects misspelt words of the papers. `around` is the scope of a part of a question that names
    no paper and no region itself.
    """
    asked, language = _plain(question.text), language_of(question.text)
    spelled = spell(asked)
    history = [_plain_turn(turn, spell) for turn in recent(question.history)]
    alone = standalone(spelled, context_of(history, catalogue), catalogue)
    text = alone.text
    scope, limit = _papers_asked(question, text, catalogue, around=around)
    named = _papers_for_addresses(scope, catalogue) if addresses(text) else []
    found = tuple(clause for d in named for clause in addressed(d, without(text, scope.spans)))
    # 第三十七条的标题 asks for the heading of the clause, not for the title of the paper.
    fields = () if found else metadata_fields_of(text)
    words = without(text, scope.spans).strip() or text
    rest = residue(words, catalogue.names.title_pairs).replace(" ", "")
    breadth = _breadth(text, scope, fields)
    return Understanding(
        text=text,
        rewritten=alone.rewritten or spelled != asked,
        sentence=to_traditional(alone.sentence) if language is Language.TRADITIONAL else alone.sentence,
        language=language,
        act=act_of(asked),
        scope=scope,
        limit=limit,
        as_of=question.as_of,
        words=words,
        carried=alone.carried,
        query=_query(words, carried=alone.carried, idf=idf, counts=counts),
        wants=wants_of(text),
        fields=fields,
        only_fields=bool(fields) and len(rest) <= _HEAD_RESIDUE * len(fields),
        quoted=bool(literals(words)),
        literals=_literals(words, breadth),
        breadth=breadth,
        addressed=found,
        bare_address=bool(found) and not _SCOPE.without("whole_clause", without_addresses(rest)).strip(),
        missing_address=bool(named and not found and _addresses_article(text)),
        cited=alone.cited,
    )


def _papers_asked(
    question: Question, text: str, catalogue: Catalogue, *, around: Scope | None
) -> tuple[Scope, frozenset[str] | None]:
    """Returns the papers that `text` names, and those that the request is limited to; None for no limit."""
    scope = _or_around(scope_of(text, catalogue), around)
    scope = current(_filtered(scope, question, catalogue), text, catalogue)
    limit = _within(question, catalogue) if question.documents or question.regions else None
    if question.as_of is not None:
        scope = issued_by_then(scope, catalogue)
        if not scope.by_number and catalogue.issued_later:
            limit = (frozenset(catalogue.ids) if limit is None else limit) - frozenset(catalogue.issued_later)
    return scope, limit


def _or_around(scope: Scope, around: Scope | None) -> Scope:
    """Returns `around` for a scope that names nothing."""
    if around is None or scope.named or scope.uncovered or scope.unknown:
        return scope
    return replace(around, spans=scope.spans)


def _query(words: str, *, carried: str, idf: Idf, counts: TermWeights) -> Query:
    places = [Span(mention.start, mention.end) for mention in find_divisions(words)]
    return query_of(words, idf=idf, counts=counts, carried=carried, places=places)


def _literals(words: str, breadth: Breadth) -> tuple[str, ...]:
    found = literals(words) or abbreviations(words)
    return found or (_single_term(words) if breadth is Breadth.WHICH else ())


def _plain(text: str) -> str:
    """Returns `text` in simplified characters, as in the tables of phrases, without lone surrogates."""
    return simplify(text.encode("utf-8", "replace").decode("utf-8"))


def _plain_turn(turn: Turn, spell: Callable[[str], str]) -> Turn:
    """Normalises a user's turn like a question; in an answer the names of papers stay unchanged."""
    if turn.role != "user":
        return turn
    return replace(turn, content=spell(_plain(turn.content)))


def _papers_for_addresses(scope: Scope, catalogue: Catalogue) -> list[Document]:
    """Returns the papers in which an address is looked up: those named, or the only stored one.

    Empty for a place with more papers than may be read: it is unknown which of them the question means.
    """
    subjects = sorted(scope.preferred) or _only(scope, catalogue)
    return catalogue.documents(subjects) if len(subjects) <= _MOST_READ else []


def _only(scope: Scope, catalogue: Catalogue) -> Sequence[str]:
    """Returns the only paper that a question without a name can be about, if there is just one."""
    ids = scope.allowed or (catalogue.ids if len(catalogue) == 1 else ())
    return list(ids) if len(ids) == 1 else []


def _single_term(words: str) -> tuple[str, ...]:
    """Returns the single term that papers should mention (干细胞，哪些文件提了？), or nothing."""
    runs = residue(without_which(words), []).split()
    return (fold(runs[0]),) if len(runs) == 1 and len(runs[0]) <= _TERM_LENGTH else ()


def _addresses_article(text: str) -> bool:
    return any(address.unit == "条" for address in addresses(text))


def _breadth(text: str, scope: Scope, fields: Sequence[MetadataField]) -> Breadth:
    if scope.subjects > 1 and len(scope.preferred) > 1:
        return Breadth.COMPARE
    if not scope.preferred and not fields and asks_which(text):
        return Breadth.WHICH
    return Breadth.ONE


def _filtered(scope: Scope, question: Question, catalogue: Catalogue) -> Scope:
    """Returns the scope limited by the filters of the request."""
    if not question.documents and not question.regions:
        return scope
    within = _within(question, catalogue)
    if not within:
        return replace(
            scope, preferred=(), allowed=NO_PAPER, uncovered=question.regions, unknown=question.documents
        )
    return replace(
        scope,
        preferred=tuple(i for i in scope.preferred if i in within),
        allowed=tuple(i for i in scope.allowed if i in within) or tuple(sorted(within)),
        excluded=bool(scope.allowed) and not within.intersection(scope.allowed),
    )


def _within(question: Question, catalogue: Catalogue) -> frozenset[str]:
    """Returns the ids of papers that pass the filters."""
    named = frozenset(catalogue.head(i).id for i in question.documents if i in catalogue)
    if not question.regions:
        return named
    divisions = [d for region in question.regions for m in find_divisions(region) for d in m.divisions]
    placed = catalogue.places.applying_in_any(divisions)
    return placed & named if question.documents else placed
