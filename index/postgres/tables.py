"""Tables of the index in the database of the papers.

`search_sets` has a row for each set of tables. A set is of one model and one chunking; another model, other
settings and a rebuild begin a new one beside the set in use, so that questions are answered meanwhile. Its
tables have its number in their names:

search_papers_1       papers in the set; `counted` once `search_terms_1` includes them
search_chunks_1       chunks with their vectors; no text, which is in `clauses` and `document_versions`
search_sentences_1    sentences with their vectors, and the chunk of the paper in which each begins
search_postings_1     for each term and paper the chunks that contain it (`index.postgres.postings`)
search_terms_1        in how many chunks of the papers each term occurs
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.postgres.dialect import Dialect

SETS = """
CREATE TABLE IF NOT EXISTS search_sets (
  id integer PRIMARY KEY,
  key varchar NOT NULL,
  number bigint NOT NULL,
  dimension integer NOT NULL,
  has_graph boolean NOT NULL,
  manifest text NOT NULL
)"""


@dataclass(frozen=True, slots=True)
class Tables:
    """The names of the tables of one set, and the statements that make and delete them."""

    number: int
    dimension: int
    dialect: Dialect

    @property
    def papers(self) -> str:
        return f"search_papers_{self.number}"

    @property
    def chunks(self) -> str:
        return f"search_chunks_{self.number}"

    @property
    def sentences(self) -> str:
        return f"search_sentences_{self.number}"

    @property
    def postings(self) -> str:
        return f"search_postings_{self.number}"

    @property
    def terms(self) -> str:
        return f"search_terms_{self.number}"

    @property
    def all(self) -> tuple[str, ...]:
        return (self.papers, self.chunks, self.sentences, self.postings, self.terms)

    def create(self) -> Iterator[str]:
        vector = self.dialect.vector.format(self.dimension)
        yield f"""
CREATE TABLE {self.papers} (
  id serial PRIMARY KEY,
  document_id varchar NOT NULL,
  content_sha256 varchar(64) NOT NULL,
  chunks integer NOT NULL,
  sentences integer NOT NULL,
  lengths bytea NOT NULL,
  digest varchar(64) NOT NULL,
  counted boolean NOT NULL,
  UNIQUE (document_id, content_sha256)
)"""
        yield f"""
CREATE TABLE {self.chunks} (
  paper integer NOT NULL,
  position integer NOT NULL,
  clause_key text NOT NULL,
  "start" integer NOT NULL,
  "end" integer NOT NULL,
  sha256 bytea NOT NULL,
  embedding {vector} NOT NULL,
  PRIMARY KEY (paper, position)
)"""
        yield f"""
CREATE TABLE {self.sentences} (
  paper integer NOT NULL,
  chunk integer NOT NULL,
  position integer NOT NULL,
  "start" integer NOT NULL,
  "end" integer NOT NULL,
  sha256 bytea NOT NULL,
  embedding {vector} NOT NULL,
  PRIMARY KEY (paper, chunk, position)
)"""
        yield f"""
CREATE TABLE {self.postings} (
  term text NOT NULL,
  paper integer NOT NULL,
  chunks integer NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (term, paper)
)"""
        yield f"CREATE INDEX {self.postings}_paper ON {self.postings} (paper)"
        yield f"CREATE INDEX {self.chunks}_sha256 ON {self.chunks} (sha256)"
        yield f"CREATE INDEX {self.sentences}_sha256 ON {self.sentences} (sha256)"
        yield f"CREATE TABLE {self.terms} (term text PRIMARY KEY, chunks integer NOT NULL)"

    def create_graphs(self) -> Iterator[str]:
        """Makes the indexes of the vectors, which takes long: after the first papers are in."""
        how = self.dialect.index.format(self.dialect.near.format("embedding", self.dimension))
        for table in (self.chunks, self.sentences):
            yield f"CREATE INDEX {table}_near ON {table} {how}"

    def drop(self) -> Iterator[str]:
        for table in self.all:
            yield f"DROP TABLE IF EXISTS {table}"
