"""The statements for each database, as they were read by a person: `golden/*.sql` beside this file.

Only those of PostgreSQL run in the tests. Where a statement changes, look at the manuals of the others before
the file is written again: `python tests/unit/index/test_postgres_dialects.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from index.postgres.dialect import GAUSSDB, KINGBASE, OPENGAUSS, POSTGRES, Dialect
from index.postgres.queries import chunks_first, every_chunk, nearest_chunks
from index.postgres.tables import SETS, Tables

_GOLDEN = Path(__file__).with_name("golden")
_DIALECTS = (POSTGRES, OPENGAUSS, GAUSSDB, KINGBASE)


def _statements(dialect: Dialect) -> str:
    tables = Tables(1, 384, dialect)
    settings = [f"SET {name} = '{value}'" for name, value in dialect.session.items()]
    statements = [*settings, SETS, *tables.create(), *tables.create_graphs()]
    statements += [every_chunk(tables), chunks_first(tables)]
    statements += [nearest_chunks(tables, filtered=filtered) for filtered in (False, True)]
    return ";\n\n".join(one.strip() for one in statements) + ";\n"


@pytest.mark.parametrize("dialect", _DIALECTS, ids=lambda dialect: dialect.name)
def test_the_statements_are_those_that_were_read(dialect: Dialect) -> None:
    assert _statements(dialect) == (_GOLDEN / f"{dialect.name}.sql").read_text("utf-8")


@pytest.mark.parametrize("dialect", _DIALECTS[1:], ids=lambda dialect: dialect.name)
def test_others_get_nothing_that_only_pgvector_has(dialect: Dialect) -> None:
    statements = _statements(dialect)
    assert not any(word in statements for word in ("halfvec", "LATERAL", "ON CONFLICT", "iterative_scan"))


if __name__ == "__main__":
    for one in _DIALECTS:
        (_GOLDEN / f"{one.name}.sql").write_text(_statements(one), "utf-8")
