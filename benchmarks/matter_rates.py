"""The rates of supervision over a month beside the bare index scan of the same matters, in a city of many matters, one run.

    python benchmarks/matter_rates.py [--matters 5000000] [--rounds 5]

The same city as in matter_lists.py. Asked is what the page of rates asks at every level: 办结率, 按时办结率, 解决率, 响应率,
满意率 and 自报自结 of last month. Each statement the application sends is explained and analysed as the application, with
row security on; its peer is the bare index scan of the matters due or closed in that month by a superuser. Printed:
milliseconds (median), their ratio (limit 3), buffers. `--with-index` makes an index of the due and of the closing moment
for each level first, to say what that would gain.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any

import city
from matter_lists import LEVELS, LIMIT, explained, sent_by

# What is asked of the bare index: the rows that any of the rates counts.
BARE = """SELECT count(*) FROM centres_execution_matter WHERE {level}_id = %s AND
    (total_due_at >= %s AND total_due_at < %s OR closed_at >= %s AND closed_at < %s)"""


def measure(rounds: int, *, with_index: bool) -> bool:
    """Inside the installation's environment: print the table, whether every ratio keeps its limit."""
    import django

    django.setup()
    from django.db import connection
    from django.utils.timezone import get_default_timezone

    from city1361.base.database import api as database
    from city1361.base.kernel.scope import AreaRef, Level, Scope
    from city1361.centres.execution.terms import Permission
    from city1361.centres.supervision import sampling

    zone, peer = get_default_timezone(), city.superuser(dict(os.environ))
    month = f"{datetime.now(zone).replace(day=1) - timedelta(days=1):%Y-%m}"
    span = sampling.month(month)
    if with_index:
        for level in LEVELS[1:]:
            for moment in ("total_due_at", "closed_at"):
                peer.execute(f"CREATE INDEX bench_{level}_{moment} ON centres_execution_matter ({level}_id, {moment})")
        peer.execute("ANALYZE centres_execution_matter")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    row = peer.execute("SELECT city_id, district_id, town_id, village_id, grid_id FROM bench_grid WHERE place = 4242")
    places = dict(zip(LEVELS, row.fetchone() or (), strict=True))

    def as_application(statement: str, values: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    broken = False
    print(f"{'level':9}{'matters':>9}{'ours ms':>10}{'bare ms':>10}{'ratio':>7}{'buffers':>9}{'bare':>9}")
    for level, place in places.items():
        scope = Scope(place, areas=frozenset({AreaRef(Level(level), place)}), permissions=frozenset(Permission))
        values = [place, span.since, span.until, span.since, span.until]
        bare = [(BARE.format(level=level), values)]
        with database.scoped(scope):
            asked = sent_by(lambda s=scope: sampling.rates(scope=s, period=month))  # type: ignore[misc]
            pairs = [
                (
                    explained(as_application, asked),
                    explained(lambda sql, given: peer.execute(sql, given).fetchall(), bare),
                )
                for _ in range(rounds)
            ]
        ours, theirs = (statistics.median(side.milliseconds for side in sides) for sides in zip(*pairs, strict=True))
        counted = peer.execute(bare[0][0], values).fetchone()
        broken |= ours / theirs > LIMIT
        print(
            f"{level:9}{counted[0] if counted else 0:9,}{ours:10.2f}{theirs:10.2f}{ours / theirs:7.2f}"
            f"{pairs[-1][0].buffers:9}{pairs[-1][1].buffers:9}"
        )
    return not broken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--matters", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--with-index", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside:
        return 0 if measure(chosen.rounds, with_index=chosen.with_index) else 1
    with city.installation("chongqing") as environment:
        with city.superuser(environment) as connection:
            city.past_months(connection)
            city.demonstrate(environment, "district")
            city.fill(connection, chosen.matters)
        inside = [sys.executable, __file__, "--inside", "--rounds", str(chosen.rounds)]
        if chosen.with_index:
            inside.append("--with-index")
        return subprocess.run(inside, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
