"""Which rows of a month go: SQL made of what modules declared, and of columns that the catalogue names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection
from psycopg import sql

from city1361.base.archive.terms import Column, Month
from city1361.base.kernel.archivable import Archivable
from city1361.base.kernel.ids import id_at

# Values become text in one way only, whatever the session was before.
PLAIN_TEXT = "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL intervalstyle = 'postgres'"  # fmt: skip
_COLUMNS = """SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
              WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
              ORDER BY a.attnum"""


def columns_of(table: str) -> tuple[Column, ...]:
    """The columns of a table as they stand now, each with its class of data."""
    classes = _classes(table)
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [table])
        return tuple(Column(name, kind, classes.get(name, "restricted")) for name, kind in cursor.fetchall())


def _classes(table: str) -> dict[str, str]:
    """Column and class of data; a column that is another name of a field has the field's."""
    model: Any = next(model for model in apps.get_models() if model._meta.db_table == table)
    return {field.column: model.DATA[field.name] for field in model._meta.concrete_fields if field.name in model.DATA}


def going(what: Archivable, month: Month, before: datetime) -> sql.Composed:
    """The condition on `t`: of this month, and nothing has happened since `before`."""
    moment = sql.SQL("{}::timestamptz").format(sql.Literal(before))
    return sql.SQL("t.{key} >= {first} AND t.{key} < {end} AND ({goes})").format(
        key=sql.Identifier(what.key),
        first=sql.Literal(id_at(month.begins)),
        end=sql.Literal(id_at(month.ends)),
        goes=sql.SQL(what.goes).format(before=moment),
    )


def listed(columns: tuple[Column, ...]) -> sql.Composed:
    """`t.a, t.b, …`"""
    return sql.SQL(", ").join(sql.SQL("t.{}").format(sql.Identifier(one.name)) for one in columns)


def digest(source: sql.Composable, columns: tuple[Column, ...]) -> tuple[int, str]:
    """How many rows `source` yields (a query or statement, rows called `t`) and the SHA-256 over them.

    Each row is hashed as PostgreSQL writes it, the hashes in order of the rows' own hash: what is equal in every value has
    the same digest, wherever and in whatever order it stands. 32 bytes a row are held: 30 million rows at most.
    """
    query = sql.SQL(
        "WITH t AS ({source}), d AS (SELECT sha256(convert_to(ROW({columns})::text, 'UTF8')) AS h FROM t)"
        " SELECT count(*), encode(sha256(coalesce(string_agg(h, ''::bytea ORDER BY h), ''::bytea)), 'hex') FROM d"
    ).format(source=source, columns=listed(columns))
    with connection.cursor() as cursor:
        cursor.execute(PLAIN_TEXT)
        cursor.execute(query.as_string())
        count, found = cursor.fetchone()
    return int(count), str(found)
