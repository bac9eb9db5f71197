"""Compares ingest and answering with LangChain and FAISS, on the same model and machine, in one run.

    pip install -e '.[bench]' && python -m benchmarks.ingest [--rounds 3]

Two ratios are printed, with the seconds behind them:

- ingest of the five starting papers (read, parse, store, embed, index, all on the disk) over LangChain's
  TextLoader, RecursiveCharacterTextSplitter, HuggingFaceEmbeddings and FAISS, saved to the disk;
- a warm question answered over its embedding alone.

Opening the models is not counted on either side. Each round measures both sides in turn.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from index.conversion.convert import convert
from index.model import Embedder
from rag.assemble import ingest, open_assistant, open_embedder
from rag.model import Question
from rag.settings import Settings

PAPERS = Path(__file__).resolve().parents[1] / "corpus" / "documents"
QUESTIONS = (
    "首次拿到创新药注册批件，湖南能奖多少钱？",
    "浙江三级医院多久开一次药事会？",
    "哪些省支持企业开展国际多中心临床试验？",
    "湖北对医药合同研发生产平台有什么财政支持？",
    "益阳支持企业用什么作抵押融资？",
    "广东技改奖励的比例和上限是多少？",
)
SIZE, OVERLAP = 500, 50  # characters: the usual choice for Chinese in LangChain's examples


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        settings = Settings(data_dir=folder / "warm", cache_dir=folder / "cache")
        model = open_embedder(settings)
        peer = _langchain(convert(settings.cache_dir, precision="fp32"))
        ours, theirs = [], []
        for number in range(options.rounds):
            ours.append(_seconds(partial(_ingest, settings, folder / f"ours-{number}", model)))
            theirs.append(_seconds(partial(peer, folder / f"theirs-{number}")))
        _print_ingest(ours, theirs)
        _print_questions(settings, model, rounds=10 * options.rounds)


def _ingest(settings: Settings, folder: Path, model: Embedder) -> None:
    # The vectors of these papers come with the program; a rebuild computes them, as for papers of one's own.
    place = settings.model_copy(update={"data_dir": folder})
    ingest(place, [], rebuild=True, embedder=lambda *_: model)


def _langchain(model_dir: Path) -> Callable[[Path], None]:
    try:
        from langchain_community.document_loaders import TextLoader
        from langchain_community.vectorstores import FAISS
        from langchain_huggingface import HuggingFaceEmbeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError as missing:
        sys.exit(f"{missing.name} is not installed. Run `pip install -e '.[bench]'`")
    embeddings = HuggingFaceEmbeddings(
        model_name=str(model_dir), encode_kwargs={"normalize_embeddings": True, "prompt": "passage: "}
    )
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=SIZE, chunk_overlap=OVERLAP, separators=["\n\n", "\n", "。", "；", "，", ""]
    )

    def run(folder: Path) -> None:
        pieces = [
            piece
            for path in sorted(PAPERS.glob("*.txt"))
            for piece in splitter.split_documents(TextLoader(str(path), encoding="utf-8").load())
        ]
        FAISS.from_documents(pieces, embeddings).save_local(str(folder))

    return run


def _print_ingest(ours: list[float], theirs: list[float]) -> None:
    table = Table("ingest of five papers", "seconds, median", "rounds")
    for name, seconds in (("zhengwen", ours), ("LangChain + FAISS", theirs)):
        table.add_row(name, f"{statistics.median(seconds):.2f}", " ".join(f"{s:.2f}" for s in seconds))
    table.add_row("ratio", f"{statistics.median(ours) / statistics.median(theirs):.2f}", "")
    Console().print(table)


def _print_questions(settings: Settings, model: Embedder, *, rounds: int) -> None:
    assistant = open_assistant(settings, embedder=lambda *_: model)
    for text in QUESTIONS:
        assistant.ask(Question(text))
    embed, ask = [], []
    for _ in range(rounds):
        for text in QUESTIONS:
            embed.append(_seconds(partial(model.embed_query, text)) * 1000)
            ask.append(_seconds(partial(assistant.ask, Question(text))) * 1000)
    table = Table("a warm question", "ms, median")
    table.add_row("embedding alone", f"{statistics.median(embed):.1f}")
    table.add_row("answered", f"{statistics.median(ask):.1f}")
    limit = 1.5 * statistics.median(embed) + 20
    table.add_row("1.5 × embedding + 20 ms", f"{limit:.1f}")
    Console().print(table)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
