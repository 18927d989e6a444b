"""The form of a matter's type on the desk: a box with what was answered, and the page on which it is answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from city1361.base.kernel.by import By
from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Conflict, Invalid, Refused
from city1361.base.kernel.scope import Scope
from city1361.base.ui import api as ui
from city1361.centres.execution import panels, queries
from city1361.centres.execution.answers import MatterView
from city1361.centres.execution.packages import form_answers
from city1361.centres.execution.terms import Permission
from city1361.platform.components.forms import api as forms

TEMPLATE = "centres_execution/form.html"


def register() -> None:
    """Called once, when all applications stand."""
    panels.register_case_panel("form", 10, box)


def box(by: By, scope: Scope, matter: MatterView) -> str:
    """What was answered, and the way to answer; nothing for a type without a form."""
    found = form_answers.form_view(by=by, scope=scope, matter_id=matter.id)
    if found.form is None or not (found.answers or found.may_answer):
        return ""
    address = reverse("matter_form", args=[matter.id]) if found.may_answer else ""
    return render_to_string(
        "centres_execution/form_box.html", {"shown": found, "title": _title(found), "address": address}
    )


@endpoint(Permission.ANSWER_FORM, about="matter")
@require_http_methods(["GET", "POST"])
def matter_form(request: Any, matter_id: UUID) -> HttpResponse:
    """The form and its answers; back to the matter when there is nothing for this person to answer."""
    matter = queries.matter(scope=request.scope, by=request.by, matter_id=matter_id)
    found = form_answers.form_view(by=request.by, scope=request.scope, matter_id=matter_id)
    if found.form is None or (request.method == "GET" and not found.may_answer):
        return HttpResponseRedirect(reverse("matter", args=[matter_id]))
    if request.method == "GET":
        return _page(request, matter, found, forms.AnswerFields(found.form, initial=found.given), 200)
    return _answer(request, matter, found, forms.AnswerFields(found.form, request.POST))


def _answer(request: Any, matter: MatterView, found: form_answers.FormView, fields: forms.AnswerFields) -> HttpResponse:
    if not fields.is_valid():
        return _page(request, matter, found, fields, 422)
    try:
        version = int(request.POST.get("version", ""))
    except ValueError as error:
        raise Invalid("bad_version", "缺少事件版本", where="version", remedy="请刷新页面后重新填写") from error
    try:
        form_answers.matter_answer_form(
            by=request.by, matter_id=matter.id, expected_version=version, answers=fields.answers
        )
    except (Conflict, Invalid, Refused) as problem:
        fields.add_error(None, ui.problem_words(problem))
        return _page(request, matter, found, fields, problem.status)
    messages.success(request, _("已办理：{step}").format(step=_("填写表单")))
    return HttpResponseRedirect(reverse("matter", args=[matter.id]))


def _page(
    request: Any, matter: MatterView, found: form_answers.FormView, fields: forms.AnswerFields, status: int
) -> HttpResponse:
    context = {
        "matter": matter,
        "title": _title(found),
        "fields": fields,
        "optional": fields.optional_names(),
        "back": reverse("matter", args=[matter.id]),
    }
    return render(request, TEMPLATE, context, status=status)


def _title(found: form_answers.FormView) -> str:
    return found.form.title() if found.form else ""


urlpatterns = [path("matters/<uuid:matter_id>/form/", matter_form, name="matter_form")]
