"""Wire models of the state of the service, and of what it answers from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.wire.fields import Wire


class IndexInfo(Wire):
    """What answers are based on."""

    corpus_hash: str
    model: Annotated[str, Field(description="fingerprint of the embedding model")]
    generation: Annotated[int, Field(description="number of the open index")]
    documents: int
    clauses: int
    chunks: int
    calibration: Annotated[
        str, Field(description="fingerprint of the calibration that computes the confidence")
    ]
    ranking: Annotated[str, Field(description="fingerprint of the weights that rank clauses")]
    composer: Annotated[str, Field(description="name of the composer, which writes the answers")]
    composer_fingerprint: str
    threshold: Annotated[float, Field(description="confidence below which the answer is a refusal")]


class Health(Wire):
    """The process is up. The reply also says what answers are based on."""

    status: Literal["ok"]
    version: str
    index: IndexInfo


class Ready(Wire):
    """The service can answer: the index is open, the records can be reached."""

    status: Literal["ready"]
    generation: int
    damaged: Annotated[
        list[str],
        Field(description="ids of papers that do not answer, because their stored texts are damaged"),
    ] = []
    behind_s: Annotated[
        int, Field(description="seconds for which stored papers have been newer than those in use")
    ] = 0
