"""`city1361 run` whole, with the tiny city: up, kept up, down without a trace, up again."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from city1361.base.outbox.ticket import sign
from tests.running.installed import City, eventually, three_free_ports


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


def test_a_data_base_that_is_killed_comes_back_under_the_same_address(city: City) -> None:
    settings = (city.folder / "city1361.env").read_text()
    os.kill(int((city.folder / "server" / "cluster" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    assert eventually(lambda: "The data base is running again" in city.said), city.said
    assert eventually(lambda: city.answer(city.port, "/readyz") == 200)
    assert (city.folder / "city1361.env").read_text() == settings


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
