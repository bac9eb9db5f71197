"""The examples of what editors send are what the models take."""

from __future__ import annotations

from api.wire import editing_examples as examples
from api.wire import editing_schemas as schemas


def test_the_examples_are_valid() -> None:
    assert schemas.WithReason.model_validate(examples.WITH_REASON).reason
    assert schemas.Edit.model_validate(examples.EDIT).values
    assert schemas.FactEdit.model_validate(examples.FACT_EDIT).spans
    assert schemas.FactToHide.model_validate(examples.FACT_TO_HIDE).fact_id
    assert schemas.FactUndo.model_validate(examples.FACT_UNDO).number
    assert schemas.Decision.model_validate(examples.DECISION).other_id
    assert schemas.Job.model_validate_json(schemas.Job.model_validate(examples.JOB).model_dump_json())
