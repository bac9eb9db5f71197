"""What each part of search and answering adds: `python -m benchmarks.ablation SET… [--public FOLDER…]`.

Every row leaves one part out and asks the same questions again. p is from the paired randomisation test of
`evals.measures.stats` against the whole program. The index is unchanged; the part left out is not used.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from unittest.mock import patch

from rich.console import Console

from evals.measures.stats import randomisation
from evals.model import Provenance
from evals.public.corpus import open_corpus
from evals.public.files import PublicSet, load_public_set
from evals.public.retrieval import rank
from evals.run.runner import run_sets
from rag.assemble import open_assistant
from rag.language.thesaurus import Expansion
from rag.ranking import Ranking
from rag.settings import Settings, load_settings

CLAUSES = 50  # searched for a question of a public set
MEASURES = ("R@1", "facts", "all three", "false refusal", "outcome")
PUBLIC_MEASURES = ("hit@1", "R@10", "nDCG@10")

# Parts that are not a single parameter: name → replacements (dotted name, value).
PARTS: dict[str, tuple[tuple[str, object], ...]] = {
    "the whole program": (),
    "without sentence vectors in evidence": (
        ("index.search.segmented.similar", lambda _segment, _vector, rows: [()] * len(rows)),
    ),
    "words never weighed down by terms missing in the papers": (
        ("index.search.words.Words.known", lambda *_: 1.0),
    ),
    "without thesaurus": (("rag.language.query_terms.expand", lambda _: Expansion(())),),
    "without regions and names of papers": (("rag.question.scope.find_divisions", lambda _: []),),
}
# Parameters of the ranking and the value at which each has no effect; for bonuses and penalties it is 0.
NEUTRAL: dict[str, float] = {
    "sentences.k1": 100.0,
    "sentences.usual_terms": 1e9,
    "terms.carried": 1.0,
    "signals.cosine_span": 1.0,
    "signals.lead_span": 1.0,
    "signals.words_span": 1.0,
    "signals.next_clauses": 1,
    "signals.enough_named": 1.0,
    "signals.enough": 1.0,
    "clauses.reranked": 1,
    "clauses.likely_hits": 1,
    "quoting.further": 1.0,
    "quoting.most_sentences": 1000,
    "quoting.under_run_in": 100_000,
    "quoting.considered": 0,
    "quoting.second_clause": 9.0,
    "quoting.second_sentence": 9.0,
    "quoting.says_more": 1e9,
    "quoting.says_as_much": 9.0,
    "quoting.second_equal": 9.0,
    "quoting.says_new": 9.0,
    "papers.most_beside": 1000,
    "deciding.hits": 1,
    "deciding.compared": 1000,
    "deciding.related": 9.0,
}
# Weights of the vectors, by name of the row.
WEIGHTS = {"vectors alone": 1.0, "words as far as the papers contain them": 0.0}


@dataclass(frozen=True, slots=True)
class Variant:
    """A row of the table: the program with a part replaced."""

    name: str
    settings: Settings
    ranking: Ranking
    changes: tuple[tuple[str, object], ...] = ()


@contextmanager
def left_out(changes: Sequence[tuple[str, object]]) -> Iterator[None]:
    """Replaces parts of the program while the block runs."""
    with ExitStack() as stack:
        for name, value in changes:
            stack.enter_context(patch(name, value))
        yield


def without(path: str) -> Ranking:
    """Returns the ranking with one parameter at the value where it has no effect."""
    group, name = path.split(".")
    part = getattr(Ranking(), group)
    return replace(Ranking(), **{group: replace(part, **{name: NEUTRAL.get(path, 0)})})


def variants(settings: Settings) -> Iterator[Variant]:
    """Yields every row of the table."""
    ranking = Ranking()
    for name, changes in PARTS.items():
        yield Variant(name, settings, ranking, changes)
    for name, weight in WEIGHTS.items():
        search = settings.search.model_copy(update={"dense_weight": weight})
        yield Variant(name, settings.model_copy(update={"search": search}), ranking)
    for group in fields(ranking):
        for number in fields(getattr(ranking, group.name)):
            path = f"{group.name}.{number.name}"
            yield Variant(f"{path} = {NEUTRAL.get(path, 0)}", settings, without(path))


Scores = dict[str, dict[str, float]]  # measure → question → score


def of_sets(paths: Sequence[Path], settings: Settings, ranking: Ranking) -> Scores:
    """Returns the scores of every question of the test sets."""
    assistant = open_assistant(settings, ranking=ranking)
    report = run_sets(paths, assistant.ask, documents=assistant.documents(), provenance=Provenance())
    return {
        name: {result.id: result.scores[name] for result in report.results if name in result.scores}
        for name in MEASURES
    }


def of_public(public: PublicSet, settings: Settings, ranking: Ranking) -> Scores:
    """Returns the scores of every search of a public set."""
    opened = open_corpus(public, settings=settings, ranking=ranking)
    found: Scores = {name: {} for name in PUBLIC_MEASURES}
    for queries in public.query_sets:
        for ranked in rank(queries, opened, clauses=CLAUSES):
            for name in PUBLIC_MEASURES:
                if name in ranked.scores:
                    found[name][f"{queries.name}/{ranked.query.id}"] = ranked.scores[name]
    return found


def table(
    title: str, measure: Callable[[Settings, Ranking], Scores], names: Sequence[str], console: Console
) -> None:
    """Prints the rows of one set as Markdown, each as soon as it is measured."""
    console.print(f"\n{title}\n")
    console.print(f"| | {' | '.join(names)} |\n|---|{'---|' * len(names)}")
    whole: Scores = {}
    for row in variants(load_settings()):
        with left_out(row.changes):
            scores = measure(row.settings, row.ranking)
        whole = whole or scores
        console.print(f"| {row.name} | {' | '.join(cell(scores[name], whole[name]) for name in names)} |")


def cell(scores: dict[str, float], whole: dict[str, float]) -> str:
    """Returns the mean, and p where it differs from the whole program."""
    ids = sorted(scores.keys() & whole.keys())
    if not ids:
        return "–"
    ours, theirs = [scores[i] for i in ids], [whole[i] for i in ids]
    mean = sum(ours) / len(ids)
    return f"{mean:.3f}" if ours == theirs else f"{mean:.3f} (p {randomisation(ours, theirs):.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="*", type=Path, help="test sets")
    parser.add_argument("--public", nargs="*", default=[], type=Path, help="public sets")
    options = parser.parse_args()
    console = Console(width=200, highlight=False, markup=False, soft_wrap=True)
    for path in options.sets:
        table(path.name, partial(of_sets, [path]), MEASURES, console)
    for folder in options.public:
        public = load_public_set(folder)
        table(folder.name, partial(of_public, public), PUBLIC_MEASURES, console)


if __name__ == "__main__":
    main()
