"""查重 at a matter: what it may be a duplicate of, merging it, splitting it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from city1361.base.kernel.by import By
from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused, Stale
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Scope
from city1361.base.ui import api as ui
from city1361.centres.execution import api, panels
from city1361.centres.execution.duplicates.merge_rules import MERGEABLE
from city1361.centres.execution.entry.intake_terms import IntakePermission
from city1361.centres.execution.inputs import LONGEST_REASON
from city1361.centres.execution.terms import STATE_LABELS, MatterState

MERGE = IntakePermission.MERGE_MATTER
# Where a matter stands when its officer decides what it is: only there suggestions are worth their place.
FRESH = (MatterState.VERIFYING, MatterState.REPORTED, MatterState.DISPATCHING)


class MergeForm(forms.Form):
    """Which matter is kept, and why."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.label_suffix = ""
        self.fields["number"] = forms.CharField(label=_("保留的事件编号"), max_length=40)
        self.fields["reason"] = forms.CharField(label=_("并案理由"), max_length=LONGEST_REASON, required=False)


class SplitForm(forms.Form):
    """Why the two are not the same after all."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.label_suffix = ""
        self.fields["reason"] = forms.CharField(label=_("拆分理由"), max_length=LONGEST_REASON)


@endpoint(MERGE, about="matter")
@require_http_methods(["GET", "POST"])
def merge(request: Any, matter_id: UUID) -> HttpResponse:
    """Suggestions with their reasons, any other number by hand, and merging."""
    found = api.matter(scope=request.scope, by=request.by, matter_id=matter_id)
    if request.method == "GET":
        form = MergeForm(initial={"number": request.GET.get("kept", "")[:40]})
        return _merge(request, found, form)
    form = MergeForm(request.POST)
    if not form.is_valid():
        return _merge(request, found, form, 422)
    try:
        kept = _numbered(request, form.cleaned_data["number"])
        api.matter_merge(
            by=request.by,
            matter_id=found.id,
            kept_id=kept,
            expected_version=_version(request),
            reason=form.cleaned_data["reason"],
            client_key=request.POST.get("key", "")[:64],
        )
    except (Conflict, Invalid, Refused, Stale) as problem:
        form.add_error(None, ui.problem_words(problem))
        return _merge(request, found, form, problem.status)
    messages.success(request, _("已并案，上报人会继续看到办理进度。"))
    return HttpResponseRedirect(reverse("matter", args=[kept]))


def _merge(request: Any, found: api.MatterView, form: MergeForm, status: int = 200) -> HttpResponse:
    context = {
        "matter": found,
        "form": form,
        "suggestions": suggestions(request.by, request.scope, found),
        "key": request.POST.get("key") or new_id(),
    }
    return render(request, "centres_execution/merge.html", context, status=status)


@endpoint(MERGE, about="matter")
@require_http_methods(["GET", "POST"])
def split(request: Any, matter_id: UUID) -> HttpResponse:
    """Undo a merge, with the reason."""
    found = api.matter(scope=request.scope, by=request.by, matter_id=matter_id)
    form = SplitForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _split(request, found, form, 200 if request.method == "GET" else 422)
    try:
        api.matter_split(
            by=request.by,
            matter_id=found.id,
            expected_version=_version(request),
            reason=form.cleaned_data["reason"],
            client_key=request.POST.get("key", "")[:64],
        )
    except (Conflict, Refused, Stale) as problem:
        form.add_error(None, ui.problem_words(problem))
        return _split(request, found, form, problem.status)
    messages.success(request, _("已拆分，事件回到并案前的环节。"))
    return HttpResponseRedirect(reverse("matter", args=[found.id]))


def _split(request: Any, found: api.MatterView, form: SplitForm, status: int) -> HttpResponse:
    context = {"matter": found, "form": form, "key": request.POST.get("key") or new_id()}
    return render(request, "centres_execution/split.html", context, status=status)


def suggestions(by: By, scope: Scope, matter: api.MatterView) -> list[dict[str, Any]]:
    """What a matter may be a duplicate of, with the reasons."""
    found = api.similar_to_matter(scope=scope, by=by, matter_id=matter.id)
    return [
        {
            "number": one.number,
            "title": one.title,
            "address": reverse("matter", args=[one.id]),
            "state": _(STATE_LABELS[one.state]),
            "why": api.why(one),
            "merge": f"{reverse('merge', args=[matter.id])}?kept={one.number}",
        }
        for one in found
    ]


def box(by: By, scope: Scope, matter: api.MatterView) -> str:
    """The box 疑似重复 while the matter waits for a decision; 并案 where there is one already."""
    if not scope.allows(MERGE):
        return ""
    merged = api.duplicates_of(scope=scope, matter_id=matter.id)
    fresh = matter.state in FRESH
    kept = api.kept_of(scope=scope, matter_id=matter.id)
    context = {
        "suggestions": suggestions(by, scope, matter) if fresh else [],
        "duplicates": [(reverse("matter", args=[one]), number) for one, number in merged],
        "kept": (reverse("matter", args=[kept[0]]), kept[1]) if kept else None,
        "split": reverse("split", args=[matter.id]) if matter.state is MatterState.MERGED else "",
    }
    return render_to_string("centres_execution/similar.html", context) if any(context.values()) else ""


def merge_address(by: By, scope: Scope, matter: api.MatterView) -> str:
    """Where a matter is merged, for those who may."""
    return reverse("merge", args=[matter.id]) if scope.allows(MERGE) and matter.state in MERGEABLE else ""


def register() -> None:
    """Called once, when all applications stand."""
    panels.register_case_panel("similar", 5, box)
    panels.register_case_step("merge", 90, "并案", merge_address)


def _numbered(request: Any, number: str) -> UUID:
    page = api.my_list(scope=request.scope, by=request.by, tab="all", q=number.strip(), size=2)
    exact = [row.id for row in page.rows if row.number == number.strip()]
    if not exact:
        raise Invalid(
            "unknown_number", "没有找到这个编号的事件", where="number", remedy="请核对编号；只能并入您看得到的事件"
        )
    return exact[0]


def _version(request: Any) -> int:
    text = request.POST.get("version", "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Missing()
    return int(text)


urlpatterns = [
    path("matters/<uuid:matter_id>/merge/", merge, name="merge"),
    path("matters/<uuid:matter_id>/split/", split, name="split"),
]
