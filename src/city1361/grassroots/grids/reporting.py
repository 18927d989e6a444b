"""From the report form to a matter, and what the form offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import MatterView, Urgency
from city1361.grassroots.grids import place
from city1361.grassroots.grids.type_forms import chosen_type, default_forms, type_forms
from city1361.platform.components.forms.api import AnswerFields

LIMIT_WORDS = {
    "minute": "{amount}分钟内",
    "natural_hour": "{amount}小时内",
    "working_hour": "{amount}个工作小时",
    "working_day": "{amount}个工作日",
}


def form_context(
    scope: Scope, form: forms.Form, client_key: Any, area: str, asked: AnswerFields | None = None
) -> dict[str, Any]:
    """What the report page shows: categories, types by class and their forms, urgencies with their limits, the place."""
    own = place.own_grid(scope)
    categories = execution.categories()
    asking = default_forms(categories)
    chosen = form["urgency"].value() or Urgency.NORMAL
    urgencies = execution.urgencies()
    return {
        "form": form,
        "client_key": client_key,
        "own": own,
        "place": _chosen(area) or own,
        "categories": [(one, asking.get(one.code, "")) for one in categories],
        "types": _by_class(categories),
        "type_forms": type_forms(categories, asked),
        "urgencies": [
            {
                "value": one.urgency.value,
                "label": _(one.label),
                "limit": _(LIMIT_WORDS[one.unit]).format(amount=one.amount),
                "checked": one.urgency.value == chosen,
            }
            for one in urgencies
        ],
        "example_limits": any(one.example for one in urgencies),
        "photo_purpose": execution.PHOTO_PURPOSE,
    }


def _chosen(area: str) -> place.Place | None:
    """The grid that the picker came back with; nonsense counts as nothing chosen."""
    try:
        return place.grid(UUID(area)) if area else None
    except (ValueError, Missing):
        return None


def _by_class(categories: Sequence[execution.CategoryView]) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, execution.MatterTypeView]] = {}
    for category in categories:
        for one in category.types:
            groups.setdefault(one.class_name or category.name, {})[one.code] = one
    return [{"name": name, "types": list(types.values())} for name, types in groups.items()]


def send_report(by: By, given: dict[str, Any], photos: list[UUID], answers: Mapping[str, Any]) -> MatterView:
    """Report it, with what was answered to the form of its type. A position is taken from WGS-84 to GCJ-02; a chosen grid decides where a position is ambiguous."""
    point = place.coordinates(given["lon"], given["lat"])
    lon, lat = place.to_map(*point) if point else (None, None)
    report: dict[str, Any] = {
        "by": by,
        "client_key": str(given["client_key"]),
        "matter_type": chosen_type(given, execution.categories()),
        "description": given["description"],
        "urgency": given["urgency"],
        "occurred_at": given["occurred_at"],
        "lon": lon,
        "lat": lat,
        "area_id": given["area"],
        "address": given["address"],
        "photos": photos,
        "answers": answers,
    }
    if given["joins"]:  # 我也遇到: merged with what the reporter means, as soon as the system looks
        return execution.report_from(kind=execution.IntakeKind.JOIN, **report)
    return execution.matter_report(**report)
