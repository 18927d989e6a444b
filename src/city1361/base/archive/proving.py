"""That a file holds the rows it should: it is loaded into a table of its own, and PostgreSQL hashes what came back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.db import connection
from psycopg import DataError, sql

from city1361.base.archive import parquet, selecting, store
from city1361.base.archive.terms import Part, TableOfMonth
from city1361.base.database import api as database
from city1361.base.kernel import registry
from city1361.base.kernel.archivable import archivable
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict

type_of_listener = Callable[[str, int], None]
LOADED = sql.Identifier("archive_loaded")


def load_and_prove(path: Path, table: TableOfMonth, heard: type_of_listener) -> None:
    """Load a file into the temporary table `archive_loaded` and hold its digest against the manifest's.

    Raises Unavailable when they differ, Conflict when the table has lost a column that the file has.
    """
    _check_columns(table)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(LOADED).as_string())
        make = "CREATE TEMP TABLE {loaded} ON COMMIT DROP AS SELECT {columns} FROM {table} t WHERE false"
        places = {"loaded": LOADED, "columns": selecting.listed(table.columns), "table": sql.Identifier(table.table)}
        cursor.execute(sql.SQL(make).format(**places).as_string())
    with suppress(ValueError, DataError):
        parquet.load(path, LOADED, table.columns, lambda done: heard(table.table, done))
        if digest_of_loaded(table) == (table.rows, table.digest):
            return
    raise store.altered(path)


def digest_of_loaded(table: TableOfMonth) -> tuple[int, str]:
    return selecting.digest(sql.SQL("SELECT * FROM {} t").format(LOADED), table.columns)


def _check_columns(table: TableOfMonth) -> None:
    known = {one.name: one.type for one in selecting.columns_of(table.table)}
    for column in table.columns:
        if known.get(column.name) != column.type:
            raise Conflict(
                "archive_schema",
                "归档中的列 {column} 在现在的表 {table} 中没有或类型不同",
                where=table.table,
                remedy="请用写出该归档的版本恢复，再升级",
                params={"column": f"{column.name} {column.type}", "table": table.table},
            )


def verify(*, by: By, part: Part, heard: type_of_listener) -> str:
    """Prove every file of a part; where its rows are in the data base too, the first table in which they have changed since,
    or nothing. Raises Unavailable naming the first file that is missing or altered."""
    with database.scoped(registry.scope_of(by)):
        prove_files(part, heard)
        return "" if part.stands == "cleared" else _differs(part)


def _differs(part: Part) -> str:
    """The first table whose rows in the data base are not what the part holds; empty when all are."""
    told = store.manifest(part)
    declared = {one.table: one for one in archivable()}
    for table in told.tables:
        going = selecting.going(declared[table.table], part.month, told.before)
        source = sql.SQL("SELECT t.* FROM {} t WHERE {}").format(sql.Identifier(table.table), going)
        if selecting.digest(source, table.columns) != (table.rows, table.digest):
            return table.table
    return ""


def prove_files(part: Part, heard: type_of_listener) -> None:
    """Every file of a part, whole and with the right rows. Raises Unavailable naming the first that is not."""
    for table in store.manifest(part).tables:
        if table.rows:
            load_and_prove(store.file_of(part, table), table, heard)
