"""The door of base.database."""

from city1361.base.database.migrating import ensure_partitions, run_sql, sql_file
from city1361.base.database.personal import BlindIndexField, PersonalField, Unreadable, seal, unseal
from city1361.base.database.readiness import missing_migrations, seconds_apart
from city1361.base.database.scoping import bind, forget, once, scoped
from city1361.base.database.sealed import Spot, register_purposes

__all__ = [
    "BlindIndexField",
    "PersonalField",
    "Spot",
    "Unreadable",
    "bind",
    "ensure_partitions",
    "forget",
    "missing_migrations",
    "once",
    "register_purposes",
    "run_sql",
    "scoped",
    "seal",
    "seconds_apart",
    "sql_file",
    "unseal",
]
