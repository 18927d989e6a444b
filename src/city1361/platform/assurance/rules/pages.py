"""/rules/: the library, the lists of duties, the parameters; changes with what they mean, approved by another person."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused
from city1361.base.kernel.scope import Level
from city1361.base.ui import api as ui
from city1361.platform.assurance.rules import api, drafting, proposing, queries, shown, words
from city1361.platform.assurance.rules.terms import Permission, ProposalState
from city1361.platform.assurance.standards.areas import api as areas

READ = Permission.READ_RULE
TONES = {"proposed": "pressing", "approved": "done", "rejected": "late", "withdrawn": ""}


def _frame(request: Any, tab: str, **more: Any) -> dict[str, Any]:
    """What every page of the rules shows: the tabs, and how far the calendar is known."""
    return {
        "tab": tab,
        "tabs": [
            ("library", _("分级分类库"), reverse("rules")),
            ("duties", _("履职事项清单"), reverse("rule_duties")),
            ("parameters", _("参数"), reverse("rule_parameters")),
            ("proposals", _("变更"), reverse("rule_proposals")),
        ],
        "calendar_ends": shown.calendar_ends(areas.today()),
        "may_propose": request.scope.allows(Permission.PROPOSE_RULE),
        **more,
    }


def _area(request: Any) -> areas.AreaBrief | None:
    """The district whose library is looked at: the one asked for, else one's own. Raises Missing."""
    given = request.GET.get("area")
    if given is None:
        own = {one.id for one in request.scope.areas if one.level is not Level.CITY}
        found = [areas.lineage(one).district for one in sorted(own)[:1]]
        return found[0] if found else None
    try:
        return areas.area(UUID(given)) if given else None
    except ValueError:
        raise Missing() from None


def _day(request: Any) -> date:
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return areas.today()


@endpoint(READ)
@require_GET
def library(request: Any) -> HttpResponse:
    """The library of a day, as the city or a district has it."""
    area, on = _area(request), _day(request)
    q, level = request.GET.get("q", "")[:60].replace("\x00", ""), request.GET.get("level", "")
    area_id = area.id if area else None
    tightened = area and queries.latest(area.id)
    context = _frame(
        request,
        "library",
        on=on,
        q=q,
        level=level,
        area=area,
        tightened=tightened,
        districts=shown.districts(),
        levels=[(code, _(label)) for code, label in words.LEVEL_LABELS.items()],
        example=queries.library(on, area_id).example,
        general=shown.general(on, area_id),
        types=shown.types(on, area_id, q=q, level=level, example=request.GET.get("example") == "1"),
        only_examples=request.GET.get("example") == "1",
        editions=queries.editions(area_id if tightened else None)[:10],
    )
    return render(request, "platform_rules/library.html", context)


@endpoint(READ)
@require_GET
def duties(request: Any) -> HttpResponse:
    """The three lists of a town."""
    given = request.GET.get("town", "")[:9]
    town, known = None, True
    if given:
        try:
            town = areas.by_code(given.replace("\x00", ""))
        except Missing:
            known = False
    rows = shown.duties(_day(request), town.code if town else "") if known else []
    grouped = [
        (_(label), [row for row in rows if row["list"] == kind.value]) for kind, label in words.DUTY_LABELS.items()
    ]
    context = _frame(request, "duties", lists=grouped, town=town, given=given, known=known)
    return render(request, "platform_rules/duties.html", context)


@endpoint(READ)
@require_GET
def parameters(request: Any) -> HttpResponse:
    """The dated parameters."""
    context = _frame(request, "parameters", parameters=shown.parameters(_day(request)))
    return render(request, "platform_rules/parameters.html", context)


@endpoint(READ)
@require_GET
def proposals(request: Any) -> HttpResponse:
    """Changes, the newest first."""
    rows = [
        {"row": one, "state": _(words.STATE_LABELS[ProposalState(one.state)]), "tone": TONES[one.state]}
        for one in queries.proposals()
    ]
    return render(request, "platform_rules/proposals.html", _frame(request, "proposals", rows=rows))


