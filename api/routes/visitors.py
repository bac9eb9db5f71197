"""Visitors of the sites that embed the chat."""

from __future__ import annotations

from itertools import islice

from fastapi import APIRouter, Request

from api.deps import AccessDep, PoolDep, RatesDep, ServiceDep, SettingsDep
from api.wire import schemas
from corpus.catalogue.catalogue import Catalogue

router = APIRouter(prefix="/v1", tags=["visitors"])


@router.post(
    "/visitors", operation_id="createVisitor", summary="A token for a visitor, and what the chat shows first"
)
async def create_visitor(
    body: schemas.VisitorRequest,
    request: Request,
    service: ServiceDep,
    pool: PoolDep,
    access: AccessDep,
    rates: RatesDep,
    settings: SettingsDep,
) -> schemas.VisitorResponse:
    """The page must be one of the site's; on the service's own page `site` is empty or the page's own."""

    def work() -> schemas.VisitorResponse:
        rates.count_visitor(access.address(request))
        visitor, secret = access.visitor_for(request, site=body.site, secret=body.visitor)
        site = access.site(visitor.site)
        return schemas.VisitorResponse(
            token=access.issue(visitor),
            expires_in=access.token_lifetime_s,
            visitor=secret,
            site=schemas.SiteTexts(
                name=site.name if site else "",
                title=site.title if site else "",
                welcome=site.welcome if site else "",
                handoff=site.handoff if site else "",
            ),
            suggestions=list(site.suggestions) if site and site.suggestions else service.first_questions(),
            covered=_covered(service.assistant.catalogue),
            keeps_conversations=settings.service.keep_texts,
            max_question_chars=settings.server.max_question_chars,
        )

    return await pool.run(work)


def _covered(catalogue: Catalogue) -> list[schemas.Covered]:
    return [
        schemas.Covered(
            document_id=head.id,
            title=head.title,
            doc_number=head.doc_number,
            region=head.region,
            status=catalogue.status(head.id).value,
        )
        for head in islice(catalogue.heads, schemas.MOST_COVERED)
    ]
