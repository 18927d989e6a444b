"""The child processes of the supervisor: each leads a group of its own, and its standard input is the lifeline."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

FIRST_WAIT, LONGEST_WAIT = 0.1, 30.0
SETTLED_SECONDS = 60.0


class Lifeline:
    """A pipe that only this process can write to: children notice its end. See `lifeline`."""

    def __init__(self) -> None:
        self.reading, self._writing = os.pipe()

    def cut(self) -> None:
        for end in (self.reading, self._writing):
            with contextlib.suppress(OSError):
                os.close(end)


@dataclass(frozen=True, slots=True)
class Program:
    """What a child runs: a module of this package with its arguments."""

    name: str
    module: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: Path

    def start(self, lifeline: Lifeline, out: int) -> subprocess.Popen[bytes]:
        # Not in a thread: the kernel's parent-death signal follows the thread that made the child.
        return subprocess.Popen(
            [sys.executable, "-m", self.module, *self.arguments],
            stdin=lifeline.reading,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=dict(self.environment),
            start_new_session=True,
        )

    def start_heard(self, lifeline: Lifeline) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
        """Start it and hear what it says, instead of writing that into its log."""
        hearing, saying = os.pipe()
        try:
            return self.start(lifeline, saying), os.fdopen(hearing, "rb")
        finally:
            os.close(saying)


@dataclass
class Child:
    """A program that is kept running."""

    program: Program
    lifeline: Lifeline
    process: subprocess.Popen[bytes] | None = None
    wait: float = FIRST_WAIT
    begun: float = 0.0
    due: float = field(default=0.0)

    @property
    def name(self) -> str:
        return self.program.name

    def start(self) -> None:
        with self.program.log.open("ab") as log:
            self.process = self.program.start(self.lifeline, log.fileno())
        self.begun = time.monotonic()

    def ended(self) -> int | None:
        """The exit status, when the process has just been found dead; its group is swept and a restart is due.

        The first restart follows at once, further ones wait ever longer until the child has lived a while.
        """
        if self.process is None or (status := self.process.poll()) is None:
            return None
        sweep(self.process)
        self.process = None
        if time.monotonic() - self.begun > SETTLED_SECONDS:
            self.wait = FIRST_WAIT
        self.due = time.monotonic() + self.wait
        return status

    def restart_if_due(self) -> bool:
        if self.process is not None or time.monotonic() < self.due:
            return False
        self.wait = min(self.wait * 3, LONGEST_WAIT)
        self.start()
        return True


def sweep(process: subprocess.Popen[bytes]) -> None:
    """End whatever is left of a dead child's group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def stop_all(processes: Sequence[subprocess.Popen[bytes]], grace: float) -> None:
    """End the processes and their groups: politely, and after `grace` seconds without asking."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    end = time.monotonic() + grace
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(end - time.monotonic(), 0.05))
    for process in processes:
        sweep(process)
        process.wait()
