"""Who hears what: the open live streams of this process, and the last notes for those who were away a moment."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from typing import Any

from city1361.base.outbox.terms import ENDING
from city1361.base.outbox.ticket import Ticket

RING = 5000
WAITING = 200
LONGEST_TICKET = 3600.0
# Clocks of the process that signed a ticket and of this one may differ a little; hearing a note twice is harmless.
OVERLAP_SECONDS = 5.0
# Pages hear `message` events only and look anew at each: a change says what happened, this one that much may have.
RESYNC = b'data: {"resync":true}\n\n'


def frame(note: dict[str, Any], topics: Iterable[str]) -> bytes:
    """`note` as one server-sent event, naming only the topics its hearer may know."""
    told = {"name": note["name"], "topics": sorted(topics)}
    if "version" in note:
        told["version"] = note["version"]
    return f"id: {note['id']}\ndata: {json.dumps(told, separators=(',', ':'))}\n\n".encode()


class Stream:
    """One open stream. Frames wait here until its own task sends them; a hearer too slow for them is resynced."""

    __slots__ = ("_frames", "closed", "ticket", "wake")

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self.wake = asyncio.Event()
        self.closed = False
        self._frames: deque[bytes] = deque()

    def put(self, data: bytes) -> None:
        if len(self._frames) >= WAITING:
            self._frames.clear()
            data = RESYNC
        self._frames.append(data)
        self.wake.set()

    def take(self) -> bytes:
        """Everything that waits, as one piece."""
        self.wake.clear()
        data = b"".join(self._frames)
        self._frames.clear()
        return data

    def close(self) -> None:
        self.closed = True
        self.wake.set()


class Hub:
    """The streams of this process by topic, and a ring of the latest notes. Used from one event loop only."""

    def __init__(self, *, ring: int = RING, clock: Callable[[], float] = time.time) -> None:
        self.streams: set[Stream] = set()
        self.held: Counter[Ticket] = Counter()
        self.hearing_since: float | None = None
        self._by_topic: dict[str, set[Stream]] = {}
        self._ring: deque[tuple[float, dict[str, Any]]] = deque(maxlen=ring)
        self._clock = clock
        self._overflowed_at: float | None = None
        self._ended: dict[str, float] = {}

    def is_ended(self, ticket: Ticket) -> bool:
        """Whether the account of a ticket was signed out everywhere since it was made."""
        return any(ticket.issued <= self._ended.get(topic, 0) for topic in ticket.topics)

    def join(self, ticket: Ticket, last: str) -> Stream:
        """Open a stream and put into it what it missed: after `last` (an event id), or since its ticket was made."""
        stream = Stream(ticket)
        self.streams.add(stream)
        self.held[ticket] += 1
        for topic in ticket.topics:
            self._by_topic.setdefault(topic, set()).add(stream)
        missed = self._after(last) if last else self._since(ticket.issued - OVERLAP_SECONDS)
        if missed is None:
            stream.put(RESYNC)
        for note in missed or ():
            topics = ticket.topics.intersection(note["topics"])
            if topics:
                stream.put(frame(note, topics))
        return stream

    def leave(self, stream: Stream) -> None:
        self.streams.discard(stream)
        self.held[stream.ticket] -= 1
        if not self.held[stream.ticket]:
            del self.held[stream.ticket]
        for topic in stream.ticket.topics:
            hearers = self._by_topic.get(topic, set())
            hearers.discard(stream)
            if not hearers:
                self._by_topic.pop(topic, None)

    def tell(self, note: dict[str, Any]) -> None:
        """Hand a note to every stream that may hear one of its topics; end the streams of an account whose end it tells."""
        self._end([topic for topic in note["topics"] if topic.startswith(ENDING)])
        if len(self._ring) == self._ring.maxlen:
            self._overflowed_at = self._ring[0][0]
        self._ring.append((self._clock(), note))
        hearers: dict[Stream, list[str]] = {}
        for topic in note["topics"]:
            for stream in self._by_topic.get(topic, ()):
                hearers.setdefault(stream, []).append(topic)
        frames: dict[tuple[str, ...], bytes] = {}
        for stream, topics in hearers.items():
            key = tuple(topics)
            if key not in frames:
                frames[key] = frame(note, topics)
            stream.put(frames[key])

    def _end(self, topics: list[str]) -> None:
        if not topics:
            return
        now = self._clock()
        self._ended = {topic: at for topic, at in self._ended.items() if now - at < LONGEST_TICKET}
        for topic in topics:
            self._ended[topic] = now
            for stream in self._by_topic.get(topic, ()):
                stream.close()

    def hear(self) -> None:
        """The data base is being listened to (again): what was said before is unknown, so everyone looks anew."""
        self.hearing_since = self._clock()
        self._ring.clear()
        self._overflowed_at = None
        for stream in self.streams:
            stream.put(RESYNC)

    def deafen(self) -> None:
        """The connection to the data base is lost."""
        self.hearing_since = None

    def close(self) -> None:
        """End every stream, so that the server can stop at once."""
        for stream in self.streams:
            stream.close()

    def _after(self, last: str) -> list[dict[str, Any]] | None:
        notes = [note for _, note in self._ring]
        for place in range(len(notes) - 1, -1, -1):
            if notes[place]["id"] == last:
                return notes[place + 1 :]
        return None

    def _since(self, moment: float) -> list[dict[str, Any]] | None:
        forgotten = self._overflowed_at is not None and self._overflowed_at >= moment
        if self.hearing_since is None or self.hearing_since > moment + OVERLAP_SECONDS or forgotten:
            return None
        return [note for heard, note in self._ring if heard >= moment]
