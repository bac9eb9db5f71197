"""The catalogue: every lookup agrees with a scan of all papers, in one state of the papers."""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, event, text

from corpus.catalogue.by_region import Applying, Either
from corpus.catalogue.catalogue import Catalogue
from corpus.catalogue.names import MOST_NAMESAKES
from corpus.catalogue.texts import Texts
from corpus.errors import UnknownDocument
from corpus.head.paper_head import NamedPaper, PaperHead
from corpus.head.status import effective, repeals, supersedes
from corpus.ids import renamed
from corpus.load import load
from corpus.model import Document, Level, Span, Stated, Status
from corpus.notation.doc_numbers import coded_numbers
from corpus.notation.paper_names import key_of, names_in
from corpus.parse import parse
from corpus.regions.divisions import gazetteer
from corpus.regions.local_names import local_key
from corpus.regions.mentions import covers
from corpus.store.papers import Added, Replaced, Store, Version
from corpus.store.shipped_papers import starting_papers

TODAY = date(2026, 6, 1)
FIVE = [parse(load(p.data, name=p.name, url=p.url), document_id=p.document_id) for p in starting_papers()]

_ENDED = (Status.REPEALED, Status.EXPIRED, Status.SUPERSEDED, Status.NOT_YET)
# Few values, so that papers repeal one another, share titles and are issued in every order.
_TITLES = ("湖南省创新药办法", "创新药办法", "关于印发《创新药办法》的通知", "湖北省若干措施", "民法典")
_NUMBERS = ("", "湘政办发〔2026〕15号", "湘政办发[2026]15号", "鄂政办发〔2024〕48号", "国令第707号")
_NAMED = st.builds(NamedPaper, st.sampled_from(("", *_TITLES)), st.sampled_from(_NUMBERS))
_HEADS = st.builds(
    replace,
    st.just(PaperHead.of(FIVE[0])),
    id=st.sampled_from("abcdef"),
    content_sha256=st.sampled_from("123"),
    title=st.sampled_from(_TITLES),
    inner_title=st.sampled_from(("", *_TITLES)),
    doc_number=st.sampled_from(_NUMBERS),
    region=st.sampled_from(("", "湖南省", "湖南省益阳市", "湖北省", "中华人民共和国", "某地")),
    status=st.sampled_from((Status.IN_FORCE, Status.IN_FORCE, Status.DRAFT, Status.REPEALED)),
    date_issued=st.sampled_from((None, date(2020, 1, 1), date(2024, 1, 1))),
    valid_until=st.sampled_from((None, date(2025, 1, 1), date(2027, 1, 1))),
    valid_since=st.sampled_from((None, date(2024, 1, 1), date(2026, 9, 1))),
    amended=st.sampled_from((None, None, date(2022, 1, 1), date(2024, 1, 1))),
    repeals=st.lists(_NAMED, max_size=2).map(tuple),
)
# A paper is added or replaced, or one is removed.
_CHANGES = st.lists(st.one_of(_HEADS, st.sampled_from("abcdef")), max_size=12)


def catalogue_of(heads: Sequence[PaperHead]) -> Catalogue:
    return Catalogue(heads, texts=Texts(_Nothing()), today=TODAY)


class _Nothing:
    """A source that fails when a text is read."""

    def read(self, wanted: Sequence[tuple[str, str]]) -> list[Document]:
        raise AssertionError(f"{wanted} are read")

    def naming(self, ending: str) -> Generator[tuple[tuple[str, str], str]]:
        raise AssertionError(f"{ending!r} is looked for in texts")

    def versions(self, document_id: str) -> Sequence[Version]:
        raise AssertionError(f"the versions of {document_id} are read")

    def latest_versions(self, *, most: int) -> Sequence[Version]:
        raise AssertionError("versions are read")

    def document(self, document_id: str, *, version: int) -> Document:
        raise AssertionError(f"version {version} of {document_id} is read")

    def original(self, document_id: str) -> bytes:
        raise AssertionError(f"the file of {document_id!r} is read")


