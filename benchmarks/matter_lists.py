"""Lists and counts of matters at every level beside the bare index scan, in a city of many matters, one run.

    python benchmarks/matter_lists.py [--matters 5000000] [--rounds 15]

Makes the whole of Chongqing in a temporary folder with its 62,000 synthetic grids, fills it with copies of the
demonstration's matters over twelve monthly partitions (2 in 100 open), and asks what the desk asks: the newest 50 of a
scope, the open ones, their counts. Each statement the application sends is explained and analysed as the application,
with row security on; its peer is the bare index scan of the same rows by a superuser, whom row security does not bind.
Both are planned and run in turn. Printed: milliseconds (median, planning and execution together), their ratio (limit 3)
and the buffers read.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import city

LIMIT = 3.0
# What is asked of the bare index: the same rows, nothing beside them.
NEWEST = "SELECT id FROM centres_execution_matter WHERE {level}_id = %s ORDER BY id DESC LIMIT 50"
OPEN = (
    "SELECT id FROM centres_execution_matter WHERE {level}_id = %s AND state = ANY (%s) ORDER BY id DESC LIMIT 50",
    "SELECT count(*) FROM centres_execution_matter WHERE {level}_id = %s AND state = ANY (%s)",
)
LEVELS = ("city", "district", "town", "village", "grid")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one or several statements: milliseconds of planning and execution, buffers touched."""

    milliseconds: float
    buffers: int


def explained(run: Callable[[str, Any], Any], statements: list[tuple[str, Any]]) -> Cost:
    """The cost of `statements` by EXPLAIN ANALYZE."""
    total, buffers = 0.0, 0
    for sql, values in statements:
        plan = run(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}", values)[0][0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        total += plan[0]["Planning Time"] + plan[0]["Execution Time"]
        buffers += plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"]
    return Cost(total, buffers)


def sent_by(ask: Callable[[], Any]) -> list[tuple[str, Any]]:
    """What the application sends for it, without the binding of scopes."""
    from django.db import connection

    sent: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        sent.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        ask()
    return [one for one in sent if "set_config" not in one[0]]


def measure(rounds: int) -> bool:
    """Inside the installation's environment: print the table, whether every ratio keeps its limit."""
    import django

    django.setup()
    from django.db import connection

    from city1361.base.database import api as database
    from city1361.base.kernel.by import By
    from city1361.base.kernel.scope import AreaRef, Level, Scope
    from city1361.centres.execution.listings import lists
    from city1361.centres.execution.terms import OPEN_STATES, Permission, Tab

    peer = city.superuser(dict(os.environ))
    states = [state.value for state in OPEN_STATES]
    row = peer.execute("SELECT city_id, district_id, town_id, village_id, grid_id FROM bench_grid WHERE place = 4242")
    places = dict(zip(LEVELS, row.fetchone() or (), strict=True))
    by = By(account=places["grid"], label="bench", channel="web")

    def as_application(statement: str, values: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    broken = False
    print(f"{'level':9}{'asked':10}{'ours ms':>9}{'bare ms':>9}{'ratio':>7}{'buffers':>9}{'bare':>7}")
    for level, place in places.items():
        scope = Scope(by.account, areas=frozenset({AreaRef(Level(level), place)}), permissions=frozenset(Permission))
        asked = {
            "newest 50": (lambda s=scope: lists.my_list(scope=s, by=by, tab=Tab.ALL), [(NEWEST, [place])]),
            "open": (lambda s=scope: lists.my_list(scope=s, by=by, tab=Tab.DOING), [(OPEN[0], [place, states])]),
            "counts": (lambda s=scope: lists.counts(scope=s, by=by), [(OPEN[1], [place, states])] * 4),
        }
        for name, (ask, scans) in asked.items():
            bare = [(sql.format(level=level), values) for sql, values in scans]
            with database.scoped(scope):
                sent = [one for one in sent_by(ask) if "centres_execution_matter" in one[0]]
                pairs = [
                    (
                        explained(as_application, sent),
                        explained(lambda sql, values: peer.execute(sql, values).fetchall(), bare),
                    )
                    for _ in range(rounds)
                ]
            ours, theirs = (
                statistics.median(side.milliseconds for side in sides) for sides in zip(*pairs, strict=True)
            )
            ratio = ours / theirs
            broken |= ratio > LIMIT
            print(
                f"{level:9}{name:10}{ours:9.2f}{theirs:9.2f}{ratio:7.2f}{pairs[-1][0].buffers:9}{pairs[-1][1].buffers:7}"
            )
    return not broken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--matters", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside:
        return 0 if measure(chosen.rounds) else 1
    with city.installation("chongqing") as environment:
        with city.superuser(environment) as connection:
            city.past_months(connection)
            city.demonstrate(environment, "district")
            city.fill(connection, chosen.matters)
        inside = [sys.executable, __file__, "--inside", "--rounds", str(chosen.rounds)]
        return subprocess.run(inside, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
