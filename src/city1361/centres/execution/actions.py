"""The steps of a matter after its report: each authorised, decided, written, evidenced and published."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Invalid, Refused, Stale
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import decisions, inputs, offering, queries, recording, shaping
from city1361.centres.execution.answers import MatterView
from city1361.centres.execution.models import Matter, MatterParticipant, MatterStep
from city1361.centres.execution.recording import Said, subject_of
from city1361.centres.execution.terms import (
    STATE_LABELS,
    STEP_LABELS,
    CloseResult,
    MatterState,
    Participation,
    Permission,
    Satisfaction,
    Step,
)

Change = Callable[[Matter, decisions.Plan, datetime], None]


def _take(
    by: By, matter_id: UUID, expected_version: int, step: Step, *, said: Said, change: Change | None = None
) -> Outcome[MatterView]:
    """Take `step`: lock, compare versions, decide, change the row's own fields, write."""
    if said.client_key:
        inputs.key(said.client_key)
    scope, now = registry.scope_of(by), clock.now()
    queries.matter_row(scope, matter_id)
    row = Matter.objects.select_for_update().get(pk=matter_id)
    if row.version != expected_version:
        return _repeated(row, by, scope, expected=expected_version, step=step, said=said)
    facts = offering.facts(row)
    plan = decisions.plan(facts, step, offering.actor(by))
    if isinstance(plan, decisions.Refusal):
        raise _refused(plan, facts.state, step)
    if change is not None:
        change(row, plan, now)
    return recording.write_step(row, plan, by=by, scope=scope, said=said, now=now)


def _repeated(row: Matter, by: By, scope: Scope, *, expected: int, step: Step, said: Said) -> Outcome[MatterView]:
    """A step sent twice under one key is the same step; anything else on an old version is stale."""
    before = MatterStep.objects.filter(matter=row.id, version=expected + 1).first()
    same = before is not None and said.client_key and before.client_key == said.client_key
    if same and before and before.account == by.account and before.step == step.value:
        found = queries.matter_row(scope, row.id)
        return Outcome(shaping.view(found, by, scope), subject=subject_of(row), unchanged=True)
    changes = [
        {
            "code": one.step.value,
            "step": gettext(STEP_LABELS[one.step]),
            "who": one.who,
            "organisation": one.organisation,
            "at": one.at,
            "version": one.version,
        }
        for one in queries.steps_since(row, expected, by, scope)
    ]
    raise Stale(
        "matter_changed",
        "您查看之后，此事件已有变化，现在是“{state}”",
        where="If-Match",
        remedy="请查看变化后再决定是否办理",
        params={"state": gettext(STATE_LABELS[MatterState(row.state)])},
        changes=changes,
    )


def _refused(refusal: decisions.Refusal, state: MatterState, step: Step) -> Conflict | Refused:
    kind = Conflict if refusal.of_state else Refused
    params = {
        "state": gettext(STATE_LABELS[state]),
        "step": gettext(STEP_LABELS[step]),
        "allowed": "、".join(gettext(STEP_LABELS[one]) for one in refusal.allowed),
    }
    return kind(refusal.code, refusal.message, where="step", remedy=refusal.remedy, params=params)


