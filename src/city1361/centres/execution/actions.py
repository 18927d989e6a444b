"""The ordinary way of a matter after its report: each step authorised, decided, written, evidenced and published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from city1361.base.action.api import Outcome, action
from city1361.base.calendar import api as calendar
from city1361.base.kernel import registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid
from city1361.centres.execution import clocks, decisions, inputs, laid_down, queries, reading, shaping
from city1361.centres.execution.answers import MatterView
from city1361.centres.execution.models import Matter, MatterStep
from city1361.centres.execution.road import handing, participation, receivers
from city1361.centres.execution.steps import offering
from city1361.centres.execution.steps.recording import Said
from city1361.centres.execution.steps.taking import take
from city1361.centres.execution.terms import (
    CloseResult,
    HandOverKind,
    MatterState,
    Permission,
    Satisfaction,
    Step,
)
from city1361.platform.components.processes import api as processes


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

    def change(row: Matter, now: datetime) -> None:
        row.level, row.sensitive = graded, marks
        if finer is not None:
            row.type, row.national_code = finer, shaping.type_view(finer).national
        handing.give(row, HandOverKind.DISPATCHED, receivers.handler(row.current_centre_id, handler_post), by, now)

    facts = {"handler_post": str(handler_post), "level": graded, **({"type": finer.code} if finer else {})}
    said = Said(inputs.text(text), client_key=client_key, facts=facts, asked={"sensitive": marks} if marks else {})
    return take(by, matter_id, expected_version, Step.ADMIT, said=said, change=change, after=handing.receipt)


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

    def change(row: Matter, now: datetime) -> None:
        row.refused_reason, row.closed_at = said.text, now

    return take(by, matter_id, expected_version, Step.REFUSE, said=said, change=change)


@action(Permission.ACKNOWLEDGE_MATTER)
def matter_acknowledge(
    *,
    by: By,
    matter_id: UUID,
    expected_version: int,
    text: str = "",
    client_key: str = "",
    event: processes.Event | None = None,
) -> Outcome[MatterView]:
    """签收: who was given the matter takes it over. By the system when its limit is over: then it is presumed."""
    said = Said(inputs.text(text), client_key=client_key)

    def change(row: Matter, now: datetime) -> None:
        handing.acknowledged(row, now, presumed=by.is_system)

    return take(by, matter_id, expected_version, Step.ACKNOWLEDGE, said=said, change=change, event=event)


@action(Permission.SEND_VERIFY)
def matter_send_verify(
    *, by: By, matter_id: UUID, expected_version: int, text: str = "", client_key: str = ""
) -> Outcome[MatterView]:
    """交核实: somebody else looks whether it is so before it is filed."""
    said = Said(inputs.text(text), client_key=client_key)
    return take(by, matter_id, expected_version, Step.SEND_VERIFY, said=said)


@action(Permission.VERIFY_MATTER)
def matter_verify(
    *,
    by: By,
    matter_id: UUID,
    expected_version: int,
    passed: bool,
    text: str = "",
    photos: Iterable[UUID] = (),
    client_key: str = "",
) -> Outcome[MatterView]:
    """核实, before filing, by another person than reported it. That it is not so needs a reason."""
    said = Said(inputs.text(text, needed=not passed), inputs.photos(photos), client_key=client_key)

    def change(row: Matter, now: datetime) -> None:
        row.verified = passed

    step = Step.VERIFY_PASS if passed else Step.VERIFY_FAIL
    return take(by, matter_id, expected_version, step, said=said, change=change, after=_go_on_admitting)


def _go_on_admitting(row: Matter, now: datetime) -> None:
    """受理 has what was left of its limit before the centre had somebody look."""
    steps = MatterStep.objects.filter(matter=row.id).order_by("version")
    before = decisions.spells(list(steps.values_list("step", "before", "after", "at")), MatterState.REPORTED)
    if row.state != MatterState.REPORTED or not before:
        return
    working = calendar.current()
    spent = sum(clocks.minutes(working, row.stage_counting, *one) for one in before)
    began = clocks.later(working, row.stage_counting, now, -max(0, spent))
    clocks.enter_stage(working, laid_down.of_matter(row), row, MatterState.REPORTED, began)


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
    return take(by, matter_id, expected_version, Step.REPORT_PROGRESS, said=said)


@action(Permission.REQUEST_CLOSE)
def matter_request_close(
    *,
    by: By,
    matter_id: UUID,
    expected_version: int,
    result: CloseResult | str,
    text: str,
    photos: Iterable[UUID] = (),
    unfinished: str = "",
    client_key: str = "",
) -> Outcome[MatterView]:
    """申请办结: the handler asks, with a typed result. Another post checks and closes.

    unfinished: why assisting work that has not ended does not matter; Conflict where there is some and nobody says.
    """
    ended = inputs.choice(CloseResult, result, "result")
    excuse = inputs.text(unfinished, where="unfinished", longest=inputs.LONGEST_REASON)
    explained = participation.explain_open_work(matter_id, excuse) if excuse else ""
    told = "\n".join(part for part in (inputs.text(text, needed=True), explained) if part)
    asked = {"unfinished": excuse} if excuse else {}
    said = Said(told, inputs.photos(photos), ended, client_key, asked=asked)

    def change(row: Matter, now: datetime) -> None:
        participation.explain_open_work(row.id, excuse)
        row.requested_result = ended.value

    return take(by, matter_id, expected_version, Step.REQUEST_CLOSE, said=said, change=change)


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

    def change(row: Matter, now: datetime) -> None:
        if not passed:
            row.rework_count, row.requested_result = row.rework_count + 1, ""

    step = Step.CHECK_PASS if passed else Step.CHECK_FAIL
    return take(by, matter_id, expected_version, step, said=said, change=change)


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
    return take(
        by,
        matter_id,
        expected_version,
        Step.CLOSE,
        said=said,
        change=lambda row, now: _close(row, chosen, by, now),
    )


def _close(row: Matter, chosen: CloseResult | None, by: By, now: datetime) -> None:
    asked = CloseResult(row.requested_result) if row.requested_result else None
    row.result, row.closed_at = decisions.result_to_close_with(asked, chosen).value, now
    found = reading.read(registry.scope_of(by), row.id)
    (handlers, _), first = offering.who_worked(found), found.first
    row.self_report_self_close = decisions.closed_by_its_reporter(
        reporter=row.reporter_account,
        reported_for=first.organisation if first else None,
        handlers=handlers,
        lead=row.lead_id,
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

    def change(row: Matter, now: datetime) -> None:
        if row.state == MatterState.CHECKED:
            _close(row, None, by, now)
        row.agreed_at, row.satisfaction = now, rated.value if rated else ""

    return take(by, matter_id, expected_version, Step.AGREE, said=said, change=change)


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

    def change(row: Matter, now: datetime) -> None:
        row.closed_at, row.result, row.requested_result = None, "", ""
        row.reopened_count, row.rework_count = row.reopened_count + 1, row.rework_count + 1

    return take(by, matter_id, expected_version, Step.REOPEN, said=said, change=change)
