"""The processes of one installation: started, watched, started again when they die, and stopped without a trace."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from city1361.base.kernel.errors import Unavailable
from city1361.running.background import Background
from city1361.running.children import Child, Lifeline, Program, stop_all
from city1361.running.installation import Installation
from city1361.running.kept_database import KeptDatabase
from city1361.running.progress import Progress, Step
from city1361.running.texts import tell

PROGRAMS = "city1361.running.programs"
READY_SECONDS = 60
GRACE_SECONDS = 10.0


class Supervisor:
    """Keeps children running. Call it from the main thread only: signals and the lifeline need that."""

    def __init__(self, installation: Installation, progress: Progress) -> None:
        self.installation = installation
        self.progress = progress
        self.environment = dict(os.environ)
        self.lifeline = Lifeline()
        self.children: list[Child] = []
        self.background: Background | None = None
        self.database: KeptDatabase | None = None

    def program(self, name: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Program:
        """A program of this installation, with its environment."""
        surroundings = {**self.environment, **(environment or {})}
        return Program(name, PROGRAMS, (name, *arguments), surroundings, self.installation.log(name))

    def verb(self, step: Step, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        """Run a verb of `city1361` to its end, showing its latest line; all it says goes into a log."""
        program = self.program("city", *arguments, environment=environment)
        latest = ""
        process, out = program.start_heard(self.lifeline)
        try:
            with program.log.open("ab") as log, out:
                for line in out:
                    log.write(line)
                    latest = line.decode(errors="replace").strip() or latest
                    step.detail = latest[:60]
            status = process.wait()
        finally:
            stop_all([process], grace=2.0)
        if status:
            raise Unavailable(
                "step_failed",
                tell("“{step}”失败（退出码 {status}）", step=tell(step.title), status=status) + f": {latest}",
                remedy=tell("请查看日志 {log}", log=program.log),
            )

    def keep(self, program: Program, spared: bool = False) -> None:
        """Start a program and keep it running from now on; with `spared` another one stands by, loaded."""
        child = Child(program, self.lifeline, spared)
        self.children.append(child)
        child.start()

    def wait_ready(self, step: Step, checks: Mapping[str, Callable[[], bool]]) -> None:
        """Wait until every check (by the name of its child) holds. Raises Unavailable after READY_SECONDS."""
        end = time.monotonic() + READY_SECONDS
        waiting = dict(checks)
        while waiting:
            waiting = {name: check for name, check in waiting.items() if not check()}
            step.detail = " ".join(sorted(waiting))
            self.watch()
            if waiting and time.monotonic() > end:
                name = next(iter(waiting))
                raise Unavailable(
                    "not_ready",
                    tell("{name} 在 {seconds} 秒内没有就绪", name=name, seconds=READY_SECONDS),
                    remedy=tell("请查看日志 {log}", log=self.installation.log(name)),
                )
            time.sleep(0.1)

    def watch(self) -> None:
        """Look after the data base and the children once: notice the dead, start again those that are due."""
        if self.database is not None:
            self.database.watch()
        for child in self.children:
            status = child.ended()
            if status is not None:
                text = tell(
                    "{name} 意外退出（{status}），{wait:.1f} 秒后重新启动；日志：{log}",
                    name=child.name,
                    status=status_text(status),
                    wait=child.wait,
                    log=child.program.log,
                )
                self.progress.say(f" ! {text}")
            if child.restart_if_due():
                self.progress.say(f" · {tell('{name} 已重新启动', name=child.name)}")
            child.stand_by()

    def restart(self) -> None:
        """End the children politely; each is started again with the settings of now."""
        for child in self.children:
            child.drop_spare()
            if child.process is not None:
                child.process.terminate()

    def watch_for_ever(self) -> None:
        """Until Stop is raised. Wakes at once when a child dies, otherwise each second."""
        with _woken_by_children() as woken, selectors.DefaultSelector() as selector:
            selector.register(woken, selectors.EVENT_READ)
            if self.background is not None:
                selector.register(self.background.out, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select(self._patience()):
                    if key.fileobj is woken:
                        woken.recv(4096)
                    elif self.background is not None and not self.background.hear():
                        selector.unregister(key.fileobj)
                self.watch()

    def _patience(self) -> float:
        waits = [child.due - time.monotonic() for child in self.children if child.process is None]
        return max(min([1.0, *waits]), 0.0)

    def stop(self) -> None:
        """Stop every process and all of its group. The data base is stopped afterwards, by whoever started it."""
        processes = [process for child in self.children for process in child.processes]
        if self.background is not None:
            processes.append(self.background.process)
        stop_all(processes, GRACE_SECONDS)
        self.lifeline.cut()


@contextmanager
def _woken_by_children() -> Iterator[socket.socket]:
    """A socket that becomes readable when a child dies."""
    reading, writing = socket.socketpair()
    reading.setblocking(False)
    writing.setblocking(False)
    handler = signal.signal(signal.SIGCHLD, lambda *_: None)
    before = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    try:
        yield reading
    finally:
        signal.set_wakeup_fd(before)
        signal.signal(signal.SIGCHLD, handler)
        reading.close()
        writing.close()


def status_text(status: int) -> str:
    """An exit status as people read it: a number, or the name of the signal that ended it."""
    try:
        return signal.Signals(-status).name if status < 0 else str(status)
    except ValueError:
        return str(status)
