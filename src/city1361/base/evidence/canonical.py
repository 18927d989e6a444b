"""The one form in which evidence is written, hashed and signed: JSON by RFC 8785 (JCS), for the types used here.

Keys are sorted by UTF-16 code units, nothing is escaped that need not be, there is no blank, text is UTF-8. UUIDs,
moments, dates and decimals become text; a moment is UTC with six decimals and a Z. A whole number beyond ±(2^53-1),
a fraction whose shortest form Python and ECMAScript write differently, bytes and sets are refused rather than guessed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from city1361.base.kernel.by import By, Subject

VERSION = 1
EXACT = 2**53 - 1
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def canonical(value: Any) -> bytes:
    """The canonical bytes of `value`. Raises TypeError or ValueError naming the place of what cannot be written."""
    try:
        return _encode(_plain(value, "")).encode()
    except UnicodeEncodeError:
        raise ValueError("text in evidence must be valid Unicode: a lone surrogate cannot be written") from None


def moment(at: datetime) -> str:
    """An aware moment as text, e.g. 2026-11-22T15:04:05.123456Z."""
    if at.tzinfo is None:
        raise ValueError(f"a moment in evidence must be aware: {at}")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def entry(
    *,
    identifier: UUID,
    at: datetime,
    by: By,
    action: str,
    subject: Subject,
    facts: dict[str, Any],
    personal: str | None,
) -> bytes:
    """The canonical bytes of one entry. `personal` is the commitment to the erasable part (hexadecimal), if any."""
    return canonical(
        {
            "v": VERSION,
            "id": identifier,
            "at": at,
            "action": action,
            "by": {
                "account": by.account,
                "appointment": by.appointment,
                "organisation": by.organisation,
                "post": by.post,
                "label": by.label,
                "channel": by.channel,
                "trace": by.trace,
                "on_behalf_of": by.on_behalf_of,
            },
            "subject": {"kind": subject.kind, "id": subject.id, "label": subject.label},
            "facts": facts,
            "personal": personal,
        }
    )


def commitment(salt: bytes, payload: bytes) -> str:
    """What an entry says of its personal part: HMAC-SHA-256 under a random salt, so nothing can be guessed from it."""
    return hmac.new(salt, payload, hashlib.sha256).hexdigest()


def _plain(value: Any, where: str) -> Any:
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, dict):
        return {
            name: _plain(value[name], f"{where}.{name}") for name in sorted(value, key=lambda key: _order(key, where))
        }
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{where}[{number}]") for number, item in enumerate(value)]
    if isinstance(value, (int, float)):
        return _number(value, where)
    return _text(value, where)


def _order(key: Any, where: str) -> bytes:
    if type(key) is not str:
        raise TypeError(f"{where or 'the value'} has the key {key!r}: keys in evidence are text")
    return key.encode("utf-16-be")


def _number(value: float, where: str) -> int | float:
    whole = value == value // 1 if value - value == 0 else False
    if whole and abs(value) <= EXACT:
        return int(value)
    # Between these bounds repr() and ECMAScript's Number::toString write the same digits.
    if not whole and 1e-4 <= abs(value) < 1e16:
        return value
    raise ValueError(f"{where or 'the value'} is {value!r}: not a number every reader writes alike; record it as text")


def _text(value: Any, where: str) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{where or 'the value'} is a {type(value).__name__}: it cannot be written into evidence")
