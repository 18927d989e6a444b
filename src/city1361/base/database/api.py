"""The door of base.database."""

from city1361.base.database.migrating import ensure_partitions, run_sql, sql_file
from city1361.base.database.scoping import bind, scoped

__all__ = ["bind", "ensure_partitions", "run_sql", "scoped", "sql_file"]
