"""What events and jobs tell of themselves when they are scraped."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from city1361.base.kernel import clock
from city1361.base.kernel.measures import Measure
from city1361.base.outbox import queries

_ALLOWED = "SELECT current_setting('max_connections')::int"
_CONNECTIONS = """
SELECT coalesce(state, 'unknown'), count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND usename = current_user GROUP BY 1"""


def read() -> Iterator[Measure]:
    """Events and jobs that wait and for how long, what was given up, and the connections in use."""
    behind = queries.backlog()
    lag = (clock.now() - behind.oldest).total_seconds() if behind.oldest else 0.0
    yield Measure("city1361_outbox_waiting", "Events nobody has been told of yet.", behind.pending)
    yield Measure("city1361_outbox_lag_seconds", "Age of the oldest event that waits.", max(lag, 0.0))
    yield Measure("city1361_outbox_due_deliveries", "Reactions that failed and wait to be tried again.", behind.due)
    yield Measure("city1361_outbox_dead_deliveries", "Reactions that were given up.", behind.dead)
    for queue in queries.queues():
        of = {"queue": queue.name}
        yield Measure("city1361_jobs_waiting", "Jobs whose time has come and that wait.", queue.waiting, of)
        yield Measure("city1361_jobs_failed", "Jobs that failed every attempt.", queue.failed, of)
        yield Measure("city1361_jobs_lag_seconds", "Age of the oldest job that waits.", queue.lag, of)
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTIONS)
        for state, count in cursor.fetchall():
            yield Measure("city1361_database_connections", "Connections of the application.", count, {"state": state})
        cursor.execute(_ALLOWED)
        yield Measure(
            "city1361_database_connections_allowed", "Connections the server allows in all.", cursor.fetchone()[0]
        )
