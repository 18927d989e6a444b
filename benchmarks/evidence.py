"""The evidence log beside a plain insert (its limit) and a hash chain kept by a trigger (its peer), in one run.

    python benchmarks/evidence.py [--rows 100000] [--inserts 1500] [--rounds 3]

Makes a durable embedded PostgreSQL (fsync on) in a temporary folder and migrates it. First, rounds of single-row
transactions from 1 and from 8 connections, the sides interleaved: `plain` a table with the same columns and index,
`log` the same bytes into the log (leaf hash, trigger, partitions), `record` the whole of evidence.record, `chain` a
trigger that hashes each row with the one before under an advisory lock. Printed: rows per second and the ratio to
plain. Second, a log of --rows entries: seconds to give places (tree, two hashes, signed heads), to verify in the
database, to export, and to verify the export with the standalone file, each beside the time that reading and hashing
the same bytes once takes (`floor`). Last, one receipt made and verified.

Limits, exit status 1 beyond them: log ≥ 0.6 of plain at 8 connections, verification of 100,000 rows in the database
≤ 30 s and offline ≤ 10 s, a batch of 10,000 placed in ≤ 3 s (median), a receipt ≤ 1 s.
"""

from __future__ import annotations

import argparse
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from city1361.base.database.without_django import EmbeddedServer

PEERS = """
CREATE TABLE bench_plain (id uuid PRIMARY KEY, at timestamptz, action varchar(100), subject_kind varchar(60),
    subject_id varchar(100), canon bytea);
CREATE INDEX ON bench_plain (subject_kind, subject_id, id);
CREATE TABLE bench_chain (LIKE bench_plain INCLUDING ALL, place bigserial, chained bytea);
CREATE INDEX ON bench_chain (place);
CREATE FUNCTION bench_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(4242);
    NEW.place := nextval('bench_chain_place_seq');
    NEW.chained := sha256(coalesce((SELECT chained FROM bench_chain ORDER BY place DESC LIMIT 1), '') || NEW.canon);
    RETURN NEW;
END $$;
CREATE TRIGGER bench_link BEFORE INSERT ON bench_chain FOR EACH ROW EXECUTE FUNCTION bench_link();
GRANT ALL ON bench_plain, bench_chain, bench_chain_place_seq TO PUBLIC;
"""
TABLES = {"plain": "bench_plain", "log": "base_evidence_entry", "chain": "bench_chain"}
INSERT = "INSERT INTO {} (id, at, action, subject_kind, subject_id, canon) VALUES (%s, %s, %s, %s, %s, %s)"


@contextmanager
def database() -> Iterator[EmbeddedServer]:
    """A migrated, durable data base of this run's own; Django set up as the application."""
    with tempfile.TemporaryDirectory(prefix="city1361-bench-") as place:
        Path(place).chmod(0o755)
        server = EmbeddedServer(Path(place) / "server")
        server.start()
        try:
            os.environ.update({name: secrets.token_hex(32) for name in ("SECRET_KEY", "PERSONAL_DATA_KEY", "LIVE_KEY")})
            os.environ.update(
                DJANGO_SETTINGS_MODULE="city1361.settings",
                CITY1361_DATA=str(Path(place) / "data"),
                CITY1361_INSTANCE="tiny",
                DATABASE_URL=server.urls.app,
                DATABASE_OWNER_URL=server.urls.owner,
            )
            subprocess.run([sys.executable, "-m", "city1361", "database", "migrate"], check=True, capture_output=True)
            with psycopg.connect(server.urls.owner, autocommit=True) as owner:
                owner.execute(PEERS)
            import django

            django.setup()
            yield server
        finally:
            server.stop("immediate")


def prepared() -> list[Any]:
    """One entry's values, as the product writes them (about 470 bytes of canonical form)."""
    from city1361.base.evidence.canonical import entry
    from city1361.base.kernel import clock
    from city1361.base.kernel.by import By, Subject
    from city1361.base.kernel.ids import new_id

    identifier, at = new_id(), clock.now()
    by = By(
        account=new_id(), label="值班员", channel="web", organisation=new_id(), appointment=new_id(), trace="0" * 32
    )
    facts = {"from": "reported", "to": "admitted", "version": 2, "level": 3}
    canon = entry(
        identifier=identifier, at=at, by=by, action="execution.admit_matter", facts=facts, personal=None,
        subject=Subject("matter", identifier, "SJ990103005202611230187"),
    )  # fmt: skip
    return [identifier, at, "execution.admit_matter", "matter", str(identifier), canon]


def inserting(side: str, url: str, count: int) -> None:
    """`count` transactions of one row each, on a connection of its own."""
    rows = [prepared() for _ in range(count)]
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
        for row in rows:
            connection.execute(INSERT.format(TABLES[side]), row)


