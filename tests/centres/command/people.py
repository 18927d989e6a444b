"""Whoever is called in these tests: officers of other organisations, made beside the cast."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.platform.assurance.security.accounts import api as accounts
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations
from tests import cast

TOWN, SIBLING_TOWN, DISTRICT = "119901001", "119901002", "119901"
COMMUNITY = f"{TOWN}/community"
LAW = f"{TOWN}/law_enforcement"
CENTRE = f"{TOWN}/command_centre"
DISTRICT_CENTRE = f"{DISTRICT}/command_centre"
SIBLING_CENTRE = f"{SIBLING_TOWN}/command_centre"


def organisation(code: str) -> UUID:
    return organisations.organisation_by_code(code).id


def officer(username: str, post: str, role: str = "town_handler") -> str:
    """An account that holds a post; its user name."""
    system = By.system("测试", channel="command")
    made = accounts.account_create(by=system, username=username, title=username, demonstration=True, first_password=False)  # fmt: skip
    area = areas.by_code(post.split("/", maxsplit=1)[0]).id
    accounts.appointment_make(
        by=system, account_id=made.id, role=role, post_id=organisations.post_by_code(post).id, area_id=area
    )
    return username


def by(username: str) -> By:
    return cast.by(username)


def at(moment: Any) -> Any:
    return clock.frozen(moment)
