"""`benchmarks.catalogue` makes a store that reads as any other."""

from __future__ import annotations

from pathlib import Path

from benchmarks.catalogue import fill, measure, opened
from corpus.store.papers import Store


def test_what_it_makes_is_whole(tmp_path: Path) -> None:
    for name, count in (("papers", 45), ("few", 5)):
        fill(f"sqlite:///{tmp_path}/{name}.sqlite", count)
    url = f"sqlite:///{tmp_path}/papers.sqlite"
    assert measure(url)["papers"] == 45
    catalogue = opened(url)
    with Store(url) as store:
        assert {head.id: head.content_sha256 for head in catalogue.heads} == store.in_use()
        assert catalogue.document("p000020").text == store.document("p000020").text
