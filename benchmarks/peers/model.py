"""What is asked of every program, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

SIZE, OVERLAP = 500, 50  # characters: the usual choice for Chinese in LangChain's examples
NEAREST = 5  # pieces that a search returns
PAUSES = ("\n\n", "\n", "。", "；", "，", "")  # where a text is split, strongest first
DOCUMENT, QUESTION = "passage: ", "query: "  # what the model was trained with
QUESTIONS = (
    "首次拿到创新药注册批件，湖南能奖多少钱？",
    "浙江三级医院多久开一次药事会？",
    "哪些省支持企业开展国际多中心临床试验？",
    "湖北对医药合同研发生产平台有什么财政支持？",
    "益阳支持企业用什么作抵押融资？",
    "广东技改奖励的比例和上限是多少？",
)


class Side(Protocol):
    """A program with its model open."""

    def ingest(self, papers: list[Path], folder: Path) -> None:
        """Reads and indexes the papers; the index is on the disk, in `folder`, afterwards."""
        ...

    def ask(self, question: str) -> None:
        """Searches the papers of the last ingest, or answers from them where the program answers."""
        ...


@dataclass(frozen=True, slots=True)
class Program:
    """A program that is compared."""

    name: str
    module: str  # in benchmarks.peers.sides
    packages: tuple[str, ...]  # beside those of this program, with their versions
    does: str  # with a question


PROGRAMS = (
    Program("zhengwen", "zhengwen", (), "answers with quotes"),
    Program("sentence-transformers + FAISS", "plain", (), "searches"),
    Program("LangChain + FAISS", "langchain", (), "searches"),
    Program(
        "LlamaIndex + FAISS",
        "llamaindex",
        (
            "llama-index-core==0.14.25",
            "llama-index-embeddings-huggingface==0.8.0",
            "llama-index-vector-stores-faiss==0.7.0",
        ),
        "searches",
    ),
    Program(
        "Haystack",
        "haystack",
        ("haystack-ai==3.4.1", "sentence-transformers-haystack==2.0.0"),
        "searches",
    ),
    Program("txtai", "txtai", ("txtai==9.14.0",), "searches"),
)
