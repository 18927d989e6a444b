"""The people of the tests: the cast of the tiny city, one account per role, and a second town's duty officer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.test import Client

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope

RESIDENT, GRID_WORKER = "resident", "grid_worker"
TOWN_DUTY_OFFICER, TOWN_HANDLER, TOWN_CHECKER = "town_duty_officer", "town_handler", "town_checker"
TOWN_COMMANDER, SIBLING_DUTY_OFFICER = "town_commander", "sibling_duty_officer"
DISTRICT_DUTY_OFFICER, CITY_DUTY_OFFICER, DATA_BUREAU = "district_duty_officer", "city_duty_officer", "data_bureau"
TOWN_ASSISTANT, DISTRICT_DIRECTOR, DISTRICT_CHECKER = "town_assistant", "district_director", "district_checker"
CITY_CHECKER = "city_checker"
DISTRICT_HANDLER, CITY_HANDLER = "district_department_handler", "city_department_handler"
SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN = "system_admin", "security_admin", "audit_admin"


def account(username: str) -> Any:
    from city1361.platform.assurance.security.accounts.api import account_named

    return account_named(username)


def by(username: str) -> By:
    """The one who acts under the main appointment of this person."""
    from city1361.platform.assurance.security.access.resolver import by_of
    from city1361.platform.assurance.security.accounts.api import standing

    return by_of(standing(account(username), None, clock.now()), channel="web", trace="test")


def scope(username: str) -> Scope:
    from city1361.base.kernel import registry

    return registry.scope_of(by(username))


def client(username: str = "", **headers: Any) -> Client:
    """A browser in which this person is signed in; nobody when no name is given. Server errors are answers here."""
    made = Client(raise_request_exception=False, headers=headers or None)
    if username:
        made.force_login(account(username))
    return made


def password(username: str) -> str:
    """The password that this installation made for a person of the cast."""
    lines = (settings.DATA / "cast.txt").read_text("utf-8").splitlines()
    return next(line.split("\t")[2] for line in lines if line.split("\t")[0] == username)