def after(changes: Sequence[PaperHead | str]) -> tuple[Catalogue, list[PaperHead]]:
    """Applies the changes one at a time; returns the catalogue and the papers that should be in it."""
    catalogue, papers = catalogue_of([]), dict[str, PaperHead]()
    for change in changes:
        if isinstance(change, str):
            catalogue = catalogue.changed([], removed=[change])
            papers.pop(change, None)
        else:
            catalogue = catalogue.changed([change])
            papers[change.id] = change
    return catalogue, [papers[i] for i in sorted(papers)]


@given(_CHANGES)
def test_statuses_after_changes_are_those_computed_afresh(changes: list[PaperHead | str]) -> None:
    catalogue, papers = after(changes)
    afresh = {head.id: effective(head, papers, today=TODAY, later=papers) for head in papers}
    assert dict(catalogue.statuses) == afresh
    ended = {i for i, status in afresh.items() if status in _ENDED}
    assert set(catalogue.out_of_force) == ended
    for head in papers:
        assert [other.id for other in catalogue.acts.repealers(head.id)] == [
            other.id for other in papers if repeals(other, head)
        ]
        assert [other.id for other in catalogue.acts.superseders(head.id)] == [
            other.id for other in papers if supersedes(other, head)
        ]


@given(_CHANGES)
def test_lookups_find_what_looking_at_all_papers_finds(changes: list[PaperHead | str]) -> None:
    catalogue, papers = after(changes)
    assert list(catalogue.heads) == papers
    assert [catalogue.head(head.id) for head in papers] == papers
    assert list(catalogue.following("b")) == [head for head in papers if head.id > "b"]
    for name in {key_of(title) for title in _TITLES} | {"办法", "创新", "措施"}:
        keys = {head.id: [key_of(title) for title in head.titles] for head in papers}
        called = [i for i, own in keys.items() if any(name in (key, local_key(key)) for key in own)]
        assert list(catalogue.names.titled(name).ids) == called
        ending = [i for i, own in keys.items() if any(key.endswith(name) for key in own)]
        assert list(catalogue.names.titled_ending(name).ids) == ending
    for number in (
        "湘政办发〔2026〕15号",
        "长政办发〔2026〕15号",
        "政办发〔2024〕48号",
        "请问鄂政办发〔2024〕48号",
    ):
        (asked,) = coded_numbers(number)
        assert list(catalogue.names.numbered(asked).ids) == [h.id for h in papers if _bears(h, number)]
    for division in map(gazetteer().divisions.__getitem__, ("430000", "430900", "430100", "420000")):
        assert set(catalogue.places.applying(division).ids) == {
            h.id for h in papers if covers(h.region, division)
        }
    assert all(
        pair in catalogue.names.title_pairs for head in papers for pair in [head.title[:2], head.title[-2:]]
    )
    assert ("民法" in catalogue.names.title_pairs) == any("民法" in head.title for head in papers)


def _bears(head: PaperHead, number: str) -> bool:
    (asked,) = coded_numbers(number)
    return any(
        own.year_and_serial == asked.year_and_serial
        and (asked.code.endswith(own.code) or own.code.endswith(asked.code))
        for own in coded_numbers(head.doc_number)
    )


# Titles, their beginnings and ends, and other characters: random characters hardly ever make a title.
_WORDS = [*map(key_of, _TITLES), "湖南省", "创新药", "办法", "民", "法典", "第", "〈", "的通知"]


@given(st.lists(_HEADS, min_size=1, max_size=6), st.lists(st.sampled_from(_WORDS), max_size=9).map("".join))
def test_every_title_in_a_text_is_found(heads: list[PaperHead], asked: str) -> None:
    papers = {head.id: head for head in heads}
    catalogue = catalogue_of(list(papers.values()))
    names = {key for h in papers.values() for t in h.titles for key in (key_of(t), local_key(key_of(t)))}
    expected = {(name, i) for name in names for i in range(len(asked)) if name and asked.startswith(name, i)}
    found = list(catalogue.names.titles_in(asked))
    assert set(found) == expected
    assert [at for _, at in found] == sorted(at for _, at in found)


