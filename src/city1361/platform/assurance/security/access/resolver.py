"""Who acts and what he may see, worked out once per request and never kept longer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope
from city1361.platform.assurance.security.access import decisions, queries
from city1361.platform.assurance.security.accounts import api as accounts

_held: ContextVar[tuple[By, Scope] | None] = ContextVar("scope of this request", default=None)


@contextmanager
def holding(by: By, scope: Scope) -> Iterator[None]:
    """Within one request `scope_of(by)` need not ask the database again."""
    token = _held.set((by, scope))
    try:
        yield
    finally:
        _held.reset(token)


def by_of(standing: accounts.Standing, *, channel: str, trace: str) -> By:
    """The one who acts under the active appointment."""
    active = standing.active
    if active is None:
        return By(standing.account, standing.shown, channel, trace=trace)
    return By(
        account=standing.account,
        label=standing.shown,
        channel=channel,
        appointment=active.id,
        organisation=active.organisation,
        post=active.post_code,
        trace=trace,
    )


def scope_under(account: UUID, appointment: accounts.AppointmentView | None) -> Scope:
    """The scope of an account acting under this appointment, or under none."""
    if appointment is None:
        return decisions.scope_on(account, None)
    footing = decisions.Footing(
        organisation=appointment.organisation,
        area=appointment.area,
        permissions=appointment.role.permissions,
        ends=appointment.valid_to,
    )
    return decisions.scope_on(account, footing)


def scope_of(by: By) -> Scope:
    """The scope of `by` at this moment. An appointment that has ended, or an account that is disabled, has none."""
    held = _held.get()
    if held is not None and held[0] == by:
        return held[1]
    if by.account is None:
        return Scope.nothing()
    standing = accounts.standing_of(by.account, by.appointment, clock.now())
    if standing is None:
        acting = queries.application_acting(by)
        return queries.scope_of_application(acting) if acting else Scope.nothing()
    active = next((one for one in standing.appointments if one.id == by.appointment), None)
    return scope_under(by.account, active)


def may(by: By, permission: str) -> bool:
    """The authoriser: one policy for pages, API, jobs and commands."""
    return scope_of(by).allows(permission)
