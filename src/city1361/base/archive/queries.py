"""What is archived, what could be, and which months a reader misses."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection
from psycopg import sql

from city1361.base.archive.models import ArchivedMonth
from city1361.base.archive.terms import Month, Part
from city1361.base.database import api as database
from city1361.base.kernel import clock, registry
from city1361.base.kernel.archivable import archivable
from city1361.base.kernel.by import By
from city1361.base.kernel.ids import moment_of


def parts(month: Month | None = None) -> list[Part]:
    """What was archived, oldest first."""
    rows = ArchivedMonth.objects.order_by("month", "part")
    return [as_part(row) for row in (rows.filter(month=month.text) if month else rows)]


def as_part(row: ArchivedMonth) -> Part:
    return Part(
        Month(row.month),
        row.part,
        row.rows,
        row.bytes,
        row.manifest,
        row.written_at,
        row.cleared_at,
        row.restored_at,
    )


def cleared_between(first: datetime, last: datetime) -> list[str]:
    """The months between two moments of which something is in the archive only, as `YYYY-MM`."""
    rows = ArchivedMonth.objects.exclude(cleared_at=None).filter(
        month__gte=Month.of(first).text, month__lte=Month.of(last).text
    )
    return sorted(set(rows.values_list("month", flat=True)))


def before() -> datetime:
    """Since when nothing may have happened to what goes: so many whole months ago (CITY1361_ARCHIVE_MONTHS)."""
    return Month.of(clock.now()).plus(-settings.ARCHIVE_MONTHS).begins


def due(*, by: By) -> list[Month]:
    """Months old enough that hold rows and were never archived, oldest first."""
    with database.scoped(registry.scope_of(by)):
        oldest = [moment for one in archivable() if (moment := _oldest(one.table, one.key)) is not None]
    if not oldest:
        return []
    known = {part.month for part in parts()}
    month, found = Month.of(min(oldest)), []
    while month.ends <= before():
        if month not in known:
            found.append(month)
        month = month.plus(1)
    return found


def _oldest(table: str, key: str) -> datetime | None:
    query = sql.SQL("SELECT {key} FROM {table} ORDER BY {key} LIMIT 1")
    with connection.cursor() as cursor:
        cursor.execute(query.format(key=sql.Identifier(key), table=sql.Identifier(table)).as_string())
        row = cursor.fetchone()
    return moment_of(row[0]) if row else None
