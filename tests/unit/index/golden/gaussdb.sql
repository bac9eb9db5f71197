SET query_dop = '1';

CREATE TABLE IF NOT EXISTS search_sets (
  id integer PRIMARY KEY,
  key varchar NOT NULL,
  number bigint NOT NULL,
  dimension integer NOT NULL,
  has_graph boolean NOT NULL,
  manifest text NOT NULL
);

CREATE TABLE search_papers_1 (
  id serial PRIMARY KEY,
  document_id varchar NOT NULL,
  content_sha256 varchar(64) NOT NULL,
  chunks integer NOT NULL,
  sentences integer NOT NULL,
  lengths bytea NOT NULL,
  digest varchar(64) NOT NULL,
  counted boolean NOT NULL,
  UNIQUE (document_id, content_sha256)
);

CREATE TABLE search_chunks_1 (
  paper integer NOT NULL,
  position integer NOT NULL,
  clause_key text NOT NULL,
  "start" integer NOT NULL,
  "end" integer NOT NULL,
  sha256 bytea NOT NULL,
  embedding floatvector(384) NOT NULL,
  PRIMARY KEY (paper, position)
);

CREATE TABLE search_sentences_1 (
  paper integer NOT NULL,
  chunk integer NOT NULL,
  position integer NOT NULL,
  "start" integer NOT NULL,
  "end" integer NOT NULL,
  sha256 bytea NOT NULL,
  embedding floatvector(384) NOT NULL,
  PRIMARY KEY (paper, chunk, position)
);

CREATE TABLE search_postings_1 (
  term text NOT NULL,
  paper integer NOT NULL,
  chunks integer NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (term, paper)
);

CREATE INDEX search_postings_1_paper ON search_postings_1 (paper);

CREATE INDEX search_chunks_1_sha256 ON search_chunks_1 (sha256);

CREATE INDEX search_sentences_1_sha256 ON search_sentences_1 (sha256);

CREATE TABLE search_terms_1 (term text PRIMARY KEY, chunks integer NOT NULL);

CREATE INDEX search_chunks_1_near ON search_chunks_1 USING gsdiskann (embedding cosine);

CREATE INDEX search_sentences_1_near ON search_sentences_1 USING gsdiskann (embedding cosine);

WITH wanted AS MATERIALIZED (
  SELECT f.paper FROM (SELECT unnest(%(papers)s::integer[]) AS paper) f 
  JOIN search_papers_1 p ON p.id = f.paper
  JOIN documents d ON d.id = p.document_id
  JOIN heads h ON h.document_id = d.id AND h.version = d.version AND h.content_sha256 = p.content_sha256
),
near AS (
  SELECT o.paper, o.chunk, max(1 - (o.embedding <+> %(vector)s::floatvector(384))) AS best
  FROM search_sentences_1 o JOIN wanted w ON w.paper = o.paper GROUP BY o.paper, o.chunk
),
dense AS (
  SELECT c.paper, c.position, CASE WHEN n.best IS NULL THEN 1 - (c.embedding <+> %(vector)s::floatvector(384))
    ELSE %(share)s * n.best + (1 - %(share)s) * 1 - (c.embedding <+> %(vector)s::floatvector(384)) END AS dense
  FROM search_chunks_1 c JOIN wanted w ON w.paper = c.paper
  LEFT JOIN near n ON n.paper = c.paper AND n.chunk = c.position
),
ranked AS (
  SELECT paper, position, row_number() OVER (
    PARTITION BY CASE WHEN %(each)s THEN paper END ORDER BY dense DESC, paper, position
  ) AS n
  FROM dense
),
said AS (SELECT unnest(%(said_papers)s::integer[]) AS paper,
    unnest(%(said_positions)s::integer[]) AS position),
best AS MATERIALIZED (
  SELECT paper, position FROM ranked
  WHERE n <= %(k)s OR (paper, position) IN (SELECT paper, position FROM said)
)
SELECT c.paper, c.position, c.clause_key, c."start", c."end",
  1 - (c.embedding <+> %(vector)s::floatvector(384)),
  o.position, o."start", o."end", 1 - (o.embedding <+> %(vector)s::floatvector(384))
FROM best b
JOIN search_chunks_1 c ON c.paper = b.paper AND c.position = b.position
LEFT JOIN search_sentences_1 o ON o.paper = b.paper AND o.chunk = b.position;

