"""Reads of organisations and posts. They are public facts: nobody's scope narrows them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple, NoReturn
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import Level
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations.models import Organisation, Post
from city1361.platform.assurance.standards.organisations.terms import (
    COMMAND_CENTRE,
    OrganisationView,
    PostFunction,
    PostView,
)

# What every step of a matter asks: fixed statements, which the ORM would build anew each time at five times the price.
_ORGANISATIONS = """
SELECT id, code, kind, level, area_id, name, short_name, line, line_name, uscc, valid_from, valid_to, synthetic
  FROM platform_organisations_organisation WHERE id = ANY(%s)"""
_POSTS = """
SELECT p.id, p.organisation_id, o.name, p.code, p.name, p.function, p.shift
  FROM platform_organisations_post p JOIN platform_organisations_organisation o ON o.id = p.organisation_id"""


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


class _Kept(NamedTuple):
    """A row of _ORGANISATIONS."""

    id: UUID
    code: str
    kind: str
    level: str
    area_id: UUID
    name: str
    short_name: str
    line: str
    line_name: str
    uscc: str
    valid_from: date
    valid_to: date | None
    synthetic: bool


def _kept_post(*row: Any) -> PostView:
    """A row of _POSTS."""
    id_, organisation, organisation_name, code, name, function, shift = row
    return PostView(id_, organisation, organisation_name, code, name, PostFunction(function), shift)


def _standing(on: date | None = None) -> QuerySet[Organisation]:
    day = on or areas.today()
    return Organisation.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


def _organisation(row: Any) -> OrganisationView:
    return OrganisationView(
        row.id, row.code, row.kind, Level(row.level), row.area_id, row.name, row.short_name, row.line, row.line_name,
        row.uscc, row.valid_from, row.valid_to, row.synthetic,
    )  # fmt: skip


def _post(row: Any) -> PostView:
    return PostView(
        row.id, row.organisation_id, row.organisation.name, row.code, row.name, PostFunction(row.function), row.shift
    )


def organisation(organisation_id: UUID) -> OrganisationView:
    """The organisation with this id, standing or ended. Raises Missing."""
    return organisations([organisation_id]).get(organisation_id) or _missing()


def organisations(ids: Collection[UUID]) -> dict[UUID, OrganisationView]:
    """Those of `ids` that exist, in one query."""
    return {one.id: one for one in (_organisation(_Kept(*row)) for row in _rows(_ORGANISATIONS, list(ids)))}


def organisation_by_code(code: str) -> OrganisationView:
    """By its code, `<area>/<kind>`. Raises Missing."""
    row = Organisation.objects.filter(code=code).first()
    return _organisation(row) if row else _missing()


def organisations_in(area_id: UUID, kind: str = "", on: date | None = None) -> list[OrganisationView]:
    """The organisations of one area (not of those below), by name."""
    rows = _standing(on).filter(area=area_id)
    if kind:
        rows = rows.filter(kind=kind)
    return [_organisation(row) for row in rows.order_by("name")]


def organisations_of_line(line: str, level: str = "", on: date | None = None) -> list[OrganisationView]:
    """The organisations of one line (条), at one level or all."""
    rows = _standing(on).filter(line=line)
    if level:
        rows = rows.filter(level=level)
    return [_organisation(row) for row in rows.order_by("code")]


def line_names() -> dict[str, str]:
    """The names of the lines (条线) by code."""
    return dict(Organisation.objects.order_by("line").values_list("line", "line_name").distinct("line"))


def command_centre(area_id: UUID, on: date | None = None) -> OrganisationView:
    """The centre of a city or district, or the 基层治理指挥中心 of a town. Raises Missing."""
    found = organisations_in(area_id, COMMAND_CENTRE, on)
    return found[0] if found else _missing()


def centres_of(area_ids: Collection[UUID], on: date | None = None) -> list[OrganisationView]:
    """The centres of several areas, in one query, by code."""
    rows = _standing(on).filter(area__in=area_ids, kind=COMMAND_CENTRE).order_by("code")
    return [_organisation(row) for row in rows]


def town_centre(area_id: UUID) -> OrganisationView:
    """The 基层治理指挥中心 of a town. Raises Missing for an area that is no town."""
    found = command_centre(area_id)
    return found if found.level == Level.TOWN else _missing()


def post(post_id: UUID) -> PostView:
    """The post with this id. Raises Missing."""
    return posts([post_id]).get(post_id) or _missing()


def posts(ids: Collection[UUID]) -> dict[UUID, PostView]:
    """Those of `ids` that exist, in one query."""
    return {row.id: _post(row) for row in Post.objects.select_related("organisation").filter(pk__in=ids)}


def post_by_code(code: str) -> PostView:
    """By its code, `<area>/<kind of organisation>/<post>`. Raises Missing."""
    for row in _rows(f"{_POSTS} WHERE p.code = %s", code):
        return _kept_post(*row)
    raise Missing("post_unknown", "没有编号为“{code}”的岗位", params={"code": code})


def posts_of(organisation_id: UUID) -> list[PostView]:
    """The posts of one organisation, by code."""
    return [
        _kept_post(*row) for row in _rows(f"{_POSTS} WHERE p.organisation_id = %s ORDER BY p.code", organisation_id)
    ]


def posts_in(area_id: UUID, function: str = "", on: date | None = None) -> list[PostView]:
    """The posts of all organisations standing in one area, e.g. those that `handle`, by organisation and code."""
    rows = Post.objects.select_related("organisation").filter(organisation__in=_standing(on).filter(area=area_id))
    if function:
        rows = rows.filter(function=function)
    return [_post(row) for row in rows.order_by("organisation__name", "code")]


def _missing() -> NoReturn:
    raise Missing()
