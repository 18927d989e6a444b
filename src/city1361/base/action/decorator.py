"""@action: authorise → decide and write → evidence → publish, in one transaction, none of it forgettable."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Generic, ParamSpec, TypeVar, cast

from city1361.base.database import api as database
from city1361.base.evidence import api as evidence
from city1361.base.kernel import registry
from city1361.base.kernel.by import By, Subject
from city1361.base.outbox import api as outbox

Result = TypeVar("Result")
Parameters = ParamSpec("Parameters")

_actions: dict[str, str] = {}


class Remembered:
    """The evidence entry and the events of an action, prepared but not yet inserted.

    Its `as_json` goes as it is to the one SQL function that writes what they tell of; that function hands "evidence"
    to evidence_insert and "events" to outbox_insert.
    """

    def __init__(self, entry: evidence.Prepared, events: tuple[dict[str, Any], ...]) -> None:
        self.entry = entry
        self._events = events
        self.taken = False

    def as_json(self) -> dict[str, Any]:
        self.taken = True
        return {"evidence": [self.entry.as_json()], "events": list(self._events)}


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Result]):
    """What an action's body returns: the answer, and what must be remembered of it.

    facts go into evidence as they are and must hold no personal data; `personal` is kept erasable beside it.
    """

    result: Result | None = None
    _: KW_ONLY
    subject: Subject
    facts: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, Any] | None = None
    events: tuple[outbox.Event, ...] = ()
    unchanged: bool = False
    """True when a repeated request found its earlier answer: nothing was written, so nothing is recorded."""
    write: Callable[[Remembered], Result] | None = None
    """Writes everything by one SQL function, evidence and events with it, and gives the answer. For hot paths only: a
    house test lists who may."""


def action(
    permission: str,
) -> Callable[[Callable[Parameters, Outcome[Result]]], Callable[Parameters, Result]]:
    """Make a function `f(*, by: By, ...) -> Outcome` a write that cannot forget its four companions.

    Before: `by` is authorised for `permission` (Missing otherwise) and the scope of `by` is bound to the
    transaction. After: one evidence entry named `permission`, and each event of the outcome in the outbox. An
    exception anywhere leaves nothing behind.
    """

    def decorate(body: Callable[Parameters, Outcome[Result]]) -> Callable[Parameters, Result]:
        _actions[f"{body.__module__}.{body.__qualname__}"] = permission

        @functools.wraps(body)
        def perform(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            by = kwargs.get("by")
            if args or not isinstance(by, By):
                raise TypeError(f"{body.__qualname__} takes keywords only, and `by` names who acts")
            registry.authorise(by, permission)
            with database.scoped(registry.scope_of(by)):
                outcome = body(*args, **kwargs)
                if not isinstance(outcome, Outcome):
                    raise TypeError(f"{body.__qualname__} must return an Outcome")
                return _finish(permission, by, outcome)

        return perform

    return decorate


def _finish(permission: str, by: By, outcome: Outcome[Result]) -> Result:
    """Write what must be remembered, or have it written, and give the answer."""
    if outcome.unchanged:
        return cast(Result, outcome.result)
    entry = {"action": permission, "subject": outcome.subject, "facts": outcome.facts, "personal": outcome.personal}
    if outcome.write is None:
        evidence.record(by=by, **entry)  # type: ignore[arg-type]
        outbox.publish(*outcome.events, by=by)
        return cast(Result, outcome.result)
    events = tuple(outbox.prepare(event, by=by) for event in outcome.events)
    remembered = Remembered(evidence.prepare(by=by, **entry), events)  # type: ignore[arg-type]
    result = outcome.write(remembered)
    if not remembered.taken:
        raise TypeError(f"the write of {permission} did not take its evidence and events along")
    return result


def actions() -> dict[str, str]:
    """Every action defined so far (dotted name) and the permission it asks for."""
    return dict(sorted(_actions.items()))
