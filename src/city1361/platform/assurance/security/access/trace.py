"""The trace joins an answer, the logs, the jobs and the evidence of one request (W3C Trace Context)."""

from __future__ import annotations

import re
import secrets

_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def trace_of(traceparent: str) -> str:
    """The trace id (32 hexadecimal digits) of a `traceparent` header, or a new one when there is none or it is wrong."""
    found = _TRACEPARENT.fullmatch(traceparent.strip())
    return found.group(1) if found else secrets.token_hex(16)
