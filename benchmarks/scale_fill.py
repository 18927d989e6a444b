"""A city grown to millions of matters with all that belongs to them, by copying lives that the application has made.

Each template is a matter that walked through the Python API: closed after seven steps, or stopped on its way. A copy has
ids and moments of its own, a grid of its own, and the rows of every table that a life writes. To save space and time one
in ten of the matters older than this month keeps a row of each kind of its history, and one in twenty of all is in the
search index; partitions of past months are never written to, so what a new step writes to is full.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import Any
from uuid import UUID

import city
import psycopg

BATCH = 50_000
OPEN_SHARE = 0.02
# table: how its rows find their matter (`x` is the row), which columns hold an id to be copied, whether old matters thin it.
OF_MATTER, OF_INSTANCE = (
    "x.matter_id",
    "(SELECT id FROM centres_execution_matter WHERE process_instance = x.instance_id)",
)
OF_SUBJECT = "CASE WHEN x.subject_kind = 'matter' THEN x.subject_id::uuid END"
OF_ENTRY = "(SELECT subject_id::uuid FROM base_evidence_entry WHERE id = x.entry_id AND subject_kind = 'matter')"
OF_EVENT = "CASE WHEN x.payload ? 'matter' THEN (x.payload ->> 'matter')::uuid END"
TABLES: dict[str, tuple[str, tuple[str, ...], str]] = {
    "centres_execution_matter": ("x.id", ("id", "process_instance"), "all"),
    "centres_execution_matternumber": (OF_MATTER, ("matter_id",), "all"),
    "centres_execution_matterreporter": (OF_MATTER, ("matter_id",), "all"),
    "centres_execution_reportkey": (OF_MATTER, ("matter_id",), "all"),
    "platform_processes_processinstance": (OF_SUBJECT, ("id", "subject_id"), "all"),
    "centres_execution_matterstep": (OF_MATTER, ("id", "matter_id"), "few"),
    "centres_execution_handover": (OF_MATTER, ("id", "matter_id"), "few"),
    "platform_processes_workitem": (OF_SUBJECT, ("id", "instance_id", "subject_id"), "few"),
    "platform_processes_processpassage": (OF_INSTANCE, ("id", "instance_id"), "few"),
    "base_evidence_entry": (OF_SUBJECT, ("id", "subject_id"), "few"),
    "base_evidence_personal": (OF_ENTRY, ("entry_id",), "none"),
    "base_outbox_event": (OF_EVENT, ("id",), "none"),
    "base_search_searchdocument": ("x.subject_id", ("subject_id",), "twentieth"),
}
AREAS = {f"{level}_id": f"g.{level}_id" for level in ("city", "district", "town", "village", "grid")}
# What a copy has of its own: `m` is the copy, `g` its grid, `x` the row it is copied from.
OWN = {
    "centres_execution_matter": {"number": "'BM' || m.n", "area_at_report": "g.grid_id", **AREAS},
    "centres_execution_matternumber": {"number": "'BM' || m.n"},
    "centres_execution_reportkey": {"client_key": "x.client_key || m.n"},
    "platform_processes_processinstance": AREAS,
    "platform_processes_workitem": AREAS,
}
WHICH = {
    "all": "",
    "few": "AND (m.recent OR (m.n % 10 = 0 AND x.bench_place = 1))",
    "none": "AND m.recent",
    "twentieth": "AND m.n % 20 = 0",
}
COPIED_ID = """
CREATE FUNCTION bench_id(old uuid, n bigint, at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(old::text || n), 1, 3)
        || '8' || substr(md5(old::text || n), 4, 15))::uuid
