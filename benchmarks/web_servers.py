"""The front of this project, granian alone and gunicorn under the real application, one run, interleaved.

    python benchmarks/web_servers.py [--rounds 16] [--requests 96] [--clients 8]

Makes an installation of the tiny city in a temporary folder with an embedded PostgreSQL, signs in as the town's duty
officer, and asks both servers for the same pages in turn. Two processes of four threads each, keep-alive connections
from this machine only. Printed per server and page: requests per second, p50 and p99 in ms over all rounds, and CPU
ms per request of the server's own processes (user + system, PostgreSQL and this client excluded). On a busy machine
trust CPU before the clock. At the end SLOW connections bring one byte a second, first in their headers, then in a body,
and others ask for the sign-in page: printed is how many of them were answered within 4 s, and their p99 beside the slow
ones by their p99 just before (limit 2).
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

import city

ROOT = Path(__file__).resolve().parents[1]
PERSON = "town_duty_officer"
PAGES = ("/desk/", "/api/v1/matters/")
PROCESSES, THREADS = 2, 6
SLOW, ASKING = 500, 100
SLOW_HEADERS = b"GET /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
SLOW_BODY = (
    b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)
TICKS = os.sysconf("SC_CLK_TCK")


def command(server: str, port: int) -> list[str]:
    """How each server is started, as alike as they allow."""
    if server == "front":
        words = ["granian", "--interface", "rsgi", "--loop", "asyncio", "--no-ws", "--workers", str(PROCESSES)]
        words += ["--backlog", "4000", "--backpressure", "2000", "--host", "127.0.0.1", "--port", str(port)]
        return [sys.executable, "-m", *words, "--no-access-log", "--factory", "city1361.running.web:application"]
    if server == "gunicorn":
        words = ["gunicorn", "--worker-class", "gthread", "--preload", "--keep-alive", "15", "--no-control-socket"]
        words += ["--workers", str(PROCESSES), "--threads", str(THREADS), "--bind", f"127.0.0.1:{port}"]
        return [sys.executable, "-m", *words, "city1361.wsgi:application"]
    words = ["granian", "--interface", "wsgi", "--no-ws", "--workers", str(PROCESSES)]
    words += ["--blocking-threads", str(THREADS), "--host", "127.0.0.1", "--port", str(port), "--no-access-log"]
    return [sys.executable, "-m", *words, "city1361.wsgi:application"]


class Served:
    """A server that runs in a group of its own."""

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        self.name, self.port = name, city.free_port()
        self.process = subprocess.Popen(
            command(name, self.port), env=environment, start_new_session=True, stdout=subprocess.DEVNULL
        )
        self.times: dict[str, list[float]] = {page: [] for page in PAGES}
        self.cpu = dict.fromkeys(PAGES, 0.0)
        self.wall = dict.fromkeys(PAGES, 0.0)
        self.failures = 0
        self.cookie = ""

    def members(self) -> list[int]:
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if os.getpgid(int(entry.name)) == self.process.pid:
                        found.append(int(entry.name))
                except ProcessLookupError:
                    continue
        return found

    def cpu_seconds(self) -> float:
        total = 0
        for pid in self.members():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def memory_megabytes(self) -> float:
        """Proportional set size: shared pages are counted once between the processes that share them."""
        total = 0
        for pid in self.members():
            found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
            total += int(found[1]) if found else 0
        return total / 1024

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def sign_in(self, password: str) -> None:
        """Wait for the server, then sign in through its own form."""
        for _ in range(300):
            try:
                connection = self.connection()
                connection.request("GET", "/accounts/login/")
                answer = connection.getresponse()
                page = answer.read().decode()
                break
            except OSError:
                time.sleep(0.1)
        cookies = dict(re.findall(r"(city1361_\w+)=([^;]+)", " ".join(answer.headers.get_all("Set-Cookie") or [])))
        field = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert field, "the sign-in page has no token"
        form = urlencode({"csrfmiddlewaretoken": field[1], "login": PERSON, "password": password})
        sent = "; ".join(f"{name}={text}" for name, text in cookies.items())
        headers = {"Cookie": sent, "Content-Type": "application/x-www-form-urlencoded"}
        headers["Referer"] = f"http://127.0.0.1:{self.port}/accounts/login/"
        connection.request("POST", "/accounts/login/", form, headers)
        answer = connection.getresponse()
        answer.read()
        cookies |= dict(re.findall(r"(city1361_\w+)=([^;]+)", " ".join(answer.headers.get_all("Set-Cookie") or [])))
        assert answer.status == 302, f"signing in answered {answer.status}"
        self.cookie = "; ".join(f"{name}={text}" for name, text in cookies.items())

    def ask(self, page: str, requests: int, clients: int, count: bool = True) -> None:
        """`requests` requests over `clients` connections, each waiting for its answer."""
        times: list[float] = []
        failed: list[int] = []

        def one() -> None:
            connection = self.connection()
            for _ in range(requests // clients):
                begun = time.perf_counter()
                connection.request("GET", page, headers={"Cookie": self.cookie})
                answer = connection.getresponse()
                answer.read()
                times.append(time.perf_counter() - begun)
                if answer.status != 200:
                    failed.append(answer.status)
            connection.close()

        threads = [threading.Thread(target=one) for _ in range(clients)]
        cpu, begun = self.cpu_seconds(), time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if count:
            self.wall[page] += time.perf_counter() - begun
            self.cpu[page] += self.cpu_seconds() - cpu
            self.times[page] += times
        self.failures += len(failed)
        assert not failed, f"{self.name} {page} answered {sorted(set(failed))}"

    def asked_alone(self) -> tuple[int, float]:
        """How many of ASKING requests are answered, and their p99 in seconds."""
        times = []
        for _ in range(ASKING):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=4)
            begun = time.perf_counter()
            with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
                connection.request("GET", "/accounts/login/")
                if connection.getresponse().status == 200:
                    times.append(time.perf_counter() - begun)
            if not times and time.perf_counter() - begun > 3:
                break  # nobody is answered: the others need not be asked
        return len(times), sorted(times)[int(len(times) * 0.99)] if times else float("inf")

    def answered_beside(self, beginning: bytes) -> str:
        """The same while SLOW connections never finish what they began, told beside what it is without them."""
        _, before = self.asked_alone()
        slow = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(SLOW)]
        over = threading.Event()

        def trickle() -> None:
            while not over.wait(1):
                for one in slow:
                    with contextlib.suppress(OSError):
                        one.sendall(b"a")

        for one in slow:
            one.sendall(beginning)
        trickler = threading.Thread(target=trickle)
        trickler.start()
        time.sleep(1)
        answered, late = self.asked_alone()
        over.set()
        trickler.join()
        for one in slow:
            one.close()
        return f"{answered}/{ASKING}, p99 ×{late / before:.2f}"

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def report(servers: list[Served]) -> None:
    print(f"{'server':<10} {'page':<18} {'req/s':>7} {'p50 ms':>8} {'p99 ms':>8} {'CPU ms/req':>11} {'PSS MB':>8}")
    for page in PAGES:
        for served in servers:
            times = sorted(served.times[page])
            middle, late = times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000
            rate, cpu = len(times) / served.wall[page], served.cpu[page] / len(times) * 1000
            row = f"{served.name:<10} {page:<18} {rate:>7.0f} {middle:>8.1f} {late:>8.1f} {cpu:>11.2f}"
            print(f"{row} {served.memory_megabytes():>8.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=16)
    parser.add_argument("--requests", type=int, default=96)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    with city.installation() as environment:
        lines = (Path(environment["CITY1361_DATA"]) / "cast.txt").read_text().splitlines()
        password = next(line.split("\t")[2] for line in lines if line.startswith(f"{PERSON}\t"))
        servers = [Served(name, environment) for name in ("front", "granian", "gunicorn")]
        try:
            for served in servers:
                served.sign_in(password)
                for page in PAGES:
                    served.ask(page, options.clients * 10, options.clients, count=False)
            for turn in range(options.rounds):
                for page in PAGES:
                    # Who goes first changes each round.
                    for served in servers if turn % 2 else reversed(servers):
                        served.ask(page, options.requests, options.clients)
                print(f"round {turn + 1} of {options.rounds}, load {os.getloadavg()[0]:.1f}", flush=True)
            report(servers)
            for served in servers:
                headers, body = served.answered_beside(SLOW_HEADERS), served.answered_beside(SLOW_BODY)
                print(f"{served.name:<10} beside {SLOW} slow headers {headers}; slow bodies {body}")
        finally:
            for served in servers:
                served.stop()


if __name__ == "__main__":
    main()
