"""Thousands of different questions, so that nothing remembered of a question helps with another.

    python -m benchmarks.service.different [--queries china-law/queries.jsonl …] [--out questions.jsonl]

The single questions of evals/sets and tests/gold, questions made from the headings of the five papers, and
some of tools/reader, which are about other papers. `--queries` adds files of public sets, see
docs/public-sets.md. The list is the same for the same files: no two questions have the same words, and their
order is random but fixed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.load import load
from corpus.model import Clause, Document
from corpus.parse import parse
from evals.run.cases import load_sets
from rag.suggest.heading_topics import place_of

_ROOT = Path(__file__).resolve().parents[2]
_PAPERS = _ROOT / "corpus" / "documents"
_LONGEST = 500  # characters; the peer accepts no more
_SEED = 20_260_301
_TRAINED = ("laws", "papers", "invented")  # folders of tools/reader/data
_OTHERS = 600  # questions about other papers; most people who ask do not know what the papers contain
# What people ask about a clause: {place} is 湖南, {matter} its heading, 支持产品研发创新.
_FORMS = (
    "{place}如何{matter}？",
    "{place}{matter}，由哪些部门负责？",
    "{place}{matter}，企业最多能拿多少钱？",
    "我们公司在{place}，{matter}这一条需要满足什么条件？",
    "关于{matter}，{place}的文件有什么具体措施？",
    "{place}{matter}要到哪一年完成，目标是多少？",
    "{place}是不是只对省级平台{matter}？",
    "{matter}，除了{place}还有哪些省有规定？",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and where it is from."""

    question: str
    source: str  # "sets", "gold", "headings", "other papers", or the folder of a public set


def different(queries: Sequence[Path] = ()) -> list[Asked]:
    """Returns the questions in a fixed random order, each once."""
    found: dict[str, Asked] = {}
    public = [asked for path in queries for asked in _public(path)]
    for asked in [
        *_of_sets(_ROOT / "evals" / "sets", "sets"),
        *_of_gold(),
        *_of_headings(),
        *_others(),
        *public,
    ]:
        key = "".join(char for char in asked.question.casefold() if char.isalnum())
        if key and len(asked.question) <= _LONGEST:
            found.setdefault(key, asked)
    kept = list(found.values())
    random.Random(_SEED).shuffle(kept)
    return kept


def _of_sets(folder: Path, source: str) -> Iterator[Asked]:
    for case in load_sets([folder]):
        for item in case.items:
            yield Asked(item.standalone or item.question, source)


def _of_gold() -> Iterator[Asked]:
    for folder in ("dev", "near", "missing"):
        yield from _of_sets(_ROOT / "tests" / "gold" / folder, "gold")


def _of_headings() -> Iterator[Asked]:
    for path in sorted(_PAPERS.glob("*.txt")):
        document = parse(load(path.read_bytes(), name=path.name), document_id=path.stem)
        for clause in document.clauses:
            yield from (Asked(text, "headings") for text in _about(document, clause))


def _about(document: Document, clause: Clause) -> Iterable[str]:
    matter = "".join(clause.heading.split()).strip("。；;")
    return (form.format(place=place_of(document), matter=matter) for form in _FORMS) if matter else ()


def _others() -> list[Asked]:
    """Returns some of the questions that the reader was trained on, about laws and other papers."""
    data = _ROOT / "tools" / "reader" / "data"
    files = [file for name in _TRAINED for file in sorted((data / name).glob("questions*.jsonl"))]
    lines = [line for file in files for line in _lines(file)]
    chosen = random.Random(_SEED).sample(lines, _OTHERS)
    return [Asked(json.loads(line)["question"], "other papers") for line in chosen]


def _public(path: Path) -> Iterator[Asked]:
    return (Asked(json.loads(line)["text"], path.parent.name) for line in _lines(path))


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--queries", type=Path, nargs="+", default=[], help="queries.jsonl of public sets")
    parser.add_argument("--out", type=Path, help="file for the list; standard output without it")
    options = parser.parse_args()
    asked = different(options.queries)
    lines = "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in asked)
    if options.out:
        options.out.write_text(lines, encoding="utf-8")
    else:
        sys.stdout.write(lines)
    counts = ", ".join(
        f"{count} {source}" for source, count in Counter(a.source for a in asked).most_common()
    )
    print(f"{len(asked)} different questions: {counts}", file=sys.stderr)


if __name__ == "__main__":
    main()
