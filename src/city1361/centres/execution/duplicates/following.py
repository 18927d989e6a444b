"""What the reporter of a merged duplicate may know of the matter that is kept: how it goes, never who else reported it or
what he said; and his word that it is solved, or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from city1361.base.action.api import Outcome, Remembered, action, earlier, submission
from city1361.base.calendar import api as calendar
from city1361.base.database import api as database
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Missing, Stale
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import clocks, inputs, queries, shaping
from city1361.centres.execution.answers import ClockView, MatterView, StepView
from city1361.centres.execution.models import Matter, MatterMerge, MatterStep
from city1361.centres.execution.road import participation
from city1361.centres.execution.steps import taking
from city1361.centres.execution.steps.recording import Said, subject_of
from city1361.centres.execution.steps.taking import take
from city1361.centres.execution.terms import CloseResult, MatterState, Permission, Step

# What the officials did and said of the work itself; everything else stays with those who see the matter.
TOLD = frozenset(
    {
        Step.ADMIT,
        Step.ACKNOWLEDGE,
        Step.REPORT_PROGRESS,
        Step.REQUEST_CLOSE,
        Step.CHECK_PASS,
        Step.CHECK_FAIL,
        Step.CLOSE,
        Step.REOPEN,
        Step.REFUSE,
        Step.VOID,
    }
)
SPOKEN = frozenset({Step.REPORT_PROGRESS, Step.REQUEST_CLOSE, Step.CLOSE, Step.REFUSE})
JOINED_LABEL = "并案上报人"


@dataclass(frozen=True, slots=True)
class FollowedView:
    """The matter a report was merged into, as that report's reporter may know it. others: how many reported it too;
    agreed: he has said that it is solved."""

    version: int
    state: MatterState
    lead: str
    total: ClockView
    result: CloseResult | None
    steps: tuple[StepView, ...]
    others: int
    merged_at: datetime
    agreed: bool


def followed(*, scope: Scope, by: By, matter_id: UUID) -> FollowedView | None:
    """How the kept matter goes, for the one whose report was merged into it; None when it is not merged. Raises Missing."""
    row = _own(scope, by, matter_id)
    if row.merged_into is None:
        return None
    with database.scoped(Scope.everything()):
        return _view(row)


@action(Permission.REOPEN_MATTER)
def matter_reopen_merged(
    *,
    by: By,
    matter_id: UUID,
    expected_version: int,
    reason: str,
    photos: Iterable[UUID] = (),
    client_key: str = "",
) -> Outcome[None]:
    """没解决, said by the reporter of a merged duplicate: the kept matter is handled again on its original clock.

    matter_id is his own report, expected_version that of the kept matter. Raises Conflict, Stale, Missing.
    """
    row = _own(registry.scope_of(by), by, matter_id)
    if row.merged_into is None:
        raise Conflict("not_merged", "本事件没有并案", where="step", remedy="请直接说明没解决的原因")
    _not_agreed(row)
    said = Said(inputs.text(reason, where="text", needed=True), inputs.photos(photos), client_key=client_key)
    with database.scoped(Scope.everything()), _late_learns_little():
        done = take(
            _joined(by),
            row.merged_into,
            expected_version,
            Step.REOPEN,
            said=said,
            change=_reopen,
            scope=Scope.everything(),
            reporter=by.account,
        )
    facts = {**done.facts, "duplicate": row.number}
    write = _write_for_everybody(done.write) if done.write else None
    return Outcome(
        subject=done.subject,
        facts=facts,
        personal=done.personal,
        events=done.events,
        unchanged=done.unchanged,
        write=write,
    )


def _write_for_everybody(write: Callable[[Remembered], MatterView]) -> Callable[[Remembered], None]:
    """Write the step of a matter that the one who asks does not see himself."""

    def written(remembered: Remembered) -> None:
        with database.scoped(Scope.everything()):
            write(remembered)

    return written


@action(Permission.AGREE_MATTER)
def matter_agree_merged(
    *, by: By, matter_id: UUID, expected_version: int, text: str = "", client_key: str = ""
) -> Outcome[None]:
    """已解决, said by the reporter of a merged duplicate: a line in the history of the kept matter, whose own reporter still
    decides for himself. Versions as in `matter_reopen_merged`. Raises Conflict, Stale, Missing."""
    scope, everything = registry.scope_of(by), Scope.everything()
    row, said = _own(scope, by, matter_id), inputs.text(text)
    sent = submission(client_key, {"text": said}) if client_key else None
    if row.merged_into is None:
        raise Conflict("not_merged", "本事件没有并案", where="step", remedy="请直接确认是否解决")
    with database.scoped(everything), _late_learns_little():
        kept = Matter.objects.select_related("type").select_for_update(of=("self",)).get(pk=row.merged_into)
        if (sent and earlier(MatterStep.objects.filter(matter=kept), by, sent)) or _agreed(row):
            return Outcome(None, subject=subject_of(kept), unchanged=True)
        if kept.version != expected_version and not taking.only_noted_since(kept, expected_version):
            raise taking.stale(kept, by, everything, expected_version)
        if kept.state != MatterState.CLOSED:
            raise Conflict("not_closed", "此事件尚未办结", where="step", remedy="办结后再确认是否解决")
        noted = participation.note_on_matter(
            by=_joined(by), matter_id=kept.id, step=Step.AGREE, text=said, scope=everything, sent=sent
        )
    facts = {"duplicate": row.number, "step": Step.AGREE.value}
    return Outcome(None, subject=noted.subject, facts=facts, events=(noted.event,))


@contextmanager
def _late_learns_little() -> Iterator[None]:
    """Whoever was not the first is told of the work alone, as `followed` tells it, and of no other reporter."""
    try:
        yield
    except Stale as stale:
        told = [one for one in stale.changes if one["code"] in TOLD]
        stale.changes = [{**one, "who": JOINED_LABEL} if one["code"] == Step.REOPEN else one for one in told]
        raise


def _joined(by: By) -> By:
    """Who it was, as those may know who deal with the kept matter."""
    return replace(by, label=JOINED_LABEL, organisation=None, post="")


def _agreed(duplicate: Matter) -> bool:
    """Whether he has said that it is solved, and it was not taken up again since."""
    steps = MatterStep.objects.filter(matter=duplicate.merged_into, step__in=(Step.AGREE, Step.REOPEN))
    last = steps.exclude(step=Step.AGREE, by_reporter=True).exclude(
        ~Q(account=duplicate.reporter_account), step=Step.AGREE
    )
    found = last.order_by("-version").first()
    return found is not None and found.step == Step.AGREE


def _not_agreed(duplicate: Matter) -> None:
    with database.scoped(Scope.everything()):
        if _agreed(duplicate):
            raise Conflict(
                "matter_agreed",
                "您已经确认解决，此事件不再变更",
                where="step",
                remedy="如果问题再次出现，请重新上报，系统会自动与此事件关联",
            )


def _reopen(row: Matter, now: datetime) -> None:
    row.closed_at, row.result, row.requested_result = None, "", ""
    row.reopened_count, row.rework_count = row.reopened_count + 1, row.rework_count + 1


def _own(scope: Scope, by: By, matter_id: UUID) -> Matter:
    row = queries.matter_row(scope, matter_id)
    if by.account is None or row.reporter_account != by.account:
        raise Missing()
    return row


def _view(duplicate: Matter) -> FollowedView:
    kept = Matter.objects.select_related("lead", "type").get(pk=duplicate.merged_into or duplicate.pk)
    merges = MatterMerge.objects.filter(kept=kept.id, split_at=None)
    mine = merges.get(duplicate=duplicate.id)
    steps = MatterStep.objects.filter(matter=kept.id, step__in=TOLD).order_by("version")
    return FollowedView(
        version=kept.version,
        state=MatterState(kept.state),
        lead=kept.lead.name if kept.lead else "",
        total=clocks.total(calendar.current(), kept, clock.now()),
        result=CloseResult(kept.result) if kept.result else None,
        steps=tuple(_told(one) for one in steps),
        others=merges.exclude(duplicate=duplicate.id).count() + 1,
        merged_at=mine.merged_at,
        agreed=_agreed(duplicate),
    )


def _told(step: MatterStep) -> StepView:
    """A step without photographs, and without words unless an official wrote them for reporters to read."""
    shown = shaping.step_view(step, hidden=JOINED_LABEL if step.by_reporter or Step(step.step) is Step.REOPEN else "")
    return replace(shown, photos=(), text=shown.text if shown.step in SPOKEN else "")
