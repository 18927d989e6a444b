"""COPY rows into a temporary twin of a table, then merge them: what is equal is not touched.

The file replaces what the file said before; an area it no longer names ends today, since others may point at it.
What actions wrote (`declared` is false) stays, and then the file is silent on that area: a boundary change made in
service is not undone by the next release.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from city1361.platform.assurance.standards.areas.queries import today
from city1361.platform.assurance.standards.instance import api as instance

CHUNK = 5000  # rows between two progress reports


@dataclass(frozen=True, slots=True)
class Merge:
    """How rows of `columns` come into `table`. `key` finds a row again, `first` runs before anything is inserted."""

    table: str
    title: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    kept: tuple[str, ...] = ("id",)
    first: tuple[str, ...] = ()
    order: str = ""
    cast: dict[str, str] | None = None

    def statement(self) -> str:
        """Insert, or update where something but the key and the kept columns differs."""
        columns = ", ".join(f'"{column}"' for column in self.columns)
        compared = [column for column in self.columns if column not in (*self.key, *self.kept)]
        assigned = ", ".join(f'"{column}" = excluded."{column}"' for column in compared)

        def row(alias: str) -> str:
            return ", ".join(f'{alias}."{column}"{(self.cast or {}).get(column, "")}' for column in compared)

        return (  # every name is a constant of this file
            f"insert into {self.table} as t ({columns}) select {columns} from staged {self.order} "  # noqa: S608
            f"on conflict ({', '.join(self.key)}) do update set {assigned} "
            f"where ({row('t')}) is distinct from ({row('excluded')})"
        )


def merge(how: Merge, rows: Iterable[tuple[Any, ...]], total: int) -> int:
    """Bring `rows` (in the order of how.columns) into the table. Returns how many rows were written or removed."""
    columns = ", ".join(f'"{column}"' for column in how.columns)
    with connection.cursor() as cursor:
        cursor.execute(f"create temporary table staged (like {how.table}) on commit drop")
        with cursor.copy(f"copy staged ({columns}) from stdin") as copy:
            for done, row in enumerate(rows):
                if done % CHUNK == 0:
                    instance.report(how.title, done, total)
                copy.write_row(row)
        cursor.execute("analyze staged")
        touched: int = 0
        for statement in how.first:
            cursor.execute(statement, {"today": today()})
            touched += max(cursor.rowcount, 0)
        cursor.execute(how.statement())
        touched += cursor.rowcount
        cursor.execute("drop table staged")
    instance.report(how.title, total, total)
    return touched


_SAID = ("source", "approximate", "declared")


def _end_unnamed(table: str) -> str:
    return (  # the table is a constant of this file
        f"update {table} t set valid_to = greatest(%(today)s::date, t.valid_from + 1) "  # noqa: S608
        "where t.declared and t.valid_to is null and not exists (select 1 from staged s where s.area_id = t.area_id)"
    )


AREAS = Merge(
    "platform_areas_area",
    "载入区域",
    ("id", "level", "kind", "name", "short_name", "synthetic"),
    key=("id",),
)
CODES = Merge(
    "platform_areas_areacode",
    "载入区域代码",
    ("id", "area_id", "system", "code", "valid_from", "valid_to", *_SAID),
    key=("code", "valid_from"),
    first=(
        _end_unnamed("platform_areas_areacode"),
        "delete from staged s using platform_areas_areacode t where t.area_id = s.area_id and not t.declared",
        """
        delete from platform_areas_areacode t where t.declared and t.area_id in (select area_id from staged)
            and not exists (select 1 from staged s where s.code = t.code and s.valid_from = t.valid_from)
        """,
    ),
    order="order by code, valid_from",
)
PLACEMENTS = Merge(
    "platform_areas_areaplacement",
    "载入区域隶属",
    ("id", "area_id", "parent_id", "tree", "valid_from", "valid_to", *_SAID),
    key=("area_id", "tree", "valid_from"),
    first=(
        _end_unnamed("platform_areas_areaplacement"),
        """
        delete from staged s using platform_areas_areaplacement t
        where t.area_id = s.area_id and t.tree = s.tree and not t.declared
        """,
        """
        delete from platform_areas_areaplacement t where t.declared and t.area_id in (select area_id from staged)
            and not exists (select 1 from staged s
                            where s.area_id = t.area_id and s.tree = t.tree and s.valid_from = t.valid_from)
        """,
    ),
    # An earlier period must end before the later one may stand open.
    order="order by area_id, tree, valid_from",
)
CHANGES = Merge(
    "platform_areas_areachange",
    "载入区划变更",
    ("id", "area_id", "kind", "origin_id", "destination_id", "on", *_SAID),
    key=("area_id", "kind", '"on"'),
    kept=("id", "on"),
    first=(
        """
        delete from platform_areas_areachange t where t.declared and not exists
            (select 1 from staged s where s.area_id = t.area_id and s.kind = t.kind and s."on" = t."on")
        """,
    ),
)
SHAPES = Merge(
    "platform_areas_areashape",
    "载入区域边界",
    ("id", "area_id", "place", "level", "ring", "crs", "synthetic", "approximate"),
    key=("area_id", "place"),
    first=(
        """
        delete from platform_areas_areashape t
        where not exists (select 1 from staged s where s.area_id = t.area_id and s.place = t.place)
        """,
    ),
    cast={"ring": "::text"},  # the type has no equality of its own
)
