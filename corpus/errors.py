"""Errors of corpus/, and the root of all errors of the product.

    ZhengwenError
    ├── CorpusError
    │   ├── UnreadableDocument     bytes that are not a paper: wrong type, empty, damaged, too large
    │   ├── OcrUnavailable         scans cannot be read: nothing that recognises text is installed
    │   ├── UnknownDocument        no document with that id
    │   ├── AmbiguousNumber        a number that several documents have
    │   ├── UnknownVersion         no version with that number of the document
    │   ├── WithdrawnDocument      the document was withdrawn
    │   ├── BadCorrection          a correction of a field that does not exist, or with a wrong value
    │   ├── NotWithdrawn           a document to restore that was not withdrawn
    │   ├── UnknownConflict        no conflict to decide between those documents
    │   ├── NothingStaged          no staged papers to release or to measure
    │   ├── NothingToRollBack      no earlier state of the papers to go back to
    │   ├── UnknownJob             no job with that id
    │   ├── JobRefused             a job that is not accepted, or cannot be cancelled or repeated
    │   │   ├── KeyReused          an idempotency key that was sent with other files
    │   │   └── TooManyJobs        too many jobs wait
    │   ├── UnknownClause          no clause with that id in the document
    │   ├── BadTable               a line of a table of phrases that cannot be read
    │   ├── GoneDocument           documents that were deleted since they were listed
    │   ├── UnknownFact            no fact with that id in the document
    │   ├── UnknownPlace           no place with that name
    │   ├── DamagedFacts           what is stored of a paper's facts differs from its checksum or its text
    │   ├── DamagedDocument        what is stored of a paper differs from its checksum
    │   └── StoreError             the database cannot be opened, written to, or has another schema
    │       ├── StoreDamaged       the file of the database is damaged
    │       └── StoreUnreachable   the server of the database does not answer
    ├── IndexFault                 index/errors.py
    └── AnswerError                rag/errors.py

Every message names the thing and says what to do about it.
"""

from collections.abc import Callable, Collection, Mapping


class ZhengwenError(Exception):
    """Root of all errors raised on purpose; `str(error)` is one line for the user."""

    def __reduce__(self) -> tuple[Callable[..., BaseException], tuple[object, ...]]:
        """Lets an error cross processes: what it says is not what its constructor takes."""
        return _received, (type(self), self.args, self.__dict__)


def _received(
    kind: type[ZhengwenError], said: tuple[object, ...], attributes: Mapping[str, object]
) -> ZhengwenError:
    error = kind.__new__(kind, *said)
    error.__dict__.update(attributes)
    return error


class CorpusError(ZhengwenError):
    """A paper or the store of papers cannot be used."""


class UnreadableDocument(CorpusError):
    """The bytes cannot be read as a policy paper."""

    def __init__(self, name: str, reason: str, cure: str) -> None:
        super().__init__(f"{name!r} cannot be read: {reason}. {cure}")
        self.name, self.reason, self.cure = name, reason, cure


