"""An instance goes on in another version of its process: by a mapping, previewed, or not at all. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from city1361.platform.components.processes.definition import Compiled, Element
from city1361.platform.components.processes.moving import arriving
from city1361.platform.components.processes.moving.run import Run
from city1361.platform.components.processes.terms import (
    ROOT,
    Finding,
    MessageAwaited,
    MigrationRefused,
    Plan,
    ProcessStatus,
    ScopeKind,
    State,
    Token,
    Trigger,
)
from city1361.platform.components.processes.values import ValueRefused, checked


@dataclass(frozen=True, slots=True)
class Moved:
    """One token before and after."""

    token: str
    before: str
    after: str
    name: str


@dataclass(frozen=True, slots=True)
class Migration:
    """What moving an instance does: shown first, applied when somebody says so."""

    plan: Plan
    moves: tuple[Moved, ...]
    dropped_variables: tuple[str, ...]


def migrate(state: State, old: Compiled, new: Compiled, mapping: Mapping[str, str], *, now: datetime) -> Migration:
    """The instance in the new version. `mapping`: element before → after; same ids need none. In a called process
    an element is written `key/element`. Raises MigrationRefused, naming every token that would stand nowhere."""
    if state.status is not ProcessStatus.RUNNING:
        raise MigrationRefused((Finding("", 0, "not_running", "the instance is not running", "Leave it as it is."),))
    return _Mover(state, old, new, mapping, now).move()


class _Mover:
    def __init__(self, state: State, old: Compiled, new: Compiled, mapping: Mapping[str, str], now: datetime) -> None:
        self.state, self.old, self.new, self.mapping = state, old, new, mapping
        self.before = Run(old, state, now)
        self.run = Run(new, state, now)
        self.orphans: list[Finding] = []
        self.moves: list[Moved] = []
        self.references = {one.key: reference for reference, one in new.called.items()}

    def move(self) -> Migration:
        dropped = self._variables()
        self._scopes()
        self._refuse()
        for token in self.state.tokens:
            if not token.host or not self._is_armed(token):
                self._token(token)
        self._refuse()
        for token in self.state.tokens:
            if token.host and self._is_armed(token):
                self._armed(token)
        self._refuse()
        for token in list(self.run.tokens.values()):
            self._arm_new(token)
        return Migration(self.run.plan(), tuple(self.moves), dropped)

    def _refuse(self) -> None:
        if self.orphans:
            raise MigrationRefused(tuple(self.orphans))

    def _orphan(self, code: str, element: str, message: str, remedy: str) -> None:
        self.orphans.append(Finding(element, 0, code, message, remedy))

    def _is_armed(self, token: Token) -> bool:
        return self.before.element(token).attached != ""

    # -- variables and scopes --------------------------------------------------------------------------------------

    def _variables(self) -> tuple[str, ...]:
        """Values of variables that are still declared must fit; others are dropped and told."""
        dropped = []
        for name, value in self.state.variables.items():
            if name not in self.new.schema:
                dropped.append(name)
                del self.run.variables[name]
                continue
            try:
                checked(self.new.schema[name], value)
            except ValueRefused as error:
                self._orphan("variable", name, f"{name}: {error}", "Keep the variable's type.")
        return tuple(dropped)

    def _scopes(self) -> None:
        """A called process goes on in the version that the new one calls."""
        for scope in self.state.scopes:
            if scope.process == ROOT:
                continue
            key = self.old.called[scope.process].key
            reference = self.references.get(key)
            if reference is None:
                self._orphan("call", key, f"the new version no longer calls {key}", "Wait until the call has ended.")
            else:
                self.run.scopes[scope.id] = replace(self.run.scopes[scope.id], process=reference)

    # -- tokens ----------------------------------------------------------------------------------------------------

    def _target(self, token: Token) -> str:
        process = self.before.definition(token.scope)
        name = token.element if process is self.old else f"{process.key}/{token.element}"
        return self.mapping.get(name, name).rpartition("/")[2]

    def _token(self, token: Token) -> None:
        before, target = self.before.element(token), self._target(token)
        after = self.run.definition(token.scope).elements.get(target)
        remedy = f"Map “{before.name or before.id}” to an element of the same kind that is still there."
        if after is None:
            self._orphan("orphan", before.id, f"“{before.name or before.id}” is not in the new version", remedy)
        elif not self._alike(before, after) or not self._same_place(token, after):
            self._orphan("orphan", before.id, f"“{after.name or after.id}” is of another kind or place", remedy)
        elif token.via and not self._way(token, after):
            self._orphan(
                "orphan", before.id, f"the way by which “{before.name or before.id}” was reached is gone", remedy
            )
        else:
            self.run.tokens[token.id] = replace(token, element=after.id, via=self._way(token, after))
            self.moves.append(Moved(token.id, before.id, after.id, after.name))
            if after.message != before.message and (after.trigger is Trigger.MESSAGE or after.message):
                self.run.forgotten.append(token.id)
                self.run.awaited[token.id] = MessageAwaited(token.id, after.message, token.correlation)

    def _alike(self, before: Element, after: Element) -> bool:
        """The same kind of element, and for its subject the same state: a migration takes no step."""
        several = (before.several is None) == (after.several is None)
        if before.several and after.several:
            several = before.several.is_loop == after.several.is_loop
        same_state = (before.task.state if before.task else "") == (after.task.state if after.task else "")
        return before.kind is after.kind and before.trigger is after.trigger and several and same_state

    def _same_place(self, token: Token, after: Element) -> bool:
        """Inside the same sub-process, or what it has become."""
        scope = token.scope
        while scope and self.state_scope_kind(scope) is ScopeKind.INSTANCE:
            host = self.before.tokens[self.before.scopes[scope].host]
            if host.element == token.element:  # one of several stands beside its host
                return self._target(host) == after.id
            scope = self.before.scopes[scope].parent
        if not scope or self.state_scope_kind(scope) is ScopeKind.CALL:
            return after.parent == ""
        return after.parent == self._target(self.before.tokens[self.before.scopes[scope].host])

    def state_scope_kind(self, scope: str) -> ScopeKind:
        return self.before.scopes[scope].kind

    def _way(self, token: Token, after: Element) -> str:
        """The flow by which a token came to a join or a choice, in the new version."""
        if not token.via or token.via in after.incoming:
            return token.via
        return after.incoming[0] if len(after.incoming) == 1 else ""

    # -- what watches an activity ----------------------------------------------------------------------------------

    def _armed(self, token: Token) -> None:
        """A timer or message at an edge goes on if the edge still has it; otherwise it is withdrawn."""
        host = self.run.tokens[token.host]
        target = self._target(token)
        before = self.before.element(token)
        elements = self.run.definition(host.scope).elements
        after = elements.get(target)
        if after and target in elements[host.element].boundaries and after.trigger is before.trigger:
            self.run.tokens[token.id] = replace(token, element=after.id)
            self.moves.append(Moved(token.id, before.id, after.id, after.name))
            return
        del self.run.tokens[token.id]
        (self.run.timers_cancelled if before.trigger is Trigger.TIMER else self.run.forgotten).append(token.id)

    def _arm_new(self, host: Token) -> None:
        """An edge the old version did not have counts from when its activity began: nobody wins time by a migration."""
        element = self.run.element(host)
        if not element.boundaries or host.host or self.run.is_one_of_several(element, host.scope):
            return
        elements = self.run.definition(host.scope).elements
        held = {one.element for one in self.run.served_by(host.id)}
        for name in element.boundaries:
            if name not in held and self._is_new(name, host) and elements[name].trigger is not Trigger.ERROR:
                token = self.run.put(elements[name], host.scope, host=host.id)
                arriving.arm(self.run, token, elements[name], since=host.since)

    def _is_new(self, name: str, host: Token) -> bool:
        """One that had fired already is not set again."""
        before = self.before.element(self.before.tokens[host.id])
        return name not in before.boundaries
