"""Which organisations an instruction can go to: those of one's own area and, for a matter, of its areas below."""

from __future__ import annotations

from uuid import UUID

from city1361.centres.command.api import Choice
from city1361.centres.execution import api as execution
from city1361.centres.supervision import recording
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations


def within(organisation_id: UUID | None, matter: execution.MatterView | None) -> list[Choice]:
    """The organisations offered. Without a matter also the centres right below."""
    if organisation_id is None:
        return []
    own = recording.above(organisation_id)
    places = [own[-1]]
    if matter is not None:
        places += [one for one in (matter.place.district.id, matter.place.town.id) if one not in own]
    found = [one for place in places for one in organisations.organisations_in(place)]
    if matter is None:
        found += [one for below in areas.children(own[-1]) for one in _centres(below.id)]
    return [Choice(one.id, one.name) for one in found]


def _centres(area_id: UUID) -> list[organisations.OrganisationView]:
    return organisations.organisations_in(area_id, organisations.COMMAND_CENTRE)
