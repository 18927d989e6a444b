"""Calls to other systems: only where they were meant to go, never inside, never for long."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from city1361.centres.execution.external import guarded_http
from city1361.centres.execution.external.guarded_http import CallRefused, judged, parse, post


class Other(BaseHTTPRequestHandler):
    """Another system: it answers what the path asks for."""

    seen: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.seen.append(self.path)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = self.path.strip("/")
        if kind == "redirect":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/inside")
            self.end_headers()
            return
        if kind == "slow_head":
            self.drip(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 40)
            return
        self.send_response(200)
        self.end_headers()
        if kind == "endless":
            with suppress(OSError):
                for _ in range(200):
                    self.wfile.write(b"x" * 100_000)
        elif kind == "slow":
            self.drip(b"x" * 40)
        else:
            self.wfile.write(b"ok")

    def drip(self, text: bytes) -> None:
        with suppress(OSError):
            for at in range(len(text)):
                self.wfile.write(text[at : at + 1])
                time.sleep(0.05)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def other() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Other)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def refused(url: str, *private: str) -> str:
    with pytest.raises(CallRefused) as caught:
        post(url, b"{}", {}, private=private)
    return caught.value.code


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "[::1]", "10.1.2.3", "192.168.1.1", "172.16.0.9", "169.254.169.254", "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - not bound to, called
        "2130706433", "0x7f000001", "017700000001", "127.1", "[::ffff:127.0.0.1]", "[fe80::1]", "[fd00::1]",
        "224.0.0.1", "255.255.255.255", "[2002:7f00:1::]",
        "[64:ff9b::10.1.2.3]", "[64:ff9b:1::7f00:1]", "[::127.0.0.1]",
    ],
)  # fmt: skip
def test_an_address_inside_is_refused_however_it_is_written(host: str) -> None:
    assert refused(f"https://{host}/hook") in ("address_not_public", "host_unknown")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://8.8.8.8/", "not_https"),
        ("ftp://8.8.8.8/", "not_https"),
        ("file:///etc/passwd", "address_unreadable"),
        ("https://user@8.8.8.8/", "address_unreadable"),
        ("https://8.8.8.8/#x", "address_unreadable"),
        ("https://8.8.8.8:port/", "address_unreadable"),
        ("https://8.8.8.8/\r\nHost: inside", "address_unreadable"),
        ("", "address_unreadable"),
    ],
)
def test_an_address_that_is_not_plain_https_is_refused(url: str, code: str) -> None:
    assert refused(url) == code


def test_a_listed_private_host_is_called_and_only_on_its_port(other: str) -> None:
    answer = post(f"http://{other}/hook?a=1", b"{}", {"X": "1"}, private=[other])
    assert (answer.status, answer.body) == (200, b"ok")
    host, port = other.split(":")
    assert refused(f"http://{host}:{int(port) + 1}/", other) == "not_https"
    assert parse(f"https://{host}:{port}/x", [other]).hostname == host


def test_a_redirect_is_not_followed(other: str) -> None:
    assert refused(f"http://{other}/redirect", other) == "redirected"
    assert "/inside" not in Other.seen


def test_an_endless_answer_and_a_slow_one_are_given_up(other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(f"http://{other}/endless", other) == "answer_too_long"
    monkeypatch.setattr(guarded_http, "SECONDS", 0.4)
    assert refused(f"http://{other}/slow", other) == "too_slow"
    assert refused(f"http://{other}/slow_head", other) == "too_slow"


def test_nobody_there_is_said_so() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
        assert refused(f"http://{host}/", host) == "no_answer"


def test_proxies_of_the_environment_are_not_asked(other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert post(f"http://{other}/", b"{}", {}, private=[other]).status == 200


def test_a_name_that_points_elsewhere_a_moment_later_is_connected_where_it_was_judged(
    other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the second answer of the resolver is never asked for."""
    host, port = "tickets.example", int(other.split(":")[1])
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolver(name: str, *rest: Any, **more: Any) -> Any:
        if name != host:
            return real(name, *rest, **more)
        asked.append(name)
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.9", *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    assert post(f"http://{host}:{port}/", b"{}", {}, private=[f"{host}:{port}"]).status == 200
    assert asked == [host]


def test_a_name_with_one_address_inside_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(CallRefused):
        judged("both.example", 443)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers[:1])
    assert str(judged("both.example", 443)) == "8.8.8.8"
