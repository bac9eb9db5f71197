"""The statements of a search. Each reads one state of the database, which decides what is in use.

Parameters: `vector` (the question), `share` (weight of the best sentence), `k`, `papers` (ids of the papers
to search), `said_papers` and `said_positions` (the chunks that are the best by words). A row is a chunk with
its cosine, those of its sentences in reading order, and its place.
"""

from __future__ import annotations

from index.postgres.tables import Tables

# Only papers whose version in use is the one that was indexed: a paper that was withdrawn, replaced or
# deleted is left out from the moment in which that is stored.
_IN_USE = """
JOIN {papers} p ON p.id = f.paper
JOIN documents d ON d.id = p.document_id
JOIN heads h ON h.document_id = d.id AND h.version = d.version AND h.content_sha256 = p.content_sha256"""

_SAID = (
    "SELECT unnest(%(said_papers)s::integer[]) AS paper, unnest(%(said_positions)s::integer[]) AS position"
)

_JOINED = """CASE WHEN {best} IS NULL THEN {own}
  ELSE %(share)s * {best} + (1 - %(share)s) * {own} END"""


def every_chunk(tables: Tables) -> str:
    """Compares all chunks of `papers`: `k` of each paper if `each`, else `k` in all; and the chunks said."""
    joined = _JOINED.format(best="n.best", own="-(c.embedding <#> q.v)")
    return f"""
WITH q AS MATERIALIZED (SELECT %(vector)s::{tables.dialect.vector.format(tables.dimension)} AS v),
wanted AS MATERIALIZED (
  SELECT f.paper FROM (SELECT unnest(%(papers)s::integer[]) AS paper) f {_in_use(tables)}
),
near AS (
  SELECT o.paper, o.chunk, max(-(o.embedding <#> q.v)) AS best
  FROM {tables.sentences} o JOIN wanted USING (paper), q GROUP BY o.paper, o.chunk
),
dense AS (
  SELECT c.paper, c.position, {joined} AS dense
  FROM {tables.chunks} c JOIN wanted USING (paper) CROSS JOIN q
  LEFT JOIN near n ON n.paper = c.paper AND n.chunk = c.position
),
ranked AS (
  SELECT paper, position, dense,
    row_number() OVER (
      PARTITION BY CASE WHEN %(each)s THEN paper END ORDER BY dense DESC, paper, position
    ) AS n
  FROM dense
),
said AS ({_SAID}),
best AS MATERIALIZED (
  SELECT paper, position, dense FROM ranked
  WHERE n <= %(k)s OR (paper, position) IN (SELECT paper, position FROM said)
)
{_with_sentences(tables, dense="b.dense", groups=", b.dense")}"""


def nearest_chunks(tables: Tables, *, filtered: bool) -> str:
    """Looks candidates up in the indexes of the vectors, and compares them with the whole vectors.

    The candidates are the chunks with the nearest sentences, the nearest chunks and the chunks said. Only
    chunks of `papers` if `filtered`. More than `k` chunks may come back.
    """
    near = tables.dialect.near.format("embedding", tables.dimension)
    question = tables.dialect.near.format(
        f"%(vector)s::{tables.dialect.vector.format(tables.dimension)}", tables.dimension
    )
    only = "WHERE paper = ANY(%(papers)s::integer[])" if filtered else ""
    joined = _JOINED.format(best="max(-(o.embedding <#> q.v))", own="-(min(c.embedding <#> q.v))")
    return f"""
WITH q AS MATERIALIZED (SELECT %(vector)s::{tables.dialect.vector.format(tables.dimension)} AS v),
by_sentence AS MATERIALIZED (
  SELECT paper, chunk AS position FROM {tables.sentences} {only}
  ORDER BY {near} <#> {question} LIMIT %(sentences)s
),
by_chunk AS MATERIALIZED (
  SELECT paper, position FROM {tables.chunks} {only} ORDER BY {near} <#> {question} LIMIT %(chunks)s
),
candidates AS (
  SELECT * FROM by_sentence UNION SELECT * FROM by_chunk UNION {_SAID}
),
best AS MATERIALIZED (SELECT f.paper, f.position FROM candidates f {_in_use(tables)})
{_with_sentences(tables, dense=joined)}"""


def _with_sentences(tables: Tables, *, dense: str, groups: str = "") -> str:
    """The chunks of `best`, with their sentences."""
    return f"""SELECT c.paper, c.position, c.clause_key, c."start", c."end", {dense} AS dense,
  array_agg(o."start" ORDER BY o.position), array_agg(o."end" ORDER BY o.position),
  array_agg(-(o.embedding <#> q.v) ORDER BY o.position)
FROM best b
JOIN {tables.chunks} c ON c.paper = b.paper AND c.position = b.position
LEFT JOIN {tables.sentences} o ON o.paper = b.paper AND o.chunk = b.position CROSS JOIN q
GROUP BY c.paper, c.position{groups}"""


def _in_use(tables: Tables) -> str:
    return _IN_USE.format(papers=tables.papers)
