"""Boards beside the bare index scan of what they read, in a city of many matters, one run.

    python benchmarks/boards.py [--matters 10000000] [--rounds 15]

Makes the whole of Chongqing in a temporary folder, fills it with copies of the demonstration's matters over twelve
monthly partitions (2 in 100 open), counts them (`counters rebuild`) and asks what boards ask: every figure of an area for
a month, one figure of the areas below, by type, over thirty days. Each statement sent is explained and analysed as the
application, with row security on; its peer is the bare index scan of the same rows by a superuser, whom row security does
not bind. Both are planned and run in turn. Printed: milliseconds (median, planning and execution together), their ratio
(limit 3), the rows of counts read, and what counting the matters themselves would have cost once.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import city
from matter_lists import explained

LIMIT = 3.0
COUNTS = "SELECT * FROM centres_situation_counter WHERE area_id = ANY (%s) AND type = '' AND day >= %s AND day < %s"
OF_TYPES = "SELECT * FROM centres_situation_counter WHERE area_id = %s AND type = ANY (%s) AND day >= %s AND day < %s"
STOCK = "SELECT * FROM centres_situation_counter WHERE area_id = ANY (%s) AND type = '' AND in_hand IS NOT NULL"
LATE = (
    "SELECT id FROM centres_execution_matter WHERE total_due_at >= %s AND total_due_at < %s AND state = ANY (%s)"
    " AND {level}_id = %s"
)
MATTERS = (
    "SELECT count(*), count(*) FILTER (WHERE state = 'closed'), count(*) FILTER (WHERE closed_at <= total_due_at)"
    " FROM centres_execution_matter WHERE {level}_id = %s AND total_due_at >= %s AND total_due_at < %s"
)
LEVELS = ("city", "district", "town")


def measure(rounds: int) -> bool:
    """Inside the installation's environment: print the table, whether every ratio keeps its limit."""
    import django

    django.setup()
    from django.db import connection

    from city1361.base.database import api as database
    from city1361.base.kernel import clock
    from city1361.base.kernel.scope import AreaRef, Level, Scope
    from city1361.centres.execution import api as execution
    from city1361.centres.situation import api as situation
    from city1361.platform.assurance.standards.areas import api as areas

    peer = city.superuser(dict(os.environ))
    row = peer.execute("SELECT city_id, district_id, town_id FROM bench_grid WHERE place = 4242").fetchone()
    places = dict(zip(LEVELS, row or (), strict=True))
    month, now = execution.period_now(execution.PeriodKind.MONTH).before, clock.now()
    today = execution.period_now(execution.PeriodKind.DAY)
    states = [state.value for state in execution.MatterState if state.is_open]
    types = [one.code for one in execution.matter_types()]

    def as_application(statement: str, values: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    def sent_by(ask: Callable[[], Any]) -> list[tuple[str, Any]]:
        sent: list[tuple[str, Any]] = []

        def note(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
            sent.append((sql, values))
            return execute(sql, values, many, context)

        with connection.execute_wrapper(note):
            ask()
        return [one for one in sent if "_counter" in one[0] or "centres_execution_matter" in one[0]]

    broken = False
    print(f"{'level':9}{'board':12}{'ours ms':>9}{'bare ms':>9}{'ratio':>7}{'rows':>8}{'matters ms':>12}")
    for level, place in places.items():
        scope = Scope(areas=frozenset({AreaRef(Level(level), place)}))
        below = [one.id for one in areas.children(place)] if level != "town" else []
        since = [month.first, month.after]
        days = [today.first - timedelta(days=29), today.after]
        late: tuple[str, list[Any]] = (LATE.format(level=level), [today.since, now, states, place])
        asked: dict[str, tuple[Callable[[], Any], list[tuple[str, list[Any]]]]] = {
            "all figures": (
                lambda s=scope: situation.figures(scope=s, period=month),
                [(COUNTS, [[place], *since]), (STOCK, [[place]]), late],
            ),
            "by type": (
                lambda s=scope: situation.by_type(scope=s, code="closing", period=month),
                [(OF_TYPES, [place, types, *since])],
            ),
            "thirty days": (
                lambda s=scope: situation.trend(scope=s, code="closing", points=30),
                [(COUNTS, [[place], *days])],
            ),
        }
        if below:
            asked["areas below"] = (
                lambda s=scope: situation.by_area(scope=s, code="closing", period=month),
                [(COUNTS, [below, *since])],
            )
        whole = explained(
            lambda sql, values: peer.execute(sql, values).fetchall(),
            [(MATTERS.format(level=level), [place, month.since, month.until])],
        )
        for name, (ask, scans) in asked.items():
            with database.scoped(scope):
                sent = sent_by(ask)
                pairs = [
                    (
                        explained(as_application, sent),
                        explained(lambda sql, values: peer.execute(sql, values).fetchall(), scans),
                    )
                    for _ in range(rounds)
                ]
            ours, theirs = (
                statistics.median(side.milliseconds for side in sides) for sides in zip(*pairs, strict=True)
            )
            read = sum(len(peer.execute(sql, values).fetchall()) for sql, values in scans)
            broken |= ours / theirs > LIMIT
            print(
                f"{level:9}{name:12}{ours:9.2f}{theirs:9.2f}{ours / theirs:7.2f}{read:8}{whole.milliseconds:12.0f}",
                flush=True,
            )
    return not broken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--matters", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument(
        "--check", action="store_true", help="hold the counts against a recount as well, and say how long"
    )
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside:
        return 0 if measure(chosen.rounds) else 1
    with city.installation("chongqing") as environment:
        with city.superuser(environment) as connection:
            city.past_months(connection)
            city.demonstrate(environment, "district")
            city.fill(connection, chosen.matters)
            _run(environment, "rebuild")
            connection.execute("VACUUM (ANALYZE) centres_situation_counter, centres_situation_matterdelta")
            size = connection.execute(
                "SELECT pg_size_pretty(pg_total_relation_size('centres_situation_counter'))"
            ).fetchone()
            print(f"counts: {size[0] if size else ''}")
            if chosen.check:
                _run(environment, "check")
        inside = [sys.executable, __file__, "--inside", "--rounds", str(chosen.rounds)]
        return subprocess.run(inside, env=environment, check=False).returncode


def _run(environment: dict[str, str], verb: str) -> None:
    begun = time.monotonic()
    subprocess.run([sys.executable, "-m", "city1361", "counters", verb], env=environment, check=True)
    print(f"counters {verb}: {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    begun = time.monotonic()
    status = main()
    print(f"{time.monotonic() - begun:.0f} s in all", file=sys.stderr)
    sys.exit(status)
