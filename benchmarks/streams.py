"""Open live streams: what they cost in memory, how soon an event has reached all, and what a cut loses.

    python benchmarks/streams.py [--streams 10000] [--events 20] [--cut 1000]

Makes an installation of the tiny city in a temporary folder, starts its live process as the supervisor does, and opens
streams with signed tickets (ten to a ticket, as many as it allows) from one client process. Printed: resident memory of
the live process with none and with all streams open; for --events notes to everybody the milliseconds from the NOTIFY
until the last stream had it (both processes on the same machine, so the client's own reading counts too), half of the
streams being told of one more area that the others must not hear of. Last, --cut streams are cut off, notes go out, and
they come back with Last-Event-ID: each must get every note once.

Limits, exit status 1 beyond them: 300 MB for all, 1 s until the last (median), no note lost, doubled or misdirected.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import secrets
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import city
import psycopg

from city1361.base.outbox.ticket import sign

ALL, SOME = "area:all", "area:some"
OF_A_TICKET, BATCH = 10, 250
MEMORY_MB, SECONDS = 300.0, 1.0


class Hearer(asyncio.Protocol):
    """One stream: the ids that came, each with its moment."""

    def __init__(self, request: bytes) -> None:
        self.request, self.text, self.heard = request, b"", {}
        self.ids: list[str] = []
        self.begun = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(self.request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        now, self.text = time.perf_counter(), self.text + data
        *lines, self.text = self.text.split(b"\n")
        for line in lines:
            if line.startswith(b"retry:"):
                self.begun = True
            if line.startswith(b"id: "):
                self.ids.append(line[4:].decode().strip())
                self.heard[self.ids[-1]] = now


def request(ticket: str, last: str = "") -> bytes:
    """The request that opens a stream."""
    again = f"Last-Event-ID: {last}\r\n" if last else ""
    return f"GET /live?ticket={quote(ticket)} HTTP/1.1\r\nHost: x\r\n{again}\r\n".encode()


def resident(pid: int) -> float:
    """Megabytes of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


async def until(what: object, seconds: float = 60.0) -> bool:
    """Whether it came true in time."""
    end = time.perf_counter() + seconds
    while not what():  # type: ignore[operator]
        if time.perf_counter() > end:
            return False
        await asyncio.sleep(0.01)
    return True


class Run:
    """The streams, and a connection that notifies as the drainer does."""

    def __init__(self, port: int, key: bytes, database: psycopg.AsyncConnection) -> None:
        self.port, self.key, self.database = port, key, database
        self.hearers: list[Hearer] = []
        self.tickets: list[str] = []
        self.said = 0

    async def open(self, count: int) -> None:
        """Open `count` streams; every second ticket hears of one more area."""
        loop = asyncio.get_running_loop()
        self.tickets = [
            sign(self.key, (ALL, SOME) if place // OF_A_TICKET % 2 else (ALL,), seconds=3600) if place % OF_A_TICKET == 0 else ""
            for place in range(count)
        ]  # fmt: skip
        for place in range(0, count, BATCH):
            asked = [self.tickets[one - one % OF_A_TICKET] for one in range(place, min(place + BATCH, count))]
            made = [loop.create_connection(lambda t=t: Hearer(request(t)), "127.0.0.1", self.port) for t in asked]
            self.hearers += [hearer for _, hearer in await asyncio.gather(*made)]
            await until(lambda: all(one.begun for one in self.hearers))

    async def tell(self, topic: str) -> str:
        """A note; returns its id."""
        self.said += 1
        note = {"id": f"n{self.said}", "name": "bench.told", "topics": [topic], "version": self.said}
        await self.database.execute("SELECT pg_notify('city1361_live', %s)", [json.dumps([note])])
        return f"n{self.said}"

    async def reach(self, topic: str, hearers: list[Hearer]) -> float:
        """Seconds until the last of them had a note; infinite when one had not."""
        began = time.perf_counter()
        note = await self.tell(topic)
        if not await until(lambda: all(note in one.heard for one in hearers)):
            return float("inf")
        return max(one.heard[note] for one in hearers) - began

    async def come_back(self, count: int) -> int:
        """Cut streams, tell five notes, open them again after the last they had; how many lack or doubled one."""
        loop = asyncio.get_running_loop()
        cut, wrong = self.hearers[:count], 0
        for one in cut:
            one.transport.close()
        await asyncio.sleep(1)
        notes = [await self.tell(ALL) for _ in range(5)]
        await until(lambda: notes[-1] in self.hearers[-1].heard)
        for place in range(0, count, BATCH):
            asked = [
                (self.tickets[one - one % OF_A_TICKET], cut[one].ids[-1])
                for one in range(place, min(place + BATCH, count))
            ]
            made = [loop.create_connection(lambda t=t, i=i: Hearer(request(t, i)), "127.0.0.1", self.port) for t, i in asked]  # fmt: skip
            back = [hearer for _, hearer in await asyncio.gather(*made)]
            await until(lambda back=back: all(notes[-1] in one.heard for one in back), 20)
            wrong += sum(one.ids != notes for one in back)
        return wrong


async def measure(options: argparse.Namespace, port: int, pid: int, environment: dict[str, str]) -> bool:
    """Print what was found; whether the limits hold."""
    key = bytes.fromhex(environment["LIVE_KEY"])
    async with await psycopg.AsyncConnection.connect(environment["DATABASE_URL"], autocommit=True) as database:
        run, empty, began = Run(port, key, database), resident(pid), time.perf_counter()
        await run.open(options.streams)
        print(f"opened {options.streams:,} streams in {time.perf_counter() - began:.1f} s", flush=True)
        some = [one for place, one in enumerate(run.hearers) if place // OF_A_TICKET % 2]
        others = [one for place, one in enumerate(run.hearers) if not place // OF_A_TICKET % 2]
        reached = [await run.reach(ALL, run.hearers) for _ in range(options.events)]
        one_area = [await run.reach(SOME, some) for _ in range(options.events)]
        strayed = sum(len(one.ids) != options.events for one in others)
        full = resident(pid)
        print(f"memory of the live process: {empty:.0f} MB with none, {full:.0f} MB with all")
        for name, found in (("all", reached), ("half", one_area)):
            worst = max(found) * 1000
            print(
                f"until the last of {name} had it: median {statistics.median(found) * 1000:.0f} ms, worst {worst:.0f} ms"
            )
        wrong = await run.come_back(min(options.cut, options.streams))
        print(
            f"misdirected: {strayed}; cut and come back: {options.cut:,}, of them with a note lost or doubled: {wrong}"
        )
        return full <= MEMORY_MB and statistics.median(reached) <= SECONDS and not strayed and not wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=20)
    parser.add_argument("--cut", type=int, default=1000)
    options = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with city.installation() as environment:
        port = city.free_port()
        command = [sys.executable, "-m", "city1361.running.programs", "live", "127.0.0.1", str(port)]
        known = {"LIVE_KEY": secrets.token_hex(32), **os.environ, **environment}
        process = subprocess.Popen(command, env=known, stdin=subprocess.PIPE)
        try:
            asyncio.run(ready(port))
            return 0 if asyncio.run(measure(options, port, process.pid, known)) else 1
        finally:
            process.terminate()
            process.wait(20)


async def ready(port: int) -> None:
    """Wait until the live process hears the data base."""
    for _ in range(600):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                f"GET /live/ready?{urlencode({'x': 1})} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
            )
            if b" 200 " in await reader.readline():
                return
        except OSError:
            pass
        await asyncio.sleep(0.1)
    raise SystemExit("the live process does not answer")


if __name__ == "__main__":
    sys.exit(main())
