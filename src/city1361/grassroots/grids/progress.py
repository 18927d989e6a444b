"""Where a report stands, in plain words: who has it, what comes next, until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from city1361.base.ui import api as ui
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import MatterState, MatterView, Step, StepView

STAGES = ("上报", "受理", "处置", "核查", "办结")
STAGE_OF = {
    MatterState.VERIFYING: 1,
    MatterState.REPORTED: 1,
    MatterState.REFUSED: 1,
    MatterState.DISPATCHING: 2,
    MatterState.ADMITTED: 2,
    MatterState.DESIGNATING: 2,
    MatterState.HANDLING: 2,
    MatterState.CLOSE_REQUESTED: 3,
    MatterState.CHECKED: 4,
    MatterState.CLOSED: 4,
    MatterState.VOIDED: 1,
    MatterState.MERGED: 2,
}
SENTENCES = {
    MatterState.VERIFYING: "正在核实情况。",
    MatterState.REPORTED: "已送达治理中心，等待受理。",
    MatterState.DISPATCHING: "已受理，正在派往办理单位。",
    MatterState.DESIGNATING: "承办单位尚未确定，上级中心正在指定。",
    MatterState.ADMITTED: "已受理，已交给{lead}，等待签收。",
    MatterState.HANDLING: "{lead}正在处理。",
    MatterState.CLOSE_REQUESTED: "{lead}已办理，另一岗位正在核查。",
    MatterState.CHECKED: "核查通过，等待办结。",
    MatterState.CLOSED: "已经办结。",
    MatterState.REFUSED: "未予受理。",
    MatterState.VOIDED: "此件已作废。",
    MatterState.MERGED: "已与同一问题的另一件合并办理，办结后同样告知您。",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A dot of the row at the top of the page."""

    name: str
    mark: str


def now_words(state: MatterState, lead: str) -> str:
    """One sentence: where it is and who has it."""
    return _(SENTENCES[state]).format(lead=lead or _("主办单位"))


def since_words(stage: execution.ClockView | None) -> str:
    """Since when whoever has it now has had it; empty when nobody has it any more."""
    if stage is None or stage.stopped_at is not None:
        return ""
    return _("{since}起").format(since=ui.moment_words(stage.started_at))


def latest_words(steps: Sequence[StepView]) -> str:
    """What was said last about the work itself; empty when nothing was, or not since it was reopened."""
    spoken = (Step.REPORT_PROGRESS, Step.REQUEST_CLOSE, Step.CLOSE, Step.REFUSE, Step.CHECK_FAIL)
    for step in reversed(steps):
        if step.step is Step.REOPEN:
            return ""
        if step.step in spoken and step.text:
            return step.text
    return ""


def next_words(matter: MatterView) -> str:
    """Until when; and for a closed matter how it ended."""
    return due_words(matter.state, matter.result, matter.total)


def due_words(state: MatterState, result: execution.CloseResult | None, total: execution.ClockView) -> str:
    """The same from what is known of a matter."""
    if result is not None and not state.is_open:
        return _("办理结果：{result}").format(result=_(execution.RESULT_LABELS[result]))
    if not state.is_open:
        return ""
    due = ui.moment_words(total.due_at)
    if total.overdue:
        return _("已超过承诺的时间（{due}），正在督促办理。").format(due=due)
    text = _("预计{due}前办完。").format(due=due)
    return text + (_("（时限为示例）") if total.example else "")


def stages(state: MatterState) -> list[Stage]:
    here = STAGE_OF[state]
    finished = state is MatterState.CLOSED
    return [
        Stage(name, "past" if place < here or (finished and place == here) else "now" if place == here else "coming")
        for place, name in enumerate(STAGES)
    ]
