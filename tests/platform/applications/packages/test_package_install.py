"""Installed as a whole or not at all; the same again is nothing; a withdrawn one leaves what was filed with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from city1361.base.evidence.models import EvidenceEntry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Missing, Refused
from city1361.centres.execution import api as execution
from city1361.platform.applications.packages import api
from city1361.platform.components.forms import api as forms
from tests import cast
from tests.platform.applications.packages.folders import change, lifts, write

pytestmark = pytest.mark.django_db
SYSTEM = By.system("测试", channel="command")
READING = "permissions: [execution.read_matter]"
LIST = """\
pages:
  - {key: lifts, title: {zh: 电梯, en: Lifts}, kind: list, source: matters, columns: [number, title, state]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return lifts(tmp_path)


def types() -> dict[str, str]:
    return {one.code: one.name for one in execution.matter_types(q="L0")}


def test_what_a_package_declares_is_in_force_with_evidence(folder: Path) -> None:
    before = EvidenceEntry.objects.count()
    done = api.package_install(by=cast.by(cast.SYSTEM_ADMIN), source=folder)
    assert (done.number, done.changed) == (1, True)
    assert types() == {"L01": "电梯困人", "L02": "电梯停运"}
    assert forms.form("society/lifts:lift").check({"floor": "12"}) == {"floor": 12}
    entry = EvidenceEntry.objects.order_by("-id").first()
    assert EvidenceEntry.objects.count() == before + 1
    assert entry is not None
    assert entry.action == "packages.install_package"
    assert api.package("society/lifts").versions[0].digest == done.digest


def test_the_same_again_changes_nothing(folder: Path) -> None:
    first = api.package_install(by=SYSTEM, source=folder)
    before = EvidenceEntry.objects.count()
    again = api.package_install(by=SYSTEM, source=folder)
    assert (again.number, again.digest, again.changed) == (1, first.digest, False)
    assert EvidenceEntry.objects.count() == before


def test_an_upgrade_is_shown_before_it_is_made_and_showing_it_changes_nothing(folder: Path) -> None:
    api.package_install(by=SYSTEM, source=folder)
    change(folder, "matters.yaml", "  - {code: L02, name: 电梯停运, class_name: 电梯, category: other}\n", "")
    change(folder, "forms/lift.yaml", "most: 200", "most: 300")
    write(folder, "pages.yaml", LIST)
    change(folder, "manifest.yaml", "permissions: []", READING)
    seen = api.package_preview(by=SYSTEM, source=folder)
    assert (seen.number, seen.unchanged, seen.asks) == (2, False, ("execution.read_matter",))
    assert seen.files.added == ("pages.yaml",)
    assert seen.files.changed == ("forms/lift.yaml", "manifest.yaml", "matters.yaml")
    assert seen.summaries["matters"] == "事件类型1个，新增0个，停用1个"
    assert set(types()) == {"L01", "L02"}
    with pytest.raises(Refused) as refused:
        api.package_install(by=SYSTEM, source=folder)
    assert refused.value.code == "permissions_not_accepted"
    api.package_install(by=SYSTEM, source=folder, accepted=seen.asks)
    assert set(types()) == {"L01"}
    assert forms.form("society/lifts:lift").number == 2
    assert forms.form("society/lifts:lift", 1).check({"floor": "1"}) == {"floor": 1}
    assert [version.number for version in api.package("society/lifts").versions] == [2, 1]


def test_a_broken_package_leaves_nothing(folder: Path) -> None:
    write(folder, "forms/other.yaml", "title: 1")
    with pytest.raises(api.BrokenPackage) as broken:
        api.package_install(by=SYSTEM, source=folder)
    assert {problem.where.split(":")[0] for problem in broken.value.problems} == {"forms/other.yaml"}
    assert types() == {}


def test_a_type_of_another_package_is_not_taken_and_nothing_else_is_either(folder: Path) -> None:
    change(folder, "matters.yaml", "code: L02", "code: D02")
    with pytest.raises(Conflict) as taken:
        api.package_install(by=SYSTEM, source=folder)
    assert taken.value.code == "type_taken"
    assert types() == {}
    with pytest.raises(Missing):
        forms.form("society/lifts:lift")


def test_rules_for_the_types_of_another_package_are_refused(folder: Path) -> None:
    rules = "example: true\nsource: s\nvalid_from: 2020-01-01\nclassifications:\n"
    for pattern in ("D01", "0600*"):
        entry = (
            f"- {{types: [{pattern!r}], level: town, lead_line: a, limits: {{total: {{normal: 60 working_day}}}}}}\n"
        )
        write(folder, "rules.yaml", rules + entry)
        with pytest.raises(Conflict) as refused:
            api.package_install(by=SYSTEM, source=folder)
        assert refused.value.code == "rule_of_another"
        assert types() == {}


def test_what_a_package_uses_must_be_there_and_may_not_use_it_back(folder: Path, tmp_path: Path) -> None:
    change(folder, "manifest.yaml", "packages: []", "packages: [society/stairs]")
    with pytest.raises(Conflict) as lacking:
        api.package_install(by=SYSTEM, source=folder)
    assert lacking.value.code == "package_lacking"
    from city1361.platform.applications.packages.beginning import begin

    stairs = begin("society/stairs", tmp_path)
    api.package_install(by=SYSTEM, source=stairs)
    api.package_install(by=SYSTEM, source=folder)
    change(stairs, "manifest.yaml", "packages: []", "packages: [society/lifts]")
    with pytest.raises(Conflict) as circle:
        api.package_install(by=SYSTEM, source=stairs)
    assert circle.value.code == "uses_in_a_circle"
    with pytest.raises(Conflict) as used:
        api.package_withdraw(by=SYSTEM, package="society/stairs")
    assert used.value.code == "package_in_use"


def test_a_withdrawn_package_brings_nothing_more_and_comes_back_as_the_next_version(folder: Path) -> None:
    api.package_install(by=SYSTEM, source=folder)
    api.package_withdraw(by=cast.by(cast.SYSTEM_ADMIN), package="society/lifts")
    assert types() == {}
    with pytest.raises(Missing):
        forms.form("society/lifts:lift")
    assert forms.form("society/lifts:lift", 1).number == 1
    with pytest.raises(Missing):
        api.package_withdraw(by=SYSTEM, package="society/lifts")
    assert api.package_install(by=SYSTEM, source=folder).number == 2
    assert set(types()) == {"L01", "L02"}


@pytest.mark.parametrize("person", [cast.TOWN_DUTY_OFFICER, cast.SECURITY_ADMIN, cast.DATA_BUREAU, cast.RESIDENT])
def test_nobody_else_installs(folder: Path, person: str) -> None:
    with pytest.raises(Missing):
        api.package_install(by=cast.by(person), source=folder)
    with pytest.raises(Missing):
        api.package_preview(by=cast.by(person), source=folder)
