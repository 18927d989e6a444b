"""The security log: one JSON object per line, ids and codes only. Nothing here may hold personal data."""

from __future__ import annotations

import json
import logging

ALLOWED = frozenset({"event", "reason", "method", "route", "account", "permissions", "trace"})
"""An allow-list: a field nobody thought about is dropped, not logged."""

_logger = logging.getLogger("city1361.security")


def note(event: str, **fields: object) -> None:
    """Write down a refused or failed attempt."""
    line = {"event": event, **{name: value for name, value in fields.items() if name in ALLOWED and value}}
    _logger.warning("%s", json.dumps(line, ensure_ascii=False, default=str))