WITH wanted AS MATERIALIZED (
  SELECT f.paper FROM (SELECT unnest(%(papers)s::integer[]) AS paper) f 
  JOIN search_papers_1 p ON p.id = f.paper
  JOIN documents d ON d.id = p.document_id
  JOIN heads h ON h.document_id = d.id AND h.version = d.version AND h.content_sha256 = p.content_sha256
),
nearest AS MATERIALIZED (
  SELECT c.paper, c.position, 1 - (c.embedding <+> %(vector)s::floatvector(384)) AS own FROM search_chunks_1 c JOIN wanted w ON w.paper = c.paper
  ORDER BY own DESC LIMIT %(first)s
),
near AS (
  SELECT o.paper, o.chunk, max(1 - (o.embedding <+> %(vector)s::floatvector(384))) AS best FROM nearest f
  JOIN search_sentences_1 o ON o.paper = f.paper AND o.chunk = f.position GROUP BY o.paper, o.chunk
),
dense AS (
  SELECT f.paper, f.position FROM nearest f
  LEFT JOIN near n ON n.paper = f.paper AND n.chunk = f.position
  ORDER BY CASE WHEN n.best IS NULL THEN f.own
    ELSE %(share)s * n.best + (1 - %(share)s) * f.own END DESC, f.paper, f.position
  LIMIT %(k)s
),
said AS (SELECT unnest(%(said_papers)s::integer[]) AS paper,
    unnest(%(said_positions)s::integer[]) AS position),
best AS MATERIALIZED (
  SELECT paper, position FROM dense
  UNION SELECT s.paper, s.position FROM said s JOIN wanted w ON w.paper = s.paper
)
SELECT c.paper, c.position, c.clause_key, c."start", c."end",
  1 - (c.embedding <+> %(vector)s::floatvector(384)),
  o.position, o."start", o."end", 1 - (o.embedding <+> %(vector)s::floatvector(384))
FROM best b
JOIN search_chunks_1 c ON c.paper = b.paper AND c.position = b.position
LEFT JOIN search_sentences_1 o ON o.paper = b.paper AND o.chunk = b.position;

WITH by_sentence AS MATERIALIZED (
  SELECT paper, chunk AS position FROM search_sentences_1  ORDER BY embedding <+> %(vector)s::floatvector(384) LIMIT %(sentences)s
),
by_chunk AS MATERIALIZED (
  SELECT paper, position FROM search_chunks_1  ORDER BY embedding <+> %(vector)s::floatvector(384) LIMIT %(chunks)s
),
candidates AS MATERIALIZED (
  SELECT paper, position FROM by_sentence UNION SELECT paper, position FROM by_chunk UNION SELECT unnest(%(said_papers)s::integer[]) AS paper,
    unnest(%(said_positions)s::integer[]) AS position
),
wanted AS MATERIALIZED (
  SELECT f.paper FROM (SELECT DISTINCT paper FROM candidates) f 
  JOIN search_papers_1 p ON p.id = f.paper
  JOIN documents d ON d.id = p.document_id
  JOIN heads h ON h.document_id = d.id AND h.version = d.version AND h.content_sha256 = p.content_sha256
),
best AS MATERIALIZED (
  SELECT f.paper, f.position FROM candidates f WHERE f.paper IN (SELECT paper FROM wanted)
)
SELECT c.paper, c.position, c.clause_key, c."start", c."end",
  1 - (c.embedding <+> %(vector)s::floatvector(384)),
  o.position, o."start", o."end", 1 - (o.embedding <+> %(vector)s::floatvector(384))
FROM best b
JOIN search_chunks_1 c ON c.paper = b.paper AND c.position = b.position
LEFT JOIN search_sentences_1 o ON o.paper = b.paper AND o.chunk = b.position;

WITH by_sentence AS MATERIALIZED (
  SELECT paper, chunk AS position FROM search_sentences_1 WHERE paper = ANY(%(papers)s::integer[]) ORDER BY embedding <+> %(vector)s::floatvector(384) LIMIT %(sentences)s
),
by_chunk AS MATERIALIZED (
  SELECT paper, position FROM search_chunks_1 WHERE paper = ANY(%(papers)s::integer[]) ORDER BY embedding <+> %(vector)s::floatvector(384) LIMIT %(chunks)s
),
candidates AS MATERIALIZED (
  SELECT paper, position FROM by_sentence UNION SELECT paper, position FROM by_chunk UNION SELECT unnest(%(said_papers)s::integer[]) AS paper,
    unnest(%(said_positions)s::integer[]) AS position
),
wanted AS MATERIALIZED (
  SELECT f.paper FROM (SELECT DISTINCT paper FROM candidates) f 
  JOIN search_papers_1 p ON p.id = f.paper
  JOIN documents d ON d.id = p.document_id
  JOIN heads h ON h.document_id = d.id AND h.version = d.version AND h.content_sha256 = p.content_sha256
),
best AS MATERIALIZED (
  SELECT f.paper, f.position FROM candidates f WHERE f.paper IN (SELECT paper FROM wanted)
)
SELECT c.paper, c.position, c.clause_key, c."start", c."end",
  1 - (c.embedding <+> %(vector)s::floatvector(384)),
  o.position, o."start", o."end", 1 - (o.embedding <+> %(vector)s::floatvector(384))
FROM best b
JOIN search_chunks_1 c ON c.paper = b.paper AND c.position = b.position
LEFT JOIN search_sentences_1 o ON o.paper = b.paper AND o.chunk = b.position;
