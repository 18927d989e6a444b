"""Clients that take matters through their lives while everything around them dies, and keep a journal of what was
acknowledged to them.

A write is sent under one Idempotency-Key until it is acknowledged, however often the server or the connection dies in
between. `keyed=False` is the negative control: a client that makes a new key for every try.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import socket
import ssl
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

PEOPLE = ("grid_worker", "town_duty_officer", "town_handler", "town_checker")
HANDLING = "综合执法岗"
FORM = "application/x-www-form-urlencoded"
TRYING_SECONDS = 120.0
LOST = (OSError, http.client.HTTPException)


class Refused(Exception):
    """An answer that no fault explains: the client's request was wrong, or the server forgot something."""


@dataclass
class Journal:
    """What was acknowledged: one line each in `path`, and when in `moments` (seconds of the monotonic clock).

    mark: what the tag of every report under this journal begins with.
    """

    path: Path
    mark: str = field(default_factory=lambda: uuid4().hex[:8])
    moments: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    faults: Counter[int] = field(default_factory=Counter)  # answers after which a write was sent again; 0: none came
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, key: str, step: str, matter: str, tag: str) -> None:
        with self._lock, self.path.open("a") as file:
            self.moments.append(time.monotonic())
            file.write(json.dumps({"key": key, "step": step, "matter": matter, "tag": tag}) + "\n")

    @property
    def tries_again(self) -> int:
        return self.faults.total()

    def lines(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.path.read_text().splitlines()] if self.path.exists() else []

    def silence(self, since: float, until: float) -> float:
        """The longest time without any acknowledgement between two moments, in seconds."""
        inside = [since, *(at for at in list(self.moments) if since <= at <= until), until]
        return max(after - before for before, after in pairwise(inside))


@dataclass(frozen=True)
class Door:
    """Where the city is asked on this machine: plainly, or, with `trust`, as `name` over TLS that is verified."""

    port: int
    trust: ssl.SSLContext | None = None
    name: str = "127.0.0.1"

    @property
    def base(self) -> str:
        return f"https://{self.name}" if self.trust else f"http://{self.name}:{self.port}"

    @property
    def token(self) -> str:
        """The name of the cookie against forged requests."""
        return "__Host-csrf" if self.trust else "city1361_csrf"

    def connection(self, timeout: float = 20) -> http.client.HTTPConnection:
        if self.trust is None:
            return http.client.HTTPConnection(self.name, self.port, timeout=timeout)
        return _Sealed(self.name, self.port, timeout=timeout, context=self.trust)


