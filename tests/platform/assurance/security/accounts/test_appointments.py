"""Accounts and appointments: who may be appointed to what, and when it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from city1361.base.evidence import api as evidence
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Invalid, Missing
from city1361.base.kernel.ids import new_id
from city1361.platform.assurance.security.accounts import api
from city1361.platform.assurance.security.accounts.models import Account
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations
from tests import cast

pytestmark = pytest.mark.django_db
COMMAND = By.system("test", channel="command")
TOWN, CITY = "119901001", "119900"


def somebody(username: str = "somebody") -> UUID:
    return api.account_create(by=COMMAND, username=username, title="值班员").id


def appoint(account: UUID, role: str = "town_duty_officer", area: str = TOWN, post: str = "", **more: Any) -> UUID:
    at = post or f"{TOWN}/command_centre/duty"
    return api.appointment_make(
        by=COMMAND,
        account_id=account,
        role=role,
        post_id=organisations.post_by_code(at).id,
        area_id=areas.by_code(area).id if area else None,
        **more,
    )


def roles_now(account: UUID) -> list[str]:
    return [one.role.code for one in api.appointments(account, clock.now())]


@pytest.mark.parametrize("username", ["ab", "1abc", "a b c", "用户名", "a" * 51])
def test_a_user_name_that_does_not_fit_is_refused_with_the_field(username: str) -> None:
    with pytest.raises(Invalid) as refused:
        api.account_create(by=COMMAND, username=username, title="值班员")
    assert refused.value.where == "username"


def test_a_user_name_is_taken_whatever_its_case() -> None:
    somebody()
    with pytest.raises(Conflict, match="username_taken"):
        api.account_create(by=COMMAND, username="SomeBody", title="值班员")


def test_making_an_account_is_recorded_without_its_name_in_the_facts() -> None:
    account = somebody()
    (entry,) = evidence.entries_about("account", account)
    assert entry.action == "accounts.create_account"
    assert "somebody" not in repr(entry)
    assert evidence.personal_part(entry.id) == {"username": "somebody"}


def test_the_phone_is_sealed_and_found_by_its_index(owner: Any) -> None:
    new = api.account_create(by=COMMAND, username="somebody", title="值班员", phone="138 0000 1361")
    index = Account._meta.get_field("phone_index")
    assert Account.objects.get(**index.matching("13800001361")).id == new.id
    assert Account.objects.get(id=new.id).phone == "138 0000 1361"


def test_an_appointment_names_post_organisation_and_area() -> None:
    account = somebody()
    appoint(account)
    (held,) = api.appointments(account, clock.now())
    assert (held.role.code, held.post_code, held.area_name) == (
        "town_duty_officer",
        f"{TOWN}/command_centre/duty",
        "示范街道",
    )
    assert held.organisation == organisations.post_by_code(f"{TOWN}/command_centre/duty").organisation_id


@pytest.mark.parametrize(
    ("first", "second"),
    [("system_admin", "security_admin"), ("security_admin", "audit_admin"), ("audit_admin", "system_admin")],
)
def test_system_security_and_audit_administration_are_three_persons(first: str, second: str) -> None:
    account = somebody()
    appoint(account, first, CITY, f"{CITY}/data_bureau/{first}")
    with pytest.raises(Conflict, match="roles_incompatible"):
        appoint(account, second, CITY, f"{CITY}/data_bureau/{second}", main=False)
    assert roles_now(account) == [first]


def test_incompatible_roles_may_follow_one_another_but_not_overlap() -> None:
    account, now = somebody(), clock.now()
    end = now + timedelta(days=30)
    appoint(account, "system_admin", CITY, f"{CITY}/data_bureau/system_admin", valid_to=end)
    with pytest.raises(Conflict, match="roles_incompatible"):
        appoint(account, "audit_admin", CITY, f"{CITY}/data_bureau/audit_admin", valid_from=end - timedelta(seconds=1))
    appoint(account, "audit_admin", CITY, f"{CITY}/data_bureau/audit_admin", valid_from=end)
    with clock.frozen(end):
        assert roles_now(account) == ["audit_admin"]


@pytest.mark.parametrize(
    ("role", "area", "code"),
    [
        ("town_duty_officer", "119901", "level_unfit"),
        ("town_duty_officer", "", "level_unfit"),
        ("district_duty_officer", TOWN, "level_unfit"),
        ("resident", TOWN, "level_unfit"),
        ("mayor", TOWN, "role_unknown"),
    ],
)
def test_a_role_stands_at_its_level_only(role: str, area: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        appoint(somebody(), role, area)


def test_staff_need_a_post_and_residents_do_not() -> None:
    account = somebody()
    with pytest.raises(Invalid, match="post_needed"):
        api.appointment_make(by=COMMAND, account_id=account, role="data_bureau", area_id=areas.by_code(CITY).id)
    api.appointment_make(by=COMMAND, account_id=account, role="resident")
    assert roles_now(account) == ["resident"]


def test_an_appointment_cannot_end_before_it_begins() -> None:
    now = clock.now()
    with pytest.raises(Invalid, match="period_empty"):
        appoint(somebody(), valid_from=now, valid_to=now)


def test_an_appointment_of_nobody_is_missing() -> None:
    with pytest.raises(Missing):
        appoint(new_id())


def test_a_new_main_appointment_replaces_the_old_as_main() -> None:
    account = somebody()
    appoint(account)
    appoint(account, post="119901002/command_centre/duty", area="119901002")
    assert [(one.area_name, one.main) for one in api.appointments(account, clock.now())] == [
        ("榜样街道", True),
        ("示范街道", False),
    ]


def test_an_ended_appointment_is_over_at_once_and_ends_only_once() -> None:
    account = somebody()
    appointment = appoint(account)
    api.appointment_end(by=COMMAND, appointment_id=appointment)
    assert roles_now(account) == []
    with pytest.raises(Missing):
        api.appointment_end(by=COMMAND, appointment_id=appointment)


def test_an_appointment_that_never_began_leaves_nothing() -> None:
    account = somebody()
    later = clock.now() + timedelta(days=1)
    api.appointment_end(by=COMMAND, appointment_id=appoint(account, valid_from=later))
    with clock.frozen(later + timedelta(days=1)):
        assert roles_now(account) == []


@pytest.mark.parametrize(
    ("who", "may"),
    [(cast.SYSTEM_ADMIN, True), (cast.SECURITY_ADMIN, False), (cast.AUDIT_ADMIN, False), (cast.TOWN_COMMANDER, False)],
)
def test_only_the_system_administrator_makes_accounts(who: str, may: bool) -> None:
    by = cast.by(who)
    if may:
        assert api.account_create(by=by, username="somebody", title="值班员").username == "somebody"
    else:
        with pytest.raises(Missing):
            api.account_create(by=by, username="somebody", title="值班员")


@pytest.mark.parametrize(("who", "may"), [(cast.SECURITY_ADMIN, True), (cast.SYSTEM_ADMIN, False)])
def test_only_the_security_administrator_appoints(who: str, may: bool) -> None:
    account, by = somebody(), cast.by(who)
    if may:
        api.appointment_make(by=by, account_id=account, role="resident")
    else:
        with pytest.raises(Missing):
            api.appointment_make(by=by, account_id=account, role="resident")
    assert (roles_now(account) == ["resident"]) is may
