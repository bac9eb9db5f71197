"""A folder in BEIR format is read completely, and errors in it are reported with file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from evals_beir import CORPUS, QUERIES, judged, lines, write_set

from evals.errors import FolderFault
from evals.public.files import is_public_set, load_public_set


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_set(tmp_path / "set")


def test_everything_is_read(folder: Path) -> None:
    found = load_public_set(folder)
    assert [line.id for line in found.corpus] == [row["_id"] for row in CORPUS]
    (queries,) = found.query_sets
    assert [query.id for query in queries.queries] == ["q1", "q2", "q3"]
    assert queries.qrels["q2"] == {"p#1": 2, "p#0": 0}
    assert [line.answers for line in found.spans] == [["九个"]]


def test_what_another_text_answers_by_chance_need_not_be_refused(folder: Path) -> None:
    assert [query.id for query in load_public_set(folder).unanswerable] == ["u1"]


def test_only_folders_with_a_corpus_are_public_sets(folder: Path) -> None:
    assert is_public_set(folder)
    assert not is_public_set(folder.parent)


def test_named_questions_take_their_own_judgements_or_the_common_ones(folder: Path) -> None:
    (folder / "queries.look.jsonl").write_text(lines([{"_id": "l1", "text": "茶叶法第一条"}]), "utf-8")
    (folder / "qrels.look.tsv").write_text(judged([("l1", "A1", "1")]), "utf-8")
    english = {"_id": "q2", "text": "How many arches has the stone bridge?"}
    (folder / "queries.en.jsonl").write_text(lines([english, QUERIES[0], QUERIES[2]]), "utf-8")
    found = {one.name: one for one in load_public_set(folder).query_sets}
    assert list(found) == ["queries", "en", "look"]
    assert found["look"].qrels == {"l1": {"A1": 1}}
    assert found["en"].qrels == found["queries"].qrels
    assert found["en"].queries[0].text == english["text"]


def test_a_folder_inside_takes_the_questions_of_the_one_above(folder: Path) -> None:
    inside = folder / "pieces"
    inside.mkdir()
    (inside / "corpus.jsonl").write_text(lines([{"_id": "p#1", "text": "九个桥孔"}]), "utf-8")
    (inside / "qrels.tsv").write_text(judged([("q2", "p#1", "1")]), "utf-8")
    (found,) = load_public_set(inside).query_sets
    assert [query.id for query in found.queries] == ["q2"]  # the others have no judgements here


def test_a_split_keeps_its_questions_and_those_of_none(folder: Path) -> None:
    found = load_public_set(folder, split="dev")
    assert [query.id for query in found.query_sets[0].queries] == ["q1", "q3"]
    assert found.spans == ()
    assert [query.id for query in found.unanswerable] == ["u1"]


def test_an_empty_split_is_named(folder: Path) -> None:
    (folder / "queries.jsonl").write_text(lines(QUERIES[:2]), "utf-8")
    (folder / "qrels.tsv").write_text(judged([("q1", "A2", "1")]), "utf-8")
    with pytest.raises(FolderFault, match=r"'nightly'.*splits: dev, test"):
        load_public_set(folder, split="nightly")


def test_a_sample_is_always_the_same_and_the_same_in_every_file(folder: Path) -> None:
    once, again = (load_public_set(folder, sample=2) for _ in range(2))
    assert once == again
    kept = [query.id for query in once.query_sets[0].queries]
    assert len(kept) == 2
    assert kept == sorted(kept)
    (folder / "queries.en.jsonl").write_text(lines(reversed(QUERIES)), "utf-8")
    found = {one.name: {q.id for q in one.queries} for one in load_public_set(folder, sample=2).query_sets}
    assert found["en"] == found["queries"] == set(kept)


BROKEN: dict[str, tuple[str, str, str]] = {
    "no JSON": ("corpus.jsonl", "{oops\n", r"corpus\.jsonl:1: .*JSON"),
    "no id": ("corpus.jsonl", lines([CORPUS[0], {"text": "无"}]), r"corpus\.jsonl:2: _id: "),
    "no text": ("queries.jsonl", lines([{"_id": "q1"}]), r"queries\.jsonl:1: text: "),
    "empty text": ("corpus.jsonl", lines([{"_id": "A", "text": ""}]), r"corpus\.jsonl:1: text: "),
    "id twice": (
        "corpus.jsonl",
        lines([*CORPUS, CORPUS[1]]),
        r"corpus\.jsonl:7: the id 'A1' is taken by .*corpus\.jsonl:2",
    ),
    "empty file": ("corpus.jsonl", "\n\n", r"corpus\.jsonl: the file is empty"),
    "no header": ("qrels.tsv", "q1\tA2\t1\n", r"qrels\.tsv:1: the first line must be query-id"),
    "two fields": ("qrels.tsv", judged([]) + "q1\tA2\n", r"qrels\.tsv:2: .*with tabs"),
    "no score": ("qrels.tsv", judged([("q1", "A2", "good")]), r"qrels\.tsv:2: .*whole score"),
    "unknown line": ("qrels.tsv", judged([("q1", "A9", "1")]), r"qrels\.tsv:2: .*corpus line 'A9'"),
    "unknown question": ("qrels.tsv", judged([("q9", "A2", "1")]), r"qrels\.tsv:2: .*question 'q9'"),
    "judged twice": (
        "qrels.tsv",
        judged([("q1", "A2", "1"), ("q1", "A2", "0")]),
        r"qrels\.tsv:3: 'A2' is judged twice",
    ),
    "unknown span": (
        "spans.jsonl",
        lines([{"id": "q2", "doc": "p#7", "question": "？", "answers": ["九"]}]),
        r"spans\.jsonl:1: there is no corpus line 'p#7'",
    ),
    "no answers": (
        "spans.jsonl",
        lines([{"id": "q2", "doc": "p#1", "question": "？", "answers": []}]),
        r"spans\.jsonl:1: answers: ",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_wrong_is_named_with_its_place(folder: Path, case: str) -> None:
    name, text, message = BROKEN[case]
    (folder / name).write_text(text, "utf-8")
    with pytest.raises(FolderFault, match=message):
        load_public_set(folder)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"\xff\xfe\x00")])
def test_a_file_that_is_missing_or_not_text_is_named(
    folder: Path, name: str, spoil: Callable[[Path], object]
) -> None:
    spoil(folder / name)
    with pytest.raises(FolderFault, match=r"docs/public-sets\.md") as caught:
        load_public_set(folder)
    assert name in str(caught.value)