def test_a_name_that_too_many_share_means_none_of_them() -> None:
    head = PaperHead.of(FIVE[0])
    many = [replace(head, id=f"{i:04}", title=f"城{i:04}老年人优待办法") for i in range(MOST_NAMESAKES + 1)]
    catalogue = catalogue_of(many)
    assert catalogue.names.titled_ending("老年人优待办法").too_many
    assert catalogue_of([replace(one, title="民法典") for one in many]).names.titled("民法典").too_many
    assert catalogue.names.titled_ending("0007老年人优待办法").ids == ("0007",)
    fewer = catalogue.changed([], removed=["0000"])
    assert len(fewer.names.titled_ending("老年人优待办法").ids) == MOST_NAMESAKES


def test_papers_of_a_place_come_nearest_first() -> None:
    regions = ("", "中华人民共和国", "湖南省", "湖南省益阳市", "湖北省", "湖南省益阳市")
    head = PaperHead.of(FIVE[0])
    catalogue = catalogue_of([replace(head, id=str(i), region=r) for i, r in enumerate(regions)])
    division = gazetteer().divisions
    yiyang = catalogue.places.applying(division["430900"])
    assert (yiyang.ids, yiyang.nearest) == (("3", "5", "2", "1"), ("3", "5"))
    assert yiyang.codes == {"430900", "430000", "000000"}
    assert catalogue.places.applying(division["430903"]) is yiyang  # a county without papers of its own
    changsha = catalogue.places.applying(division["430100"])
    assert (changsha.ids, changsha.nearest) == (("2", "1"), ("2",))
    assert list(catalogue.places.without_region) == ["0"]
    assert list(catalogue.regions) == list(dict.fromkeys(regions[1:]))
    fewer = catalogue.changed([], removed=["0", "3", "5"])
    assert fewer.places.applying(division["430900"]) == changsha
    assert list(fewer.places.without_region) == []
    assert not catalogue_of([]).places.applying(division["430900"]).ids


def test_the_papers_of_two_collections_are_each_there_once() -> None:
    both = Either(["a", "b"], ("b", "c"))
    assert sorted(both) == ["a", "b", "c"]
    assert len(both) == 3
    assert all(i in both for i in "abc")
    assert "d" not in both


def test_few_places_are_kept_in_memory_however_many_are_asked_for() -> None:
    head = PaperHead.of(FIVE[0])
    cities = [d for d in gazetteer().divisions.values() if d.level is Level.CITY]
    catalogue = catalogue_of([replace(head, id=city.code, region=city.full) for city in cities])
    assert len({catalogue.places.applying(city).nearest for city in cities}) == len(cities) > 300
    gc.collect()
    # By type: some objects of other packages warn when their class is asked for.
    assert sum(type(one) is Applying for one in gc.get_objects()) < 100


def test_a_title_of_punctuation_only_is_no_name() -> None:
    head = replace(PaperHead.of(FIVE[0]), inner_title="")
    papers = [replace(head, id="a", title="……"), replace(head, id="b", title="——"), replace(head, id="c")]
    catalogue = catalogue_of(papers)
    for name in ("", key_of("《……》")):
        assert not catalogue.names.titled(name)
        assert not catalogue.names.titled_ending(name)
        assert not catalogue.names.citing(name)
    assert "" not in {name for name, _ in catalogue.names.titles_in(f"请问{head.title}……有什么规定？")}
    fewer = catalogue.changed([replace(head, id="a", title="新办法")], removed=["b"])
    assert list(fewer.ids) == ["a", "c"]
    assert fewer.names.titled("新办法").ids == ("a",)
    assert fewer.names.similar_titles("……", most=9) == sorted(fewer.heads, key=lambda one: one.id)


def test_a_name_that_too_many_cite_means_none_of_them() -> None:
    citing = [replace(FIVE[0], id=f"{i:04}", text="依照《某某法》办理。") for i in range(MOST_NAMESAKES + 1)]
    assert Catalogue.of(citing, today=TODAY).names.citing("某某法").too_many
    catalogue = Catalogue.of(citing[1:], today=TODAY)
    assert list(catalogue.names.citing("某某法").ids) == list(catalogue.ids)


def test_papers_are_found_by_their_whole_number_in_any_spelling() -> None:
    numbers = ("湘政办发〔2026〕15号", "粤政办发〔2026〕15号", "国令第707号", "国令第707号", "")
    head = PaperHead.of(FIVE[0])
    catalogue = catalogue_of([replace(head, id=str(i), doc_number=n) for i, n in enumerate(numbers)])
    assert catalogue.names.with_number("湘政办发[2026]第015号").ids == ("0",)
    assert catalogue.names.with_number("国令第７０７号").ids == ("2", "3")
    assert not catalogue.names.with_number("政办发〔2026〕15号")
    assert not catalogue.names.with_number("")