@endpoint(READ, about="rule_proposal")
@require_GET
def proposal(request: Any, pk: UUID) -> HttpResponse:
    """One change. Raises Missing."""
    row = queries.proposal(pk)
    waiting = row.state == ProposalState.PROPOSED
    context = _frame(
        request,
        "proposals",
        row=row,
        state=_(words.STATE_LABELS[ProposalState(row.state)]),
        tone=TONES[row.state],
        changes=shown.changes(row),
        may_decide=waiting and request.scope.allows(Permission.APPROVE_RULE) and proposing.may_decide(request.by, row),
        may_withdraw=waiting and row.proposer == request.by.account,
    )
    return render(request, "platform_rules/proposal.html", context)


@endpoint(Permission.APPROVE_RULE, Permission.PROPOSE_RULE, about="rule_proposal")
@require_POST
def decide(request: Any, pk: UUID) -> HttpResponse:
    """Approve, reject or take back, as the button says. Raises Missing."""
    done: dict[str, Any] = {"approve": api.rule_approve, "reject": api.rule_reject, "withdraw": api.rule_withdraw}
    act = done.get(request.POST.get("decision", ""))
    queries.proposal(pk)
    try:
        if act is None:
            raise Invalid("decision_needed", "请选择批准、退回或撤回", where="decision", remedy="请用页面上的按钮")
        act(by=request.by, proposal=pk, reason=request.POST.get("reason", "").replace("\x00", "")[:600])
        messages.success(request, _("已记录"))
    except (Conflict, Invalid, Refused) as problem:
        messages.error(request, ui.problem_words(problem))
    return HttpResponseRedirect(reverse("rule_proposal", args=[pk]))


class LimitForm(forms.Form):
    """One limit of the general table or of a type."""

    key = forms.CharField(label=gettext_lazy("类型代码"), max_length=12, required=False)
    stage = forms.ChoiceField(label=gettext_lazy("环节"))
    urgency = forms.ChoiceField(label=gettext_lazy("紧急程度"))
    amount = forms.IntegerField(label=gettext_lazy("数值"), min_value=1, max_value=10_000)
    unit = forms.ChoiceField(label=gettext_lazy("单位"))
    starts_on = forms.DateField(
        label=gettext_lazy("施行日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=600, widget=forms.Textarea)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for name, choices in drafting.choices().items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]


@endpoint(Permission.PROPOSE_RULE)
@require_http_methods(["GET", "POST"])
def propose(request: Any) -> HttpResponse:
    """Propose another limit: the city's, or one's own district's tighter one."""
    first = {"key": request.GET.get("type", "")[:12], "starts_on": areas.today(), "stage": "total"}
    form = LimitForm(request.POST or None, initial=first)
    own = [one.id for one in request.scope.areas if one.level is Level.DISTRICT]
    city = any(one.level is Level.CITY for one in request.scope.areas)
    problem = ""
    if request.method == "POST" and form.is_valid():
        area = None if city or not own else own[0]
        try:
            made = drafting.propose_limit(by=request.by, area=area, **form.cleaned_data)
            return HttpResponseRedirect(reverse("rule_proposal", args=[made.id]))
        except (Conflict, Invalid) as found:
            problem = ui.problem_words(found)
    context = _frame(request, "proposals", form=form, problem=problem, city=city)
    return render(request, "platform_rules/propose.html", context, status=422 if problem or form.errors else 200)


urlpatterns = [
    path("", library, name="rules"),
    path("duties/", duties, name="rule_duties"),
    path("parameters/", parameters, name="rule_parameters"),
    path("proposals/", proposals, name="rule_proposals"),
    path("proposals/new/", propose, name="rule_propose"),
    path("proposals/<uuid:pk>/", proposal, name="rule_proposal"),
    path("proposals/<uuid:pk>/decide/", decide, name="rule_decide"),
]
