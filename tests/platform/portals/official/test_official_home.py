"""Each role comes to what it does first."""

from __future__ import annotations

import pytest

from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import AreaRef, Level, Scope
from city1361.platform.portals.official import decisions
from city1361.platform.portals.official.api import HomeCard, Shell
from tests import cast

DESK = HomeCard("桌面", "/desk/", "x", Shell.DESK, frozenset({"read"}), landing=True, levels=frozenset({Level.TOWN}))
PHONE = HomeCard("上报", "/report/", "x", Shell.PHONE, frozenset({"report"}))
OWN = HomeCard("账号", "/me/", "x", Shell.DESK)


def scope(*permissions: str, level: Level | None = None) -> Scope:
    areas = frozenset({AreaRef(level, new_id())}) if level else frozenset()
    return Scope(permissions=frozenset(permissions), areas=areas)


def test_a_card_needs_one_of_its_permissions_and_one_of_its_levels() -> None:
    assert decisions.is_open(DESK, scope("read", level=Level.TOWN))
    assert not decisions.is_open(DESK, scope("read", level=Level.GRID))
    assert not decisions.is_open(DESK, scope("read"))
    assert not decisions.is_open(DESK, scope("report", level=Level.TOWN))
    assert decisions.is_open(OWN, scope())


def test_home_leads_to_the_first_landing_card() -> None:
    assert decisions.landing([OWN, DESK]) is DESK
    assert decisions.landing([OWN, PHONE]) is None


def test_whoever_only_works_with_a_phone_gets_its_home() -> None:
    assert decisions.shell_of([PHONE, OWN]) is Shell.PHONE
    assert decisions.shell_of([PHONE, DESK, OWN]) is Shell.DESK
    assert decisions.shell_of([OWN]) is Shell.DESK


@pytest.mark.django_db
@pytest.mark.parametrize(
    "who", [cast.TOWN_DUTY_OFFICER, cast.TOWN_HANDLER, cast.TOWN_COMMANDER, cast.CITY_DUTY_OFFICER]
)
def test_whoever_has_a_desk_comes_straight_to_it(who: str) -> None:
    answer = cast.client(who).get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")


@pytest.mark.django_db
@pytest.mark.parametrize("who", [cast.GRID_WORKER, cast.RESIDENT])
def test_whoever_reports_comes_to_one_large_button(who: str) -> None:
    page = cast.client(who).get("/").content.decode()
    assert "上报事件" in page
    assert 'href="/report/"' in page
    assert 'href="/desk/' not in page


@pytest.mark.django_db
@pytest.mark.parametrize("who", [cast.SYSTEM_ADMIN, cast.SECURITY_ADMIN, cast.AUDIT_ADMIN])
def test_an_administrator_is_told_that_nothing_waits_and_sees_his_account(who: str) -> None:
    page = cast.client(who).get("/").content.decode()
    assert ("没有可办理的事项" in page) == (who != cast.SYSTEM_ADMIN), "who looks after applications has their page"
    assert 'href="/me/"' in page


@pytest.mark.django_db
def test_a_stranger_is_asked_to_sign_in() -> None:
    answer = cast.client().get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
