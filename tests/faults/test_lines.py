"""A slow line and a cut one between the web server and its data base: it says so, and heals by itself."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.conftest import Databases
from tests.faults.lines import Line
from tests.running.installed import eventually, three_free_ports

CUTS = 3


@dataclass
class Web:
    """A web server whose data base is at the other end of a line."""

    port: int
    line: Line

    def ask(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers={"Accept": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()

    def ready(self) -> bool:
        return self.ask("/readyz")[0] == 200


@pytest.fixture
def web(committed: Databases) -> Iterator[Web]:
    parts = urlsplit(committed.app_url)
    with Line(parts.port or 5432) as line:
        place = f"{parts.username}:{parts.password}@127.0.0.1:{line.port}"
        address = urlunsplit(parts._replace(netloc=place, path=f"/{committed.name}"))
        port = three_free_ports()
        words = [sys.executable, "-m", "city1361.running.programs", "web", "127.0.0.1", str(port)]
        log = Path(os.environ["CITY1361_DATA"]) / "lines-web.log"
        with log.open("ab") as out:
            environment = {**os.environ, "DATABASE_URL": address}
            process = subprocess.Popen(
                words, env=environment, stdin=subprocess.PIPE, stdout=out, stderr=out, start_new_session=True
            )
        one = Web(port, line)
        try:
            assert eventually(one.ready, 60), log.read_text()[-2000:]
            yield one
        finally:
            process.terminate()
            process.wait(20)
            if process.stdin:
                process.stdin.close()


def test_a_line_that_is_cut_is_told_and_heals_by_itself(web: Web) -> None:
    healed = []
    for _ in range(CUTS):
        web.line.cut()
        status, content = web.ask("/readyz")
        assert (status, json.loads(content)["checks"]["database"]) == (503, "down")
        assert web.ask("/livez")[0] == 200
        status, content = web.ask("/accounts/login/")
        assert status in (200, 503), content[:300]
        begun = time.monotonic()
        web.line.mend()
        assert eventually(web.ready, 30)
        assert web.ask("/accounts/login/")[0] == 200
        healed.append(time.monotonic() - begun)
    print(f"healed after {', '.join(f'{seconds:.2f}' for seconds in healed)} s")


def test_a_slow_line_makes_slow_answers_and_no_wrong_ones(web: Web) -> None:
    web.line.delay = 0.15
    carried = web.line.carried
    assert [web.ask("/api/v1/me/")[0] for _ in range(3)] == [401] * 3
    assert web.ready()
    assert web.line.carried > carried
    web.line.delay = 0.0
    assert web.ready()
