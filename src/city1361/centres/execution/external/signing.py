"""Signatures of web-hooks: HMAC-SHA256 over moment, delivery and body, compared in constant time. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

SCHEME = "v1="
WINDOW_SECONDS = 300
LONGEST_BODY = 64 * 1024
DELIVERY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_NOBODY = b"\x00" * 32  # a system that is not registered is checked all the same, so that time tells nothing


@dataclass(frozen=True, slots=True)
class Hook:
    """A web-hook as it arrived: header texts and the body's bytes."""

    timestamp: str
    delivery: str
    signature: str
    body: bytes

    @property
    def moment(self) -> datetime:
        """When it was signed; for one that is well formed."""
        return datetime.fromtimestamp(int(self.timestamp), UTC)


def signature(secret: str, timestamp: str, delivery: str, body: bytes) -> str:
    """What stands in the header `City1361-Signature`."""
    return SCHEME + _digest(secret.encode(), timestamp, delivery, body)


def is_signed(hook: Hook, secrets: Iterable[str]) -> bool:
    """Whether one of the secrets made the signature. Takes the same time for a wrong one and for none at all."""
    given = hook.signature.strip().encode(errors="replace")
    right = False
    for secret in [one.encode() for one in secrets] or [_NOBODY]:
        expected = (SCHEME + _digest(secret, hook.timestamp, hook.delivery, hook.body)).encode()
        same = hmac.compare_digest(expected, given)
        right = right or (same and secret is not _NOBODY)
    return right


def is_well_formed(hook: Hook) -> bool:
    """Whether moment and delivery can be read at all."""
    readable = hook.timestamp.isascii() and hook.timestamp.isdigit() and len(hook.timestamp) <= 12
    return readable and DELIVERY.fullmatch(hook.delivery) is not None


def is_timely(timestamp: str, now: float) -> bool:
    """Whether it was signed less than five minutes from now, either way."""
    return abs(now - int(timestamp)) <= WINDOW_SECONDS


def _digest(secret: bytes, timestamp: str, delivery: str, body: bytes) -> str:
    said = timestamp.encode(errors="replace") + b"." + delivery.encode(errors="replace") + b"." + body
    return hmac.new(secret, said, hashlib.sha256).hexdigest()
