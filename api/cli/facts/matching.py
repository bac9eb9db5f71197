"""`zhengwen match`: what an enterprise can apply for."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from api import terminal
from api.cli.facts.sums import yuan
from api.cli.options import Json, settings_in_force, wrong_call

if TYPE_CHECKING:
    from api.wire.match_schemas import MatchRequest, MatchResponse

Sentence = Annotated[
    str, typer.Argument(help="The enterprise in everyday words, in Chinese. Options count instead of it.")
]
AsOf = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="With the papers in force on that day."),
]
Others = Annotated[bool, typer.Option("--others", help="Also show what does not apply, and why.")]


def match(
    sentence: Sentence = "",
    place: Annotated[str, typer.Option(help="Where it is: 湖南省益阳市.")] = "",
    body: Annotated[str, typer.Option("--type", help="What it is: 企业, 医院, 担保公司.")] = "",
    industry: Annotated[str, typer.Option(help="Such as 生物医药.")] = "",
    product: Annotated[str, typer.Option(help="With its class: 第三类创新医疗器械.")] = "",
    stage: Annotated[str, typer.Option(help="How far the product is: 申报临床.")] = "",
    event: Annotated[
        list[str] | None, typer.Option("--event", help="What has happened; may be repeated.")
    ] = None,
    size: Annotated[str, typer.Option(help="大型, 中型, 小型 or 微型.")] = "",
    revenue: Annotated[str, typer.Option(metavar="YUAN", help="Of a year: 60000000, 6000万.")] = "",
    investment: Annotated[str, typer.Option(metavar="YUAN", help="Such as 8000万.")] = "",
    title: Annotated[
        list[str] | None, typer.Option("--title", help="A recognition it has; may be repeated.")
    ] = None,
    as_of: AsOf = None,
    others: Others = False,
    as_json: Json = False,
) -> None:
    """Show what an enterprise can apply for, with the words of the papers that decide it.

    In two groups: what applies, and what depends on something that is not known. Nothing of what is said
    here is stored.
    """
    request = _request(
        sentence=sentence,
        place=place,
        body=body,
        industry=industry,
        product=product,
        stage=stage,
        events=event or [],
        size=size,
        revenue=yuan(revenue, "--revenue"),
        investment=yuan(investment, "--investment"),
        titles=title or [],
        as_of=as_of,
        others=others,
    )
    from api.cli.facts.match_views import show_matches

    found = _matched(request)
    if as_json:
        print(found.model_dump_json())
    else:
        show_matches(terminal.out(), found)


def _matched(request: MatchRequest) -> MatchResponse:
    from api.wire.matching import matched
    from rag.assemble import open_embedder
    from rag.matching.matcher import Matcher
    from rag.matching.meaning import Meaning
    from rag.stored_papers import open_facts

    with terminal.Bar() as bar:
        settings = settings_in_force()
        known = open_facts(settings, progress=bar)
        return matched(request, Matcher(known, meaning=Meaning.by(open_embedder(settings, bar))))


def _request(
    *,
    sentence: str,
    place: str,
    body: str,
    industry: str,
    product: str,
    stage: str,
    events: list[str],
    size: str,
    revenue: Decimal | None,
    investment: Decimal | None,
    titles: list[str],
    as_of: datetime | None,
    others: bool,
) -> MatchRequest:
    """The request of these options. Rejects one that says nothing or too much."""
    from pydantic import ValidationError

    from api.wire.match_schemas import MOST_MATCHES, MatchRequest, ProfileEvent

    if not any((sentence.strip(), place, body, industry, product, stage, events, size, titles)):
        raise wrong_call("say something of the enterprise, in a sentence or by options", "SENTENCE")
    try:
        return MatchRequest(
            sentence=sentence,
            place=place or None,
            type=body or None,
            industry=industry or None,
            product=product or None,
            stage=stage or None,
            events=[ProfileEvent(what=one) for one in events],
            size=size or None,
            revenue=revenue,
            investment=investment,
            titles=titles,
            as_of=as_of.date() if as_of is not None else None,
            with_others=others,
            limit=MOST_MATCHES,
        )
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else "sentence"
        raise wrong_call(first["msg"], _OPTIONS.get(field, f"--{field}")) from error


# Fields of the request whose option has another name.
_OPTIONS = {"sentence": "SENTENCE", "events": "--event", "titles": "--title", "as_of": "--as-of"}
