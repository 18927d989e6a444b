"""Calling another system without being led elsewhere: its host is resolved once, judged, and connected to by that very
address; no redirects, no proxies, five seconds and ten megabytes at most."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import SplitResult, urlsplit

SECONDS = 5.0
MOST_BYTES = 10_000_000
_PIECE = 65_536
# What a translator (NAT64) or an old stack takes for the IPv4 address in the last four bytes.
_HOLDING_IPV4 = tuple(ipaddress.IPv6Network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96"))
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class CallRefused(Exception):
    """The address may not be called, or the call did not end well. `code` is stable, the text is for the log."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code, text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. The body may be cut: it is for the log, not for programs."""

    status: int
    body: bytes


def parse(url: str, private: Collection[str] = ()) -> SplitResult:
    """The parts of an address that may be called: https, or http to a listed private host; no user, no fragment.

    Raises CallRefused.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise CallRefused("address_unreadable") from error
    if not parts.hostname or parts.username or parts.password or parts.fragment or any(ord(mark) < 33 for mark in url):
        raise CallRefused("address_unreadable")
    listed = _listed(parts.hostname, port or _port(parts.scheme), private)
    if parts.scheme != "https" and not (parts.scheme == "http" and listed):
        raise CallRefused("not_https")
    return parts


def judged(host: str, port: int, private: Collection[str] = ()) -> Address:
    """The one address that will be connected to. Raises CallRefused unless it is public, or the host is listed.

    All answers must pass: a name that also points inside is not to be trusted.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CallRefused("host_unknown") from error
    addresses = [_unwrapped(ipaddress.ip_address(str(one[4][0]).split("%")[0])) for one in found]
    if not addresses:
        raise CallRefused("host_unknown")
    if not _listed(host, port, private) and not all(_is_public(one) for one in addresses):
        raise CallRefused("address_not_public")
    return addresses[0]


def post(url: str, body: bytes, headers: Mapping[str, str], *, private: Collection[str] = ()) -> Answer:
    """POST `body`. Raises CallRefused: also for a redirect, an answer too long, and one that takes too long."""
    parts = parse(url, private)
    host, port = parts.hostname or "", parts.port or _port(parts.scheme)
    connection = _Fixed(host, port, judged(host, port, private), tls=parts.scheme == "https")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    watch = threading.Timer(SECONDS, connection.cut)
    watch.start()
    try:
        connection.request("POST", target, body, {**headers, "Connection": "close"})
        with connection.getresponse() as answer:
            made = Answer(_status(answer), _read(answer))
    except (OSError, HTTPException, ValueError) as error:
        raise CallRefused("too_slow" if connection.was_cut else "no_answer", type(error).__name__) from error
    finally:
        watch.cancel()
        connection.close()
    if connection.was_cut:
        raise CallRefused("too_slow")
    return made


class _Fixed(HTTPConnection):
    """A connection to one judged address, whatever the name would say a moment later; TLS still asks for the name."""

    def __init__(self, host: str, port: int, address: Address, *, tls: bool) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self._address, self._tls = address, tls
        self._line: socket.socket | None = None
        self.was_cut = False

    def connect(self) -> None:
        self._line = self.sock = socket.create_connection((str(self._address), self.port), SECONDS)
        if not self._tls:
            return
        try:
            self._line = self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
        except OSError:
            self.sock.close()
            raise

    def cut(self) -> None:
        """End it from outside: an answer that comes drop by drop is given up like one that never comes."""
        self.was_cut = True
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)


def _status(answer: HTTPResponse) -> int:
    if 300 <= answer.status < 400:
        raise CallRefused("redirected")
    return answer.status


def _read(answer: HTTPResponse) -> bytes:
    pieces, size = [], 0
    while piece := answer.read1(_PIECE):
        size += len(piece)
        if size > MOST_BYTES:
            raise CallRefused("answer_too_long")
        pieces.append(piece)
    return b"".join(pieces)


def _is_public(address: Address) -> bool:
    return address.is_global and not address.is_multicast


def _unwrapped(address: Address) -> Address:
    """An IPv4 address that hides in an IPv6 one is judged as what it is."""
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in net for net in _HOLDING_IPV4):
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None) or address
    return address


def _listed(host: str, port: int, private: Collection[str]) -> bool:
    name = f"[{host}]" if ":" in host else host
    return f"{name}:{port}".lower() in {one.lower() for one in private}


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
