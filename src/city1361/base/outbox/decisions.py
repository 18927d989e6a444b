"""Pure parts of the outbox: events as JSON and back, notifications that fit, when to try again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from city1361.base.kernel.by import By
from city1361.base.outbox.terms import Event

MAXIMUM_ATTEMPTS = 10
# PostgreSQL refuses a NOTIFY payload of 8000 bytes or more.
NOTIFY_BYTES = 7999
_TOPIC = re.compile(r"[a-z][a-z_]{0,39}:[A-Za-z0-9._-]{1,64}")


class UnreadableEvent(Exception):
    """A stored event whose kind is unknown here or whose fields no longer fit."""


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(Event.kinds[name])


def payload_of(event: Event) -> dict[str, Any]:
    """The fields of `event` as JSON values. Raises pydantic's error when a field holds the wrong type."""
    written: dict[str, Any] = _adapter(event.name).dump_python(event, mode="json", warnings="error")
    return written


def event_from(name: str, payload: dict[str, Any]) -> Event:
    """The event of that name and those fields. Raises UnreadableEvent; unknown fields are left out."""
    if name not in Event.kinds:
        raise UnreadableEvent(f"no event is called {name!r} in this version")
    try:
        event: Event = _adapter(name).validate_python(payload)
    except ValueError as error:
        raise UnreadableEvent(f"{name}: {error}") from error
    return event


def checked_topics(event: Event) -> list[str]:
    """The topics of `event`, once each. Raises ValueError for one that is not `kind:id`."""
    topics = list(dict.fromkeys(event.topics()))
    for topic in topics:
        if not _TOPIC.fullmatch(topic):
            raise ValueError(f"{event.name}: {topic!r} is not a topic; write kind:id")
    return topics


def by_as_json(by: By) -> dict[str, Any]:
    """`by` without its empty parts."""
    return {part: str(value) if isinstance(value, UUID) else value for part, value in asdict(by).items() if value}


def by_from_json(written: dict[str, Any]) -> By:
    """The `By` that `by_as_json` wrote."""
    account, appointment, organisation = (
        UUID(written[part]) if part in written else None for part in ("account", "appointment", "organisation")
    )
    texts = {part: str(written.get(part, "")) for part in ("label", "channel", "post", "trace", "on_behalf_of")}
    return By(account=account, appointment=appointment, organisation=organisation, **texts)


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after that many failed attempts: 5 s, 10 s, 20 s … at most 1 h."""
    return timedelta(seconds=min(5 * 2 ** (max(attempts, 1) - 1), 3600))


def told_of(error: BaseException) -> str:
    """What is kept of an error: its kind and words; of one of the data base the rule that was broken, for its words
    may quote rows."""
    diagnosis = getattr(error, "diag", None) or getattr(error.__cause__, "diag", None)
    if diagnosis is None:
        return f"{type(error).__name__}: {error}"
    rule = (diagnosis.sqlstate, diagnosis.table_name, diagnosis.column_name, diagnosis.constraint_name)
    return f"{type(error).__name__}: {' '.join(filter(None, rule))}"


def live_note(identifier: UUID, name: str, topics: list[str], payload: dict[str, Any]) -> dict[str, Any]:
    """What live streams are told of an event: that it happened and to what, never its contents."""
    note: dict[str, Any] = {"id": str(identifier), "name": name, "topics": topics}
    if isinstance(payload.get("version"), int):
        note["version"] = payload["version"]
    return note


def notifications(notes: Iterable[dict[str, Any]], limit: int = NOTIFY_BYTES) -> list[str]:
    """`notes` as JSON arrays of at most `limit` bytes each, in order; a note with too many topics is split."""
    written: list[str] = []
    batch: list[str] = []
    size = 2
    for text in (text for note in notes for text in _fitting(note, limit - 2)):
        if batch and size + len(text) + 1 > limit:
            written.append(f"[{','.join(batch)}]")
            batch, size = [], 2
        batch.append(text)
        size += len(text) + 1
    if batch:
        written.append(f"[{','.join(batch)}]")
    return written


def _fitting(note: dict[str, Any], limit: int) -> list[str]:
    text = json.dumps(note, separators=(",", ":"))  # ASCII only, so characters are bytes
    topics = note["topics"]
    if len(text) <= limit:
        return [text]
    if len(topics) < 2:
        raise ValueError(f"a live note of {len(text)} bytes cannot be made smaller")
    half = len(topics) // 2
    return [*_fitting({**note, "topics": topics[:half]}, limit), *_fitting({**note, "topics": topics[half:]}, limit)]
