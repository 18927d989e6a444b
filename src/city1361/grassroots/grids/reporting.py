"""From the report form to a matter, and what the form offers."""

from __future__ import annotations

from collections.abc import Sequence
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

LIMIT_WORDS = {
    "minute": "{amount}分钟内",
    "natural_hour": "{amount}小时内",
    "working_hour": "{amount}个工作小时",
    "working_day": "{amount}个工作日",
}


def form_context(scope: Scope, form: forms.Form, client_key: Any, area: str) -> dict[str, Any]:
    """What the report page shows: categories, types by class, urgencies with their limits, and the place."""
    own = place.own_grid(scope)
    categories = execution.categories()
    chosen = form["urgency"].value() or Urgency.NORMAL
    urgencies = execution.urgencies()
    return {
        "form": form,
        "client_key": client_key,
        "own": own,
        "place": _chosen(area) or own,
        "categories": categories,
        "types": _by_class(categories),
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


def send_report(by: By, given: dict[str, Any], photos: list[UUID]) -> MatterView:
    """Report it. A position is taken from WGS-84 to GCJ-02; a chosen grid decides where a position is ambiguous."""
    types = {category.code: category.default_type for category in execution.categories()}
    matter_type = given["matter_type"] or types.get(given["category"], given["category"])
    point = place.coordinates(given["lon"], given["lat"])
    lon, lat = place.to_map(*point) if point else (None, None)
    report: dict[str, Any] = {
        "by": by,
        "client_key": str(given["client_key"]),
        "matter_type": matter_type,
        "description": given["description"],
        "urgency": given["urgency"],
        "occurred_at": given["occurred_at"],
        "lon": lon,
        "lat": lat,
        "area_id": given["area"],
        "address": given["address"],
        "photos": photos,
    }
    if given["joins"]:  # 我也遇到: merged with what the reporter means, as soon as the system looks
        return execution.report_from(kind=execution.IntakeKind.JOIN, **report)
    return execution.matter_report(**report)
