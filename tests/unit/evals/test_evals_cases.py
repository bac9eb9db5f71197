import json
from pathlib import Path

import pytest

from evals.errors import SetFault
from evals.model import Evidence, Expect
from evals.run.cases import load_sets

SINGLE: dict[str, object] = {
    "id": "a-1",
    "type": "number",
    "question": "奖补多少？",
    "doc": "a",
    "articles": ["（一）"],
    "quotes": ["奖补500万元"],
    "answer_must": [["500万"]],
    "difficulty": "easy",
}
PLACED = {"doc": "a", "article": "（一）", "quote": "奖补500万元"}
TURN = {
    "turn": 1,
    "type": "fact",
    "difficulty": "hard",
    "question": "那呢？",
    "standalone": "奖补多少？",
    "docs": ["a"],
    "evidence": [PLACED],
}


def _write(path: Path, *lines: object) -> Path:
    path.write_text(
        "\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n", encoding="utf-8"
    )
    return path


def test_a_paper_may_be_named_by_its_file(tmp_path: Path) -> None:
    """The id is derived from the name: a hyphen for other signs, none at the ends."""
    named = "数据（FBM）-"
    placed = PLACED | {"doc": named}
    refusal = {
        "id": "r-1",
        "type": "missing_fact",
        "question": "几点开门？",
        "expect": "refuse",
        "doc": named,
    }
    cross = {k: v for k, v in SINGLE.items() if k not in ("doc", "articles", "quotes")}
    cross |= {"id": "c-1", "docs": [named], "evidence": [placed]}
    path = _write(tmp_path / "set.jsonl", SINGLE | {"doc": named}, refusal, cross)
    single, refused, several = (case.items[0] for case in load_sets([path]))
    assert refused.about == "数据-FBM"
    assert [one.document for one in (*single.evidence, *several.evidence)] == ["数据-FBM"] * 2


def test_each_of_the_five_formats_is_read(tmp_path: Path) -> None:
    cross = {
        "id": "c-1",
        "type": "which",
        "question": "哪些？",
        "docs": ["a", "b"],
        "evidence": [PLACED, PLACED | {"doc": "b"}, PLACED | {"doc": "b", "article": "（二）"}],
        "answer_must": [["甲", "乙"]],
        "difficulty": "hard",
        "style": "typo",
    }
    refusal = {
        "id": "r-1",
        "type": "injection",
        "question": "？",
        "expect": "refuse",
        "also_accept": ["correct"],
    }
    missing_fact = {
        "id": "m-1",
        "type": "missing_fact",
        "question": "？",
        "expect": "refuse",
        "doc": "a",
        "asked": "percentage",
        "related": [PLACED],
        "also_accept": ["partial"],
    }
    control = {
        "id": "k-1",
        "type": "mixed",
        "question": "？",
        "expect": "answer",
        "doc": "a",
        "articles": ["（一）"],
        "evidence": [PLACED],
        "answer_must": [["500万"]],
        "missing": "厂房租金",
        "also_accept": ["partial"],
    }
    dialogue = {"id": "d-1", "turns": [TURN, TURN | {"turn": 2}]}
    file = _write(tmp_path / "mine.jsonl", SINGLE, cross, refusal, missing_fact, control, dialogue)
    single, several, refused, unstated, answered, talk = load_sets([file])

    assert single.set == "mine"
    assert single.items[0].evidence == (Evidence("a", ("（一）",), ("奖补500万元",)),)
    assert several.style == "typo"
    assert several.items[0].documents == ("a", "b")
    assert several.items[0].evidence[1].articles == ("（一）", "（二）")
    assert refused.items[0].expect is Expect.REFUSE
    assert refused.items[0].also_accept == (Expect.CORRECT,)
    assert not refused.items[0].accepts_partial
    assert unstated.items[0].accepts_partial
    assert unstated.items[0].also_accept == ()
    assert unstated.items[0].about == "a"
    assert answered.items[0].expect is Expect.ANSWER
    assert answered.items[0].missing == "厂房租金"
    assert answered.items[0].documents == ("a",)
    assert [turn.standalone for turn in talk.items] == ["奖补多少？"] * 2


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    _write(tmp_path / "b.jsonl", SINGLE | {"id": "b-1"})
    _write(tmp_path / "a.jsonl", SINGLE)
    assert [case.id for case in load_sets([tmp_path])] == ["a-1", "b-1"]


def test_alternatives_may_name_paper_and_plural(tmp_path: Path) -> None:
    line = SINGLE | {"alternatives": [{"articles": ["（二）"], "quotes": ["甲"]}, PLACED | {"doc": "b"}]}
    alternatives = load_sets([_write(tmp_path / "a.jsonl", line)])[0].items[0].alternatives
    assert alternatives == (Evidence("a", ("（二）",), ("甲",)), Evidence("b", ("（一）",), ("奖补500万元",)))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (SINGLE | {"difficulty": "tricky"}, "difficulty"),
        (SINGLE | {"answer_musts": []}, "answer_musts"),
        (SINGLE | {"answer_must": [[]]}, "answer_must.0"),
        (SINGLE | {"question": "  "}, "question"),
        ({"id": "x", "question": "？"}, "none of the keys"),
        ({"id": "x", "type": "t", "question": "？", "expect": "answer"}, "articles"),
        ({"id": "x", "type": "t", "question": "？", "expect": "maybe"}, "expect"),
        ({"id": "x", "turns": [TURN | {"docs": ["a", "b"]}]}, "evidence is from"),
        ([], "should be an object"),
    ],
)
def test_a_faulty_line_is_named_by_file_and_number(tmp_path: Path, line: object, reason: str) -> None:
    file = _write(tmp_path / "bad.jsonl", SINGLE, line)
    with pytest.raises(SetFault) as caught:
        load_sets([file])
    message = str(caught.value)
    assert message.startswith(f"{file}:2: ")
    assert reason in message
    assert "\n" not in message


def test_text_that_is_no_json_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text("\n{'id': 1}\n", encoding="utf-8")
    with pytest.raises(SetFault, match=r"bad\.jsonl:2: "):
        load_sets([file])


def test_an_id_is_used_once_over_all_files(tmp_path: Path) -> None:
    first, second = _write(tmp_path / "a.jsonl", SINGLE), _write(tmp_path / "b.jsonl", SINGLE)
    with pytest.raises(SetFault, match=r"b\.jsonl:1: id 'a-1' is taken by .*a\.jsonl:1"):
        load_sets([first, second])


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(SetFault, match="file is empty"):
        load_sets([tmp_path / "empty.jsonl"])
    with pytest.raises(SetFault, match="cannot be read"):
        load_sets([tmp_path / "missing.jsonl"])
    (tmp_path / "folder").mkdir()
    with pytest.raises(SetFault, match=r"no \*\.jsonl"):
        load_sets([tmp_path / "folder"])
