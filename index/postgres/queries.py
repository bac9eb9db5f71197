"""The statements of a search. Each reads one state of the database, which decides what is in use.

Parameters: `vector` (the question), `papers` (ids of the papers to search), `said_papers` and
`said_positions` (the chunks that are the best by words); `share` (weight of the best sentence) and `k` of
`every_chunk` and `chunks_first`; `each` of the former, `first` (number of candidates) of the latter;
`sentences` and `chunks` (numbers of candidates) of `nearest_chunks`.

A row is a chunk with its cosine and one of its sentences: paper, position, clause key, start, end, cosine;
position of the sentence, start, end, cosine. The last four are empty for a chunk without sentences. The
chunks come in no order: sorting rows with their vectors takes longer than all the rest.
"""

from __future__ import annotations

from index.postgres.tables import Tables

# Only papers whose version in use is the one that was indexed: a paper that was withdrawn, replaced or
# deleted is left out from the moment in which that is stored.
_IN_USE = """
  JOIN {papers} p ON p.id = f.paper
  JOIN documents d ON d.id = p.document_id
  JOIN heads h ON h.document_id = d.id AND h.version = d.version AND h.content_sha256 = p.content_sha256"""

_SAID = """SELECT unnest(%(said_papers)s::integer[]) AS paper,
    unnest(%(said_positions)s::integer[]) AS position"""


def every_chunk(tables: Tables) -> str:
    """Compares all chunks of `papers`: `k` of each paper if `each`, else `k` in all; and the chunks said."""
    question, cosine = _question(tables), tables.dialect.cosine
    own, near = cosine.format("c.embedding", question), cosine.format("o.embedding", question)
    return f"""
WITH wanted AS MATERIALIZED (
  SELECT f.paper FROM (SELECT unnest(%(papers)s::integer[]) AS paper) f {_in_use(tables)}
),
near AS (
  SELECT o.paper, o.chunk, max({near}) AS best
  FROM {tables.sentences} o JOIN wanted w ON w.paper = o.paper GROUP BY o.paper, o.chunk
),
dense AS (
  SELECT c.paper, c.position, CASE WHEN n.best IS NULL THEN {own}
    ELSE %(share)s * n.best + (1 - %(share)s) * {own} END AS dense
  FROM {tables.chunks} c JOIN wanted w ON w.paper = c.paper
  LEFT JOIN near n ON n.paper = c.paper AND n.chunk = c.position
),
ranked AS (
  SELECT paper, position, row_number() OVER (
    PARTITION BY CASE WHEN %(each)s THEN paper END ORDER BY dense DESC, paper, position
  ) AS n
  FROM dense
),
said AS ({_SAID}),
best AS MATERIALIZED (
  SELECT paper, position FROM ranked
  WHERE n <= %(k)s OR (paper, position) IN (SELECT paper, position FROM said)
)
{_rows(tables)}"""


def chunks_first(tables: Tables) -> str:
    """Compares all chunks of `papers`, and the sentences of the `first` of them and of the chunks said.

    A chunk is about as near as its best sentence: of 17,350 chunks of laws, the 1,000 nearest contain the
    best ten by both in all of 150 questions, and 99.3 % of the best fifty.
    """
    question, cosine = _question(tables), tables.dialect.cosine
    own, near = cosine.format("c.embedding", question), cosine.format("o.embedding", question)
    return f"""
WITH wanted AS MATERIALIZED (
  SELECT f.paper FROM (SELECT unnest(%(papers)s::integer[]) AS paper) f {_in_use(tables)}
),
nearest AS MATERIALIZED (
  SELECT c.paper, c.position, {own} AS own FROM {tables.chunks} c JOIN wanted w ON w.paper = c.paper
  ORDER BY own DESC LIMIT %(first)s
),
near AS (
  SELECT o.paper, o.chunk, max({near}) AS best FROM nearest f
  JOIN {tables.sentences} o ON o.paper = f.paper AND o.chunk = f.position GROUP BY o.paper, o.chunk
),
dense AS (
  SELECT f.paper, f.position FROM nearest f
  LEFT JOIN near n ON n.paper = f.paper AND n.chunk = f.position
  ORDER BY CASE WHEN n.best IS NULL THEN f.own
    ELSE %(share)s * n.best + (1 - %(share)s) * f.own END DESC, f.paper, f.position
  LIMIT %(k)s
),
said AS ({_SAID}),
best AS MATERIALIZED (
  SELECT paper, position FROM dense
  UNION SELECT s.paper, s.position FROM said s JOIN wanted w ON w.paper = s.paper
)
{_rows(tables)}"""


def nearest_chunks(tables: Tables, *, filtered: bool) -> str:
    """Looks candidates up in the indexes of the vectors, and compares them with the whole vectors.

    The candidates are the chunks with the nearest sentences, the nearest chunks and the chunks said; only of
    `papers` if `filtered`. All of them come back.
    """
    near = tables.dialect.near.format("embedding", tables.dimension)
    question = tables.dialect.near.format(_question(tables), tables.dimension)
    order = f"{near} {tables.dialect.distance} {question}"
    only = "WHERE paper = ANY(%(papers)s::integer[])" if filtered else ""
    return f"""
WITH by_sentence AS MATERIALIZED (
  SELECT paper, chunk AS position FROM {tables.sentences} {only} ORDER BY {order} LIMIT %(sentences)s
),
by_chunk AS MATERIALIZED (
  SELECT paper, position FROM {tables.chunks} {only} ORDER BY {order} LIMIT %(chunks)s
),
candidates AS MATERIALIZED (
  SELECT paper, position FROM by_sentence UNION SELECT paper, position FROM by_chunk UNION {_SAID}
),
wanted AS MATERIALIZED (
  SELECT f.paper FROM (SELECT DISTINCT paper FROM candidates) f {_in_use(tables)}
),
best AS MATERIALIZED (
  SELECT f.paper, f.position FROM candidates f WHERE f.paper IN (SELECT paper FROM wanted)
)
{_rows(tables)}"""


def _rows(tables: Tables) -> str:
    """The chunks of `best` with their sentences."""
    question, cosine = _question(tables), tables.dialect.cosine
    return f"""SELECT c.paper, c.position, c.clause_key, c."start", c."end",
  {cosine.format("c.embedding", question)},
  o.position, o."start", o."end", {cosine.format("o.embedding", question)}
FROM best b
JOIN {tables.chunks} c ON c.paper = b.paper AND c.position = b.position
LEFT JOIN {tables.sentences} o ON o.paper = b.paper AND o.chunk = b.position"""


def _question(tables: Tables) -> str:
    return f"%(vector)s::{tables.dialect.vector.format(tables.dimension)}"


def _in_use(tables: Tables) -> str:
    return _IN_USE.format(papers=tables.papers)
