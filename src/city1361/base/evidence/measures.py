"""What the log tells of itself when it is scraped."""

from __future__ import annotations

from collections.abc import Iterator

from city1361.base.evidence import queries
from city1361.base.kernel.measures import Measure


def read() -> Iterator[Measure]:
    """How many entries stand under a head, how many wait for their place, for how long."""
    stands = queries.standing()
    yield Measure("city1361_evidence_entries", "Entries under a signed head.", stands.size)
    yield Measure("city1361_evidence_waiting", "Entries that have no place in the log yet.", stands.waiting)
    yield Measure("city1361_evidence_lag_seconds", "Age of the oldest entry without a place.", stands.lag)
