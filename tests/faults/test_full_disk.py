"""A disk that is really full, of the data or of the write-ahead log: clear refusals, reading goes on, nobody repairs."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.faults import chaos
from tests.faults.clients import LOST, Person, Town
from tests.faults.verdict import REPORTS
from tests.running.installed import City, eventually, three_free_ports

pytestmark = pytest.mark.long
DATA_MB, LOG_MB = 900, 200
REFUSED = {"disk_full", "connection_lost"}
MARK = "disk0000"


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """A file system of its own in memory; skips where this process may not mount one."""
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "none", str(place)]
    if sys.platform != "linux" or os.geteuid() or subprocess.run(words, check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount a file system (root, outside of a plain container)")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture(params=["data", "log"])
def city(request: pytest.FixtureRequest) -> Iterator[tuple[City, Path]]:
    """An installation, and the disk that will be full: the whole folder's, or that of the write-ahead log alone."""
    with tempfile.TemporaryDirectory(prefix="city1361-full-") as place:
        Path(place).chmod(0o755)
        with small_disk(Path(place) / "data", DATA_MB) as data, small_disk(Path(place) / "log", LOG_MB) as log:
            running = City(data / "city", three_free_ports())
            try:
                running.start()
                if request.param == "log":
                    running.end(signal.SIGTERM)
                    move(running.folder / "server" / "cluster" / "pg_wal", log / "pg_wal")
                    running.start()
                yield running, log if request.param == "log" else data
            finally:
                if running.process is not None and running.process.poll() is None:
                    running.end(signal.SIGTERM)
                for pid in running.processes():
                    os.kill(pid, signal.SIGKILL)


def move(folder: Path, to: Path) -> None:
    """The folder elsewhere, with its owner, and a link where it was."""
    before = folder.stat()
    shutil.copytree(folder, to)
    for one in [to, *to.rglob("*")]:
        os.chown(one, before.st_uid, before.st_gid)
    to.chmod(0o700)
    shutil.rmtree(folder)
    folder.symlink_to(to)


def fill(disk: Path) -> Path:
    """Take what is left of the disk."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        try:
            while True:
                file.write(b"x" * 65_536)
                file.flush()
        except OSError:
            return ballast


def report(worker: Person, town: Town) -> tuple[int, str]:
    """Report a matter of some size. The status, and the code of what was refused."""
    given = {"matter_type": "R02", "description": f"人行道砖松动 {MARK}{uuid4().hex[8:]}", "area_id": town.area}
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
    try:
        status, content = worker.ask("POST", "/api/v1/matters/", json.dumps(given), **headers)
    except LOST:
        return 0, "no answer"
    return status, "" if status == 201 else json.loads(content)["code"]


def use_up_log(city: City) -> None:
    """Old files of the log are used again while there are any: go on to the next one."""
    with suppress(psycopg.Error, SystemExit), chaos.superuser(city, patience=5) as data:
        data.execute("SELECT pg_switch_wal()")


def test_a_full_disk_refuses_clearly_and_mends_itself(city: tuple[City, Path]) -> None:
    running, disk = city
    town = chaos.people(running)
    worker, officer = (Person(town.door, town.cookies[one]) for one in ("grid_worker", "town_duty_officer"))
    saved = sum(report(worker, town)[0] == 201 for _ in range(20))
    assert saved == 20
    ballast = fill(disk)
    refused: list[tuple[int, str]] = []
    end = time.monotonic() + 90
    while len(refused) < 5 and time.monotonic() < end:
        if disk.name == "log":
            use_up_log(running)
        answer = report(worker, town)
        saved += answer[0] == 201
        if answer[0] != 201:
            refused.append(answer)
    assert len(refused) == 5, "the disk was never full"
    assert {status for status, _ in refused} == {503}, refused
    assert {code for _, code in refused} <= REFUSED, refused
    assert running.answer(running.port, "/livez") == 200
    if disk.name == "data":
        assert officer.ask("GET", "/api/v1/matters/")[0] == 200, "reading goes on"
    ballast.unlink()
    assert eventually(lambda: report(worker, town)[0] == 201, 60), running.said + running.logs()
    assert eventually(lambda: running.answer(running.port, "/readyz") == 200, 60)
    with chaos.superuser(running) as data:
        there = data.execute(REPORTS, [f"人行道砖松动 {MARK}%"]).fetchall()
    assert len(there) == len({tag for tag, _ in there}) == saved + 1, "all that was acknowledged, and only that"
    assert chaos.verb(running, "evidence", "verify") == 0
    worker.connection.close()
    officer.connection.close()
