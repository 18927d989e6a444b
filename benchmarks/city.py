"""What the benchmarks share: an installation of their own, and a city full of synthetic matters in its data base."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from city1361.base.database.without_django import EmbeddedServer
from city1361.running.installation import Installation

ROOT = Path(__file__).resolve().parents[1]
MONTHS = 12
STEP = 250_000
OPEN_SHARE = 0.02
# `n` is the row's number, `t` a matter made by the application to copy from, `g` a grid, `at` when it was reported.
COLUMNS = {
    "id": "(lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n & 4095), 3, '0')"
    " || '8' || substr(md5(n::text), 1, 15))::uuid",
    "number": "'BM' || lpad(n::text, 12, '0')",
    "city_id": "g.city_id",
    "district_id": "g.district_id",
    "town_id": "g.town_id",
    "village_id": "g.village_id",
    "grid_id": "g.grid_id",
    "area_at_report": "g.grid_id",
    "occurred_at": "at",
    "reported_at": "at",
    "total_due_at": "at + (t.total_due_at - t.reported_at)",
    "closed_at": "at + (t.closed_at - t.reported_at)",
    "stage_due_at": "at + (t.stage_due_at - t.reported_at)",
}
FILL = """
INSERT INTO centres_execution_matter ({names})
SELECT {values}
  FROM (SELECT n, now() - ({total} - n) * interval '{seconds} seconds' AS at, {total} - n < {open} AS open,
               1 + n % CASE WHEN {total} - n < {open} THEN {opens} ELSE {closeds} END AS template,
               1 + abs(hashint8(n)::bigint) % {grids} AS grid
          FROM generate_series({first}, {last}) AS n) AS made
  JOIN bench_grid g ON g.place = made.grid
  JOIN bench_template t ON t.open = made.open AND t.place = made.template
"""


@contextmanager
def installation(instance: str = "tiny") -> Iterator[dict[str, str]]:
    """A city with its cast in a temporary folder; the environment its programs need."""
    with tempfile.TemporaryDirectory(prefix="city1361-bench-") as place:
        Path(place).chmod(0o755)
        folder = Installation(Path(place) / "data")
        folder.open()
        database = EmbeddedServer(folder.folder / "server")
        database.start()
        try:
            folder.fill_secrets()
            folder.set_settings(DATABASE_URL=database.urls.app, DATABASE_OWNER_URL=database.urls.owner)
            environment = {
                **os.environ,
                "CITY1361_DATA": str(folder.folder),
                "CITY1361_INSTANCE": str(ROOT / "instances" / instance),
                "CITY1361_DEMONSTRATION": "on",
                "CITY1361_DAY": "off",
                "CITY1361_LOG_LEVEL": "WARNING",
                "DJANGO_SETTINGS_MODULE": "city1361.settings",
                "PYTHONPATH": str(ROOT / "src"),
                "DATABASE_URL": database.urls.app,
                "DATABASE_OWNER_URL": database.urls.owner,
                "BENCH_SUPERUSER_URL": database.urls.superuser,
            }
            city = environment["CITY1361_INSTANCE"]
            for verb in (["database", "migrate"], ["instance", "load", city], ["demo", "cast"]):
                subprocess.run(
                    [sys.executable, "-m", "city1361", *verb], env=environment, check=True, stdout=subprocess.DEVNULL
                )
            yield environment
        finally:
            database.stop("immediate")
            folder.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def passwords(environment: dict[str, str]) -> dict[str, str]:
    """The first password of each person of the cast."""
    lines = (Path(environment["CITY1361_DATA"]) / "cast.txt").read_text("utf-8").splitlines()
    return {name: password for name, _, password in (line.split("\t") for line in lines)}


def superuser(environment: dict[str, str]) -> psycopg.Connection[Any]:
    """A connection that row security does not bind, to the data base of the application."""
    name = environment["DATABASE_URL"].split("?")[0].rsplit("/", 1)[1]
    return psycopg.connect(environment["BENCH_SUPERUSER_URL"], dbname=name, autocommit=True)


def value(connection: psycopg.Connection[Any], statement: str, given: list[Any]) -> Any:
    """The one value that a statement gives."""
    row = connection.execute(statement, given).fetchone()
    return row[0] if row else None


def past_months(connection: psycopg.Connection[Any]) -> None:
    """Partitions of the past twelve months, as an old installation has them. Before anything stands in them."""
    tables = connection.execute(
        "SELECT relname FROM pg_partitioned_table JOIN pg_class c ON c.oid = partrelid"
        " WHERE relnamespace = 'public'::regnamespace AND partstrat = 'r'"
    ).fetchall()
    for table, month in itertools.product((row[0] for row in tables), range(1, MONTHS + 2)):
        connection.execute(
            f"""DO $$ DECLARE month timestamptz := (date_trunc('month', now() AT TIME ZONE 'UTC')
                - interval '{month} months') AT TIME ZONE 'UTC'; BEGIN
                EXECUTE format('CREATE TABLE IF NOT EXISTS {table}_past_{month} PARTITION OF {table}
                FOR VALUES FROM (%L) TO (%L)', city1361_id_at(month), city1361_id_at(month + interval '1 month'));
                END $$"""
        )


def demonstrate(environment: dict[str, str], scale: str) -> None:
    """Load the demonstration's grids and matters."""
    command = [sys.executable, "-c", f"from city1361.running.demonstration import main; main({scale!r})"]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def fill(connection: psycopg.Connection[Any], total: int) -> None:
    """Bring the city to `total` matters of the past twelve months, copies of those that are there, over all its grids.

    The newest OPEN_SHARE of them are open. Needs some matters of the demonstration, open and closed, to copy from.
    """
    _prepare(connection)
    there = connection.execute("SELECT count(*) FROM centres_execution_matter").fetchone()[0]
    grids = connection.execute("SELECT count(*) FROM bench_grid").fetchone()[0]
    opens, closeds = connection.execute(
        "SELECT count(*) FILTER (WHERE open), count(*) FILTER (WHERE NOT open) FROM bench_template"
    ).fetchone()
    names = [row[0] for row in connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'centres_execution_matter'::regclass"
        " AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
    )]  # fmt: skip
    values = ", ".join(COLUMNS.get(name, f't."{name}"') for name in names)
    begun, made = time.monotonic(), total - there
    for first in range(1, made + 1, STEP):
        last = min(first + STEP - 1, made)
        statement = FILL.format(
            names=", ".join(f'"{name}"' for name in names), values=values, opens=opens, closeds=closeds, total=made, first=first,
            last=last, seconds=MONTHS * 30 * 86_400 / max(made, 1), grids=grids, open=int(made * OPEN_SHARE),
        )  # fmt: skip
        connection.execute(statement)
        print(f"\r{there + last:,} matters, {time.monotonic() - begun:.0f} s", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    connection.execute("VACUUM (ANALYZE) centres_execution_matter")


def _prepare(connection: psycopg.Connection[Any]) -> None:
    connection.execute("SET session_replication_role = replica")  # no look-up of each foreign key
    connection.execute("CREATE TABLE IF NOT EXISTS bench_grid AS SELECT row_number() OVER () AS place, city_id,"
                       " district_id, town_id, village_id, grid_id FROM platform_areas_arealineage WHERE level = 'grid'")  # fmt: skip
    connection.execute("ALTER TABLE bench_grid ADD PRIMARY KEY (place)")
    connection.execute(
        "CREATE TABLE bench_template AS SELECT row_number() OVER (PARTITION BY closed_at IS NULL ORDER BY id) AS place,"
        " closed_at IS NULL AS open, m.*"
        " FROM centres_execution_matter m"
    )
