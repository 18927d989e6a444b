"""Calls and tasks as pages show them: lines with a strip or a clock, time lines, pairs of facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from city1361.base.ui import api as ui
from city1361.centres.command import decisions
from city1361.centres.command.answers import CallView, EntryView, LimitView, TaskView
from city1361.centres.command.standing import step_label
from city1361.centres.command.terms import CALL_LABELS, GRADE_LABELS, TASK_LABELS, CallState, TaskState

UNITS = {
    "minute": "{amount}分钟",
    "natural_hour": "{amount}小时",
    "working_hour": "{amount}个工作时",
    "working_day": "{amount}个工作日",
}
CALM = frozenset({CallState.HELPED, CallState.CALLED_OFF, *(state for state in TaskState if not state.is_open)})


@dataclass(frozen=True, slots=True)
class Station:
    """One of the four states of a call."""

    label: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A call or a task in a list. who: the other side of it, for whoever looks."""

    id: UUID
    kind: str
    title: str
    who: str
    role: str
    address: str
    state: str
    mark: str
    strip: Sequence[Station] = field(default_factory=list)
    clock: ui.Clock | None = None
    note: str = ""


def stations(strip: Iterable[bool]) -> list[Station]:
    """The strip with its words."""
    return [Station(_(CALL_LABELS[state]), reached) for state, reached in zip(decisions.STRIP, strip, strict=True)]


def lines(calls: Iterable[CallView], tasks: Iterable[TaskView], *, mine: UUID | None = None) -> list[Line]:
    """Calls and tasks as lines, those over their limit first. `mine`: then who is on the other side stands there."""
    made = [call_line(one, mine) for one in calls] + [task_line(one, mine) for one in tasks]
    return sorted(
        made, key=lambda line: 0 if line.clock and line.clock.tone is ui.Tone.LATE and not line.clock.stopped else 1
    )


def call_line(call: CallView, mine: UUID | None = None) -> Line:
    """A call as a line."""
    called = call.organisation.id != mine
    return Line(
        id=call.id,
        kind=_("吹哨"),
        title=call.title,
        who=call.organisation.name if called else call.caller.name,
        role=_("协办") if called else _("吹哨单位"),
        address=reverse("call", args=[call.id]),
        state=_(CALL_LABELS[call.state]),
        mark=_mark(call.state),
        strip=stations(call.strip),
        clock=call.clock,
        note=_note(call),
    )


def task_line(task: TaskView, mine: UUID | None = None) -> Line:
    """A task as a line."""
    given = task.organisation.id != mine
    who = "·".join(part for part in (task.organisation.name, task.post) if part) if given else task.giver.name
    return Line(
        id=task.id,
        kind=_("任务"),
        title=task.title,
        who=who,
        role=_("协办") if given else _("交办单位"),
        address=reverse("task", args=[task.id]),
        state=_(TASK_LABELS[task.state]),
        mark=_mark(task.state),
        clock=task.clock,
    )


def _mark(state: CallState | TaskState) -> str:
    if state in (CallState.AWAITING_DISPATCH, CallState.DECLINED):
        return "late"
    return "calm" if state in CALM else "current"


def _note(call: CallView) -> str:
    if call.state is CallState.DECLINED:
        return call.reason
    if call.arrive_by and not call.arrived_at and call.state.is_open:
        return _("{responder}预计{time}到场").format(responder=call.responder, time=ui.moment_words(call.arrive_by))
    return call.result


def limit_words(limit: LimitView) -> str:
    """The limit in words, with what must be said of it."""
    words = _(UNITS[limit.unit]).format(amount=limit.amount)
    words = _("{limit}，至{time}").format(limit=words, time=ui.moment_words(limit.due_at))
    words += _("（示例，未经确认）") if limit.example else ""
    return words + (_("（超出已公布的节假日安排，可能变动）") if limit.fallback else "")


def timeline(entries: Iterable[EntryView], *, still_open: bool) -> list[ui.TimelineEntry]:
    """What was done, oldest first."""
    known = list(entries)
    return [
        ui.TimelineEntry(
            one.at, _(step_label(one.step)), _who(one), one.text, (), "now" if still_open and one is known[-1] else ""
        )
        for one in known
    ]


def _who(entry: EntryView) -> str:
    who = "·".join(part for part in (entry.organisation, entry.who) if part)
    return _("{who}（代{other}）").format(who=who, other=entry.on_behalf_of) if entry.on_behalf_of else who


def call_facts(call: CallView) -> list[tuple[str, str]]:
    """Pairs about a call; what does not apply is left out."""
    facts = [
        (_("需求"), call.demand),
        (_("吹哨单位"), call.caller.name),
        (_("被吹哨单位"), call.organisation.name),
        (_("报到时限"), limit_words(call.limit)),
        (_("到场人员"), call.responder),
        (_("预计到场"), ui.moment_words(call.arrive_by)),
        (_("到场时间"), ui.moment_words(call.arrived_at)),
        (_("不报到的理由"), call.reason),
        (_("依据"), call.clause),
        (_("调度中心"), call.centre.name if call.centre else ""),
        (_("支援结果"), call.result),
        (_("镇街评价支援"), _graded(call.help_grade, call.help_words)),
        (_("部门评价吹哨"), _graded(call.whistle_grade, call.whistle_words)),
    ]
    return [(label, value) for label, value in facts if value]


def _graded(grade: str | None, words: str) -> str:
    return "，".join(part for part in (_(GRADE_LABELS[grade]) if grade else "", words) if part)  # type: ignore[index]


def task_facts(task: TaskView) -> list[tuple[str, str]]:
    """Pairs about a task."""
    acknowledged = ui.moment_words(task.acknowledged_at)
    if task.presumed:
        acknowledged = _("{time}（到期视同签收）").format(time=acknowledged)
    facts = [
        (_("要求"), task.demand),
        (_("交办单位"), task.giver.name),
        (_("协办单位"), "·".join(part for part in (task.organisation.name, task.post) if part)),
        (_("签收时限"), "" if task.acknowledged_at else ui.moment_words(task.acknowledge_due_at)),
        (_("签收时间"), acknowledged),
        (_("办理时限"), limit_words(task.limit)),
        (_("完成情况"), task.result),
        (_("返工"), str(task.rework_count) if task.rework_count else ""),
        (_("知会单位"), "、".join(one.name for one in task.informed)),
        (_("事件编号"), task.matter_number),
    ]
    return [(label, value) for label, value in facts if value]