def test_several_papers_come_in_the_order_asked_for() -> None:
    catalogue = Catalogue.of(FIVE, today=TODAY)
    assert [d.id for d in catalogue.documents(["yiyang", "hunan", "yiyang"])] == ["yiyang", "hunan", "yiyang"]
    assert catalogue.documents([]) == []


def test_an_unknown_id_is_an_error_everywhere() -> None:
    catalogue = Catalogue.of(FIVE, today=TODAY)
    for ask in (catalogue.head, catalogue.document, catalogue.status, catalogue.acts.repealers):
        with pytest.raises(UnknownDocument, match="'nobody'"):
            ask("nobody")
    with pytest.raises(UnknownDocument, match="'nobody'"):
        catalogue.documents(["hunan", "nobody"])


def test_clauses_are_found_where_ids_contain_the_separator() -> None:
    paper = starting_papers()[0]
    documents = [parse(load(paper.data, name=paper.name), document_id=i) for i in ("a", "a#b")]
    catalogue = Catalogue.of(documents, today=TODAY)
    for document in documents:
        assert catalogue.clause(document.clauses[1].key) == document.clauses[1]


def test_the_catalogue_before_a_change_stays_as_it_was() -> None:
    before = Catalogue.of(FIVE, today=TODAY)
    heads, statuses = list(before.heads), dict(before.statuses)
    repealing = replace(
        PaperHead.of(FIVE[0]),
        id="new",
        repeals=(NamedPaper(before.head("hubei").title, ""),),
        date_issued=None,
    )
    changed = before.changed([repealing], removed=["yiyang"])
    assert changed.status("hubei") is Status.REPEALED
    assert "yiyang" not in changed
    assert (list(before.heads), dict(before.statuses)) == (heads, statuses)
    assert before.names.titled(key_of(FIVE[2].head.title.value)).ids == ("yiyang",)


def _repealing_one_another(count: int) -> list[PaperHead]:
    """Papers that all have one title and repeal those of that title, and papers with titles of their own."""
    head = PaperHead.of(FIVE[0])
    repealing = replace(head, title="旧办法", inner_title="", repeals=(NamedPaper("旧办法", ""),))
    alone = replace(head, inner_title="", repeals=())
    return [
        replace(
            repealing if i % 2 else alone, id=f"{i:04}", doc_number=f"湘政办发〔2020〕{i}号", date_issued=None
        )
        for i in range(count)
    ]


@pytest.mark.parametrize("changed", [1, 99, 150, 199])  # with many changes a catalogue is built afresh
def test_a_catalogue_after_many_changes_at_once_is_one_built_afresh(changed: int) -> None:
    heads = _repealing_one_another(200)
    before = catalogue_of(heads)
    retitled = [replace(head, title=f"{head.id}号办法") for head in heads[:changed:2]]
    removed = [head.id for head in heads[1:changed:2]]
    now = before.changed(retitled, removed=removed)
    papers = {head.id: head for head in [*heads, *retitled] if head.id not in removed}
    _equal(now, catalogue_of(list(papers.values())))
    _equal(before, catalogue_of(heads))
    _equal(now.changed(heads), before)


def _equal(one: Catalogue, other: Catalogue) -> None:
    assert list(one.heads) == list(other.heads)
    assert dict(one.statuses) == dict(other.statuses)
    assert set(one.out_of_force) == set(other.out_of_force)
    for title in {key_of(head.title) for head in other.heads}:
        assert one.names.titled(title) == other.names.titled(title)


