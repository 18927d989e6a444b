"""What every write of supervision needs: numbers, names, areas, problems, lines on the matter."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.utils.timezone import get_default_timezone

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused
from city1361.base.outbox.api import Event
from city1361.centres.execution import api as execution
from city1361.centres.supervision.decisions import Refusal
from city1361.centres.supervision.models import Placed
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations

LONGEST_TEXT, LONGEST_REASON, LONGEST_TITLE = 2000, 500, 60


def text(given: str, *, where: str = "text", needed: bool = False, longest: int = LONGEST_TEXT) -> str:
    """Trimmed text within its length. Raises Invalid."""
    cleaned = given.strip().replace("\x00", "")
    if needed and not cleaned:
        raise Invalid("text_needed", "请填写说明", where=where, remedy="用一句话说明情况即可")
    if len(cleaned) > longest:
        raise Invalid(
            "text_too_long", "文字过长：{length}字", where=where, remedy="最多{longest}字",
            params={"length": len(cleaned), "longest": longest},
        )  # fmt: skip
    return cleaned


def number_for(prefix: str, organisation_id: UUID) -> str:
    """督字〔2026〕第3号 in code: prefix, area and line, year, a serial of that organisation."""
    year = clock.now().astimezone(get_default_timezone()).year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO centres_supervision_supervisionserial (prefix, organisation, year, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (prefix, organisation, year)"
            " DO UPDATE SET last = centres_supervision_supervisionserial.last + 1 RETURNING last",
            [prefix, organisation_id, year],
        )
        serial = cursor.fetchone()[0]
    own = organisations.organisation(organisation_id)
    line = "" if own.kind == organisations.COMMAND_CENTRE else f"-{own.kind}"
    return f"{prefix}{areas.area(own.area_id).code}{line}-{year}-{serial:04d}"


def organisation(by: By) -> UUID:
    """The organisation `by` acts for. Raises Missing for somebody without one."""
    if by.organisation is None:
        raise Missing()
    return by.organisation


def name_of(organisation_id: UUID) -> str:
    """The name of today: rows keep it."""
    return organisations.organisation(organisation_id).name


def above(organisation_id: UUID) -> tuple[UUID, ...]:
    """The areas of an organisation, from the city down to its own."""
    return areas.lineage(organisations.organisation(organisation_id).area_id).ids


def matter_columns(matter: execution.MatterView) -> dict[str, UUID | None]:
    """The level columns of a row about a matter."""
    place = matter.place
    return {
        "city_id": areas.city().id,
        "district_id": place.district.id,
        "town_id": place.town.id,
        "village_id": place.village.id if place.village else None,
        "grid_id": place.grid.id if place.grid else None,
    }


def area_columns(organisation_id: UUID) -> dict[str, UUID | None]:
    """The level columns of a row without a matter: those of the issuer's area."""
    names = ("city_id", "district_id", "town_id", "village_id", "grid_id")
    return dict(zip(names, [*above(organisation_id), None, None, None, None], strict=False))


def areas_of(row: Placed) -> tuple[UUID, ...]:
    """The areas told of a change."""
    return tuple(area for area in (row.town_id, row.district_id) if area)


def note(by: By, matter_id: UUID | None, step: execution.Step, words: str) -> tuple[Event, ...]:
    """A line in the history of the matter, when there is one; its event."""
    if matter_id is None:
        return ()
    return (execution.note_on_matter(by=by, matter_id=matter_id, step=step, text=words).event,)


def problem(refusal: Refusal, **params: str) -> Conflict | Refused:
    """The problem that tells of a refusal."""
    kind = Conflict if refusal.of_state else Refused
    return kind(refusal.code, refusal.message, where="step", remedy=refusal.remedy, params=params)
