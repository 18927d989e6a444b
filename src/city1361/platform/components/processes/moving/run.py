"""One step being worked out: tokens, scopes and variables as they change, and what must be done outside."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from city1361.platform.components.processes.definition import Compiled, Element
from city1361.platform.components.processes.expressions import Expression, ExpressionFailed, ExpressionRefused
from city1361.platform.components.processes.terms import (
    ROOT,
    CallEnded,
    CallStarted,
    ClosedHow,
    ClosedTask,
    ElementKind,
    MessageAwaited,
    MessageSent,
    OpenedTask,
    Passage,
    PassageKind,
    Plan,
    ProcessStatus,
    Scope,
    ScopeKind,
    ServiceCall,
    State,
    StepRefused,
    TimerSet,
    Token,
    Trigger,
)
from city1361.platform.components.processes.values import ValueRefused, checked

MOST_STEPS = 5_000  # arrivals and openings that one event may cause
MOST_TOKENS = 2_000
HUMAN = (ElementKind.USER_TASK, ElementKind.MANUAL_TASK)


class Run:
    """Working memory of one plan. Lives for one call of `plan` only."""

    def __init__(self, compiled: Compiled, state: State, now: datetime) -> None:
        self.compiled, self.now = compiled, now
        self.status, self.error, self.counter = state.status, state.error, state.counter
        self.variables: dict[str, Any] = dict(state.variables)
        self.tokens = {one.id: one for one in state.tokens}
        self.scopes = {one.id: one for one in state.scopes}
        self.queue: deque[tuple[str, str, str]] = deque()  # element, scope, flow
        self.steps = 0
        self.opened: dict[str, OpenedTask] = {}
        self.closed: list[ClosedTask] = []
        self.timers: dict[str, TimerSet] = {}
        self.timers_cancelled: list[str] = []
        self.awaited: dict[str, MessageAwaited] = {}
        self.forgotten: list[str] = []
        self.sent: list[MessageSent] = []
        self.services: dict[str, ServiceCall] = {}
        self.services_cancelled: list[str] = []
        self.calls: list[CallStarted | CallEnded] = []
        self.passages: list[Passage] = []

    # -- where things are ------------------------------------------------------------------------------------------

    def process_of(self, scope: str) -> str:
        return self.scopes[scope].process if scope else ROOT

    def definition(self, scope: str) -> Compiled:
        reference = self.process_of(scope)
        return self.compiled.called[reference] if reference else self.compiled

    def element(self, token: Token) -> Element:
        return self.definition(token.scope).elements[token.element]

    def is_one_of_several(self, element: Element, scope: str) -> bool:
        """Is this scope one instance of exactly this element, not something that lies inside it?"""
        if not element.several or not scope:
            return False
        here = self.scopes[scope]
        return here.kind is ScopeKind.INSTANCE and self.tokens[here.host].element == element.id

    def served_by(self, token: str) -> list[Token]:
        return [one for one in self.tokens.values() if one.host == token]

    # -- making and moving -----------------------------------------------------------------------------------------

    def new_id(self, letter: str) -> str:
        self.counter += 1
        return f"{letter}{self.counter}"

    def put(self, element: Element, scope: str, *, host: str = "", via: str = "", correlation: str = "") -> Token:
        token = Token(self.new_id("t"), element.id, scope, self.now, host, via, correlation)
        self.tokens[token.id] = token
        if len(self.tokens) > MOST_TOKENS:
            raise StepRefused("too_many_tokens", f"more than {MOST_TOKENS} places at once", element=element.id)
        return token

    def open_scope(
        self, kind: ScopeKind, host: Token, process: str, variables: Mapping[str, Any] | None = None
    ) -> Scope:
        self.spend(host.element)
        scope = Scope(self.new_id("s"), kind, host.scope, host.id, process, variables)
        self.scopes[scope.id] = scope
        return scope

    def follow(self, element: Element, scope: str) -> None:
        """Send one token along every way out."""
        flows = self.definition(scope).flows
        self.queue.extend((flows[flow].target, scope, flow) for flow in element.outgoing)

    def spend(self, element: str) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise StepRefused(
                "too_many_steps", f"the process moves on by itself for ever at {element}", element=element
            )

    def passed(self, element: Element, scope: str, what: PassageKind, *, token: str = "", flow: str = "") -> None:
        self.passages.append(Passage(element.id, what, self.now, token, flow, self.process_of(scope)))

    # -- variables -------------------------------------------------------------------------------------------------

    def seen_from(self, scope: str) -> Mapping[str, Any]:
        """The variables as a scope sees them."""
        overlay: dict[str, Any] | None = None
        while scope:
            here = self.scopes[scope]
            if here.kind is ScopeKind.CALL:
                return {**(here.variables or {}), **overlay} if overlay else (here.variables or {})
            if here.variables:
                overlay = {**here.variables, **(overlay or {})}
            scope = here.parent
        return {**self.variables, **overlay} if overlay else self.variables

    def assign(self, scope: str, values: Mapping[str, Any], *, element: str = "") -> None:
        """Set declared variables, each where it belongs; anything else is refused."""
        for name, value in values.items():
            self._assign_one(scope, name, value, element)

    def _assign_one(self, scope: str, name: str, value: Any, element: str) -> None:
        kind, owner = "", scope
        while owner:
            here = self.scopes[owner]
            if here.kind is ScopeKind.INSTANCE:
                kind = self.element(self.tokens[here.host]).local.get(name, "")
            if kind or here.kind is ScopeKind.CALL:
                break
            owner = here.parent
        kind = kind or self.definition(owner).schema.get(name, "")
        if not kind:
            raise StepRefused("unknown_variable", f"{name!r} is not a variable of this process", element=element)
        try:
            value = checked(kind, value)
        except ValueRefused as error:
            raise StepRefused("wrong_value", f"{name}: {error}", element=element) from None
        if owner:
            here = self.scopes[owner]
            known = {**(here.variables or {}), name: value}
            self.scopes[owner] = Scope(here.id, here.kind, here.parent, here.host, here.process, known)
        else:
            self.variables[name] = value

    def value(
        self,
        text: str,
        expected: str,
        element: Element,
        scope: str,
        extra: Mapping[str, tuple[str, Any]] | None = None,
    ) -> Any:
        """Evaluate an expression of an element; `extra` names more variables with type and value."""
        definition = self.definition(scope)
        known = definition.elements.get(element.id) is element  # not where a call reads what it gives back
        key = (element.id if known else "", text, f"{expected} {' '.join(extra)}" if extra else expected)
        program = definition.programs.get(key)
        variables = self.seen_from(scope)
        try:
            if program is None:
                schema = {**definition.schema, **(definition.locals_of(element.id) if known else {})}
                schema.update({name: kind for name, (kind, _) in (extra or {}).items()})
                program = Expression.compile(text, schema, expected)
                definition.programs[key] = program
            if extra:
                variables = {**variables, **{name: value for name, (_, value) in extra.items()}}
            return program.evaluate(variables)
        except (ExpressionFailed, ExpressionRefused) as error:
            message = f"“{text}” at {element.name or element.id}: {error.message}"
            raise StepRefused(f"expression_{error.code}", message, element=element.id) from None

    # -- taking back -----------------------------------------------------------------------------------------------

    def cancel(self, token: Token) -> None:
        """Take a token away with all that stands below it."""
        waiting = [token.id]
        while waiting:
            gone = self.tokens.pop(waiting.pop(), None)
            if gone is None:
                continue
            waiting.extend(one.id for one in self.served_by(gone.id))
            for scope in [one for one in self.scopes.values() if one.host == gone.id]:
                waiting.extend(one.id for one in self.tokens.values() if one.scope == scope.id)
            self._withdraw(gone)
        self._drop_orphaned_scopes()

    def empty(self, scope: str) -> None:
        """Take away everything that stands in a scope, and what was on its way there."""
        self.queue = deque(one for one in self.queue if one[1] != scope)
        for token in [one for one in self.tokens.values() if one.scope == scope]:
            if token.id in self.tokens:
                self.cancel(token)

    def _drop_orphaned_scopes(self) -> None:
        while gone := {one.id for one in self.scopes.values() if one.host not in self.tokens}:
            self.scopes = {name: one for name, one in self.scopes.items() if name not in gone}
            self.queue = deque(one for one in self.queue if one[1] not in gone)

    def _withdraw(self, token: Token) -> None:
        element = self.element(token)
        if token.progress is None:
            self.disarm(token, element)
            if element.kind in HUMAN:
                self.close(token, ClosedHow.CANCELLED)
            elif element.kind is ElementKind.SERVICE_TASK and self.services.pop(token.id, None) is None:
                self.services_cancelled.append(token.id)
            elif element.kind is ElementKind.CALL_ACTIVITY:
                self.calls.append(CallEnded(token.id, ClosedHow.CANCELLED))
        if not token.host and element.kind is not ElementKind.PARALLEL_GATEWAY:
            self.passed(element, token.scope, PassageKind.CANCELLED, token=token.id)

    def close(self, token: Token, how: ClosedHow) -> None:
        if self.opened.pop(token.id, None) is None:
            self.closed.append(ClosedTask(token.id, how))

    def disarm(self, token: Token, element: Element) -> None:
        """What waited for a moment or a message waits no longer."""
        if element.trigger is Trigger.TIMER and self.timers.pop(token.id, None) is None:
            self.timers_cancelled.append(token.id)
        elif (element.trigger is Trigger.MESSAGE or element.kind is ElementKind.RECEIVE_TASK) and (
            self.awaited.pop(token.id, None) is None
        ):
            self.forgotten.append(token.id)

    # -- the result ------------------------------------------------------------------------------------------------

    def plan(self) -> Plan:
        if not self.tokens and self.status is ProcessStatus.RUNNING:
            self.status = ProcessStatus.COMPLETED
        state = State(
            self.status,
            self.variables,
            tuple(self.tokens.values()),
            tuple(self.scopes.values()),
            self.counter,
            self.error,
        )
        return Plan(
            state,
            tuple(self.opened.values()),
            tuple(self.closed),
            tuple(self.timers.values()),
            tuple(self.timers_cancelled),
            tuple(self.awaited.values()),
            tuple(self.forgotten),
            tuple(self.sent),
            tuple(self.services.values()),
            tuple(self.services_cancelled),
            tuple(self.calls),
            tuple(self.passages),
        )
