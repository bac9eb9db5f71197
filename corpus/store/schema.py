"""Tables of the papers. A version is immutable once written."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

TABLES = MetaData()

# The version of each paper that is in use; 0 for a paper that was withdrawn.
DOCUMENTS = Table(
    "documents",
    TABLES,
    Column("id", String, primary_key=True),
    Column("version", Integer, nullable=False),
)

VERSIONS = Table(
    "document_versions",
    TABLES,
    Column("document_id", String, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),  # 1, 2, …
    Column("content_sha256", String(64), nullable=False),  # of the paper as read, see codec.content_hash
    Column("sha256", String(64), nullable=False),  # of the bytes as received
    Column("name", String, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("original", LargeBinary, nullable=False),  # the bytes as received; empty when not kept
    Column("text", Text, nullable=False),
    Column("head", JSON, nullable=False),
    Column("source", JSON, nullable=False),
    Column("notices", JSON, nullable=False),
)

CLAUSES = Table(
    "clauses",
    TABLES,
    Column("document_id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),  # reading order, from 0
    Column("id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("path", JSON, nullable=False),
    Column("label", String, nullable=False),
    Column("heading", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("tree_end", Integer, nullable=False),
    Column("body_start", Integer, nullable=False),
    Column("parent", String),
    Column("responsibility", JSON(none_as_null=True)),
    ForeignKeyConstraint(
        ["document_id", "version"],
        ["document_versions.document_id", "document_versions.version"],
        ondelete="CASCADE",
    ),
)

# What lists and lookups need of a version, so that texts are read only for quotes.
HEADS = Table(
    "heads",
    TABLES,
    Column("document_id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("content_sha256", String(64), nullable=False),  # as in document_versions
    Column("title", Text, nullable=False),
    Column("inner_title", Text, nullable=False),
    Column("doc_number", String, nullable=False),
    Column("issuer", String, nullable=False),
    Column("region", String, nullable=False),
    Column("level", String, nullable=False),
    Column("status", String, nullable=False),  # as the paper states it
    Column("date_issued", Date),
    Column("valid_until", Date),
    Column("repeals", JSON, nullable=False),  # [[title, number], …]
    Column("basis", JSON, nullable=False),
    Column("url", String, nullable=False),
    Column("clauses", Integer, nullable=False),
    Column("notices", Integer, nullable=False),
    ForeignKeyConstraint(
        ["document_id", "version"],
        ["document_versions.document_id", "document_versions.version"],
        ondelete="CASCADE",
    ),
)

# Further days by which the status of a version is computed. A version without a row states none.
HEAD_DAYS = Table(
    "head_days",
    TABLES,
    Column("document_id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("valid_since", Date),
    Column("amended", Date),
    ForeignKeyConstraint(
        ["document_id", "version"],
        ["document_versions.document_id", "document_versions.version"],
        ondelete="CASCADE",
    ),
)

# What a version changes in other papers besides repealing them, and the days on which an editor set its
# status and its last day. A version without a row has none of it.
HEAD_EFFECTS = Table(
    "head_effects",
    TABLES,
    Column("document_id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("repeals_parts", JSON, nullable=False),  # [[title, number, [article, …]], …]
    Column("extends", JSON, nullable=False),  # [[title, number, day or "", length], …]
    Column("status_set", Date),
    Column("until_set", Date),
    ForeignKeyConstraint(
        ["document_id", "version"],
        ["document_versions.document_id", "document_versions.version"],
        ondelete="CASCADE",
    ),
)

# The support facts of a version. A version without a row, or with one of another extractor, gets it when its
# facts are next completed: see corpus.store.facts.
FACTS = Table(
    "facts",
    TABLES,
    Column("document_id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("extractor", Integer, nullable=False),  # corpus.facts.model.EXTRACTOR that made them
    Column("facts", Integer, nullable=False),  # their number
    Column("body", Text, nullable=False),  # JSON, see corpus.store.facts.codec
    Column("sha256", String(64), nullable=False),  # of the body and of the content that it was read from
    ForeignKeyConstraint(
        ["document_id", "version"],
        ["document_versions.document_id", "document_versions.version"],
        ondelete="CASCADE",
    ),
)

# The papers that a version names, reversed, because names are looked up by their ending. Bytes, because all
# databases compare them alike.
NAMES = Table(
    "names",
    TABLES,
    Column("reversed_key", LargeBinary, primary_key=True),  # UTF-8
    Column("document_id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    ForeignKeyConstraint(
        ["document_id", "version"],
        ["document_versions.document_id", "document_versions.version"],
        ondelete="CASCADE",
    ),
    sqlite_with_rowid=False,
)
# Without it, deleting a version reads all names to find its own.
NAMES_OF_VERSION = Index("names_of_version", NAMES.c.document_id, NAMES.c.version)

# What each version is recognised by when a paper comes in, see corpus.identity.
IDENTITIES = Table(
    "identities",
    TABLES,
    Column("document_id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("received_key", String, nullable=False, index=True),
    Column("text_sha256", String(64), nullable=False, index=True),
    Column("number_key", String, nullable=False, index=True),
    Column("title_key", Text, nullable=False, index=True),
    Column("media_type", String, nullable=False),
    ForeignKeyConstraint(
        ["document_id", "version"],
        ["document_versions.document_id", "document_versions.version"],
        ondelete="CASCADE",
    ),
)

# Other names by which a paper is found: earlier ids, and the names of files.
ALIASES = Table(
    "aliases",
    TABLES,
    Column("alias", String, primary_key=True),
    Column("document_id", String, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
)

# Two papers with one number and different texts; `document_id` sorts before `other_id`.
CONFLICTS = Table(
    "conflicts",
    TABLES,
    Column("document_id", String, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("other_id", String, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("found_at", DateTime(timezone=True), nullable=False),
    Column("decided_at", DateTime(timezone=True)),  # empty until an editor has decided to keep both
    Column("reason", Text, nullable=False),
)

# What an editor has corrected in the head of a paper. The last row of a field is in force.
CORRECTIONS = Table(
    "corrections",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("document_id", String, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("field", String, nullable=False),
    Column("value", Text),  # empty: the correction is undone, what the paper states is in force again
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    # The content hash that the head had before; a process that opened the paper then still reads it by this.
    Column("version", Integer, nullable=False),
    Column("content_sha256", String(64), nullable=False),
)

# What an editor has corrected in the facts of a paper. The last row of a fact and field is in force.
FACT_CORRECTIONS = Table(
    "fact_corrections",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("document_id", String, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("address", Text, nullable=False),  # JSON: by what the fact is found again
    Column("field", String, nullable=False),  # empty: the whole fact is wrong
    Column("words", Text, nullable=False),  # JSON: the words that were chosen
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("undoes", Integer),  # the row that this one takes back
)

# Papers out of use that may come back. `documents.version` is 0 meanwhile.
WITHDRAWN = Table(
    "withdrawn",
    TABLES,
    Column("document_id", String, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, nullable=False),  # the one that was in use
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

# Deleted papers: nothing else is left of them. No foreign key, as they have no row in `documents`.
DELETED = Table(
    "deleted",
    TABLES,
    Column("document_id", String, primary_key=True),
    Column("version", Integer, nullable=False),  # the last one; numbers of versions are not used again
    Column("at", DateTime(timezone=True), nullable=False),
    # Whether index, free pages and receipts have been cleared of it too.
    Column("is_finished", Boolean, nullable=False),
)

# What was done to the papers and when. Contains no text of a paper.
AUDIT = Table(
    "audit",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("action", String, nullable=False),
    Column("document_id", String, nullable=False, index=True),  # empty for what concerns no single paper
    Column("details", JSON, nullable=False),
)

# Copies of the database that the program has made.
BACKUPS = Table(
    "backups",
    TABLES,
    Column("path", Text, primary_key=True),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("reason", String, nullable=False),  # "backup", "upgrade from schema 3"
)

# Files that were accepted and wait to be read, or were read: see corpus.store.jobs.queue.
JOBS = Table(
    "jobs",
    TABLES,
    Column("number", Integer, primary_key=True),  # in the order of acceptance
    Column("id", String, nullable=False, unique=True),
    Column("state", String, nullable=False, index=True),
    Column("origin", String, nullable=False),
    Column("idempotency_key", String, unique=True),  # empty where the client sent none
    Column("digest", String(64), nullable=False),  # of the bytes of all files
    Column("accepted_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("attempts", Integer, nullable=False),  # begun and not ended: the process may have died of one
    Column("step", String, nullable=False),  # what is being done, with `done` of `total`
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("generation", Integer),  # of the index that has the papers
)

JOB_FILES = Table(
    "job_files",
    TABLES,
    Column("job", Integer, ForeignKey("jobs.number", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),  # from 0
    Column("name", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("url", String, nullable=False),
    Column("fetched_at", DateTime(timezone=True)),
    Column("data", LargeBinary, nullable=False),  # empty once no attempt can need it
    Column("is_read", Boolean, nullable=False),
)

# What became of each paper of a file. Written in the transaction that stores the paper.
JOB_RESULTS = Table(
    "job_results",
    TABLES,
    Column("job", Integer, ForeignKey("jobs.number", ondelete="CASCADE"), primary_key=True),
    Column("file", Integer, primary_key=True),
    Column("part", Integer, primary_key=True),  # of the papers of the file, from 0
    Column("document_id", String, nullable=False, index=True),  # empty when refused
    Column("outcome", JSON(none_as_null=True)),  # see corpus.store.job_results
    Column("report", JSON(none_as_null=True)),  # for whoever sent the file; written after the paper is stored
)

# Files of the watched folder that became jobs, as they were then. A file that is deleted keeps its row.
WATCHED = Table(
    "watched_files",
    TABLES,
    Column("path", Text, primary_key=True),  # below the folder
    Column("signature", String, nullable=False),  # size and time of change
)

# Where and when the file of a paper was downloaded last, also when it was unchanged.
FETCHES = Table(
    "fetches",
    TABLES,
    Column("document_id", String, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("url", String, nullable=False),
    Column("fetched_at", DateTime(timezone=True)),
)
