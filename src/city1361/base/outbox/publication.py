"""Saying that something happened, in the transaction in which it happens."""

from __future__ import annotations

import json

from django.db import connection

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.ids import new_id
from city1361.base.outbox import decisions
from city1361.base.outbox.terms import Event


def publish(*events: Event, by: By) -> None:
    """Put `events` into the outbox. They are told exactly when the caller's transaction commits.

    Raises RuntimeError outside a transaction, ValueError for an event whose fields or topics cannot be written.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event is published in the transaction of the change it tells of")
    acted_by = json.dumps(decisions.by_as_json(by))
    rows = [
        (
            new_id(),
            event.name,
            json.dumps(decisions.payload_of(event)),
            decisions.checked_topics(event),
            acted_by,
            clock.now(),
        )
        for event in events
    ]
    with connection.cursor() as cursor:
        cursor.executemany("SELECT outbox_publish(%s, %s, %s::jsonb, %s::text[], %s::jsonb, %s)", rows)
