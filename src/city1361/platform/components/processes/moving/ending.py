"""What happens when a token leaves, a scope is empty, an error is raised or everything is ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city1361.platform.components.processes.definition import Element
from city1361.platform.components.processes.moving import repeating
from city1361.platform.components.processes.moving.run import Run
from city1361.platform.components.processes.terms import (
    ROOT,
    CallEnded,
    ClosedHow,
    ElementKind,
    PassageKind,
    ProcessStatus,
    Scope,
    ScopeKind,
    StepRefused,
    Token,
    Trigger,
)


def give(
    run: Run, element: Element, scope: str, *, into: str, extra: Mapping[str, tuple[str, Any]] | None = None
) -> None:
    """Set what the outputs of an element say: read in one scope, written in another."""
    if element.outputs:
        values = {one.target: run.value(one.source, "dyn", element, scope, extra) for one in element.outputs}
        run.assign(into, values, element=element.id)


def leave(run: Run, token: Token, element: Element) -> None:
    """A token has done what it stood for: what watched it goes with it, and its ways on are taken."""
    inside = run.is_one_of_several(element, token.scope)
    del run.tokens[token.id]
    if element.boundaries and not inside:
        for watching in run.served_by(token.id):
            run.cancel(watching)
    run.passed(element, token.scope, PassageKind.LEFT, token=token.id)
    if not inside:
        run.follow(element, token.scope)


def settle(run: Run) -> bool:
    """End one scope in which nothing is left. False when there is none."""
    if not run.scopes:
        return False
    occupied = {one.scope for one in run.tokens.values()}
    empty = next((one for one in run.scopes.values() if one.id not in occupied), None)
    if empty is None:
        return False
    host = run.tokens[empty.host]
    run.spend(host.element)
    _end_scope(run, empty, host, run.element(host))
    return True


def _end_scope(run: Run, scope: Scope, host: Token, element: Element) -> None:
    if scope.kind is ScopeKind.INSTANCE:
        if repeating.one_done(run, host, element, scope):
            leave(run, run.tokens[host.id], element)
        return
    give(run, element, scope.id, into=host.scope)
    if scope.kind is ScopeKind.CALL:
        run.calls.append(CallEnded(host.id, ClosedHow.COMPLETED))
    del run.scopes[scope.id]
    leave(run, host, element)


def fail(run: Run, code: str, scope: str) -> None:
    """An error end: the nearest boundary that catches it goes on; without one the instance has failed."""
    while scope:
        here = run.scopes[scope]
        if caught_at(run, run.tokens[here.host], code):
            return
        scope = here.parent
    end_everything(run, ProcessStatus.FAILED)
    run.error = code


def raise_at(run: Run, token: Token, code: str) -> None:
    """Work at a token failed. An error that nobody catches is refused: the token stays for another attempt."""
    waiting, scope = token, token.scope
    while not caught_at(run, waiting, code):
        if not scope:
            raise StepRefused("uncaught", f"nothing catches the error {code!r}", element=token.element, token=token.id)
        waiting = run.tokens[run.scopes[scope].host]
        scope = run.scopes[scope].parent


def caught_at(run: Run, token: Token, code: str) -> bool:
    element = run.element(token)
    if run.is_one_of_several(element, token.scope):
        return False
    elements = run.definition(token.scope).elements
    errors = [elements[name] for name in element.boundaries if elements[name].trigger is Trigger.ERROR]
    exact = next((one for one in errors if one.error == code), None)
    boundary = exact or next((one for one in errors if not one.error), None)
    if boundary is None:
        return False
    run.cancel(token)
    run.passed(boundary, token.scope, PassageKind.ENTERED)
    run.follow(boundary, token.scope)
    return True


def terminate(run: Run, scope: str) -> None:
    """A terminate end: everything in its process or sub-process ends; what is around goes on."""
    if scope == ROOT:
        end_everything(run, ProcessStatus.TERMINATED)
    else:
        run.empty(scope)


def end_everything(run: Run, status: ProcessStatus) -> None:
    run.queue.clear()
    for token in list(run.tokens.values()):
        if token.id in run.tokens:
            run.cancel(token)
    run.status = status


def happened(run: Run, token: Token, element: Element) -> None:
    """The moment or the message that a token waited for has come."""
    del run.tokens[token.id]
    if element.kind is ElementKind.BOUNDARY_EVENT:
        if element.interrupting:
            run.cancel(run.tokens[token.host])
    elif token.host:  # a choice after an event gateway: the others are forgotten
        gate = run.tokens.pop(token.host)
        for other in run.served_by(gate.id):
            run.cancel(other)
        run.passed(run.element(gate), token.scope, PassageKind.LEFT, token=gate.id)
    what = PassageKind.ENTERED if token.host else PassageKind.LEFT
    run.passed(element, token.scope, what, flow=token.via, token=token.id)
    run.follow(element, token.scope)
