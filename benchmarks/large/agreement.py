"""Compares the vectors of recombined clauses with those that the model gives the same clauses."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.large.searching import BEST
from corpus.load import load
from corpus.model import Kind
from corpus.parse import parse
from index.build.chunks import chunk_document, embedded_text
from index.model import Embedder, Vectors


def agreement(
    papers: Callable[[int], bytes], clauses: int, *, mean: Embedder, model: Embedder, questions: Vectors
) -> dict[str, float]:
    """How far the cosines of questions and clauses agree, and the ten nearest clauses of each question."""
    texts = list[str]()
    number = 0
    while len(texts) < clauses:
        document = parse(load(papers(number), name=f"p{number}.txt"), document_id=f"p{number}")
        kinds = {clause.key: clause.kind for clause in document.clauses}
        chunks = [one for one in chunk_document(document) if kinds[one.clause_key] is Kind.ARTICLE]
        texts += map(embedded_text, chunks)
        number += 1
    texts = sorted(texts[:clauses], key=len)  # a batch is padded to its longest
    made, real = questions @ mean.embed_documents(texts).T, questions @ model.embed_documents(texts).T
    nearest = [{*np.argsort(-one)[:BEST].tolist()} for one in made]
    others = [{*np.argsort(-one)[:BEST].tolist()} for one in real]
    overlap = np.mean([len(one & other) / BEST for one, other in zip(nearest, others, strict=True)])
    alike = np.mean([np.corrcoef(one, other)[0, 1] for one, other in zip(made, real, strict=True)])
    return {
        "clauses": float(clauses),
        "questions": float(len(questions)),
        "correlation of cosines": float(alike),
        "overlap of the ten nearest": float(overlap),
        "mean cosine of question and nearest, mean vector": float(made.max(axis=1).mean()),
        "mean cosine of question and nearest, embedded": float(real.max(axis=1).mean()),
    }