def test_a_status_is_computed_once_for_a_change_however_many_papers_it_affects(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    computed: list[str] = []

    def counting(
        head: PaperHead, others: Iterable[PaperHead], *, today: date, later: Iterable[PaperHead]
    ) -> Status:
        computed.append(head.id)
        return effective(head, others, today=today, later=later)

    before = catalogue_of(_repealing_one_another(200))
    monkeypatch.setattr("corpus.catalogue.statuses.effective", counting)
    before.changed([], removed=[f"{i:04}" for i in range(1, 100, 2)])
    assert sorted(computed) == [f"{i:04}" for i in range(101, 200, 2)]


@given(_CHANGES, st.dates(date(2018, 1, 1), date(2032, 1, 1)))
def test_statuses_on_another_day_are_those_of_a_catalogue_of_that_day(
    changes: list[PaperHead | str], day: date
) -> None:
    catalogue, papers = after(changes)
    then = Catalogue(papers, texts=Texts(_Nothing()), today=day)
    _equal(catalogue.on(day), then)
    assert catalogue.on(day).issued_later == then.issued_later
    assert dict(catalogue.on(day).on(TODAY).statuses) == dict(catalogue.statuses)
    _equal(catalogue.on(day).changed([], removed=["a"]), then.changed([], removed=["a"]))


def test_a_paper_that_is_removed_and_put_again_is_there() -> None:
    before = catalogue_of(_repealing_one_another(4))
    now = before.changed([replace(before.head("0001"), title="新办法")], removed=["0001", "nobody"])
    assert list(now.ids) == ["0000", "0001", "0002", "0003"]
    assert now.names.titled("新办法").ids == ("0001",)


def test_papers_with_titles_most_alike_come_first() -> None:
    head = PaperHead.of(FIVE[0])
    titles = ("甘肃省促进药业办法", "青海省促进药业办法", "陕西省住房办法", "养老通知")
    catalogue = catalogue_of([replace(head, id=t[:2], title=t, inner_title="") for t in titles])
    similar = catalogue.names.similar_titles("四川省促进药业办法", most=3)
    assert [found.id for found in similar] == ["甘肃", "青海", "陕西"]


def test_names_are_found_by_their_end_in_titles_numbers_and_running_text() -> None:
    names = names_in("依照药品管理法和《某省〈药品〉办法》，见湘政办发〔2017〕第35号。")
    assert any(name.endswith("药品管理法") for name in names)
    assert any(name.endswith("政办发201735号") for name in names)
    assert not any(name.endswith("药品管理") for name in names)


# --- over a store ---


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'papers.sqlite'}"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the five papers, made once: reading their facts takes longer than most tests."""
    path = tmp_path_factory.mktemp("filled") / "papers.sqlite"
    with Store(f"sqlite:///{path}") as made:
        for document in FIVE:
            made.add(document)
    return path


@pytest.fixture
def store(filled: Path, url: str) -> Store:
    """A store of the test's own with the five papers."""
    shutil.copyfile(filled, url.removeprefix("sqlite:///"))
    return Store(url)


def stored(store: Store, *, capacity: int = 10**9) -> Catalogue:
    change = store.last_change()
    return Catalogue(store.heads(), texts=Texts(store, capacity=capacity), today=TODAY, change=change)


def test_a_stored_paper_is_listed_as_it_would_be_in_memory(store: Store) -> None:
    listed, given_ = stored(store), Catalogue.of(FIVE, today=TODAY)
    assert [replace(head, content_sha256="") for head in listed.heads] == list(given_.heads)
    assert dict(listed.statuses) == dict(given_.statuses)
    assert listed.documents(listed.ids) == sorted(FIVE, key=lambda d: d.id)
    for document in FIVE:
        for clause in document.clauses:
            assert listed.clause(clause.key) == clause
    for missing in ("nobody#一、", "hunan", "hunan#nothing", "#"):
        with pytest.raises(UnknownDocument):
            listed.clause(missing)


@pytest.mark.parametrize("name", ["政办发201735号", "中华人民共和国中医药法", "中医药法", "没有这部法"])
def test_who_names_a_paper_is_the_same_from_store_and_memory(store: Store, name: str) -> None:
    listed, given_ = stored(store), Catalogue.of(FIVE, today=TODAY)
    holding = {d.id for d in FIVE if name in key_of(d.text)}
    assert set(listed.names.citing(name).ids) == set(given_.names.citing(name).ids) == holding


