"""A matter changes hands: who leads it now, who gave it, and the receipt that says so."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from city1361.base.kernel.by import By
from city1361.centres.execution.models import HandOver, Matter, MatterParticipant
from city1361.centres.execution.road.receivers import Receiver
from city1361.centres.execution.steps import applying, recording
from city1361.centres.execution.terms import HandOverKind, Participation
from city1361.platform.assurance.standards.organisations import api as organisations


def give(
    row: Matter,
    kind: HandOverKind,
    to: Receiver,
    by: By,
    now: datetime,
    *,
    reason: str = "",
    back_to: UUID | None = None,
) -> None:
    """Give the matter to `to`, which leads from now on. back_to: whom that one may return it to; by default the centre
    that deals with it now. A receiver without a post is a centre and deals with it from now on."""
    giver = row.current_centre_id
    row.handed_by = back_to or giver
    if to.post is None:
        row.current_centre_id, row.current_level = to.organisation.id, to.organisation.level.value
    hand_over = HandOver(
        matter=row,
        kind=kind.value,
        given_by=by.organisation or giver,
        given_by_name=recording.organisation_name(by, row),
        given_to=to.organisation.id,
        given_to_name=to.organisation.name,
        post=to.post.id if to.post else None,
        who=by.label,
        at=now,
        reason=reason,
    )
    lead(row, to, now, hand_over=hand_over, ended_by=kind.value)


def lead(row: Matter, to: Receiver, now: datetime, *, hand_over: HandOver | None = None, ended_by: str = "") -> None:
    """主办 is `to` from now on; who led before does so no more, and nobody acts for the post any longer. hand_over: its
    receipt; ended_by: how the open receipt ends."""
    post = to.post
    row.lead_id, row.lead_post_id = to.organisation.id, post.id if post else None
    row.lead_post_code, row.delegate_post, row.delegate_post_code = post.code if post else "", None, ""
    row.organisations = list(dict.fromkeys([*row.organisations, to.organisation.id]))
    leads = MatterParticipant(
        matter=row, organisation_id=row.lead_id, post_id=row.lead_post_id, role=Participation.LEAD.value, since=now
    )
    applying.give(leads, recording.found(row), hand_over, ended_by)


def receipt(row: Matter, now: datetime) -> None:
    """The limit of the acknowledgement stands on the receipt as well."""
    HandOver.objects.filter(matter=row.id, ended_at=None).update(due_at=row.stage_due_at)


def acknowledged(row: Matter, now: datetime, *, presumed: bool) -> None:
    """签收: the receipt is signed, or its limit signed it. What was in dispute has found its place."""
    row.disputed_since = None
    HandOver.objects.filter(matter=row.id, ended_at=None, acknowledged_at=None).update(
        acknowledged_at=now, presumed=presumed
    )


def come_back(row: Matter, ended_by: str, now: datetime) -> None:
    """退回 or 撤回: the matter is with its giver again, which may itself return it to whom it had it from."""
    giver = row.handed_by or row.current_centre_id
    centre = organisations.organisation(giver)
    row.current_centre_id, row.current_level = centre.id, centre.level.value
    row.handed_by = _given_by(row, centre.id)
    lead(row, Receiver(centre), now, ended_by=ended_by)


def _given_by(row: Matter, centre: UUID) -> UUID | None:
    """Who gave it to this centre, so far as it still holds it; nobody gave it to the one that received it first."""
    if centre == row.centre_id:
        return None
    last = HandOver.objects.filter(matter=row.id, given_to=centre, post=None).order_by("-id").first()
    return last.given_by if last else None
