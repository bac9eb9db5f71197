"""Scores how well each sentence of the retrieved clauses answers the question.

The score combines words and vectors: the BM25 score as a share of the highest one, and the cosine scaled
between the lowest and the highest. The fewer words of the question occur in the papers, the less BM25 counts.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from operator import attrgetter
from threading import Lock
from typing import overload

from corpus.model import Clause, Document
from corpus.notation.figures import figures
from corpus.notation.phrase_table import PhraseTable
from corpus.structure.lead_ins import lead_ins
from corpus.structure.table_rows import column_heads, row_around
from corpus.structure.units import Unit, UnitKind, units
from index.terms.tokenize import fold, terms
from rag.language.query_terms import Idf, Known, Query
from rag.model import Passage
from rag.numbers.column_units import column_kinds
from rag.question.intent import Want, figure_kinds
from rag.ranking import SentenceScores

_CACHED_CLAUSES = 4096
_CACHED_PAPERS = 256
_REMEMBERED = 16  # questions, so many that those answered at the same time keep theirs
FIGURES = frozenset({Want.MONEY, Want.PERCENT, Want.COUNT, Want.DATE, Want.PERIOD, Want.FUND})

_ANSWERS = PhraseTable.read("rag", "answer_words.tsv")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quotable unit with its scores."""

    passage: Passage
    unit: Unit
    score: float  # from 0 to 1, comparable within one question
    coverage: float  # share of the question's content that occurs in it
    satisfies: frozenset[Want]
    counts: Mapping[str, int]  # terms of the unit
    weighted_score: float  # the score with the bonus for the requested kind of figure

    @property
    def text(self) -> str:
        return self.unit.span.of(self.passage.document.text)


class EvidenceList(Sequence[Evidence]):
    """The evidence for a question, best first, also by clause.

    `coverage` returns the share of the question's content that occurs in terms.
    """

    def __init__(
        self, found: Iterable[Evidence], *, coverage: Callable[[Container[str]], float] = lambda terms: 0.0
    ) -> None:
        self._found = tuple(found)
        self._coverage = coverage
        self._by_clause: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
        for evidence in self._found:
            clause = evidence.unit.clause
            self._by_clause[clause.document_id, clause.id].append(evidence)

    def of(self, clause: Clause) -> Sequence[Evidence]:
        """Returns the evidence in `clause`, best first."""
        return self._by_clause.get((clause.document_id, clause.id), ())

    def coverage(self, *clauses: Clause) -> float:
        """Returns the share of the question's content that occurs in `clauses` together."""
        return self._coverage(
            {term for clause in clauses for found in self.of(clause) for term in found.counts}
        )

    @overload
    def __getitem__(self, at: int) -> Evidence: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Evidence, ...]: ...
    def __getitem__(self, at: int | slice) -> Evidence | tuple[Evidence, ...]:
        return self._found[at]

    def __len__(self) -> int:
        return len(self._found)


@dataclass(frozen=True, slots=True)
class _Analysed:
    """A quotable unit, whatever the question."""

    unit: Unit
    counts: Counter[str]  # its terms
    terms: int  # the number of them
    satisfies: frozenset[Want]


@dataclass(frozen=True, slots=True)
class _AnalysedClause:
    units: tuple[_Analysed, ...]
    folded: str


