"""The door of base.outbox."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from city1361.base.outbox import ticket
from city1361.base.outbox.drainer import drain_once, run_drainer
from city1361.base.outbox.publication import prepare, publish
from city1361.base.outbox.queries import backlog, dead_deliveries, queues
from city1361.base.outbox.queueing import Job, defer, job, periodic
from city1361.base.outbox.subscription import reacts_to
from city1361.base.outbox.terms import ENDING, Backlog, DeadDelivery, DeliveryState, Drained, Event, Occurrence
from city1361.base.outbox.working import run_jobs

__all__ = [
    "ENDING",
    "Backlog",
    "DeadDelivery",
    "DeliveryState",
    "Drained",
    "Event",
    "Job",
    "Occurrence",
    "backlog",
    "dead_deliveries",
    "defer",
    "drain_once",
    "job",
    "live_ticket",
    "periodic",
    "prepare",
    "publish",
    "queues",
    "reacts_to",
    "run_drainer",
    "run_jobs",
]


def live_ticket(topics: tuple[str, ...] | list[str], seconds: int = 3600, *, account: UUID | None = None) -> str:
    """A ticket to hear of `topics` for `seconds`: only for topics whose things the caller may see now.

    account: whose it is; its streams end, and it opens none any more, once that account's sessions are ended.

    A page puts it into the address of its live stream: `<LIVE_URL>?ticket=…`.
    """
    heard = (*topics, f"{ENDING}{account}") if account else tuple(topics)
    return ticket.sign(bytes.fromhex(settings.LIVE_KEY), heard, seconds=seconds)
