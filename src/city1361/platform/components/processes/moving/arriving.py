"""What happens when a token reaches an element."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from city1361.platform.components.processes.decision_tables import DecisionFailed, Table
from city1361.platform.components.processes.definition import Element, Mapped
from city1361.platform.components.processes.moving import ending, repeating
from city1361.platform.components.processes.moving.moments import due
from city1361.platform.components.processes.moving.run import Run
from city1361.platform.components.processes.terms import (
    CallStarted,
    ElementKind,
    MessageAwaited,
    MessageSent,
    OpenedTask,
    PassageKind,
    ScopeKind,
    ServiceCall,
    StepRefused,
    TimerSet,
    Token,
    Trigger,
)


def drain(run: Run) -> None:
    """Move everything on until it waits for something outside."""
    while True:
        while run.queue:
            element_id, scope, flow = run.queue.popleft()
            run.spend(element_id)
            arrive(run, run.definition(scope).elements[element_id], scope, flow)
        if not ending.settle(run):
            return


def arrive(run: Run, element: Element, scope: str, flow: str) -> None:
    if element.several and not run.is_one_of_several(element, scope):
        token = run.put(element, scope)
        run.passed(element, scope, PassageKind.ENTERED, token=token.id, flow=flow)
        arm_boundaries(run, token, element)
        if repeating.begin(run, token, element):
            ending.leave(run, run.tokens[token.id], element)
        return
    ARRIVALS[element.kind](run, element, scope, flow)


def _wait(run: Run, element: Element, scope: str, flow: str, *, host: str = "") -> Token:
    token = run.put(element, scope, host=host)
    run.passed(element, scope, PassageKind.ENTERED, token=token.id, flow=flow)
    if element.boundaries and not run.is_one_of_several(element, scope):
        arm_boundaries(run, token, element)
    return token


def arm_boundaries(run: Run, token: Token, element: Element) -> None:
    """Timers and messages at the edge of an activity wait with it; errors are looked for when they happen."""
    elements = run.definition(token.scope).elements
    for name in element.boundaries:
        boundary = elements[name]
        if boundary.trigger is not Trigger.ERROR:
            arm(run, run.put(boundary, token.scope, host=token.id), boundary)


def arm(run: Run, token: Token, element: Element, since: datetime | None = None) -> None:
    """Set the timer of a token, or let it await its message. since: where its time counts from; now, unless told."""
    if element.trigger is Trigger.TIMER:
        timer = element.timer
        if timer is None:
            raise StepRefused("broken_definition", "a timer without a time", element=element.id)
        begun = since or run.now
        moment: datetime | None = due(run, element, timer, token, begun)
        run.tokens[token.id] = replace(token, left=timer.times)
        run.timers[token.id] = TimerSet(token.id, element.id, begun, moment, timer.limit)
        return
    correlation = run.value(element.correlation, "string", element, token.scope) if element.correlation else ""
    run.tokens[token.id] = replace(token, correlation=correlation)
    run.awaited[token.id] = MessageAwaited(token.id, element.message, correlation)


def arm_again(run: Run, token: Token, element: Element, left: int) -> None:
    """A repeated timer goes on under the same name."""
    run.tokens[token.id] = token
    arm(run, token, element)
    run.tokens[token.id] = replace(run.tokens[token.id], left=left, since=run.now)


def mapped(run: Run, pairs: tuple[Mapped, ...], element: Element, scope: str) -> dict[str, Any]:
    return {one.target: run.value(one.source, "dyn", element, scope) for one in pairs}


def _pass(run: Run, element: Element, scope: str, flow: str) -> None:
    """Something that only passes on: it is entered and left in one moment."""
    run.passed(element, scope, PassageKind.ENTERED, flow=flow)
    ending.give(run, element, scope, into=scope)
    run.follow(element, scope)


def _human(run: Run, element: Element, scope: str, flow: str) -> None:
    token = _wait(run, element, scope, flow)
    params: Mapping[str, Any] = element.task.params() if element.task else {}
    local = run.scopes[scope].variables or {} if run.is_one_of_several(element, scope) else {}
    run.opened[token.id] = OpenedTask(
        token.id, element.id, element.kind, element.name, params, run.process_of(scope), local
    )


def _service(run: Run, element: Element, scope: str, flow: str) -> None:
    table = run.definition(scope).decisions.get(element.service)
    if table is not None:
        _decide(run, table, element, scope, flow)
        return
    token = _wait(run, element, scope, flow)
    arguments = mapped(run, element.inputs, element, scope)
    run.services[token.id] = ServiceCall(token.id, element.service, arguments)


def _decide(run: Run, table: Table, element: Element, scope: str, flow: str) -> None:
    """A decision table answers at once: it is pure, and waits for nobody."""
    try:
        decided = table.decide(mapped(run, element.inputs, element, scope))
    except DecisionFailed as failed:
        raise StepRefused("undecided", failed.message, element=element.id) from None
    extra = {column.name: (column.type, decided[column.name]) for column in table.outputs}
    run.passed(element, scope, PassageKind.ENTERED, flow=flow)
    ending.give(run, element, scope, into=scope, extra=extra)
    if not run.is_one_of_several(element, scope):
        run.follow(element, scope)


def _receive(run: Run, element: Element, scope: str, flow: str) -> None:
    arm(run, _wait(run, element, scope, flow), element)


def _send(run: Run, element: Element, scope: str, flow: str) -> None:
    if element.trigger is Trigger.MESSAGE or element.kind is ElementKind.SEND_TASK:
        correlation = run.value(element.correlation, "string", element, scope) if element.correlation else ""
        content = mapped(run, element.inputs, element, scope)
        run.sent.append(MessageSent(element.id, element.message, correlation, content))
    if run.is_one_of_several(element, scope):
        run.passed(element, scope, PassageKind.ENTERED, flow=flow)
        ending.give(run, element, scope, into=scope)
        return
    _pass(run, element, scope, flow)


def _end(run: Run, element: Element, scope: str, flow: str) -> None:
    if element.trigger is Trigger.MESSAGE:
        _send(run, element, scope, flow)
    else:
        run.passed(element, scope, PassageKind.ENTERED, flow=flow)
    if element.trigger is Trigger.ERROR:
        ending.fail(run, element.error, scope)
    elif element.trigger is Trigger.TERMINATE:
        ending.terminate(run, scope)


def _choose(run: Run, element: Element, scope: str, flow: str) -> None:
    run.passed(element, scope, PassageKind.ENTERED, flow=flow)
    flows = run.definition(scope).flows
    chosen = next(
        (
            name
            for name in element.outgoing
            if name != element.default
            and (not flows[name].condition or run.value(flows[name].condition, "bool", element, scope))
        ),
        element.default,
    )
    if not chosen:
        name = element.name or element.id
        raise StepRefused("no_way_on", f"no condition holds after “{name}”, and it has no default", element=element.id)
    run.queue.append((flows[chosen].target, scope, chosen))


def _join(run: Run, element: Element, scope: str, flow: str) -> None:
    """A parallel gateway goes on when a token has come by every way in; it takes one of each."""
    if len(element.incoming) > 1:
        waiting = {
            one.via: one for one in reversed(run.tokens.values()) if one.element == element.id and one.scope == scope
        }
        if flow in waiting or len(waiting) + 1 < len(element.incoming):
            run.put(element, scope, via=flow)
            return
        for one in waiting.values():
            del run.tokens[one.id]
    run.passed(element, scope, PassageKind.ENTERED, flow=flow)
    run.follow(element, scope)


def _offer(run: Run, element: Element, scope: str, flow: str) -> None:
    """After an event gateway whatever happens first is taken."""
    gate = _wait(run, element, scope, flow)
    definition = run.definition(scope)
    for name in element.outgoing:
        choice = definition.elements[definition.flows[name].target]
        arm(run, run.put(choice, scope, host=gate.id, via=name), choice)


def _enter_scope(run: Run, element: Element, scope: str, flow: str) -> None:
    token = _wait(run, element, scope, flow)
    inner = run.open_scope(ScopeKind.EMBEDDED, token, run.process_of(scope))
    run.queue.append((element.start, inner.id, ""))


def _call(run: Run, element: Element, scope: str, flow: str) -> None:
    token = _wait(run, element, scope, flow)
    called = run.compiled.called[element.called]
    arguments = mapped(run, element.inputs, element, scope)
    inner = run.open_scope(ScopeKind.CALL, token, element.called, {})
    run.assign(inner.id, arguments, element=element.id)
    start = next(one for one in called.starts if one.trigger is Trigger.NONE)
    run.calls.append(CallStarted(token.id, inner.id, element.called))
    run.queue.append((start.id, inner.id, ""))


ARRIVALS: dict[ElementKind, Callable[[Run, Element, str, str], None]] = {
    ElementKind.START_EVENT: _pass,
    ElementKind.END_EVENT: _end,
    ElementKind.USER_TASK: _human,
    ElementKind.MANUAL_TASK: _human,
    ElementKind.SERVICE_TASK: _service,
    ElementKind.SEND_TASK: _send,
    ElementKind.RECEIVE_TASK: _receive,
    ElementKind.EXCLUSIVE_GATEWAY: _choose,
    ElementKind.PARALLEL_GATEWAY: _join,
    ElementKind.EVENT_GATEWAY: _offer,
    ElementKind.CATCH_EVENT: _receive,
    ElementKind.THROW_EVENT: _send,
    ElementKind.CALL_ACTIVITY: _call,
    ElementKind.SUB_PROCESS: _enter_scope,
}