def recording(_side: str, _url: str, count: int) -> None:
    from django.db import connection, transaction

    from city1361.base.evidence import api as evidence
    from city1361.base.kernel.by import By, Subject
    from city1361.base.kernel.ids import new_id

    by = By(account=new_id(), label="值班员", channel="web", organisation=new_id(), trace="0" * 32)
    for number in range(count):
        with transaction.atomic():
            subject = Subject("matter", new_id(), f"SJ{number}")
            evidence.record(by=by, action="execution.admit_matter", subject=subject, facts={"to": "admitted"})
    connection.close()


def rates(url: str, inserts: int, rounds: int) -> dict[tuple[str, int], float]:
    """Rows per second by side and number of connections: the median of the rounds."""
    sides: dict[str, Callable[[str, str, int], None]] = dict.fromkeys(TABLES, inserting) | {"record": recording}
    found: dict[tuple[str, int], list[float]] = {}
    for _ in range(rounds):
        for connections in (1, 8):
            for side, write in sides.items():
                each = inserts // connections
                began = time.perf_counter()
                with ThreadPoolExecutor(connections) as pool:
                    list(pool.map(write, [side] * connections, [url] * connections, [each] * connections))
                found.setdefault((side, connections), []).append(each * connections / (time.perf_counter() - began))
    return {key: statistics.median(values) for key, values in found.items()}


def fill(url: str, rows: int) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        columns = "(id, at, action, subject_kind, subject_id, canon)"
        with cursor.copy(f"COPY base_evidence_entry {columns} FROM STDIN") as copy:
            for _ in range(rows):
                copy.write_row(prepared())


def placing() -> list[float]:
    """Seconds of each batch."""
    from city1361.base.evidence import api as evidence

    times = []
    while True:
        began = time.perf_counter()
        if evidence.sequence_once() is None:
            return times
        times.append(time.perf_counter() - began)


def floor(url: str) -> tuple[float, int]:
    """Seconds to read every row and hash it once with both functions, and the number of rows."""
    from city1361.base.evidence.hashing import sha256, sm3

    began, rows = time.perf_counter(), 0
    with psycopg.connect(url) as connection, connection.cursor("floor") as cursor:
        cursor.itersize = 5000
        for (canon,) in cursor.execute("SELECT canon FROM base_evidence_entry ORDER BY id"):
            sha256(b"\x00" + canon)
            sm3(b"\x00" + canon)
            rows += 1
    return time.perf_counter() - began, rows


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def offline(folder: Path) -> None:
    words = [sys.executable, "-I", "-S", str(folder / "evidence_verify.py"), str(folder)]
    subprocess.run(words, check=True, capture_output=True)


def show_inserts(found: dict[tuple[str, int], float]) -> None:
    print(f"{'rows per second':<18}{'1 connection':>18}{'8 connections':>20}")
    for side in ("plain", "log", "record", "chain"):
        cells = [f"{found[side, n]:9,.0f}  ×{found[side, n] / found['plain', n]:.2f}" for n in (1, 8)]
        print(f"{side:<18}{cells[0]:>18}{cells[1]:>20}")


def whole_log(url: str, rows: int) -> dict[str, float]:
    from city1361.base.evidence import api as evidence
    from city1361.base.evidence import exporting

    fill(url, rows)
    batches = placing()
    least, count = floor(url)
    took, report = seconds(evidence.verify_log)
    assert report.problems == [], report.problems
    with tempfile.TemporaryDirectory() as place:
        export, _ = seconds(lambda: exporting.export(Path(place) / "log"))
        alone, _ = seconds(lambda: offline(Path(place) / "log"))
    one = evidence.latest_entries(1)[0]
    receipt, _ = seconds(lambda: evidence.receipt(one.id))
    batch = statistics.median(batches)
    print(f"\n{count:,} entries, {len(batches)} batches; floor (read and hash once) {least:.2f} s")
    for name, value in (("place all", sum(batches)), ("verify in the database", took), ("export", export),
                        ("verify the export alone", alone)):  # fmt: skip
        print(f"{name:<26}{value:8.2f} s   {value / count * 1e6:6.1f} µs a row   ×{value / least:.2f} of the floor")
    print(f"batch of 10,000, median   {batch:8.2f} s\nreceipt made and verified {receipt:8.3f} s")
    return {"verify": took * 1e5 / count, "alone": alone * 1e5 / count, "batch": batch, "receipt": receipt}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--inserts", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with database() as server:
        found = rates(server.urls.app, options.inserts, options.rounds)
        show_inserts(found)
        measured = whole_log(server.urls.app, options.rows)
    measured["log"] = found["log", 8] / found["plain", 8]
    limits = {"verify": 30.0, "alone": 10.0, "batch": 3.0, "receipt": 1.0}
    broken = [f"{name}: {measured[name]:.2f}, limit {most}" for name, most in limits.items() if measured[name] > most]
    broken += [f"log: {measured['log']:.2f} of plain, limit 0.6"] if measured["log"] < 0.6 else []
    print("\n".join(f"✗ {line}" for line in broken) or "✓ within every limit")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
