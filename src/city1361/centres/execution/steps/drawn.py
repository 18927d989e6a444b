"""The road of a matter as its process draws it: stations are its user tasks, ways are what the engine plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from city1361.centres.execution.decisions import Facts, Station
from city1361.centres.execution.terms import MatterState, Step
from city1361.platform.components.processes import api as processes

# What a matter has become when its process ends with this step.
ENDS = {Step.REFUSE: MatterState.REFUSED, Step.AGREE: MatterState.CLOSED, Step.VOID: MatterState.VOIDED}
_NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class DrawnRoad:
    """A compiled process, as decisions ask it. element: where the matter stands in it, when that is known."""

    compiled: processes.Compiled
    element: str = ""

    @cached_property
    def stations(self) -> Mapping[str, Station]:
        """By element."""
        return {
            one.id: Station(
                MatterState(one.task.state),
                one.task.holder.value if one.task.holder else "",
                tuple(Step(step) for step in one.task.steps),
                frozenset(Step(step) for step in one.task.stays),
                one.id,
            )
            for one in self.compiled.elements.values()
            if one.task is not None and one.task.state
        }

    def at(self, element: str) -> DrawnRoad:
        """The same road for a matter that stands there."""
        here = DrawnRoad(self.compiled, element)
        here.__dict__["stations"] = self.stations
        return here

    def station(self, state: MatterState) -> Station | None:
        """Where a matter stands in this state: at the known element, or at the first one drawn for the state."""
        here = self.stations.get(self.element)
        if here is not None and here.state is state:
            return here
        return next((one for one in self.stations.values() if one.state is state), None)

    def after(self, facts: Facts, step: Step) -> MatterState:
        """What follows, asked of the engine as if the matter had just come here."""
        station = self.station(facts.state)
        if station is None or step in station.stays:
            return facts.state
        begun = processes.plan(
            self.compiled, None, processes.Started(self.variables(facts, step), at=station.element), now=_NO_MOMENT
        )
        plan = processes.plan(self.compiled, begun.state, self.event(begun.state, facts, step), now=_NO_MOMENT)
        return self.state_of(plan.state, step)

    def event(self, state: processes.State, facts: Facts, step: Step) -> processes.Event:
        """What a step is to the process. Voiding ends it wherever it stands."""
        if step is Step.VOID:
            return processes.Stopped()
        return processes.TaskCompleted(self.token(state).id, self.variables(facts, step))

    def variables(self, facts: Facts, step: Step) -> dict[str, Any]:
        """Those facts that the process has declared."""
        return {name: value for name, value in facts.variables(step).items() if name in self.compiled.schema}

    def token(self, state: processes.State) -> processes.Token:
        """The one that stands at a station."""
        return next(token for token in state.tokens if token.element in self.stations)

    def standing(self, state: processes.State) -> str:
        """The element where the matter stands; empty when the process has ended."""
        return next((token.element for token in state.tokens if token.element in self.stations), "")

    def state_of(self, state: processes.State, step: Step) -> MatterState:
        """What the matter is where the process stands now."""
        element = self.standing(state)
        return self.stations[element].state if element else ENDS[step]