@pytest.fixture(scope="module")
def two_numbered(filled: Path) -> Sequence[Catalogue]:
    """Catalogues, from store and memory, in which two papers have the number 1 of one year."""
    store = Store(f"sqlite:///{shutil.copyfile(filled, filled.with_name('numbered.sqlite'))}")
    for document, own in ((FIVE[0], "湘政办发〔2023〕1号"), (FIVE[4], "粤政办发〔2023〕1号")):
        head = replace(document.head, doc_number=Stated(own, Span(0, 1)))
        store.add(replace(document, head=head, text=f"{document.text}\n本件为{own}，落实{own}。"))
    return stored(store), Catalogue.of(store.documents(), today=TODAY)


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("湘政办发〔2023〕1号", ["hunan"]),
        ("请问湘政办发[2023]01号", ["hunan"]),
        ("粤政办发〔2023〕1号", ["guangdong"]),
        ("政办发〔2023〕1号", ["guangdong", "hunan"]),
        ("鄂政办发〔2023〕1号", []),
        ("湘政办发〔2023〕2号", []),
    ],
)
def test_a_number_means_no_paper_of_another_province(
    two_numbered: Sequence[Catalogue], asked: str, named: list[str]
) -> None:
    (number,) = coded_numbers(asked)
    for catalogue in two_numbered:
        assert list(catalogue.names.numbered(number).ids) == named
        assert list(catalogue.names.citing_number(number).ids) == named


def test_opening_reads_no_text_and_no_clause(url: str, store: Store) -> None:
    asked: list[str] = []
    other = Store(url)
    event.listen(
        other.database._engine,
        "before_cursor_execute",
        lambda c, cur, statement, *rest: asked.append(statement),
    )
    catalogue = stored(other)
    assert len(catalogue) == 5
    assert sum(head.clauses for head in catalogue.heads) == sum(len(d.clauses) for d in FIVE)
    assert not [s for s in asked if "document_versions" in s or "FROM clauses" in s or ".text" in s]
    asked.clear()
    other.documents()
    assert len([s for s in asked if s.startswith("SELECT")]) == 3  # texts, clauses, corrections


def test_a_snapshot_keeps_its_papers_while_others_replace_and_withdraw_them(url: str, store: Store) -> None:
    before = stored(store, capacity=0)  # an empty cache, so that everything is read again
    writer = Store(url)
    first = FIVE[0]
    changed = replace(first, head=replace(first.head, region="湖南省长沙市"), text=first.text + "\n")
    assert writer.add(changed) == Replaced("hunan", 2)
    writer.withdrawals.withdraw("hubei", reason="")
    assert before.document("hunan") == first
    assert before.document("hubei") == FIVE[1]
    assert before.clause(FIVE[1].clauses[3].key) == FIVE[1].clauses[3]
    assert (
        before.names.citing("政办发201735号").ids
        == Catalogue.of(FIVE, today=TODAY).names.citing("政办发201735号").ids
    )
    now = before.refreshed(writer)
    assert now.document("hunan") == changed
    assert "hubei" not in now
    with pytest.raises(UnknownDocument):
        now.document("hubei")
    assert dict(now.statuses) == dict(stored(writer).statuses)
    assert list(now.heads) == list(stored(writer).heads)


