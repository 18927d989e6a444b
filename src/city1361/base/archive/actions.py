"""Writing a month, taking its rows out of the data base, and bringing them back: each whole or not at all."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, connection
from psycopg import sql

from city1361 import __version__
from city1361.base.action.api import Outcome, action
from city1361.base.archive import parquet, proving, queries, selecting, store
from city1361.base.archive.models import ArchivedMonth
from city1361.base.archive.proving import LOADED, type_of_listener
from city1361.base.archive.terms import MANIFEST, Manifest, Month, Part, Permission, TableOfMonth
from city1361.base.kernel import clock
from city1361.base.kernel.archivable import Archivable, archivable
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Missing

ONE_AT_A_TIME = 1361_0005  # key of the advisory lock


@action(Permission.WRITE_MONTH)
def month_write(*, by: By, month: Month, heard: type_of_listener) -> Outcome[Part]:
    """Write what may go of a month, read it back and hold both against each other. The data base stays as it is.

    What was written before and is still in the data base is written anew. Raises Conflict when the month is too young or
    when nothing may go.
    """
    _alone()
    before = queries.before()
    if month.ends > before:
        raise _refused("month_too_young", "{month} 还不到归档时间：须满 {months} 个月", month)
    cleared = [part for part in queries.parts(month) if part.stands == "cleared"]
    number = len(cleared) + 1
    with store.making(f"{month.text}-{number}") as folder:
        tables = tuple(_write(folder, one, month, before, heard) for one in reversed(archivable()))
        told = Manifest(month.text, number, before, clock.now(), settings.INSTANCE["code"], __version__, tables)
        if not told.rows:
            raise _refused("month_empty", "{month} 没有可以归档的数据", month)
        (folder / MANIFEST).write_bytes(told.text())
        size = sum(path.stat().st_size for path in folder.iterdir())
        digest = hashlib.sha256(told.text()).hexdigest()
    values = {"before": before, "rows": told.rows, "bytes": size, "manifest": digest, "written_at": told.written_at}
    row, _ = ArchivedMonth.objects.update_or_create(month=month.text, part=number, defaults={**values, "restored_at": None})  # fmt: skip
    return _outcome(row)


def _write(folder: Path, what: Archivable, month: Month, before: datetime, heard: type_of_listener) -> TableOfMonth:
    columns = selecting.columns_of(what.table)
    source = sql.SQL("SELECT t.* FROM {table} t WHERE {going} ORDER BY t.{key}").format(
        table=sql.Identifier(what.table), going=selecting.going(what, month, before), key=sql.Identifier(what.key)
    )
    count, digest = selecting.digest(source, columns)
    path = folder / f"{what.table}.parquet"
    if count:
        parquet.write(path, source, columns, lambda done: heard(what.table, done))
    table = TableOfMonth(what.table, count, digest, path.name, store.sha256(path) if count else "", columns)
    if count:
        proving.load_and_prove(path, table, lambda name, done: heard(f"✓ {name}", done))
    return table


@action(Permission.CLEAR_MONTH)
def month_clear(*, by: By, month: Month, heard: type_of_listener) -> Outcome[Part]:
    """Take the rows of a month out of the data base, after its files were proved again, and only exactly those rows.

    Raises Unavailable when a file is missing or altered, Conflict when rows have changed since they were written.
    """
    _alone()
    part = _last(month)
    if part.stands == "cleared":
        raise _refused("month_cleared", "{month} 已经清出", month)
    told = store.manifest(part)
    proving.prove_files(part, heard)
    by_table = {one.table: one for one in archivable()}
    for table in told.tables:
        what = by_table[table.table]
        gone = sql.SQL("DELETE FROM {table} t WHERE {going} RETURNING t.*").format(
            table=sql.Identifier(table.table), going=selecting.going(what, month, told.before)
        )
        if selecting.digest(gone, table.columns) != (table.rows, table.digest):
            raise _refused("month_changed", "{month} 的数据在写出之后有变化（{table}）", month, "请重新写出：city1361 archive write {month}", table=table.table)  # fmt: skip
        heard(f"− {table.table}", table.rows)
    return _outcome(_note(part, cleared_at=clock.now()))


@action(Permission.RESTORE_MONTH)
def part_restore(*, by: By, part: Part, heard: type_of_listener) -> Outcome[Part]:
    """Bring the rows of a part back as they were. Raises Unavailable when a file is not what was written, Conflict when
    some of the rows are there already."""
    _alone()
    if part.stands != "cleared":
        raise _refused("month_not_cleared", "{month} 的数据就在数据库中", part.month)
    for table in reversed(store.manifest(part).tables):
        if not table.rows:
            continue
        proving.load_and_prove(store.file_of(part, table), table, heard)
        names = sql.SQL(", ").join(sql.Identifier(one.name) for one in table.columns)
        back = sql.SQL("INSERT INTO {table} AS t ({names}) SELECT {names} FROM {loaded} RETURNING t.*").format(
            table=sql.Identifier(table.table), names=names, loaded=LOADED
        )
        try:
            proved = selecting.digest(back, table.columns) == (table.rows, table.digest)
        except IntegrityError:
            proved = False
        if not proved:
            raise _refused("month_not_restored", "{month} 的数据无法原样恢复到 {table}，没有改动任何数据", part.month, table=table.table)  # fmt: skip
        heard(f"+ {table.table}", table.rows)
    return _outcome(_note(part, cleared_at=None, restored_at=clock.now()))


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def _last(month: Month) -> Part:
    known = queries.parts(month)
    if not known:
        raise Missing(where=month.text)
    return known[-1]


def _note(part: Part, **values: datetime | None) -> ArchivedMonth:
    row = ArchivedMonth.objects.get(month=part.month.text, part=part.part)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    return row


def _outcome(row: ArchivedMonth) -> Outcome[Part]:
    part = queries.as_part(row)
    facts = {"month": row.month, "part": row.part, "rows": row.rows, "manifest": row.manifest, "before": row.before}
    return Outcome(part, subject=Subject("archived_month", row.id, part.name), facts=facts)


def _refused(code: str, message: str, month: Month, remedy: str = "", **places: object) -> Conflict:
    params = {"month": month.text, "months": settings.ARCHIVE_MONTHS, **places}
    return Conflict(code, message, where=month.text, remedy=remedy, params=params)
