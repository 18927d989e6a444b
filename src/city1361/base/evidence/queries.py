"""Reading the log: heads, tiles, entries, how far behind the sequencer is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from city1361.base.database import api as database
from city1361.base.evidence.canonical import moment
from city1361.base.evidence.models import EvidenceEntry, EvidenceHead, EvidencePersonal, EvidenceTile, PendingEvidence
from city1361.base.evidence.terms import Entry, Standing, purpose
from city1361.base.evidence.tree import Load
from city1361.base.evidence.verifier.evidence_verify import HEAD_KIND, Head
from city1361.base.kernel import clock

_ENTRIES = """SELECT e.id, e.at, e.canon, s.seq FROM base_evidence_entry e
LEFT JOIN base_evidence_sequence s ON s.entry_id = e.id"""


def latest_head() -> Head | None:
    """The newest head, as it is signed; None before the first entry has its place."""
    row = EvidenceHead.objects.order_by("-size").first()
    return _head(row) if row else None


def head_of(size: int) -> Head | None:
    """The head of exactly this size."""
    row = EvidenceHead.objects.filter(size=size).first()
    return _head(row) if row else None


def heads(above: int = 0, portion: int = 2000) -> Iterator[Head]:
    """The heads of sizes above `above`, growing, fetched in portions."""
    while rows := list(EvidenceHead.objects.filter(size__gt=above).order_by("size")[:portion]):
        yield from map(_head, rows)
        above = rows[-1].size


def tile_loader(column: str) -> Load:
    """Brings tiles of one hash function (`sha256` or `sm3`); empty when the tile is not there."""

    def load(level: int, position: int) -> bytes:
        found = EvidenceTile.objects.filter(level=level, position=position).values_list(column, flat=True).first()
        return bytes(found) if found is not None else b""

    return load


def standing() -> Standing:
    """How the log stands now."""
    newest = latest_head()
    # By the entry's own time: after a clock that jumped back, ids of one process run ahead of it.
    first = PendingEvidence.objects.order_by("entry_id").values("entry_id")[:1]
    oldest = EvidenceEntry.objects.filter(id__in=first).values_list("at", flat=True).first()
    return Standing(
        size=newest["size"] if newest else 0,
        head_at=datetime.fromisoformat(newest["at"]) if newest else None,
        waiting=PendingEvidence.objects.count(),
        lag=max((clock.now() - oldest).total_seconds(), 0.0) if oldest else 0.0,
    )


def entry(entry_id: UUID) -> Entry | None:
    """One entry."""
    found = _entries(f"{_ENTRIES} WHERE e.id = %s", [entry_id])
    return found[0] if found else None


def latest_entries(limit: int = 50) -> list[Entry]:
    """The newest entries first."""
    return _entries(f"{_ENTRIES} ORDER BY e.id DESC LIMIT %s", [limit])


def entries_about(kind: str, identifier: UUID | str, limit: int = 200) -> list[Entry]:
    """The entries about one subject, the newest first."""
    where = "WHERE e.subject_kind = %s AND e.subject_id = %s ORDER BY e.id DESC LIMIT %s"
    return _entries(f"{_ENTRIES} {where}", [kind, str(identifier), limit])


def personal_part(entry_id: UUID) -> dict[str, Any] | None:
    """The personal part of an entry; None when it has none or it was erased. Raises Unreadable without its key."""
    sealed = EvidencePersonal.objects.filter(entry_id=entry_id).values_list("sealed", flat=True).first()
    if sealed is None:
        return None
    opened: dict[str, Any] = json.loads(database.unseal(purpose(entry_id), bytes(sealed)))
    return opened


def canon_of(seq: int) -> bytes:
    """The canonical bytes of the entry at a place."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.canon FROM base_evidence_sequence s JOIN base_evidence_entry e ON e.id = s.entry_id"
            " WHERE s.seq = %s",
            [seq],
        )
        return bytes(cursor.fetchone()[0])


def _entries(statement: str, values: list[Any]) -> list[Entry]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return [_entry(identifier, at, json.loads(bytes(canon)), seq) for identifier, at, canon, seq in rows]


def _entry(identifier: UUID, at: datetime, said: dict[str, Any], seq: int | None) -> Entry:
    return Entry(identifier, at, said["action"], said["by"], said["subject"], said["facts"], seq)


def _head(row: EvidenceHead) -> Head:
    return {
        "kind": HEAD_KIND,
        "size": row.size,
        "at": moment(row.at),
        "root_sha256": bytes(row.root_sha256).hex(),
        "root_sm3": bytes(row.root_sm3).hex(),
        "previous": bytes(row.previous).hex(),
        "key": bytes(row.key).hex(),
        "signature": bytes(row.signature).hex(),
    }
