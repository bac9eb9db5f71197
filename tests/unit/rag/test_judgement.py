"""The judgement: its file, its probabilities and its decision."""

from __future__ import annotations

import math
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from assembled import written
from constructed import evidence, passage
from hypothesis import given
from hypothesis import strategies as st
from judged import ANSWERS, CONTRADICTS, OTHER, UNSTATED, ScriptedReader, weights
from pydantic import ValidationError

from index.embedding import bundled
from index.model import Verdict
from rag.errors import CalibrationFault
from rag.evidence.judgement import Finding, Judge, JudgementModel, packaged_judgement
from rag.evidence.judgement_features import FEATURES, features
from rag.evidence.sentences import Evidence
from rag.question.kinds import Asked, FactKind, packaged_kinds

_SHARE = st.floats(0, 1)
_VERDICTS = st.lists(st.builds(Verdict, _SHARE, _SHARE, _SHARE, _SHARE), min_size=1, max_size=4)
_WEIGHT = st.floats(-1e4, 1e4)
_PACKAGED = files("rag").joinpath("data", "judgement.json")


_QUESTIONS = st.sampled_from(["给多少钱？", "由财政局牵头，对吧？", "奖300万，怎么领", "", "？"])


def _sentences() -> list[Evidence]:
    """Four sentences, the best first."""
    document = written("one", "关于促进消费的通知\n一、支持消费\n甲事项。乙事项。丙事项。丁事项。\n")
    found = evidence(passage(document, "一、"), [0.9, 0.8, 0.7, 0.6])
    return [one for one in found if one.text.endswith("事项。")]


_SENTENCES = _sentences()
# Every finding is as probable as the others, whatever is read.
_EVEN = {finding: dict.fromkeys(FEATURES, 0.0) for finding in Finding}


def _features(question: str, confidence: float, verdicts: list[Verdict]) -> tuple[float, ...]:
    asked = packaged_kinds().asked(question)
    return features(question, asked, _SENTENCES[: len(verdicts)], verdicts, confidence=confidence)


@st.composite
def _models(draw: st.DrawFn) -> JudgementModel:
    return JudgementModel(
        **weights().model_dump(exclude={"weights", "bias", "least"}),
        weights={finding: {name: draw(_WEIGHT) for name in FEATURES} for finding in Finding},
        bias={finding: draw(_WEIGHT) for finding in Finding},
        least={finding: draw(_SHARE) for finding in Finding if finding is not Finding.ANSWERED},
    )


@given(_models(), _QUESTIONS, _SHARE, _VERDICTS)
def test_shares_are_probabilities_whatever_the_weights(
    model: JudgementModel, question: str, confidence: float, verdicts: list[Verdict]
) -> None:
    shares = model.shares(_features(question, confidence, verdicts))
    assert set(shares) == set(Finding)
    assert all(0 <= share <= 1 for share in shares.values())
    assert sum(shares.values()) == pytest.approx(1)


@given(_models(), _QUESTIONS, _SHARE, _VERDICTS)
def test_a_finding_reaches_its_least_and_is_the_most_probable_that_does(
    model: JudgementModel, question: str, confidence: float, verdicts: list[Verdict]
) -> None:
    shares = model.shares(_features(question, confidence, verdicts))
    reached = {finding: shares[finding] for finding, least in model.least.items() if shares[finding] >= least}
    finding = model.finding(shares)
    if finding is Finding.ANSWERED:
        assert not reached
    else:
        assert reached[finding] == max(reached.values())


@given(_QUESTIONS, _SHARE, _VERDICTS)
def test_every_feature_is_a_number_at_the_edges_too(
    question: str, confidence: float, verdicts: list[Verdict]
) -> None:
    found = _features(question, confidence, verdicts)
    assert len(found) == len(FEATURES)
    assert all(math.isfinite(value) for value in found)


def test_features_are_of_the_best_sentence_and_of_the_extremes() -> None:
    first = Verdict(answers=0.1, unstated=0.6, contradicts=0.1, other=0.2)
    second = Verdict(answers=0.7, unstated=0.0, contradicts=0.2, other=0.1)
    found = dict(zip(FEATURES, _features("给多少钱？", 0.5, [first, second]), strict=True))
    odds = {
        "confidence": 0.5,
        "answers_best": 0.1,
        "answers_most": 0.7,
        "unstated_best": 0.6,
        "contradicts_best": 0.1,
        "contradicts_most": 0.2,
        "other_best": 0.2,
        "other_least": 0.1,
    }
    for name, share in odds.items():
        assert found[name] == pytest.approx(math.log(share / (1 - share)))
    least, most = (_features("给多少钱？", share, [first])[0] for share in (0.0, 1.0))
    assert least == pytest.approx(-most) == pytest.approx(-3.892, abs=0.001)


