"""疑似重复 while a report is being typed: a reporter learns how many there are, an official which."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from city1361.base.kernel.endpoint import endpoint
from city1361.centres.execution import api as execution
from city1361.grassroots.grids import place


class TypedForm(forms.Form):
    """A report as far as it has been typed: everything may be missing."""

    category = forms.CharField(required=False, max_length=40)
    matter_type = forms.CharField(required=False, max_length=40)
    description = forms.CharField(required=False, max_length=2000)
    address = forms.CharField(required=False, max_length=256)
    area = forms.UUIDField(required=False)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)


@endpoint(execution.Permission.REPORT_MATTER)
@require_POST
def similar(request: Any) -> HttpResponse:
    """{count, text, found: [{address, title, state, why}]}. `found` holds only what the caller may open."""
    form = TypedForm(request.POST)
    form.full_clean()
    typed = _typed(form.cleaned_data)
    found = execution.similar_to(scope=request.scope, by=request.by, typed=typed)
    count = max(len(found), execution.nearby_count(typed=typed))
    answer = JsonResponse({"count": count, "text": _count_words(count), "found": [_shown(one) for one in found]})
    answer["Cache-Control"] = "no-store"
    return answer


def _typed(given: dict[str, Any]) -> execution.Typed:
    lon, lat = given.get("lon"), given.get("lat")
    point = place.to_map(lon, lat) if lon is not None and lat is not None else (None, None)
    return execution.Typed(
        matter_type=given.get("matter_type", ""),
        category=given.get("category", ""),
        description=given.get("description", ""),
        address=given.get("address", ""),
        lon=point[0],
        lat=point[1],
        area_id=given.get("area"),
    )


def _count_words(count: int) -> str:
    if not count:
        return ""
    if count >= execution.MOST_NEARBY:
        return _("附近已有{count}件以上类似上报").format(count=count)
    return _("附近已有{count}件类似上报").format(count=count)


def _shown(one: execution.Suggestion) -> dict[str, str]:
    return {
        "address": reverse("matter", args=[one.id]),
        "title": f"{one.number} {one.title}",
        "state": _(execution.STATE_LABELS[one.state]),
        "why": execution.why(one),
    }
