"""The editions in memory: one small query tells whether there is a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from city1361.base.kernel.errors import Missing, Unavailable
from city1361.platform.assurance.rules import compiling
from city1361.platform.assurance.rules.content import empty
from city1361.platform.assurance.rules.models import RuleEdition, RuleProposal
from city1361.platform.assurance.rules.values import Book, Content, DutyEntry, Library
from city1361.platform.assurance.standards.areas import api as areas

_NEWEST = (
    "SELECT (SELECT id FROM platform_rules_ruleedition ORDER BY id DESC LIMIT 1), count(*)"
    " FROM platform_rules_ruleedition"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an edition without reading what it says."""

    id: UUID
    number: int
    area: UUID | None
    base: UUID | None
    valid_from: date


def library(on: date, area: UUID | None = None) -> Library:
    """The rules of a day for an area: the city's, with what the area's district tightened. Raises Unavailable before
    any were published; for a day before the first edition the first stands in."""
    editions = _editions()
    district = _district(area, editions)
    found = _in_force(editions, on, district) if district else None
    found = found or _in_force(editions, on, None)
    if found is None:
        raise Unavailable(
            "rules_missing", "分级分类库尚未载入", remedy="请系统管理员载入城市实例（city1361 instance load）"
        )
    return Library(book(found.id), on)


def edition_library(edition: UUID, on: date) -> Library:
    """The rules that a matter keeps. Raises Missing."""
    return Library(book(edition), on)


def duty(on: date, town: UUID, type_code: str) -> DutyEntry | None:
    """The clause of the town's list of duties for a type; None where no list says anything of it."""
    try:
        laid_down = library(on)
    except Unavailable:
        return None
    return laid_down.duty(areas.area(town).code, type_code) if laid_down.book.duties else None


def latest(area: UUID | None) -> RuleEdition | None:
    """The newest edition of the city (None) or of a district, in force or still to come."""
    return RuleEdition.objects.filter(area=area).order_by("-number").first()


def editions(area: UUID | None = None) -> list[RuleEdition]:
    """The editions of an area, the newest first, without what they say."""
    return list(RuleEdition.objects.filter(area=area).defer("content").order_by("-number"))


def content(edition: RuleEdition) -> Content:
    """All that an edition says: a district's stands over the city's."""
    if edition.base is None:
        return whole(edition.content)
    return compiling.overlaid(whole(edition.base.content), edition.content)


def city_of(edition: RuleEdition) -> RuleEdition:
    """The city's edition itself, or the one that a district's stands over."""
    return edition if edition.base is None else edition.base


def whole(kept: Mapping[str, Any]) -> Content:
    return {**empty(), **kept}


@lru_cache(maxsize=64)
def book(edition: UUID) -> Book:
    """An edition compiled: it never changes. Raises Missing."""
    row = RuleEdition.objects.select_related("base").filter(pk=edition).first()
    if row is None:
        raise Missing()
    return compiling.compiled(row.id, content(row))


def proposal(proposal_id: UUID) -> RuleProposal:
    """Raises Missing."""
    found = RuleProposal.objects.select_related("area", "base", "edition").filter(pk=proposal_id).first()
    if found is None:
        raise Missing()
    return found


def proposals(state: str = "", limit: int = 100) -> list[RuleProposal]:
    """The newest first."""
    found = RuleProposal.objects.select_related("area").defer("content", "preview").order_by("-id")
    return list((found.filter(state=state) if state else found)[:limit])


def _editions() -> tuple[Known, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        newest, count = cursor.fetchone()
    return _known(newest, count)


@lru_cache(maxsize=8)
def _known(newest: UUID | None, count: int) -> tuple[Known, ...]:
    rows = RuleEdition.objects.order_by("number").values_list("id", "number", "area", "base", "valid_from")
    return tuple(Known(*row) for row in rows)


def _in_force(known: tuple[Known, ...], on: date, area: UUID | None) -> Known | None:
    """The last that has begun; before the first day the first one."""
    mine = [one for one in known if one.area == area]
    begun = [one for one in mine if one.valid_from <= on]
    if begun:
        return max(begun, key=lambda one: (one.valid_from, one.number))
    return mine[0] if mine and area is None else None


def _district(area: UUID | None, known: tuple[Known, ...]) -> UUID | None:
    """The district of an area, when any district has rules of its own."""
    own = {one.area for one in known if one.area is not None}
    if area is None or not own:
        return None
    if area in own:
        return area
    found = areas.lineage(area).district
    return found.id if found else None
