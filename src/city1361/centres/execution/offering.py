"""What decisions ask of a matter and of the one who acts, and the steps that are then offered."""

from __future__ import annotations

from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import decisions
from city1361.centres.execution.answers import AvailableStep, MatterView
from city1361.centres.execution.models import Matter, MatterStep
from city1361.centres.execution.queries import matter_row
from city1361.centres.execution.terms import STEP_LABELS, MatterState


def actor(by: By) -> decisions.Actor:
    """`by` as decisions know him."""
    return decisions.Actor(by.account, by.organisation, by.post, by.is_system)


def facts(row: Matter) -> decisions.Facts:
    """What decisions ask of a matter."""
    handled = MatterStep.objects.filter(matter=row.id, step__in=decisions.HANDLER_STEPS)
    return decisions.Facts(
        state=MatterState(row.state),
        centre=row.centre_id,
        reporter=row.reporter_account,
        lead=row.lead_id,
        lead_post=row.lead_post_code,
        handlers=frozenset(account for account in handled.values_list("account", flat=True) if account),
        agreed=row.agreed_at is not None,
    )


def available_steps(*, by: By, scope: Scope, matter: MatterView) -> list[AvailableStep]:
    """What `by` may do with the matter now, the obvious thing first."""
    row = matter_row(scope, matter.id)
    possible = decisions.possible_steps(facts(row), actor(by), scope.permissions)
    return [
        AvailableStep(step, STEP_LABELS[step], step in decisions.PRIMARY, *decisions.NEEDS[step]) for step in possible
    ]
