"""Reads of the grids, scoped by who asks: row security stands behind each of them."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from city1361.base.kernel import clock
from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import Level, Scope
from city1361.grassroots.grids.answers import (
    GridView,
    HouseholdRow,
    ItemView,
    MemberView,
    PlaceRow,
    TaskView,
)
from city1361.grassroots.grids.models import (
    GridProfile,
    GridRules,
    GridTask,
    GridVisit,
    Household,
    KeyPlace,
    MicroGrid,
    Person,
    TaskEntry,
    TeamMember,
)
from city1361.grassroots.grids.terms import (
    Finding,
    GridKind,
    GridTaskKind,
    GridTaskState,
    Permission,
    PlaceKind,
    TeamRole,
)
from city1361.platform.assurance.security.accounts import api as accounts
from city1361.platform.assurance.standards.areas import api as areas

ROLE_ORDER = {role: place for place, role in enumerate(TeamRole)}
PAGE = 60


def items() -> list[ItemView]:
    """The grid item list."""
    content = _rules()
    return [ItemView(**{**item, "kind": GridTaskKind(item["kind"])}) for item in content.get("items", [])]


def tags() -> dict[str, str]:
    """The names of the tags by their code."""
    return {tag["code"]: tag["name"] for tag in _rules().get("tags", [])}


def _rules() -> dict[str, list[dict[str, Any]]]:
    found = GridRules.objects.first()
    content: dict[str, list[dict[str, Any]]] = found.content if found else {}
    return content


def own_grids(scope: Scope) -> list[UUID]:
    """The grids somebody serves by appointment."""
    return sorted(area.id for area in scope.areas if area.level is Level.GRID)


def grid(scope: Scope, grid_id: UUID) -> GridView:
    """A grid within the scope. Raises Missing."""
    lineage = _visible(scope, grid_id)
    profile = GridProfile.objects.filter(grid_id=grid_id).first()
    counted = Counter(KeyPlace.objects.filter(grid_id=grid_id).values_list("kind", flat=True))
    return GridView(
        id=grid_id,
        name=lineage.lowest.short_name,
        path=str(lineage),
        kind=GridKind(profile.kind) if profile else GridKind.ORDINARY,
        purpose=profile.purpose if profile else "",
        team=_team(grid_id),
        micro_grids=tuple(MicroGrid.objects.filter(grid_id=grid_id).order_by("place").values_list("name", flat=True)),
        households=Household.objects.filter(grid_id=grid_id).count(),
        people=Person.objects.filter(grid_id=grid_id).count(),
        places=counted[PlaceKind.PLACE.value],
        facilities=counted[PlaceKind.FACILITY.value],
        synthetic=bool(profile and profile.synthetic),
    )


def _visible(scope: Scope, grid_id: UUID) -> areas.Lineage:
    lineage = areas.lineage(grid_id)
    mine = {area.id for area in scope.areas}
    if lineage.grid is None or not (scope.unlimited or mine & set(lineage.ids)):
        raise Missing()
    return lineage


def _team(grid_id: UUID) -> tuple[MemberView, ...]:
    """By appointments where they exist, then the declared rows. A full-time worker is what an appointed one is."""
    appointed = [
        MemberView(TeamRole.FULL_TIME_WORKER if role != TeamRole.GRID_LEADER else TeamRole.GRID_LEADER, title, "", True)
        for role, title in accounts.appointed_in(grid_id, clock.now())
    ]
    declared = TeamMember.objects.filter(grid_id=grid_id).select_related("micro_grid").order_by("id")
    rows = [
        MemberView(TeamRole(row.role), row.title, row.micro_grid.name if row.micro_grid else "", False)
        for row in declared
    ]
    return tuple(sorted([*appointed, *rows], key=lambda member: ROLE_ORDER[member.role]))


def places(scope: Scope, grid_id: UUID) -> list[PlaceRow]:
    """Key places and facilities of a grid. Raises Missing."""
    _visible(scope, grid_id)
    rows = KeyPlace.objects.filter(grid_id=grid_id).order_by("kind", "id").defer("contact")
    return [PlaceRow(PlaceKind(row.kind), row.name, row.address) for row in rows]


def households(scope: Scope, grid_id: UUID, after: int = 0) -> list[HouseholdRow]:
    """Households of a grid behind the number `after`; one row more than a page holds when there are more."""
    if not scope.allows(Permission.READ_PERSON):
        raise Missing()
    _visible(scope, grid_id)
    rows = (
        Household.objects.filter(grid_id=grid_id, number__gt=after)
        .select_related("micro_grid")
        .annotate(residents=Count("people"))
        .order_by("number")[: PAGE + 1]
    )
    waiting: Counter[UUID | None] = Counter(_open(grid_id).values_list("household_id", flat=True))
    return [
        HouseholdRow(
            row.id,
            row.number,
            row.micro_grid.name if row.micro_grid else "",
            row.address,
            row.residents,
            waiting[row.id],
        )
        for row in rows
    ]


def _open(grid_id: UUID) -> QuerySet[TaskEntry]:
    return TaskEntry.objects.filter(grid_id=grid_id, open=True, task__state=GridTaskState.RUNNING)


def open_stops(scope: Scope) -> int:
    """How many doors wait: households and grids, not tasks."""
    rows = TaskEntry.objects.filter(grid_id__in=own_grids(scope), open=True, task__state=GridTaskState.RUNNING)
    return rows.values("grid_id", "household_id").distinct().count()


def tasks(scope: Scope, size: int = 100) -> list[TaskView]:
    """Tasks of my towns, newest first."""
    if not scope.allows(Permission.FOLLOW_TASK):
        raise Missing()
    return [_task_view(row) for row in _counted().order_by("-id")[:size]]


def task(scope: Scope, task_id: UUID) -> TaskView:
    """One task. Raises Missing."""
    found = _counted().filter(id=task_id).first() if scope.allows(Permission.FOLLOW_TASK) else None
    if found is None:
        raise Missing()
    return _task_view(found)


def _counted() -> QuerySet[Any]:
    return GridTask.objects.annotate(
        total=Count("entries"),
        left=Count("entries", filter=Q(entries__open=True)),
        noticed=Count("entries", filter=Q(entries__finding=Finding.NOTICED)),
    )


def _task_view(row: Any) -> TaskView:
    return TaskView(
        id=row.id,
        version=row.version,
        item=row.item,
        kind=GridTaskKind(row.kind),
        title=row.title,
        guidance=row.guidance,
        reason=row.reason,
        per_household=row.per_household,
        tag=row.tag,
        state=GridTaskState(row.state),
        due_at=row.due_at,
        asked_who=row.asked_who,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        decided_who=row.decided_who,
        refusal=row.refusal,
        done=row.total - row.left,
        total=row.total,
        noticed=row.noticed,
        synthetic=row.synthetic,
    )


def progress_by_grid(scope: Scope, task_id: UUID) -> list[tuple[str, int, int]]:
    """How far a task is in each grid: (grid, done, total). By grid, never by person."""
    task(scope, task_id)
    rows = list(
        TaskEntry.objects.filter(task_id=task_id)
        .values("grid_id")
        .annotate(total=Count("id"), left=Count("id", filter=Q(open=True)))
    )
    lineages = areas.lineages([row["grid_id"] for row in rows])
    named = [(str(lineages[row["grid_id"]]), row["total"] - row["left"], row["total"]) for row in rows]
    return sorted(named)


def photo_visible(scope: Scope, visit_id: str) -> bool:
    """Whether a photograph of a visit may be seen: by those who may read persons there."""
    return scope.allows(Permission.READ_PERSON) and GridVisit.objects.filter(id=visit_id).exists()
