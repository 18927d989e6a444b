"""Looking at and ending the server's processes. A zombie is dead, whatever kill(pid, 0) says.

PostgreSQL gives every backend a session of its own, so no process group holds them all. What they share is the name of
the cluster, which stands in the title of each, and the account that runs them. Reading titles needs no privilege, unlike
reading the working folder of another account's process.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

UNPRIVILEGED = ("postgres", "nobody")
PROCESSES = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """One living process: its title as it shows it, words separated by blanks."""

    pid: int
    user: int
    title: str


def account(cluster: Path | None = None) -> pwd.struct_passwd | None:
    """The existing unprivileged account that runs PostgreSQL when we are root; None when we are not.

    It is the account that `cluster` already belongs to, so that a new account on the machine changes nothing.
    """
    if os.geteuid():
        return None
    with suppress(OSError, KeyError):
        if cluster is not None and cluster.stat().st_uid:
            return pwd.getpwuid(cluster.stat().st_uid)
    for name in UNPRIVILEGED:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    return pwd.getpwuid(65534)


def blocked_at(folder: Path, person: pwd.struct_passwd | None = None) -> Path | None:
    """The first folder on the way to `folder` that the unprivileged account may not pass through."""
    person = person or account()
    if person is None:
        return None
    for step in [*reversed(folder.absolute().parents), folder.absolute()]:
        if not step.exists():
            return None
        state = step.stat()
        shift = 6 if state.st_uid == person.pw_uid else 3 if state.st_gid == person.pw_gid else 0
        if not state.st_mode >> shift & 1:
            return step
    return None


def cluster_name(cluster: Path) -> str:
    """The name that the processes of the server of this data folder carry in their titles."""
    return f"city1361-{hashlib.sha256(os.fsencode(cluster)).hexdigest()[:12]}"


def living() -> Iterator[Process]:
    """Every living process of this machine; zombies are not among them."""
    if not (PROCESSES / "self" / "stat").exists():
        yield from _living_by_ps()
        return
    for entry in PROCESSES.glob("[0-9]*"):
        with suppress(OSError, IndexError):
            if (entry / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX":
                title = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
                yield Process(int(entry.name), entry.stat().st_uid, os.fsdecode(title))


def _living_by_ps() -> Iterator[Process]:
    listed = subprocess.run(
        ["ps", "-axww", "-o", "pid=,uid=,stat=,command="], text=True, capture_output=True, check=True
    ).stdout
    for line in listed.splitlines():
        pid, user, state, title = line.split(None, 3)
        if state[0] not in "ZX":
            yield Process(int(pid), int(user), title)


def lives(pid: int) -> bool:
    """Whether a process of this number is there and no zombie."""
    try:
        if (PROCESSES / "self" / "stat").exists():
            return (PROCESSES / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, IndexError):
        return False
    return True


def of_cluster(cluster: Path) -> list[int]:
    """Living processes of the server of this data folder, its orphans too; a stranger with a recycled number is not."""
    person = account(cluster)
    user = os.geteuid() if person is None else person.pw_uid
    titled, started = f"postgres: {cluster_name(cluster)}: ", f"postgres -D {cluster} "
    return [
        process.pid
        for process in living()
        if process.user == user and (process.title.startswith(titled) or started in process.title + " ")
    ]


def end(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    """Ask until it is true or the time is over."""
    limit = time.monotonic() + seconds
    while not true():
        if time.monotonic() > limit:
            return False
        time.sleep(0.05)
    return True
