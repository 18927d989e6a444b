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
# Three plain look-ups by key instead of one join: no stale statistics can make a plan of these that reads the whole
# log for each portion.
_PLACES = "SELECT seq, entry_id::text FROM base_evidence_sequence WHERE seq >= %s ORDER BY seq LIMIT %s"
_ENTRIES = """SELECT id::text, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), action, subject_kind,
subject_id, canon FROM base_evidence_entry WHERE id = ANY(%s::uuid[])"""
_PERSONAL = "SELECT entry_id::text, salt, sealed FROM base_evidence_personal WHERE entry_id = ANY(%s::uuid[])"
_GONE = (None,) * 5
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
        cursor.execute("SELECT coalesce(max(seq), -1) FROM base_evidence_sequence")
        return int(cursor.fetchone()[0]) + 1


def _canons(walk: Walk) -> Iterator[bytes]:
    """The canonical bytes in the order of their places; what is wrong with a row is reported on the way."""
    expected, places = 0, [(0, "")]
    while places:
        with connection.cursor() as cursor:
            cursor.execute(_PLACES, [expected, PORTION])
            places = cursor.fetchall()
            ids = [entry_id for _seq, entry_id in places]
            cursor.execute(_ENTRIES, [ids])
            entries = {row[0]: row[1:] for row in cursor.fetchall()}
            cursor.execute(_PERSONAL, [ids])
            personal = {row[0]: row[1:] for row in cursor.fetchall()}
        for seq, entry_id in places:
            if seq != expected:
                walk.report.add(f"places {expected}–{seq - 1} are missing from the sequence")
            expected = seq + 1
            yield _checked(
                walk, f"row {seq} ({entry_id})", entry_id, entries.get(entry_id, _GONE), personal.get(entry_id)
            )


def _checked(walk: Walk, where: str, entry_id: str, columns: tuple[Any, ...], personal: Any) -> bytes:
    at, action, kind, subject, stored = columns
    if stored is None:
        walk.report.add(f"{where}: the entry is gone")
        return b""
    canon = bytes(stored)
    try:
        said = json.loads(canon)
        told = said["id"], said["at"], said["action"], said["subject"]["kind"], said["subject"]["id"]
        commitment, erased = said["personal"], said["facts"]["entries"] if action == ERASE else ()
    except (ValueError, KeyError, TypeError):
        walk.report.add(f"{where}: the entry is not in its form")
        return canon
    if told != (entry_id, at, action, kind, subject):
        walk.report.add(f"{where}: its columns say something else than the entry")
    walk.erased.update(erased)
    if personal is not None:
        _personal(walk, where, entry_id, commitment, *personal)
    elif commitment is not None:
        walk.without_personal.add(entry_id)
    return canon


def _personal(walk: Walk, where: str, entry_id: str, commitment: str | None, *part: Any) -> None:
    salt, sealed = map(bytes, part)
    try:
        payload = database.unseal(purpose(UUID(entry_id)), sealed).encode()
    except database.Unreadable:
        walk.report.add(f"{where}: its personal part cannot be opened: altered, or sealed with an unknown key")
        return
    if commitment is None or canonical.commitment(salt, payload) != commitment:
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
