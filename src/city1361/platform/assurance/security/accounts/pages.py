"""Pages of one's own account: who I am here, and under which appointment I act."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from city1361.base.kernel import clock
from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Invalid, Missing
from city1361.platform.assurance.security.accounts import sessions
from city1361.platform.assurance.security.accounts.queries import standing


@endpoint()
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """Title, appointments, and the ways to one's password, second factor and sessions."""
    mine = standing(request.user, sessions.active_of(request.session), clock.now())  # type: ignore[arg-type]
    return render(request, "platform_accounts/me.html", {"standing": mine, "active": mine.active})


@endpoint()
@require_POST
def choose_appointment(request: HttpRequest) -> HttpResponse:
    """Act under another of one's appointments. Raises Invalid when none is named, Missing for one that is not
    one's own or not in force."""
    mine = standing(request.user, None, clock.now())  # type: ignore[arg-type]
    try:
        chosen = UUID(request.POST.get("appointment", ""))
    except ValueError as error:
        raise Invalid(
            "appointment_needed", "请选择一个任职", where="appointment", remedy="请在“我的账号”页选择"
        ) from error
    if chosen not in {appointment.id for appointment in mine.appointments}:
        raise Missing("appointment_missing", "没有这个任职，或它已经终止")
    sessions.activate(request, chosen)
    return HttpResponseRedirect(reverse("home") if request.POST.get("home") else reverse("me"))


urlpatterns = [
    path("me/", me, name="me"),
    path("me/appointment/", choose_appointment, name="choose_appointment"),
]
