"""/api/v1/me: who I am here."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from city1361.base.kernel.endpoint import endpoint

router = Router()


class AppointmentOut(Schema):
    """An appointment in force."""

    id: UUID
    role: str
    role_name: str
    post: str
    organisation: str
    area: str
    valid_to: datetime | None


class MeOut(Schema):
    """The person signed in: title, the appointments (the active one first), and what the active one permits."""

    username: str
    title: str
    appointments: list[AppointmentOut]
    permissions: list[str]


@router.get("/", response=MeOut, summary="Who I am here")
@endpoint()
def me_get(request: HttpRequest) -> Any:
    """Title, appointments and permissions of the person signed in."""
    standing, scope = request.standing, request.scope  # type: ignore[attr-defined]
    return {
        "username": standing.username,
        "title": standing.title,
        "permissions": sorted(scope.permissions),
        "appointments": [
            {
                "id": one.id,
                "role": one.role.code,
                "role_name": one.role.name,
                "post": one.post_name,
                "organisation": one.organisation_name,
                "area": one.area_name,
                "valid_to": one.valid_to,
            }
            for one in standing.appointments
        ],
    }
