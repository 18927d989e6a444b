"""Whole matters over HTTP: reported, admitted, acknowledged, asked to close, checked, closed, agreed. One run.

    python benchmarks/life_cycles.py [--seconds 20] [--clients 6]

The web server of an installation (tiny city, embedded PostgreSQL with fsync, two processes) answers people of the cast
who are signed in: sessions, scope, row security, evidence and outbox are on. The load comes from this machine. Printed:
life cycles per second (aim 30 on two cores), p50 and p99 of a step, CPU of the web server and of PostgreSQL per step, and
CPU of a whole life cycle with the load generator's: on a machine that is shared this tells what two free cores would do.
The peer is the sign-in page's empty neighbour, GET /api/v1/me/, over the same connections in the same run: what the
house costs before a step begins. At the end as many closed matters are counted as were acknowledged to the clients.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import city

AIM = 30.0
TICKS = os.sysconf("SC_CLK_TCK")
PEOPLE = ("grid_worker", "town_duty_officer", "town_handler", "town_checker")
HANDLING = "综合执法岗"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Person:
    """Somebody signed in over one kept connection."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, bytes]:
        sent = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        base = f"http://127.0.0.1:{self.port}"
        if "city1361_csrf" in self.cookies:
            headers["X-CSRFToken"] = self.cookies["city1361_csrf"]
        self.connection.request(method, path, body, {"Cookie": sent, "Referer": f"{base}/", "Origin": base, **headers})
        answer = self.connection.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, text = re.match(r"([^=]+)=([^;]*)", line).groups()  # type: ignore[union-attr]
            self.cookies[name] = text
        return answer.status, content

    def sign_in(self, name: str, password: str) -> None:
        _, page = self.ask("GET", "/accounts/login/")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        form = {"csrfmiddlewaretoken": token[1].decode() if token else "", "login": name, "password": password}
        status, _ = self.ask("POST", "/accounts/login/", urlencode(form), **{"Content-Type": FORM})
        assert status == 302, f"signing in as {name} answered {status}"

    def act(self, path: str, given: dict[str, Any], version: int | None = None) -> dict[str, Any]:
        """A write of the API, with its own key; timed."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        begun = time.perf_counter()
        status, content = self.ask("POST", f"/api/v1{path}", json.dumps(given), **headers)
        self.times.append(time.perf_counter() - begun)
        assert status in (200, 201), f"{path} answered {status}: {content.decode()[:300]}"
        answer: dict[str, Any] = json.loads(content)
        return answer


class Client(threading.Thread):
    """One of each person, taking matters through their lives until the time is over."""

    def __init__(self, port: int, passwords: dict[str, str], area: str) -> None:
        super().__init__(daemon=True)
        self.people = {name: Person(port) for name in PEOPLE}
        for name, person in self.people.items():
            person.sign_in(name, passwords[name])
        self.area, self.closed, self.over, self.failure = area, 0, threading.Event(), ""

    def run(self) -> None:
        try:
            while not self.over.is_set():
                self.life_cycle()
                self.closed += 1
        except (AssertionError, OSError, KeyError) as error:
            self.failure = str(error)

    def life_cycle(self) -> None:
        worker, duty, handler, checker = (self.people[name] for name in PEOPLE)
        report = {"matter_type": "R02", "description": f"人行道砖松动 {uuid4().hex[:8]}", "area_id": self.area}
        matter = worker.act("/matters/", report)
        where = f"/matters/{matter['id']}/steps"
        post = self.handler_post(duty, matter["id"])
        for person, step, given in (
            (duty, "admit", {"handler_post": post}),
            (handler, "acknowledge", {}),
            (handler, "request_close", {"result": "solved", "text": "已修复"}),
            (checker, "check_pass", {}),
            (duty, "close", {}),
            (worker, "agree", {}),
        ):
            matter = person.act(f"{where}/{step}", given, matter["version"])
        assert matter["state"] == "closed", matter["state"]

    def handler_post(self, duty: Person, matter: str) -> str:
        if not hasattr(self, "_post"):
            _, content = duty.ask("GET", f"/api/v1/matters/{matter}/handlers")
            choices = json.loads(content)
            self._post: str = next(one["post"]["id"] for one in choices if one["post"]["name"] == HANDLING)
        return self._post


def cpu_seconds(leader: int) -> float:
    """CPU of a process group's members."""
    total = 0
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getpgid(int(entry.name)) == leader:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                total += int(fields[11]) + int(fields[12])
        except (ProcessLookupError, FileNotFoundError):
            continue
    return total / TICKS


