"""The door of pages and API: a request is taken in whole before a thread is given to it.

Django answers in threads, and there are few of them: each holds a connection to the data base. A client that sends its
body a byte at a time must not hold one. So bodies are read on the event loop, into memory and beyond a size into a
temporary file, and have to come at a pace (an RSGI application: granian's own interface, HTTP itself stays in Rust).
Answers go out by the server as well, so slow readers hold none either.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import IO, Any
from wsgiref.types import StartResponse

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

PATIENCE_SECONDS = 20.0
"""How long a body may take, beside what its size takes at the pace."""
PACE_BYTES = 8_192
"""Bytes a second that a body must bring: a phone on a bad network brings more."""
LARGEST_BODY = 256_000_000
"""Bytes; what a page or the API takes it limits itself, far below."""
IN_MEMORY = 1_000_000
CHUNKS = 8
"""Pieces of a file that are fetched by a thread at once."""
SLOW, LARGE = 408, 413


class Refused(Exception):
    """The body is not waited for any longer; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Front:
    """An RSGI application around a WSGI one, with `threads` that answer."""

    def __init__(self, application: Application, threads: int) -> None:
        self.application, self.threads = application, threads

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.pool = ThreadPoolExecutor(self.threads, thread_name_prefix="answer")

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.pool.shutdown(wait=False, cancel_futures=True)

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        headers = scope.headers.items()
        try:
            body = await taken(proto, headers)
        except Refused as refused:
            proto.response_empty(refused.status, [("connection", "close")])
            return
        with body:
            answer = Answer()
            await self.loop.run_in_executor(self.pool, answer.make, self.application, environ(scope, headers, body))
            if answer.rest is None:
                proto.response_bytes(answer.status, answer.headers, answer.start)
                return
            stream = proto.response_stream(answer.status, answer.headers)
            while pieces := await self.loop.run_in_executor(self.pool, answer.more):
                await stream.send_bytes(pieces)


class Answer:
    """What the application answers: at once in `start`, or (files) piece by piece from `rest`."""

    status, headers, start = 500, Headers(), b""
    rest: Iterable[bytes] | None = None

    def make(self, application: Application, asked: dict[str, Any]) -> None:
        """In a thread: call the application, which also ends its work there unless it sends a file."""
        told = application(asked, self.begin)
        if getattr(told, "streaming", False):
            self.rest, self.close = iter(told), told.close  # type: ignore[attr-defined]
            return
        try:
            self.start = b"".join(told)
        finally:
            told.close()  # type: ignore[attr-defined]

    def begin(self, status: str, headers: Headers, failure: Any = None) -> Callable[[bytes], object]:
        """WSGI's start_response. Names go lower case, as RSGI wants them."""
        self.status, self.headers = int(status[:3]), [(name.lower(), value) for name, value in headers]
        return lambda _: None

    def more(self) -> bytes:
        """In a thread: the next pieces; b"" at the end, when the answer is closed."""
        pieces = b"".join(islice(self.rest or (), CHUNKS))
        if not pieces:
            self.close()
        return pieces


async def taken(proto: Any, headers: Headers) -> IO[bytes]:
    """The whole body, to be read from its beginning. Raises Refused when it is too large or comes too slowly."""
    told = next((value for name, value in headers if name == "content-length"), "")
    chunked = any(name == "transfer-encoding" for name, _ in headers)
    body: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the caller closes it
    if not chunked and told in ("", "0"):
        return body
    if told.isdigit() and int(told) > LARGEST_BODY:
        raise Refused(LARGE)
    try:
        await read(proto, body)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body


async def read(proto: Any, body: IO[bytes]) -> None:
    """Piece by piece; each piece buys the time that its size takes at the pace."""
    size, loop = 0, asyncio.get_running_loop()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS) as limit:
            begun = loop.time()
            async for piece in proto:
                body.write(piece)
                size += len(piece)
                if size > LARGEST_BODY:
                    raise Refused(LARGE)
                limit.reschedule(begun + PATIENCE_SECONDS + size / PACE_BYTES)
    except TimeoutError:
        raise Refused(SLOW) from None


def environ(scope: Any, headers: Headers, body: IO[bytes]) -> dict[str, Any]:
    """The request as WSGI (PEP 3333) wants it. A header with an underscore could pass for another: it is left out."""
    host, _, port = scope.server.rpartition(":")
    made: dict[str, Any] = {
        "REQUEST_METHOD": scope.method, "SCRIPT_NAME": "", "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string, "SERVER_NAME": host, "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}", "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0), "wsgi.url_scheme": scope.scheme, "wsgi.input": body, "wsgi.errors": sys.stderr,
        "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False, "wsgi.input_terminated": True,
    }  # fmt: skip
    for name, value in headers:
        if "_" in name:
            continue
        plain = name.upper().replace("-", "_")
        key = plain if plain in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{plain}"
        made[key] = f"{made[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}" if key in made else value
    if "HTTP_TRANSFER_ENCODING" in made:
        made["CONTENT_LENGTH"] = str(body.seek(0, 2))
        body.seek(0)
    return made
