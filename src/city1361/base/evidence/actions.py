"""Writing evidence and erasing its personal parts."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from city1361.base.database import api as database
from city1361.base.evidence import canonical
from city1361.base.evidence.terms import ERASE, Prepared, purpose
from city1361.base.kernel import clock
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.ids import new_id

ERASED_PER_ENTRY = 1000
_INSERT = "SELECT evidence_insert(%s::jsonb)"


def prepare(
    *, by: By, action: str, subject: Subject, facts: dict[str, Any], personal: dict[str, Any] | None = None
) -> Prepared:
    """An entry that only needs inserting, by whoever writes what it tells of: see `record` for what it may hold."""
    identifier, at = new_id(), clock.now()
    payload = None if personal is None else canonical.canonical(personal)
    salt = secrets.token_bytes(32)
    canon = canonical.entry(
        identifier=identifier,
        at=at,
        by=by,
        action=action,
        subject=subject,
        facts=facts,
        personal=None if payload is None else canonical.commitment(salt, payload),
    )
    sealed = None if payload is None else database.seal(purpose(identifier), payload.decode())
    return Prepared(identifier, at, action, subject, canon, salt if sealed is not None else None, sealed)


def record(
    *, by: By, action: str, subject: Subject, facts: dict[str, Any], personal: dict[str, Any] | None = None
) -> UUID:
    """Insert one entry in the running transaction (one round trip) and return its id.

    facts stay for ever and hold no personal data; `personal` is sealed beside the entry and can be erased, the entry
    keeps a commitment to it. Values may be text, numbers, booleans, None, UUIDs, aware moments, dates, decimals, lists
    and dicts of them. Raises TypeError or ValueError for anything else, RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("evidence is recorded in the transaction of what it tells of")
    prepared = prepare(by=by, action=action, subject=subject, facts=facts, personal=personal)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [json.dumps([prepared.as_json()])])
    return prepared.id


def erase_personal(entry_ids: Iterable[UUID], *, by: By, reason: str) -> int:
    """Erase the personal parts of entries for good and record that it was done; returns how many were there.

    The caller has decided that it may be done (right to erasure, end of retention). `reason` stays and holds no
    personal data. The entries themselves stay as they are, so every hash of the tree still holds.
    """
    erased = 0
    with transaction.atomic():
        for some in _in_parts(sorted(set(entry_ids))):
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM base_evidence_personal WHERE entry_id = ANY(%s) RETURNING entry_id", [some])
                gone = sorted(row[0] for row in cursor.fetchall())
            if gone:
                subject = Subject("evidence", gone[0], f"{len(gone)}")
                record(by=by, action=ERASE, subject=subject, facts={"entries": gone, "reason": reason})
                erased += len(gone)
    return erased


def _in_parts(ids: Sequence[UUID]) -> Iterable[list[UUID]]:
    return (list(ids[i : i + ERASED_PER_ENTRY]) for i in range(0, len(ids), ERASED_PER_ENTRY))