def database_cpu(environment: dict[str, str]) -> float:
    """CPU of this run's PostgreSQL, found by the folder in which its processes stand."""
    total, folder = 0, environment["CITY1361_DATA"]
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and str((entry / "cwd").readlink()).startswith(folder):
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                total += int(fields[11]) + int(fields[12])
        except (PermissionError, FileNotFoundError, ProcessLookupError):
            continue
    return total / TICKS


def floor(clients: list[Client], rounds: int = 200) -> float:
    """Median milliseconds of a request that does nothing, over the connections of the first client."""
    person, times = clients[0].people["town_duty_officer"], []
    for _ in range(rounds):
        begun = time.perf_counter()
        person.ask("GET", "/api/v1/me/")
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def wait(port: int) -> None:
    for _ in range(600):
        try:
            if Person(port).ask("GET", "/accounts/login/")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the web server did not answer within 60 s")


def grid_of(environment: dict[str, str]) -> str:
    """The grid of the cast's grid worker."""
    with city.superuser(environment) as connection:
        row = connection.execute(
            "SELECT a.area_id FROM platform_accounts_appointment a JOIN platform_accounts_account p ON p.id = a.account_id"
            " WHERE p.username = 'grid_worker'"
        ).fetchone()
    return str(row[0]) if row else ""


def measure(environment: dict[str, str], seconds: float, number: int) -> bool:
    port = city.free_port()
    words = [sys.executable, "-m", "city1361.running.programs", "web", "127.0.0.1", str(port)]
    web = subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, start_new_session=True)
    try:
        wait(port)
        passwords, area = city.passwords(environment), grid_of(environment)
        clients = [Client(port, passwords, area) for _ in range(number)]
        clients[0].life_cycle()
        nothing = floor(clients)
        before, data_before, begun = cpu_seconds(web.pid), database_cpu(environment), time.monotonic()
        own_before = time.process_time()
        for client in clients:
            client.start()
        time.sleep(seconds)
        for client in clients:
            client.over.set()
        for client in clients:
            client.join(60)
        lasted, closed = time.monotonic() - begun, sum(client.closed for client in clients)
        failures = [client.failure for client in clients if client.failure]
        times = sorted(1000 * t for client in clients for person in client.people.values() for t in person.times)
        web_cpu, data_cpu = cpu_seconds(web.pid) - before, database_cpu(environment) - data_before
        own_cpu = time.process_time() - own_before
    finally:
        web.terminate()
        web.wait(20)
    for failure in failures:
        print(f"failed: {failure}")
    with city.superuser(environment) as connection:
        kept = connection.execute("SELECT count(*) FROM centres_execution_matter WHERE state = 'closed'").fetchone()[0]
    steps = closed * 7
    print(f"life cycles/s {closed / lasted:.1f} (aim {AIM:.0f}), steps/s {steps / lasted:.0f}, {number} clients")
    print(f"a step: p50 {times[len(times) // 2]:.1f} ms, p99 {times[int(len(times) * 0.99)]:.1f} ms")
    print(f"CPU ms per step: web {1000 * web_cpu / steps:.2f}, PostgreSQL {1000 * data_cpu / steps:.2f}")
    whole = (web_cpu + data_cpu + own_cpu) / closed
    print(
        f"CPU ms per life cycle: web {1000 * web_cpu / closed:.1f}, PostgreSQL {1000 * data_cpu / closed:.1f},"
        f" load {1000 * own_cpu / closed:.1f}; two free cores would do {2 / whole:.1f} life cycles/s"
    )
    print(f"a request that does nothing, alone: {nothing:.1f} ms")
    print(f"closed and acknowledged {closed + 1}, closed in the data base {kept}")
    return not failures and kept >= closed + 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--clients", type=int, default=6)
    chosen = parser.parse_args()
    with city.installation("tiny") as environment:
        return 0 if measure(environment, chosen.seconds, chosen.clients) else 1


if __name__ == "__main__":
    sys.exit(main())
