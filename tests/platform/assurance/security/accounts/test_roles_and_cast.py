"""Roles come from the instance folder, the cast from the demonstration; both are checked and loaded twice safely."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings as configured

from city1361 import configuration
from city1361.base.kernel import registry
from city1361.base.kernel.errors import Invalid
from city1361.platform.assurance.security.accounts import api, commands, doctor, roles
from city1361.platform.assurance.security.accounts import cast as casting
from city1361.platform.assurance.security.accounts.models import Account, Appointment, Role
from tests import cast

ROOT = Path(configured.INSTANCE_FOLDER).parent


def write(folder: Path, old: str, new: str) -> Path:
    """A copy of the tiny city's roles with one thing changed."""
    text = (configured.INSTANCE_FOLDER / roles.FILE).read_text("utf-8")
    assert old in text
    (folder / roles.FILE).write_text(text.replace(old, new, 1), "utf-8")
    return folder


@pytest.mark.parametrize("city", ["tiny", "chongqing"])
def test_the_shipped_roles_fit_the_product(city: str) -> None:
    assert roles.check(ROOT / city) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("- execution.reopen_matter", "- execution.reopen_the_matter", "permission_unknown", 12),
        ("- execution.agree_matter", "- execution.report_matter", "permission_twice", 11),
        ("[security_admin, audit_admin]", "[security_admin, nobody]", "role_unknown", 0),
        ("  resident:\n", "  Resident-1:\n", "role_code", 4),
        ("levels: [grid]", "levels: [planet]", "declaration", 16),
        ("    staff: false\n", "    stuff: false\n", "declaration", 8),
        ("name: 居民", "name: ''", "declaration", 5),
    ],
)
def test_a_wrong_role_is_named_with_its_line(tmp_path: Path, old: str, new: str, code: str, line: int) -> None:
    (problem, *rest) = roles.check(write(tmp_path, old, new))
    assert (problem.code, rest) == (code, [])
    assert problem.where.startswith(f"{roles.FILE}:{line or ''}")
    assert problem.remedy


def test_every_permission_of_the_product_belongs_to_somebody() -> None:
    declared = set(registry.permissions())
    given = {permission for role in _read("tiny").values() for permission in role.permissions}
    by_commands_and_jobs = {
        "archive.write_month", "archive.clear_month", "archive.restore_month",
        "rules.override_calendar", "execution.load_demonstration", "grids.load_grid_demonstration",
        "execution.move_limits", "command.lapse_limit", "processes.run_process",
        "situation.check_counters", "situation.close_period", "situation.rebuild_counters",
        "supervision.scan_radar",
    }  # fmt: skip
    by_applications = {"processes.push_work_item", "execution.push_ticket"}
    assert declared - given <= by_commands_and_jobs | by_applications


def test_no_two_of_the_three_administrators_may_do_the_same() -> None:
    """Reading what is laid down for all is not doing."""
    three = [
        {permission for permission in role.permissions if not permission.split(".")[1].startswith(("read_", "view_"))}
        for code, role in _read("tiny").items()
        if code in ("system_admin", "security_admin", "audit_admin")
    ]
    assert len(three) == 3
    assert not any(one & other for one in three for other in three if one is not other)


def _read(city: str) -> dict[str, roles.DeclaredRole]:
    from city1361.platform.assurance.standards.instance.api import Folder

    return roles._read(Folder(ROOT / city))


@pytest.mark.django_db
def test_loading_again_changes_nothing_and_a_role_that_goes_loses_everything(tmp_path: Path) -> None:
    before = list(Role.objects.values())
    roles.load(configured.INSTANCE_FOLDER)
    assert list(Role.objects.values()) == before
    text = (configured.INSTANCE_FOLDER / roles.FILE).read_text("utf-8")
    (tmp_path / roles.FILE).write_text(text.split("  grid_worker:")[0], "utf-8")
    roles.load(tmp_path)
    assert Role.objects.get(code=cast.GRID_WORKER).permissions == [], "somebody is appointed: the row stays, empty"
    assert cast.scope(cast.GRID_WORKER).permissions == frozenset()


