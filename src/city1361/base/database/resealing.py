"""Sealing anew what stands under an old key, and the proof that nothing does any longer.

Nobody keeps a list of sealed columns: every column of every table that can hold a sealed value is read. A sealed value
begins with its version and the number of its key, as bytes or as base64 in text and JSON, so it is found wherever it
was copied to. Runs as the owner, block by block; each block is a transaction, and what is done is done: after a
stop it is simply run again.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection
from psycopg import sql
from psycopg.types.json import Json, Jsonb

from city1361.base.database import personal, scoping
from city1361.base.database.personal import BlindIndexField, PersonalField, Unreadable
from city1361.base.database.sealed import Spot, purposes_of
from city1361.base.kernel.scope import Scope

PAGES = 256  # of 8 kB, in one transaction
BASE64 = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
COLUMNS = """
SELECT r.oid::regclass::text, coalesce(top.relname, r.relname), a.attname, t.typname,
       coalesce((SELECT min(k.attname) FROM pg_index i JOIN pg_attribute k
                     ON k.attrelid = i.indrelid AND k.attnum = ANY (i.indkey)
                  WHERE i.indrelid = r.oid AND i.indisprimary HAVING count(*) = 1), ''),
       pg_relation_size(r.oid) / current_setting('block_size')::int
  FROM pg_class r JOIN pg_attribute a ON a.attrelid = r.oid JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_class top ON top.oid = pg_partition_root(r.oid)
 WHERE r.relkind = 'r' AND r.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
   AND a.attgenerated = '' AND t.typname IN ('bytea', 'json', 'jsonb', 'text', 'varchar')
 ORDER BY 1, 3"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table or of one partition of it. key: its primary key, when that is one column."""

    relation: str
    table: str
    name: str
    kind: str
    key: str
    pages: int


@dataclass(slots=True)
class Found:
    """done: values sealed anew. left: where values stand under another than the first key, and how many there.

    stuck: those whose purpose nobody knows. indexes: blind indexes that are not of the first key."""

    done: int = 0
    left: dict[str, int] = field(default_factory=dict)
    stuck: dict[str, int] = field(default_factory=dict)
    indexes: int = 0

    @property
    def clean(self) -> bool:
        return not self.left and not self.indexes


def reseal(told: Callable[[str, int], None], pages: int = PAGES) -> Found:
    """Seal every value under the first configured key; then look again for what is left."""
    found = Found()
    for column in _columns():
        for first in range(0, column.pages, pages):
            with scoping.scoped(Scope.everything()):
                done = _block(column, first, first + pages, found)
            if done:
                found.done += done
                told(column.relation, found.done)
    remaining = left()
    found.left, found.indexes = remaining.left, remaining.indexes
    return found


def left() -> Found:
    """What does not stand under the first key: read from every row, so it holds for what nobody registered too."""
    found = Found(left=standing_under(personal.old_keys()))
    found.indexes = sum(_stale(model, source, index) for model, source, index in _indexed())
    return found


def standing_under(numbers: list[bytes]) -> dict[str, int]:
    """How many rows hold a value sealed under these keys, by column."""
    counts = {}
    for column in _columns():
        with scoping.scoped(Scope.everything()), connection.cursor() as cursor:
            query = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(_table(column), _under(column, numbers))
            cursor.execute(query.as_string(connection.connection))
            count = cursor.fetchone()[0]
        if count:
            counts[f"{column.relation}.{column.name}"] = count
    return counts


def _columns() -> list[Column]:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION statement_timeout = 0")
        cursor.execute(COLUMNS)
        return [Column(*row) for row in cursor.fetchall()]


def _table(column: Column) -> sql.Composable:
    return sql.SQL(".").join(map(sql.Identifier, column.relation.replace('"', "").split(".")))


def _under(column: Column, numbers: list[bytes]) -> sql.Composable:
    """The rows whose value begins, or contains in base64, the mark of one of these keys."""
    name, marks = sql.Identifier(column.name), [personal.VERSION + number for number in numbers]
    if column.kind == "bytea":
        test: sql.Composable = sql.SQL("substring({} FOR 5) = ANY ({})").format(name, sql.Literal(marks))
    else:
        # Five bytes are six digits of base64 and a part of the seventh.
        words = [f"%{base64.b64encode(mark).decode()[:6]}%" for mark in marks]
        test = sql.SQL("{}::text LIKE ANY ({})").format(name, sql.Literal(words))
    return test if marks else sql.SQL("false")


