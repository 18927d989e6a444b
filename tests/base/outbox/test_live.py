"""Live streams over real sockets: uvicorn, the bare application, and a real data base that notifies."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from city1361.base.outbox.live import Live, LiveSettings
from city1361.base.outbox.live_server import LiveServer, server
from city1361.base.outbox.ticket import sign

KEY = b"k" * 32
ORIGIN = "http://127.0.0.1:8361"


class Running:
    """A live server in this event loop, and a connection that notifies as the drainer does."""

    def __init__(self, live: Live, running: LiveServer, port: int, database: psycopg.AsyncConnection[Any]) -> None:
        self.live, self.server, self.port, self.database = live, running, port, database
        self.writers: list[asyncio.StreamWriter] = []

    async def tell(self, number: int, *topics: str) -> None:
        notes = [{"id": f"e{number}", "name": "x.y", "topics": list(topics), "version": number}]
        await self.database.execute("SELECT pg_notify('city1361_live', %s)", [json.dumps(notes)])

    async def get(self, path: str, method: str = "GET", **headers: str) -> tuple[asyncio.StreamReader, int, str]:
        """Send a request; returns the reader at the body, the status and the head."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        lines = "".join(f"{name.replace('_', '-')}: {text}\r\n" for name, text in headers.items())
        writer.write(f"{method} {path} HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.writers.append(writer)
        return reader, int(head.split()[1]), head

    async def stream(self, *topics: str, ticket: str = "", last: str = "", **headers: str) -> asyncio.StreamReader:
        ticket = ticket or sign(KEY, topics, seconds=60)
        asked = f"/live?ticket={quote(ticket)}" + (f"&last={last}" if last else "")
        reader, status, _ = await self.get(asked, **headers)
        assert status == 200
        return reader


async def told(reader: asyncio.StreamReader, until: str, seconds: float = 20.0) -> str:
    """What comes on a stream up to and including `until`."""
    text = ""
    async with asyncio.timeout(seconds):
        while until not in text:
            piece = await reader.read(65536)
            assert piece, f"the stream ended with {text!r}"
            text += piece.decode()
    return text


@asynccontextmanager
async def running(url: str, **settings: Any) -> AsyncIterator[Running]:
    live = Live(LiveSettings(url, KEY, frozenset({ORIGIN}), **settings))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    uvicorn = server(live, "127.0.0.1", 0)
    serving = asyncio.create_task(uvicorn.serve(sockets=[listener]))
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as database:
        one = Running(live, uvicorn, listener.getsockname()[1], database)
        async with asyncio.timeout(20):
            while live.hub.hearing_since is None or not uvicorn.started:
                await asyncio.sleep(0.01)
        try:
            yield one
        finally:
            uvicorn.should_exit = True
            async with asyncio.timeout(20):
                await serving
            for writer in one.writers:
                writer.close()
    listener.close()


@pytest.fixture
def url(databases: Any, django_db_setup: None) -> str:
    return make_conninfo(databases.app_url, dbname=databases.name)


def play(url: str, scene: Callable[[Running], Awaitable[None]], **settings: Any) -> None:
    async def whole() -> None:
        async with running(url, **settings) as one:
            await scene(one)

    asyncio.run(whole())


def test_five_hundred_pages_hear_every_note_of_their_own_and_none_of_others(url: str) -> None:
    async def scene(live: Running) -> None:
        mine = await asyncio.gather(*(live.stream("matter:1", "area:7") for _ in range(250)))
        others = await asyncio.gather(*(live.stream("matter:2") for _ in range(250)))
        for number in range(1, 21):
            await live.tell(number, "matter:1" if number % 2 else "matter:2", "area:unasked")
        for readers, first, last in ((mine, 1, 19), (others, 2, 20)):
            for text in await asyncio.gather(*(told(reader, f'"version":{last}}}') for reader in readers)):
                ids = [line for line in text.splitlines() if line.startswith("id: ")]
                assert ids == [f"id: e{number}" for number in range(first, last + 1, 2)]
                assert "unasked" not in text

    play(url, scene)


def test_one_who_returns_hears_what_he_missed(url: str) -> None:
    async def scene(live: Running) -> None:
        witness = await live.stream("matter:1")
        for number in (1, 2, 3):
            await live.tell(number, "matter:1")
        await told(witness, "e3")
        text = await told(await live.stream("matter:1", Last_Event_ID="e1"), "e3")
        assert "id: e2" in text
        assert "id: e1" not in text
        assert "id: e3" in await told(await live.stream("matter:1", last="e2"), "e3")
        assert "resync" in await told(await live.stream("matter:1", last="long-gone"), "resync")

    play(url, scene)


def test_after_a_lost_data_base_connection_pages_look_anew_and_hear_again(url: str) -> None:
    async def scene(live: Running) -> None:
        reader = await live.stream("matter:1")
        await live.database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'city1361 live' AND datname = current_database()"
        )
        await told(reader, "resync")
        await live.tell(1, "matter:1")
        await told(reader, "id: e1")

    play(url, scene)


