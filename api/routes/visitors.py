"""Visitors of the sites that embed the chat."""

from __future__ import annotations

from itertools import islice

from fastapi import APIRouter, Request

from api.deps import AccessDep, PoolDep, RatesDep, ServiceDep, SettingsDep
from api.wire import visitor_schemas
from corpus.catalogue.catalogue import Catalogue

router = APIRouter(prefix="/v1", tags=["visitors"])


@router.post(
    "/visitors", operation_id="createVisitor", summary="A token for a visitor, and what the chat shows first"
)
async def create_visitor(
    body: visitor_schemas.VisitorRequest,
    request: Request,
    service: ServiceDep,
    pool: PoolDep,
    access: AccessDep,
    rates: RatesDep,
    settings: SettingsDep,
) -> visitor_schemas.VisitorResponse:
    """The page must be one of the site's; on the service's own page `site` is empty or the page's own."""

    def work() -> visitor_schemas.VisitorResponse:
        rates.count_visitor(access.address(request))
        visitor, secret = access.visitor_for(request, site=body.site, secret=body.visitor)
        site = access.site(visitor.site)
        return visitor_schemas.VisitorResponse(
            token=access.issue(visitor),
            expires_in=access.token_lifetime_s,
            visitor=secret,
            site=visitor_schemas.SiteTexts(
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


def _covered(catalogue: Catalogue) -> list[visitor_schemas.Covered]:
    return [
        visitor_schemas.Covered(
            document_id=head.id,
            title=head.title,
            doc_number=head.doc_number,
            region=head.region,
            status=catalogue.status(head.id).value,
        )
        for head in islice(catalogue.heads, visitor_schemas.MOST_COVERED)
    ]
