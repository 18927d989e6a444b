"""The bigram index beside a sequential LIKE over the same rows, in the same run, interleaved.

    python benchmarks/search.py [--rows 100000] [--queries 60]

Makes an embedded PostgreSQL in a temporary folder, migrates, and writes synthetic reports (invented places and objects,
numbers that share a long beginning). Both sides answer "the ids of the twenty newest rows that hold every term" for the
same queries, in five families from rare to frequent. Printed per family: p50 and p99 in ms of each side, and the
ratio of the medians (LIKE ÷ index; above 1 the index wins) beside the least it may be. Exit status 1 when a limit is
broken or the two sides ever disagree. Both sides suffer alike on a busy machine: trust the ratio before the clock. The
vocabulary is small, so frequent queries are frequent: that flatters LIKE, which may stop at its twentieth hit.
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from city1361.base.database.without_django import EmbeddedServer

ROADS = [f"{a}{b}{c}" for a in "东西南北中上下新" for b in "山水石桥江花竹柳梅安" for c in ("路", "街", "巷", "大道")]
THINGS = ["井盖", "路灯", "护栏", "行道树", "垃圾桶", "消火栓", "交通标志牌", "健身器材", "宣传栏", "雨水箅子"]
FAULTS = ["破损", "丢失", "倾斜", "不亮", "堵塞", "占道", "脱落", "积水", "松动", "被遮挡"]
SLOWEST_MS = 50  # the median of the index side in every family
LEAST_RATIO = {"rare": 3.0, "number": 3.0, "place": 3.0}  # how many times faster than LIKE it must be there


@contextmanager
def database() -> Iterator[None]:
    """A migrated data base of this run's own; Django set up as the application."""
    with tempfile.TemporaryDirectory(prefix="city1361-bench-") as place:
        Path(place).chmod(0o755)
        server = EmbeddedServer(Path(place) / "server", durable=False)
        server.start()
        try:
            keys = {name: secrets.token_hex(32) for name in ("SECRET_KEY", "PERSONAL_DATA_KEY", "LIVE_KEY")}
            os.environ.update(keys)
            os.environ.update(
                DJANGO_SETTINGS_MODULE="city1361.settings",
                CITY1361_DATA=str(Path(place) / "data"),
                CITY1361_INSTANCE="tiny",
                DATABASE_URL=server.urls.app,
                DATABASE_OWNER_URL=server.urls.owner,
            )
            subprocess.run([sys.executable, "-m", "city1361", "database", "migrate"], check=True, capture_output=True)
            import django

            django.setup()
            yield
        finally:
            server.stop("immediate")


def reports(rows: int) -> list[tuple[UUID, str]]:
    from city1361.base.kernel.ids import new_id

    dice = random.Random(1361)
    made = []
    for number in range(rows):
        text = (
            f"SJ99010300520261123{number:06d} {dice.choice(ROADS)}{dice.randrange(1, 300)}号门前"
            f"{dice.choice(THINGS)}{dice.choice(FAULTS)}，请尽快处理"
        )
        made.append((new_id(), text))
    return made


def questions(made: list[tuple[UUID, str]], count: int) -> dict[str, list[str]]:
    dice = random.Random(61)
    some = [text for _, text in dice.choices(made, k=count)]
    return {
        "rare": [text.split()[1][:7] for text in some],
        "number": [text[19 + dice.randrange(0, 3) : 25] for text in some],
        "place": [f"{text.split()[1][:3]} {dice.choice(THINGS)}" for text in some],
        "frequent": [dice.choice(THINGS) + dice.choice(FAULTS) for _ in some],
        "everywhere": ["尽快处理" for _ in some],
    }


def fill(made: list[tuple[UUID, str]]) -> None:
    """Both tables: the index of the product, and a plain one the application owns nothing of but may read."""
    from django.db import connection, transaction

    from city1361.base.search import api as search

    began = time.perf_counter()
    with transaction.atomic():
        search.index_many("report", ((subject, text, ()) for subject, text in made))
    print(f"{len(made):,} rows indexed in {time.perf_counter() - began:.1f} s")
    import psycopg

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("CREATE TABLE bench_plain (id uuid PRIMARY KEY, content text NOT NULL)")
        with owner.cursor().copy("COPY bench_plain FROM STDIN") as copy:
            for subject, text in made:
                copy.write_row((subject, text.lower()))
        owner.execute("VACUUM ANALYZE bench_plain")
        owner.execute("VACUUM ANALYZE base_search_searchdocument")
        size = owner.execute(
            "SELECT pg_size_pretty(pg_relation_size('base_search_pieces')),"
            " pg_size_pretty(pg_total_relation_size('base_search_searchdocument'))"
        ).fetchone()
    print(f"index {size[0]}, table with index {size[1]}")
    connection.ensure_connection()


def by_index(q: str) -> list[UUID]:
    from city1361.base.search import api as search

    return search.matches("report", q, 20)


def by_like(q: str) -> list[UUID]:
    from django.db import connection

    patterns = [f"%{term.lower()}%" for term in q.split()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM bench_plain WHERE content LIKE ALL (%s) ORDER BY id DESC LIMIT 20", [patterns])
        return [row[0] for row in cursor.fetchall()]


def timed(side: Callable[[str], list[UUID]], q: str) -> tuple[float, list[UUID]]:
    began = time.perf_counter()
    answer = side(q)
    return (time.perf_counter() - began) * 1000, answer


def told(family: str, index: list[float], like: list[float]) -> bool:
    """Print a family's line; whether it keeps its limits."""
    middle, peer = statistics.median(index), statistics.median(like)
    worst, peers_worst = (sorted(side)[int(len(side) * 0.99)] for side in (index, like))
    least = LEAST_RATIO.get(family, 0.0)
    print(f"{family:10} {middle:10.1f} {worst:8.1f} {peer:10.1f} {peers_worst:8.1f} {peer / middle:7.1f} {least:6}")
    return middle <= SLOWEST_MS and peer / middle >= least


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=60)
    chosen = parser.parse_args()
    broken = False
    with database():
        made = reports(chosen.rows)
        fill(made)
        print(f"{'family':10} {'index p50':>10} {'p99':>8} {'LIKE p50':>10} {'p99':>8} {'ratio':>7} {'least':>6}")
        for family, asked in questions(made, chosen.queries).items():
            pairs = [(timed(by_index, q), timed(by_like, q)) for q in asked]
            broken |= any(mine[1] != theirs[1] for mine, theirs in pairs)
            broken |= not told(family, [mine[0] for mine, _ in pairs], [theirs[0] for _, theirs in pairs])
    print("✗ a limit is broken or the sides disagree" if broken else "✓ within the limits, the sides agree")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
