"""Over random walks: what plans tell outside always adds up to what the state holds, and junk changes nothing."""

from __future__ import annotations

import random
from typing import Any

from city1361.platform.components.processes.decisions import compile_processes
from city1361.platform.components.processes.terms import (
    ElementKind,
    ErrorRaised,
    Event,
    MessageArrived,
    Plan,
    ServiceDone,
    ServiceFailed,
    Started,
    State,
    StepRefused,
    Stopped,
    TaskCompleted,
    TimerFired,
    Trigger,
)
from tests.platform.components.processes.random_diagrams import Maker
from tests.platform.components.processes.test_against_spiff import event_for, open_places
from tests.platform.components.processes.walking import Instance


class Outside:
    """What somebody who only applies plans would hold."""

    def __init__(self) -> None:
        self.tasks: set[str] = set()
        self.timers: set[str] = set()
        self.messages: set[str] = set()
        self.services: set[str] = set()

    def apply(self, plan: Plan, event: Event | None) -> None:
        used = getattr(event, "token", "")
        closed = {one.token for one in plan.closed}
        assert closed <= self.tasks, "closes what was never opened"
        assert set(plan.timers_cancelled) <= self.timers
        assert set(plan.messages_forgotten) <= self.messages
        assert set(plan.services_cancelled) <= self.services
        self.tasks -= closed
        self.timers -= {*plan.timers_cancelled, *([used] if isinstance(event, TimerFired) else [])}
        self.messages -= set(plan.messages_forgotten)
        self.services -= {*plan.services_cancelled, *([used] if isinstance(event, ServiceDone) else [])}
        self.tasks |= {one.token for one in plan.opened}
        self.timers |= {one.token for one in plan.timers_set}
        self.messages |= {one.token for one in plan.messages_awaited}
        self.services |= {one.token for one in plan.services}


def check(one: Instance, outside: Outside) -> None:
    """The state is sound, and holds exactly what was told."""
    state = one.state
    tokens = {token.id: token for token in state.tokens}
    scopes = {scope.id for scope in state.scopes}
    assert len(tokens) == len(state.tokens)
    for token in state.tokens:
        assert token.scope in scopes | {""}
        assert not token.host or tokens[token.host].scope == token.scope
    for scope in state.scopes:
        assert scope.host in tokens
        assert scope.parent == tokens[scope.host].scope
    held: dict[str, set[str]] = {"tasks": set(), "timers": set(), "messages": set(), "services": set()}
    for token in state.tokens:
        element = one.element_of(token)
        if token.progress is not None:
            continue
        if element.kind in (ElementKind.USER_TASK, ElementKind.MANUAL_TASK):
            held["tasks"].add(token.id)
        elif element.kind is ElementKind.SERVICE_TASK:
            held["services"].add(token.id)
        elif element.trigger is Trigger.TIMER:
            held["timers"].add(token.id)
        elif element.trigger is Trigger.MESSAGE or element.kind is ElementKind.RECEIVE_TASK:
            held["messages"].add(token.id)
    assert held == {name: getattr(outside, name) for name in held}
    assert (one.status == "running") == bool(state.tokens)


def junk(chance: random.Random, state: State) -> Event:
    token = chance.choice([*(one.id for one in state.tokens), "t999", ""])
    wrong: dict[str, Any] = chance.choice([{}, {"nowhere": 1}, {"__class__": 1}])
    return chance.choice(
        [
            Started(),
            TaskCompleted(token, {"nowhere": 1}),
            TaskCompleted("t999", wrong),
            TimerFired("s1"),
            MessageArrived("nothing", token=token),
            MessageArrived("m1", "8", wrong),
            ErrorRaised(token, "E9"),
            ServiceDone("t998", wrong),
            ServiceFailed("", ""),
        ]
    )


def test_plans_add_up_to_the_state() -> None:
    refused = 0
    for seed in range(5_000, 5_150):
        diagram = Maker(seed).make()
        chance = random.Random(seed)
        compiled = compile_processes({key: (xml, diagram.schema) for key, xml in diagram.files.items()})["main"]
        one, outside = Instance(compiled), Outside()
        outside.apply(one.last, None)
        for _ in range(25):
            check(one, outside)
            if one.status != "running":
                break
            before = one.state
            try:
                event = junk(chance, before)
                outside.apply(one.take(event), event)
            except StepRefused:
                refused += 1
                assert one.state == before
            if places := open_places(one):
                _, token, element = chance.choice(places)
                variable, ways = diagram.picks.get(element.id, ("", 1))
                event = event_for(token, element, {variable: chance.randrange(ways)} if variable else {})
                outside.apply(one.take(event), event)
        if one.status == "running":
            stopped = Stopped()
            outside.apply(one.take(stopped), stopped)
            check(one, outside)
    assert refused > 500
