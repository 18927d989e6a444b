"""`city1361 run` whole, with the tiny city: up, kept up, down without a trace, up again."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from city1361.base.outbox.ticket import sign

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
        """The process the supervisor started for `program`: the one that leads a group."""
        mark = f"city1361.running.programs {program} "
        return next(pid for pid, words in self.processes().items() if mark in f"{words} " and os.getpgid(pid) == pid)


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    with tempfile.TemporaryDirectory(prefix="city1361 run ") as place:
        Path(place).chmod(0o755)
        one = City(Path(place) / "a city", three_free_ports())
        one.start()
        yield one
        if one.process is not None and one.process.poll() is None:
            one.end(signal.SIGTERM)
        for pid in one.processes():
            os.kill(pid, signal.SIGKILL)


def test_the_first_page_is_there_and_each_person_of_the_cast_can_be_read(city: City) -> None:
    assert city.page() == 200
    assert f"http://127.0.0.1:{city.port}" in city.said
    people = [line.split("\t") for line in (city.folder / "cast.txt").read_text().splitlines()]
    assert len(people) >= 10
    for username, _, password in people:
        assert f"{username} " in city.said
        assert password in city.said
    assert stat.S_IMODE((city.folder / "cast.txt").stat().st_mode) == 0o600
    assert stat.S_IMODE((city.folder / "city1361.env").stat().st_mode) == 0o600


def test_a_second_run_in_the_same_folder_is_refused_and_told_where_the_first_is(city: City) -> None:
    second = city.run()
    said, _ = second.communicate(timeout=60)
    assert second.returncode == 1
    assert f"http://127.0.0.1:{city.port}" in said
    assert "--port" in said or "--data" in said
    assert city.page() == 200


@pytest.mark.parametrize("program", ["web", "worker", "live"])
def test_a_process_that_is_killed_comes_back_and_that_is_said(city: City, program: str) -> None:
    killed = city.pid_of(program)
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: f"{program} is running again" in city.said), city.said
    assert eventually(lambda: city.page() == 200)
    assert city.pid_of(program) != killed
    assert "SIGKILL" in city.said


PUBLISH = """
import sys
import django
django.setup()
from dataclasses import dataclass
from django.db import transaction
from city1361.base.kernel.by import By
from city1361.base.outbox import api

@dataclass(frozen=True)
class Waved(api.Event):
    name = "test_run.waved"
    version: int
    def topics(self):
        return ("flag:1",)

with transaction.atomic():
    api.publish(Waved(7), by=By.system("test"))
"""


def test_an_event_of_one_process_reaches_an_open_page_through_the_worker(city: City) -> None:
    assert eventually(lambda: city.answer(city.port + 1, "/live/ready") == 200)
    settings = dict(line.split("=", 1) for line in (city.folder / "city1361.env").read_text().splitlines())
    ticket = sign(bytes.fromhex(settings["LIVE_KEY"]), ("flag:1",), seconds=60)
    connection = http.client.HTTPConnection("127.0.0.1", city.port + 1, timeout=60)
    connection.request("GET", f"/live?ticket={quote(ticket)}")
    with contextlib.closing(connection), connection.getresponse() as stream:
        environment = {**city.environment, "CITY1361_DATA": str(city.folder)}
        environment["DJANGO_SETTINGS_MODULE"] = "city1361.settings"
        subprocess.run([sys.executable, "-c", PUBLISH], env=environment, check=True)
        while "test_run.waved" not in (line := stream.readline().decode()):
            pass
    assert '"version":7' in line


def test_measures_of_every_process_stand_on_a_port_of_their_own(city: City) -> None:
    assert city.answer(city.port, "/livez") == city.answer(city.port, "/readyz") == 200
    connection = http.client.HTTPConnection("127.0.0.1", city.port + 2, timeout=30)
    connection.request("GET", "/metrics")
    told = connection.getresponse().read().decode()
    connection.close()
    assert re.search(r'city1361_requests_total\{method="GET",route="livez",status="200"\} [1-9]', told)
    assert "city1361_live_streams " in told
    assert "city1361_database_up 1.0" in told
    assert re.search(r"city1361_evidence_lag_seconds \d", told)
    assert re.search(r'city1361_database_connections\{state="active"\} [1-9]', told)
    assert city.answer(city.port, "/metrics") == 404


def test_sigterm_ends_everything(city: City) -> None:
    assert len(city.processes()) > 5
    assert city.end(signal.SIGTERM) == 0
    assert city.processes() == {}
    assert "Everything has stopped" in city.said


def test_the_next_start_does_nothing_twice_and_ctrl_c_ends_it(city: City) -> None:
    city.start()
    assert city.page() == 200
    assert city.said.count("unchanged, skipped") == 3
    assert city.end(signal.SIGINT) == 0
    assert city.processes() == {}


def test_a_supervisor_killed_outright_leaves_only_the_data_base_which_the_next_one_takes_over(city: City) -> None:
    city.start()
    assert city.end(signal.SIGKILL) == -signal.SIGKILL
    assert eventually(lambda: all("postgres" in words for words in city.processes().values())), city.processes()
    city.start()
    assert city.page() == 200
    city.end(signal.SIGTERM)
    assert city.processes() == {}


@pytest.mark.long
def test_a_reset_begins_anew(city: City) -> None:
    before = (city.folder / "cast.txt").read_text()
    secrets = (city.folder / "city1361.env").read_text()
    city.start("--reset")
    assert city.page() == 200
    assert (city.folder / "cast.txt").read_text() != before
    assert (city.folder / "city1361.env").read_text() != secrets
    city.end(signal.SIGTERM)
    assert city.processes() == {}