@dataclass(frozen=True, slots=True)
class _Concepts:
    """The concepts of a question, each weighted by the IDF of its rarest term."""

    single: Mapping[str, float]  # concepts with one way to say it, of one term
    others: tuple[tuple[float, int], ...]  # weight, and which of the concepts: a question may repeat a word
    # For each term of a way to say a concept: the concept, which of all ways, and the number of its terms. A
    # sentence has few of these terms, so that the shares are counted from them and not way by way.
    ways: Mapping[str, tuple[tuple[int, int, int], ...]]
    total: float

    def coverage(self, counts: Container[str]) -> float:
        """Returns the share by weight of the concepts that occur in `counts`; 0 without concepts."""
        covered = 0.0
        for term in filter(counts.__contains__, self.single):
            covered += self.single[term]
        shares = self._shares(counts)
        if shares:
            for weight, which in self.others:
                covered += weight * shares.get(which, 0.0)
        return covered / self.total if self.total else 0.0

    def _shares(self, counts: Container[str]) -> dict[int, float]:
        """Returns for each concept that is said, or some of it, the largest share said of a way to say it."""
        said: dict[int, int] = {}
        shares: dict[int, float] = {}
        for term in filter(counts.__contains__, self.ways):
            for concept, way, length in self.ways[term]:
                said[way] = found = said.get(way, 0) + 1
                share = found / length
                if share > shares.get(concept, 0.0):
                    shares[concept] = share
        return shares


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What scoring needs of a question."""

    query: Query
    weights: Mapping[str, float]  # of its terms, with their IDF
    known: float  # share of its words that occur in the papers
    concepts: _Concepts


class EvidenceFinder:
    """Scores the sentences of clauses against a question."""

    def __init__(
        self, *, idf: Idf, known: Known, ranking: SentenceScores, cached: int = _CACHED_CLAUSES
    ) -> None:
        self._idf, self._known, self._ranking = idf, known, ranking
        self._cached = cached
        self._lock = Lock()  # several threads answer questions
        self._analysed: OrderedDict[tuple[str, str], _AnalysedClause] = OrderedDict()
        self._questions: OrderedDict[int, _Prepared] = OrderedDict()
        self._papers: OrderedDict[tuple[str, str], frozenset[str]] = OrderedDict()

    def find(
        self,
        query: Query,
        passages: Sequence[Passage],
        *,
        wants: Sequence[Want] = (),
    ) -> EvidenceList:
        """Returns the units of `passages` with their scores, best first."""
        found, scores = self._scored(query, passages)
        concepts, wanted = self._prepared(query).concepts, frozenset(wants)
        bonus = self._ranking.figure_bonus
        evidence = []
        for (passage, one), score in zip(found, scores, strict=True):
            met, coverage = one.satisfies & wanted, concepts.coverage(one.counts)
            weighted = score * (1 + (bonus if met & FIGURES else 0.0))
            evidence.append(Evidence(passage, one.unit, score, coverage, met, one.counts, weighted))
        evidence.sort(key=attrgetter("score"), reverse=True)
        return EvidenceList(evidence, coverage=concepts.coverage)

    def best(self, query: Query, passages: Sequence[Passage]) -> dict[str, float]:
        """Returns the highest score of a unit of each clause, by the key of the clause."""
        best: dict[str, float] = {}
        for (passage, _), score in zip(*self._scored(query, passages), strict=True):
            key = passage.clause.key
            best[key] = max(best.get(key, 0.0), score)
        return best

    def _scored(
        self, query: Query, passages: Sequence[Passage]
    ) -> tuple[list[tuple[Passage, _Analysed]], list[float]]:
        """Returns the units of `passages`, each with its passage, and their scores."""
        prepared = self._prepared(query)
        found: list[tuple[Passage, _Analysed]] = []
        lexical: list[float] = []
        cosines: list[float | None] = []
        for passage in passages:
            near = {(similar.start, similar.end): similar.cosine for similar in passage.sentences}
            for one in self._analyse(passage.document, passage.clause).units:
                found.append((passage, one))
                lexical.append(self._score(prepared.weights, one))
                cosines.append(near.get((one.unit.span.start, one.unit.span.end)))
        share = self._ranking.words * prepared.known
        return found, _combined(lexical, cosines, words=share)

    def coverage(self, query: Query, counts: Container[str]) -> float:
        """Returns the share of the question's concepts that occur in `counts`, weighted by IDF."""
        return self._prepared(query).concepts.coverage(counts)

    def _prepared(self, query: Query) -> _Prepared:
        """Returns what scoring needs of a question; the last few are remembered, as each is scored twice."""
        with self._lock:
            found = self._questions.get(id(query))
        if found is not None:
            return found
        weights = {term: share * self._idf(term) for term, share in query.weights.items()}
        found = _Prepared(query, weights, self._known(query.weights), self._concepts(query))
        with self._lock:
            self._questions[id(query)] = found  # which holds the query, so that no other one has this id
            if len(self._questions) > _REMEMBERED:
                self._questions.popitem(last=False)
        return found

    def _concepts(self, query: Query) -> _Concepts:
        single: dict[str, float] = {}
        others: list[tuple[float, int]] = []
        numbers: dict[tuple[tuple[str, ...], ...], int] = {}
        for ways in query.concepts:
            weight = max(map(self._idf, ways[0]))
            if len(ways) == len(ways[0]) == 1:
                term = ways[0][0]
                single[term] = single.get(term, 0.0) + weight
            else:
                others.append((weight, numbers.setdefault(ways, len(numbers))))
        total = sum(single.values()) + sum(weight for weight, _ in others)
        return _Concepts(single, tuple(others), _by_term(numbers), total)

    def known_share(self, query: Query) -> float:
        """Returns the share of the question's words that occur in the papers."""
        return self._prepared(query).known

    def total_weight(self, query: Query) -> float:
        """Returns the sum over the question's words of weight times IDF."""
        return sum(self._prepared(query).weights.values())

    def clause_counts(self, document: Document, clause: Clause) -> Counter[str]:
        """Returns how often each term occurs in the clause."""
        total: Counter[str] = Counter()
        for one in self._analyse(document, clause).units:
            total.update(one.counts)
        return total

    def paper_terms(self, document: Document) -> frozenset[str]:
        """Returns all terms of the paper."""
        # A file may hold several papers, and a paper may have several versions.
        key = (document.id, document.source.sha256)
        with self._lock:
            found = self._papers.get(key)
        if found is None:
            found = frozenset(terms(document.text))
            with self._lock:
                self._papers[key] = found
                if len(self._papers) > _CACHED_PAPERS:
                    self._papers.popitem(last=False)
        return found

    def title_coverage(self, query: Query, document: Document) -> float:
        """Returns the share of the question's concepts that occur in the paper's titles."""
        titles = (document.head.title, document.head.inner_title)
        return self.coverage(query, set(terms(" ".join(t.value for t in titles if t is not None))))

    def contains(self, document: Document, clause: Clause, words: str) -> bool:
        """Whether folded `words` occur in the clause."""
        return words in self._analyse(document, clause).folded

    def satisfies_all(self, document: Document, clause: Clause, wants: Sequence[Want]) -> bool:
        """Whether the clause contains all of `wants`."""
        found = frozenset[Want]().union(*(one.satisfies for one in self._analyse(document, clause).units))
        return found.issuperset(wants)

    def _score(self, weights: Mapping[str, float], one: _Analysed) -> float:
        k1, b = self._ranking.k1, self._ranking.b
        length = k1 * (1 - b + b * one.terms / self._ranking.usual_terms)
        score = 0.0
        for term in filter(one.counts.__contains__, weights):
            times = one.counts[term]
            score += weights[term] * times * (k1 + 1) / (times + length)
        return score

    def _analyse(self, document: Document, clause: Clause) -> _AnalysedClause:
        key = (clause.key, document.source.sha256)
        with self._lock:
            cached = self._analysed.get(key)
            if cached is not None:
                self._analysed.move_to_end(key)
                return cached
        analysed = _analyse(document, clause)
        with self._lock:
            self._analysed[key] = analysed
            if len(self._analysed) > self._cached:
                self._analysed.popitem(last=False)
        return analysed


