"""What can be killed of an installation that runs, and how."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

from city1361.base.database import processes
from tests.running.installed import City

PROGRAMS = ("web", "live", "worker")
TARGETS = ("web", "worker", "live", "postmaster", "database", "all")
"""postmaster: its first process alone; database: every process of the server at one moment; all: everything but the
supervisor, at one moment."""


def kill(city: City, target: str) -> None:
    """SIGKILL at once; nothing is told, nothing flushed."""
    pids = {
        "postmaster": lambda: database(city)[:1],
        "database": lambda: database(city),
        "all": lambda: [*database(city), *standing_by(city), *(pid for name in PROGRAMS for pid in group(city, name))],
    }.get(target, lambda: group(city, target))()
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def database(city: City) -> list[int]:
    """The processes of the installation's PostgreSQL, the postmaster first."""
    cluster = (city.folder / "server" / "cluster").absolute()
    first = int((cluster / "postmaster.pid").read_text().splitlines()[0])
    return [first, *(pid for pid in processes.of_cluster(cluster) if pid != first)]


def group(city: City, program: str) -> list[int]:
    """A program that serves, and the processes of its group."""
    groups = {leader: members(city, leader) for leader in city.pids_of(program)}
    serving = [pids for pids in groups.values() if program != "web" or any(listens(pid, city.port) for pid in pids)]
    return serving[0] if serving else []


def standing_by(city: City) -> list[int]:
    """The web server that has loaded and serves nobody yet."""
    serving = group(city, "web")
    return [pid for pid in city.pids_of("web") if pid not in serving]


def members(city: City, leader: int) -> list[int]:
    """A process and those of its group."""
    return [pid for pid in city.processes() if _group_of(pid) == leader]


def listens(pid: int, port: int) -> bool:
    """Whether this process holds the socket that listens at the port."""
    with contextlib.suppress(OSError):
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        sockets = {f"socket:[{row[9]}]" for row in rows if row[3] == "0A" and row[1].endswith(f":{port:04X}")}
        return any(str(one.readlink()) in sockets for one in Path(f"/proc/{pid}/fd").iterdir())
    return False


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0
