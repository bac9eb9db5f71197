"""The sentences of the china-law set with their vectors, embedded once and kept in a cache folder."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from benchmarks.large.papers import Sentence
from corpus.load import load
from corpus.parse import parse
from index.build.chunks import embedded_text, sentences_of
from index.model import Chunk, Embedder, Vectors

QUERY_FILES = ("queries.jsonl", "queries.lookup.jsonl", "queries.scene.jsonl")
_AT_ONCE = 512  # texts that are embedded in one call
# One whole sentence, without a label: （二）稿酬所得； would be a clause of its own.
_WHOLE = re.compile(r"[^。！？；!?;\n]{8,}。")
_LABEL = re.compile(
    r"^[“\"]?(?:[（(]?[一二三四五六七八九十\d]+[）)、．.]|第[一二三四五六七八九十百零\d]+[条章节编款项])"
)


@dataclass(frozen=True, slots=True)
class Articles:
    """Sentences of real articles, their vectors, and the titles of the laws with theirs."""

    sentences: Sequence[Sentence]
    vectors: Vectors  # (len(sentences), dimension)
    titles: Sequence[str]
    title_vectors: Vectors

    @property
    def digest(self) -> str:
        """Changes whenever a sentence or a title does."""
        return _digest([*(one.text for one in self.sentences), *self.titles])


def articles(folder: Path, *, cache: Path, embedder: Embedder) -> Articles:
    """The sentences of the set in `folder`, embedded once; `cache` has what other runs have embedded."""
    found = _kept_sentences(folder, cache)
    vectors = _vectors(found, cache, embedder)
    titles, sentences, rows, title_rows = list[str](), list[Sentence](), list[int](), list[int]()
    numbers: dict[str, int] = {}
    for row, one in enumerate(found):
        if one.clause_key.endswith("#标题"):
            titles.append(one.text)
            title_rows.append(row)
        elif _WHOLE.fullmatch(one.text) and not _LABEL.match(one.text):
            article = numbers.setdefault(one.clause_key, len(numbers))
            sentences.append(Sentence(one.text, article))
            rows.append(row)
    return Articles(sentences, vectors[rows], titles, vectors[title_rows])


def queries(folder: Path) -> list[str]:
    """The real questions of the set, in the order of its files."""
    lines = (line for name in QUERY_FILES for line in (folder / name).read_text("utf-8").splitlines())
    return list(dict.fromkeys(json.loads(line)["text"] for line in lines))


def query_vectors(texts: Sequence[str], *, cache: Path, embedder: Embedder) -> Vectors:
    """The vectors of questions, kept in the cache."""
    path = cache / f"questions-{_digest([embedder.fingerprint, *texts])}.npy"
    if not path.exists():
        np.save(path, np.stack([embedder.embed_query(text) for text in texts]))
    kept: Vectors = np.load(path)
    return kept


def _kept_sentences(folder: Path, cache: Path) -> list[Chunk]:
    """The sentences of all laws, which take half a minute to parse, and are kept in the cache."""
    digest = hashlib.sha256((folder / "corpus.jsonl").read_bytes()).hexdigest()[:12]
    path = cache / f"laws-{digest}.json"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        rows = [astuple(one) for one in _sentences(folder)]
        path.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    return [Chunk(*row) for row in json.loads(path.read_text("utf-8"))]


def _sentences(folder: Path) -> list[Chunk]:
    """The sentences of all laws, each law parsed as a paper of its articles."""
    laws: dict[tuple[str, str, str], list[dict[str, object]]] = defaultdict(list)
    for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        meta = row["metadata"]
        laws[meta["law"], meta.get("effective_date", ""), meta.get("status", "")].append(row)
    found = list[Chunk]()
    for number, (key, rows) in enumerate(laws.items()):
        name = f"law{number:03d}"
        text = "\n".join([key[0], "", *_lines(rows)])
        document = parse(load(text.encode(), name=f"{name}.txt", url=""), document_id=name)
        found += sentences_of(document)
    return found


def _lines(rows: Sequence[dict[str, object]]) -> list[str]:
    lines, open_divisions = list[str](), dict[str, object]()
    for row in rows:
        meta, text = row["metadata"], str(row["text"])
        assert isinstance(meta, dict)
        for level in ("chapter", "section"):
            if meta.get(level) and meta[level] != open_divisions.get(level):
                open_divisions[level] = meta[level]
                lines.append(meta[level])
        lines.append(text if text.startswith("第") else f"{meta['article']}　{text}")
    return lines


def _digest(texts: Sequence[str]) -> str:
    return hashlib.sha256("\n\n".join(texts).encode()).hexdigest()[:12]


def _vectors(sentences: Sequence[Chunk], cache: Path, embedder: Embedder) -> Vectors:
    texts = [embedded_text(one) for one in sentences]
    path = cache / f"sentences-{_digest([embedder.fingerprint, *texts])}.npy"
    if path.exists():
        kept: Vectors = np.load(path, mmap_mode="r")
        return kept
    # Texts of similar length together, because a batch is padded to its longest.
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    vectors = np.zeros((len(texts), embedder.dimension), np.float32)
    for start in range(0, len(order), _AT_ONCE):
        some = order[start : start + _AT_ONCE]
        vectors[some] = embedder.embed_documents([texts[i] for i in some])
    cache.mkdir(parents=True, exist_ok=True)
    np.save(path, vectors)
    return vectors
