"""Giving entries their place: tree, signed head, all in one transaction, one sequencer at a time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from city1361.base.evidence import canonical, heads_file, queries, signing
from city1361.base.evidence.hashing import ALGORITHMS
from city1361.base.evidence.tree import Edge, Tile
from city1361.base.evidence.verifier.evidence_verify import HEAD_KIND, Head, head_digest
from city1361.base.kernel import clock

BATCH = 10_000
INTERVAL = 2.0
FIRST = "0" * 64
# Ordered by id so that places follow time as far as commits allow; which entries are taken never depends on the id.
_WAITING = "SELECT entry_id FROM base_evidence_pending ORDER BY entry_id LIMIT %s"
_ENTRIES = "SELECT id, canon FROM base_evidence_entry WHERE id = ANY(%s) ORDER BY id"
_APPEND = """SELECT base_evidence_append(%s, %s::uuid[], %s::smallint[], %s::bigint[], %s::bytea[], %s::bytea[],
%s, %s, %s, %s, %s, %s)"""


def sequence_once(limit: int = BATCH) -> Head | None:
    """Give up to `limit` waiting entries their places and sign the new head.

    Returns the head; None when nothing waits or another process is at it. The head's line reaches
    settings.EVIDENCE_HEADS_FILE once the transaction has committed.
    """
    return _sequence(limit)[0]


def sequence_all() -> Head | None:
    """Sequence until fewer wait than make a batch; returns the last head made, if any."""
    last, taken = None, BATCH
    while taken >= BATCH:
        head, taken = _sequence(BATCH)
        last = head or last
    return last


def run_sequencer(stop: threading.Event, interval: float = INTERVAL) -> None:
    """Sequence until `stop`: what waits gets its place within `interval` seconds and the time a batch takes.

    A failure (the database restarts) is raised: whoever runs this begins again.
    """
    try:
        heads_file.catch_up()
        while not stop.is_set():
            sequence_all()
            stop.wait(interval)
    finally:
        connection.close()


def _sequence(limit: int) -> tuple[Head | None, int]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT base_evidence_lock()")
            if not cursor.fetchone()[0]:
                return None, 0
            cursor.execute(_WAITING, [limit])
            cursor.execute(_ENTRIES, [[row[0] for row in cursor.fetchall()]])
            rows = [(identifier, bytes(canon)) for identifier, canon in cursor.fetchall()]
        if not rows:
            return None, 0
        head = _append(rows)
        transaction.on_commit(heads_file.catch_up)
    return head, len(rows)


def _append(rows: list[tuple[UUID, bytes]]) -> Head:
    before = queries.latest_head()
    size = before["size"] if before else 0
    edges = {name: Edge(digest, size, queries.tile_loader(name)) for name, digest in ALGORITHMS.items()}
    for _identifier, canon in rows:
        for edge in edges.values():
            edge.add(canon)
    body = {
        "kind": HEAD_KIND,
        "size": size + len(rows),
        "at": max(canonical.moment(clock.now()), before["at"] if before else ""),
        "previous": head_digest(before) if before else FIRST,
        **{f"root_{name}": edge.root().hex() for name, edge in edges.items()},
    }
    head = signing.signed(body)
    tiles = {name: edge.taken() + edge.partial() for name, edge in edges.items()}
    _store(size, [identifier for identifier, _canon in rows], tiles, head)
    return head


def _store(first: int, entries: list[UUID], tiles: dict[str, list[Tile]], head: Head) -> None:
    stored = tiles["sha256"]
    values: list[Any] = [
        first,
        entries,
        [tile.level for tile in stored],
        [tile.position for tile in stored],
        [tile.hashes for tile in stored],
        [tile.hashes for tile in tiles["sm3"]],
        datetime.fromisoformat(head["at"]).astimezone(UTC),
        *(bytes.fromhex(head[name]) for name in ("root_sha256", "root_sm3", "previous", "key", "signature")),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, values)
