"""Requests through the real server and its front: taken in whole, told to the application as they were, refused when slow."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from tests.running.installed import eventually, three_free_ports

SERVED = """
import json, sys, threading
from granian import Granian
from granian.constants import Interfaces, Loops
from city1361.running import front

front.PATIENCE_SECONDS, front.LARGEST_BODY = 1.0, 3_000_000

class Pieces:
    streaming = True
    def __iter__(self): return (b"x" * 70_000 for _ in range(40))
    def close(self): open(sys.argv[2], "a").write("closed")

class Whole(list):
    def close(self): pass

def application(environ, start):
    body = environ["wsgi.input"].read()
    start("200 OK", [("Content-Type", "application/json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    if environ["PATH_INFO"] == "/pieces":
        return Pieces()
    kept = {name: value for name, value in environ.items() if isinstance(value, str)}
    return Whole([json.dumps({**kept, "size": len(body), "threads": threading.active_count()}).encode()])

def make(): return front.Front(application, 2)

if __name__ == "__main__":
    Granian("served:make", factory=True, address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.RSGI,
            loop=Loops.asyncio, workers=1, backpressure=1000, log_enabled=False).serve()
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder, port = tmp_path_factory.mktemp("front"), three_free_ports()
    (folder / "served.py").write_text(SERVED)
    words = [sys.executable, "served.py", str(port), str(folder / "closed")]
    process = subprocess.Popen(words, cwd=folder, start_new_session=True)
    try:
        assert eventually(lambda: answered(port), 60)
        yield port
    finally:
        process.terminate()
        process.wait(20)
    assert (folder / "closed").read_text() == "closed", "a file that was sent is closed"


def answered(port: int) -> bool:
    with suppress(OSError, http.client.HTTPException):
        return ask(port, "GET", "/")[0] == 200
    return False


def ask(port: int, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def told(port: int, method: str, path: str, body: bytes | None = None, **headers: str) -> dict[str, str]:
    status, content = ask(port, method, path, body, **headers)
    assert status == 200
    found: dict[str, str] = json.loads(content)
    return found


def test_the_application_hears_what_was_asked(port: int) -> None:
    heard = told(port, "POST", "/%E4%BA%8B/a?q=%E4%BA%8B+1", b"x" * 2_000_000, **{"X-Seen": "1", "X_Forged": "1"})
    assert heard["PATH_INFO"].encode("latin-1").decode() == "/事/a"
    assert heard["QUERY_STRING"] == "q=%E4%BA%8B+1"
    assert (heard["REQUEST_METHOD"], heard["size"], heard["REMOTE_ADDR"]) == ("POST", 2_000_000, "127.0.0.1")
    assert heard["HTTP_HOST"] == f"127.0.0.1:{port}" == f"{heard['SERVER_NAME']}:{heard['SERVER_PORT']}"
    assert heard["HTTP_X_SEEN"] == "1"
    assert "HTTP_X_FORGED" not in heard


def test_headers_that_come_twice_are_joined_as_their_kind_wants_it(port: int) -> None:
    with closing(socket.create_connection(("127.0.0.1", port))) as line:
        line.sendall(
            b"GET / HTTP/1.1\r\nHost: a\r\nCookie: a=1\r\nCookie: b=2\r\nX-A: 1\r\nX-A: 2\r\nConnection: close\r\n\r\n"
        )
        answer = line.makefile("rb").read()
    assert answer.lower().count(b"set-cookie:") == 2
    heard = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert (heard["HTTP_COOKIE"], heard["HTTP_X_A"]) == ("a=1; b=2", "1,2")


def test_a_body_without_a_length_is_taken_whole(port: int) -> None:
    with closing(socket.create_connection(("127.0.0.1", port))) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
        for piece in (b"5\r\nhello\r\n", b"6\r\n world\r\n", b"0\r\n\r\n"):
            line.sendall(piece)
        heard = json.loads(line.makefile("rb").read().partition(b"\r\n\r\n")[2])
    assert (heard["size"], heard["CONTENT_LENGTH"]) == (11, "11")


def test_a_file_is_sent_whole(port: int) -> None:
    status, content = ask(port, "GET", "/pieces")
    assert (status, len(content)) == (200, 40 * 70_000)


def test_what_is_too_large_is_refused_before_it_is_read(port: int) -> None:
    with closing(socket.create_connection(("127.0.0.1", port))) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 413")


def test_clients_that_send_a_byte_now_and_then_hold_no_thread_and_are_refused(port: int) -> None:
    """More of them than there are threads, while others are answered."""
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(60)]
    try:
        for line in slow:
            line.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\nx")
        for _ in range(20):
            assert told(port, "GET", "/")["size"] == 0
            for line in slow:
                with suppress(OSError):
                    line.sendall(b"x")
            time.sleep(0.05)
        for line in slow:
            line.settimeout(20)
            assert line.recv(100).startswith(b"HTTP/1.1 408")
    finally:
        for line in slow:
            line.close()
