"""Kill everything, again and again, under clients that keep a journal; then hold the journal against the data base.

    python -m tests.faults.chaos [--rounds 50] [--acknowledged 100000] [--clients 16] [--minutes 120]

An installation of its own (`city1361 run`, the tiny city, fsync on) in a temporary folder. Each round kills one target
(web, worker, live, postmaster, every process of PostgreSQL, all at once) at a random moment, waits until writes are
acknowledged again, and lets the clients go on for a while. Rounds go on until both numbers are reached. Two negative
controls follow, which must fail, and are reported when they do not: PostgreSQL with synchronous_commit off must lose
(its journal is kept in memory for ten seconds, so that the machine's own habits do not decide), and clients that make a
new key for each try must double. Status 0: nothing lost, nothing doubled, the evidence verifies, the counts agree, both
gaps keep their limit, both controls failed as they must.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from city1361.base.database.without_django import EmbeddedServer
from tests.faults.clients import Door, Journal, Load, Town, arrive
from tests.faults.killing import TARGETS, kill
from tests.faults.verdict import Verdict, judge
from tests.running.installed import City, eventually, three_free_ports

LIMITS = {"web": 3.0, "worker": 3.0, "live": 3.0, "postmaster": 10.0, "database": 10.0, "all": 10.0}
"""Seconds without any acknowledged write after a target was killed."""
FORGETFUL = ("synchronous_commit = off", "wal_writer_delay = '10s'", "wal_writer_flush_after = '1GB'")
GRID = (
    "SELECT a.area_id::text FROM platform_accounts_appointment a"
    " JOIN platform_accounts_account p ON p.id = a.account_id WHERE p.username = 'grid_worker'"
)


@contextmanager
def installation(folder: Path) -> Iterator[City]:
    """A running city; everything of it is ended afterwards."""
    city = City(folder, three_free_ports())
    city.environment.setdefault("CITY1361_LOG_LEVEL", "WARNING")
    try:
        city.start()
        yield city
    finally:
        if city.process is not None and city.process.poll() is None:
            city.end(signal.SIGTERM)
        for pid in city.processes():
            os.kill(pid, signal.SIGKILL)


def superuser(city: City, patience: int = 30) -> psycopg.Connection[Any]:
    """A connection that row security does not bind; waits `patience` seconds for a server that recovers."""
    address = EmbeddedServer.of_folder(city.folder / "server").urls.superuser
    for _ in range(patience * 10):
        try:
            return psycopg.connect(address, autocommit=True)
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise SystemExit(f"PostgreSQL did not come back within {patience} s")


def people(city: City) -> Town:
    rows = [line.split("\t") for line in (city.folder / "cast.txt").read_text("utf-8").splitlines()]
    with superuser(city) as data:
        area = data.execute(GRID).fetchone()
    return arrive(Door(city.port), {name: password for name, _, password in rows}, area[0] if area else "")


def strike(city: City, journal: Journal, target: str, lasting: float) -> float:
    """Kill, wait until writes are acknowledged again, go on for `lasting` seconds. The longest silence, in seconds."""
    killed, before = time.monotonic(), len(journal.moments)
    kill(city, target)
    time.sleep(0.2)
    if not eventually(lambda: len(journal.moments) > before + 20 and whole(city), 120):
        raise SystemExit(
            f"after {target} was killed nothing was acknowledged for 120 s\n{city.said[-2000:]}{city.logs()}"
        )
    back = time.monotonic()
    time.sleep(lasting)
    return journal.silence(killed, back)


def whole(city: City) -> bool:
    """Whether every program is there again."""
    return all(city.pids_of(name) for name in ("web", "live", "worker"))


def verb(city: City, *words: str) -> int:
    """A verb of the installation; its exit status."""
    environment = {**city.environment, "CITY1361_DATA": str(city.folder), "DJANGO_SETTINGS_MODULE": "city1361.settings"}
    command = [sys.executable, "-m", "city1361", *words]
    return subprocess.run(command, env=environment, check=False, capture_output=True, timeout=600).returncode


def settled(city: City) -> bool:
    """Whether no event, job or change of a count waits any more."""
    with superuser(city) as data:
        row = data.execute(
            "SELECT (SELECT count(*) FROM base_outbox_pending), (SELECT count(*) FROM centres_situation_matterdelta)"
        ).fetchone()
    return row == (0, 0)


def forgetful(city: City, town: Town, folder: Path) -> Verdict:
    """The control: PostgreSQL acknowledges before it has written. It must lose."""
    with superuser(city) as data:
        for setting in FORGETFUL:
            data.execute(f"ALTER SYSTEM SET {setting}")
        data.execute("SELECT pg_reload_conf()")
    journal = Journal(folder / "forgetful.jsonl")
    with Load(town, journal, 8, only_report=True):
        time.sleep(3)
        strike(city, journal, "database", 0.5)
    with superuser(city) as data:
        found = judge(journal, data)
        for setting in FORGETFUL:
            data.execute(f"ALTER SYSTEM RESET {setting.split(' = ')[0]}")
        data.execute("SELECT pg_reload_conf()")
    return found


def keyless(city: City, town: Town, folder: Path, most: int = 12) -> Verdict:
    """The control: clients that do not keep their key. They must double within `most` kills."""
    journal, found = Journal(folder / "keyless.jsonl"), Verdict()
    with Load(town, journal, 16, keyed=False, only_report=True):
        for _ in range(most):
            time.sleep(2)
            strike(city, journal, "web", 0.5)
            with superuser(city) as data:
                found = judge(journal, data)
            if found.doubled:
                break
    return found


class Report:
    """What is told at the end, and whether it is good."""

    def __init__(self) -> None:
        self.gaps: dict[str, list[float]] = defaultdict(list)
        self.bad: list[str] = []

    def table(self) -> str:
        lines = []
        for target, gaps in self.gaps.items():
            lines.append(
                f"{target:11} {len(gaps):3} kills: longest silence median {statistics.median(gaps):.2f} s,"
                f" worst {max(gaps):.2f} s, limit {LIMITS[target]:.0f} s"
            )
        return "\n".join(lines)

    def hold(self, true: bool, otherwise: str) -> None:
        if not true:
            self.bad.append(otherwise)


def run(city: City, folder: Path, asked: argparse.Namespace) -> Report:
    """The rounds, the verdict and the controls."""
    report, town, journal = Report(), people(city), Journal(folder / "journal.jsonl")
    choice = random.Random(asked.seed)
    begun, rounds = time.monotonic(), 0
    with Load(town, journal, asked.clients):
        time.sleep(asked.lasting)
        while rounds < asked.rounds or len(journal.moments) < asked.acknowledged:
            if time.monotonic() - begun > 60 * asked.minutes:
                print(f"stopped after {asked.minutes} minutes, before what was asked for was reached")
                break
            target = asked.targets[rounds % len(asked.targets)]
            gap = strike(city, journal, target, asked.lasting * choice.uniform(0.5, 1.5))
            report.gaps[target].append(gap)
            rounds += 1
            print(
                f"round {rounds}: {target} killed, silent {gap:.2f} s, {len(journal.moments):,} acknowledged",
                flush=True,
            )
    lasted = time.monotonic() - begun
    with superuser(city) as data:
        found = judge(journal, data)
    print(
        f"{rounds} rounds, {asked.clients} clients, {lasted:.0f} s, sent again {journal.tries_again:,} times\n{found}"
    )
    print(report.table())
    for refused in journal.refused[:5]:
        print(f"refused: {refused}")
    report.hold(found.clean, f"{found}: {json.dumps((found.lost + found.doubled + found.untold)[:3])}")
    report.hold(not journal.refused, f"{len(journal.refused)} answers that no fault explains")
    for target, gaps in report.gaps.items():
        report.hold(
            statistics.median(gaps) <= LIMITS[target] or asked.shared, f"{target}: silent for {max(gaps):.1f} s"
        )
    report.hold(eventually(lambda: settled(city), 120), "events or counts still wait after two minutes")
    report.hold(verb(city, "evidence", "verify") == 0, "the evidence does not verify")
    report.hold(verb(city, "counters", "check") == 0, "the counts differ from a recount")
    if not asked.without_controls:
        lossy, double = forgetful(city, town, folder), keyless(city, town, folder)
        print(f"control, synchronous_commit off: {lossy}\ncontrol, a new key for each try: {double}")
        report.hold(bool(lossy.lost), "the control with synchronous_commit off lost nothing: this proves nothing")
        report.hold(bool(double.doubled), "the control without keys doubled nothing: this proves nothing")
    return report


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--acknowledged", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--lasting", type=float, default=12.0, help="seconds between two kills, half to one and a half")
    parser.add_argument("--minutes", type=float, default=120.0, help="stop then, whatever was reached")
    parser.add_argument("--targets", type=lambda text: text.split(","), default=list(TARGETS))
    parser.add_argument("--seed", type=int, default=1361)
    parser.add_argument(
        "--shared", action="store_true", help="other work runs on this machine: gaps are told, not judged"
    )
    parser.add_argument("--without-controls", action="store_true")
    return parser


def main() -> int:
    asked = arguments().parse_args()
    with tempfile.TemporaryDirectory(prefix="city1361-chaos-") as place:
        Path(place).chmod(0o755)
        with installation(Path(place) / "city") as city:
            report = run(city, Path(place), asked)
    for bad in report.bad:
        print(f"NOT GOOD: {bad}")
    print("everything held" if not report.bad else "something did not hold")
    return 1 if report.bad else 0


if __name__ == "__main__":
    sys.exit(main())
