"""Time of matching a profile with many facts: `python -m benchmarks.matching --facts 10000`.

The facts are those of the papers that come with the program, each paper once for each of many places, so that
as many apply where the enterprise is as in a store of all provinces. `--here` puts all of them there.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib.resources import files
from itertools import cycle
from statistics import median

from api.wire.matching import on_wire
from corpus.facts.extract import facts_of
from corpus.facts.model import PaperFacts
from corpus.load import load_all
from corpus.model import Document, Level, Status
from corpus.parse import parse
from corpus.regions.divisions import gazetteer
from rag.facts.catalogue import FactCatalogue
from rag.matching.matcher import Matcher
from rag.matching.profile import Profile

_SENTENCES = (
    "我们是长沙的一家药企，做的是1类创新药，上个月第一次拿到药品注册批件，I期到III期临床都是在国内做的",
    "惠州市惠东县的制药厂技术改造，新设备花了8000万元，项目符合条件",
    "益阳安化县的中药饮片企业，在县里建了原药材基地，黄精单品种连片种了2500亩",
)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--facts", type=int, default=10_000)
    arguments.add_argument("--here", action="store_true", help="all papers apply where the enterprise is")
    arguments.add_argument("--rounds", type=int, default=20)
    given = arguments.parse_args()
    papers = list(_papers(given.facts, here=given.here))
    documents, facts = [paper for paper, _ in papers], [own for _, own in papers]
    matcher = Matcher(FactCatalogue.of(documents, today=date(2026, 11, 30), facts=facts))
    total = sum(len(own.facts) for own in facts)
    began = time.perf_counter()
    matcher.match(Profile(sentence=_SENTENCES[0]))
    print(f"{total} facts of {len(papers)} papers prepared in {time.perf_counter() - began:.1f} s")
    for sentence in _SENTENCES:
        times, shown = [], []
        for _ in range(given.rounds):
            began = time.perf_counter()
            found = matcher.match(Profile(sentence=sentence))
            times.append(time.perf_counter() - began)
            on_wire(found, limit=100, with_others=False)
            shown.append(time.perf_counter() - began)
        print(
            f"{len(found.applies)} apply, {len(found.to_confirm)} to confirm: match {_ms(times)}, "
            f"with the reply {_ms(shown)}"
        )


def _ms(times: list[float]) -> str:
    return f"median {median(times) * 1000:.1f} ms, worst {max(times) * 1000:.1f} ms"


def _papers(most: int, *, here: bool) -> Iterator[tuple[Document, PaperFacts]]:
    """The papers of the program under many ids, each in another place, until there are enough facts."""
    folder = files("corpus").joinpath("documents")
    read = [
        parse(load_all(one.read_bytes(), name=one.name)[0], document_id=one.name)
        for one in folder.iterdir()
        if one.name.endswith(".txt")
    ]
    known = [(replace(one, head=replace(one.head, status=Status.IN_FORCE)), facts_of(one)) for one in read]
    places = [one for one in gazetteer().divisions.values() if one.level in (Level.PROVINCE, Level.CITY)]
    made = 0
    for number, (place, (document, facts)) in enumerate(zip(cycle(places), cycle(known), strict=False)):
        if made >= most:
            return
        region = "中华人民共和国" if here else place.full
        copy = replace(document, id=f"p{number}", head=replace(document.head, region=region))
        own = tuple(replace(fact, document_id=copy.id) for fact in facts.facts)
        yield copy, replace(facts, document_id=copy.id, facts=own)
        made += len(own)


if __name__ == "__main__":
    main()
