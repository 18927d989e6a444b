"""Saying that something happened, in the transaction in which it happens."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.ids import new_id
from city1361.base.outbox import decisions
from city1361.base.outbox.terms import Event


def prepare(event: Event, *, by: By) -> dict[str, Any]:
    """An event that only needs inserting: one element of what the SQL function outbox_insert takes.

    Raises ValueError for an event whose fields or topics cannot be written.
    """
    return {
        "id": str(new_id()),
        "name": event.name,
        "payload": decisions.payload_of(event),
        "topics": decisions.checked_topics(event),
        "by": decisions.by_as_json(by),
        "at": clock.now().isoformat(),
    }


def publish(*events: Event, by: By) -> None:
    """Put `events` into the outbox in one round trip. They are told exactly when the caller's transaction commits.

    Raises RuntimeError outside a transaction, ValueError for an event whose fields or topics cannot be written.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event is published in the transaction of the change it tells of")
    if not events:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT outbox_insert(%s::jsonb)", [json.dumps([prepare(event, by=by) for event in events])])
