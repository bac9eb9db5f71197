"""Which paper a paper is: the same, a new version, or another one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import CLAUSES, paper, read

from corpus.identity import LARGELY_THE_SAME, similarity, text_key
from corpus.ids import document_id_of, free_id, id_of
from corpus.store.papers import Added, Replaced, Store, Unchanged

_OTHER = tuple(clause.replace("万元", "万元一次性").replace("单位", "农户和合作社") for clause in CLAUSES)
_FOREIGN = (
    "一、严格道路扬尘管控\n施工工地应当围挡洒水，渣土车辆密闭运输，违者依法处罚。",
    "二、推进老旧车辆淘汰\n柴油货车分阶段退出城区，新能源车辆优先通行。",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as opened:
        yield opened


def _take(store: Store, text: str, name: str = "notice.txt") -> Added | Unchanged | Replaced:
    return store.take_in(read(text, name=name), original=text.encode())


def test_the_same_bytes_and_the_same_text_change_nothing(store: Store) -> None:
    assert _take(store, paper()) == Added("溪政发-2024-7")
    before = store.corpus_hash()
    assert _take(store, paper()) == Unchanged("溪政发-2024-7", 1)
    assert _take(store, paper().replace("\n", "\r\n"), name="other.txt") == Unchanged("溪政发-2024-7", 1)
    assert _take(store, paper().replace("（", "(").replace("）", ")")) == Unchanged("溪政发-2024-7", 1)
    assert store.corpus_hash() == before


def test_a_page_and_its_text_are_one_paper(store: Store) -> None:
    lines = paper().splitlines()
    page = "<html><body>" + "".join(f"<p>{line}</p>" for line in lines) + "</body></html>"
    markdown = "# " + "\n\n".join(lines)
    assert _take(store, paper()) == Added("溪政发-2024-7")
    assert _take(store, page, name="notice.html") == Unchanged("溪政发-2024-7", 1)
    assert _take(store, markdown, name="notice.md") == Unchanged("溪政发-2024-7", 1)


def test_a_changed_text_under_the_same_number_is_a_new_version(store: Store) -> None:
    _take(store, paper())
    changed = paper(clauses=(*CLAUSES[:4], CLAUSES[4].replace("60万元", "80万元")))
    assert _take(store, changed) == Replaced("溪政发-2024-7", 2)
    # The earlier text does not come back when its file is read again.
    assert _take(store, paper()) == Unchanged("溪政发-2024-7", 1, current=2)
    assert store.document("溪政发-2024-7").text == read(changed).text


def test_another_text_under_the_same_number_is_a_conflict_until_it_is_decided(store: Store) -> None:
    _take(store, paper())
    other = paper(title="关于改善空气质量的通知", clauses=_FOREIGN)
    assert _take(store, other) == Added("溪政发-2024-7-2", conflicts=("溪政发-2024-7",))
    (conflict,) = store.conflicts.open()
    assert {conflict.document_id, conflict.other_id} == {"溪政发-2024-7", "溪政发-2024-7-2"}
    before = store.corpus_hash()
    store.conflicts.keep_both("溪政发-2024-7-2", "溪政发-2024-7", reason="两件")
    assert store.conflicts.open() == []
    assert store.corpus_hash() != before


@pytest.mark.parametrize("cure", ["withdraw", "remove", "correct"])
def test_a_conflict_ends_with_its_cause(store: Store, cure: str) -> None:
    from corpus.model import HeadField

    _take(store, paper())
    _take(store, paper(title="关于改善空气质量的通知", clauses=_FOREIGN))
    match cure:
        case "withdraw":
            store.withdrawals.withdraw("溪政发-2024-7", reason="误传")
        case "remove":
            store.remove("溪政发-2024-7")
        case _:
            number = {HeadField.DOC_NUMBER: "溪政发〔2024〕8号"}
            store.corrections.correct("溪政发-2024-7-2", number, reason="漏印")
    assert store.conflicts.open() == []
    assert store.open_conflicts() == []


def test_one_code_of_two_cities_is_no_conflict(store: Store) -> None:
    _take(store, paper(city="湖南省长沙市", number="长政发〔2024〕7号"))
    other = paper(
        city="吉林省长春市", number="长政发〔2024〕7号", title="关于冰雪旅游的通知", clauses=_FOREIGN
    )
    assert _take(store, other) == Added("长政发-2024-7-2")


def test_the_same_title_under_another_number_is_another_paper(store: Store) -> None:
    _take(store, paper())
    later = paper(number="溪政发〔2025〕3号", day="2025年2月3日")
    assert _take(store, later) == Added("溪政发-2025-3")


@pytest.mark.parametrize("clauses", [_OTHER, _FOREIGN])
def test_without_a_number_title_issuer_and_date_decide(store: Store, clauses: tuple[str, ...]) -> None:
    first = _take(store, paper(number=""))
    assert isinstance(first, Added)
    assert _take(store, paper(number="", clauses=clauses)) == Replaced(first.document_id, 2)
    later = _take(store, paper(number="", day="2025年5月6日"))
    assert isinstance(later, Added)
    assert later.document_id != first.document_id


def test_the_name_of_a_file_does_not_decide(store: Store) -> None:
    one = _take(store, paper(), name="notice.txt")
    other = _take(store, paper(number="溪政发〔2024〕9号", title="关于空气的通知", clauses=_FOREIGN))
    assert {one.document_id, other.document_id} == {"溪政发-2024-7", "溪政发-2024-9"}
    assert len(store.in_use()) == 2
    assert store.resolve("notice") == "溪政发-2024-7"  # the first; it does not change its meaning


def test_a_draft_is_no_version_of_the_paper(store: Store) -> None:
    draft = _take(store, paper(number="", title="关于促进山区特色产业发展的通知（征求意见稿）", day=""))
    final = _take(store, paper())
    assert isinstance(final, Added)
    assert final.document_id != draft.document_id


def test_a_new_version_of_a_withdrawn_paper_stays_withdrawn(store: Store) -> None:
    _take(store, paper())
    store.withdrawals.withdraw("溪政发-2024-7", reason="有误")
    assert _take(store, paper()) == Unchanged("溪政发-2024-7", 1, withdrawn="有误")
    changed = paper(clauses=(*CLAUSES, "六、附则\n本通知自印发之日起施行。"))
    assert _take(store, changed) == Replaced("溪政发-2024-7", 2, withdrawn="有误")
    assert store.in_use() == {}
    store.withdrawals.restore("溪政发-2024-7")
    assert store.document("溪政发-2024-7").text == read(changed).text


@given(st.text(alphabet="奖补资金由市财政局和县区12.5，。 \n", max_size=80))
def test_similarity_is_one_for_equal_and_symmetric(text: str) -> None:
    assert similarity(text, text) == 1.0
    assert similarity(text, paper()) == similarity(paper(), text)
    assert text_key(text) == text_key(text.replace(" ", "").replace("\n", "　"))


def test_a_point_is_no_punctuation() -> None:
    assert similarity("利率上浮1.5个百分点", "利率上浮15个百分点") < 1


def test_largely_the_same() -> None:
    whole = paper()
    assert similarity(whole, paper(clauses=CLAUSES[:4])) > LARGELY_THE_SAME
    assert similarity(whole, paper(clauses=_FOREIGN)) < LARGELY_THE_SAME


@pytest.mark.parametrize(
    ("number", "document_id"),
    [
        ("溪政发〔2024〕7号", "溪政发-2024-7"),
        ("溪市监规〔2023〕第12号", "溪市监规-2023-12"),
        ("国令第733号", "国令-733"),
        ("财政部公告2021年第5号", "财政部公告-2021-5"),
    ],
)
def test_ids_are_made_from_numbers(number: str, document_id: str) -> None:
    from dataclasses import replace

    from corpus.model import Span, Stated

    document = read(paper())
    head = replace(document.head, doc_number=Stated(number, Span(0, 1)))
    assert id_of(replace(document, head=head)) == document_id


def test_ids_without_a_number() -> None:
    assert id_of(read(paper(number=""))) == "清溪市人民政府关于促进山区特色产业发展的通知-2024-05-06"
    assert document_id_of("a b#c.html") == "a-b-c"


@given(st.sets(st.integers(2, 60)))
def test_a_free_id_is_free(taken: set[int]) -> None:
    ids = {"a", *(f"a-{number}" for number in taken)}
    assert free_id("a", is_taken=ids.__contains__) not in ids
    assert free_id("b", is_taken=ids.__contains__) == "b"
