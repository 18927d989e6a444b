"""Tickets of live streams: a short-lived signed list of topics. Needs neither Django nor the data base."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass

MAXIMUM_TOPICS = 50
MAXIMUM_CHARACTERS = 8000


class BadTicket(Exception):
    """Forged, spoilt or expired."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right to hear of `topics`. number: its own, random. issued, expires: seconds since 1970."""

    number: str
    topics: frozenset[str]
    issued: float
    expires: float


def _signature(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, b"city1361 live ticket\x00" + body, hashlib.sha256)


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def sign(key: bytes, topics: tuple[str, ...], *, seconds: int, now: float | None = None) -> str:
    """A ticket for `topics` that lives `seconds`. Raises ValueError for none or too many topics, or no key."""
    if not key:
        raise ValueError("a live ticket needs a key")
    if not 0 < len(topics) <= MAXIMUM_TOPICS:
        raise ValueError(f"a live ticket holds 1 to {MAXIMUM_TOPICS} topics")
    issued = time.time() if now is None else now
    fields = {"n": secrets.token_hex(6), "t": topics, "i": round(issued, 3), "e": round(issued + seconds, 3)}
    body = json.dumps(fields, separators=(",", ":"))
    return f"{_encode(body.encode())}.{_encode(_signature(key, body.encode()))}"


def verify(key: bytes, text: str, *, now: float | None = None) -> Ticket:
    """The ticket, when this key signed it and it has not expired; BadTicket otherwise."""
    if not key or not 0 < len(text) <= MAXIMUM_CHARACTERS or not text.isascii():
        raise BadTicket("malformed")
    body_text, _, signature_text = text.partition(".")
    try:
        body, signature = _decode(body_text), _decode(signature_text)
    except (binascii.Error, ValueError) as error:
        raise BadTicket("malformed") from error
    if not hmac.compare_digest(signature, _signature(key, body)):
        raise BadTicket("forged")
    fields = json.loads(body)
    ticket = Ticket(fields["n"], frozenset(fields["t"]), fields["i"], fields["e"])
    if ticket.expires <= (time.time() if now is None else now):
        raise BadTicket("expired")
    return ticket
