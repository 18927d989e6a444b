"""Words of organisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from city1361.base.kernel.scope import Level

COMMAND_CENTRE = "command_centre"
"""The kind every level has: the centres of city and districts, and the 基层治理指挥中心 of a town."""


class Category(StrEnum):
    """What kind of public body an organisation is (GB 32100-2015, table 1)."""

    AUTHORITY = "authority"
    INSTITUTION = "institution"
    MASS_ORGANISATION = "mass_organisation"
    OTHER_BODY = "other_body"


class PostFunction(StrEnum):
    """What a post does with a matter. Handler and checker are never the same post."""

    DIRECT = "direct"
    DUTY = "duty"
    HANDLE = "handle"
    CHECK = "check"
    PATROL = "patrol"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """An organisation as others see it. `synthetic`: its credit code is invented."""

    id: UUID
    code: str
    kind: str
    level: Level
    area_id: UUID
    name: str
    short_name: str
    line: str
    line_name: str
    uscc: str
    valid_from: date
    valid_to: date | None
    synthetic: bool


@dataclass(frozen=True, slots=True)
class PostView:
    """A post: `code` is unique in the city and reads `<area>/<kind of organisation>/<post>`."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
    code: str
    name: str
    function: PostFunction
    shift: bool
