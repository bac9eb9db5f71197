"""Calibrations: the packaged one, the one stored in an index, and invalid files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import CalibrationFault
from rag.evidence.calibration import WEIGHED, Calibration, packaged, read_calibration, stored_calibration
from rag.evidence.confidence import SIGNALS, Signals
from rag.ranking import Ranking

_SHARE = st.floats(0, 1)
_SIGNALS = st.builds(Signals, **dict.fromkeys(Signals.__dataclass_fields__, _SHARE))
# Signals that raise the confidence; `known` and `unsatisfied` lower it.
_SPEAKS_FOR = ("cosine", "lead", "words", "paper", "related")


@given(_SIGNALS)
def test_confidence_is_a_probability(found: Signals) -> None:
    assert 0 < packaged().confidence(found) < 1


@pytest.mark.parametrize("bias", [-1e4, 1e4])
def test_confidence_is_a_probability_with_any_weights(bias: float) -> None:
    found = Signals(**dict.fromkeys(Signals.__dataclass_fields__, 0.5))
    assert 0 <= packaged().model_copy(update={"bias": bias}).confidence(found) <= 1


@given(_SIGNALS, st.sampled_from(_SPEAKS_FOR), _SHARE)
def test_more_that_speaks_for_an_answer_is_more_confidence(found: Signals, name: str, value: float) -> None:
    less, more = sorted((getattr(found, name), value))
    confidence = packaged().confidence
    assert confidence(replace(found, **{name: less})) <= confidence(replace(found, **{name: more}))


def test_the_packaged_one_says_what_it_was_fitted_on() -> None:
    found = packaged()
    assert found.signals == SIGNALS
    assert found.model.startswith("multilingual-e5-small-int8")
    assert all(part.questions > part.answerable > 0 for part in found.fitted_on)
    assert found.commit


def test_the_packaged_one_is_for_the_ranking_of_the_program() -> None:
    """Another number of rag/ranking.py gives other signals: fit again (docs/evaluation.md) and compare."""
    assert packaged().ranking == Ranking().fingerprint


def test_the_fingerprint_covers_what_decides() -> None:
    found = packaged()
    assert found.model_copy(update={"date": "2000-01-01", "fitted_on": ()}).fingerprint == found.fingerprint
    others = [
        found.model_copy(update=change)
        for change in (
            {"threshold": 0.5},
            {"bias": found.bias + 0.01},
            {"ranking": "r1"},
            {"weights": found.weights | {"words": 0.0}},
        )
    ]
    assert len({found.fingerprint, *(other.fingerprint for other in others)}) == 5


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    own = packaged().model_copy(update={"bias": -1.5})
    file.write_text(own.model_dump_json(indent=2), encoding="utf-8")
    assert read_calibration(file) == own


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"weights": {"cosine": 1.0}}, "exactly these signals"),
        ({"weights": dict.fromkeys(WEIGHED, float("nan"))}, "weights"),
        ({"threshold": 1.5}, "threshold"),
        ({"format": 2}, "format"),
        ({"signals": SIGNALS + 1}, f"has signals {SIGNALS}"),
        ({"more": 1}, "more"),
    ],
)
def test_a_file_that_is_no_calibration_is_named(tmp_path: Path, change: dict[str, object], said: str) -> None:
    file = tmp_path / "c.json"
    file.write_text(json.dumps(packaged().model_dump(mode="json") | change), encoding="utf-8")
    with pytest.raises(CalibrationFault, match=said) as caught:
        read_calibration(file)
    assert str(file) in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CalibrationFault, match=r"missing\.json"):
        read_calibration(tmp_path / "missing.json")


def test_an_index_keeps_its_own_unless_it_is_of_other_signals() -> None:
    own = Calibration.model_validate(packaged().model_dump() | {"bias": -1.5})
    assert stored_calibration(own.model_dump(mode="json")) == own
    for stored in ({}, own.model_dump(mode="json") | {"signals": SIGNALS + 1}, {"format": 9}):
        assert stored_calibration(stored) == packaged()
