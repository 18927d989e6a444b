"""Tasks of a town: issued from the item list, or asked for and let in by the commander; ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import clock
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Stale
from city1361.base.kernel.registry import scope_of
from city1361.base.kernel.scope import Level
from city1361.grassroots.grids import decisions, queries, work_items
from city1361.grassroots.grids.answers import ItemView, TaskView
from city1361.grassroots.grids.models import GridTask, Household, TaskEntry
from city1361.grassroots.grids.terms import GridTaskKind, GridTaskState, Permission
from city1361.platform.assurance.standards.areas import api as areas

MOST_ENTRIES = 50_000


def _subject(row: GridTask) -> Subject:
    return Subject("grid_task", row.id, row.title)


@action(Permission.ISSUE_TASK)
def task_issue(
    *, by: By, item: str, due_at: datetime, villages: Sequence[UUID] = (), client_key: str = ""
) -> Outcome[UUID]:
    """Issue an item of the list to the grids of one's town, or of some of its villages. Raises Invalid."""
    known = next((one for one in queries.items() if one.code == item), None)
    if known is None:
        raise Invalid("unknown_item", "网格事项清单没有这一项", where="item", remedy="清单以外的请提出临时任务")
    return _ask(by, known, due_at, villages, client_key, reason="")


@action(Permission.ISSUE_TASK)
def temporary_task_request(
    *,
    by: By,
    kind: GridTaskKind,
    title: str,
    guidance: str,
    reason: str,
    per_household: bool,
    due_at: datetime,
    tag: str = "",
    villages: Sequence[UUID] = (),
    client_key: str = "",
) -> Outcome[UUID]:
    """Ask for a task that the list does not hold. It reaches no grid until the commander lets it in."""
    if not reason.strip():
        raise Invalid("no_reason", "请写明临时任务的理由", where="reason", remedy="说明依据和必要性")
    if tag and tag not in queries.tags():
        raise Invalid("unknown_tag", "没有这个人员标签", where="tag", remedy="请重新选择")
    wanted = ItemView("", title.strip(), GridTaskKind(kind), per_household, tag, guidance.strip(), "", example=False)
    return _ask(by, wanted, due_at, villages, client_key, reason=reason.strip())


def _ask(
    by: By, item: ItemView, due_at: datetime, villages: Sequence[UUID], client_key: str, *, reason: str
) -> Outcome[UUID]:
    if client_key and (again := GridTask.objects.filter(asked_by=by.account, client_key=client_key).first()):
        return Outcome(again.id, subject=_subject(again), unchanged=True)
    now, town = clock.now(), _own_town(by)
    if not decisions.in_time(due_at, now):
        raise Invalid("due_in_the_past", "完成期限已过", where="due_at", remedy="请选择以后的时间")
    _check_villages(town, villages)
    state = decisions.first_state(listed=bool(item.code))
    row = GridTask.objects.create(
        **town_columns(town),
        item=item.code, kind=item.kind.value, title=item.name, guidance=item.guidance, reason=reason,
        per_household=item.per_household, tag=item.tag, villages=list(villages), state=state, due_at=due_at,
        asked_by=by.account, asked_who=by.label, asked_at=now, client_key=client_key,
    )  # fmt: skip
    entries = enter(row) if state is GridTaskState.RUNNING else 0
    if state is GridTaskState.REQUESTED:
        work_items.ask(by, row)
    facts = {"item": item.code, "kind": item.kind.value, "state": state.value, "entries": entries}
    return Outcome(row.id, subject=_subject(row), facts=facts)


def _own_town(by: By) -> areas.Lineage:
    """The one town somebody works for. Raises Missing."""
    towns = [area.id for area in scope_of(by).areas if area.level is Level.TOWN]
    if len(towns) != 1:
        raise Missing()
    return areas.lineage(towns[0])


def _check_villages(town: areas.Lineage, villages: Sequence[UUID]) -> None:
    known = {area.id for area in areas.children(town.lowest.id)}
    if set(villages) - known:
        raise Invalid("unknown_village", "村社区不属于本镇街", where="villages", remedy="请重新选择")


def enter(row: GridTask) -> int:
    """Put the task before its households, or its grids. Raises Conflict when it concerns nobody."""
    made = _of_households(row) if row.per_household else _of_grids(row)
    if not made:
        raise Conflict("nobody_concerned", "所选范围内没有符合条件的对象", remedy="请调整范围或条件")
    if len(made) > MOST_ENTRIES:
        raise Conflict("too_many_entries", "一个任务涉及的户数过多", remedy="请按村社区分批下达")
    TaskEntry.objects.bulk_create(made, batch_size=1000)
    return len(made)


