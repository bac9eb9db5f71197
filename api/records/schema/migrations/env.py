"""Run by alembic. `api.records.schema.database` passes the connection, in a transaction of its own."""

from alembic import context

from api.records.schema.database import VERSION_TABLE
from api.records.schema.tables import TABLES

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=TABLES,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