@pytest.mark.django_db
def test_the_cast_has_one_person_per_role_and_no_names() -> None:
    held = set(Appointment.objects.values_list("role_id", flat=True))
    assert held == {role.code for role in api.roles()}
    assert Account.objects.filter(demonstration=False).count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("city", ["tiny", "chongqing"])
def test_every_instance_has_the_same_cast(city: str) -> None:
    people = casting.read(configuration.shipped("demo"), city)
    assert set(people) == set(casting.read(configuration.shipped("demo"), "tiny"))


def test_an_instance_without_a_cast_is_told_what_to_do() -> None:
    with pytest.raises(Invalid, match="cast_missing"):
        casting.read(configuration.shipped("demo"), "elsewhere")


@pytest.mark.django_db
def test_making_the_cast_again_keeps_passwords_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    people = casting.read(configuration.shipped("demo"), "tiny")
    file = tmp_path / "cast.txt"
    shutil.copy(configured.DATA / "cast.txt", file)
    before, accounts = file.read_text("utf-8"), list(Account.objects.values("id", "password").order_by("id"))
    casting.make(people, file)
    assert file.read_text("utf-8") == before
    assert list(Account.objects.values("id", "password").order_by("id")) == accounts
    assert os.stat(file).st_mode & 0o777 == 0o600  # noqa: PTH116 - the mode is the point


@pytest.mark.django_db
def test_somebody_without_a_line_gets_a_new_password(tmp_path: Path) -> None:
    people = {cast.RESIDENT: casting.read(configuration.shipped("demo"), "tiny")[cast.RESIDENT]}
    (line,) = casting.make(people, tmp_path / "cast.txt")
    assert line.password != cast.password(cast.RESIDENT)
    assert cast.account(cast.RESIDENT).check_password(line.password)
    assert (tmp_path / "cast.txt").read_text("utf-8") == f"resident\t居民\t{line.password}\n"


@pytest.mark.django_db
def test_there_is_no_cast_outside_a_demonstration(settings: Any) -> None:
    settings.DEMONSTRATION = False
    done = CliRunner().invoke(commands.demo, ["cast"], catch_exceptions=False)
    assert (done.exit_code, "CITY1361_DEMONSTRATION=off" in done.output) == (0, True)
    assert not [line for line in done.output.splitlines() if line.startswith("✓")]


@pytest.mark.django_db
def test_an_administrator_is_made_by_command() -> None:
    post = "119900/data_bureau/system_admin"
    arguments = [
        "create",
        "chief",
        "--title",
        "系统管理员",
        "--role",
        "system_admin",
        "--post",
        post,
        "--area",
        "119900",
    ]
    done = CliRunner().invoke(commands.account, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    password = done.output.split()[-1]
    assert cast.account("chief").check_password(password)
    assert cast.account("chief").must_change_password
    assert cast.scope("chief").allows("accounts.create_account")


@pytest.mark.django_db
def test_a_command_that_fails_leaves_no_account_behind() -> None:
    arguments = ["create", "chief", "--title", "系统管理员", "--role", "system_admin", "--area", "119900"]
    with pytest.raises(Invalid, match="post_needed"):
        CliRunner().invoke(commands.account, arguments, catch_exceptions=False)
    assert not Account.objects.filter(username="chief").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["disable", "enable", "renew-password", "reset-mfa"])
def test_the_other_verbs_act_on_one_account(verb: str) -> None:
    done = CliRunner().invoke(commands.account, [verb, cast.TOWN_HANDLER], catch_exceptions=False)
    assert (done.exit_code, cast.TOWN_HANDLER in done.output) == (0, True)
    assert cast.account(cast.TOWN_HANDLER).is_active is (verb != "disable")


@pytest.mark.django_db
def test_the_doctor_sees_incompatible_roles_that_came_in_by_another_way() -> None:
    levels = {finding.what: finding.level for finding in doctor.findings()}
    assert "fail" not in levels.values()
    Appointment.objects.create(account=cast.account(cast.SYSTEM_ADMIN), role_id=cast.AUDIT_ADMIN, main=False)
    assert "fail" in {finding.level for finding in doctor.findings()}
