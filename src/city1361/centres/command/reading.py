"""Reads of calls and tasks, for whoever sees them: area in scope, or my organisation takes part."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid, Missing
from city1361.base.kernel.scope import Scope
from city1361.centres.command import shaping
from city1361.centres.command.answers import BoxView, CallView, TaskView, Waiting, WhistleView
from city1361.centres.command.models import Task, Whistle, WhistleCall
from city1361.centres.command.terms import OPEN_CALLS, OPEN_TASKS, Box, CallState, TaskState
from city1361.centres.execution import api as execution

Row = TypeVar("Row", WhistleCall, Task)
LARGEST_PAGE = 200
UNRATED = Q(state=CallState.HELPED.value, help_grade="")
OPEN_CALL = Q(state__in=[state.value for state in OPEN_CALLS])
OPEN_TASK = Q(state__in=[state.value for state in OPEN_TASKS])


def visible_to(scope: Scope, prefix: str = "") -> Q:
    """What row security says too."""
    if scope.unlimited:
        return Q()
    seen = Q(pk__in=())
    for area in scope.areas:
        seen |= Q(**{f"{prefix}{area.level.value}_id": area.id})
    if scope.organisations:
        seen |= Q(**{f"{prefix}organisations__overlap": sorted(scope.organisations)})
    return seen


def whistle(*, scope: Scope, by: By, whistle_id: UUID) -> WhistleView:
    """A whistle with its calls. Raises Missing."""
    row = Whistle.objects.filter(visible_to(scope), pk=whistle_id).first()
    if row is None:
        raise Missing()
    return shaping.whistle(row, by, scope)


def call(*, scope: Scope, by: By, call_id: UUID) -> CallView:
    """A call with what was done to it. Raises Missing."""
    row = _calls(scope).filter(pk=call_id).first()
    if row is None:
        raise Missing()
    return shaping.call(row, by, scope, entries=True)


def task(*, scope: Scope, by: By, task_id: UUID) -> TaskView:
    """A task with what was done to it. Raises Missing."""
    row = Task.objects.filter(visible_to(scope), pk=task_id).first()
    if row is None:
        raise Missing()
    return shaping.task(row, by, scope, entries=True)


def of_matter(*, scope: Scope, by: By, matter_id: UUID) -> BoxView:
    """The calls and tasks of a matter, oldest first: one strip for whoever leads it."""
    calls = _calls(scope).filter(whistle__matter=matter_id).order_by("id")
    tasks = Task.objects.filter(visible_to(scope), matter=matter_id).order_by("id")
    return BoxView(
        tuple(shaping.call(one, by, scope) for one in calls), tuple(shaping.task(one, by, scope) for one in tasks)
    )


def box(
    *, scope: Scope, by: By, box: Box | str = Box.WAITING, calls: str = "", tasks: str = "", size: int = 50
) -> BoxView:
    """Calls and tasks of a box, newest first. `calls` and `tasks` are the cursors of the page before. Raises Invalid."""
    wanted = _box(box)
    size = max(1, min(size, LARGEST_PAGE))
    found_calls, next_calls = _page(_calls(scope).filter(_mine_calls(by, wanted)), calls, size)
    found_tasks, next_tasks = _page(Task.objects.filter(visible_to(scope), _mine_tasks(by, wanted)), tasks, size)
    return BoxView(
        tuple(shaping.call(one, by, scope) for one in found_calls),
        tuple(shaping.task(one, by, scope) for one in found_tasks),
        next_calls,
        next_tasks,
    )


def call_of_matter(*, scope: Scope, by: By, matter_id: UUID) -> UUID | None:
    """The oldest call of a matter that waits for my organisation."""
    rows = _calls(scope).filter(_mine_calls(by, Box.WAITING), whistle__matter=matter_id)
    return rows.order_by("id").values_list("id", flat=True).first()


def task_of_matter(*, scope: Scope, by: By, matter_id: UUID) -> UUID | None:
    """The oldest task of a matter that waits for my post."""
    rows = Task.objects.filter(visible_to(scope), _mine_tasks(by, Box.WAITING), matter=matter_id)
    return rows.order_by("id").values_list("id", flat=True).first()


def waiting(*, scope: Scope, by: By) -> Waiting:
    """How much waits for my organisation, how much of it is over its limit, and how much it sent that is open."""
    now = clock.now()
    calls, tasks = _calls(scope), Task.objects.filter(visible_to(scope))
    to_do = [calls.filter(_mine_calls(by, Box.WAITING)), tasks.filter(_mine_tasks(by, Box.WAITING))]
    sent = [calls.filter(_mine_calls(by, Box.SENT)), tasks.filter(_mine_tasks(by, Box.SENT))]
    late = [to_do[0].filter(due_at__lt=now, answered_at=None), to_do[1].filter(due_at__lt=now)]
    count = [sum(one.count() for one in several) for several in (to_do, late, sent)]
    return Waiting(*count)


def _calls(scope: Scope) -> QuerySet[WhistleCall]:
    return WhistleCall.objects.select_related("whistle").filter(visible_to(scope, "whistle__"))


def _mine_calls(by: By, wanted: Box) -> Q:
    own = by.organisation
    if own is None:
        return Q(pk__in=())
    called, sent, centre = Q(organisation=own), Q(whistle__caller=own), Q(whistle__centre=own)
    to_answer = called & OPEN_CALL & ~Q(state=CallState.DECLINED.value)
    to_dispatch = centre & Q(state=CallState.AWAITING_DISPATCH.value)
    to_decide = sent & (UNRATED | Q(state=CallState.DECLINED.value))
    if wanted is Box.WAITING:
        return to_answer | to_dispatch | to_decide
    if wanted is Box.SENT:
        return sent & OPEN_CALL
    return (called | sent | centre) & ~OPEN_CALL


def _mine_tasks(by: By, wanted: Box) -> Q:
    own = by.organisation
    if own is None:
        return Q(pk__in=())
    mine = Q(organisation=own)
    if wanted is Box.WAITING:
        return mine & OPEN_TASK & Q(post__in=("", by.post))
    if wanted is Box.SENT:
        return Q(giver=own) & OPEN_TASK
    return (mine | Q(giver=own)) & ~OPEN_TASK


def _page(rows: QuerySet[Row], cursor: str, size: int) -> tuple[list[Row], str | None]:
    try:
        before = UUID(cursor) if cursor else None
    except ValueError as error:
        raise Invalid("bad_cursor", "翻页标记无法识别", where="cursor", remedy="请从第一页重新开始") from error
    found = list((rows.filter(pk__lt=before) if before else rows).order_by("-id")[: size + 1])
    return found[:size], str(found[size - 1].pk) if len(found) > size else None


def _box(text: Box | str) -> Box:
    try:
        return Box(text)
    except ValueError as error:
        known = "、".join(Box)
        raise Invalid(
            "bad_box", "没有这个分组", where="box", remedy="可用的分组：{known}", params={"known": known}
        ) from error


def open_work(matter_id: UUID) -> list[execution.OpenWork]:
    """The assisting tasks and calls of a matter that have not ended: its close request asks."""
    tasks = Task.objects.filter(OPEN_TASK, matter=matter_id).order_by("id")
    answered = [CallState.ACCEPTED.value, CallState.ORDERED.value, CallState.ARRIVED.value]
    calls = WhistleCall.objects.select_related("whistle").filter(whistle__matter=matter_id, state__in=answered)
    return [execution.OpenWork(one.title, one.organisation_name) for one in tasks] + [
        execution.OpenWork(one.whistle.demand[:40], one.organisation_name) for one in calls.order_by("id")
    ]


def unanswered(limit: int) -> list[UUID]:
    """Calls whose limit is over and that a centre can dispatch, in the order their limits ended."""
    waits = [CallState.DELIVERED.value, CallState.READ.value]
    found = WhistleCall.objects.filter(state__in=waits, due_at__lte=clock.now()).exclude(whistle__centre=None)
    return list(found.order_by("due_at", "id").values_list("id", flat=True)[:limit])


def unacknowledged(limit: int) -> list[UUID]:
    """Tasks nobody acknowledged within the limit, in the order their limits ended."""
    found = Task.objects.filter(state=TaskState.GIVEN.value, acknowledge_due_at__lte=clock.now())
    return list(found.order_by("acknowledge_due_at", "id").values_list("id", flat=True)[:limit])