@action(Permission.ADMIT_MATTER)
def matter_admit(
    *,
    by: By,
    matter_id: UUID,
    expected_version: int,
    handler_post: UUID,
    level: int | None = None,
    text: str = "",
    matter_type: str = "",
    sensitive: Iterable[str] = (),
    client_key: str = "",
) -> Outcome[MatterView]:
    """受理: the centre takes the matter in and gives it to a post of the town. Raises Invalid, Conflict, Refused, Stale.

    matter_type: a finer type than the reporter's. sensitive: marks of the instance's list.
    """
    graded, marks = inputs.level(level), _sensitive(sensitive)
    finer = queries.matter_type_row(matter_type) if matter_type else None

    def change(row: Matter, plan: decisions.Plan, now: datetime) -> None:
        chosen = next((one for one in queries.handlers_in(row.town_id) if one.post.id == handler_post), None)
        if chosen is None:
            raise Invalid(
                "unknown_handler_post",
                "该岗位不能处置本镇街的事件",
                where="handler_post",
                remedy="请从可选的处置岗位中选择",
            )
        row.lead_id, row.lead_post_id = chosen.organisation.id, chosen.post.id
        row.lead_post_code = queries.post_code(chosen.post.id)
        row.organisations = list(dict.fromkeys([*row.organisations, chosen.organisation.id]))
        row.level, row.sensitive = graded, marks
        if finer is not None:
            row.type, row.national_code = finer, shaping.type_view(finer).national
        MatterParticipant.objects.create(
            matter=row, organisation_id=row.lead_id, post_id=row.lead_post_id, role=Participation.LEAD.value, since=now
        )
        recording.make_findable(row)

    facts = {"handler_post": str(handler_post), "level": graded, **({"type": finer.code} if finer else {})}
    said = Said(inputs.text(text), client_key=client_key, facts=facts)
    return _take(by, matter_id, expected_version, Step.ADMIT, said=said, change=change)


def _sensitive(given: Iterable[str]) -> list[str]:
    known, marks = queries.rules().sensitive, list(dict.fromkeys(given))
    for mark in marks:
        if mark not in known:
            raise Invalid("unknown_sensitive", "没有“{mark}”这个敏感标识", where="sensitive", remedy="可用：{known}", params={"mark": mark[:20], "known": "、".join(known)})  # fmt: skip
    return marks


@action(Permission.REFUSE_MATTER)
def matter_refuse(
    *, by: By, matter_id: UUID, expected_version: int, reason: str, client_key: str = ""
) -> Outcome[MatterView]:
    """不予受理, with a reason that the reporter reads. Raises Invalid, Conflict, Refused, Stale."""
    said = Said(inputs.text(reason, where="text", needed=True, longest=inputs.LONGEST_REASON), client_key=client_key)

    def change(row: Matter, plan: decisions.Plan, now: datetime) -> None:
        row.refused_reason, row.closed_at = said.text, now

    return _take(by, matter_id, expected_version, Step.REFUSE, said=said, change=change)


@action(Permission.ACKNOWLEDGE_MATTER)
def matter_acknowledge(
    *, by: By, matter_id: UUID, expected_version: int, text: str = "", client_key: str = ""
) -> Outcome[MatterView]:
    """签收: the leading post takes the matter over. By the system when its limit is over: then it is presumed."""
    said = Said(inputs.text(text), client_key=client_key)
    return _take(by, matter_id, expected_version, Step.ACKNOWLEDGE, said=said)


@action(Permission.REPORT_PROGRESS)
def matter_report_progress(
    *,
    by: By,
    matter_id: UUID,
    expected_version: int,
    text: str,
    photos: Iterable[UUID] = (),
    client_key: str = "",
) -> Outcome[MatterView]:
    """反馈进展, with photos. Raises Invalid, Conflict, Refused, Stale, Missing (a photo)."""
    said = Said(inputs.text(text, needed=True), inputs.photos(photos), client_key=client_key)
    return _take(by, matter_id, expected_version, Step.REPORT_PROGRESS, said=said)


@action(Permission.REQUEST_CLOSE)
def matter_request_close(
    *,
    by: By,
    matter_id: UUID,
    expected_version: int,
    result: CloseResult | str,
    text: str,
    photos: Iterable[UUID] = (),
    client_key: str = "",
) -> Outcome[MatterView]:
    """申请办结: the handler asks, with a typed result. Another post checks and closes."""
    ended = inputs.choice(CloseResult, result, "result")
    said = Said(inputs.text(text, needed=True), inputs.photos(photos), ended, client_key)

    def change(row: Matter, plan: decisions.Plan, now: datetime) -> None:
        row.requested_result = ended.value

    return _take(by, matter_id, expected_version, Step.REQUEST_CLOSE, said=said, change=change)


