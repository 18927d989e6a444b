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

from city1361.running.lifeline import CALL

FIRST_WAIT, LONGEST_WAIT = 0.1, 30.0
SETTLED_SECONDS = 10.0


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

    def start(self, lifeline: Lifeline, out: int, call: int | None = None) -> subprocess.Popen[bytes]:
        """Start it. call: the reading end of a pipe; then it loads, and serves once it reads something there."""
        told = {} if call is None else {CALL: str(call)}
        # Not in a thread: the kernel's parent-death signal follows the thread that made the child.
        return subprocess.Popen(
            [sys.executable, "-m", self.module, *self.arguments],
            stdin=lifeline.reading,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**self.environment, **told},
            pass_fds=() if call is None else (call,),
            start_new_session=True,
        )

    def start_heard(self, lifeline: Lifeline) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
        """Start it and hear what it says, instead of writing that into its log."""
        hearing, saying = os.pipe()
        try:
            return self.start(lifeline, saying), os.fdopen(hearing, "rb")
        finally:
            os.close(saying)


class Spare:
    """A program that has loaded and waits to be called, so that what it stands by for is missed for a moment only."""

    def __init__(self, program: Program, lifeline: Lifeline) -> None:
        reading, self._calling = os.pipe()
        try:
            with program.log.open("ab") as log:
                self.process = program.start(lifeline, log.fileno(), reading)
        finally:
            os.close(reading)

    def call(self) -> bool:
        """Have it serve. False when it is dead."""
        try:
            os.write(self._calling, b"!")
        except OSError:
            return False
        finally:
            os.close(self._calling)
        return self.process.poll() is None

    def drop(self) -> None:
        """It is needed no more: it reads the end of the pipe."""
        with contextlib.suppress(OSError):
            os.close(self._calling)
        sweep(self.process)
        self.process.wait()


@dataclass
class Child:
    """A program that is kept running; with `spared` another one of its kind stands by."""

    program: Program
    lifeline: Lifeline
    spared: bool = False
    spare: Spare | None = None
    process: subprocess.Popen[bytes] | None = None
    wait: float = FIRST_WAIT
    begun: float = 0.0
    due: float = field(default=0.0)

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def processes(self) -> list[subprocess.Popen[bytes]]:
        """What lives of it: the one that serves, the one that stands by."""
        return [one for one in (self.process, self.spare.process if self.spare else None) if one is not None]

    def start(self) -> None:
        """Call the one that stands by, or start one."""
        spare, self.spare = self.spare, None
        if spare is not None and spare.call():
            self.process = spare.process
        else:
            with self.program.log.open("ab") as log:
                self.process = self.program.start(self.lifeline, log.fileno())
        self.begun = time.monotonic()

    def stand_by(self) -> None:
        """Have one stand by, once the one that serves has settled: loading must not take its time."""
        if self.spare is not None and self.spare.process.poll() is not None:
            self.drop_spare()
        settled = self.process is not None and time.monotonic() - self.begun > SETTLED_SECONDS
        if self.spared and self.spare is None and settled:
            self.spare = Spare(self.program, self.lifeline)

    def drop_spare(self) -> None:
        """What stands by was loaded with settings of before."""
        if self.spare is not None:
            self.spare.drop()
            self.spare = None

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
