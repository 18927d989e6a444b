"""Taking a step: lock, compare versions, decide, change the row's own fields, write with all that goes with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from city1361.base.action.api import Outcome
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Refused, Stale
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import archiving, decisions, inputs, queries, reading, shaping
from city1361.centres.execution.answers import MatterView
from city1361.centres.execution.models import Matter, MatterApproval, MatterStep
from city1361.centres.execution.steps import offering, recording
from city1361.centres.execution.steps.recording import Said, subject_of
from city1361.centres.execution.steps.walking import Walk
from city1361.centres.execution.terms import (
    NOTED_STEPS,
    STATE_LABELS,
    STEP_LABELS,
    ApprovalState,
    MatterState,
    Step,
)
from city1361.platform.assurance.standards.organisations import api as organisations
from city1361.platform.components.processes import api as processes

Change = Callable[[Matter, datetime], None]


def take(
    by: By,
    matter_id: UUID,
    expected_version: int,
    step: Step,
    *,
    said: Said,
    change: Change | None = None,
    after: Change | None = None,
    visiting: bool = False,
    scope: Scope | None = None,
    reporter: UUID | None = None,
    event: processes.Event | None = None,
) -> Outcome[MatterView]:
    """Take `step`. `change` sets the row's own fields before what follows is worked out; `after` runs when the clocks of
    the new stage are set. scope, reporter: instead of those of `by` and of the row, where the reporter of a merged
    duplicate asks. event: what moved the process by itself. Raises Conflict, Refused, Stale, Missing, and what `change` raises."""
    if said.client_key:
        inputs.key(said.client_key)
        said = replace(said, body_hash=_digest(said))
    scope, now = scope or registry.scope_of(by), clock.now()
    found = reading.read(scope, matter_id, lock=True)
    row = found.row
    archiving.refuse_archived(row, len(found.steps))
    if row.version != expected_version and not only_noted_since(row, expected_version):
        return _repeated(row, by, scope, expected=expected_version, step=step, said=said)
    facts, actor = offering.facts(found), replace(offering.actor(by), visiting=visiting)
    facts = replace(facts, reporter=reporter) if reporter else facts
    walk = Walk(row, by, scope, now)
    refusal = decisions.may(facts, step, actor, walk.road)
    if refusal is not None:
        raise refused(refusal, facts.state, step)
    if change is not None:
        change(row, now)
    moved = walk.move(_changed(row, facts), step, event)
    plan = decisions.Plan(step, facts.state, moved, presumed=by.is_system and step is Step.ACKNOWLEDGE)
    if plan.changes_stage and facts.asked is not None and step not in decisions.DECIDING:
        _lapse(row, now)
    acting = _standing_in(by, facts, actor)
    return recording.write_step(row, plan, by=acting, scope=scope, said=said, now=now, after=after, walk=walk)


def _changed(row: Matter, facts: decisions.Facts) -> decisions.Facts:
    """The facts that conditions of the process may ask, as the step has changed them."""
    return replace(
        facts,
        current_centre=row.current_centre_id,
        lead=row.lead_id,
        lead_post=row.lead_post_code,
        disputed=row.disputed_since is not None,
        returned_count=row.returned_count,
        level=row.level or 0,
        result=row.result or row.requested_result,
    )


def _lapse(row: Matter, now: datetime) -> None:
    """What was asked for at a station that has been left is asked for no more."""
    waiting = MatterApproval.objects.filter(matter=row.id, state=ApprovalState.WAITING.value)
    waiting.update(state=ApprovalState.LAPSED.value, decided_at=now)


def _standing_in(by: By, facts: decisions.Facts, actor: decisions.Actor) -> By:
    """代办: who acts for the leading post is shown with the post he acts for."""
    if by.on_behalf_of or not decisions.acts_for_lead(facts, actor):
        return by
    return replace(by, on_behalf_of=organisations.post_by_code(facts.lead_post).name)


def only_noted_since(row: Matter, version: int) -> bool:
    """Whether everything since is a note beside the matter: nobody's form is stale because somebody was reminded."""
    if not 0 < version < row.version:
        return False
    since = MatterStep.objects.filter(matter=row.id, version__gt=version).values_list("step", flat=True)
    return all(Step(one) in NOTED_STEPS for one in since)


def _repeated(row: Matter, by: By, scope: Scope, *, expected: int, step: Step, said: Said) -> Outcome[MatterView]:
    """A step sent twice under one key is the same step; anything else on an old version is stale."""
    before = MatterStep.objects.filter(matter=row.id, version=expected + 1).first()
    same = before is not None and said.client_key and before.client_key == said.client_key
    if same and before and before.account == by.account and before.step == step.value:
        if before.body_hash and before.body_hash != said.body_hash:
            raise Conflict(
                "key_with_another_body", "同一幂等键已用于另一份内容", where="Idempotency-Key", remedy="请换一个新的键"
            )
        found = reading.read(scope, row.id)
        return Outcome(shaping.view(found, by, scope), subject=subject_of(row), unchanged=True)
    raise stale(row, by, scope, expected)


def _digest(said: Said) -> str:
    """What tells two steps under one key apart. Photos sent again have other ids: only their number counts."""
    told = {"text": said.text, "photos": len(said.photos), "result": said.result, "facts": said.facts}
    told |= {"asked": said.asked} if said.asked else {}
    return decisions.body_hash(told)


def stale(row: Matter, by: By, scope: Scope, expected: int) -> Stale:
    """What says that somebody else was first, with what has happened since."""
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
    return Stale(
        "matter_changed",
        "您查看之后，此事件已有变化，现在是“{state}”",
        where="If-Match",
        remedy="请查看变化后再决定是否办理",
        params={"state": gettext(STATE_LABELS[MatterState(row.state)])},
        changes=changes,
    )


def refused(refusal: decisions.Refusal, state: MatterState, step: Step) -> Conflict | Refused:
    kind = Conflict if refusal.of_state else Refused
    params = {
        "state": gettext(STATE_LABELS[state]),
        "step": gettext(STEP_LABELS[step]),
        "allowed": "、".join(gettext(STEP_LABELS[one]) for one in refusal.allowed),
    }
    return kind(refusal.code, refusal.message, where="step", remedy=refusal.remedy, params=params)
