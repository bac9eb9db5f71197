"""The parameters that decide which clauses are found, in what order, and what of them is quoted.

One frozen value, created in one place and passed to the parts that use it. Its fingerprint goes into every
receipt, so that a replay reports a changed parameter. The effect of each was measured on the development
questions (`docs/quality.md`); `benchmarks/ablation.py` repeats the measurement.

Weights stored in the index (`index.search.lexical`) are not part of it: changing one increments the format in
the manifest of the index.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field

from index.model import Fusion

_DIGITS = 12  # of the fingerprint


@dataclass(frozen=True, slots=True)
class TermWeights:
    """Weights of terms that are not words of the question itself, whose weight is 1."""

    synonym: float = 0.4
    # Inverse document frequency of a word that occurs in about one clause of forty: synonyms of more usual
    # words only blur the search (measured on both sets).
    rare: float = 3.6
    # A word of an earlier turn.
    carried: float = 0.5
    # A synonym of an English word takes the place of the word, which no Chinese paper contains.
    translation: float = 0.7


@dataclass(frozen=True, slots=True)
class SentenceScores:
    """How sentences of clauses are scored: BM25 and cosine together."""

    # BM25's saturation, and how much of a sentence's length counts. Sentences of one clause differ little in
    # what their length means, so `b` is small.
    k1: float = 1.2
    b: float = 0.3
    usual_terms: float = 90.0  # terms of a sentence of about 45 characters
    # Share of the words in the score, for a question whose words the papers contain.
    words: float = 0.7
    # What a sentence gains, as a share of its score, that contains the kind of figure the question asks for.
    figure_bonus: float = 0.35


@dataclass(frozen=True, slots=True)
class ClauseScores:
    """What is added to or taken from the score of a clause, which search gives from 0 to 1."""

    # Clauses whose sentences are compared with the question; the order below them stays as searched.
    reranked: int = 20
    # Share of the best sentence in the score of a clause.
    sentence_share: float = 0.25
    # A paper that applies but is not the one named (the province's, for a question about a city).
    not_preferred: float = 0.25
    # A paper of another place, where some papers do not say theirs.
    unlikely: float = 0.1
    # A paper that another has repealed or that has expired, where it is not the one asked for by number.
    out_of_force: float = 0.5
    # A clause that contains the very words which the question puts in quotation marks.
    literal: float = 0.4
    # A clause that contains every kind of figure the answer must contain: an amount where 多少钱 is asked.
    contains_wanted: float = 0.1
    # A heading over other clauses says where the answer is, not what it is.
    bare_heading: float = 0.3
    # Hits whose papers are examined one by one for a question over all papers, however many there are.
    likely_hits: int = 100
    # A clause that is addressed outright comes before any that is merely similar.
    addressed: float = 2.0
    # A clause that the answer before quoted, when the question points at it.
    cited_before: float = 0.35
    # A clause that states the fact about the paper which alone is asked for.
    states_metadata: float = 1.5


@dataclass(frozen=True, slots=True)
class SignalScales:
    """The values at which each signal of the confidence is 0 and 1."""

    # Cosines of an unrelated question and sentence are about this with the e5 models, which crowd into 0.7–1.
    cosine_floor: float = 0.8
    cosine_span: float = 0.15
    # A lead of this much over the mean of the next clauses is as good as any: of the cosine, and of the BM25
    # score as a share of the sum over the question's words of weight times IDF.
    lead_span: float = 0.04
    words_span: float = 0.2
    next_clauses: int = 5  # that a lead is measured against
    # Sentences that score this share of the clause's best one may be quoted, so they count as said.
    quoted_share: float = 0.5
    # Coverage from which a question counts as about the papers: little is enough when it names a region
    # with a paper (though not for its weather), more when it does not.
    enough_named: float = 0.15
    enough: float = 0.5


@dataclass(frozen=True, slots=True)
class Quoting:
    """How much of a clause is quoted; lengths in characters, floors as shares of the best score."""

    # Further sentences of a clause are quoted from this share of its best one on.
    further: float = 0.56
    most_sentences: int = 4
    # A clause this short is quoted whole: cutting it saves nobody reading.
    whole_clause: int = 110
    # A clause whose heading says best what is asked is quoted whole up to this length …
    whole_by_heading: int = 420
    # … where the heading says this share of the question, and more than any sentence.
    heading_coverage: float = 0.5
    # A sentence this short before others is their heading, and is quoted with up to `under_run_in` of them.
    run_in: int = 18
    under_run_in: int = 260
    # The best sentence and the one after it are quoted together up to this length: what follows says how.
    together: int = 260
    longest_list: int = 1200  # of a list that is quoted with its lead-in
    # A second clause is quoted beside the best one, of so many that follow it, where its score is this share
    # of the best one's, that of its best sentence this share of the best sentence's …
    considered: int = 3
    second_clause: float = 0.65
    second_sentence: float = 0.7
    # … if a sentence of it says so many times as much of the question as any of the best clause, …
    says_more: float = 1.1
    # … or about as much, where its score is this share; …
    says_as_much: float = 0.8
    second_equal: float = 0.88
    # … or if it says this share of the question that the best one does not say.
    says_new: float = 0.25


@dataclass(frozen=True, slots=True)
class PaperFloors:
    """Minimum shares of the best score for a paper to take part in an answer over several."""

    # Of the best sentence of all. On the development questions those that belong score 0.70 of it and more,
    # the others 0.67 and less.
    takes_part: float = 0.68
    # Below this share, the answer states that a paper that was asked about contains nothing on the matter.
    contains_nothing: float = 0.3
    # Where no paper is named, others are quoted beside the best clause when their best sentence is worth this
    # share, and their whole clause scores this share.
    beside: float = 0.65
    close: float = 0.65
    most_beside: int = 5  # papers side by side; more are no answer


@dataclass(frozen=True, slots=True)
class Deciding:
    """Parameters that decide between an answer, a correction and a refusal."""

    hits: int = 10  # clauses examined, and shown with every reply
    most_named: int = 5  # papers of a place; where it has more, one of them is meant, not all
    # The best sentences of a clause that a false premise is compared with.
    compared: int = 3
    # A clause of the same paper that scores this share of the best one may be what a premise is about.
    about_it: float = 0.7
    # Share of a question that a clause must say for the question to be about the papers, where it names none.
    related: float = 0.25


@dataclass(frozen=True, slots=True)
class Ranking:
    """All parameters."""

    fusion: Fusion = field(default_factory=Fusion)
    terms: TermWeights = field(default_factory=TermWeights)
    sentences: SentenceScores = field(default_factory=SentenceScores)
    clauses: ClauseScores = field(default_factory=ClauseScores)
    signals: SignalScales = field(default_factory=SignalScales)
    quoting: Quoting = field(default_factory=Quoting)
    papers: PaperFloors = field(default_factory=PaperFloors)
    deciding: Deciding = field(default_factory=Deciding)

    @property
    def fingerprint(self) -> str:
        """Returns a digest of all parameters."""
        numbers = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(numbers.encode()).hexdigest()[:_DIGITS]
