"""What `city1361 doctor` says of events and jobs."""

from __future__ import annotations

from datetime import timedelta

from city1361.base.kernel import clock
from city1361.base.kernel.registry import Finding
from city1361.base.outbox import queries

LATE = timedelta(minutes=2)


def findings() -> list[Finding]:
    """Late events, dead deliveries and failed jobs."""
    behind = queries.backlog()
    late = behind.oldest is not None and clock.now() - behind.oldest > LATE
    failed = queries.failed_jobs()
    found = [
        Finding(
            "fail" if late else "ok",
            f"outbox: {behind.pending} events wait, the oldest since {behind.oldest or '-'}",
            "base_outbox_pending",
            "is `city1361 worker` running? Its log tells why it does not drain" if late else "",
        )
    ]
    if behind.dead:
        remedy = "`city1361 outbox dead` names them and their errors; `city1361 outbox revive` has them tried again"
        found.append(Finding("warn", f"outbox: {behind.dead} deliveries given up", "base_outbox_delivery", remedy))
    if failed:
        remedy = "see the worker's log for their errors"
        found.append(Finding("warn", f"jobs: {failed} failed every attempt", "procrastinate_jobs", remedy))
    return found
