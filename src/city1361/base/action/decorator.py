"""@action: authorise → decide and write → evidence → publish, in one transaction, none of it forgettable."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, ParamSpec, TypeVar

from city1361.base.database import api as database
from city1361.base.evidence import api as evidence
from city1361.base.kernel import registry
from city1361.base.kernel.by import By, Subject
from city1361.base.outbox import api as outbox

Result = TypeVar("Result")
Parameters = ParamSpec("Parameters")

_actions: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Result]):
    """What an action's body returns: the answer, and what must be remembered of it.

    facts go into evidence as they are and must hold no personal data; `personal` is kept erasable beside it.
    """

    result: Result
    subject: Subject
    facts: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, Any] | None = None
    events: tuple[outbox.Event, ...] = ()
    unchanged: bool = False
    """True when a repeated request found its earlier answer: nothing was written, so nothing is recorded."""


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
                if not outcome.unchanged:
                    _remember(permission, by, outcome)
            return outcome.result

        return perform

    return decorate


def _remember(permission: str, by: By, outcome: Outcome[Any]) -> None:
    evidence.record(by=by, action=permission, subject=outcome.subject, facts=outcome.facts, personal=outcome.personal)
    for event in outcome.events:
        outbox.publish(event, by=by)


def actions() -> dict[str, str]:
    """Every action defined so far (dotted name) and the permission it asks for."""
    return dict(sorted(_actions.items()))
