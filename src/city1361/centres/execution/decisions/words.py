"""Numbers, titles, digests, distances, and how a matter ended. Pure."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from city1361.centres.execution.terms import CloseResult

EARTH_RADIUS = 6_371_000.0


def result_to_close_with(requested: CloseResult | None, chosen: CloseResult | None) -> CloseResult:
    """The closer's word goes before the handler's. A matter nobody gave a result was explained at best."""
    return chosen or requested or CloseResult.EXPLAINED


def closed_by_its_reporter(
    *, reporter: UUID | None, reported_for: UUID | None, handlers: frozenset[UUID], lead: UUID | None
) -> bool:
    """自报自结: the one who reported handled it, or his organisation did. Counted apart and sampled."""
    return (reporter is not None and reporter in handlers) or (reported_for is not None and reported_for == lead)


def matter_number(prefix: str, town_code: str, day: date, serial: int) -> str:
    """`SJ` + nine digits of the town + day + serial of that town and day (four digits, more when they run out)."""
    return f"{prefix}{town_code}{day:%Y%m%d}{serial:04d}"


_CLAUSE = re.compile(r"[。！？；!?;\n]")


def title_of(description: str, type_name: str, limit: int = 20) -> str:
    """A line for lists: the first sentence of what was said, cut at a comma where it is long; else the type."""
    first = _CLAUSE.split(description.strip(), maxsplit=1)[0].strip()
    if not first:
        return type_name
    if len(first) <= limit:
        return first
    head = first[:limit]
    at = max(head.rfind("，"), head.rfind(","))
    return head[:at] if at >= 6 else head[: limit - 1] + "…"


def body_hash(body: Mapping[str, Any]) -> str:
    """A digest of what was reported: the same key with another one is a conflict."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def metres_between(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Distance on the sphere, in metres; coordinates in degrees of one reference system."""
    a, b = math.radians(lat_a), math.radians(lat_b)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(half))
