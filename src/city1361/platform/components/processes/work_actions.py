"""Work items: opened and closed by modules inside their own actions, taken by people, pushed by other applications."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Stale
from city1361.base.kernel.ids import new_id
from city1361.base.outbox import api as outbox
from city1361.platform.components.processes import work_queries
from city1361.platform.components.processes.events import WorkItemChanged
from city1361.platform.components.processes.models import WorkItem
from city1361.platform.components.processes.work_terms import Permission, WorkItemNew, WorkItemState
from city1361.platform.components.processes.writing import item_json

SUBJECT = "work_item"
MOST_AT_ONCE = 100
_INSERT = "SELECT work_items_insert(%s::jsonb, NULL, %s)"
UNDER_WAY = (WorkItemState.OPEN.value, WorkItemState.CLAIMED.value)


def work_item_open(by: By, *new: WorkItemNew) -> list[UUID]:
    """Open work items within the caller's action, whose evidence tells of them; returns their ids."""
    return insert(by, [(item, {}) for item in new])


def insert(by: By, new: Sequence[tuple[WorkItemNew, dict[str, Any]]]) -> list[UUID]:
    """Insert work items and tell of them. Raises RuntimeError outside a transaction, Invalid for an unknown kind."""
    if not connection.in_atomic_block:
        raise RuntimeError("a work item is opened in the transaction of the change that asks for it")
    kinds = work_queries.kinds()
    for item, _more in new:
        if item.kind not in kinds:
            raise unknown_kind(item.kind)
    ids = [new_id() for _ in new]
    rows = [{**item_json(item, id=id), **more} for id, (item, more) in zip(ids, new, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [json.dumps(rows), clock.now()])
    outbox.publish(
        *(
            WorkItemChanged(
                item=id,
                kind=item.kind,
                state=WorkItemState.OPEN,
                organisation=item.holder.organisation,
                source=more.get("source", ""),
            )
            for id, (item, more) in zip(ids, new, strict=True)
        ),
        by=by,
    )
    return ids


def unknown_kind(kind: str) -> Invalid:
    return Invalid(
        "work_item_kind",
        "未登记的待办种类“{kind}”",
        where="kind",
        remedy="请先登记待办种类",
        params={"kind": kind[:60]},
    )


def work_item_close(
    by: By, *, items: Sequence[UUID] = (), subject_id: UUID | None = None, kind: str = "", withdrawn: bool = False
) -> int:
    """Close work items of a module within the caller's action: these, or every one of a subject (and kind).

    Those of a process are closed by the process. Returns how many were under way.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a work item is closed in the transaction of the change that settles it")
    wanted = Q(id__in=list(items)) | (Q(subject_id=subject_id) if subject_id else Q(pk__in=[]))
    rows = WorkItem.objects.select_for_update().filter(wanted, instance_id=None, source="", state__in=UNDER_WAY)
    found = list(rows.filter(kind=kind) if kind else rows)
    for row in found:
        _close(row, by, WorkItemState.WITHDRAWN if withdrawn else WorkItemState.DONE)
    outbox.publish(*(_changed(row) for row in found), by=by)
    return len(found)


@action(Permission.TAKE_WORK_ITEM)
def work_item_claim(*, by: By, item: UUID) -> Outcome[None]:
    """Take one that waits for my post, so that nobody else does it at the same time."""
    row = _row(by, item)
    if row.state == WorkItemState.CLAIMED and row.claimed_by == by.account:
        return Outcome(None, subject=_subject(row), unchanged=True)
    if not work_queries.holds(registry.scope_of(by), by, row):
        raise Missing(where=str(item))
    if row.state != WorkItemState.OPEN:
        raise _taken(row)
    row.state, row.claimed_by, row.claimed_who, row.claimed_at = (
        WorkItemState.CLAIMED.value,
        by.account,
        by.label[:80],
        clock.now(),
    )
    return _changed_to(row, "claim")


@action(Permission.TAKE_WORK_ITEM)
def work_item_release(*, by: By, item: UUID) -> Outcome[None]:
    """Give back one that I claimed."""
    row = _mine(by, item)
    row.state, row.claimed_by, row.claimed_who, row.claimed_at = WorkItemState.OPEN.value, None, "", None
    return _changed_to(row, "release")


@action(Permission.TAKE_WORK_ITEM)
def work_item_done(*, by: By, item: UUID) -> Outcome[None]:
    """Say that one is done, where its kind says that this is harmless. All others are done on their own page."""
    return _done(by, _doable(by, item))


@action(Permission.TAKE_WORK_ITEM)
def work_items_done(*, by: By, items: Sequence[UUID]) -> Outcome[int]:
    """Several at once, where their kind says that this is harmless. All of them or none."""
    if not 0 < len(set(items)) <= MOST_AT_ONCE:
        raise Invalid(
            "too_many_items", "一次可处理1至{most}项", where="items", remedy="请分批处理", params={"most": MOST_AT_ONCE}
        )
    rows = [_doable(by, item) for item in sorted(set(items))]
    for row in rows:
        _close(row, by, WorkItemState.DONE)
    return Outcome(
        len(rows),
        subject=Subject(SUBJECT, rows[0].id, f"{len(rows)}"),
        facts={"step": "done", "items": [row.id for row in rows]},
        events=tuple(_changed(row) for row in rows),
    )


@action(Permission.WATCH_WORK_ITEM)
def work_item_watch(*, by: By, item: UUID, watch: bool = True) -> Outcome[None]:
    """Keep one in my box of what I watch, or take it out again."""
    row, me = _row(by, item), by.account
    if me is None or (me in row.watchers) == watch:
        return Outcome(None, subject=_subject(row), unchanged=True)
    row.watchers = [*row.watchers, me] if watch else [one for one in row.watchers if one != me]
    row.save(update_fields=["watchers"])
    return Outcome(None, subject=_subject(row), facts={"step": "watch" if watch else "unwatch"})


def close_row(row: WorkItem, by: By, state: WorkItemState) -> None:
    _close(row, by, state)


def _row(by: By, item: UUID) -> WorkItem:
    if by.account is None:
        raise Missing(where=str(item))
    return work_queries.item_row(registry.scope_of(by), by, item, lock=True)


def _mine(by: By, item: UUID) -> WorkItem:
    row = _row(by, item)
    if row.state != WorkItemState.CLAIMED or row.claimed_by != by.account:
        raise Conflict("work_item_not_mine", "这项待办不在您的已领取中", where=str(item), remedy="请刷新待办列表")
    return row


def _doable(by: By, item: UUID) -> WorkItem:
    row = _row(by, item)
    mine = row.state == WorkItemState.CLAIMED and row.claimed_by == by.account
    if not mine and not work_queries.holds(registry.scope_of(by), by, row):
        raise Missing(where=str(item))
    if row.instance_id is not None or row.source:
        raise Conflict("work_item_done_elsewhere", "这项待办须在其页面办理", where=str(item), remedy="请打开该事项办理")
    kinds = work_queries.kinds()
    if row.kind not in kinds or not kinds[row.kind].bulk:
        raise Conflict("work_item_one_by_one", "“{title}”须逐项办理", where=str(item), remedy="请打开该事项办理", params={"title": row.title})  # fmt: skip
    if not mine and row.state != WorkItemState.OPEN:
        raise _taken(row)
    return row


def _taken(row: WorkItem) -> Stale:
    who = row.claimed_who or row.done_who
    changes = [{"step": row.state, "who": who, "at": (row.done_at or row.claimed_at or row.opened_at).isoformat()}]
    return Stale("work_item_taken", "这项待办已由他人处理", where=str(row.id), remedy="请刷新待办列表", changes=changes)


def _done(by: By, row: WorkItem) -> Outcome[None]:
    _close(row, by, WorkItemState.DONE)
    return Outcome(None, subject=_subject(row), facts={"step": "done", "kind": row.kind}, events=(_changed(row),))


def _close(row: WorkItem, by: By, state: WorkItemState) -> None:
    row.state, row.done_at = state.value, clock.now()
    if state is WorkItemState.DONE:
        row.done_by, row.done_who = by.account, by.label[:80]
    row.version += 1
    row.save()


def _changed_to(row: WorkItem, step: str) -> Outcome[None]:
    row.version += 1
    row.save()
    return Outcome(None, subject=_subject(row), facts={"step": step, "kind": row.kind}, events=(_changed(row),))


def _subject(row: WorkItem) -> Subject:
    return Subject(SUBJECT, row.id, row.kind)


def _changed(row: WorkItem) -> WorkItemChanged:
    return WorkItemChanged(
        item=row.id, kind=row.kind, state=row.state, organisation=row.organisation, source=row.source
    )
