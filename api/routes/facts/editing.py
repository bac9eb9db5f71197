"""Corrections of support facts, for callers with the key of editors."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import EditingDep
from api.routes.papers.editing import in_thread, uncached
from api.wire import editing_schemas as schemas
from api.wire.fact_schemas import FactCorrectionList
from corpus.model import Span

router = APIRouter(prefix="/v1/editor/papers/{document_id}/facts", tags=["editors"], dependencies=[uncached])


@router.get(
    "/corrections", operation_id="listFactCorrections", summary="What editors have corrected in its facts"
)
async def corrections(document_id: str, editing: EditingDep) -> FactCorrectionList:
    """The corrections in force, with their numbers, and whether the paper still has what they are about."""
    return await in_thread(lambda: editing.fact_corrections(document_id))


@router.post("/correct", operation_id="correctFact", summary="Choose other words for a part of a fact")
async def correct(document_id: str, body: schemas.FactEdit, editing: EditingDep) -> FactCorrectionList:
    """The words are a place in the clause of the fact, or in what leads to it; no others can be given.

    Corrections outlast new versions and later extractions.
    """
    spans = [Span(place.start, place.end) for place in body.spans]
    reason = body.reason.strip()
    return await in_thread(
        lambda: editing.correct_fact(document_id, body.fact_id, body.part, spans, reason=reason)
    )


@router.post("/hide", operation_id="hideFact", summary="Call a fact wrong, so that it is shown nowhere")
async def hide(document_id: str, body: schemas.FactToHide, editing: EditingDep) -> FactCorrectionList:
    """`undo` shows it again."""
    return await in_thread(lambda: editing.hide_fact(document_id, body.fact_id, reason=body.reason.strip()))


@router.post("/undo", operation_id="undoFactCorrection", summary="Take a correction of a fact back")
async def undo(document_id: str, body: schemas.FactUndo, editing: EditingDep) -> FactCorrectionList:
    """`number` is that of the list of corrections."""
    return await in_thread(
        lambda: editing.undo_fact_correction(document_id, body.number, reason=body.reason.strip())
    )