def _block(column: Column, first: int, last: int, found: Found) -> int:
    """The rows of some pages. Rows that change meanwhile are locked first; their new versions come later, or next time."""
    key = sql.SQL("{}::text").format(sql.Identifier(column.key)) if column.key else sql.SQL("''")
    name, table = sql.Identifier(column.name), _table(column)
    query = sql.SQL("SELECT ctid::text, {}, {} FROM {} WHERE ctid >= {} AND ctid < {} AND {} FOR UPDATE").format(
        key, name, table, sql.Literal(f"({first},0)"), sql.Literal(f"({last},0)"), _under(column, personal.old_keys())
    )
    done = 0
    with connection.cursor() as cursor:
        cursor.execute(query.as_string(connection.connection))
        for ctid, row, value in cursor.fetchall():
            anew, count = _anew(Spot(column.table, column.name, row), value, column.kind, found)
            if count:
                sets, values = _with_index(column, value, anew)
                parts = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(one)) for one in sets)
                update = sql.SQL("UPDATE {} SET {} WHERE ctid = %s::tid").format(table, parts)
                cursor.execute(update.as_string(connection.connection), [*values, ctid])
                done += count
    return done


def _with_index(column: Column, value: Any, anew: Any) -> tuple[list[str], list[Any]]:
    """The columns to set: the value, and the blind index of a personal field, which is of the key as well."""
    for model, source, index in _indexed():
        if model._meta.db_table == column.table and source.column == column.name:
            text = personal.unseal(source.purpose, bytes(value))
            return [column.name, str(index.column)], [anew, personal.blind_index(source.purpose, text)]
    return [column.name], [anew]


def _anew(spot: Spot, value: Any, kind: str, found: Found) -> tuple[Any, int]:
    if kind == "bytea":
        sealed = _resealed(spot, bytes(value), found)
        return (sealed, 1) if sealed is not None else (value, 0)
    if kind in ("json", "jsonb"):
        told = json.loads(value) if isinstance(value, str) else value
        anew, count = _in_json(spot, told, found)
        return (Jsonb(anew) if kind == "jsonb" else Json(anew)), count
    return _in_text(spot, value, found)


def _in_json(spot: Spot, value: Any, found: Found) -> tuple[Any, int]:
    if isinstance(value, str):
        return _in_text(spot, value, found)
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    anew, count = {}, 0
    for name, one in items:
        below = spot if not isinstance(name, str) or name == "sealed" else Spot(spot.table, spot.column, spot.row, name)
        anew[name], more = _in_json(below, one, found)
        count += more
    if isinstance(value, dict):
        return anew, count
    return (list(anew.values()), count) if isinstance(value, list) else (value, 0)


def _in_text(spot: Spot, value: str, found: Found) -> tuple[str, int]:
    count = 0

    def replaced(match: re.Match[str]) -> str:
        nonlocal count
        try:
            sealed = base64.b64decode(match[0], validate=True)
        except ValueError:
            return match[0]
        if personal.key_number(sealed) not in personal.old_keys():
            return match[0]
        anew = _resealed(spot, sealed, found)
        if anew is None:
            return match[0]
        count += 1
        return base64.b64encode(anew).decode()

    return BASE64.sub(replaced, value), count


def _resealed(spot: Spot, sealed: bytes, found: Found) -> bytes | None:
    for purpose in _candidates(spot):
        try:
            return personal.seal(purpose, personal.unseal(purpose, sealed))
        except Unreadable:
            continue
    where = f"{spot.table}.{spot.column}"
    found.stuck[where] = found.stuck.get(where, 0) + 1
    return None


def _candidates(spot: Spot) -> Iterator[str]:
    for model in apps.get_models():
        for one in model._meta.concrete_fields:
            if isinstance(one, PersonalField) and (model._meta.db_table, one.column) == (spot.table, spot.column):
                yield one.purpose
    yield from purposes_of(spot)


def _indexed() -> list[tuple[Any, PersonalField, BlindIndexField]]:
    return [
        (model, source, index)
        for model in apps.get_models()
        for index in model._meta.concrete_fields
        if isinstance(index, BlindIndexField) and isinstance(source := model._meta.get_field(index.of), PersonalField)
    ]


def _stale(model: Any, source: PersonalField, index: BlindIndexField) -> int:
    """Rows whose blind index is not what the first key makes of their value."""
    with scoping.scoped(Scope.everything()):
        rows = model._base_manager.filter(**{f"{source.name}__isnull": False})
        pairs = rows.values_list(source.name, index.name).iterator()
        return sum(kept != personal.blind_index(source.purpose, text) for text, kept in pairs)