class OcrUnavailable(CorpusError):
    """The recognition of text in pictures (OCR) is not installed, or not whole."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"scans cannot be read: {reason}. Run `pip install 'zhengwen[ocr]'`, or load the text"
        )
        self.reason = reason


class UnknownDocument(CorpusError):
    """No document with that id is stored."""

    def __init__(self, document_id: str) -> None:
        super().__init__(f"no document {document_id!r}. `zhengwen documents` lists the ids")
        self.document_id = document_id


class AmbiguousNumber(UnknownDocument):
    """Several documents have the number by which one was named."""

    def __init__(self, number: str, document_ids: Collection[str]) -> None:
        super().__init__(number)
        named = ", ".join(sorted(document_ids))
        self.args = (f"several documents have the number {number!r}: {named}. Name one by its id",)


class UnknownVersion(UnknownDocument):
    """The document has no version with that number."""

    def __init__(self, document_id: str, version: int, known: Collection[int] = ()) -> None:
        super().__init__(document_id)
        numbers = "; it has " + ", ".join(map(str, sorted(known))) if known else ""
        self.args = (
            f"document {document_id!r} has no version {version}{numbers}. "
            f"`zhengwen versions {document_id}` lists them",
        )
        self.version = version


class WithdrawnDocument(UnknownDocument):
    """The document was withdrawn; only editors can read it."""

    def __init__(self, document_id: str, reason: str) -> None:
        super().__init__(document_id)
        cure = f"`zhengwen restore {document_id}` brings it back"
        self.args = (f"document {document_id!r} was withdrawn ({reason}). {cure}",)
        self.reason = reason


class NotWithdrawn(CorpusError):
    """The document was not withdrawn."""

    def __init__(self, document_id: str) -> None:
        super().__init__(f"document {document_id!r} is in use, so there is nothing to restore")


class UnknownConflict(CorpusError):
    """No conflict between the two documents waits for a decision."""

    def __init__(self, document_id: str, other_id: str) -> None:
        super().__init__(
            f"no conflict between {document_id!r} and {other_id!r} waits for a decision. "
            "`zhengwen conflicts` lists those that do"
        )


class BadCorrection(CorpusError):
    """The field cannot be corrected, or not to that value."""


class NothingStaged(CorpusError):
    """No papers are staged."""

    def __init__(self) -> None:
        super().__init__("no papers are staged. `zhengwen ingest --stage` stages some")


class NothingToRollBack(CorpusError):
    """There is no earlier state of the papers to go back to."""


class UnknownJob(CorpusError):
    """No job with that id."""

    def __init__(self, job_id: str) -> None:
        super().__init__(f"no job {job_id!r}. Jobs are listed until the retention time is over")


class JobRefused(CorpusError):
    """The state of a job does not allow what was asked."""


class KeyReused(JobRefused):
    """The idempotency key belongs to a job with other files."""

    def __init__(self, job_id: str) -> None:
        super().__init__(
            f"the idempotency key was sent with other files before, as job {job_id!r}. "
            "Send these files with another key"
        )


class TooManyJobs(JobRefused):
    """So many jobs wait that no other is accepted."""


class UnknownClause(CorpusError):
    """The document has no clause with that id."""

    def __init__(self, document_id: str, clause_id: str) -> None:
        super().__init__(
            f"document {document_id!r} has no clause {clause_id!r}. "
            f"`zhengwen show {document_id}` lists its clauses"
        )
        self.document_id, self.clause_id = document_id, clause_id


class BadTable(CorpusError):
    """A line of a table of phrases cannot be read."""

    def __init__(self, place: str, line: int, reason: str, cure: str) -> None:
        super().__init__(f"line {line} of {place}: {reason}. {cure}")
        self.place, self.line, self.reason, self.cure = place, line, reason, cure


class UnknownFact(CorpusError):
    """The document has no fact with that id."""

    def __init__(self, document_id: str, fact_id: str) -> None:
        super().__init__(
            f"document {document_id!r} has no fact {fact_id!r}. "
            f"`zhengwen facts --document {document_id}` lists its facts"
        )
        self.document_id, self.fact_id = document_id, fact_id


class UnknownPlace(CorpusError):
    """No place has that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no place is called {name!r}. Name one such as 湖南省, 益阳")
        self.name = name


class DamagedFacts(CorpusError):
    """What is stored of the facts of a paper differs from its checksum, or from the text of the paper.

    The text of the paper is not affected.
    """

    def __init__(self, document_id: str) -> None:
        super().__init__(
            f"the stored facts of {document_id!r} are damaged: they differ from their checksum or from the "
            f"text, and are not shown. `zhengwen reread {document_id}` reads them again"
        )
        self.document_id = document_id


class DamagedDocument(CorpusError):
    """What is stored of one or more papers differs from its checksum, or cannot be read.

    No other paper is affected.
    """

    def __init__(self, document_ids: Collection[str]) -> None:
        self.document_ids = tuple(sorted(document_ids))
        named = ", ".join(map(repr, self.document_ids))
        super().__init__(
            f"the stored text of {named} is damaged: it differs from its checksum, and is not quoted. "
            "`zhengwen verify` names all damage; restore a backup with `zhengwen backup restore`, or add the "
            "paper again with `zhengwen ingest`"
        )


class GoneDocument(UnknownDocument, DamagedDocument):
    """Papers that were deleted since they were listed; the others can be read."""

    def __init__(self, document_ids: Collection[str]) -> None:
        DamagedDocument.__init__(self, document_ids)
        self.document_id = self.document_ids[0]
        named = ", ".join(map(repr, self.document_ids))
        self.args = (f"{named} was deleted a moment ago. Ask again",)


class StoreError(CorpusError):
    """The database of papers cannot be opened or written to, or has another schema."""


class StoreDamaged(StoreError):
    """The file of the database is damaged."""


class StoreUnreachable(StoreError):
    """The server of the database does not answer; once it does, everything goes on without a restart."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"the database {name!r} cannot be reached: {reason}. Start its server, or correct the URL. "
            "Nothing acknowledged is lost, and a running service goes on by itself once the server is back"
        )
