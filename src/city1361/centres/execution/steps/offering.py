"""What decisions ask of a matter and of the one who acts, and the steps that are then offered."""

from __future__ import annotations

from uuid import UUID

from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import decisions, laid_down, queries, reading
from city1361.centres.execution.answers import AvailableStep, MatterView
from city1361.centres.execution.models import Matter
from city1361.centres.execution.road import participation
from city1361.centres.execution.steps import walking
from city1361.centres.execution.terms import STEP_LABELS, ExclusionKind, MatterState, Step


def actor(by: By) -> decisions.Actor:
    """`by` as decisions know him."""
    return decisions.Actor(by.account, by.organisation, by.post, by.is_system)


def facts(found: reading.Read) -> decisions.Facts:
    """What decisions ask of a matter."""
    row = found.row
    rules, (handlers, verifiers) = laid_down.of_matter(row), who_worked(found)
    return decisions.Facts(
        state=MatterState(row.state),
        centre=row.centre_id,
        reporter=row.reporter_account,
        lead=row.lead_id,
        lead_post=row.lead_post_code,
        handlers=handlers,
        verifiers=verifiers,
        agreed=row.agreed_at is not None,
        current_centre=row.current_centre_id,
        handed_by=row.handed_by,
        delegate_post=row.delegate_post_code,
        ruling_centre=row.ruling_centre,
        designated=row.designated,
        disputed=row.disputed_since is not None,
        returned_count=row.returned_count,
        returns_before_ruling=rules.returns_before_ruling,
        unverified=is_unverified(row),
        paused=row.paused_at is not None and row.shelved_owner_id is None,
        shelved=row.shelved_owner_id is not None,
        shelved_owner=row.shelved_owner_id,
        asked=_asked(found),
        urgency=row.urgency,
        level=row.level or 0,
        result=row.result or row.requested_result,
    )


def new_facts(row: Matter) -> decisions.Facts:
    """What is known of a matter that has just been reported."""
    return decisions.Facts(
        state=MatterState.REPORTED,
        centre=row.centre_id,
        reporter=row.reporter_account,
        unverified=is_unverified(row),
        returns_before_ruling=laid_down.of_matter(row).returns_before_ruling,
        urgency=row.urgency,
    )


def is_unverified(row: Matter) -> bool:
    """核实: a report of the channels the city named that nobody has looked at. Whether somebody must, the process says."""
    return row.verified is None and row.channel in queries.rules().verify_channels


def who_worked(found: reading.Read) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Who worked on it or had another work on it, and who verified it. Who took it over for a centre that passed it on
    has not worked on it."""
    steps = [(one.step, one.account) for one in found.steps if one.account and one.after != MatterState.DISPATCHING]
    verifiers = frozenset(account for step, account in steps if step in decisions.VERIFIER_STEPS)
    return frozenset(account for step, account in steps if step in decisions.HANDLING_STEPS), verifiers


def _asked(found: reading.Read) -> decisions.Asked | None:
    waiting = found.asked
    if waiting is None:
        return None
    return decisions.Asked(ExclusionKind(waiting["kind"]), UUID(waiting["asked_by"]) if waiting["asked_by"] else None)


def available_steps(*, by: By, scope: Scope, matter: MatterView) -> list[AvailableStep]:
    """What `by` may do with the matter now, the obvious thing first; nothing while its history is in the archive."""
    if matter.archived:
        return []
    found = reading.read(scope, matter.id)
    row = found.row
    road = walking.road_of(row, walking.instance_of(row, scope))
    possible = decisions.possible_steps(facts(found), actor(by), scope.permissions, road)
    offered = [
        AvailableStep(step, STEP_LABELS[step], step in decisions.PRIMARY, *_wanted(step, matter.id))
        for step in possible
    ]
    order = list(decisions.NEEDS)
    return sorted(offered, key=lambda one: (not one.primary, order.index(one.step)))


def _wanted(step: Step, matter_id: UUID) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a step needs and may be told; a close request also about assisting work that has not ended."""
    needs, may = decisions.NEEDS[step]
    return needs, (*may, "unfinished") if step is Step.REQUEST_CLOSE and participation.open_work(matter_id) else may