def _of_households(row: GridTask) -> list[TaskEntry]:
    chosen = Household.objects.filter(town_id=row.town_id).defer("address", "address_index", "contact")
    if row.villages:
        chosen = chosen.filter(village_id__in=row.villages)
    if row.tag:
        chosen = chosen.filter(people__tags__contains=[row.tag]).distinct()
    return [
        TaskEntry(
            task=row, household=one, city_id=one.city_id, district_id=one.district_id, town_id=one.town_id,
            village_id=one.village_id, grid_id=one.grid_id,
        )
        for one in chosen
    ]  # fmt: skip


def _of_grids(row: GridTask) -> list[TaskEntry]:
    below = row.villages or [area.id for area in areas.children(row.town_id)]
    grids = [area.id for village in below for area in areas.children(village) if area.level is Level.GRID]
    lineages = areas.lineages(grids)
    return [TaskEntry(task=row, **columns(lineages[grid])) for grid in grids]


def town_columns(town: areas.Lineage) -> dict[str, Any]:
    """The area columns of a task."""
    return {f"{level}_id": getattr(town, level).id for level in ("city", "district", "town")}


def columns(lineage: areas.Lineage) -> dict[str, Any]:
    """The area columns of a row of this grid."""
    return {
        f"{level.value}_id": getattr(lineage, level.value).id if getattr(lineage, level.value) else None
        for level in Level
    }


@action(Permission.APPROVE_TASK)
def temporary_task_approve(*, by: By, task_id: UUID, expected_version: int) -> Outcome[TaskView]:
    """准入: the commander lets a temporary task in; nobody lets in his own. Raises Missing, Stale, Conflict."""
    row = _awaiting(by, task_id, expected_version)
    _decide(row, by, GridTaskState.RUNNING)
    entries = enter(row)
    return Outcome(_view(by, row), subject=_subject(row), facts={"state": row.state, "entries": entries})


@action(Permission.APPROVE_TASK)
def temporary_task_refuse(*, by: By, task_id: UUID, expected_version: int, reason: str) -> Outcome[TaskView]:
    """不予准入, with the reason. Raises Missing, Stale, Conflict, Invalid."""
    if not reason.strip():
        raise Invalid("no_reason", "请写明不予准入的理由", where="reason", remedy="一句话即可")
    row = _awaiting(by, task_id, expected_version)
    row.refusal = reason.strip()
    _decide(row, by, GridTaskState.REFUSED)
    return Outcome(_view(by, row), subject=_subject(row), facts={"state": row.state})


def _awaiting(by: By, task_id: UUID, expected_version: int) -> GridTask:
    row = _locked(task_id, expected_version)
    if row.state != GridTaskState.REQUESTED:
        raise Conflict("not_requested", "此任务不在待准入状态", remedy="请刷新页面")
    if row.asked_by == by.account:
        raise Conflict("own_request", "不能审批自己提出的任务", remedy="请由另一位有权限的人员审批")
    return row


def _locked(task_id: UUID, expected_version: int) -> GridTask:
    row = GridTask.objects.select_for_update(of=("self",)).filter(id=task_id).first()
    if row is None:
        raise Missing()
    if row.version != expected_version:
        raise Stale("task_changed", "此任务刚刚有了变化", remedy="请刷新后再办理")
    return row


def _decide(row: GridTask, by: By, state: GridTaskState) -> None:
    row.state, row.decided_by, row.decided_who, row.decided_at = state.value, by.account, by.label, clock.now()
    row.version += 1
    row.save()
    work_items.settle(by, row)


@action(Permission.ISSUE_TASK)
def task_end(*, by: By, task_id: UUID, expected_version: int) -> Outcome[TaskView]:
    """End a running task: what is not done is asked of nobody any more. Raises Missing, Stale, Conflict."""
    row = _locked(task_id, expected_version)
    if row.state != GridTaskState.RUNNING:
        raise Conflict("not_running", "此任务没有在进行", remedy="请刷新页面")
    row.state, row.ended_at, row.version = GridTaskState.ENDED.value, clock.now(), row.version + 1
    row.save()
    return Outcome(_view(by, row), subject=_subject(row), facts={"state": row.state})


def _view(by: By, row: GridTask) -> TaskView:
    return queries.task(scope_of(by), row.id)