@action(Permission.CHECK_MATTER)
def matter_check(
    *,
    by: By,
    matter_id: UUID,
    expected_version: int,
    passed: bool,
    text: str = "",
    photos: Iterable[UUID] = (),
    client_key: str = "",
) -> Outcome[MatterView]:
    """核查, by another post and another person than handled it. Not passed needs a reason and sends the work back."""
    said = Said(inputs.text(text, needed=not passed), inputs.photos(photos), client_key=client_key)

    def change(row: Matter, plan: decisions.Plan, now: datetime) -> None:
        if plan.rework:
            row.rework_count, row.requested_result = row.rework_count + 1, ""

    step = Step.CHECK_PASS if passed else Step.CHECK_FAIL
    return _take(by, matter_id, expected_version, step, said=said, change=change)


@action(Permission.CLOSE_MATTER)
def matter_close(
    *,
    by: By,
    matter_id: UUID,
    expected_version: int,
    result: CloseResult | str = "",
    text: str = "",
    client_key: str = "",
) -> Outcome[MatterView]:
    """办结, by the centre, with a typed result (by default the one that was asked for)."""
    chosen = inputs.choice(CloseResult, result, "result") if result else None
    said = Said(inputs.text(text), result=chosen, client_key=client_key)
    return _take(
        by,
        matter_id,
        expected_version,
        Step.CLOSE,
        said=said,
        change=lambda row, plan, now: _close(row, chosen, by, now),
    )


def _close(row: Matter, chosen: CloseResult | None, by: By, now: datetime) -> None:
    asked = CloseResult(row.requested_result) if row.requested_result else None
    row.result, row.closed_at = decisions.result_to_close_with(asked, chosen).value, now
    handlers = offering.facts(row).handlers
    first = MatterStep.objects.filter(matter=row.id, version=1).values_list("organisation", flat=True).first()
    row.self_report_self_close = decisions.closed_by_its_reporter(
        reporter=row.reporter_account, reported_for=first, handlers=handlers, lead=row.lead_id
    )


@action(Permission.AGREE_MATTER)
def matter_agree(
    *,
    by: By,
    matter_id: UUID,
    expected_version: int,
    text: str = "",
    satisfaction: Satisfaction | str | None = None,
    client_key: str = "",
) -> Outcome[MatterView]:
    """群众认可: the reporter says it is solved; a matter that waits to be closed is closed by it."""
    rated = inputs.choice(Satisfaction, satisfaction, "satisfaction") if satisfaction else None
    facts = {"satisfaction": rated.value} if rated else {}
    said = Said(inputs.text(text), client_key=client_key, facts=facts)

    def change(row: Matter, plan: decisions.Plan, now: datetime) -> None:
        if plan.before is MatterState.CHECKED:
            _close(row, None, by, now)
        row.agreed_at, row.satisfaction = now, rated.value if rated else ""

    return _take(by, matter_id, expected_version, Step.AGREE, said=said, change=change)


@action(Permission.REOPEN_MATTER)
def matter_reopen(
    *,
    by: By,
    matter_id: UUID,
    expected_version: int,
    reason: str,
    photos: Iterable[UUID] = (),
    client_key: str = "",
) -> Outcome[MatterView]:
    """没解决: the reporter reopens; both clocks go on where they stood, the total one never stopped counting."""
    said = Said(inputs.text(reason, where="text", needed=True), inputs.photos(photos), client_key=client_key)

    def change(row: Matter, plan: decisions.Plan, now: datetime) -> None:
        row.closed_at, row.result, row.requested_result = None, "", ""
        row.reopened_count, row.rework_count = row.reopened_count + 1, row.rework_count + 1

    return _take(by, matter_id, expected_version, Step.REOPEN, said=said, change=change)
