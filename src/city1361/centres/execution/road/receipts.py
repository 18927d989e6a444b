"""Reads of a matter's road, each for whoever may see the matter."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from city1361.base.kernel.scope import Level, Scope
from city1361.centres.execution.answers import Choice
from city1361.centres.execution.models import HandOver, Matter, MatterApproval, MatterExclusion, Ruling
from city1361.centres.execution.queries import matter_row, visible_to
from city1361.centres.execution.road import receivers
from city1361.centres.execution.road.road_answers import (
    ApprovalView,
    ExclusionView,
    HandOverView,
    RulingView,
    ShelvedView,
)
from city1361.centres.execution.terms import ApprovalState, ExclusionKind, HandOverKind
from city1361.platform.assurance.standards.areas import api as areas

LARGEST = 500
RULED = (Level.CITY, Level.DISTRICT, Level.TOWN)


def hand_overs(*, scope: Scope, matter_id: UUID) -> list[HandOverView]:
    """Every time it changed hands, oldest first. Raises Missing."""
    matter_row(scope, matter_id)
    return [
        HandOverView(
            HandOverKind(one.kind), one.given_by_name, one.given_to_name, one.who, one.at, one.due_at, one.reason,
            one.acknowledged_at, one.presumed, one.ended_at, one.ended_by,
        )
        for one in HandOver.objects.filter(matter=matter_id).order_by("id")
    ]  # fmt: skip


def approvals(*, scope: Scope, matter_id: UUID) -> list[ApprovalView]:
    """Everything that was asked for, oldest first. Raises Missing."""
    matter_row(scope, matter_id)
    return [
        ApprovalView(
            ExclusionKind(one.kind), ApprovalState(one.state), one.reason, one.asked, one.asked_who, one.asked_at,
            one.decided_who, one.decided_at, one.decision,
        )
        for one in MatterApproval.objects.filter(matter=matter_id).order_by("id")
    ]  # fmt: skip


def exclusions_of(*, scope: Scope, matter_id: UUID) -> list[ExclusionView]:
    """What was excluded of one matter, oldest first. Raises Missing."""
    row = matter_row(scope, matter_id)
    return [_exclusion(one, row.number) for one in MatterExclusion.objects.filter(matter=matter_id).order_by("id")]


def exclusions(
    *, scope: Scope, kind: ExclusionKind | None = None, since: datetime | None = None, until: datetime | None = None
) -> list[ExclusionView]:
    """剔除清单: everything that was excluded in a period, newest first, within what one may see."""
    found = MatterExclusion.objects.select_related("matter").order_by("-id")
    if not scope.unlimited:
        found = found.filter(matter__in=Matter.objects.filter(visible_to(scope)).values("id"))
    wanted = Q(kind=kind.value) if kind else Q()
    wanted &= Q(since__gte=since) if since else Q()
    wanted &= Q(since__lt=until) if until else Q()
    return [_exclusion(one, one.matter.number) for one in found.filter(wanted)[:LARGEST]]


def _exclusion(one: MatterExclusion, number: str) -> ExclusionView:
    return ExclusionView(
        one.matter_id, number, ExclusionKind(one.kind), one.since, one.until, one.reason, one.minutes,
        one.total_due_before, one.total_due_after, one.stage_due_before, one.stage_due_after, one.review_on,
    )  # fmt: skip


def rulings_offered(*, scope: Scope, matter_id: UUID) -> list[RulingView]:
    """Precedents for who is responsible for such a matter here. Raises Missing."""
    town = matter_row(scope, matter_id).town_id
    return [
        RulingView(
            one.number, one.centre_name, tuple(one.party_names), one.organisation_name, one.organisation, one.post,
            one.clause, one.reason, one.ruled_at, one.town_id == town,
        )
        for one in receivers.precedents(scope=scope, matter_id=matter_id)
    ]  # fmt: skip


def rulings(
    *, scope: Scope, since: datetime | None = None, until: datetime | None = None
) -> list[tuple[UUID, RulingView]]:
    """指定管辖裁定: the rulings of one's areas, newest first, each with its matter."""
    within = Q(pk__in=())
    for area in scope.areas:
        within |= Q(**{f"{area.level.value}_id": area.id}) if area.level in RULED else Q()
    found = Ruling.objects.filter(Q() if scope.unlimited else within).order_by("-id")
    found = found.filter(ruled_at__gte=since) if since else found
    return [(one.matter_id, _ruling(one)) for one in (found.filter(ruled_at__lt=until) if until else found)[:LARGEST]]


def _ruling(one: Ruling) -> RulingView:
    return RulingView(
        one.number, one.centre_name, tuple(one.party_names), one.organisation_name, one.organisation, one.post,
        one.clause, one.reason, one.ruled_at, False,
    )  # fmt: skip


def step_choices(*, scope: Scope, matter_id: UUID, field: str) -> list[Choice]:
    """What may be given for a field of a step that names a receiver. Raises Missing."""
    return receivers.choices(matter_row(scope, matter_id), field)


def shelved(*, scope: Scope) -> list[ShelvedView]:
    """挂账库: shelved matters, the next to be looked at first."""
    found = Matter.objects.select_related("shelved_owner").filter(visible_to(scope), shelved_review_on__isnull=False)
    today = areas.today()
    return [
        ShelvedView(
            one.id, one.number, one.title, one.shelved_owner.name, one.shelved_review_on, one.paused_at,
            one.shelved_review_on < today,
        )
        for one in found.order_by("shelved_review_on", "id")[:LARGEST]
        if one.shelved_owner and one.shelved_review_on and one.paused_at
    ]  # fmt: skip
