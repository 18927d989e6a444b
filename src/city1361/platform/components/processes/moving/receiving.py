"""`plan`: one event, one new state."""

from __future__ import annotations

from datetime import datetime

from city1361.platform.components.processes.definition import Compiled, Element
from city1361.platform.components.processes.moving import arriving, ending
from city1361.platform.components.processes.moving.run import HUMAN, Run
from city1361.platform.components.processes.terms import (
    ROOT,
    ClosedHow,
    ElementKind,
    ErrorRaised,
    Event,
    MessageArrived,
    Plan,
    ProcessStatus,
    ServiceDone,
    ServiceFailed,
    Started,
    State,
    StepRefused,
    Stopped,
    TaskCompleted,
    TimerFired,
    Token,
    Trigger,
    VariablesChanged,
)


def plan(compiled: Compiled, state: State | None, event: Event, *, now: datetime) -> Plan:
    """What the event makes of the instance. Raises StepRefused; then nothing has happened."""
    if isinstance(event, Started):
        return _start(compiled, state, event, now)
    if state is None or state.status is not ProcessStatus.RUNNING:
        raise StepRefused("not_running", "the instance is not running")
    run = Run(compiled, state, now)
    match event:
        case TaskCompleted():
            _task_completed(run, event)
        case TimerFired():
            _timer_fired(run, event)
        case MessageArrived():
            _message_arrived(run, event)
        case ServiceDone():
            _service_done(run, event)
        case ErrorRaised():
            _error_raised(run, event)
        case ServiceFailed():
            token, _ = _waiting(run, event.token, ElementKind.SERVICE_TASK)
            ending.raise_at(run, token, event.code)
        case VariablesChanged():
            run.assign(ROOT, event.variables)
        case Stopped():
            ending.end_everything(run, ProcessStatus.TERMINATED)
    arriving.drain(run)
    return run.plan()


def _start(compiled: Compiled, state: State | None, event: Started, now: datetime) -> Plan:
    if state is not None:
        raise StepRefused("already_started", "the instance has begun already")
    starts = compiled.starts
    if event.at:
        chosen = compiled.elements.get(event.at)
        chosen = chosen if chosen is not None and chosen.kind in HUMAN and not chosen.parent else None
    elif event.start:
        chosen = next((one for one in starts if one.id == event.start), None)
    else:
        chosen = next((one for one in starts if one.trigger is Trigger.NONE), starts[0] if len(starts) == 1 else None)
    if chosen is None:
        raise StepRefused("no_such_start", "the process does not begin there", element=event.at or event.start)
    run = Run(compiled, State(), now)
    run.assign(ROOT, event.variables)
    run.queue.append((chosen.id, ROOT, ""))
    arriving.drain(run)
    return run.plan()


def _waiting(run: Run, name: str, *kinds: ElementKind) -> tuple[Token, Element]:
    token = run.tokens.get(name)
    if token is None:
        raise StepRefused("unknown_token", "that step is no longer open", token=name)
    element = run.element(token)
    if element.kind not in kinds or token.progress is not None:
        raise StepRefused(
            "wrong_kind", f"{element.name or element.id} does not wait for that", element=element.id, token=name
        )
    return token, element


def _task_completed(run: Run, event: TaskCompleted) -> None:
    token, element = _waiting(run, event.token, *HUMAN)
    run.assign(token.scope, event.outcome, element=element.id)
    ending.give(run, element, token.scope, into=token.scope)
    run.close(token, ClosedHow.COMPLETED)
    ending.leave(run, token, element)


def _service_done(run: Run, event: ServiceDone) -> None:
    token, element = _waiting(run, event.token, ElementKind.SERVICE_TASK)
    extra = {"result": ("map(string, dyn)", dict(event.result))}
    ending.give(run, element, token.scope, into=token.scope, extra=extra)
    ending.leave(run, token, element)


def _error_raised(run: Run, event: ErrorRaised) -> None:
    activities = (*HUMAN, ElementKind.SERVICE_TASK, ElementKind.RECEIVE_TASK)
    token, element = _waiting(run, event.token, *activities)
    run.assign(token.scope, event.variables, element=element.id)
    ending.raise_at(run, token, event.code)


def _timer_fired(run: Run, event: TimerFired) -> None:
    kinds = (ElementKind.CATCH_EVENT, ElementKind.BOUNDARY_EVENT)
    token, element = _waiting(run, event.token, *kinds)
    if element.trigger is not Trigger.TIMER:
        raise StepRefused("wrong_kind", "that is no timer", element=element.id, token=token.id)
    run.assign(token.scope, event.variables, element=element.id)
    ending.happened(run, token, element)
    again = token.left - 1 if token.left > 0 else token.left
    if element.kind is ElementKind.BOUNDARY_EVENT and not element.interrupting and again:
        arriving.arm_again(run, token, element, again)


def _message_arrived(run: Run, event: MessageArrived) -> None:
    token = _addressee(run, event)
    element = run.element(token)
    run.assign(token.scope, event.variables, element=element.id)
    stays = element.kind is ElementKind.BOUNDARY_EVENT and not element.interrupting
    if not stays:
        run.disarm(token, element)
    if element.kind is ElementKind.RECEIVE_TASK and not token.host:
        ending.give(run, element, token.scope, into=token.scope)
        ending.leave(run, token, element)
        return
    ending.happened(run, token, element)
    if stays:
        run.tokens[token.id] = token  # whoever writes again is heard again


def _addressee(run: Run, event: MessageArrived) -> Token:
    """The one token that waits for this message."""
    found = []
    for token in run.tokens.values():
        element = run.element(token)
        waits = element.kind is ElementKind.RECEIVE_TASK or element.trigger is Trigger.MESSAGE
        if waits and token.progress is None and element.message == event.name:
            found.append(token)
    if event.token:
        found = [one for one in found if one.id == event.token]
    found = [one for one in found if one.correlation == event.correlation]
    if not found:
        raise StepRefused("nobody_waits", f"nothing waits for the message {event.name!r}", token=event.token)
    if len(found) > 1:
        raise StepRefused("ambiguous_message", f"{len(found)} steps wait for the message {event.name!r}")
    return found[0]
