"""An installation brought up by `city1361 run` in a folder of its own, with every process it has."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What this test run says of itself must not reach an installation of its own.
OWN = ("DATABASE_URL", "DATABASE_OWNER_URL", "SECRET_KEY", "PERSONAL_DATA_KEY", "LIVE_KEY", "CITY1361_HOSTS")


def eventually(holds: Callable[[], bool], seconds: float = 90.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


def three_free_ports() -> int:
    while True:
        with socket.socket() as first, socket.socket() as second, socket.socket() as third:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            with contextlib.suppress(OSError, OverflowError):
                second.bind(("127.0.0.1", port + 1))
                third.bind(("127.0.0.1", port + 2))
                return int(port)


class City:
    """An installation in a folder, and the supervisor of the moment."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.environment = {
            **{name: text for name, text in os.environ.items() if name not in OWN},
            "CITY1361_INSTANCE": str(ROOT / "instances" / "tiny"),
            "PYTHONPATH": str(ROOT / "src"),
            "LC_ALL": "C.UTF-8",
        }
        self.environment.pop("CITY1361_DATA", None)
        self.said = ""
        self.process: subprocess.Popen[str] | None = None

    def run(self, *options: str) -> subprocess.Popen[str]:
        words = [sys.executable, "-m", "city1361", "run", "--data", str(self.folder), "--port", str(self.port)]
        return subprocess.Popen(
            [*words, *options],
            env=self.environment,
            cwd=self.folder.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def start(self, *options: str) -> None:
        if self.process is not None and self.process.poll() is None:
            self.end(signal.SIGTERM)
        self.said = ""
        process = self.process = self.run(*options)

        def listen() -> None:
            for line in process.stdout or ():
                self.said += line

        self.listener = threading.Thread(target=listen)
        self.listener.start()
        assert eventually(lambda: "Ctrl-C" in self.said or process.poll() is not None, 170), self.said
        assert process.poll() is None, self.said + self.logs()

    def logs(self) -> str:
        return "\n".join(f"{path.name}: {path.read_text()[-3000:]}" for path in (self.folder / "logs").glob("*.log"))

    def end(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        status = self.process.wait(60)
        self.listener.join(60)
        if self.process.stdout:
            self.process.stdout.close()
        return status

    def page(self) -> int:
        return self.answer(self.port, "/accounts/login/")

    def answer(self, port: int, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def processes(self) -> dict[int, str]:
        """Living processes of this installation: those that name its folder in their arguments or environment."""
        found = {}
        mark = os.fsencode(self.folder)
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError):
                words = (entry / "cmdline").read_bytes()
                if words and (mark in words or mark in (entry / "environ").read_bytes()):
                    found[int(entry.name)] = words.replace(b"\0", b" ").decode(errors="replace")
        return found

    def pid_of(self, program: str) -> int:
        """A process the supervisor started for `program`: one that leads a group."""
        return self.pids_of(program)[0]

    def pids_of(self, program: str) -> list[int]:
        """The processes the supervisor started for `program`, those that stand by too; the oldest first."""
        mark = f"city1361.running.programs {program} "
        found = []
        for pid, words in sorted(self.processes().items()):
            with contextlib.suppress(ProcessLookupError):
                if mark in f"{words} " and os.getpgid(pid) == pid:
                    found.append(pid)
        return found
