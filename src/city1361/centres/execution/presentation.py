"""Matters as pages show them: tags, clocks, time line, process strip, place map. Shared by desk and phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.utils.translation import gettext as _

from city1361.base.calendar import api as calendar
from city1361.base.kernel.errors import Missing
from city1361.base.ui import api as ui
from city1361.centres.execution import clocks
from city1361.centres.execution.answers import ClockView, MatterView, PlaceView, StepView
from city1361.centres.execution.listings.periods import Period, PeriodKind
from city1361.centres.execution.terms import (
    RESULT_LABELS,
    STAGE_LABELS,
    STATE_LABELS,
    STEP_LABELS,
    URGENCY_LABELS,
    Counting,
    MatterState,
    Step,
    Urgency,
)
from city1361.platform.assurance.standards.areas import api as areas

NATURAL_DAY = 1440
STATIONS = ("上报", "受理", "签收", "处置", "申请办结", "核查", "办结", "群众评价")
LOOPS = ((7, 3, "没解决，重开（沿用原时钟）"), (5, 3, "核查不通过，返工"))
# The station where a matter waits.
STATION_OF = {
    MatterState.VERIFYING: 1,
    MatterState.REPORTED: 1,
    MatterState.DISPATCHING: 1,
    MatterState.DESIGNATING: 1,
    MatterState.REFUSED: 1,
    MatterState.ADMITTED: 2,
    MatterState.HANDLING: 3,
    MatterState.CLOSE_REQUESTED: 5,
    MatterState.CHECKED: 6,
    MatterState.CLOSED: 7,
    MatterState.VOIDED: 6,
    MatterState.MERGED: 1,
}
GOING_BACK = (Step.CHECK_FAIL, Step.REOPEN)


@dataclass(frozen=True, slots=True)
class Tag:
    """A short word with a tone (see base.css); an empty mark is the ordinary one."""

    label: str
    mark: str = ""


def state_tag(state: MatterState, *, overdue: bool = False, current: bool = False) -> Tag:
    if not state.is_open:
        return Tag(_(STATE_LABELS[state]), "done")
    return Tag(_(STATE_LABELS[state]), "late" if overdue else "current" if current else "")


def urgency_tag(urgency: Urgency) -> Tag:
    """Only what is more than ordinary gets a mark."""
    mark = {Urgency.PRESSING: "pressing", Urgency.URGENT: "urgent"}.get(urgency, "")
    return Tag(_(URGENCY_LABELS[urgency]), mark)


def working_day() -> int:
    """Minutes of a working day of this city, for words such as 2天3小时. Asks the database: take it once for a page."""
    shifts = max(calendar.current().hours, key=lambda hours: hours.since).shifts
    return shifts.minutes


def _day(view: ClockView, working: int) -> int:
    return working if view.counting is Counting.WORKING else NATURAL_DAY


def clock(view: ClockView | None, working: int, label: str = "") -> ui.Clock | None:
    """A clock for the eye. working: minutes of a working day. `label` replaces the short one."""
    if view is None:
        return None
    stopped = view.stopped_at is not None
    soon = view.left_minutes <= clocks.amber_minutes(view.limit_minutes) and not stopped
    tone = ui.Tone.LATE if view.overdue else ui.Tone.SOON if soon else ui.Tone.NORMAL
    words = label or _(view.label)
    return ui.Clock(
        words, view.left_minutes, view.used, _day(view, working), view.due_at, tone, stopped, view.paused, view.fallback
    )


def large_clocks(matter: MatterView) -> tuple[ui.Clock | None, ui.Clock | None]:
    """Total and stage, each with its limit in words."""
    working = working_day()
    total = clock(matter.total, working, _("总时限{limit}，自上报起").format(limit=_limit(matter.total, working)))
    if matter.stage is None:
        return total, None
    words = _("{stage}时限{limit}").format(stage=_(matter.stage.label), limit=_limit(matter.stage, working))
    return total, clock(matter.stage, working, words)


def _limit(view: ClockView, working: int) -> str:
    return ui.span_words(view.limit_minutes, _day(view, working))


def timeline(steps: Sequence[StepView], state: MatterState) -> list[ui.TimelineEntry]:
    """What was done, oldest first; the last line of an open matter is where it stands."""
    entries = []
    for place, step in enumerate(steps):
        last = place == len(steps) - 1 and state.is_open
        mark = "now" if last else "back" if step.step in GOING_BACK else ""
        entries.append(
            ui.TimelineEntry(step.at, _(STEP_LABELS[step.step]), _who(step), _words(step), step.photos, mark)
        )
    return entries


def _who(step: StepView) -> str:
    who = "·".join(part for part in (step.organisation, step.who) if part)
    if step.on_behalf_of:
        who = _("{who}（代{other}）").format(who=who, other=step.on_behalf_of)
    return who


def _words(step: StepView) -> str:
    parts = [_("签收时限已到，视为签收。")] if step.presumed else []
    parts += [_("结果：{result}。").format(result=_(RESULT_LABELS[step.result]))] if step.result else []
    return "".join([*parts, step.text])


def flow(state: MatterState, *, agreed: bool = False) -> ui.Flow:
    """The strip with what is past and where the matter stands; a refused matter stops at its first station."""
    if state in (MatterState.REFUSED, MatterState.MERGED):
        refused = ui.FlowNode(_(STATE_LABELS[state]), "now")
        return ui.Flow([ui.FlowNode(_(STATIONS[0]), "past"), refused])
    here = STATION_OF[state] + (1 if agreed else 0)
    marks = ["past" if place < here else "now" if place == here else "coming" for place in range(len(STATIONS))]
    names = [_(name) for name in STATIONS]
    if here == STATION_OF[MatterState.REPORTED] and state.is_open:
        names[here] = stage_name(state)
    nodes = [ui.FlowNode(name, mark) for name, mark in zip(names, marks, strict=True)]
    return ui.Flow(nodes, [(source, target, _(words)) for source, target, words in LOOPS])


def stage_name(state: MatterState) -> str:
    return _(STAGE_LABELS[state]) if state in STAGE_LABELS else _(STATE_LABELS[state])


def place_map(place: PlaceView) -> ui.PlaceMap:
    """The village's grids around the pin, and where in the district that is; without shapes an empty map."""
    day = str(areas.today())
    close = _children(place.village.id, day) if place.village else None
    whole = _alone(place.district.id, day)
    point = (place.lon, place.lat) if place.lon is not None and place.lat is not None else None
    own = place.grid.id if place.grid else None
    if close is None:
        return ui.PlaceMap(_sketch(whole, own, point))
    caption = _("网格边界为合成示例") if any(shape.synthetic for shape in close.outlines) else ""
    return ui.PlaceMap(_sketch(close, own, point), _sketch(whole, None, point), caption)


