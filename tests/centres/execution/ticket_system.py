"""A small ticket system of its own, written from docs/reference/webhooks.md alone: it pushes tickets, hears web-hooks
over HTTP, checks their signatures, and sends signed ones back."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def sign(secret: str, timestamp: str, delivery: str, body: bytes) -> str:
    said = f"{timestamp}.{delivery}.".encode() + body
    return "v1=" + hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()


@dataclass
class TicketSystem:
    """Where it listens, the secret it shares, what it heard. answers: statuses to answer with, then 200."""

    address: str = ""
    host: str = ""
    secret: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    deliveries: list[str] = field(default_factory=list)
    forged: int = 0
    answers: list[int] = field(default_factory=list)

    def hear(self, headers: Any, body: bytes) -> int:
        timestamp, delivery = headers["City1361-Timestamp"], headers["City1361-Delivery"]
        if not hmac.compare_digest(sign(self.secret, timestamp, delivery, body), headers["City1361-Signature"]):
            self.forged += 1
            return 401
        if self.answers:
            return self.answers.pop(0)
        if delivery not in self.deliveries:
            self.deliveries.append(delivery)
            self.heard.append(json.loads(body))
        return 200

    def hook(self, said: dict[str, Any] | bytes, *, at: float, delivery: str, secret: str = "") -> dict[str, Any]:
        """A message of its own as keyword arguments of a Django test client's `post`."""
        body = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
        timestamp = str(int(at))
        return {
            "data": body,
            "content_type": "application/json",
            "headers": {
                "City1361-Timestamp": timestamp,
                "City1361-Delivery": delivery,
                "City1361-Signature": sign(secret or self.secret, timestamp, delivery, body),
            },
        }


@contextmanager
def listening() -> Iterator[TicketSystem]:
    """A ticket system on a free port of this machine."""
    system = TicketSystem()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(system.hear(self.headers, body))
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    system.host = f"127.0.0.1:{server.server_address[1]}"
    system.address = f"http://{system.host}/city/hooks"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield system
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
