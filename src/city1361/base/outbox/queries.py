"""How far behind the outbox and the jobs are, and what has been given up on."""

from __future__ import annotations

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from city1361.base.kernel.ids import moment_of
from city1361.base.outbox.models import Delivery, PendingEvent
from city1361.base.outbox.queueing import QUEUES
from city1361.base.outbox.terms import Backlog, DeadDelivery, DeliveryState, Queue

_JOBS = """
SELECT queue_name, count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'failed'),
       coalesce(extract(epoch FROM max(now() - scheduled.at) FILTER (WHERE status = 'todo')), 0)
  FROM procrastinate_jobs j
 CROSS JOIN LATERAL (SELECT coalesce(j.scheduled_at, (SELECT min(e.at) FROM procrastinate_events e
                                                       WHERE e.job_id = j.id)) AS at) AS scheduled
 WHERE status IN ('todo', 'failed') AND (scheduled.at IS NULL OR scheduled.at <= now())
 GROUP BY queue_name"""


def queues() -> list[Queue]:
    """Every queue of the worker, and others in which something stands: jobs whose time has come, jobs that failed."""
    found = {name: Queue(name, 0, 0, 0.0) for name in QUEUES}
    with connection.cursor() as cursor:
        cursor.execute(_JOBS)
        for name, waiting, failed, age in cursor.fetchall():
            found[name] = Queue(name, waiting, failed, float(age))
    return list(found.values())


def backlog() -> Backlog:
    """What waits, what is due again, what is dead."""
    oldest = PendingEvent.objects.order_by("event_id").values_list("event_id", flat=True).first()
    return Backlog(
        pending=PendingEvent.objects.count(),
        due=Delivery.objects.filter(state=DeliveryState.DUE).count(),
        dead=Delivery.objects.filter(state=DeliveryState.DEAD).count(),
        oldest=moment_of(oldest) if oldest else None,
    )


def dead_deliveries(limit: int = 100) -> list[DeadDelivery]:
    """The latest reactions given up on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.event_id, e.name, d.reaction, d.attempts, d.last_error"
            " FROM base_outbox_delivery d JOIN base_outbox_event e ON e.id = d.event_id"
            " WHERE d.state = 'dead' ORDER BY d.event_id DESC LIMIT %s",
            [limit],
        )
        return [DeadDelivery(*row) for row in cursor.fetchall()]


def revive_dead_deliveries() -> int:
    """Have every dead delivery tried again from the start; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE base_outbox_delivery SET state = 'due', attempts = 0, due_at = now() WHERE state = 'dead'"
        )
        return int(cursor.rowcount)


def failed_jobs() -> int:
    """Jobs that failed every attempt and wait for a person."""
    return ProcrastinateJob.objects.filter(status="failed").count()
