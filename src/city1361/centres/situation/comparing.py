"""The statements that hold the counts against a recount: per district, then the city against its districts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from city1361.centres.execution import api as execution
from city1361.centres.situation.models import COUNTS
from city1361.centres.supervision import api as supervision

SHOWN = 20
# Both sides by area, type and day; what stands on one side only is nothing on the other.
COMPARE = """
WITH expected AS ({expected})
SELECT count(*), count(*) FILTER (WHERE differs), (array_agg(said) FILTER (WHERE differs))[1:{shown}]
FROM (
    SELECT differs, CASE WHEN differs THEN concat_ws(' ', area_id, day, type, {words}) END AS said
    FROM expected e FULL JOIN (SELECT * FROM centres_situation_counter WHERE {stand}) c USING (area_id, type, day),
    LATERAL (SELECT ({counted}) IS DISTINCT FROM ({recounted}) AS differs) AS told
) AS compared
"""
OF_DISTRICT = """
    SELECT coalesce(town_id, %s) AS area_id, CASE WHEN GROUPING(type) = 1 THEN '' ELSE type END AS type, day, {sums}
    FROM ({parts}) AS part
    GROUP BY GROUPING SETS ((town_id, type, day), (town_id, day), (type, day), (day))
    HAVING GROUPING(type) = 1 OR type IS NOT NULL
"""
OF_CITY = """
    SELECT %s::uuid AS area_id, type, day, {sums} FROM centres_situation_counter
    WHERE area_id = ANY (%s) GROUP BY type, day
"""
SUMS = ", ".join(f"sum({name}) AS {name}" for name in COUNTS)


@dataclass(frozen=True, slots=True)
class Compared:
    """How many cells were held against the recount, how many differ, and the first of those in words."""

    cells: int = 0
    differing: int = 0
    differences: tuple[str, ...] = ()

    def __add__(self, other: Compared) -> Compared:
        kept = (*self.differences, *other.differences)[:SHOWN]
        return Compared(self.cells + other.cells, self.differing + other.differing, kept)


def district(area: UUID) -> Compared:
    """The district and its towns against every matter and visit of theirs."""
    parts, values = _parts(area)
    return _run(OF_DISTRICT.format(sums=SUMS, parts=parts), "district_id = %s", [area, *values, area])


def city(area: UUID, districts: Sequence[UUID]) -> Compared:
    """The city against the sum of its districts, which have been compared."""
    return _run(OF_CITY.format(sums=SUMS), "area_id = %s", [area, list(districts), area])


def _parts(area: UUID) -> tuple[str, list[Any]]:
    """What was recounted, each part with columns for all counts."""
    parts: list[str] = []
    values: list[Any] = []
    for (statement, given), names, typed in _recounts(area):
        columns = ", ".join(name if name in names else f"NULL::bigint AS {name}" for name in COUNTS)
        given_names = ", ".join(["town_id", *([typed] if typed else []), "day", *names])
        kind = "type" if typed else "NULL::varchar AS type"
        parts.append(f"SELECT town_id, {kind}, day, {columns} FROM ({statement}) AS p ({given_names})")  # noqa: S608 - our own names
        values += given
    return " UNION ALL ".join(parts), values


def _recounts(area: UUID) -> list[tuple[tuple[str, Sequence[Any]], list[str], str]]:
    """Statement and values, the counts it gives, and the column of the type where there is one."""
    matters = [
        (execution.recount(axis, area), [one.value for one in execution.counted_on(axis)], "type")
        for axis in execution.Axis
    ]
    return [*matters, (supervision.recount(area), [one.value for one in supervision.VisitCounted], "")]


def _run(expected: str, stand: str, values: list[Any]) -> Compared:
    side = {name: (f"coalesce(c.{name}, 0)", f"coalesce(e.{name}, 0)") for name in COUNTS}
    words = ", ".join(
        f"CASE WHEN {c} <> {e} THEN concat('{name} ', {c}, '≠', {e}) END" for name, (c, e) in side.items()
    )
    statement = COMPARE.format(
        expected=expected,
        stand=stand,
        shown=SHOWN,
        words=words,
        counted=", ".join(c for c, _ in side.values()),
        recounted=", ".join(e for _, e in side.values()),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        cells, differing, differences = cursor.fetchone()
    return Compared(cells, differing, tuple(differences or ()))