def test_features_compare_the_question_with_the_best_sentence() -> None:
    document = written("one", "关于促进消费的通知\n一、支持消费\n每家奖励500万元。由市商务局负责。\n")
    best = [one for one in evidence(passage(document, "一、"), [0.9] * 3) if "500万元" in one.text]
    verdict = Verdict(answers=0.1, unstated=0.1, contradicts=0.7, other=0.1)

    def found(question: str, asked: Asked) -> dict[str, float]:
        values = features(question, asked, best, [verdict], confidence=0.5)
        return dict(zip(FEATURES, values, strict=True))

    department = Asked(dict.fromkeys(FactKind, 0.0) | {FactKind.DEPARTMENT: 1.0}, asserts=0.9)
    amount = Asked(dict.fromkeys(FactKind, 0.0) | {FactKind.AMOUNT: 1.0}, asserts=0.1)
    other, same = found("每家奖300万吧", department), found("奖500万谁来发", amount)
    assert (other["figures_other"], other["figures_same"]) == (1, 0)
    assert (same["figures_other"], same["figures_same"]) == (0, 1)
    assert (other["met_best"], other["met_clause"]) == (0, 1)
    assert (same["met_best"], same["met_clause"]) == (1, 1)
    assert other["asserts_contradicts"] == pytest.approx(0.63)


def _without(weighed: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in weighed.items() if key != name}


_WEIGHTS = weights().model_dump(mode="json")["weights"]
_LEAST = weights().model_dump(mode="json")["least"]
_DAMAGE = {
    "a finding without weights": ({"weights": _without(_WEIGHTS, "other")}, "exactly these features"),
    "a feature without a weight": (
        {"weights": _WEIGHTS | {"other": _without(_WEIGHTS["other"], "other_best")}},
        "exactly these features",
    ),
    "a feature of its own": ({"weights": _WEIGHTS | {"other": _WEIGHTS["other"] | {"more": 1.0}}}, "exactly"),
    "no bias": ({"bias": {}}, "needs a bias"),
    "no least probability": ({"least": _without(_LEAST, "other")}, "least probability"),
    "a least probability of an answer": ({"least": _LEAST | {"answered": 0.5}}, "least probability"),
    "not a number": ({"bias": dict.fromkeys(Finding, math.nan)}, "finite"),
    "nothing to read": ({"sentences": 0}, "sentences"),
    "a margin below nothing": ({"settled": [-0.1]}, "settled"),
    "surer than sure": ({"sure": 1.5}, "sure"),
    "another format": ({"format": 2}, "format"),
    "an unknown field": ({"more": 1}, "more"),
}


@pytest.mark.parametrize(("change", "said"), _DAMAGE.values(), ids=_DAMAGE)
def test_weights_that_do_not_fit_are_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        JudgementModel.model_validate(weights().model_dump(mode="json") | change)


def test_the_fingerprint_covers_what_decides() -> None:
    found = weights()
    elsewhere = found.model_copy(update={"date": "2000-01-01", "fitted_on": {"a": 1}})
    assert elsewhere.fingerprint == found.fingerprint
    others = [
        found.model_copy(update=change)
        for change in (
            {"reader": "another"},
            {"sentences": 2},
            {"sure": 0.9},
            {"settled": (1.0,)},
            {"bias": found.bias | {Finding.OTHER: 0.01}},
            {"least": found.least | {Finding.OTHER: 0.51}},
        )
    ]
    assert len({found.fingerprint, *(other.fingerprint for other in others)}) == 7


@pytest.mark.parametrize(
    ("content", "said"), [(None, "cannot be read"), (b"{}", "reader: Field required"), (b"no JSON", "JSON")]
)
def test_a_damaged_file_is_named_with_the_cure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, said: str
) -> None:
    (tmp_path / "data").mkdir()
    if content is not None:
        (tmp_path / "data" / "judgement.json").write_bytes(content)
    monkeypatch.setattr("rag.evidence.judgement.files", lambda package: tmp_path)
    packaged_judgement.cache_clear()
    with pytest.raises(CalibrationFault, match=rf"judgement\.json: .*{said}.*evals\.fit_judgement"):
        packaged_judgement()


@pytest.mark.skipif(not _PACKAGED.is_file(), reason="no judgement was fitted for this reader yet")
def test_the_packaged_one_is_for_the_reader_of_the_program() -> None:
    """Other weights of the reader give other verdicts: fit again with evals.fit_judgement."""
    found = packaged_judgement()
    assert found.reader.startswith("multilingual-e5-small-reader-int8-")
    assert bundled.adapter_sha256()[:12] in found.reader
    assert all(0 < least <= 1.001 for least in found.least.values())
    assert all(questions > 0 for questions in found.fitted_on.values())


@pytest.fixture
def sentences() -> list[Evidence]:
    return _SENTENCES


def _judge(reader: ScriptedReader, model: JudgementModel) -> Judge:
    return Judge(reader, model, kinds=packaged_kinds())


