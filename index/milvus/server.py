"""Calls of a Milvus server, or of Milvus Lite, a library that keeps collections in a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.errors import IndexDamaged, IndexFault

MOST = 16_384  # rows that Milvus returns at most, a limit of its own
_AT_ONCE = 500  # rows of a call: some MB with their vectors
_TIMEOUT_S = 30.0  # longest wait for a call
_BUILD_TIMEOUT_S = 600.0  # longest wait for a collection to be made or loaded
_LITE = ".db"  # what the name of Milvus Lite's folder ends in
_NO_COLLECTION = 100  # error code of Milvus

Row = dict[str, Any]  # a row of a collection: field → value


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on an integer field: its value is, or is not, one of `values`."""

    name: str
    values: tuple[int, ...]
    excluded: bool = False


class Server:
    """The Milvus at `uri`: http://HOST:19530, or the path of a folder ending in .db for Milvus Lite.

    Connects at the first call. Every error is an IndexFault that names the address and the cure.
    """

    def __init__(self, uri: str, token: str = "", *, timeout_s: float = _TIMEOUT_S) -> None:
        if not uri:
            raise IndexFault(
                "no Milvus is named. Set ZHENGWEN_SEARCH__MILVUS_URI to http://HOST:19530, or to a path that "
                "ends in .db for Milvus Lite"
            )
        self.uri = uri
        self.is_lite = uri.endswith(_LITE)
        self._token, self._timeout_s = token, timeout_s
        self._connected: Any = None

    def has(self, collection: str) -> bool:
        with self._translated():
            return bool(self._client.has_collection(collection, timeout=self._timeout_s))

    def create(self, collection: str, fields: Sequence[Field], *, indexes: Sequence[Row]) -> None:
        """Makes an empty collection, which has indexes and is loaded.

        A search may miss what was written in the last seconds, unless it asks for more (`count` does).
        """
        with self._translated():
            schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
            for one in fields:
                schema.add_field(one.name, _types()[one.kind], **one.options)
            params = self._client.prepare_index_params()
            for index in indexes:
                params.add_index(**index)
            self._client.create_collection(
                collection,
                schema=schema,
                index_params=params,
                consistency_level="Bounded",
                timeout=_BUILD_TIMEOUT_S,
            )

    def load(self, collection: str) -> None:
        """Has the server load a collection; does nothing if it is loaded."""
        with self._translated():
            state = self._client.get_load_state(collection, timeout=self._timeout_s)["state"]
            if getattr(state, "name", "") != "Loaded":  # loading waits half a second in any case
                self._client.load_collection(collection, timeout=_BUILD_TIMEOUT_S)

    def drop(self, collection: str) -> None:
        with self._translated():
            self._client.drop_collection(collection, timeout=_BUILD_TIMEOUT_S)

    def point(self, alias: str, collection: str) -> None:
        """Makes `alias` another name of the collection."""
        with self._translated():
            if alias in self._client.list_aliases(timeout=self._timeout_s)["aliases"]:
                self._client.alter_alias(collection, alias, timeout=self._timeout_s)
            else:
                self._client.create_alias(collection, alias, timeout=self._timeout_s)

    def unpoint(self, alias: str) -> None:
        with self._translated():
            self._client.drop_alias(alias, timeout=self._timeout_s)

    def put(self, collection: str, rows: Sequence[Row]) -> None:
        """Writes rows; those with the same primary keys are replaced."""
        with self._translated():
            for start in range(0, len(rows), _AT_ONCE):
                some = list(rows[start : start + _AT_ONCE])
                self._client.upsert(collection, some, timeout=_BUILD_TIMEOUT_S)

    def settle(self, collection: str) -> None:
        """Has Milvus Lite write its rows to files with their indexes, which a server does by itself.

        Until then Milvus Lite makes an index of the words at each search.
        """
        if self.is_lite:
            with self._translated():
                self._client.flush(collection, timeout=_BUILD_TIMEOUT_S)

    def delete(self, collection: str, where: Where) -> None:
        with self._translated():
            text, values = self._condition(where)
            self._client.delete(collection, filter=text, filter_params=values, timeout=_BUILD_TIMEOUT_S)

    def compact(self, collection: str) -> None:
        """Asks the server to write its files without the rows that were deleted. Does not wait for it."""
        with self._translated():
            self._client.compact(collection, timeout=self._timeout_s)

    def count(self, collection: str) -> int:
        """The number of rows, of all that was written before this call."""
        with self._translated():
            found = self._client.query(
                collection,
                filter="",
                output_fields=["count(*)"],
                consistency_level="Strong",
                timeout=_BUILD_TIMEOUT_S,
            )
            return int(found[0]["count(*)"])

    def get(self, collection: str, ids: Sequence[str], fields: Sequence[str]) -> Iterator[Row]:
        """Yields the rows with these primary keys that are there, in any order."""
        for start in range(0, len(ids), _AT_ONCE):
            with self._translated():
                found = self._client.query(
                    collection,
                    ids=list(ids[start : start + _AT_ONCE]),
                    output_fields=list(fields),
                    timeout=self._timeout_s,
                )
            yield from found

    def nearest(
        self,
        collection: str,
        name: str,
        vector: object,
        *,
        limit: int,
        where: Where | None = None,
        params: Row | None = None,
    ) -> list[tuple[str, float]]:
        """The rows with the highest inner product of `vector` and their field `name`, best first.

        `vector` is an array, or a mapping for a sparse one. Fewer than `limit` rows mean that no others
        match.
        """
        with self._translated():
            text, values = ("", Row()) if where is None else self._condition(where)
            (hits,) = self._client.search(
                collection,
                data=[vector],
                anns_field=name,
                filter=text,
                filter_params=values,
                limit=limit,
                search_params={"metric_type": "IP", "params": params or {}},
                timeout=self._timeout_s,
            )
            return [(hit["id"], hit["distance"]) for hit in hits]

    def close(self) -> None:
        """Ends the connection. That of Milvus Lite is shared by all of the process that use the folder."""
        if self._connected is not None:
            self._connected.close()
            self._connected = None
            if self.is_lite:
                from milvus_lite.server_manager import server_manager_instance

                server_manager_instance.release_server(self.uri)

    def _condition(self, where: Where) -> tuple[str, Row]:
        """A condition in the language of Milvus, and the values of its parameters.

        A server reads a long list as a parameter, without parsing it as text. Milvus Lite knows no
        parameters.
        """
        operator = "not in" if where.excluded else "in"
        values = list(where.values)
        if self.is_lite:
            return f"{where.name} {operator} {values}", {}
        return f"{where.name} {operator} {{values}}", {"values": values}

    @property
    def _client(self) -> Any:
        """The client of pymilvus, which has no types. Clients of one address share its connection."""
        if self._connected is None:
            self._connected = self._connect()
        return self._connected

    def _connect(self) -> Any:
        try:
            # Imported here because it takes a second, which programs with another engine do not need.
            from pymilvus import MilvusClient
        except ImportError as error:
            raise IndexFault(
                f"the client of Milvus cannot be imported: {error}. Run `pip install 'zhengwen[milvus]'`"
            ) from error
        if self.is_lite:
            Path(self.uri).absolute().parent.mkdir(parents=True, exist_ok=True)
        return MilvusClient(uri=self.uri, token=self._token, timeout=self._timeout_s)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (IndexFault, StopIteration, GeneratorExit):
            raise
        except OSError as error:
            raise IndexFault(f"{self.uri!r} cannot be written: {error.strerror or error}") from error
        except (
            Exception
        ) as error:  # all others are raised again; the client, whose errors they are, is not imported
            if not _is_of_milvus(error):
                raise
            raise self._fault(error) from error

    def _fault(self, error: Exception) -> IndexFault:
        reason = str(getattr(error, "message", "") or error).partition("\n")[0]
        if getattr(error, "code", 0) == _NO_COLLECTION:
            return IndexDamaged(
                f"a collection of the index is missing in Milvus at {self.uri!r}: {reason}. "
                "Run `zhengwen ingest --rebuild`"
            )
        if self.is_lite:
            cure = (
                "Only one process can use a folder of Milvus Lite: end the other one, or name a server in "
                "ZHENGWEN_SEARCH__MILVUS_URI; check `pip install 'zhengwen[milvus]' milvus-lite` and the disk"
            )
        else:
            cure = (
                "Check that it runs and can be reached, ZHENGWEN_SEARCH__MILVUS_URI and "
                "ZHENGWEN_SEARCH__MILVUS_TOKEN"
            )
        return IndexFault(f"Milvus at {self.uri!r} does not work: {reason}. {cure}")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a collection: its kind as in `_types`, and the options of pymilvus."""

    name: str
    kind: str
    options: Row = field(default_factory=dict)


def _types() -> dict[str, Any]:
    from pymilvus import DataType

    return {
        "text": DataType.VARCHAR,
        "integer": DataType.INT64,
        "vector": DataType.FLOAT_VECTOR,
        "sparse": DataType.SPARSE_FLOAT_VECTOR,
    }


def _is_of_milvus(error: Exception) -> bool:
    from grpc import RpcError
    from pymilvus import MilvusException

    return isinstance(error, MilvusException | RpcError)