def test_a_change_of_one_paper_is_followed_without_looking_at_all(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored(store)
    store.withdrawals.withdraw("hubei", reason="")
    store.add(replace(FIVE[0], text=FIVE[0].text + "\n"))
    afresh = stored(store)
    read, heads = list[set[str]](), store.heads

    def reading(ids: Collection[str]) -> list[PaperHead]:
        read.append(set(ids))
        return heads(ids)

    monkeypatch.setattr(store, "heads", reading)
    monkeypatch.delattr(Store, "in_use")
    now = before.refreshed(store)
    assert list(now.heads) == list(afresh.heads)
    assert read == [{"hubei", "hunan"}]
    assert now.refreshed(store) is now


def test_a_removed_paper_leaves_the_disk_and_its_version_numbers_are_not_given_again(store: Store) -> None:
    before = stored(store, capacity=0)
    store.remove("hubei")
    before.document("hunan")
    with pytest.raises(UnknownDocument):
        before.document("hubei")
    with store.database.reading() as connection:
        for table in ("document_versions", "clauses", "heads", "names"):
            rows = connection.execute(text(f"SELECT count(*) FROM {table} WHERE document_id = 'hubei'"))
            assert rows.scalar() == 0
    assert store.add(FIVE[1]) == Added("hubei", version=2)
    assert [version.version for version in store.versions("hubei")] == [2]


def test_a_file_put_in_place_of_the_database_is_noticed(tmp_path: Path, url: str, store: Store) -> None:
    before = stored(store)
    kept = before.document("hunan")  # in the cache
    before.names.citing("政办发201735号")
    aside = f"sqlite:///{tmp_path / 'other.sqlite'}"
    changed = [replace(document, text=document.text + "\n附注") for document in FIVE]
    with Store(aside) as other:
        for document in changed:
            other.add(document)  # with the same ids and version numbers
    store.close()
    for left in tmp_path.glob("papers.sqlite*"):
        left.unlink()
    (tmp_path / "other.sqlite").rename(tmp_path / "papers.sqlite")
    assert before.document("hunan") == kept
    with pytest.raises(UnknownDocument):  # its text is gone, and another one is not given in its place
        before.document("hubei")
    assert not before.names.citing("政办发201735号")
    now = before.refreshed(store)
    assert now.documents(now.ids) == sorted(changed, key=lambda d: d.id)
    assert now.names.citing("政办发201735号")


def test_a_paper_that_was_changed_back_is_read_once(store: Store) -> None:
    store.add(replace(FIVE[0], text=FIVE[0].text + "\n"))
    assert store.add(FIVE[0]) == Replaced("hunan", 3)
    now = stored(store)
    assert now.document("hunan") == FIVE[0]
    assert store.read([("hunan", now.head("hunan").content_sha256)]) == [FIVE[0]]


def test_what_is_kept_in_memory_is_bounded(store: Store) -> None:
    texts = Texts(store, capacity=30_000)
    catalogue = Catalogue(store.heads(), texts=texts, today=TODAY)
    for _ in range(3):
        for document in FIVE:
            assert catalogue.document(document.id) == document
            assert texts.size <= 30_000 or texts.size == len(document.text) + len(document.source.original)
    assert len(catalogue.documents(catalogue.ids)) == 5


def test_the_paper_used_last_stays_in_memory(store: Store) -> None:
    def size(at: int) -> int:
        return len(FIVE[at].text) + len(FIVE[at].source.original)

    texts = Texts(store, capacity=size(0) + max(size(1), size(2)))
    catalogue = Catalogue(store.heads(), texts=texts, today=TODAY)
    first = catalogue.document(FIVE[0].id)
    catalogue.document(FIVE[1].id)
    assert catalogue.document(FIVE[0].id) is first
    catalogue.document(FIVE[2].id)  # in place of the second
    assert catalogue.document(FIVE[0].id) is first


def test_many_threads_read_the_same_papers(store: Store) -> None:
    catalogue, found = stored(store, capacity=40_000), list[Document]()
    wanted = [document.id for document in FIVE] * 4

    def read() -> None:
        found.extend(catalogue.document(i) for i in wanted)

    threads = [Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 * len(wanted)
    by_id = {document.id: document for document in FIVE}
    assert all(document == by_id[document.id] for document in found)


# --- a store with the previous schema ---


_OF_SCHEMA_4 = (
    *("identities", "aliases", "conflicts", "corrections", "withdrawn", "deleted", "audit", "backups"),
    *("facts", "fact_corrections"),  # of schema 5
)


def _as_schema_3(url: str) -> None:
    """A store with a paper that was removed in that version, which kept its text for a day."""
    _execute(
        url,
        *(f"DROP TABLE {table}" for table in _OF_SCHEMA_4),
        "CREATE TABLE removed (document_id VARCHAR PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE, "
        "version INTEGER NOT NULL, removed_at DATETIME NOT NULL)",
        "INSERT INTO documents VALUES ('gone', 0)",
        "INSERT INTO removed VALUES ('gone', 4, '2026-01-01 00:00:00')",
        "UPDATE meta SET value = '3'",
    )


def _as_schema_1(url: str) -> None:
    _as_schema_3(url)
    _execute(url, "DROP TABLE heads", "DROP TABLE names", "DROP TABLE removed", "UPDATE meta SET value = '1'")
    _execute(url, "DELETE FROM documents WHERE id = 'gone'")


def _as_schema_2(url: str) -> None:
    _as_schema_3(url)
    _execute(
        url,
        "ALTER TABLE heads DROP COLUMN content_sha256",
        "DROP INDEX names_of_version",
        "DELETE FROM names",
        "UPDATE meta SET value = '2'",
    )


def _execute(url: str, *statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.mark.parametrize("as_schema", [_as_schema_1, _as_schema_2, _as_schema_3])
def test_an_earlier_store_is_brought_up_to_date(
    url: str, store: Store, as_schema: Callable[[str], None]
) -> None:
    changed = replace(FIVE[0], head=replace(FIVE[0].head, region="湖南省长沙市"))
    store.add(changed)
    heads, corpus_hash = store.heads(), store.corpus_hash()
    in_use = set(store.in_use().items())
    names = {(key, name) for key, name in store.naming("号") if key in in_use}
    as_schema(url)
    upgraded = Store(url)
    assert upgraded.heads() == heads
    assert upgraded.corpus_hash() == corpus_hash
    assert upgraded.documents() == tuple(sorted([changed, *FIVE[1:]], key=lambda d: d.id))
    assert {(key, name) for key, name in upgraded.naming("号") if key in in_use} == names
    assert [version.version for version in upgraded.versions("hunan")] == [1, 2]
    assert upgraded.document("hunan", version=1) == FIVE[0]
    assert Store(url).heads() == heads
    with upgraded.database.reading() as connection:
        plan = "EXPLAIN QUERY PLAN DELETE FROM names WHERE document_id = 'hunan' AND version = 1"
        (step,) = connection.execute(text(plan)).all()
    assert "names_of_version" in step.detail  # and not a scan of all names
    # The papers are recognised when they come in again, and keep their ids.
    assert upgraded.take_in(renamed(changed, ""), original=b"").document_id == "hunan"


def test_a_store_is_copied_before_it_is_brought_up_to_date(tmp_path: Path, url: str, store: Store) -> None:
    heads = store.heads()
    _as_schema_3(url)
    upgraded = Store(url)
    assert upgraded.deletions.unfinished() == ["gone"]
    assert upgraded.add(renamed(FIVE[0], "gone")) == Added("gone", version=5)
    copy = tmp_path / "papers-schema-3.sqlite"
    assert copy.exists()
    upgraded.add(renamed(FIVE[0], "later"))
    assert not upgraded.deletions.delete("later", reason="").backups
    upgraded.close()
    copy.rename(tmp_path / "papers.sqlite")
    with Store(url) as again:
        assert again.heads() == heads


_UPGRADING = """
import os, sys
from corpus.store import rows

written = 0
insert_head = rows.insert_head

def breaking(*arguments, **options):
    global written
    written += 1
    if written == int(sys.argv[2]):
        os._exit(9)
    insert_head(*arguments, **options)

rows.insert_head = breaking
from corpus.store.papers import Store
Store(sys.argv[1])
"""


@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_crash_while_it_is_brought_up_to_date_loses_nothing(url: str, store: Store, at: int) -> None:
    heads = store.heads()
    _as_schema_1(url)
    crashed = subprocess.run([sys.executable, "-c", _UPGRADING, url, str(at)], check=False)
    assert crashed.returncode == 9
    engine = create_engine(url)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT value FROM meta")).scalar() == "1"
        assert connection.execute(text("SELECT count(*) FROM documents")).scalar() == 5
    engine.dispose()
    upgraded = Store(url)
    assert upgraded.heads() == heads
    assert upgraded.documents() == tuple(sorted(FIVE, key=lambda d: d.id))


def test_a_catalogue_has_the_hash_of_the_papers_that_it_was_opened_from(store: Store) -> None:
    before = stored(store)
    assert before.corpus_hash(last_correction=0) == store.corpus_hash()
    store.add(replace(FIVE[0], text=FIVE[0].text + "\n"))
    store.withdrawals.withdraw("hubei", reason="")
    assert before.corpus_hash(last_correction=0) != store.corpus_hash()
    now = before.refreshed(store)
    assert now.corpus_hash(last_correction=0) == stored(store).corpus_hash(last_correction=0)
    assert now.corpus_hash(last_correction=0) == store.corpus_hash() != now.corpus_hash(last_correction=1)
