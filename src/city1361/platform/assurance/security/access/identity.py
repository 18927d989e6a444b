"""Who is signed in, as the shells of the interface show it."""

from __future__ import annotations

from django.http import HttpRequest

from city1361.base.ui.api import Identity
from city1361.platform.assurance.security.accounts import api as accounts


def identity_of(request: HttpRequest) -> Identity | None:
    """Title, organisation and area of the active appointment; None for a stranger. Asks no database."""
    standing: accounts.Standing | None = getattr(request, "standing", None)
    if standing is None:
        return None
    active = standing.active
    if active is None:
        return Identity(standing.shown)
    return Identity(standing.shown, active.organisation_name, active.area_name)
