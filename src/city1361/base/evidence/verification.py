"""Verifying the log in the database: everything the standalone verifier checks, and what only the database shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from city1361.base.database import api as database
from city1361.base.evidence import canonical, queries, signing
from city1361.base.evidence.hashing import ALGORITHMS
from city1361.base.evidence.terms import ERASE, purpose
from city1361.base.evidence.tree import Edge
from city1361.base.evidence.verifier.evidence_verify import Head, HeadCheck, Report

PORTION = 5000
Progress = Callable[[int, int], None]
_ROWS = """SELECT s.seq, s.entry_id, e.at, e.action, e.subject_kind, e.subject_id, e.canon, p.salt, p.sealed
FROM base_evidence_sequence s
LEFT JOIN base_evidence_entry e ON e.id = s.entry_id
LEFT JOIN base_evidence_personal p ON p.entry_id = s.entry_id
WHERE s.seq >= %s AND s.seq < %s ORDER BY s.seq"""
_WITHOUT_PLACE = """SELECT e.id FROM base_evidence_entry e
WHERE NOT EXISTS (SELECT FROM base_evidence_sequence s WHERE s.entry_id = e.id)
AND NOT EXISTS (SELECT FROM base_evidence_pending p WHERE p.entry_id = e.id) LIMIT 20"""
_WITHOUT_ENTRY = """SELECT p.entry_id FROM base_evidence_pending p
WHERE NOT EXISTS (SELECT FROM base_evidence_entry e WHERE e.id = p.entry_id)
UNION ALL SELECT p.entry_id FROM base_evidence_personal p
WHERE NOT EXISTS (SELECT FROM base_evidence_entry e WHERE e.id = p.entry_id) LIMIT 20"""


@dataclass(slots=True)
class Walk:
    """What is remembered while the rows go by."""

    report: Report
    erased: set[str] = field(default_factory=set)
    without_personal: set[str] = field(default_factory=set)


def verify_log(kept: Iterable[Head] = (), progress: Progress | None = None) -> Report:
    """Verify every row, tile, head and signature, and heads kept elsewhere. Memory does not grow with the log.

    Everything is seen as of one moment; writing goes on meanwhile. Needs a connection outside a transaction.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
        return _verify(list(kept), progress)


def _verify(kept: list[Head], progress: Progress | None) -> Report:
    report = Report()
    walk = Walk(report)
    edges = {name: Edge(digest) for name, digest in ALGORITHMS.items()}
    check = HeadCheck(
        queries.heads(), edges, report, kept=kept, keys=signing.known_keys(), every=True, verify=signing.verify_head
    )
    total = _count()
    for canon in _canons(walk):
        for edge in edges.values():
            edge.add(canon)
        report.rows += 1
        check.grown(report.rows)
        if report.rows % PORTION == 0:
            _tiles(report, edges, [edge.taken() for edge in edges.values()])
            if progress:
                progress(report.rows, total)
    check.finish(report.rows)
    _tiles(report, edges, [edge.taken() + edge.partial() for edge in edges.values()])
    _strays(walk)
    return report


def _count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq) + 1, 0) FROM base_evidence_sequence")
        return int(cursor.fetchone()[0])


def _canons(walk: Walk) -> Iterator[bytes]:
    """The canonical bytes in the order of their places; what is wrong with a row is reported on the way."""
    expected, total = 0, _count()
    for start in range(0, total, PORTION):
        with connection.cursor() as cursor:
            cursor.execute(_ROWS, [start, start + PORTION])
            rows = cursor.fetchall()
        for seq, entry_id, *columns in rows:
            if seq != expected:
                walk.report.add(f"places {expected}–{seq - 1} are missing from the sequence")
            expected = seq + 1
            yield _checked(walk, seq, entry_id, columns)


def _checked(walk: Walk, seq: int, entry_id: UUID, columns: list[Any]) -> bytes:
    at, action, kind, subject, canon, salt, sealed = columns
    where = f"row {seq} ({entry_id})"
    if canon is None:
        walk.report.add(f"{where}: the entry is gone")
        return b""
    canon = bytes(canon)
    try:
        said = json.loads(canon)
        told = said["id"], said["at"], said["action"], said["subject"]["kind"], said["subject"]["id"]
        commitment, erased = said["personal"], said["facts"]["entries"] if action == ERASE else ()
    except (ValueError, KeyError, TypeError):
        walk.report.add(f"{where}: the entry is not in its form")
        return canon
    if told != (str(entry_id), canonical.moment(at), action, kind, subject):
        walk.report.add(f"{where}: its columns say something else than the entry")
    walk.erased.update(erased)
    _personal(walk, where, entry_id, (commitment, salt, sealed))
    return canon


def _personal(walk: Walk, where: str, entry_id: UUID, part: tuple[str | None, Any, Any]) -> None:
    commitment, salt, sealed = part
    if sealed is None:
        if commitment is not None:
            walk.without_personal.add(str(entry_id))
        return
    try:
        payload = database.unseal(purpose(entry_id), bytes(sealed)).encode()
    except database.Unreadable:
        walk.report.add(f"{where}: its personal part cannot be opened: altered, or sealed with an unknown key")
        return
    if commitment is None or canonical.commitment(bytes(salt), payload) != commitment:
        walk.report.add(f"{where}: its personal part is not what the entry commits to")


def _tiles(report: Report, edges: dict[str, Edge], computed: list[list[Any]]) -> None:
    """Stored tiles must be those just computed: receipts are made from them."""
    for name, tiles in zip(edges, computed, strict=True):
        load = queries.tile_loader(name)
        for tile in tiles:
            if load(tile.level, tile.position) != tile.hashes:
                report.add(f"tile {tile.level}/{tile.position} ({name}) is not what the rows give")


def _strays(walk: Walk) -> None:
    """What has no place: entries nobody will sequence, personal parts of nothing, personal parts gone unrecorded."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_PLACE)
        for (entry_id,) in cursor.fetchall():
            walk.report.add(f"entry {entry_id} has no place and does not wait for one: its place was removed")
        cursor.execute(_WITHOUT_ENTRY)
        for (entry_id,) in cursor.fetchall():
            walk.report.add(f"entry {entry_id} is gone: what belonged to it is still there")
        cursor.execute(
            "SELECT e.canon FROM base_evidence_pending p JOIN base_evidence_entry e ON e.id = p.entry_id"
            " WHERE e.action = %s",
            [ERASE],
        )
        for (canon,) in cursor.fetchall():
            walk.erased.update(json.loads(bytes(canon))["facts"]["entries"])
    for entry_id in sorted(walk.without_personal - walk.erased):
        walk.report.add(f"entry {entry_id}: its personal part is gone and no erasure is recorded")
