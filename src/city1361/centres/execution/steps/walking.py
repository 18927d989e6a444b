"""A matter walks its process: where it stands, what a step makes of it, and whose work that is then."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Missing, Unavailable
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import decisions
from city1361.centres.execution.models import Matter
from city1361.centres.execution.steps import holding
from city1361.centres.execution.steps.drawn import DrawnRoad
from city1361.centres.execution.terms import MatterState, Step
from city1361.platform.components.processes import api as processes

SUBJECT_KIND = "matter"
# Steps that leave a matter where it stands and still change whose work it is, or until when.
REISSUED = frozenset(
    {Step.TRANSFER, Step.PAUSE, Step.RESUME, Step.SHELVE_MATTER, Step.UNSHELVE, Step.EXTEND, Step.TAKE_BACK}
)


@lru_cache(maxsize=32)
def _road(version: UUID) -> DrawnRoad:
    return DrawnRoad(processes.compiled_of(version))


def current_road(key: str = "matter") -> DrawnRoad:
    """The road as it is drawn now. Raises Unavailable while nothing is published."""
    return _road(_current(key))


def _current(key: str) -> UUID:
    try:
        return processes.current_version(key)
    except Missing as error:
        raise Unavailable(
            "process_missing", "流程“{key}”尚未发布", remedy="请系统管理员安装应用包", params={"key": key}
        ) from error


def instance_of(row: Matter, scope: Scope) -> processes.InstanceView | None:
    """The process of this matter; None for one that walked before it had one."""
    return processes.instance_view(scope, row.process_instance) if row.process_instance else None


def road_of(row: Matter, instance: processes.InstanceView | None) -> DrawnRoad:
    """The road of the version that this matter began in, and where it stands."""
    if instance is None:
        return current_road(row.type.process_key)
    road = _road(instance.version_id)
    return road.at(road.standing(instance.state))


class Walk:
    """One step of one matter through its process: first decided (`move`), then written (`write`) when its clocks are set."""

    def __init__(self, row: Matter, by: By, scope: Scope, now: datetime) -> None:
        self.row, self.by, self.scope, self.now = row, by, scope, now
        self.instance = instance_of(row, scope)
        self.road = road_of(row, self.instance)
        self.step = Step.REPORT
        self.event: processes.Event | None = None
        self.plan: processes.Plan | None = None
        self.moved = True

    def begin(self, facts: decisions.Facts) -> MatterState:
        """The process begins with the report; answers where the matter stands."""
        version = _current(self.row.type.process_key)
        self.road = _road(version)
        self._new(version)
        self.event = processes.Started(self.road.variables(facts, Step.REPORT))
        self.plan = processes.plan(self.road.compiled, None, self.event, now=self.now)
        return self.road.state_of(self.plan.state, Step.REPORT)

    def move(self, facts: decisions.Facts, step: Step, event: processes.Event | None = None) -> MatterState:
        """What `step` makes of the matter; `event` where the process moves by itself. Nothing is written yet."""
        self.step = step
        station = self.road.station(facts.state)
        if station is None or step in station.stays:
            self.moved = False
            return facts.state
        state = self.instance.state if self.instance else self._seat(facts, station.element)
        if self.instance is not None and not self.road.standing(state):
            state = self._seat(facts, station.element)
        self.event = event or self.road.event(state, facts, step)
        self.plan = processes.plan(self.road.compiled, state, self.event, now=self.now)
        return self.road.state_of(self.plan.state, step)

    def place(self, facts: decisions.Facts, state: MatterState) -> None:
        """The matter stands somewhere else without a step of its process: it ends here, or begins there anew."""
        station = self.road.station(state)
        if station is None:
            if self.instance is not None and self.instance.status == processes.ProcessStatus.RUNNING:
                self.event = processes.Stopped()
                self.plan = processes.plan(self.road.compiled, self.instance.state, self.event, now=self.now)
            return
        version = _current(self.row.type.process_key)
        self.road = _road(version)
        self._new(version)
        self.event = processes.Started(self.road.variables(facts, Step.REPORT), at=station.element)
        self.plan = processes.plan(self.road.compiled, None, self.event, now=self.now)

    def _seat(self, facts: decisions.Facts, element: str) -> processes.State:
        """A matter that walked before it had a process gets one, at the station where it stands."""
        version = _current(self.row.type.process_key)
        self.road = _road(version)
        self._new(version)
        begun = processes.Started(self.road.variables(facts, Step.REPORT), at=element)
        return processes.plan(self.road.compiled, None, begun, now=self.now).state

    def _new(self, version: UUID) -> None:
        standing = holding.standing(self.row)
        self.instance = processes.new_instance(version, SUBJECT_KIND, self.row.id, standing, self.now)
        self.row.process_instance = self.instance.id

    def write(self) -> None:
        """The process as it is now, with whose work it is. The row's clocks and state stand already."""
        if self.instance is None:
            return
        written = self._written()
        if written is not None:
            processes.apply(written, self.instance.version)

    def writing(self) -> tuple[dict[str, Any], int] | None:
        """What `write` would hand on, with the version it was read at, for whoever writes it with the row."""
        written = self._written()
        return None if written is None or self.instance is None else (written, self.instance.version)

    def _written(self) -> dict[str, Any] | None:
        instance, plan = self.instance, self.plan
        if instance is None:
            return None
        beside = holding.beside(self.row, self.step)
        again = not self.moved and self.step in REISSUED
        if plan is None:
            if not (again or beside.opened or beside.closed or self._standing()):
                return None
            plan = processes.Plan(instance.state)
        written = processes.plan_json(
            plan,
            instance=instance,
            by=self.by,
            event=self.event or processes.VariablesChanged({}),
            at=self.now,
            items=self._item,
            due=lambda timer: self.row.stage_due_at,
            standing=self._standing(),
        )
        if instance.version == 0:
            written["new"] = processes.new_json(instance)
        self._add_beside(written, beside, again=again)
        return written

    def _standing(self) -> processes.Standing | None:
        """Who takes part, where that has changed."""
        if self.instance is None or self.instance.version == 0:
            return None
        standing = holding.standing(self.row)
        return standing if standing != self.instance.standing else None

    def _add_beside(self, written: dict[str, Any], beside: holding.Beside, *, again: bool) -> None:
        closed = list(written.get("closed", ())) + [{"token": token, "how": how} for token, how in beside.closed]
        opened = list(written.get("opened", ())) + [
            {"token": token, **processes.item_json(item)} for token, item in beside.opened
        ]
        if again and self.instance is not None and self.road.element:
            token = self.road.token(self.instance.state)
            task = self.road.compiled.elements[token.element].task
            item = holding.item(self.row, task.params()) if task else None
            closed.append({"token": token.id, "how": "cancelled"})
            opened += [{"token": token.id, **processes.item_json(item)}] if item else []
        written.update({name: part for name, part in (("closed", closed), ("opened", opened)) if part})

    def _item(self, task: processes.OpenedTask) -> processes.WorkItemNew | None:
        return holding.item(self.row, task.params)


def follow_limit(row: Matter, by: By) -> None:
    """The limit of the stage has moved: the timer at its edge and the work item follow it."""
    walk = Walk(row, by, registry.scope_of(by), clock.now())
    if walk.instance is None or not walk.road.element:
        return
    state, token = walk.instance.state, walk.road.token(walk.instance.state)
    armed = tuple(
        processes.TimerSet(one.id, one.element, one.since)
        for one in state.tokens
        if one.host == token.id and row.stage_due_at is not None
    )
    walk.plan, walk.moved, walk.step = processes.Plan(state, timers_set=armed), False, Step.RESUME
    walk.write()
