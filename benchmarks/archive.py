"""A month of history to Parquet and back: how long, how large, beside pg_dump of the same rows in the same run.

    python benchmarks/archive.py [--matters 100000]

Makes the tiny city in a temporary folder, plays hours of the demonstration's day so that real matters with their whole
history stand there, and copies the closed ones, each with every step, hand-over, process, path, work item and event, into
a month long past until it holds so many matters. Then `city1361 archive write`, `verify`, `clear`, `restore`, as the
operator runs them. Printed: seconds and thousands of rows a second of each; bytes of the month in PostgreSQL before and
after, in the archive and in a compressed pg_dump. Limit: the archive at most 0.2 of what PostgreSQL needed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import city
import psycopg

from city1361.base.database import binaries

LIMIT = 0.2
AGO = 4  # months
OURS = ("id", "matter_id", "instance_id", "subject_id", "event_id", "process_instance")
TABLES = {
    "centres_execution_matter": "id",
    "centres_execution_matterstep": "matter_id",
    "centres_execution_handover": "matter_id",
    "platform_processes_processinstance": "subject_id",
    "platform_processes_workitem": "subject_id",
    "platform_processes_processpassage": "(SELECT i.subject_id FROM platform_processes_processinstance i WHERE i.id = t.instance_id)",
    "base_outbox_event": "(t.payload->>'matter')::uuid",
    "base_outbox_delivery": "(SELECT (e.payload->>'matter')::uuid FROM base_outbox_event e WHERE e.id = t.event_id)",
}
COPY_ID = """
CREATE FUNCTION bench_id(old uuid, copy bigint, first bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(first + abs(hashtextextended(old::text, copy) % 2000000000)), 12, '0') || '7'
            || substr(md5(old::text || copy), 1, 3) || '8' || substr(md5(old::text || copy), 4, 15))::uuid
$$"""


def month_past(today: datetime) -> tuple[str, int]:
    """`YYYY-MM` and the milliseconds at which it begins."""
    count = today.year * 12 + today.month - 1 - AGO
    begins = datetime(count // 12, count % 12 + 1, 1, tzinfo=UTC)
    return f"{begins:%Y-%m}", int(begins.timestamp() * 1000)


def copies(connection: psycopg.Connection[Any], matters: int, first: int) -> None:
    """Copy the closed matters of the day, whole, into the month that begins at `first`, until there are so many."""
    connection.execute("SET session_replication_role = replica")
    connection.execute(COPY_ID)
    connection.execute("CREATE TABLE bench_closed AS SELECT id FROM centres_execution_matter WHERE state = 'closed'")
    connection.execute("ALTER TABLE bench_closed ADD PRIMARY KEY (id)")
    closed = city.value(connection, "SELECT count(*) FROM bench_closed", [])
    times = -(-matters // closed)
    for table, matter in TABLES.items():
        columns = connection.execute(
            "SELECT attname, atttypid::regtype::text FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped ORDER BY attnum", [table],
        ).fetchall()  # fmt: skip
        key = "event_id" if table == "base_outbox_delivery" else "id"
        places = {"number": "'BM' || copy || t.number"}
        for name, kind in columns:
            if name in OURS:
                places[name] = f"bench_id(t.{name}, copy, {first})"
            elif kind == "timestamp with time zone":
                places[name] = f"t.{name} - interval '{AGO} months'"
        values = ", ".join(places.get(name, f't."{name}"') for name, _ in columns)
        names = ", ".join(f'"{name}"' for name, _ in columns)
        connection.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t JOIN bench_closed c ON c.id = "
            + (matter if matter.startswith("(") else f"t.{matter}")
            + f" CROSS JOIN generate_series(1, {times}) AS copy WHERE t.{key} > city1361_id_at(now() - interval '2 months')"
        )
        print(f"\r{table:<44}", end="", file=sys.stderr, flush=True)
    connection.execute("VACUUM (ANALYZE)")


def size_of(connection: psycopg.Connection[Any]) -> int:
    """Bytes of the month's partitions of everything that goes, with indexes."""
    names = [f"{table}_past_{AGO}" for table in list(TABLES)[1:]]
    return int(city.value(connection, "SELECT sum(pg_total_relation_size(n::regclass))::bigint FROM unnest(%s::text[]) n", [names]))  # fmt: skip


def timed(environment: dict[str, str], *words: str) -> float:
    begun = time.monotonic()
    subprocess.run([sys.executable, "-m", "city1361", *words], env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begun


def dump(environment: dict[str, str], target: Path) -> float:
    """pg_dump of the same partitions, compressed as it does by itself: seconds."""
    tables = [word for table in list(TABLES)[1:] for word in ("-t", f"{table}_past_{AGO}")]
    program = binaries.installation(binaries.NEWEST) / "bin" / "pg_dump"
    name = environment["DATABASE_URL"].split("?")[0].rsplit("/", 1)[1]
    address = environment["BENCH_SUPERUSER_URL"].rsplit("/", 1)[0] + f"/{name}"
    begun = time.monotonic()
    subprocess.run([program, "-Fc", "--data-only", "-d", address, *tables, "-f", target], check=True, stderr=subprocess.DEVNULL)  # fmt: skip
    return time.monotonic() - begun


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--matters", type=int, default=100_000)
    asked = options.parse_args()
    month, first = month_past(datetime.now(UTC))
    with city.installation() as environment, city.superuser(environment) as connection:
        environment["CITY1361_ARCHIVE_MONTHS"] = "2"
        city.past_months(connection)
        timed(environment, "demo", "day", "--speed", "3600", "--from", "08:00", "--until", "20:00")
        connection.execute("UPDATE base_outbox_delivery SET state = 'done'")
        copies(connection, asked.matters, first)
        print(file=sys.stderr)
        before = size_of(connection)
        dumped = Path(environment["CITY1361_DATA"]) / "month.dump"
        took = {"pg_dump": dump(environment, dumped)}
        took |= {"write": timed(environment, "archive", "write", month)}
        rows, bytes_ = connection.execute("SELECT rows, bytes FROM base_archive_archivedmonth").fetchone() or (0, 1)
        took |= {
            "verify": timed(environment, "archive", "verify"),
            "clear": timed(environment, "archive", "clear", month),
        }
        after = size_of(connection)
        left = {
            name: count
            for name in list(TABLES)[1:]
            if (count := city.value(connection, f"SELECT count(*) FROM {name}_past_{AGO}", []))
        }
        took["restore"] = timed(environment, "archive", "restore", month)
        for name, seconds in took.items():
            print(f"{name:<8} {seconds:7.1f} s {rows / seconds / 1000:8.1f} thousand rows/s")
        print(f"rows {rows:,}; PostgreSQL {before / 1e6:,.0f} MB before, {after / 1e6:,.0f} MB after; archive {bytes_ / 1e6:,.0f} MB;"
              f" pg_dump {dumped.stat().st_size / 1e6:,.0f} MB (×{bytes_ / dumped.stat().st_size:.2f})")  # fmt: skip
        share = bytes_ / before
        print(
            f"archive / PostgreSQL ×{share:.3f} (limit {LIMIT}); a matter {before / asked.matters:,.0f} → {bytes_ / asked.matters:,.0f} bytes"
        )
        print(f"not gone: {left or 'nothing'}")
        print(f"load {os.getloadavg()[0]:.1f}")
        sys.exit(share > LIMIT)


if __name__ == "__main__":
    main()
