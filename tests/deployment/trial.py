"""The reference deployment of docs/how-to/deploy.md, tried as a whole on this machine; minutes.

    python -m tests.deployment.trial [--clients 8] [--lasting 8] [--parts hosts,streams,failover,waiting]

A PostgreSQL primary and its replica (a slot with a limit), two web hosts that run what deploy/systemd says, nginx with
TLS as deploy/nginx has it. Then one thing after the other falls, under clients that keep a journal: a web host, a live
stream, the primary with a replica that streams behind, the primary with one that each write waits for. Status 0: what
was acknowledged is there once, no page asked for was refused while one host was away, each stream heard everything.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.deployment.hosts import Host, Site
from tests.deployment.load import Readers, ticket, upload
from tests.deployment.proxy import NAME, NGINX, certificate, configured, free_port
from tests.deployment.servers import Server, either
from tests.deployment.streams import Heard, hearers
from tests.faults.chaos import GRID
from tests.faults.clients import Door, Journal, Load, Person, Town, arrive
from tests.faults.verdict import judge
from tests.running.installed import ROOT, eventually

PARTS = ("hosts", "streams", "failover", "waiting")


@dataclass
class Deployment:
    """All of it, as it stands."""

    place: Path
    primary: Server
    replica: Server
    site: Site
    hosts: list[Host]
    door: Door
    town: Town | None = None
    bad: list[str] = field(default_factory=list)

    @property
    def people(self) -> Town:
        assert self.town is not None
        return self.town

    def tell(self, text: str) -> None:
        print(text, flush=True)

    def hold(self, true: bool, otherwise: str) -> None:
        if not true:
            self.bad.append(otherwise)
            self.tell(f"  NOT GOOD: {otherwise}")

    def whole(self) -> bool:
        return all(host.ready() for host in self.hosts)


# -- bringing it up ----------------------------------------------------------------------------------------------------


@contextmanager
def deployed(place: Path) -> Iterator[Deployment]:
    with ExitStack() as undo:
        primary, replica = Server("replica_1", place), Server("replica_2", place)
        for server in (primary, replica):
            undo.callback(server.stop)
        begun = time.monotonic()
        primary.make()
        secret = {
            "database-url": either(primary, replica, "city1361_app"),
            "database-owner-url": either(primary, replica, "city1361_owner"),
            "follow-url": either(primary, replica, "city1361_replica"),
            "backup-passphrase": "correct horse battery staple",
        }
        settings = {"CITY1361_INSTANCE": str(ROOT / "instances" / "tiny"), "CITY1361_LOG_LEVEL": "WARNING"}
        settings |= {"CITY1361_DEMONSTRATION": "on", "CITY1361_DAY": "off"}
        site = Site(place, settings, secret)
        hosts = [Host("host_1", site), Host("host_2", site)]
        hosts[0].verb("database", "migrate")
        hosts[0].verb("instance", "load", str(ROOT / "instances" / "tiny"))
        hosts[0].verb("demo", "cast")
        replica.follow(primary)
        tls = free_port()
        trust = certificate(place)
        for host in hosts:
            host.start()
            undo.callback(host.end, signal.SIGKILL)
        undo.enter_context(proxied(place, tls, hosts))
        deployment = Deployment(place, primary, replica, site, hosts, Door(tls, trust, NAME))
        if not eventually(deployment.whole, 90):
            raise SystemExit("\n".join(log.read_text()[-2000:] for log in place.glob("host_*/*.log")))
        for line in hosts[0].verb("doctor").splitlines():
            if line.strip().startswith(("!", "✗")):
                deployment.tell(f"  doctor: {line.strip()}")
        deployment.town = people(deployment)
        deployment.tell(f"deployed in {time.monotonic() - begun:.0f} s")
        yield deployment


@contextmanager
def proxied(place: Path, tls: int, hosts: list[Host]) -> Iterator[None]:
    """nginx in front of both, as its package would run it."""
    first, second = (host.ports for host in hosts)
    ports = {"127.0.0.1:8361": first["8361"], "127.0.0.1:8371": second["8361"]}
    ports |= {"127.0.0.1:8362": first["8362"], "127.0.0.1:8372": second["8362"]}
    whole = configured(place, tls, ports, "worker_processes 2;" + (" user root;" if os.geteuid() == 0 else ""))
    with subprocess.Popen([str(NGINX), "-c", whole], stderr=subprocess.DEVNULL) as nginx:
        try:
            yield
        finally:
            nginx.terminate()


def people(deployment: Deployment) -> Town:
    lines = (deployment.hosts[0].folder / "cast.txt").read_text("utf-8").splitlines()
    passwords = {name: word for name, _, word in (line.split("\t") for line in lines)}
    return arrive(deployment.door, passwords, deployment.primary.ask(GRID))


# -- one web host falls ------------------------------------------------------------------------------------------------


def try_hosts(deployment: Deployment, clients: int, lasting: float) -> None:
    """Each host is killed, then each is stopped politely, while pages are read and matters taken through their lives."""
    deployment.tell("web hosts")
    journal = Journal(deployment.place / "hosts.jsonl")
    readers = Readers(deployment.people, 4)
    with readers, Load(deployment.people, journal, clients):
        time.sleep(lasting)
        for number in (signal.SIGKILL, signal.SIGTERM):
            for host in deployment.hosts:
                before, pages, fell = journal.faults.copy(), readers.answers.copy(), time.monotonic()
                host.end(number)
                time.sleep(lasting)
                host.start()
                deployment.hold(eventually(host.ready, 60), f"{host.name} did not come back")
                time.sleep(2)
                again, seen = journal.faults - before, readers.answers - pages
                deployment.tell(
                    f"  {host.name} {number.name}: pages {dict(seen)}, writes sent again {dict(again)},"
                    f" longest silence {journal.silence(fell, time.monotonic()):.2f} s"
                )
                deployment.hold(set(seen) == {200}, f"pages were refused: {dict(seen)}")
    deployment.tell(f"  {len(readers.seconds):,} pages, {len(journal.moments):,} acknowledged")
    told(deployment, journal)
    shared_files(deployment)


def told(deployment: Deployment, journal: Journal, may_lose: bool = False) -> None:
    with deployment.primary.session() as data:
        found = judge(journal, data)
    deployment.tell(f"  {found}")
    deployment.hold(not (found.doubled or found.untold) and (may_lose or not found.lost), str(found))
    for refused in [] if may_lose else journal.refused[:3]:
        deployment.hold(False, refused)


def shared_files(deployment: Deployment) -> None:
    """What was given to one host is fetched from the other."""
    owner = Person(deployment.door, deployment.people.cookies["grid_worker"])
    number, answers = upload(owner), set[int]()
    cookies = "; ".join(f"{name}={text}" for name, text in owner.cookies.items())
    for host in deployment.hosts:
        answers.add(host.answer(f"/files/{number}/", cookies=cookies)[0])
    deployment.hold(answers == {200}, f"a file is not there on both hosts: {answers}")


# -- live streams ------------------------------------------------------------------------------------------------------


def try_streams(deployment: Deployment, clients: int, lasting: float) -> None:
    """Desk and wall follow through nginx while the host that carries them is killed, one after the other."""
    deployment.tell("live streams")
    tickets = [ticket(deployment.people, "town_duty_officer", one) for one in ("/desk/", "/wall/", "/inbox/")]
    journal, over = Journal(deployment.place / "streams.jsonl"), threading.Event()
    with Heard(deployment.primary.address("city1361_app")) as heard, Load(deployment.people, journal, clients):
        following = hearers(deployment.door, tickets * 5, over)
        eventually(lambda: all(one.opened for one in following), 30)
        time.sleep(2)
        since = time.monotonic()
        for _ in range(3):
            time.sleep(lasting)
            host = max(deployment.hosts, key=Host.streams)  # who carries them falls
            host.end(signal.SIGKILL, "live")
            time.sleep(lasting)
            host.start("live")
            eventually(host.ready, 60)
            time.sleep(7)  # nginx asks it again
        until = time.monotonic()
        time.sleep(3)
    over.set()
    missed = sum(len(heard.between(since, until, one.topics) - set(one.ids)) for one in following)
    twice = sum(len(one.ids) - len(set(one.ids)) for one in following)
    due = sum(len(heard.between(since, until, one.topics)) for one in following)
    losses = [gap for one in following for gap in one.gaps]
    deployment.tell(
        f"  {len(following)} streams, {due:,} events due, missed {missed}, twice {twice},"
        f" told to look anew {sum(one.resyncs for one in following)}; came back {len(losses)} times,"
        f" worst after {max(losses, default=0):.2f} s"
    )
    refused = sum((one.refused for one in following), Counter[int]())
    deployment.hold(not refused, f"streams were refused: {dict(refused)}")
    deployment.hold(missed == 0 and due > 0, f"{missed} of {due} events were missed")
    deployment.hold(bool(losses), "no stream was cut: this proves nothing")


# -- the primary falls -------------------------------------------------------------------------------------------------


def try_failover(deployment: Deployment, clients: int, lasting: float) -> None:
    """Twice: the replica streams behind; then each write waits for it. The fallen one comes back as a replica."""
    for waits in (False, True):
        deployment.tell(f"the primary falls, replica {'synchronous' if waits else 'asynchronous'}")
        names = f"synchronous_standby_names = 'ANY 1 ({deployment.replica.name})'"
        deployment.primary.configure(*([names] if waits else []))
        deployment.primary.reload()
        wanted = "sync" if waits else "async"
        state = "SELECT replace(string_agg(sync_state, ' '), 'quorum', 'sync') FROM pg_stat_replication"
        assert eventually(lambda: deployment.primary.ask(state) == wanted, 30)  # noqa: B023
        fall(deployment, clients, lasting, waits)
        bring_back(deployment)


def fall(deployment: Deployment, clients: int, lasting: float, waits: bool) -> None:
    journal = Journal(deployment.place / f"failover-{waits}.jsonl")
    readers = Readers(deployment.people, 2)
    with readers, Load(deployment.people, journal, clients):
        time.sleep(lasting)
        before, fell = journal.faults.copy(), time.monotonic()
        acknowledged = len(journal.moments)
        deployment.primary.fall()
        time.sleep(1)
        deployment.tell(f"  only the replica, readyz: {[host.checks()['database'] for host in deployment.hosts]}")
        promoting = time.monotonic()
        deployment.replica.promote()
        promoted = time.monotonic()
        came = eventually(lambda: len(journal.moments) > acknowledged + 20, 120)
        deployment.primary, deployment.replica = deployment.replica, deployment.primary
        deployment.hold(came, "no write was acknowledged for two minutes after the fall")
        time.sleep(lasting)
        first = next((at for at in journal.moments if at > promoted), time.monotonic())
        again = journal.faults - before
    deployment.tell(
        f"  {acknowledged:,} acknowledged before; promoted in {promoted - promoting:.2f} s, first write acknowledged"
        f" {first - promoting:.2f} s after the promotion began ({first - fell:.2f} s after the fall);"
        f" sent again {dict(again)}, pages {dict(readers.answers)}"
    )
    deployment.hold(500 not in readers.answers, f"pages answered 500: {dict(readers.answers)}")
    told(deployment, journal, may_lose=not waits)
    deployment.hold(eventually(deployment.whole, 60), "the hosts did not settle")
    deployment.tell(f"  readyz: {[host.checks() for host in deployment.hosts]}")
    deployment.hosts[0].verb("evidence", "verify")


def bring_back(deployment: Deployment) -> None:
    begun = time.monotonic()
    with deployment.primary.session() as session:
        session.execute("SELECT pg_create_physical_replication_slot('replica', true)")
    deployment.replica.follow(deployment.primary)
    streams = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
    deployment.hold(eventually(lambda: deployment.primary.ask(streams) >= 1, 60), "the fallen one does not stream")
    deployment.tell(f"  the fallen one streams again after {time.monotonic() - begun:.1f} s")


def try_waiting(deployment: Deployment, clients: int, lasting: float) -> None:
    """With one synchronous replica alone, that one goes away: what waits, what goes on, and the way out."""
    deployment.tell("the only synchronous replica goes away")
    deployment.primary.configure(f"synchronous_standby_names = 'ANY 1 ({deployment.replica.name})'")
    deployment.primary.reload()
    time.sleep(1)
    journal = Journal(deployment.place / "waiting.jsonl")
    readers = Readers(deployment.people, 2)
    with readers, Load(deployment.people, journal, clients):
        time.sleep(lasting)
        before = readers.answers.copy()
        deployment.replica.fall()
        time.sleep(1)
        acknowledged = len(journal.moments)
        time.sleep(lasting)
        seen = readers.answers - before
        deployment.tell(f"  away: {len(journal.moments) - acknowledged} writes acknowledged, pages {dict(seen)}")
        deployment.tell(f"  readyz: {[host.checks() for host in deployment.hosts]}")
        deployment.primary.configure()
        deployment.primary.reload()
        freed = time.monotonic()
        deployment.hold(eventually(lambda: len(journal.moments) > acknowledged + 20, 60), "writes stay blocked")
        deployment.tell(f"  synchronous_standby_names emptied: writes go on after {time.monotonic() - freed:.2f} s")
    told(deployment, journal)


# -- what is watched ---------------------------------------------------------------------------------------------------


def look(deployment: Deployment) -> None:
    """Both hosts are scraped: every measure of the reference is there, and every alert speaks of one that is."""
    scraped = [host.measures() for host in deployment.hosts]
    there = [set(re.findall(r"^(city1361_\w+)", text, re.MULTILINE)) for text in scraped]
    page_of_measures = (ROOT / "docs/reference/measures.md").read_text()
    named = set(re.findall(r"`(city1361_\w+)`", page_of_measures.partition("| measure |")[2]))
    for host, names in zip(deployment.hosts, there, strict=True):
        missing = {one for one in named if not any(name.startswith(one) for name in names)}
        deployment.hold(not missing, f"{host.name} does not tell {sorted(missing)}")
        deployment.tell(f"measures of {host.name}: {len(names)} names, readyz {host.checks()}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--lasting", type=float, default=8.0, help="seconds between two events")
    parser.add_argument("--parts", type=lambda text: text.split(","), default=list(PARTS))
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # or every server of the trial would go on
    if NGINX is None:
        raise SystemExit("nginx is not installed here")
    parts = {"hosts": try_hosts, "streams": try_streams, "failover": try_failover, "waiting": try_waiting}
    with tempfile.TemporaryDirectory(prefix="city1361-deployment-") as name:
        place = Path(name)
        place.chmod(0o755)
        with deployed(place) as deployment:
            look(deployment)
            for part in asked.parts:
                parts[part](deployment, asked.clients, asked.lasting)
    for bad in deployment.bad:
        print(f"NOT GOOD: {bad}")
    print("everything held" if not deployment.bad else "something did not hold")
    return 1 if deployment.bad else 0


if __name__ == "__main__":
    sys.exit(main())
