"""Handing events on: to reactions, and to live streams. Runs in the worker; several may run at once."""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import close_old_connections, connection, transaction

from city1361.base.database import api as database
from city1361.base.kernel import trace
from city1361.base.kernel.scope import Scope
from city1361.base.outbox import decisions, subscription
from city1361.base.outbox.terms import LIVE_CHANNEL, DeliveryState, Drained, Occurrence

BATCH = 500
SHORTEST_WAIT, LONGEST_WAIT = 0.25, 2.0

logger = logging.getLogger("city1361.outbox")


class ReactionMissingError(Exception):
    """A delivery for a reaction this version does not have."""


class WorkerLostError(Exception):
    """A delivery that was begun as often as allowed and never came to an end."""


@dataclass(frozen=True, slots=True)
class _Due:
    event: UUID
    reaction: str
    attempts: int


def drain_once(batch: int = BATCH) -> Drained:
    """Take up to `batch` new events, tell live streams of them, and run up to `batch` reactions that are due."""
    events = _hand_out(batch)
    outcomes = [_deliver(due) for due in _due(batch)]
    ran = [outcome for outcome in outcomes if outcome is not None]
    return Drained(events, len(ran), ran.count(False))


def run_drainer(stop: threading.Event) -> None:
    """Drain until `stop` is set, waiting longer while nothing happens. Raises when the data base goes away."""
    wait = SHORTEST_WAIT
    try:
        while not stop.is_set():
            close_old_connections()
            if drain_once().idle:
                stop.wait(wait)
                wait = min(wait * 1.5, LONGEST_WAIT)
            else:
                wait = SHORTEST_WAIT
    finally:
        connection.close()


def _hand_out(batch: int) -> int:
    """New events become deliveries and notifications: all of it or nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id, name, payload, topics FROM outbox_claim(%s)", [batch])
        events = [(event, name, json.loads(payload), topics) for event, name, payload, topics in cursor.fetchall()]
        deliveries = [(event, key) for event, name, _, _ in events for key in subscription.reactions_to(name)]
        if deliveries:
            cursor.execute(
                "INSERT INTO base_outbox_delivery (event_id, reaction, state, attempts, due_at, last_error)"
                " SELECT event, reaction, 'due', 0, now(), '' FROM unnest(%s::uuid[], %s::text[]) AS d(event, reaction)"
                " ON CONFLICT DO NOTHING",
                [[event for event, _ in deliveries], [key for _, key in deliveries]],
            )
        notes = [decisions.live_note(event, name, topics, payload) for event, name, payload, topics in events if topics]
        for text in decisions.notifications(notes):
            cursor.execute("SELECT pg_notify(%s, %s)", [LIVE_CHANNEL, text])
    return len(events)


def _due(batch: int) -> list[_Due]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_id, reaction, attempts FROM base_outbox_delivery"
            " WHERE state = 'due' AND due_at <= now() ORDER BY due_at, event_id LIMIT %s",
            [batch],
        )
        return [_Due(*row) for row in cursor.fetchall()]


def _deliver(due: _Due) -> bool | None:
    """True: the reaction ran. False: it failed and waits, or is given up. None: somebody else has it."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Only a count: if a crash loses it, the attempt is made once more.
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(
            "SELECT outbox_attempt(%s, %s, make_interval(secs => %s))",
            [due.event, due.reaction, decisions.retry_delay(due.attempts + 1).total_seconds()],
        )
        if not cursor.fetchone()[0]:
            return None
    if due.attempts >= decisions.MAXIMUM_ATTEMPTS:
        _fail(due, WorkerLostError("the worker died in every attempt"))
        return False
    try:
        # Whoever published may have seen little; what follows from an event is the system's own doing.
        with database.scoped(Scope.everything()):
            return _react(due)
    except Exception as error:
        if connection.connection is None or connection.connection.closed:
            raise
        _fail(due, error)
        return False


def _react(due: _Due) -> bool | None:
    """Run the reaction and note it as done, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.name, e.payload, e.occurred_at, e.acted_by"
            " FROM base_outbox_delivery d JOIN base_outbox_event e ON e.id = d.event_id"
            " WHERE d.event_id = %(event)s AND e.id = %(event)s AND d.reaction = %(reaction)s AND d.state = 'due'"
            # Waits: another drainer that looked at this row a moment too late may hold its lock for an instant.
            " FOR UPDATE OF d",
            {"event": due.event, "reaction": due.reaction},
        )
        row = cursor.fetchone()
        if row is None:
            return None
        name, payload, occurred_at, acted_by = row
        _run(due, name, json.loads(payload), occurred_at, json.loads(acted_by))
        cursor.execute(
            "UPDATE base_outbox_delivery SET state = %s, last_error = '' WHERE event_id = %s AND reaction = %s",
            [DeliveryState.DONE, due.event, due.reaction],
        )
    return True


def _run(due: _Due, name: str, payload: dict[str, Any], occurred_at: Any, acted_by: dict[str, Any]) -> None:
    react = subscription.reaction(due.reaction)
    if react is None:
        raise ReactionMissingError(f"this version has no reaction {due.reaction}")
    by = decisions.by_from_json(acted_by)
    with trace.within(by.trace):
        react(decisions.event_from(name, payload), Occurrence(due.event, occurred_at, by))


def _fail(due: _Due, error: Exception) -> None:
    dead = due.attempts + 1 >= decisions.MAXIMUM_ATTEMPTS
    logger.log(
        logging.ERROR if dead else logging.WARNING,
        "reaction %s to event %s failed (attempt %d)%s",
        due.reaction,
        due.event,
        due.attempts + 1,
        " and is given up" if dead else "",
        exc_info=error,
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE base_outbox_delivery SET state = %s, last_error = %s"
            " WHERE event_id = %s AND reaction = %s AND state = 'due'",
            [
                DeliveryState.DEAD if dead else DeliveryState.DUE,
                decisions.told_of(error)[:2000],
                due.event,
                due.reaction,
            ],
        )
