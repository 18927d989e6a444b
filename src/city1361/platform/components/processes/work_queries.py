"""Work items in their boxes: each a scan of an index of its own, by keyset, for who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet

from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid, Missing
from city1361.base.kernel.scope import AreaRef, Scope
from city1361.platform.components.processes import registration
from city1361.platform.components.processes.models import WorkItem, WorkItemKind
from city1361.platform.components.processes.work_terms import Box, Kind, WorkItemState

PAGE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
COUNTED = 1000  # more are said to be “more than”
OPEN = Q(state=WorkItemState.OPEN.value)
UNDER_WAY = Q(state__in=[WorkItemState.OPEN.value, WorkItemState.CLAIMED.value])


@dataclass(frozen=True, slots=True)
class WorkItemView:
    """A work item as it is listed. mine: who asks has claimed it."""

    id: UUID
    instance_id: UUID | None
    token: str
    kind: str
    title: str
    subject_kind: str
    subject_id: UUID | None
    address: str
    organisation: UUID
    post: str
    account: UUID | None
    shift: str
    district_id: UUID | None
    town_id: UUID | None
    village_id: UUID | None
    grid_id: UUID | None
    opened_at: datetime
    due_at: datetime | None
    amber_at: datetime | None
    state: WorkItemState
    claimed_who: str
    claimed_at: datetime | None
    done_who: str
    done_at: datetime | None
    source: str
    source_key: str
    version: int
    mine: bool
    watched: bool


@dataclass(frozen=True, slots=True)
class WorkItemPage:
    """Some work items and where the next page begins, empty at the end."""

    items: tuple[WorkItemView, ...]
    after: str


def work_items(
    scope: Scope,
    by: By,
    *,
    box: Box = Box.TODO,
    kind: str = "",
    area: AreaRef | None = None,
    post: str = "",
    shift: str = "",
    due_by: datetime | None = None,
    amber_by: datetime | None = None,
    on_duty: tuple[datetime, datetime] | None = None,
    after: str = "",
    limit: int = PAGE,
) -> WorkItemPage:
    """One page of a box: what is due first stands first; what is done, the latest first.

    due_by, amber_by: what is due, or presses, by then. on_duty: what was opened, or is due, in this stretch of time.
    """
    rows = _timed(_narrowed(_box(scope, by, box), kind, area, post, shift), due_by, amber_by, on_duty)
    rows = _beginning(rows, box, after)
    found = list(rows[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return WorkItemPage(tuple(shown(row, by) for row in found), _mark(found[-1], box) if more else "")


def work_item_counts(scope: Scope, by: By, *, kind: str = "", area: AreaRef | None = None) -> dict[Box, int]:
    """How many stand in each box, at most COUNTED + 1."""
    boxes = (Box.TODO, Box.CLAIMED, Box.DONE, Box.WATCHED)
    found = {box: _narrowed(_box(scope, by, box), kind, area, "", "") for box in boxes}
    return {box: len(rows.order_by().values_list("id")[: COUNTED + 1]) for box, rows in found.items()}


def work_items_waiting(scope: Scope, by: By) -> int:
    """How many wait for `by`, claimed or not, at most COUNTED + 1."""
    if by.account is None:
        return 0
    rows = _box(scope, by, Box.TODO) | _box(scope, by, Box.CLAIMED)
    return len(rows.order_by().values_list("id")[: COUNTED + 1])


def work_item(scope: Scope, by: By, item: UUID) -> WorkItemView:
    """Raises Missing when it is not there, or not within the scope."""
    return shown(item_row(scope, by, item), by)


def work_items_of(scope: Scope, by: By, subject_id: UUID) -> list[WorkItemView]:
    """What is open or claimed for a subject, the oldest first."""
    rows = WorkItem.objects.filter(UNDER_WAY, _in_sight(scope), subject_id=subject_id).order_by("id")
    return [shown(row, by) for row in rows[:PAGE]]


def item_row(scope: Scope, by: By, item: UUID, *, lock: bool = False) -> WorkItem:
    rows = WorkItem.objects.filter(_in_sight(scope), id=item)
    row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        raise Missing(where=str(item))
    return row


def holds(scope: Scope, by: By, row: WorkItem) -> bool:
    """Whether an open work item is for `by`: his organisation, there his post, his account, his area."""
    if row.account is not None:
        return row.account == by.account
    areas = {area.id for area in scope.areas}
    return (
        row.organisation in scope.organisations
        and row.post in ("", by.post)
        and (row.holder_area is None or row.holder_area in areas)
    )


def kinds() -> dict[str, Kind]:
    """Every kind: those of this system and those other applications push."""
    foreign = WorkItemKind.objects.filter(withdrawn_at=None)
    return {**registration.own_kinds(), **{row.code: _kind(row) for row in foreign}}


def _kind(row: WorkItemKind) -> Kind:
    return Kind(row.code, row.label, source=row.source, prefix=row.prefix)


def _box(scope: Scope, by: By, box: Box) -> QuerySet[WorkItem]:
    rows = WorkItem.objects.all()
    if by.account is None:
        return rows.none()
    match box:
        case Box.TODO:
            return rows.filter(OPEN, _held(scope, by))
        case Box.CLAIMED:
            return rows.filter(state=WorkItemState.CLAIMED.value, claimed_by=by.account)
        case Box.DONE:
            return rows.filter(done_by=by.account)
        case Box.WATCHED:
            return rows.filter(~Q(watchers=[]), watchers__contains=[by.account])
        case Box.AREA:
            return rows.filter(UNDER_WAY, _in_areas(scope))


def _held(scope: Scope, by: By) -> Q:
    areas = [area.id for area in scope.areas]
    post = Q(
        Q(holder_area=None) | Q(holder_area__in=areas),
        organisation__in=list(scope.organisations),
        post__in=["", by.post] if by.post else [""],
        account=None,
    )
    return post | Q(account=by.account)


def _in_areas(scope: Scope) -> Q:
    found = Q(pk__in=[])
    for area in scope.areas:
        found |= Q(**{f"{area.level.value}_id": area.id})
    return found


def _in_sight(scope: Scope) -> Q:
    """What row security says, but for the sight that only the instance gives."""
    if scope.unlimited:
        return Q()
    found = _in_areas(scope) | Q(organisation__in=list(scope.organisations))
    if scope.account is not None:
        own = ("account", "claimed_by", "done_by")
        found |= Q(*((name, scope.account) for name in own), _connector=Q.OR) | Q(watchers__contains=[scope.account])
    return found


def _narrowed(rows: QuerySet[WorkItem], kind: str, area: AreaRef | None, post: str, shift: str) -> QuerySet[WorkItem]:
    wanted = {"kind": kind, "post": post, "shift": shift}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return rows.filter(**{f"{area.level.value}_id": area.id}) if area else rows


def _timed(
    rows: QuerySet[WorkItem],
    due_by: datetime | None,
    amber_by: datetime | None,
    on_duty: tuple[datetime, datetime] | None,
) -> QuerySet[WorkItem]:
    rows = rows.filter(due_at__lte=due_by) if due_by else rows
    rows = rows.filter(amber_at__lte=amber_by) if amber_by else rows
    return rows.filter(Q(opened_at__gte=on_duty[0]) | Q(due_at__lt=on_duty[1])) if on_duty else rows


def _beginning(rows: QuerySet[WorkItem], box: Box, after: str) -> QuerySet[WorkItem]:
    if box in (Box.DONE, Box.WATCHED):
        return (rows.filter(id__lt=_id(after)) if after else rows).order_by("-id")
    if after:
        moment, _, identifier = after.partition("_")
        at = _moment(moment)
        rows = rows.filter(Q(sort_at__gt=at) | Q(sort_at=at, id__gt=_id(identifier)), sort_at__gte=at)
    return rows.order_by(F("sort_at").asc(), "id")


def _mark(row: WorkItem, box: Box) -> str:
    return (
        str(row.id)
        if box in (Box.DONE, Box.WATCHED)
        else f"{(row.sort_at - EPOCH) // timedelta(microseconds=1)}_{row.id}"
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _wrong_mark() from None


def _moment(text: str) -> datetime:
    try:
        return EPOCH + timedelta(microseconds=int(text))
    except (ValueError, OverflowError):
        raise _wrong_mark() from None


def _wrong_mark() -> Invalid:
    return Invalid("wrong_page_mark", "翻页标记不正确", where="after", remedy="请从第一页重新开始")


def shown(row: WorkItem, by: By) -> WorkItemView:
    return WorkItemView(
        **{name: getattr(row, name) for name in _COPIED},
        state=WorkItemState(row.state),
        mine=by.account is not None and row.claimed_by == by.account,
        watched=by.account is not None and by.account in row.watchers,
    )


_COPIED = tuple(name for name in WorkItemView.__dataclass_fields__ if name not in ("state", "mine", "watched"))
