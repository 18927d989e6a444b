"""The live process: server-sent events to open pages, as a bare ASGI application.

Django keeps one thread per open stream; this keeps none. It knows neither the ORM nor who is signed in: a ticket
names the topics that the page's viewer may hear of, and pages fetch what changed through their usual, scoped views.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import psycopg
from prometheus_client import Gauge

from city1361.base.outbox.hub import Hub, Stream
from city1361.base.outbox.terms import LIVE_CHANNEL
from city1361.base.outbox.ticket import BadTicket, verify

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEARTBEAT_SECONDS = 15.0
# An event and not a comment: pages notice by its absence that they have been cut off.
PING = b"event: ping\ndata: {}\n\n"
SEND_SECONDS = 30.0
STREAMS = 20_000
STREAMS_OF_A_TICKET = 10
OPEN_STREAMS = Gauge("city1361_live_streams", "Open live streams.", multiprocess_mode="livesum")

logger = logging.getLogger("city1361.live")


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """What the live process needs: the data base, the tickets' key, and the pages allowed to connect."""

    database_url: str
    key: bytes
    origins: frozenset[str] = frozenset()
    heartbeat: float = HEARTBEAT_SECONDS


@dataclass
class Live:
    """The application. `GET /live?ticket=…[&last=…]` streams; `GET /live/ready` tells whether it hears."""

    settings: LiveSettings
    hub: Hub = field(default_factory=Hub)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        listener = asyncio.create_task(listen(self.settings.database_url, self.hub))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.hub.close()
        listener.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listener
        await send({"type": "lifespan.shutdown.complete"})

    async def _request(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin-1")
        if origin and origin not in self.settings.origins:
            await answer(send, 403, "origin_not_allowed")
        elif scope["path"] == "/live/ready":
            hears = self.hub.hearing_since is not None
            await answer(send, 200 if hears else 503, "ready" if hears else "not_listening")
        elif scope["path"] != "/live":
            await answer(send, 404, "missing")
        elif scope["method"] != "GET":
            await answer(send, 405, "method_not_allowed")
        else:
            await self._open(scope, headers, origin, receive, send)

    async def _open(
        self, scope: Message, headers: dict[bytes, bytes], origin: str, receive: Receive, send: Send
    ) -> None:
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        try:
            ticket = verify(self.settings.key, asked.get("ticket", [""])[0])
        except BadTicket as refusal:
            await answer(send, 401, f"ticket_{refusal}", origin)
            return
        if self.hub.is_ended(ticket):
            await answer(send, 401, "ticket_ended", origin)
            return
        if self.hub.held[ticket] >= STREAMS_OF_A_TICKET or len(self.hub.streams) >= STREAMS:
            await answer(send, 429, "too_many_streams", origin)
            return
        last = headers.get(b"last-event-id", b"").decode("latin-1") or asked.get("last", [""])[0]
        stream = self.hub.join(ticket, last)
        OPEN_STREAMS.inc()
        watcher = asyncio.create_task(_watch(receive, stream))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _stream_headers(origin)})
            await self._feed(stream, send)
        except TimeoutError:
            logger.info("a hearer took nothing for %.0f s and was let go", SEND_SECONDS)
        finally:
            watcher.cancel()
            self.hub.leave(stream)
            OPEN_STREAMS.dec()

    async def _feed(self, stream: Stream, send: Send) -> None:
        """Send what comes until the hearer leaves, the ticket expires or the process stops."""
        clock = asyncio.get_running_loop().time
        end = clock() + stream.ticket.expires - time.time()
        data = b"retry: 2000\n\n"
        while True:
            async with asyncio.timeout(SEND_SECONDS):
                await send({"type": "http.response.body", "body": data, "more_body": True})
            left = end - clock()
            if stream.closed or left <= 0:
                break
            try:
                async with asyncio.timeout(min(self.settings.heartbeat, left)):
                    await stream.wake.wait()
                data = stream.take()
            except TimeoutError:
                data = PING
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _watch(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.close()


def _stream_headers(origin: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
        *_allowed(origin),
    ]


def _allowed(origin: str) -> list[tuple[bytes, bytes]]:
    return [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"Origin")] if origin else []


async def answer(send: Send, status: int, code: str, origin: str = "") -> None:
    """A short JSON answer."""
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), *_allowed(origin)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps({"code": code}).encode()})


async def listen(url: str, hub: Hub) -> None:
    """Listen to the data base for ever; after a loss connect again and have every page look anew."""
    wait = 0.2
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                url, autocommit=True, connect_timeout=5, application_name="city1361 live"
            ) as connection:
                await connection.execute(f"LISTEN {LIVE_CHANNEL}")
                hub.hear()
                wait = 0.2
                while True:
                    async for notification in connection.notifies(timeout=20):
                        for note in json.loads(notification.payload):
                            hub.tell(note)
                    await connection.execute("SELECT 1")  # notices a connection that died silently
        except psycopg.Error as error:
            logger.warning("the data base cannot be heard, trying again in %.1f s: %s", wait, error)
        hub.deafen()
        await asyncio.sleep(wait)
        wait = min(wait * 2, 5.0)
