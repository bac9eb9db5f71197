"""Trains the reader from the questions of this folder and writes index/data/reader.npz.

    python -m tools.reader --laws china-law --papers policy-docs --cmrc cmrc2018

README.md says where the data sets are from. Takes about two and a half hours on one core.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from time import monotonic

import torch

from index.conversion.convert import convert
from index.embedding import bundled
from rag.settings import Settings, load_settings
from tools.reader.batches import Part
from tools.reader.claims import made_pairs
from tools.reader.network import ReaderNetwork, load, save
from tools.reader.pairs import Article, Label, Pair, is_held_out, question_pairs, span_pairs, statement_pairs
from tools.reader.questions import (
    CLAIMS,
    CLOSE,
    EVERYDAY,
    INVENTED,
    LAWS,
    PAPERS,
    WITH_CLAUSES,
    read_questions,
    read_statements,
)
from tools.reader.sources import (
    SourceFault,
    all_laws,
    pool_of,
    read_laws,
    read_papers,
    read_spans,
    written_clauses,
)
from tools.reader.training import STEPS, figures, judged, train

_TIMES = 3  # that claims are made from the invented clauses: they have more figures than laws
# Weights of the parts: what is made by rules teaches to compare, what is written teaches words.
_MADE, _WRITTEN, _CLOSE, _EVERYDAY, _STATEMENTS, _SPANS = 20, 16, 12, 16, 2, 4


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    rng = Random(options.seed)
    settings = load_settings()
    embedding = settings.embedding.model_copy(update={"threads": options.threads})
    settings = settings.model_copy(update={"embedding": embedding})

    pool = own_pairs(options.laws, options.papers, settings=settings, rng=rng)
    close = further_pairs(CLOSE, pool, rng=rng)
    everyday = further_pairs(EVERYDAY, pool, rng=rng)
    written = [p for p in pool if not p.held_out]
    held_out = [p for p in (*pool, *close, *everyday) if p.held_out]
    parts = [
        Part(made_pairs(_unasked(options.laws), rng=rng), _MADE),
        Part(written, _WRITTEN),
        Part([p for p in close if not p.held_out], _CLOSE),
        Part([p for p in everyday if not p.held_out], _EVERYDAY),
        Part([p for p in statement_pairs(read_statements(), rng=rng) if not p.held_out], _STATEMENTS),
        Part(span_pairs(*read_spans(options.cmrc), rng=rng), _SPANS),
    ]
    print(f"{sum(len(part.pairs) for part in parts)} pairs, {len(held_out)} held out", flush=True)

    network, started = ReaderNetwork(encoder(settings), frozen=options.frozen), monotonic()
    if options.start is not None:
        load(network, options.start)

    def report(step: int, loss: float) -> None:
        print(f"step {step} of {options.steps}, loss {loss:.3f}, {monotonic() - started:.0f} s", flush=True)

    train(network, parts, steps=options.steps, rng=rng, report=report)
    save(network, options.out)
    print(figures(held_out, judged(network, held_out)))


def own_pairs(laws: Path, papers: Path, *, settings: Settings, rng: Random) -> list[Pair]:
    """The pairs of the questions of this folder.

    Claims in pairs get no sentences of other articles, of which the other questions give enough.
    """
    of_laws, of_papers, claims = (read_questions(name) for name in (LAWS, PAPERS, CLAIMS))
    of_clauses = read_questions(INVENTED)
    ids = {question.article for question in (*of_laws, *claims)}
    groups = (
        ((*of_laws, *claims), read_laws(laws, ids, searched=of_laws, settings=settings)),
        (of_papers, read_papers(papers, of_papers, settings=settings)),
        (of_clauses, written_clauses(INVENTED)),
    )
    pools = {id(source): pool_of(source) for _, source in groups}
    found: list[Pair] = []
    for questions, source in groups:
        elsewhere = [text for key, pool in pools.items() if key != id(source) for text in pool]
        for question in questions:
            article, others = source.articles[question.article], source.others.get(question, ())
            found += question_pairs(question, article, others=others, elsewhere=elsewhere, rng=rng)
    return found


def further_pairs(folder: str, pool: Sequence[Pair], *, rng: Random) -> list[Pair]:
    """The pairs of a folder with clauses of its own; sentences on other matters are those of `pool`."""
    articles = written_clauses(folder).articles
    elsewhere = [pair.sentence for pair in pool if pair.labels == (Label.OTHER,)]
    return [
        pair
        for question in read_questions(folder)
        for pair in question_pairs(question, articles[question.article], elsewhere=elsewhere, rng=rng)
    ]


def _unasked(laws: Path) -> list[Article]:
    """The articles that no written question is about, and the invented clauses that are not held out."""
    asked = {question.article for name in (LAWS, CLAIMS) for question in read_questions(name)}
    clauses = [
        article
        for name in WITH_CLAUSES
        for key, article in written_clauses(name).articles.items()
        if not is_held_out(key)
    ]
    return [*all_laws(laws, without=asked), *clauses * _TIMES]


def encoder(settings: Settings) -> Path:
    """The folder of the bundled model in float32, converted the first time."""
    folder = settings.cache_dir / bundled.name_of("fp32")
    return folder if bundled.is_complete(folder) else convert(settings.cache_dir, precision="fp32")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.reader", description="Trains the reader.")
    parser.add_argument("--laws", type=Path, required=True, help="folder of china-law")
    parser.add_argument("--papers", type=Path, required=True, help="folder of the papers, policy-docs")
    parser.add_argument("--cmrc", type=Path, required=True, help="folder of CMRC 2018")
    parser.add_argument("--steps", type=int, default=STEPS, help="batches of 32 pairs (%(default)s)")
    parser.add_argument("--threads", type=int, default=2, help="threads (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of pairs, order and weights (%(default)s)")
    parser.add_argument("--start", type=Path, help="weights to begin with (those of the encoder alone)")
    parser.add_argument(
        "--frozen", type=int, default=0, help="lowest layers that stay as they are (%(default)s)"
    )
    parser.add_argument(
        "--out", type=Path, default=bundled.ADAPTER, help="file of the weights (that of the program)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    try:
        main()
    except SourceFault as fault:
        sys.exit(str(fault))