class _Sealed(http.client.HTTPSConnection):
    """A name that resolves to this machine."""

    def connect(self) -> None:
        plain = socket.create_connection(("127.0.0.1", self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)  # type: ignore[attr-defined]


class Person:
    """Somebody signed in, over a connection that is made anew whenever it is lost."""

    def __init__(self, door: Door, cookies: dict[str, str] | None = None) -> None:
        self.door, self.cookies = door, dict(cookies or {})
        self.connection = door.connection()

    def ask(self, method: str, path: str, body: str | bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """One request. Raises what LOST names."""
        base = self.door.base
        sent = {"Cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items()), "Origin": base}
        sent["Host"] = base.partition("://")[2]
        if self.door.token in self.cookies:
            sent["X-CSRFToken"] = self.cookies[self.door.token]
        try:
            self.connection.request(method, path, body, {**sent, "Referer": f"{base}/", **headers})
            answer = self.connection.getresponse()
            content = answer.read()
        except LOST:
            self.connection.close()
            raise
        for line in answer.headers.get_all("Set-Cookie") or []:
            found = re.match(r"([^=]+)=([^;]*)", line)
            if found:
                self.cookies[found[1]] = found[2]
        return answer.status, content

    def sign_in(self, name: str, password: str) -> None:
        _, page = self.ask("GET", "/accounts/login/")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        form = {"csrfmiddlewaretoken": token[1].decode() if token else "", "login": name, "password": password}
        status, _ = self.ask("POST", "/accounts/login/", urlencode(form), **{"Content-Type": FORM})
        if status != 302:
            raise Refused(f"signing in as {name} answered {status}")


@dataclass(frozen=True)
class Town:
    """What the clients need to know: signed-in cookies by person, the grid they report from, the post that handles."""

    door: Door
    cookies: dict[str, dict[str, str]]
    area: str
    post: str


def arrive(door: Door, passwords: dict[str, str], area: str) -> Town:
    """Sign everybody in once, and look around by one report. area: the id of the grid worker's grid."""
    people = {name: Person(door) for name in PEOPLE}
    for name, person in people.items():
        person.sign_in(name, passwords[name])
    given = {"matter_type": "R02", "description": "人行道砖松动", "area_id": area}
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
    _, told = people["grid_worker"].ask("POST", "/api/v1/matters/", json.dumps(given), **headers)
    matter = json.loads(told)["id"]
    _, choices = people["town_duty_officer"].ask("GET", f"/api/v1/matters/{matter}/handlers")
    post = next(one["post"]["id"] for one in json.loads(choices) if one["post"]["name"] == HANDLING)
    for person in people.values():
        person.connection.close()
    return Town(door, {name: person.cookies for name, person in people.items()}, area, post)


class Client(threading.Thread):
    """Reports matters and takes them to their end, one after the other, until `over` is set."""

    def __init__(
        self, town: Town, journal: Journal, over: threading.Event, keyed: bool = True, only_report: bool = False
    ) -> None:
        super().__init__(daemon=True)
        self.town, self.journal, self.over = town, journal, over
        self.keyed, self.only_report = keyed, only_report
        self.people = {name: Person(town.door, town.cookies[name]) for name in PEOPLE}

    def run(self) -> None:
        while not self.over.is_set():
            try:
                self.life_cycle()
            except Refused as refused:
                self.journal.refused.append(str(refused))

    def life_cycle(self) -> None:
        tag = self.journal.mark + uuid4().hex[8:]
        report = {"matter_type": "R02", "description": f"人行道砖松动 {tag}", "area_id": self.town.area}
        matter = self.write("grid_worker", "/matters/", report, tag)
        if self.only_report:
            return
        for name, step, given in (
            ("town_duty_officer", "admit", {"handler_post": self.town.post}),
            ("town_handler", "acknowledge", {}),
            ("town_handler", "request_close", {"result": "solved", "text": "已修复"}),
            ("town_checker", "check_pass", {}),
            ("town_duty_officer", "close", {}),
            ("grid_worker", "agree", {}),
        ):
            if self.over.is_set():
                return
            matter = self.write(name, f"/matters/{matter['id']}/steps/{step}", given, tag, matter["version"])

    def write(
        self, name: str, path: str, given: dict[str, Any], tag: str, version: int | None = None
    ) -> dict[str, Any]:
        """Send until it is acknowledged, and write that down. Raises Refused for any other answer than a fault's."""
        key, end = str(uuid4()), time.monotonic() + TRYING_SECONDS
        while time.monotonic() < end:
            headers = {"Content-Type": "application/json", "Idempotency-Key": key if self.keyed else str(uuid4())}
            if version is not None:
                headers["If-Match"] = f'"{version}"'
            try:
                status, content = self.people[name].ask("POST", f"/api/v1{path}", json.dumps(given), **headers)
            except LOST:
                status, content = 0, b""
            if status in (200, 201):
                answer: dict[str, Any] = json.loads(content)
                self.journal.acknowledge(
                    headers["Idempotency-Key"], path.rsplit("/", 1)[1] or "report", answer["id"], tag
                )
                return answer
            if status not in (0, 429, 500, 502, 503, 504):
                raise Refused(f"{path} answered {status}: {content.decode(errors='replace')[:200]}")
            if status == 500:
                self.journal.refused.append(f"{path} answered 500")
            self.journal.faults[status] += 1
            time.sleep(random.uniform(0.05, 0.2))
        raise Refused(f"{path} was not acknowledged within {TRYING_SECONDS:.0f} s")


class Load:
    """Some clients at once."""

    def __init__(self, town: Town, journal: Journal, number: int, **kind: bool) -> None:
        self.over = threading.Event()
        self.clients = [Client(town, journal, self.over, **kind) for _ in range(number)]

    def __enter__(self) -> Load:
        for client in self.clients:
            client.start()
        return self

    def __exit__(self, *_: object) -> None:
        """No write is left between sent and acknowledged: each is sent until it is one or the other."""
        self.over.set()
        for client in self.clients:
            client.join(TRYING_SECONDS + 10)
            for person in client.people.values():
                person.connection.close()
