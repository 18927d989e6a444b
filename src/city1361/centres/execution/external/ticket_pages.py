"""What is exchanged with other ticket systems, for the administrator."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Missing
from city1361.centres.execution import api
from city1361.centres.execution.entry.intake_terms import DELIVERY_LABELS, DIRECTION_LABELS, DeliveryState, Direction
from city1361.centres.execution.terms import STEP_LABELS, Step

MANAGE = api.IntakePermission.MANAGE_TICKET_SYSTEMS
PROBLEMS = {
    "no_answer": "对方没有应答",
    "too_slow": "对方应答过慢",
    "redirected": "对方要求转向，未跟随",
    "address_not_public": "地址不在允许范围",
    "host_unknown": "域名无法解析",
    "answer_too_long": "对方应答过长",
}


@endpoint(MANAGE)
@require_GET
def deliveries(request: Any) -> HttpResponse:
    """The latest messages both ways, and the systems they go to."""
    state = request.GET.get("state", "")
    state = state if state in set(DeliveryState) else ""
    rows = [_row(one) for one in api.ticket_deliveries(scope=request.scope, by=request.by, state=state)]
    home = reverse("ticket_deliveries")
    chips = [("", _("全部")), *((one.value, _(label)) for one, label in DELIVERY_LABELS.items())]
    context = {
        "rows": rows,
        "systems": api.ticket_systems(),
        "chips": [
            {"label": label, "current": value == state, "address": f"{home}?state={value}" if value else home}
            for value, label in chips
        ],
    }
    return render(request, "centres_execution/tickets.html", context)


def _row(one: Any) -> dict[str, Any]:
    state = DeliveryState(one.state)
    words = _(PROBLEMS[one.problem]) if one.problem in PROBLEMS else one.problem
    return {
        "id": one.id,
        "at": one.created_at,
        "system": one.system_id,
        "direction": _(DIRECTION_LABELS[Direction(one.direction)]),
        "number": one.number,
        "subject": _(STEP_LABELS[Step(one.subject)]) if one.subject in set(Step) else one.subject,
        "state": _(DELIVERY_LABELS[state]),
        "mark": {DeliveryState.DELIVERED: "done", DeliveryState.GIVEN_UP: "late"}.get(state, ""),
        "attempts": one.attempts,
        "problem": words,
        "next_at": one.next_at if state is DeliveryState.WAITING else None,
        "again": reverse("ticket_redeliver", args=[one.id]) if state is DeliveryState.GIVEN_UP else "",
    }


@endpoint(MANAGE)
@require_POST
def redeliver(request: Any, delivery_id: UUID) -> HttpResponse:
    """Try again what was given up."""
    try:
        api.ticket_redeliver(by=request.by, delivery_id=delivery_id)
    except Missing:
        messages.warning(request, _("这条消息不需要重发。"))
    else:
        messages.success(request, _("已重新排队。"))
    return HttpResponseRedirect(reverse("ticket_deliveries"))


urlpatterns = [
    path("tickets/", deliveries, name="ticket_deliveries"),
    path("tickets/<uuid:delivery_id>/again/", redeliver, name="ticket_redeliver"),
]