$$"""


def prepare(connection: psycopg.Connection[Any], templates: list[UUID]) -> None:
    """Keep what the application has written of these matters, to copy from."""
    connection.execute(COPIED_ID)
    connection.execute("CREATE TABLE bench_grid AS SELECT row_number() OVER () AS place, city_id, district_id, town_id,"
                       " village_id, grid_id FROM platform_areas_arealineage WHERE level = 'grid'")  # fmt: skip
    connection.execute("ALTER TABLE bench_grid ADD PRIMARY KEY (place)")
    connection.execute(
        "CREATE TABLE bench_matter AS SELECT id, reported_at, closed_at IS NULL AS open, row_number() OVER"
        " (PARTITION BY closed_at IS NULL ORDER BY id) AS place FROM centres_execution_matter WHERE id = ANY (%s)",
        [templates],
    )
    for table, (matter, _, _) in TABLES.items():
        connection.execute(
            f"CREATE TABLE bench_{table} AS SELECT b.id AS bench_matter, b.reported_at AS bench_at,"
            f" row_number() OVER (PARTITION BY b.id) AS bench_place, x.* FROM {table} x JOIN bench_matter b ON b.id = {matter}"
        )
        connection.execute(f"CREATE INDEX ON bench_{table} (bench_matter)")
    connection.execute(
        "CREATE UNLOGGED TABLE bench_made (n bigint, at timestamptz, matter uuid, grid int, recent bool)"
    )
    connection.execute("ANALYZE")


def grow(environment: dict[str, str], there: int, total: int) -> None:
    """From `there` copies to `total`, over the past twelve months; the newest 2 in 100 are open. Two clients at a time."""
    begun, failures = time.monotonic(), []

    def fill(side: int) -> None:
        try:
            with city.superuser(environment) as connection:
                connection.execute(
                    "SET session_replication_role = replica"
                )  # no look-up of foreign keys, nothing pending
                connection.execute(
                    "CREATE TEMP TABLE bench_made (n bigint, at timestamptz, matter uuid, grid int, recent bool)"
                )
                for first in range(there + side * BATCH, total, 2 * BATCH):
                    _batch(connection, there, first, min(first + BATCH, total) - 1, total)
                    print(f"\r{first:,} matters, {time.monotonic() - begun:.0f} s", end="", file=sys.stderr, flush=True)
        except psycopg.Error as error:
            failures.append(error)

    threads = [threading.Thread(target=fill, args=(side,)) for side in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    print(file=sys.stderr)
    with city.superuser(environment) as connection:
        for table in TABLES:
            connection.execute(f"VACUUM (ANALYZE) {table}")
        connection.execute("CHECKPOINT")


def _batch(connection: psycopg.Connection[Any], there: int, first: int, last: int, total: int) -> None:
    counts = connection.execute(
        "SELECT count(*) FILTER (WHERE open), count(*) FILTER (WHERE NOT open), (SELECT count(*) FROM bench_grid)"
        " FROM bench_matter"
    ).fetchone()
    opens, closeds, grids = counts or (0, 0, 0)
    connection.execute("TRUNCATE bench_made")
    connection.execute(
        "INSERT INTO bench_made SELECT n, at, b.id, 1 + abs(hashint8(n)::bigint) %% %(grids)s,"
        " at >= date_trunc('month', now()) FROM (SELECT n, now() - interval '1 hour' -"
        " (%(total)s - n) * interval '1 second' * %(each)s AS at, %(total)s - n < %(open)s AS open"
        " FROM generate_series(%(first)s::bigint, %(last)s) AS n) AS made JOIN bench_matter b ON b.open = made.open"
        " AND b.place = 1 + n %% CASE WHEN made.open THEN %(opens)s ELSE %(closeds)s END",
        {"grids": grids, "total": total, "each": city.MONTHS * 30 * 86_400 / (total - there), "first": first,
         "open": int((total - there) * OPEN_SHARE), "last": last, "opens": opens, "closeds": closeds},
    )  # fmt: skip
    connection.execute("ANALYZE bench_made")
    for table in TABLES:
        connection.execute(_statement(connection, table))


def _statement(connection: psycopg.Connection[Any], table: str) -> str:
    """Copy the rows of one table for the matters of the batch."""
    _, ids, which = TABLES[table]
    own, names, values = OWN.get(table, {}), [], []
    for name, kind in connection.execute(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum", [table]
    ):  # fmt: skip
        if name in own:
            value = own[name]
        elif name in ids:
            made = f'bench_id(x."{name}"::uuid, m.n, m.at)'
            value = made if kind == "uuid" else f"{made}::text"
        elif kind == "timestamp with time zone":
            value = f'x."{name}" + (m.at - x.bench_at)'
        else:
            value = f'x."{name}"'
        names.append(f'"{name}"')
        values.append(value)
    return (
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM bench_made m"
        f" JOIN bench_grid g ON g.place = m.grid JOIN bench_{table} x ON x.bench_matter = m.matter {WHICH[which]}"
    )