def _sketch(drawn: areas.OutlineMap | None, own: UUID | None, point: tuple[float, float] | None) -> ui.Sketch | None:
    if drawn is None:
        return None
    shapes = [ui.SketchShape(shape.path, shape.area.id == own) for shape in drawn.outlines]
    pin = drawn.frame.place(*point) if point else None
    return ui.Sketch(drawn.frame.width, drawn.frame.height, shapes, pin)


# Boundaries change with a decree, not with a request: kept for the day, a few thousand at most.
@lru_cache(maxsize=512)
def _children(area: UUID, day: str) -> areas.OutlineMap | None:
    try:
        return areas.outline_of_children(area)
    except Missing:
        return None


@lru_cache(maxsize=64)
def _alone(area: UUID, day: str) -> areas.OutlineMap | None:
    try:
        return areas.outline(area, 320)
    except Missing:
        return None


def period_words(period: Period) -> str:
    """A period as people say it: 2026年11月, 2026年第47周, 2026年11月23日."""
    first = period.first
    if period.kind is PeriodKind.MONTH:
        return _("{year}年{month}月").format(year=first.year, month=first.month)
    if period.kind is PeriodKind.WEEK:
        year, week, _day = first.isocalendar()
        return _("{year}年第{week}周").format(year=year, week=week)
    return _("{year}年{month}月{day}日").format(year=first.year, month=first.month, day=first.day)
