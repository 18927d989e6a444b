"""Identifiers: UUID version 7 (RFC 9562 section 5.7), ordered by time and monotonic within a process."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

from city1361.base.kernel import clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VERSION_AND_VARIANT = (0x7 << 76) | (0x2 << 62)
_lock = threading.Lock()
_last = 0


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def new_id() -> UUID:
    """A new id, larger than every id this process made before (RFC 9562 section 6.2, method 2).

    The 74 random bits act as a counter: within one millisecond, or when the clock steps back,
    the previous value plus a random step is used, so lists ordered by id keep the order of making.
    """
    global _last
    with _lock:
        stamp = _milliseconds(clock.now())
        candidate = (stamp << 74) | (int.from_bytes(os.urandom(10), "big") >> 6)
        if candidate <= _last:
            candidate = _last + 1 + int.from_bytes(os.urandom(4), "big")
        _last = candidate
    high, random_a, random_b = candidate >> 74, (candidate >> 62) & 0xFFF, candidate & ((1 << 62) - 1)
    return UUID(int=(high << 80) | _VERSION_AND_VARIANT | (random_a << 64) | random_b)


def id_at(moment: datetime) -> UUID:
    """The smallest id of the millisecond of `moment` (aware): the bound of a partition or of a time filter."""
    return UUID(int=(_milliseconds(moment) << 80) | _VERSION_AND_VARIANT)


def moment_of(identifier: UUID) -> datetime:
    """The moment (UTC, millisecond precision) an id was made. Raises ValueError for another UUID version."""
    if identifier.version != 7:
        raise ValueError(f"{identifier} is a version {identifier.version} UUID and carries no moment")
    return _EPOCH + timedelta(milliseconds=identifier.int >> 80)