def _by_term(
    concepts: Iterable[tuple[tuple[str, ...], ...]],
) -> dict[str, tuple[tuple[int, int, int], ...]]:
    """Returns `_Concepts.ways` of concepts, each with its ways to say it."""
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    numbers = count()
    for concept, ways in enumerate(concepts):
        for way in ways:
            number = next(numbers)
            for term in way:
                found[term].append((concept, number, len(way)))
    return {term: tuple(places) for term, places in found.items()}


def _combined(lexical: Sequence[float], cosines: Sequence[float | None], *, words: float) -> list[float]:
    """Combines the scores of words and vectors. A unit without a vector has only the score of its words."""
    top = max(lexical, default=0.0) or 1.0
    shares = [score / top for score in lexical]
    present = [cosine for cosine in cosines if cosine is not None]
    if not present:
        return shares
    low, high = min(present), max(present)
    scale = (high - low) or 1.0
    dense = [(cosine - low) / scale if cosine is not None else 0.0 for cosine in cosines]
    return [words * share + (1 - words) * near for share, near in zip(shares, dense, strict=True)]


def _analyse(document: Document, clause: Clause) -> _AnalysedClause:
    found = tuple(units(document, clause))
    texts = [unit.span.of(document.text) for unit in found]
    # An item states what it hangs on, which is quoted with it: 一次记15分 above （一）酒后配送的.
    above = frozenset[Want]().union(
        *(_figures_in(lead.span.of(document.text)) for lead in lead_ins(document, clause))
    )
    analysed = []
    for unit, text in zip(found, texts, strict=True):
        counts = Counter(terms(text))
        satisfied = _satisfied(unit, text) | above | _by_column(document, clause, unit)
        analysed.append(_Analysed(unit, counts, counts.total(), satisfied))
    return _AnalysedClause(tuple(analysed), folded=fold(document.text_of(clause)))


def _satisfied(unit: Unit, text: str) -> frozenset[Want]:
    found = set(_figures_in(text))
    if unit.kind is UnitKind.UNITS or _ANSWERS.has("body", text):
        found.add(Want.UNITS)
    if _ANSWERS.has("fund", text):
        found.add(Want.FUND)
    if _ANSWERS.has("where", text):
        found.add(Want.CONTACT)
    return frozenset(found)


def _by_column(document: Document, clause: Clause, unit: Unit) -> frozenset[Want]:
    """Returns what the numbers in the row of a table are by the units in the heads of its columns."""
    row = row_around(document, clause, unit.span)
    heads = column_heads(document, clause, row) if row is not None else None
    if row is None or heads is None or not any(char.isdigit() for char in row.of(document.text)):
        return frozenset()
    kinds = column_kinds(heads.of(document.text))
    return frozenset(want for want in Want if figure_kinds(want) & kinds)


def _figures_in(text: str) -> frozenset[Want]:
    kinds = {figure.kind for figure in figures(text)}
    return frozenset(want for want in Want if figure_kinds(want) & kinds)