@pytest.mark.parametrize(
    ("ticket", "code"),
    [
        (sign(b"other key", ("matter:1",), seconds=60), "ticket_forged"),
        (sign(KEY, ("matter:1",), seconds=60, now=time.time() - 61), "ticket_expired"),
        ("", "ticket_malformed"),
    ],
)
def test_without_a_good_ticket_nothing_is_heard(url: str, ticket: str, code: str) -> None:
    async def scene(live: Running) -> None:
        reader, status, _ = await live.get(f"/live?ticket={quote(ticket)}", Origin=ORIGIN)
        assert status == 401
        assert code in await told(reader, "}")
        assert not live.live.hub.streams

    play(url, scene)


def test_a_stream_ends_with_its_ticket(url: str) -> None:
    async def scene(live: Running) -> None:
        reader = await live.stream(ticket=sign(KEY, ("matter:1",), seconds=1))
        async with asyncio.timeout(20):
            await reader.readuntil(b"0\r\n\r\n")
        assert not live.live.hub.streams

    play(url, scene)


def test_pages_of_other_origins_are_refused_and_ours_are_named(url: str) -> None:
    async def scene(live: Running) -> None:
        ticket = quote(sign(KEY, ("matter:1",), seconds=60))
        _, status, _ = await live.get(f"/live?ticket={ticket}", Origin="http://elsewhere.example")
        assert status == 403
        _, status, head = await live.get(f"/live?ticket={ticket}", Origin=ORIGIN)
        assert status == 200
        assert f"access-control-allow-origin: {ORIGIN}" in head
        assert [(await live.get(path, method))[1] for path, method in (("/", "GET"), ("/live", "POST"))] == [404, 405]

    play(url, scene)


def test_it_says_whether_it_hears(url: str) -> None:
    async def scene(live: Running) -> None:
        assert (await live.get("/live/ready"))[1] == 200
        live.live.hub.deafen()
        assert (await live.get("/live/ready"))[1] == 503

    play(url, scene)


def test_a_quiet_stream_beats(url: str) -> None:
    async def scene(live: Running) -> None:
        text = await told(await live.stream("matter:1"), "event: ping")
        assert "retry: " in text

    play(url, scene, heartbeat=0.05)


def test_one_ticket_opens_only_a_few_streams_and_one_that_leaves_makes_room(url: str) -> None:
    async def scene(live: Running) -> None:
        ticket = sign(KEY, ("matter:1",), seconds=60)
        for _ in range(10):
            await live.stream(ticket=ticket)
        assert (await live.get(f"/live?ticket={quote(ticket)}"))[1] == 429
        live.writers[0].close()
        async with asyncio.timeout(20):
            while len(live.live.hub.streams) == 10:
                await asyncio.sleep(0.01)
        await live.stream(ticket=ticket)

    play(url, scene)


def test_open_streams_do_not_hold_up_a_shutdown(url: str) -> None:
    async def scene(live: Running) -> None:
        readers = await asyncio.gather(*(live.stream("matter:1") for _ in range(50)))
        live.server.should_exit = True
        async with asyncio.timeout(20):
            for reader in readers:
                await reader.read(-1)
        assert not live.server.force_exit

    play(url, scene)
