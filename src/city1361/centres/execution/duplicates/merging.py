"""合并 and 拆分: a duplicate points to the matter that is kept; nothing is lost, everything can be undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from city1361.base.action.api import Outcome, action
from city1361.base.calendar import api as calendar
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Refused
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import clocks, decisions, inputs, queries, reading, shaping
from city1361.centres.execution.answers import MatterView
from city1361.centres.execution.duplicates import joined_clocks
from city1361.centres.execution.duplicates.merge_rules import Side, TotalClock, refusal, together
from city1361.centres.execution.entry.intake_terms import IntakePermission
from city1361.centres.execution.events import MatterChanged
from city1361.centres.execution.models import Matter, MatterMerge, MatterStep
from city1361.centres.execution.road import participation
from city1361.centres.execution.steps import offering, recording, taking
from city1361.centres.execution.steps.recording import Said
from city1361.centres.execution.steps.walking import Walk
from city1361.centres.execution.terms import MatterState, Participation, Step

STAGE = ("stage_started_at", "stage_due_at", "stage_limit_minutes", "stage_counting", "stage_amount", "stage_unit")


@action(IntakePermission.MERGE_MATTER)
def matter_merge(
    *, by: By, matter_id: UUID, kept_id: UUID, expected_version: int, reason: str = "", client_key: str = ""
) -> Outcome[MatterView]:
    """Merge the matter into `kept_id`, which must be visible too. The kept matter keeps its clock, or takes over an
    earlier report and promise; the duplicate's reporter goes on hearing of it. Raises Conflict, Refused, Stale, Missing.
    """
    scope, now = registry.scope_of(by), clock.now()
    said = Said(inputs.text(reason, longest=inputs.LONGEST_REASON), client_key=client_key)
    duplicate, kept = _both(scope, matter_id, kept_id)
    if client_key and duplicate.merged_into == kept.id and _said_before(duplicate, client_key):
        view = shaping.view(reading.read(scope, matter_id), by, scope)
        return Outcome(view, subject=recording.subject_of(duplicate), unchanged=True)
    _not_stale(duplicate, by, scope, expected_version)
    _of_centre(duplicate, by, scope)
    refused = refusal(_side(duplicate), _side(kept))
    if refused is not None:
        raise Conflict(refused[0], refused[1], where="kept", remedy=refused[2])
    own = _own_clock(kept)
    merge = MatterMerge(
        duplicate=duplicate,
        kept=kept,
        before=_standing(duplicate, now),
        own_clock=own,
        reporter_account=duplicate.reporter_account,
        merged_at=now,
        merged_by=by.account,
        reason=said.text,
    )
    _set_clock(kept, together([_clock(kept), _clock(duplicate)]))
    merge.merged_due_at = kept.total_due_at
    merge.save()
    seen = sorted({*kept.sensitive, *duplicate.sensitive})
    kept.sensitive = seen
    kept.save(update_fields=["reported_at", "total_due_at", "total_limit_minutes", "total_counting", "sensitive"])
    noted = _note(by, kept, Step.MERGE, f"{duplicate.number} {said.text}".strip())
    _join_centre(by, duplicate, kept)
    outcome = _move(duplicate, MatterState.MERGED, Step.MERGE, by=by, scope=scope, said=_told(said, kept), now=now)
    return _with(outcome, noted)


@action(IntakePermission.MERGE_MATTER)
def matter_split(
    *, by: By, matter_id: UUID, expected_version: int, reason: str, client_key: str = ""
) -> Outcome[MatterView]:
    """Undo the merge of a duplicate: it stands where it stood, its stage goes on with what was left, its total clock has
    never stopped; the kept matter gets its own clock back. Raises Conflict, Refused, Stale, Missing."""
    scope, now = registry.scope_of(by), clock.now()
    said = Said(inputs.text(reason, needed=True, longest=inputs.LONGEST_REASON), client_key=client_key)
    merge = MatterMerge.objects.filter(duplicate=matter_id, split_at=None).first()
    if merge is None:
        queries.matter_row(scope, matter_id)
        raise Conflict("not_merged", "本事件没有并案", where="step", remedy="无需拆分")
    duplicate, kept = _both(scope, matter_id, merge.kept_id)
    _not_stale(duplicate, by, scope, expected_version)
    _of_centre(duplicate, by, scope)
    merge.split_at, merge.split_reason = now, said.text
    merge.save(update_fields=["split_at", "split_reason"])
    _give_back(kept, merge)
    noted = _note(by, kept, Step.SPLIT, f"{duplicate.number} {said.text}")
    _stand_again(duplicate, merge.before, now)
    state = MatterState(merge.before["state"])
    outcome = _move(duplicate, state, Step.SPLIT, by=by, scope=scope, said=_told(said, kept), now=now)
    return _with(outcome, noted)


def merge_of(duplicate: UUID) -> MatterMerge | None:
    """The merge a matter is in now."""
    return MatterMerge.objects.filter(duplicate=duplicate, split_at=None).first()


def duplicates_of(*, scope: Scope, matter_id: UUID) -> list[tuple[UUID, str]]:
    """Id and number of the matters merged into one. Raises Missing."""
    row = queries.matter_row(scope, matter_id)
    found = MatterMerge.objects.filter(kept=row.id, split_at=None).select_related("duplicate").order_by("id")
    return [(one.duplicate_id, one.duplicate.number) for one in found]


def kept_of(*, scope: Scope, matter_id: UUID) -> tuple[UUID, str] | None:
    """Id and number of the matter this one was merged into; None when it was not. Raises Missing."""
    row = queries.matter_row(scope, matter_id)
    kept = Matter.objects.filter(pk=row.merged_into).values_list("id", "number").first() if row.merged_into else None
    return kept


def _both(scope: Scope, matter_id: UUID, kept_id: UUID) -> tuple[Matter, Matter]:
    """Both rows, locked in one order whoever merges what. Raises Missing unless both may be seen."""
    for one in (matter_id, kept_id):
        queries.matter_row(scope, one)
    rows = Matter.objects.select_for_update(of=("self",)).select_related("type").filter(pk__in=[matter_id, kept_id])
    locked = {row.id: row for row in rows.order_by("id")}
    return locked[matter_id], locked[kept_id]


def _not_stale(row: Matter, by: By, scope: Scope, expected: int) -> None:
    if row.version != expected and not taking.only_noted_since(row, expected):
        raise taking.stale(row, by, scope, expected)


def _of_centre(row: Matter, by: By, scope: Scope) -> None:
    """The centre that has the duplicate decides, or the system for its reporter's own word."""
    if by.is_system or row.current_centre_id in scope.organisations or row.centre_id in scope.organisations:
        return
    raise Refused("not_the_centre", "这一步由首接负责的治理中心办理", where="step", remedy="请联系该中心的值班员")


