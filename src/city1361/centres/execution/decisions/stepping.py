"""What a step by somebody does to a matter: where it stands, who may, what follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from city1361.centres.execution.decisions.facts import Actor, Asked, Facts, Plan, Refusal
from city1361.centres.execution.decisions.road import Road
from city1361.centres.execution.decisions.who import refused
from city1361.centres.execution.terms import PERMISSION_OF, MatterState, Step

# A step as history has it: step, before, after, moment; the oldest first where there are several.
Taken = tuple[str, str, str, datetime]
__all__ = [
    "Actor",
    "Asked",
    "Facts",
    "Plan",
    "Refusal",
    "dispatching_since",
    "may",
    "plan",
    "possible_steps",
    "spells",
    "steps_from",
]


def may(facts: Facts, step: Step, actor: Actor, road: Road) -> Refusal | None:
    """Why not, or None: the step must stand at this station, and belong to this actor."""
    if step not in steps_from(facts.state, road):
        return _wrong_state(facts.state, road)
    return refused(facts, step, actor)


def plan(facts: Facts, step: Step, actor: Actor, road: Road) -> Plan | Refusal:
    """What `step` by `actor` does to a matter with these facts."""
    refusal = may(facts, step, actor, road)
    if refusal is not None:
        return refusal
    return Plan(step, facts.state, road.after(facts, step), presumed=actor.system and step is Step.ACKNOWLEDGE)


def steps_from(state: MatterState, road: Road) -> tuple[Step, ...]:
    """The steps that exist from `state`, whoever acts."""
    station = road.station(state)
    return station.steps if station else ()


def possible_steps(facts: Facts, actor: Actor, permissions: Iterable[str], road: Road) -> tuple[Step, ...]:
    """The steps `actor` may take now."""
    held = frozenset(permissions)
    return tuple(
        step
        for step in steps_from(facts.state, road)
        if PERMISSION_OF[step] in held and may(facts, step, actor, road) is None
    )


def _wrong_state(state: MatterState, road: Road) -> Refusal:
    station = road.station(state)
    allowed = (
        tuple(step for step in station.steps if step not in station.stays and step is not Step.VOID) if station else ()
    )
    remedy = "现在可以办理的步骤：{allowed}" if allowed else "此事件已经结束，不能再办理"
    message = "事件现在是“{state}”，不能办理“{step}”"
    return Refusal("wrong_step", message, remedy, of_state=True, allowed=allowed)


def spells(steps: Sequence[Taken], state: MatterState) -> list[tuple[datetime, datetime]]:
    """The stretches of time that the matter stood in `state` and left it again."""
    found, since = [], None
    for _step, before, after, at in steps:
        if after == state and before != state:
            since = at
        elif before == state and after != state and since is not None:
            found.append((since, at))
            since = None
    return found


def dispatching_since(steps: Sequence[Taken], now: datetime) -> datetime:
    """Since when the centre that takes a matter back has had to dispatch it: what it gave and took back before does not
    count as another beginning."""
    given = now
    for step, before, after, at in reversed(steps):
        if before == after:
            continue
        if after == MatterState.ADMITTED:
            given = at
            if before != MatterState.DISPATCHING:
                return given
        elif after == MatterState.DISPATCHING and step != Step.TAKE_BACK:
            return at
    return given
