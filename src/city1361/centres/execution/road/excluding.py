"""暂停, 挂账, 延期, 作废: one person asks, another grants; every one stays countable."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from city1361.base.action.api import Outcome, action
from city1361.base.calendar import api as calendar
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid
from city1361.centres.execution import clocks, inputs
from city1361.centres.execution.answers import MatterView
from city1361.centres.execution.models import Matter, MatterApproval
from city1361.centres.execution.road import exclusions, receivers
from city1361.centres.execution.rules import Limit
from city1361.centres.execution.steps.recording import Said
from city1361.centres.execution.steps.taking import Change, take
from city1361.centres.execution.terms import ApprovalState, ExclusionKind, Permission, Step
from city1361.platform.assurance.standards.areas import api as areas

UNITS = ("natural_hour", "working_hour", "working_day")
MOST = 60
LONGEST_SHELF = timedelta(days=366)


@action(Permission.REQUEST_EXCLUSION)
def matter_request_pause(
    *, by: By, matter_id: UUID, expected_version: int, reason: str, client_key: str = ""
) -> Outcome[MatterView]:
    """申请暂停: both clocks shall stand still, e.g. for what the reporter must add, or a test."""
    said = Said(inputs.text(reason, needed=True), client_key=client_key)
    return take(
        by, matter_id, expected_version, Step.REQUEST_PAUSE, said=said, change=_ask(by, said, ExclusionKind.PAUSED)
    )


@action(Permission.REQUEST_EXCLUSION)
def matter_request_shelve(
    *, by: By, matter_id: UUID, expected_version: int, reason: str, owner: UUID, review_on: date, client_key: str = ""
) -> Outcome[MatterView]:
    """申请挂账: into the library of shelved matters, with an owner and the day it is looked at again."""
    asked = {"owner": str(owner), "review_on": review_day(review_on).isoformat()}
    said = Said(inputs.text(reason, needed=True), client_key=client_key, facts=dict(asked))
    ask = _ask(by, said, ExclusionKind.SHELVED_MATTER, asked)

    def change(row: Matter, now: datetime) -> None:
        receivers.organisation_beside(row, owner, "owner")
        ask(row, now)

    return take(by, matter_id, expected_version, Step.REQUEST_SHELVE, said=said, change=change)


@action(Permission.REQUEST_EXCLUSION)
def matter_request_extend(
    *, by: By, matter_id: UUID, expected_version: int, reason: str, amount: int, unit: str, client_key: str = ""
) -> Outcome[MatterView]:
    """申请延期: so much more time, counted from where the limits end."""
    more = _more(amount, unit)
    asked: dict[str, object] = {"amount": more.amount, "unit": more.unit}
    said = Said(inputs.text(reason, needed=True), client_key=client_key, facts=dict(asked))
    change = _ask(by, said, ExclusionKind.EXTENDED, asked)
    return take(by, matter_id, expected_version, Step.REQUEST_EXTEND, said=said, change=change)


@action(Permission.REQUEST_EXCLUSION)
def matter_request_void(
    *, by: By, matter_id: UUID, expected_version: int, reason: str, client_key: str = ""
) -> Outcome[MatterView]:
    """申请作废: it shall end as if it had never been filed; it stays in the list of exclusions."""
    said = Said(inputs.text(reason, needed=True), client_key=client_key)
    return take(
        by, matter_id, expected_version, Step.REQUEST_VOID, said=said, change=_ask(by, said, ExclusionKind.VOIDED)
    )


def _ask(by: By, said: Said, kind: ExclusionKind, asked: Mapping[str, object] | None = None) -> Change:
    def change(row: Matter, now: datetime) -> None:
        MatterApproval.objects.create(
            matter=row,
            kind=kind.value,
            state=ApprovalState.WAITING.value,
            reason=said.text,
            asked=dict(asked or {}),
            asked_by=by.account,
            asked_by_organisation=by.organisation,
            asked_by_post=by.post,
            asked_who=by.label,
            asked_at=now,
        )

    return change


@action(Permission.APPROVE_EXCLUSION)
def matter_pause(
    *, by: By, matter_id: UUID, expected_version: int, text: str = "", client_key: str = ""
) -> Outcome[MatterView]:
    """同意暂停, by another person: both clocks stand still until somebody resumes."""
    said = Said(inputs.text(text), client_key=client_key)

    def change(row: Matter, now: datetime) -> None:
        asked = _decided(row, by, said, now, ApprovalState.APPROVED)
        exclusions.keep(row, ExclusionKind.PAUSED, now, by=by, reason=asked.reason, approval=asked)
        clocks.stop(calendar.current(), row, now)

    return take(by, matter_id, expected_version, Step.PAUSE, said=said, change=change)


@action(Permission.APPROVE_EXCLUSION)
def matter_shelve(
    *, by: By, matter_id: UUID, expected_version: int, text: str = "", client_key: str = ""
) -> Outcome[MatterView]:
    """同意挂账, by another person."""
    said = Said(inputs.text(text), client_key=client_key)

    def change(row: Matter, now: datetime) -> None:
        asked = _decided(row, by, said, now, ApprovalState.APPROVED)
        owner, review_on = UUID(asked.asked["owner"]), date.fromisoformat(asked.asked["review_on"])
        exclusions.keep(
            row, ExclusionKind.SHELVED_MATTER, now, by=by, reason=asked.reason, approval=asked, owner=owner,
            review_on=review_on,
        )  # fmt: skip
        clocks.stop(calendar.current(), row, now)
        row.shelved_owner_id, row.shelved_review_on = owner, review_on
        row.organisations = list(dict.fromkeys([*row.organisations, owner]))

    return take(by, matter_id, expected_version, Step.SHELVE_MATTER, said=said, change=change)


@action(Permission.APPROVE_EXCLUSION)
def matter_extend(
    *, by: By, matter_id: UUID, expected_version: int, text: str = "", client_key: str = ""
) -> Outcome[MatterView]:
    """同意延期, by another person: the limits end later by what was asked for."""
    said = Said(inputs.text(text), client_key=client_key)

    def change(row: Matter, now: datetime) -> None:
        asked = _decided(row, by, said, now, ApprovalState.APPROVED)
        line = exclusions.keep(row, ExclusionKind.EXTENDED, now, by=by, reason=asked.reason, approval=asked)
        line.amount, line.unit = asked.asked["amount"], asked.asked["unit"]
        more = clocks.prolong(calendar.current(), row, Limit(asked.asked["amount"], asked.asked["unit"]))
        exclusions.finish(row, line, now, more)

    return take(by, matter_id, expected_version, Step.EXTEND, said=said, change=change)


@action(Permission.APPROVE_EXCLUSION)
def matter_void(
    *, by: By, matter_id: UUID, expected_version: int, text: str = "", client_key: str = ""
) -> Outcome[MatterView]:
    """同意作废, by another person."""
    said = Said(inputs.text(text), client_key=client_key)

    def change(row: Matter, now: datetime) -> None:
        asked = _decided(row, by, said, now, ApprovalState.APPROVED)
        running = exclusions.running(row)
        if running is not None:
            exclusions.finish(row, running, now, clocks.go_on(calendar.current(), row, now))
        exclusions.keep(row, ExclusionKind.VOIDED, now, by=by, reason=asked.reason, until=now, approval=asked)
        row.closed_at, row.shelved_owner_id, row.shelved_review_on = now, None, None

    return take(by, matter_id, expected_version, Step.VOID, said=said, change=change)


@action(Permission.APPROVE_EXCLUSION)
def matter_reject_request(
    *, by: By, matter_id: UUID, expected_version: int, reason: str, client_key: str = ""
) -> Outcome[MatterView]:
    """不同意 what was asked for, by another person, with a reason."""
    said = Said(inputs.text(reason, needed=True), client_key=client_key)

    def change(row: Matter, now: datetime) -> None:
        _decided(row, by, said, now, ApprovalState.REJECTED)

    return take(by, matter_id, expected_version, Step.REJECT_REQUEST, said=said, change=change)


def _decided(row: Matter, by: By, said: Said, now: datetime, state: ApprovalState) -> MatterApproval:
    asked = MatterApproval.objects.get(matter=row.id, state=ApprovalState.WAITING.value)
    asked.state, asked.decided_by, asked.decided_who = state.value, by.account, by.label
    asked.decided_at, asked.decision = now, said.text
    asked.save(update_fields=["state", "decided_by", "decided_who", "decided_at", "decision"])
    return asked


@action(Permission.RESUME_MATTER)
def matter_resume(
    *, by: By, matter_id: UUID, expected_version: int, text: str = "", client_key: str = ""
) -> Outcome[MatterView]:
    """恢复计时: both clocks go on with what was left."""
    said = Said(inputs.text(text), client_key=client_key)
    return take(by, matter_id, expected_version, Step.RESUME, said=said, change=_go_on)


@action(Permission.REVIEW_SHELVED)
def matter_unshelve(
    *, by: By, matter_id: UUID, expected_version: int, reason: str, client_key: str = ""
) -> Outcome[MatterView]:
    """销账: out of the library; both clocks go on with what was left."""
    said = Said(inputs.text(reason, needed=True), client_key=client_key)
    return take(by, matter_id, expected_version, Step.UNSHELVE, said=said, change=_go_on)


def _go_on(row: Matter, now: datetime) -> None:
    line = exclusions.running(row)
    left_out = clocks.go_on(calendar.current(), row, now)
    row.shelved_owner_id, row.shelved_review_on = None, None
    if line is not None:
        exclusions.finish(row, line, now, left_out)


@action(Permission.REVIEW_SHELVED)
def matter_review_shelved(
    *, by: By, matter_id: UUID, expected_version: int, reason: str, review_on: date, client_key: str = ""
) -> Outcome[MatterView]:
    """复核挂账: looked at again, with what was found and the next day."""
    day = review_day(review_on)
    said = Said(inputs.text(reason, needed=True), client_key=client_key, facts={"review_on": day.isoformat()})

    def change(row: Matter, now: datetime) -> None:
        row.shelved_review_on = day

    return take(by, matter_id, expected_version, Step.REVIEW_SHELVED, said=said, change=change)


def review_day(given: date) -> date:
    """A day to come, within a year. Raises Invalid."""
    if not areas.today() < given <= areas.today() + LONGEST_SHELF:
        raise Invalid("bad_review_day", "复核日期须在明天至一年之内", where="review_on", remedy="请重新选择日期")
    return given


def _more(amount: int, unit: str) -> Limit:
    if unit not in UNITS:
        raise Invalid("unknown_unit", "没有这种时限单位", where="unit", remedy="请选择小时、工作时或工作日")
    if not 1 <= amount <= MOST:
        raise Invalid("bad_amount", "延期须在1至{most}之间", where="amount", remedy="请重新填写", params={"most": MOST})
    return Limit(amount, unit)
