"""An instance in a test: events by the names of elements, everything through JSON as a data base would keep it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from city1361.platform.components.processes.decisions import Compiled, compile_process, plan
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
    TaskCompleted,
    TimerFired,
    Token,
    Trigger,
)
from tests.platform.components.processes.drawn import draw, flows

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
WAITING = {
    ElementKind.USER_TASK,
    ElementKind.MANUAL_TASK,
    ElementKind.SERVICE_TASK,
    ElementKind.RECEIVE_TASK,
    ElementKind.CATCH_EVENT,
    ElementKind.BOUNDARY_EVENT,
}


def made(
    body: str, ways: str, *, schema: Mapping[str, str] | None = None, called: Any = None, top: str = ""
) -> Compiled:
    return compile_process(draw(body + flows(ways), top=top), schema=schema or {}, called=called)


class Instance:
    """A walk through a process."""

    def __init__(self, compiled: Compiled, start: str = "", **variables: Any) -> None:
        self.compiled = compiled
        self.last = plan(compiled, None, Started(variables, start), now=NOW)
        self.state = self._kept()

    def _kept(self) -> State:
        state = State.from_json(json.loads(json.dumps(self.last.state.to_json())))
        assert state == self.last.state
        return state

    def take(self, event: Event, now: datetime = NOW) -> Plan:
        self.last = plan(self.compiled, self.state, event, now=now)
        self.state = self._kept()
        return self.last

    def element_of(self, token: Token) -> Any:
        scope = next((one for one in self.state.scopes if one.id == token.scope), None)
        return self.compiled.process(scope.process if scope else "").elements[token.element]

    def tokens(self, element: str) -> list[Token]:
        return [one for one in self.state.tokens if one.element == element and one.progress is None]

    def token(self, element: str, which: int = 0) -> str:
        return self.tokens(element)[which].id

    def do(self, element: str, which: int = 0, **outcome: Any) -> Plan:
        return self.take(TaskCompleted(self.token(element, which), outcome))

    def fire(self, element: str, which: int = 0, **variables: Any) -> Plan:
        return self.take(TimerFired(self.token(element, which), variables))

    def hear(self, name: str, correlation: str = "", token: str = "", **variables: Any) -> Plan:
        return self.take(MessageArrived(name, correlation, variables, token))

    def serve(self, element: str, which: int = 0, **result: Any) -> Plan:
        return self.take(ServiceDone(self.token(element, which), result))

    def fail(self, element: str, code: str, which: int = 0) -> Plan:
        token = self.tokens(element)[which]
        if self.element_of(token).kind is ElementKind.SERVICE_TASK:
            return self.take(ServiceFailed(token.id, code))
        return self.take(ErrorRaised(token.id, code))

    @property
    def waiting(self) -> list[str]:
        """Where something outside is waited for: tasks, services, timers, messages; sorted, with repetitions."""
        found = []
        for token in self.state.tokens:
            element = self.element_of(token)
            if element.kind in WAITING and token.progress is None and element.trigger is not Trigger.ERROR:
                found.append(token.element)
        return sorted(found)

    @property
    def status(self) -> str:
        return self.state.status.value
