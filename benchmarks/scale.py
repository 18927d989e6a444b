"""What a life cycle costs in a city of 0, 100,000, 1 and 5 million matters beside the same city without them, one run.

    python benchmarks/scale.py [--stages 0 100000 1000000 5000000] [--lives 10] [--rounds 8] [--then FILE…]

Makes the whole of Chongqing with its cast in a temporary folder, lets the application take some matters through their
lives, clones the data base, and grows one of the two stage by stage (scale_fill.py). At each stage both take lives
through the Python API in turn - report, admit, acknowledge, ask to close, check, close, agree - as six people of the cast
with their scopes, row security on. Counted for the client's own connection alone: buffers (hit and read) from
pg_stat_get_backend_io, processor time of the backend and of the client. Limits, medians over the rounds: buffers at most
1.1 times, processor time of both together at most 1.2 times those of the small city. Where a limit is broken the
statements that grew are named. --then: other benchmarks with `--inside` that measure the full city before it goes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import city
import scale_fill

BUFFERS, PROCESSOR = 1.1, 1.2
STAGES = (0, 100_000, 1_000_000, 5_000_000)
TEMPLATES = 40
WORKER, DUTY, HANDLER, CHECKER = "grid_worker", "town_duty_officer", "town_handler", "town_checker"


class Lives:
    """Matters taken through their lives by people of the cast, in this process."""

    def __init__(self) -> None:
        from city1361.base.kernel import clock
        from city1361.centres.execution import api
        from city1361.platform.assurance.security.access.resolver import by_of
        from city1361.platform.assurance.security.accounts.api import account_named, standing
        from city1361.platform.assurance.standards.organisations.api import post_by_code

        def person(name: str) -> Any:
            return by_of(standing(account_named(name), None, clock.now()), channel="web", trace="bench")

        self.api, self.by = api, {name: person(name) for name in (WORKER, DUTY, HANDLER, CHECKER)}
        self.post = post_by_code(self.by[HANDLER].post).id
        with city.superuser(dict(os.environ)) as connection:
            self.area = city.value(
                connection, "SELECT a.area_id FROM platform_accounts_appointment a JOIN platform_accounts_account p"
                " ON p.id = a.account_id WHERE p.username = %s", [WORKER]
            )  # fmt: skip

    def take(self, steps: int = 7) -> UUID:
        """Report a matter and take `steps` of its life; its id."""
        api = self.api
        matter = api.matter_report(
            by=self.by[WORKER], client_key=str(uuid4()), matter_type="R02", area_id=self.area,
            description=f"人行道砖松动 {uuid4().hex[:8]}",
        )  # fmt: skip
        ways: list[tuple[str, Any, dict[str, Any]]] = [
            (DUTY, api.matter_admit, {"handler_post": self.post}),
            (HANDLER, api.matter_acknowledge, {}),
            (HANDLER, api.matter_request_close, {"result": "solved", "text": "已修复"}),
            (CHECKER, api.matter_check, {"passed": True}),
            (DUTY, api.matter_close, {}),
            (WORKER, api.matter_agree, {}),
        ]
        for who, act, given in ways[: steps - 1]:
            matter = act(by=self.by[who], matter_id=matter.id, expected_version=matter.version, **given)
        return UUID(str(matter.id))


# ---- the client ----------------------------------------------------------------------------------------------------


def work(templates: int) -> None:
    """Make templates and say which; then take as many lives as each line of the standard input says and say the cost."""
    import django

    django.setup()
    lives = Lives()
    made = [str(lives.take(7 if number % 4 else 1 + number // 4 % 4)) for number in range(templates)]
    for _ in range(3):
        lives.take()
    print(json.dumps(made), flush=True)
    for line in sys.stdin:
        if line.startswith("statements"):
            print(json.dumps(statements(lives)), flush=True)
        else:
            print(json.dumps(cost(lives, int(line))), flush=True)


def cost(lives: Lives, number: int) -> dict[str, float]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    before = _counted(pid)
    for _ in range(number):
        lives.take()
    after = _counted(pid)
    return {name: (after[name] - before[name]) / number for name in before}


def _counted(pid: int) -> dict[str, float]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
    server = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6
    with city.superuser(dict(os.environ)) as peer:
        buffers = city.value(
            peer,
            "SELECT coalesce(sum(hits), 0) + coalesce(sum(reads), 0) FROM pg_stat_get_backend_io(%s) WHERE object = 'relation'",
            [pid],
        )
    return {"buffers": float(buffers), "server": server, "client": time.process_time() * 1000}


def statements(lives: Lives) -> dict[str, float]:
    """Buffers of each statement of a life, by its first words; each is explained, taken back and then sent."""
    from django.db import connection

    found: dict[str, float] = {}

    def note(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        if not many and sql.lstrip().split(None, 1)[0].upper() in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
            raw = context["cursor"].cursor
            within = connection.in_atomic_block
            raw.execute("SAVEPOINT bench" if within else "BEGIN")
            raw.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}", values)
            plan = raw.fetchone()[0]
            raw.execute("ROLLBACK TO bench" if within else "ROLLBACK")
            plan = (json.loads(plan) if isinstance(plan, str) else plan)[0]
            touched = sum(part.get(f"Shared {kind} Blocks", 0) for part in (plan["Plan"], plan.get("Planning", {}))
                          for kind in ("Hit", "Read"))  # fmt: skip
            words = " ".join(sql.replace('"', "").split())
            name = words[:40] + " … " + words.partition(" FROM ")[2][:60]
            found[name] = found.get(name, 0) + touched
        return execute(sql, values, many, context)

    for _ in range(5):
        with connection.execute_wrapper(note):
            lives.take()
    return {name: touched / 5 for name, touched in found.items()}


# ---- the run -------------------------------------------------------------------------------------------------------


class Client:
    """A process of its own on one of the two data bases."""

    def __init__(self, environment: dict[str, str], templates: int = 0) -> None:
        words = [sys.executable, __file__, "--work", str(templates)]
        self.running = subprocess.Popen(
            words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.templates = self._answer()

    def _answer(self) -> Any:
        assert self.running.stdout is not None
        for line in self.running.stdout:
            if line[0] in "[{":
                return json.loads(line)
        raise SystemExit("a client ended before its time")

    def ask(self, what: object) -> Any:
        assert self.running.stdin is not None
        self.running.stdin.write(f"{what}\n")
        self.running.stdin.flush()
        return self._answer()

    def stop(self) -> None:
        assert self.running.stdin is not None
        self.running.stdin.close()
        self.running.wait(60)


@contextmanager
def both(small: dict[str, str], large: dict[str, str]) -> Iterator[tuple[Client, Client]]:
    clients = Client(small), Client(large)
    try:
        yield clients
    finally:
        for client in clients:
            client.stop()


def clone(environment: dict[str, str]) -> dict[str, str]:
    """The environment of a data base that is the same and stays as it is."""
    name = environment["DATABASE_URL"].split("?")[0].rsplit("/", 1)[1]
    url = environment["BENCH_SUPERUSER_URL"]
    with city.superuser({**environment, "DATABASE_URL": url}) as connection:
        owner = city.value(connection, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [name])
        connection.execute(f"CREATE DATABASE bench_small TEMPLATE {name} OWNER {owner}")
        for (setting,) in connection.execute(
            "SELECT unnest(setconfig) FROM pg_db_role_setting WHERE setrole = 0 AND setdatabase ="
            " (SELECT oid FROM pg_database WHERE datname = %s)", [name]
        ).fetchall():  # fmt: skip
            connection.execute(f"ALTER DATABASE bench_small SET {setting.replace('=', ' = ', 1)}")
    changed = {}
    for key in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        place, *query = environment[key].split("?")
        changed[key] = "?".join([place.rsplit("/", 1)[0] + "/bench_small", *query])
    return {**environment, **changed}


def measure(
    sides: tuple[dict[str, str], dict[str, str]], stage: int, size: tuple[int, int], least: list[float]
) -> bool:
    """Both in turn; whether the limits are kept, and against the least that an earlier stage took, too."""
    lives, rounds = size
    with both(*sides) as clients:
        for client in clients:
            client.ask(lives)
        pairs = [tuple(client.ask(lives) for client in clients) for _ in range(rounds)]
        one, other = ([pair[side] for pair in pairs] for side in (0, 1))
        buffers = [statistics.median(row["buffers"] for row in rows) for rows in (one, other)]
        processor = [statistics.median(row["server"] + row["client"] for row in rows) for rows in (one, other)]
        server = [statistics.median(row["server"] for row in rows) for rows in (one, other)]
        touched = buffers[1] / buffers[0]
        taken = statistics.median(
            (b["server"] + b["client"]) / (a["server"] + a["client"]) for a, b in zip(one, other, strict=True)
        )
        least[:] = min(least[0], touched), min(least[1], taken)
        kept = bool(touched / least[0] <= BUFFERS and taken / least[1] <= PROCESSOR)
        print(
            f"{stage:>9,} {buffers[0]:>9.0f} {buffers[1]:>9.0f} {touched:>6.2f} {processor[0]:>9.1f} {processor[1]:>9.1f}"
            f" {taken:>6.2f} {server[0]:>9.1f} {server[1]:>9.1f}  of the least {touched / least[0]:.2f} {taken / least[1]:.2f}"
            f"  {'kept' if kept else 'MISSED'}",
            flush=True,
        )
        if not kept or stage >= max(STAGES):
            _tell_growth(*(client.ask("statements") for client in clients))
    return kept


def _tell_growth(small: dict[str, float], large: dict[str, float]) -> None:
    grown = sorted(large, key=lambda name: small.get(name, 0) - large[name])
    for name in grown[:8]:
        print(f"    {small.get(name, 0):8.1f} → {large[name]:8.1f} buffers of a life: {name}")


def settings(connection: Any, **given: str) -> None:
    for name, value in given.items():
        connection.execute(f"ALTER SYSTEM SET {name} = '{value}'" if value else f"ALTER SYSTEM RESET {name}")
    connection.execute("SELECT pg_reload_conf()")


def run(environment: dict[str, str], stages: list[int], size: tuple[int, int]) -> bool:
    with city.superuser(environment) as connection:
        city.past_months(connection)
        first = Client(environment, TEMPLATES)
        first.stop()
        scale_fill.prepare(connection, [UUID(one) for one in first.templates])
    small, kept, there, least = clone(environment), True, 0, [1.0, 1.0]
    print("  matters   buffers of a life  ratio   processor ms     ratio   of the server ms")
    for stage in stages:
        if stage > there:
            with city.superuser(environment) as connection:
                settings(connection, fsync="off", autovacuum="off", max_wal_size="4GB")
                scale_fill.grow(environment, there, stage)
                settings(connection, fsync="", autovacuum="", max_wal_size="")
            there = stage
        kept &= measure((small, environment), stage, size, least)
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stages", type=int, nargs="+", default=list(STAGES))
    parser.add_argument("--lives", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--then", nargs="*", default=[])
    parser.add_argument("--instance", default="chongqing")
    parser.add_argument("--work", type=int, default=-1, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.work >= 0:
        work(chosen.work)
        return 0
    with city.installation(chosen.instance) as environment:
        kept = run(environment, chosen.stages, (chosen.lives, chosen.rounds))
        for file in chosen.then:
            words = [sys.executable, str(Path(__file__).with_name(file)), "--inside"]
            kept &= subprocess.run(words, env=environment, check=False).returncode == 0
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
