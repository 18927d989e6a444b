"""Whether the data base fits this process: its schema, and its clock."""

from __future__ import annotations

from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from city1361.base.kernel import clock


@cache
def _expected() -> frozenset[tuple[str, str]]:
    """The last migration of each module, as this version of the product brings it."""
    return frozenset((app, name) for app, name in MigrationLoader(None).graph.leaf_nodes())


def missing_migrations() -> int:
    """How many modules of this version have a migration that the data base has not seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return len(_expected() - set(cursor.fetchall()))


def seconds_apart() -> float:
    """How far the clocks of this host and of the data base are apart."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return abs(float((clock.now() - cursor.fetchone()[0]).total_seconds()))
