"""Which application acts, by its token or by its code."""

from __future__ import annotations

import hashlib
from uuid import UUID

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import AreaRef, Level, Scope
from city1361.platform.assurance.security.access.models import Application, ApplicationToken
from city1361.platform.assurance.security.access.terms import ApplicationView

PREFIX = "c1361_"


def digest_of(token: str) -> str:
    """What of a token is kept: it is 256 random bits, so a plain hash gives nothing away."""
    return hashlib.sha256(token.encode()).hexdigest()


def application_of_token(token: str) -> ApplicationView | None:
    """The application whose valid token this is."""
    if not token.startswith(PREFIX) or len(token) > 100:
        return None
    found = ApplicationToken.objects.select_related("application").filter(
        digest=digest_of(token), revoked_at=None, expires_at__gt=clock.now(), application__ended_at=None
    )
    row = found.first()
    return _view(row.application) if row else None


def application(code: str) -> ApplicationView:
    """Raises Missing for one that is not there or has ended."""
    row = Application.objects.filter(code=code, ended_at=None).first()
    if row is None:
        raise Missing(where=code)
    return _view(row)


def applications() -> list[ApplicationView]:
    return [_view(row) for row in Application.objects.order_by("code")]


def application_acting(by: By) -> ApplicationView | None:
    """The application behind `by`, None when a person or the system acts."""
    return application_with(by.account) if by.channel == "api" and by.account is not None else None


def application_with(id: UUID) -> ApplicationView | None:
    row = Application.objects.filter(id=id, ended_at=None).first()
    return _view(row) if row else None


def by_of_application(application: ApplicationView, trace: str = "") -> By:
    """The one who acts when an application does: a name, no post, no appointment."""
    return By(application.id, application.name, "api", organisation=application.organisation, trace=trace)


def scope_of_application(application: ApplicationView) -> Scope:
    return Scope(
        account=application.id,
        organisations=frozenset({application.organisation}),
        areas=frozenset({application.area}),
        permissions=application.permissions,
    )


def _view(row: Application) -> ApplicationView:
    area = AreaRef(Level(row.level), row.area_id)
    return ApplicationView(
        row.id, row.code, row.name, row.organisation_id, area, frozenset(row.permissions), row.ended_at
    )
