"""Writes the tables of an export a row group at a time, and reads them back to check them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from rag.errors import ExportFault
from rag.export.paper_rows import Row
from rag.export.tables import CLAUSES, DOCUMENTS, FACTS, schema_of

_ROWS = {DOCUMENTS: 32}  # of a row group, which is in memory at once; documents are long
_USUAL_ROWS = 2000


class TableWriter:
    """Writes rows into one Parquet file."""

    def __init__(self, folder: Path, table: str, *, about: Mapping[str, str], dimension: int = 0) -> None:
        schema = schema_of(table, about={**about, "table": table}, dimension=dimension)
        import pyarrow.parquet as pq

        self.table, self.rows = table, 0
        self._schema, self._waiting = schema, list[Row]()
        self._most = _ROWS.get(table, _USUAL_ROWS)
        self._writer = pq.ParquetWriter(folder / f"{table}.parquet", schema, compression="zstd")

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._flush()
        self._writer.close()

    def add(self, rows: Iterable[Row]) -> None:
        """Adds rows; each has every column of the table."""
        for row in rows:
            self._waiting.append(row)
            self.rows += 1
            if len(self._waiting) >= self._most:
                self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._waiting or not self.rows:
            self._writer.write_table(pa.Table.from_pylist(self._waiting, schema=self._schema))
            self._waiting.clear()


def check(folder: Path, rows: Mapping[str, int]) -> None:
    """Reads the files again: all rows are there, and every text is at its offsets. Raises ExportFault."""
    import pyarrow.parquet as pq

    for table, count in rows.items():
        found = pq.read_metadata(folder / f"{table}.parquet").num_rows
        if found != count:
            raise _not_as_written(f"{table} has {found} rows instead of {count}")
    for table, column in ((CLAUSES, ""), (FACTS, "quote")):
        texts = _rows(folder, DOCUMENTS, ["document_id", "text"])
        paper: Row = {"document_id": None, "text": ""}
        wanted = [column] if column else ["text", "start", "end"]
        for row in _rows(folder, table, ["document_id", *wanted]):
            while paper["document_id"] != row["document_id"]:
                following = next(texts, None)
                if following is None:
                    raise _not_as_written(f"{table} names the paper {row['document_id']!r}, which is absent")
                paper = following
            words = row[column] if column else row
            if paper["text"][words["start"] : words["end"]] != words["text"]:
                raise _not_as_written(f"{table} has words of {row['document_id']!r} at other offsets")


def _rows(folder: Path, table: str, columns: list[str]) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(folder / f"{table}.parquet") as file:
        for batch in file.iter_batches(batch_size=_ROWS[DOCUMENTS], columns=columns):
            yield from batch.to_pylist()


def _not_as_written(what: str) -> ExportFault:
    return ExportFault(f"the export differs from the papers: {what}. Check the disk, and export again")
