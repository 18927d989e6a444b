"""Lists of matters: newest first, page by page, each branch by equality on one level column."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.db.models import Q, QuerySet

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid
from city1361.base.kernel.scope import Level, Scope
from city1361.base.search import api as search
from city1361.centres.execution import shaping
from city1361.centres.execution.answers import MatterPage, TabCounts
from city1361.centres.execution.models import Matter
from city1361.centres.execution.terms import OPEN_STATES, Due, MatterState, Permission, Tab

SEARCH_KIND = "matter"
LARGEST_PAGE = 200
SOON = timedelta(hours=2)
OPEN = Q(state__in=[state.value for state in OPEN_STATES])
ENDED = Q(state__in=[MatterState.CLOSED.value, MatterState.REFUSED.value])


def my_list(
    *,
    scope: Scope,
    by: By,
    tab: Tab | str = Tab.TODO,
    q: str = "",
    state: str = "",
    due: str = "",
    cursor: str | None = None,
    size: int = 50,
) -> MatterPage:
    """The matters of a tab, newest first. todo: what waits for my post; doing: open, with others; done; all.

    q searches number, place and words. cursor is `next_cursor` of the page before. Raises Invalid.
    """
    wanted = _narrowed(q, state, due, scope)
    if wanted is None:
        return MatterPage((), None)
    return page([branch & wanted for branch in _branches(scope, by, _tab(tab))], cursor, size)


def my_reports(*, scope: Scope, by: By, cursor: str | None = None, size: int = 20) -> MatterPage:
    """What `by` reported, newest first."""
    if by.account is None:
        return MatterPage((), None)
    return page([Q(reporter_account=by.account)], cursor, size)


def counts(*, scope: Scope, by: By) -> TabCounts:
    """How many open matters there are for the tabs and chips of a work list."""
    todo, doing = _branches(scope, by, Tab.TODO), _branches(scope, by, Tab.DOING)
    now = clock.now()
    late, soon = Q(total_due_at__lt=now), Q(total_due_at__gte=now, total_due_at__lt=now + SOON)
    return TabCounts(
        todo=_count(todo),
        doing=_count(doing),
        overdue=_count(branch & late for branch in [*todo, *doing]),
        soon=_count(branch & soon for branch in [*todo, *doing]),
    )


def page(branches: Iterable[Q], cursor: str | None, size: int) -> MatterPage:
    """The newest rows of all branches together; each branch is one index scan that stops early."""
    size = max(1, min(size, LARGEST_PAGE))
    before = _cursor(cursor)
    found = [_rows(branch, before)[: size + 1] for branch in branches]
    merged = heapq.merge(*found, key=lambda matter: matter.id, reverse=True)
    rows = list(islice(_distinct(merged), size + 1))
    more = str(rows[size - 1].id) if len(rows) > size else None
    return MatterPage(shaping.rows(rows[:size]), more)


def _rows(branch: Q, before: UUID | None) -> QuerySet[Matter]:
    found = Matter.objects.select_related("type", "lead").filter(branch).order_by("-id")
    return found.filter(id__lt=before) if before else found


def _distinct(rows: Iterable[Matter]) -> Iterable[Matter]:
    last = None
    for row in rows:
        if row.id != last:
            yield row
        last = row.id


def _count(branches: Iterable[Q]) -> int:
    return sum(Matter.objects.filter(branch).count() for branch in branches)


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


def _narrowed(q: str, state: str, due: str, scope: Scope) -> Q | None:
    """The filters of the caller; None when a search found no candidate."""
    wanted = Q()
    if state:
        if state not in set(MatterState):
            known = "、".join(MatterState)
            raise Invalid(
                "bad_state", "没有这个状态", where="state", remedy="可用的状态：{known}", params={"known": known}
            )
        wanted &= Q(state=state)
    if due:
        wanted &= _due(due)
    if q.strip():
        candidates = search.matches(SEARCH_KIND, q, within=_search_keys(scope))
        if not candidates:
            return None
        wanted &= Q(id__in=candidates)
    return wanted


def _due(due: str) -> Q:
    now = clock.now()
    if due == Due.OVERDUE:
        return OPEN & Q(total_due_at__lt=now)
    if due == Due.SOON:
        return OPEN & Q(total_due_at__gte=now, total_due_at__lt=now + SOON)
    raise Invalid("bad_due", "没有这个期限筛选", where="due", remedy="可用：soon、overdue")


def _search_keys(scope: Scope) -> list[UUID] | None:
    if scope.unlimited or any(area.level is Level.CITY for area in scope.areas):
        return None
    keys = {area.id for area in scope.areas} | set(scope.organisations)
    return sorted(keys | ({scope.account} if scope.account else set()))


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
    states_of_centre = [
        state.value
        for state, permission in (
            (MatterState.REPORTED, Permission.ADMIT_MATTER),
            (MatterState.CHECKED, Permission.CLOSE_MATTER),
        )
        if scope.allows(permission)
    ]
    waiting = []
    centres = sorted(scope.organisations)
    if states_of_centre and centres:
        waiting += [
            branch & Q(state__in=states_of_centre, centre__in=centres) & ~_handled_by(by) for branch in _within(scope)
        ]
    if scope.allows(Permission.CHECK_MATTER):
        to_check = Q(state=MatterState.CLOSE_REQUESTED.value) & ~_handled_by(by)
        waiting += [branch & to_check for branch in _within(scope)]
    if scope.allows(Permission.ACKNOWLEDGE_MATTER) and by.organisation:
        open_for_handler = [MatterState.ADMITTED.value, MatterState.HANDLING.value]
        waiting.append(Q(lead=by.organisation, lead_post_code__in=("", by.post), state__in=open_for_handler))
    return waiting


def _handled_by(by: By) -> Q:
    """Matters of one's own post, which others must check and close."""
    return Q(lead_post_code=by.post) if by.post else Q(pk__in=())
