"""What counting costs a matter's step, and whether writers wait for one another: three ways beside none, one run.

    python benchmarks/counters.py [--seconds 4] [--clients 8] [--rounds 5] [--hold 5]

Makes the tiny city in a temporary folder and many matters in one town of it: the worst case for counts, as all writers
work in the same area. Each client takes matters of its own and moves them back and forth between two states, one
transaction each, with everything the row brings along (indexes, row security, synchronous commit); it stays open for
`hold` milliseconds more, as a step writes history, process, evidence and events after the matter. Ways: `none` without
counting; `rows` as the application does, rows at the end of a table by trigger, while another connection adds them up;
`counters` the counts of town, district and city raised in the same transaction by trigger. They take turns in each
round. Printed: steps a second (median of the rounds), their share of none (limit for rows: 0.85), the longest step, and
what PostgreSQL says that the trigger itself took (median).
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import threading
import time
from typing import Any
from uuid import UUID

import city
import psycopg

LIMIT = 0.85
ROWS = "situation_matter_changed"
HOT = """
CREATE TABLE IF NOT EXISTS bench_count (area uuid, type text, day date, state text, n integer,
    PRIMARY KEY (area, type, day, state));
CREATE OR REPLACE FUNCTION bench_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO bench_count AS c SELECT area, kind, NEW.reported_at::date, state, n
    FROM unnest(ARRAY[NEW.city_id, NEW.district_id, NEW.town_id]) AS area,
         (VALUES (''), (NEW.type_id)) AS k (kind), (VALUES (OLD.state, -1), (NEW.state, 1)) AS s (state, n)
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (area, type, day, state) DO UPDATE SET n = c.n + excluded.n;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS bench_counted ON centres_execution_matter;
CREATE TRIGGER bench_counted AFTER UPDATE ON centres_execution_matter FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION bench_count();
ALTER TABLE centres_execution_matter DISABLE TRIGGER bench_counted;
"""
MOVE = "UPDATE centres_execution_matter SET state = CASE state WHEN 'handling' THEN 'admitted' ELSE 'handling' END,"
BIND = """SELECT set_config('city1361.account', '00000000-0000-0000-0000-000000000000', false),
 set_config('city1361.organisations', '{}', false), set_config('city1361.areas', '{}', false),
 set_config('city1361.everything', 'on', false)"""


def _switch(connection: psycopg.Connection[tuple[object, ...]], way: str) -> None:
    for name, on in ((ROWS, way == "rows"), ("bench_counted", way == "counters")):
        connection.execute(f"ALTER TABLE centres_execution_matter {'ENABLE' if on else 'DISABLE'} TRIGGER {name}")
    connection.execute("TRUNCATE bench_count, centres_situation_matterdelta")
    connection.execute("VACUUM centres_execution_matter")


def _client(url: str, ids: list[UUID], stop: threading.Event, took: list[float], hold: float) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(BIND)
        while not stop.is_set():
            for one in ids:
                begun = time.perf_counter()
                with connection.transaction():
                    connection.execute(f"{MOVE} version = version + 1 WHERE id = %s", [one])
                    connection.execute("SELECT pg_sleep(%s)", [hold])
                took.append(time.perf_counter() - begun)
                if stop.is_set():
                    break


def _fold(url: str, stop: threading.Event) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(BIND)
        while not stop.wait(1.0):
            connection.execute("SELECT situation_fold('Asia/Shanghai')")


def _round(url: str, shares: list[list[UUID]], seconds: float, way: str, hold: float) -> tuple[float, float]:
    stop, took = threading.Event(), [[] for _ in shares]
    works = [
        threading.Thread(target=_client, args=(url, ids, stop, one, hold))
        for ids, one in zip(shares, took, strict=True)
    ]
    works += [threading.Thread(target=_fold, args=(url, stop))] if way == "rows" else []
    for work in works:
        work.start()
    time.sleep(seconds)
    stop.set()
    for work in works:
        work.join()
    every = [one for some in took for one in some]
    return len(every) / seconds, max(every)


def _trigger(connection: psycopg.Connection[tuple[object, ...]], way: str, ids: list[UUID]) -> float:
    """Microseconds of the trigger in one update, by EXPLAIN ANALYZE."""
    _switch(connection, way)
    took = []
    for one in ids[:200]:
        plan: Any = connection.execute(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {MOVE} version = version + 1 WHERE id = %s", [one]
        ).fetchone()
        took.append(sum(trigger["Time"] for trigger in plan[0][0]["Triggers"]) * 1000)
    return statistics.median(took)


def measure(seconds: float, clients: int, rounds: int, hold: float) -> bool:
    url = os.environ["DATABASE_URL"]
    found: dict[str, list[tuple[float, float]]] = {"none": [], "rows": [], "counters": []}
    with city.superuser(dict(os.environ)) as connection:
        connection.execute(HOT)
        connection.execute("GRANT ALL ON bench_count TO PUBLIC")
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE centres_execution_matter SET state = 'handling', closed_at = NULL, (district_id, town_id) ="
            " (SELECT district_id, town_id FROM centres_execution_matter LIMIT 1)"
        )
        connection.execute("SET session_replication_role = origin")
        ids = [row[0] for row in connection.execute("SELECT id FROM centres_execution_matter ORDER BY id LIMIT 4000")]
        shares = [ids[place::clients] for place in range(clients)]
        for _ in range(rounds):
            for way, kept in found.items():
                _switch(connection, way)
                kept.append(_round(url, shares, seconds, way, hold))
        itself = {way: _trigger(connection, way, ids) for way in found}
    print(f"{'way':10}{'steps/s':>9}{'of none':>9}{'longest ms':>12}{'trigger µs':>12}")
    shares_of_none = {
        way: statistics.median(one[0] / none[0] for one, none in zip(kept, found["none"], strict=True))
        for way, kept in found.items()
    }
    for way, kept in found.items():
        longest = statistics.median(one[1] for one in kept) * 1000
        print(
            f"{way:10}{statistics.median(one[0] for one in kept):9.0f}{shares_of_none[way]:9.2f}{longest:12.0f}{itself[way]:12.0f}"
        )
    return shares_of_none["rows"] >= LIMIT


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--hold", type=float, default=5)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside:
        return 0 if measure(chosen.seconds, chosen.clients, chosen.rounds, chosen.hold / 1000) else 1
    with city.installation() as environment:
        with city.superuser(environment) as connection:
            city.demonstrate(environment, "town")
            city.fill(connection, 6000)
        inside = [
            sys.executable,
            __file__,
            "--inside",
            "--seconds",
            str(chosen.seconds),
            "--clients",
            str(chosen.clients),
        ]
        return subprocess.run(
            [*inside, "--rounds", str(chosen.rounds), "--hold", str(chosen.hold)], env=environment, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
