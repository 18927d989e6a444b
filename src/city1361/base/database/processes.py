"""Looking at and ending the server's processes. A zombie is dead, whatever kill(pid, 0) says."""

from __future__ import annotations

import os
import pwd
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

UNPRIVILEGED = ("postgres", "nobody")


def account() -> pwd.struct_passwd | None:
    """The existing unprivileged account that runs PostgreSQL when we are root; None when we are not."""
    if os.geteuid():
        return None
    for name in UNPRIVILEGED:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    return pwd.getpwuid(65534)


def run_as() -> dict[str, Any]:
    """Arguments for subprocess that drop root's rights, and nothing where there are none to drop."""
    person = account()
    if person is None:
        return {}
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


def blocked_at(folder: Path) -> Path | None:
    """The first folder on the way to `folder` that the unprivileged account may not pass through."""
    person = account()
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


def alive(pid: int) -> bool:
    """True for a process that runs; a zombie waiting to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        if Path("/proc/self/stat").exists():
            return False
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True
    return state not in "ZX"


def serves(pid: int, cluster: Path) -> bool:
    """True when `pid` is a living postmaster of this very data folder, not a stranger with a recycled number."""
    if not alive(pid):
        return False
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return True
    return os.fsencode(cluster) in words


def members(group: int) -> list[int]:
    """Living processes of a process group (Linux)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError, ValueError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(fields[2]) == group and fields[0] not in "ZX":
                found.append(int(entry.name))
    return found


def backends_of(cluster: Path, postmaster: int) -> list[int]:
    """Living processes left by a dead postmaster: PostgreSQL's, of its session, working in its data folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError, ValueError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            ours = int(fields[3]) == postmaster and (entry / "cwd").resolve() == cluster
            if ours and fields[0] not in "ZX":
                found.append(int(entry.name))
    return found


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