def _said_before(row: Matter, client_key: str) -> bool:
    return MatterStep.objects.filter(matter=row.id, step=Step.MERGE.value, client_key=client_key).exists()


def _side(row: Matter) -> Side:
    merged = MatterMerge.objects.filter(kept=row.id, split_at=None).count()
    return Side(row.id, MatterState(row.state), row.paused_at is not None, row.merged_into, merged)


def _clock(row: Matter) -> TotalClock:
    return TotalClock(row.reported_at, row.total_due_at, row.total_limit_minutes, row.total_counting)


def _own_clock(kept: Matter) -> dict[str, Any]:
    """The clock and marks the kept matter had before anything was merged into it."""
    first = MatterMerge.objects.filter(kept=kept.id, split_at=None).order_by("id").first()
    if first is not None:
        return dict(first.own_clock)
    return {**_clock(kept).to_json(), "sensitive": kept.sensitive}


def _set_clock(kept: Matter, total: TotalClock) -> None:
    kept.reported_at, kept.total_due_at = total.reported_at, total.due_at
    kept.total_limit_minutes, kept.total_counting = total.minutes, total.counting


def _give_back(kept: Matter, merge: MatterMerge) -> None:
    """The kept matter's own clock, tightened only by what is still merged; what moved it since moves them all."""
    still = list(MatterMerge.objects.filter(kept=kept.id, split_at=None).select_related("duplicate"))
    _set_clock(kept, joined_clocks.of_kept(calendar.current(), kept, merge.own_clock, still))
    if not still:
        kept.sensitive = merge.own_clock["sensitive"]
    kept.save(update_fields=["reported_at", "total_due_at", "total_limit_minutes", "total_counting", "sensitive"])


def _standing(row: Matter, now: datetime) -> dict[str, Any]:
    """Where the duplicate stood, with what was left of its stage."""
    left = None
    if row.stage_due_at is not None:
        left = clocks.minutes(calendar.current(), row.stage_counting, now, row.stage_due_at)
    kept: dict[str, Any] = {name: getattr(row, name) for name in STAGE}
    moments = {name: kept[name].isoformat() for name in ("stage_started_at", "stage_due_at") if kept[name]}
    return {**kept, **moments, "state": row.state, "left": left, "merged_at": now.isoformat()}


def _stand_again(row: Matter, before: dict[str, Any], now: datetime) -> None:
    """The stage goes on with what was left of it when the matter was merged."""
    for name in STAGE:
        value = before[name]
        moment = name.endswith("_at") and value is not None
        setattr(row, name, datetime.fromisoformat(value) if moment else value)
    if before["left"] is not None and row.stage_started_at is not None:
        working, merged_at = calendar.current(), datetime.fromisoformat(before["merged_at"])
        spent = clocks.minutes(working, row.stage_counting, row.stage_started_at, merged_at)
        row.stage_due_at = clocks.later(working, row.stage_counting, now, before["left"])
        row.stage_started_at = clocks.later(working, row.stage_counting, now, -max(0, spent))


def _move(
    row: Matter, state: MatterState, step: Step, *, by: By, scope: Scope, said: Said, now: datetime
) -> Outcome[MatterView]:
    """Write the duplicate's new place; a merged matter has no stage."""
    plan = decisions.Plan(step, MatterState(row.state), state)
    if state is MatterState.MERGED:
        row.stage_started_at = row.stage_due_at = row.stage_limit_minutes = None
    row.merged_into = UUID(said.facts["kept"]) if state is MatterState.MERGED else None
    walk = Walk(row, by, scope, now)
    walk.place(offering.facts(replace(reading.read(scope, row.id), row=row)), state)
    row.state, row.version = state.value, row.version + 1
    row.save()
    walk.write()
    return recording.remember(row, plan, by=by, scope=scope, said=said, now=now)


def _told(said: Said, kept: Matter) -> Said:
    facts = {"kept": str(kept.id), "kept_number": kept.number}
    return Said(said.text, client_key=said.client_key, facts=facts)


def _note(by: By, kept: Matter, step: Step, text: str) -> MatterChanged:
    return participation.note_on_matter(by=by, matter_id=kept.id, step=step, text=text).event


def _join_centre(by: By, duplicate: Matter, kept: Matter) -> None:
    """The duplicate's centre goes on hearing of it where the kept matter is another's."""
    if duplicate.centre_id not in kept.organisations:
        participation.matter_participant_add(
            by=by, matter_id=kept.id, organisation=duplicate.centre_id, role=Participation.INFORMED
        )


def _with(outcome: Outcome[MatterView], event: MatterChanged) -> Outcome[MatterView]:
    """The same outcome, with what happened to the kept matter."""
    return replace(outcome, events=(*outcome.events, event))