@pytest.mark.parametrize(
    ("otherwise", "script", "finding", "words"),
    [
        (OTHER, {"丙": ANSWERS}, Finding.ANSWERED, "丙事项。"),
        (UNSTATED, {}, Finding.UNSTATED, "甲事项。"),
        (ANSWERS, {"乙": CONTRADICTS}, Finding.CONTRADICTED, "乙事项。"),
        (OTHER, {}, Finding.OTHER, "甲事项。"),
        (OTHER, {"丁": ANSWERS}, Finding.OTHER, "甲事项。"),  # the fourth is not read
    ],
)
def test_a_judgement_rests_on_the_sentence_that_tells(
    sentences: list[Evidence], otherwise: Verdict, script: dict[str, Verdict], finding: Finding, words: str
) -> None:
    reader = ScriptedReader()
    reader.follow(otherwise, **script)
    judgement = _judge(reader, weights()).judge("问什么？", sentences, confidence=0.5, begins=True)
    assert judgement is not None
    assert (judgement.finding, judgement.sentence.text) == (finding, words)
    assert [question for question, _ in reader.read] == ["问什么？"]
    assert [read[-4:] for read in reader.read[0][1]] == ["甲事项。", "乙事项。", "丙事项。"]
    assert all(read.startswith("促进消费的通知 支持消费：") for read in reader.read[0][1])


_LESS = Verdict(answers=0.7, unstated=0.3, contradicts=0.0, other=0.0)  # close to what decides


@pytest.mark.parametrize(
    ("otherwise", "script", "settled", "read"),
    [
        (OTHER, {}, (1.0, 1.0), 1),
        (UNSTATED, {}, (1.0, 1.0), 1),
        (OTHER, {}, (100.0, 1.0), 2),
        (OTHER, {}, (100.0, 100.0), 3),
        (OTHER, {}, (), 3),
        (_LESS, {}, (3.0, 3.0), 3),
        (OTHER, {"甲": _LESS}, (3.0, 0.0), 2),
        (ANSWERS, {"甲": CONTRADICTS}, (0.0, 0.0), 3),  # the one that contradicts most is quoted
    ],
)
def test_sentences_are_read_until_they_decide(
    sentences: list[Evidence],
    otherwise: Verdict,
    script: dict[str, Verdict],
    settled: tuple[float, ...],
    read: int,
) -> None:
    reader, model = ScriptedReader(), weights().model_copy(update={"settled": settled})
    reader.follow(otherwise, **script)
    assert _judge(reader, model).judge("问什么？", sentences, confidence=0.5, begins=True) is not None
    assert sum(len(texts) for _, texts in reader.read) == read
    assert [text[-4:] for _, texts in reader.read for text in texts] == ["甲事项。", "乙事项。", "丙事项。"][
        :read
    ]


def test_whether_the_reply_begins_with_a_figure_decides_only_where_it_may(sentences: list[Evidence]) -> None:
    doubtful = weights().bias | {Finding.ANSWERED: math.log(3)}  # as probable as the other three together
    least = dict.fromkeys(weights().least, 0.99)
    model = weights().model_copy(
        update={"settled": (1.0, 1.0), "least": least, "weights": _EVEN, "bias": doubtful}
    )
    for begins, read in ((True, 3), (False, 1)):
        reader = ScriptedReader()
        _judge(reader, model).judge("问什么？", sentences, confidence=0.5, begins=begins)
        assert len(reader.read) == read


@given(_models(), _QUESTIONS, _SHARE, _VERDICTS, st.booleans())
def test_without_a_margin_nothing_is_settled_and_with_all_of_it_nothing_is_read_on(
    model: JudgementModel, question: str, confidence: float, verdicts: list[Verdict], begins: bool
) -> None:
    shares = model.shares(_features(question, confidence, verdicts))
    read = len(verdicts)
    assert not model.is_settled(shares, read=read, begins=begins)
    far = model.model_copy(update={"settled": (100.0,) * read})
    assert not far.is_settled(shares, read=read, begins=True)


def test_nothing_is_read_without_sentences_or_when_the_search_is_sure(sentences: list[Evidence]) -> None:
    reader, sure = ScriptedReader(), weights().model_copy(update={"sure": 0.9})
    assert _judge(reader, weights()).judge("问什么？", [], confidence=0.5, begins=True) is None
    assert _judge(reader, sure).judge("问什么？", sentences, confidence=0.91, begins=True) is None
    assert reader.read == []
    assert _judge(reader, sure).judge("问什么？", sentences, confidence=0.9, begins=True) is not None


def test_a_judge_is_identified_by_reader_and_weights() -> None:
    reader, other = ScriptedReader(), weights().model_copy(update={"sure": 0.9})
    assert _judge(reader, weights()).fingerprint == _judge(ScriptedReader(), weights()).fingerprint
    assert _judge(reader, weights()).fingerprint != _judge(reader, other).fingerprint
