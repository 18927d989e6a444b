"""Rulings on who is responsible: kept as precedents of type, area and parties."""

from __future__ import annotations

from datetime import datetime

from city1361.centres.execution.models import Matter, Ruling
from city1361.centres.execution.road import receivers
from city1361.centres.execution.road.receivers import Receiver
from city1361.platform.assurance.standards.organisations import api as organisations
from city1361.platform.assurance.standards.organisations.api import OrganisationView


def keep_ruling(
    row: Matter, to: Receiver, centre: OrganisationView, *, clause: str, reason: str, now: datetime
) -> Ruling:
    """Keep what was ruled."""
    disputing = receivers.disputing(row)
    names = organisations.organisations(disputing)
    return Ruling.objects.create(
        matter_id=row.id,
        number=row.number,
        matter_type=row.type_id,
        city_id=row.city_id,
        district_id=row.district_id,
        town_id=row.town_id,
        source_area=row.source_area,
        centre=centre.id,
        centre_name=centre.name,
        parties=disputing,
        party_names=[names[one].name for one in disputing if one in names],
        organisation=to.organisation.id,
        organisation_name=to.organisation.name,
        post=to.post.id if to.post else None,
        clause=clause,
        reason=reason,
        ruled_at=now,
    )
