"""The pages of supervision: what stands, what waits to be answered, signed off and visited."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import AreaRef
from city1361.base.ui import api as ui
from city1361.centres.command.api import Choice
from city1361.centres.execution import api as execution
from city1361.centres.supervision import api, board_panels, presentation, targets
from city1361.centres.supervision.forms import InstructionForm, NoticeForm, TextForm, VisitForm
from city1361.centres.supervision.radar import radar_pages
from city1361.centres.supervision.terms import (
    NOTICE_STEP_LABELS,
    SHEET_STEP_LABELS,
    VISIT_COUNTED_LABELS,
    Card,
    Ladder,
    NoticeStep,
    Permission,
    SheetStep,
    VisitCounted,
)
from city1361.platform.assurance.standards.areas import api as areas

READ = Permission.READ_SUPERVISION
PROBLEMS = (Conflict, Refused, Invalid)
MOST_SHOWN = 200


@endpoint(READ)
@require_GET
def board(request: Any) -> HttpResponse:
    """Cards in force, what waits to be answered and signed off, visits to make, and what modules above show."""
    asking = {"scope": request.scope, "by": request.by}
    found, period = api.desk(**asking), _period(request)
    boxes = [
        (
            _("督办与提醒"),
            _lines(presentation.notice_line, (*found.cards, *found.notices)),
            _("没有生效的督办和提醒。"),
        ),
        (_("待反馈的督办单"), _lines(presentation.sheet_line, found.to_answer), _("没有待反馈的督办单。")),
        (_("待销号的督办单"), _lines(presentation.sheet_line, found.to_sign_off), _("没有待销号的督办单。")),
    ]
    if request.scope.allows(Permission.MAKE_VISIT):
        to_visit = _lines(presentation.to_visit_line, found.to_visit)
        boxes.append((_("待回访"), to_visit, _("本月抽查的事件都已回访。")))
    context = {
        "boxes": boxes,
        "libraries": _libraries(request, period),
        "panels": board_panels.panels(request.by, request.scope, period),
        "period": execution.period_words(api.month(period)),
        "may_instruct": request.scope.allows(Permission.ISSUE_INSTRUCTION),
    }
    return render(request, "centres_supervision/board.html", context)


def _libraries(request: Any, period: str) -> list[tuple[str, int, str, str]]:
    """The shelf, the rulings of the period and what waits to be looked at: how many, and where they stand."""
    scope, span = request.scope, api.month(period)
    ruled = execution.rulings(scope=scope, since=span.since, until=span.until)
    here = f"{reverse('rulings')}?{urlencode({'period': period})}"
    return [
        (_("挂账库"), len(execution.shelved(scope=scope)), reverse("shelf"), _("此刻在库")),
        (_("指定管辖裁定"), len(ruled), here, _("统计期内裁定")),
        (_("检查清单"), api.radar_waiting(scope=scope), f"{reverse('radar')}?looked=no", _("待查看")),
    ]


def _lines(line: Callable[[Any], presentation.Line], found: Iterable[Any]) -> list[presentation.Line]:
    return [line(one) for one in found]


def _period(request: Any) -> str:
    """The month of the address; this one when that is none."""
    asked = str(request.GET.get("period", ""))
    try:
        api.month(asked)
    except Invalid:
        return api.this_month()
    return asked


@endpoint(READ)
@require_GET
def visits(request: Any) -> HttpResponse:
    """The return visits behind a figure: of a count, a period and an area."""
    counted = request.GET.get("counted", "")
    asked = VisitCounted(counted) if counted in set(VisitCounted) else VisitCounted.VISITED
    period = _any_period(request)
    area = _area(request)
    rows = api.visit_rows(
        scope=request.scope, counted=asked, period=period, area=AreaRef(area.level, area.id) if area else None,
        after=_after(request),
    )  # fmt: skip
    kept = {"counted": asked.value, "period": period.text, **({"area": str(area.id)} if area else {})}
    more = f"?{urlencode({**kept, 'after': str(rows[-1].id)})}" if len(rows) == MOST_SHOWN else ""
    context = {
        "heading": _(VISIT_COUNTED_LABELS[asked]), "rows": [presentation.visit_row(row) for row in rows],
        "period": execution.period_words(period), "place": area.short_name if area else "", "more": more,
    }  # fmt: skip
    return render(request, "centres_supervision/visits.html", context)


def _any_period(request: Any) -> execution.Period:
    """The day, week or month of the address; this month when that is none."""
    try:
        return execution.period_from(str(request.GET.get("period", "")))
    except Invalid:
        return execution.period_now(execution.PeriodKind.MONTH)


def _area(request: Any) -> areas.AreaBrief | None:
    """The area of the address, where there is such a one."""
    try:
        return areas.area(UUID(request.GET["area"])) if "area" in request.GET else None
    except (ValueError, Missing):
        return None


def _after(request: Any) -> UUID | None:
    try:
        return UUID(request.GET["after"]) if "after" in request.GET else None
    except ValueError:
        return None


@endpoint(READ, about="notice")
@require_http_methods(["GET", "POST"])
def notice(request: Any, pk: UUID) -> HttpResponse:
    """One reminder or card, and its one possible step."""
    found = api.notice(scope=request.scope, by=request.by, notice_id=pk)
    step = found.steps[0] if found.steps else None
    form = TextForm(_(NOTICE_STEP_LABELS[step]), request.POST or None) if step else None
    if request.method == "POST" and form is not None and form.is_valid():
        act = api.notice_answer if step is NoticeStep.ANSWER else api.card_lift
        try:
            act(by=request.by, notice_id=pk, text=form.cleaned_data["text"])
            return _done(request, form.fields["text"].label, reverse("notice", args=[pk]))
        except PROBLEMS as problem:
            form.add_error(None, ui.problem_words(problem))
    line = presentation.notice_line(found)
    submit = _(NOTICE_STEP_LABELS[step]) if step else ""
    return _one(
        request,
        line,
        form,
        number=found.number,
        facts=presentation.notice_facts(found),
        matter=found.matter,
        submit=submit,
    )


@endpoint(READ, about="sheet")
@require_http_methods(["GET", "POST"])
def sheet(request: Any, pk: UUID) -> HttpResponse:
    """One 督办单 and its step; a sheet to sign off can be sent again by the second button."""
    found = api.sheet(scope=request.scope, by=request.by, sheet_id=pk)
    step = _sheet_step(request, found)
    label = _(SHEET_STEP_LABELS[step]) if step else ""
    form = TextForm(label, request.POST or None, required=step is not SheetStep.SIGN_OFF) if step else None
    if request.method == "POST" and form is not None and form.is_valid():
        act = {
            SheetStep.FEED_BACK: api.sheet_feed_back,
            SheetStep.SIGN_OFF: api.sheet_sign_off,
            SheetStep.SEND_AGAIN: api.sheet_send_again,
        }[step]  # type: ignore[index]
        try:
            act(by=request.by, sheet_id=pk, text=form.cleaned_data["text"])
            return _done(request, label, reverse("sheet", args=[pk]))
        except PROBLEMS as problem:
            form.add_error(None, ui.problem_words(problem))
    line = presentation.sheet_line(found)
    others = [(_(SHEET_STEP_LABELS[one]), f"?step={one.value}") for one in found.steps if one is not step]
    facts = presentation.sheet_facts(found)
    return _one(request, line, form, number=found.number, facts=facts, matter=found.matter, submit=label, others=others)


def _sheet_step(request: Any, found: api.SheetView) -> SheetStep | None:
    named = request.GET.get("step", "")
    return next((one for one in found.steps if one == named), found.steps[0] if found.steps else None)


@endpoint(READ, about="return_visit")
@require_http_methods(["GET", "POST"])
def visit(request: Any, pk: UUID) -> HttpResponse:
    """One return visit; those who may find the claim unreasonable here."""
    found = api.visit(scope=request.scope, by=request.by, visit_id=pk)
    label = _("不合理诉求认定")
    form = TextForm(_("认定理由"), request.POST or None, longest=500) if found.may_judge else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            api.claim_judge(by=request.by, visit_id=pk, reason=form.cleaned_data["text"])
            return _done(request, label, reverse("visit", args=[pk]))
        except PROBLEMS as problem:
            form.add_error(None, ui.problem_words(problem))
    line = presentation.visit_line(found)
    facts = presentation.visit_facts(found)
    return _one(request, line, form, number=found.matter_number, facts=facts, matter=found.matter, submit=label)


@endpoint(Permission.SEND_NOTICE)
@require_http_methods(["GET", "POST"])
def notice_new(request: Any) -> HttpResponse:
    """Remind, urge or show a card for a matter (`?matter=`)."""
    matter = _needed(request)
    choices = [Choice(one.organisation.id, one.organisation.name) for one in matter.participants]
    form = NoticeForm(choices, request.POST or None, cards=request.scope.allows(Permission.ISSUE_CARD))
    if request.method == "POST" and form.is_valid():
        try:
            _issue(request, matter.id, form.cleaned_data)
            return _done(request, _("督查"), reverse("matter", args=[matter.id]))
        except PROBLEMS as problem:
            form.add_error(None, ui.problem_words(problem))
    return _new(request, _("催办与督办"), matter, form)


def _issue(request: Any, matter_id: UUID, given: dict[str, Any]) -> None:
    common = {
        "by": request.by, "client_key": _key(request), "matter_id": matter_id, "target": UUID(given["target"]),
        "reason": given["reason"],
    }  # fmt: skip
    if given["rung"] in set(Card):
        api.card_issue(**common, card=Card(given["rung"]))
    elif given["rung"] == Ladder.ESCALATE_SUPERVISION:
        api.supervision_escalate(**common)
    else:
        api.notice_send(**common, rung=Ladder(given["rung"]))


@endpoint(Permission.ISSUE_INSTRUCTION)
@require_http_methods(["GET", "POST"])
def instruction_new(request: Any) -> HttpResponse:
    """Issue an instruction, about a matter (`?matter=`) or without one."""
    matter = _matter(request)
    form = InstructionForm(targets.within(request.by.organisation, matter), request.POST or None, titled=matter is None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = api.instruction_issue(
                by=request.by, client_key=_key(request), targets=[UUID(one) for one in given["targets"]],
                text=given["text"], title=given.get("title", ""), matter_id=matter.id if matter else None,
            )  # fmt: skip
            return _done(request, _("批示"), reverse("sheet", args=[made.sheets[0].id]))
        except PROBLEMS as problem:
            form.add_error(None, ui.problem_words(problem))
    return _new(request, _("批示"), matter, form)


@endpoint(Permission.MAKE_VISIT)
@require_http_methods(["GET", "POST"])
def visit_new(request: Any) -> HttpResponse:
    """Record a return visit of a closed matter (`?matter=`)."""
    matter = _needed(request)
    form = VisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = api.visit_make(by=request.by, client_key=_key(request), matter_id=matter.id, heard=_heard(form.cleaned_data))  # fmt: skip
            return _done(request, _("回访"), reverse("visit", args=[made.id]))
        except PROBLEMS as problem:
            form.add_error(None, ui.problem_words(problem))
    return _new(request, _("回访"), matter, form)


def _heard(given: dict[str, Any]) -> api.Heard:
    said = {"yes": True, "no": False, "": None}
    return api.Heard(
        given["reached"] == "yes", said[given["contacted"]], said[given["solved"]], given["satisfied"], given["words"]
    )


def _matter(request: Any) -> execution.MatterView | None:
    named = request.GET.get("matter", "")
    if not named:
        return None
    try:
        return execution.matter(scope=request.scope, by=request.by, matter_id=UUID(named))
    except ValueError as error:
        raise Missing() from error


def _needed(request: Any) -> execution.MatterView:
    """The matter the address must name. Raises Invalid, Missing."""
    matter = _matter(request)
    if matter is None:
        raise Invalid("matter_needed", "没有指明事件", where="matter", remedy="请从事件页面进入")
    return matter


def _key(request: Any) -> str:
    return str(request.POST.get("key", ""))[:64]


def _done(request: Any, what: object, address: str) -> HttpResponse:
    messages.success(request, _("已办理：{step}").format(step=what))
    return HttpResponseRedirect(address)


def _new(request: Any, heading: str, matter: execution.MatterView | None, form: Any) -> HttpResponse:
    back = reverse("matter", args=[matter.id]) if matter else reverse("supervision")
    context = {"heading": heading, "about": matter.title if matter else "", "form": form, "key": new_id(), "back": back}
    return render(request, "centres_supervision/new.html", context, status=422 if form.errors else 200)


def _one(request: Any, line: presentation.Line, form: Any, **shown: Any) -> HttpResponse:
    """The page of one thing. shown: number, facts, matter, submit, and others beside its first step."""
    context = {"line": line, "form": form, **shown}
    return render(request, "centres_supervision/one.html", context, status=422 if form and form.errors else 200)


urlpatterns = [
    path("", board, name="supervision"),
    path("visits/", visits, name="visits"),
    path("notices/new/", notice_new, name="notice_new"),
    path("notices/<uuid:pk>/", notice, name="notice"),
    path("instructions/new/", instruction_new, name="instruction_new"),
    path("sheets/<uuid:pk>/", sheet, name="sheet"),
    path("visits/new/", visit_new, name="visit_new"),
    path("visits/<uuid:pk>/", visit, name="visit"),
    *radar_pages.urlpatterns,
]
