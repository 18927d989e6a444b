"""The form of a matter's type: asked when somebody takes the matter in, answered by whoever knows, kept with its version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import queries, reading, shaping
from city1361.centres.execution.answers import MatterView
from city1361.centres.execution.models import Matter, MatterStep, MatterType
from city1361.centres.execution.road import participation
from city1361.centres.execution.terms import MatterState, Permission, Step
from city1361.platform.components.forms import api as forms


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers as a matter keeps them, and as evidence is told of them."""

    key: str
    stored: dict[str, Any]
    facts: dict[str, Any]
    personal: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FormView:
    """The form of a matter for one reader. `answers` are what was said so far; empty `form` when its type has none."""

    form: forms.Form | None
    answers: tuple[forms.Answer, ...]
    given: Mapping[str, Any]
    may_answer: bool


def answered(kind: MatterType, given: Mapping[str, Any], *, needed: bool) -> Answered:
    """Answers to the form of a type, checked. needed: what the form requires must be there; a report may leave it open.
    Raises Invalid naming the field."""
    if not kind.form_key:
        if given:
            raise Invalid("type_without_form", "该类型没有表单", where="answers", remedy="请去掉answers")
        return Answered("", {}, {}, {})
    form = forms.form(kind.form_key)
    answers, faults = form.check_all(given)
    wrong = [fault for fault in faults if needed or fault.code != "answer_needed"]
    if wrong:
        raise wrong[0]
    facts, personal = form.told(answers)
    return Answered(form.key, form.stored(answers) if answers else {}, facts, personal)


@action(Permission.ANSWER_FORM)
def matter_answer_form(
    *, by: By, matter_id: UUID, expected_version: int, answers: Mapping[str, Any]
) -> Outcome[MatterView]:
    """Answer the form of the matter's type, whole. Raises Invalid naming the field, Conflict when the matter has ended or
    somebody answered in the meantime, Missing."""
    scope = registry.scope_of(by)
    row = queries.matter_row(scope, matter_id)
    if not _is_near(row, by, scope):
        raise Refused("form_of_others", "这张表单由受理中心、主办单位或上报人填写", remedy="请联系受理中心")
    if not MatterState(row.state).is_open:
        raise Conflict("matter_ended", "事件已经结束，不能再填写表单", remedy="如需更正，请重新办理该事件")
    if row.version != expected_version and _answered_since(row, expected_version):
        raise Conflict("form_answered", "您填写期间，表单已有人填写", where="answers", remedy="请核对后重新填写")
    made = answered(row.type, answers, needed=True)
    if not made.key:
        raise Missing()
    noted = participation.note_on_matter(by=by, matter_id=matter_id, step=Step.ANSWER_FORM, text="")
    Matter.objects.filter(pk=row.pk).update(form_key=made.key, form_answers=made.stored)
    return Outcome(
        shaping.view(reading.read(scope, matter_id), by, scope),
        subject=noted.subject,
        facts={"form": made.key, "answers": made.facts, "version": noted.version},
        personal={"answers": made.personal} if made.personal else None,
        events=(noted.event,),
    )


def form_view(*, by: By, scope: Scope, matter_id: UUID) -> FormView:
    """The form of a matter: the one that was answered, else the one its type asks now. Raises Missing."""
    row = queries.matter_row(scope, matter_id)
    form = _form_of(row)
    if form is None:
        return FormView(None, (), {}, False)
    near = _is_near(row, by, scope)
    may = near and scope.allows(Permission.ANSWER_FORM) and MatterState(row.state).is_open
    shown = form.shown(row.form_answers, personal=near)
    return FormView(form, tuple(shown), form.open(row.form_answers) if may else {}, may)


def _is_near(row: Matter, by: By, scope: Scope) -> bool:
    """Whether the form is for this person: he reported, or his organisation received, deals with or leads the matter."""
    mine = by.account is not None and by.account == row.reporter_account
    return mine or not {row.centre_id, row.lead_id, row.current_centre_id}.isdisjoint(scope.organisations)


def _form_of(row: Matter) -> forms.Form | None:
    """Answers are read by their own version; a type that was given another form since asks that one."""
    asked = row.type.form_key
    if row.form_answers and row.form_key and row.form_key == (asked or row.form_key):
        return forms.form_of(row.form_key, row.form_answers)
    try:
        return forms.form(asked) if asked else None
    except Missing:
        return None  # its package was withdrawn


def _answered_since(row: Matter, version: int) -> bool:
    return MatterStep.objects.filter(matter=row.id, version__gt=version, step=Step.ANSWER_FORM.value).exists()
