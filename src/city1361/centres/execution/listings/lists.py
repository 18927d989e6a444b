"""Lists of matters: newest first, page by page, each branch by equality on one level column."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, prefetch_related_objects

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import shaping
from city1361.centres.execution.answers import MatterPage, TabCounts
from city1361.centres.execution.listings import filtering
from city1361.centres.execution.listings.filtering import OPEN, SOON, narrowed
from city1361.centres.execution.listings.filters import Wanted, wanted_from
from city1361.centres.execution.models import Matter
from city1361.centres.execution.terms import MatterState, Permission, Tab

SEARCH_KIND = filtering.SEARCH_KIND
LARGEST_PAGE = 200
MOST_COUNTED = 10_000
ENDED = Q(state__in=[state.value for state in MatterState if not state.is_open])


# Where a matter waits for a centre, who there may go on with it, and which of its centres that is.
AT_CENTRES = (
    (MatterState.REPORTED, Permission.ADMIT_MATTER, "current_centre"),
    (MatterState.DISPATCHING, Permission.ROUTE_MATTER, "current_centre"),
    (MatterState.DESIGNATING, Permission.DESIGNATE_MATTER, "ruling_centre"),
    (MatterState.CHECKED, Permission.CLOSE_MATTER, "centre"),
)
LOOKED_AT = (
    (MatterState.VERIFYING, Permission.VERIFY_MATTER),
    (MatterState.CLOSE_REQUESTED, Permission.CHECK_MATTER),
)


def my_list(
    *, scope: Scope, by: By, tab: Tab | str = Tab.TODO, cursor: str | None = None, size: int = 50, **filters: Any
) -> MatterPage:
    """The matters of a tab, newest first. todo: what waits for my post; doing: open, with others; done; all.

    filters: see filters.Wanted; `q` searches number, place and words. cursor is `next_cursor` of the page before. Raises
    Invalid.
    """
    branches = branches_of(scope, by, tab, wanted_from(filters))
    return page(branches, cursor, size)


def branches_of(scope: Scope, by: By, tab: Tab | str, wanted: Wanted) -> list[Q]:
    """The conditions of a tab under filters, each by equality on one level column; none when nothing can be left."""
    known, left = _tab(tab), narrowed(wanted, scope)
    if left is None:
        return []
    return [branch & left.condition for branch in _branches(left.scope, by, known)]


def counted(*, scope: Scope, by: By, tab: Tab | str = Tab.ALL, most: int = MOST_COUNTED, **filters: Any) -> int:
    """How many matters the filters leave, at most `most` (more of them are not looked at)."""
    total = 0
    for branch in branches_of(scope, by, tab, wanted_from(filters)):
        total += Matter.objects.filter(branch).order_by("-id").values("id")[: most - total].count()
        if total >= most:
            break
    return total


def my_reports(*, scope: Scope, by: By, cursor: str | None = None, size: int = 20) -> MatterPage:
    """What `by` reported, newest first."""
    if by.account is None:
        return MatterPage((), None)
    return page([Q(reporter_account=by.account)], cursor, size)


def counts(*, scope: Scope, by: By) -> TabCounts:
    """How many open matters there are for the tabs and chips of a work list."""
    todo, doing = (_counted_once(_branches(scope, by, tab)) for tab in (Tab.TODO, Tab.DOING))
    return TabCounts(
        todo=todo["all"], doing=doing["all"], overdue=todo["late"] + doing["late"], soon=todo["soon"] + doing["soon"]
    )


def page(branches: Iterable[Q], cursor: str | None, size: int) -> MatterPage:
    """The newest rows of all branches together; each branch is one index scan that stops early."""
    size = max(1, min(size, LARGEST_PAGE))
    rows = newest(branches, _cursor(cursor), size + 1)
    more = str(rows[size - 1].id) if len(rows) > size else None
    return MatterPage(shaping.rows(rows[:size]), more)


def newest(branches: Iterable[Q], before: UUID | None, size: int) -> list[Matter]:
    """The newest rows of all branches together, older than `before`.

    Types and units are fetched by their ids afterwards: joined to every month, planning would cost more than reading.
    """
    found = [_rows(branch, before)[:size] for branch in branches]
    merged = heapq.merge(*found, key=lambda matter: matter.id, reverse=True)
    rows = list(islice(_distinct(merged), size))
    prefetch_related_objects(rows, "type", "lead")
    return rows


def _rows(branch: Q, before: UUID | None) -> QuerySet[Matter]:
    found = Matter.objects.filter(branch).order_by("-id")
    return found.filter(id__lt=before) if before else found


def _distinct(rows: Iterable[Matter]) -> Iterable[Matter]:
    last = None
    for row in rows:
        if row.id != last:
            yield row
        last = row.id


def _counted_once(branches: Iterable[Q]) -> Counter[str]:
    """All that is counted of each branch by one pass over its open rows."""
    now, total = clock.now(), Counter[str]()
    late, soon = Q(total_due_at__lt=now), Q(total_due_at__gte=now, total_due_at__lt=now + SOON)
    for branch in branches:
        total.update(
            Matter.objects.filter(branch).aggregate(
                all=Count("pk"), late=Count("pk", filter=late), soon=Count("pk", filter=soon)
            )
        )
    return total


def _cursor(text: str | None) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid("bad_cursor", "翻页标记无法识别", where="cursor", remedy="请从第一页重新开始") from error


def _tab(text: Tab | str) -> Tab:
    try:
        return Tab(text)
    except ValueError as error:
        known = "、".join(Tab)
        raise Invalid(
            "bad_tab", "没有这个分组", where="tab", remedy="可用的分组：{known}", params={"known": known}
        ) from error


def _within(scope: Scope) -> list[Q]:
    """What the scope reaches, each by equality on one column: its areas, or without any the organisations."""
    if scope.unlimited:
        return [Q()]
    if scope.areas:
        return [Q(**{f"{area.level.value}_id": area.id}) for area in sorted(scope.areas)]
    return [Q(lead=organisation) for organisation in sorted(scope.organisations)]


def _branches(scope: Scope, by: By, tab: Tab) -> list[Q]:
    if tab is Tab.TODO:
        return _waiting(scope, by)
    within = _within(scope)
    if tab is Tab.DONE:
        return [branch & ENDED for branch in within]
    if tab is Tab.ALL:
        return within
    mine = Q(pk__in=())
    for branch in _waiting(scope, by):
        mine |= branch
    return [branch & OPEN & ~mine for branch in within]


def _waiting(scope: Scope, by: By) -> list[Q]:
    """What waits for this post, by its permissions. The branches exclude one another by state."""
    here, looked_at = Q(pk__in=()), Q(pk__in=())
    centres = sorted(scope.organisations)
    for state, permission, holder in AT_CENTRES:
        if centres and scope.allows(permission):
            here |= Q(state=state.value, **{f"{holder}__in": centres})
    for state, permission in LOOKED_AT:
        if scope.allows(permission):
            checking = Q(centre__in=centres) | Q(current_centre__in=centres)
            looked_at |= Q(state=state.value) & (
                checking if state is MatterState.CLOSE_REQUESTED else ~_reported_by(by)
            )
    reached = [one for one in (here, looked_at) if one != Q(pk__in=())]
    waiting = [branch & one & ~_handled_by(by) for one in reached for branch in _within(scope)]
    if scope.allows(Permission.ACKNOWLEDGE_MATTER) and by.organisation:
        open_for_handler = [MatterState.ADMITTED.value, MatterState.HANDLING.value]
        mine = Q(lead_post_code__in=("", by.post)) | Q(delegate_post_code=by.post, delegate_post__isnull=False)
        waiting.append(Q(lead=by.organisation, state__in=open_for_handler) & mine)
    return waiting


def _reported_by(by: By) -> Q:
    """One's own reports, which others must verify."""
    return Q(reporter_account=by.account) if by.account else Q(pk__in=())


def _handled_by(by: By) -> Q:
    """Matters of one's own post, which others must check and close."""
    return Q(lead_post_code=by.post) if by.post else Q(pk__in=())
