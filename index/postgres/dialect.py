"""SQL in which PostgreSQL and databases that are like it differ: types, indexes of vectors, session settings.

Everything else that the engine sends is SQL that all of them read. Only PostgreSQL is tested on a server;
the others follow their manuals (docs/operate.md says what was not tried).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Neighbours of a vector in the graph of an index, and candidates while it is made and searched. Of 120 best
# tens of a hybrid search among 43,000 chunks, those of an exact one: 111 with 64 (the default of pgvector)
# and 200, 117 with 160 and 200, 119 with 160 and 400, which takes 5 ms more of the processor.
_M, _EF_CONSTRUCTION = 16, 160
EF_SEARCH = 200
# Tuples that a filtered search reads at most before it is content with fewer.
_MOST_SCANNED = 40_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """What differs. `{}` stands for the dimension in types, and for an expression in distances."""

    name: str
    extension: str  # that has to be created in the database; empty where vectors are built in
    extension_version: tuple[int, int]  # the least one
    vector: str  # type of a column of vectors
    near: str  # what is compared in the index of vectors, of a vector {0} of dimension {1}
    index: str  # how that index is made, of the expression {0}
    distance: str  # operator by which that index is searched
    cosine: str  # of two vectors of length 1
    session: Mapping[str, str]  # settings of each connection that searches
    bytes_joined: str  # aggregate that joins values of `bytea`


_SEARCHES = {
    # A plan for all parameters would read whole tables for a filter, or the graph for one paper.
    "plan_cache_mode": "force_custom_plan",
    # The index of the vectors also for a filter: the planner takes the conversion of each vector for free.
    "enable_sort": "off",
    "jit": "off",  # compiling takes longer than any search
    "max_parallel_workers_per_gather": "0",  # several questions are answered at once anyway
}

POSTGRES = Dialect(
    name="postgresql",
    extension="vector",
    extension_version=(0, 8),
    vector="vector({})",
    # Half the bytes in the graph; the best are compared again with the whole vectors.
    near="({0}::halfvec({1}))",
    index=f"USING hnsw ({{0}} halfvec_ip_ops) WITH (m = {_M}, ef_construction = {_EF_CONSTRUCTION})",
    distance="<#>",
    cosine="-({0} <#> {1})",
    session=_SEARCHES
    | {
        "hnsw.ef_search": str(EF_SEARCH),
        "hnsw.iterative_scan": "relaxed_order",
        "hnsw.max_scan_tuples": str(_MOST_SCANNED),
    },
    bytes_joined="string_agg({}, ''::bytea)",
)

# openGauss 7 with DataVec: vectors of up to 2000 components are built in, without half precision and without
# a scan that goes on where a filter leaves too few.
OPENGAUSS = Dialect(
    name="opengauss",
    extension="",
    extension_version=(0, 0),
    vector="vector({})",
    near="{0}",
    index=f"USING hnsw ({{0}} vector_ip_ops) WITH (m = {_M}, ef_construction = {_EF_CONSTRUCTION})",
    distance="<#>",
    cosine="-({0} <#> {1})",
    session={"hnsw_ef_search": str(EF_SEARCH), "query_dop": "1"},
    bytes_joined="string_agg({}, ''::bytea)",
)

# GaussDB 505 with vectors: of another type and without inner products, but vectors of length 1 order alike.
GAUSSDB = Dialect(
    name="gaussdb",
    extension="",
    extension_version=(0, 0),
    vector="floatvector({})",
    near="{0}",
    index="USING gsdiskann ({0} cosine)",
    distance="<+>",
    cosine="1 - ({0} <+> {1})",
    session={"query_dop": "1"},
    bytes_joined="string_agg({}, ''::bytea)",
)

# KingbaseES V9 in PostgreSQL mode: its extension `vector` is pgvector.
KINGBASE = Dialect(
    name="kingbase",
    extension="vector",
    extension_version=(0, 5),
    vector="vector({})",
    near="{0}",
    index=f"USING hnsw ({{0}} vector_ip_ops) WITH (m = {_M}, ef_construction = {_EF_CONSTRUCTION})",
    distance="<#>",
    cosine="-({0} <#> {1})",
    session={"jit": "off", "max_parallel_workers_per_gather": "0", "hnsw.ef_search": str(EF_SEARCH)},
    bytes_joined="string_agg({}, ''::bytea)",
)
