"""What of a reply is kept, with texts and without."""

from __future__ import annotations

from typing import TypeVar

from api.wire.schemas import AskResponse, Cited, Filters
from corpus.regions.mentions import find_divisions

CitedT = TypeVar("CitedT", bound=Cited)

# Stands for regions that name no division: they let no paper pass, and no region at all would let all pass.
_NO_REGION = "…"


def without_hit_texts(reply: AskResponse) -> AskResponse:
    """The reply, its hits without the texts of whole clauses: half of it, and the papers have them."""
    return reply.model_copy(update={"hits": [hit.model_copy(update={"text": ""}) for hit in reply.hits]})


def without_texts(reply: AskResponse) -> AskResponse:
    """The reply without any words: what was found, where it stands, how sure it was.

    Suggestions and the rewritten question repeat words of the question, and so may the reply itself.
    """
    refusal = reply.refusal
    if refusal is not None:
        refusal = refusal.model_copy(update={"nearest": [_unquoted(cited) for cited in refusal.nearest]})
    return without_hit_texts(reply).model_copy(
        update={
            "text": "",
            "rewritten": "",
            "suggestions": [],
            "citations": [_unquoted(citation) for citation in reply.citations],
            "refusal": refusal,
        }
    )


def without_words(filters: Filters) -> Filters:
    """The filters with nothing in their regions but names of divisions; a client may send any words there.

    Papers are named by their ids: a question limited to one that is not there gets no reply.
    """
    names = [mention.words for region in filters.regions for mention in find_divisions(region)]
    if filters.regions and not names:
        names = [_NO_REGION]
    return filters.model_copy(update={"regions": list(dict.fromkeys(names))})


def _unquoted(cited: CitedT) -> CitedT:
    return cited.model_copy(update={"quote": ""})
