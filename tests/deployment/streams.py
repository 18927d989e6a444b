"""Hearers of live streams that come back as a browser does: with the last event they heard, to the same address."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections import Counter
from contextlib import suppress

import psycopg

from city1361.base.outbox.terms import LIVE_CHANNEL
from tests.faults.clients import LOST, Door


def topics_of(ticket: str) -> set[str]:
    body = ticket.partition(".")[0]
    return set(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["t"])


class Hearer(threading.Thread):
    """One page that follows. ids: what it heard, in order; gaps: seconds without a stream, one for each loss."""

    def __init__(self, door: Door, ticket: str, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.door, self.ticket, self.over, self.topics = door, ticket, over, topics_of(ticket)
        self.ids: list[str] = []
        self.refused = Counter[int]()
        self.resyncs, self.opened, self.gaps, self.lost_at = 0, 0, list[float](), 0.0

    def run(self) -> None:
        while not self.over.is_set():
            with suppress(LOST):
                self._hear()
            self.lost_at = self.lost_at or time.monotonic()
            time.sleep(0.2)

    def _hear(self) -> None:
        connection = self.door.connection(timeout=30)
        headers = {"Host": self.door.name, "Origin": self.door.base, "Accept": "text/event-stream"}
        if self.ids:
            headers["Last-Event-ID"] = self.ids[-1]
        try:
            connection.request("GET", f"/live?ticket={self.ticket}", headers=headers)
            answer = connection.getresponse()
            if answer.status != 200:
                self.refused[answer.status] += 1
                return
            self.opened += 1
            if self.lost_at:
                self.gaps.append(time.monotonic() - self.lost_at)
                self.lost_at = 0.0
            while not self.over.is_set() and (line := answer.readline()):
                if line.startswith(b"id: "):
                    self.ids.append(line[4:].strip().decode())
                self.resyncs += b'"resync"' in line
        finally:
            connection.close()


def hearers(door: Door, tickets: list[str], over: threading.Event) -> list[Hearer]:
    """One hearer for each ticket, started."""
    made = [Hearer(door, ticket, over) for ticket in tickets]
    for one in made:
        one.start()
    return made


class Heard(threading.Thread):
    """What the data base told of, heard at the source: the measure for what each stream must have heard."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url, self.over, self.listening = url, threading.Event(), threading.Event()
        self.notes: list[tuple[float, str, set[str]]] = []

    def __enter__(self) -> Heard:
        self.start()
        self.listening.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.join(10)

    def run(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as session:
            session.execute(f"LISTEN {LIVE_CHANNEL}")  # type: ignore[arg-type]
            self.listening.set()
            while not self.over.is_set():
                for told in session.notifies(timeout=0.5):
                    for note in json.loads(told.payload):
                        self.notes.append((time.monotonic(), str(note["id"]), set(note["topics"])))

    def between(self, since: float, until: float, topics: set[str]) -> set[str]:
        """The ids of what was told between two moments about one of these topics."""
        return {number for at, number, about in self.notes if since <= at <= until and about & topics}
