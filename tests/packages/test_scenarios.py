"""Every scenario of every shipped package, told through the same actions as officials use."""

from __future__ import annotations

from typing import Any

import pytest

from city1361.platform.applications.packages import api
from city1361.platform.applications.packages.contents import compiled

SHIPPED = [name for name, path in api.available().items() if path.is_relative_to(api.shipped())]


def scenarios() -> list[Any]:
    found = []
    for name in SHIPPED:
        with api.opened(api.locate(name)) as package:
            found += [
                pytest.param(name, one, id=f"{name}: {one['name']}") for one in compiled(package.package)["scenarios"]
            ]
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(("package", "scenario"), scenarios())
def test_it_goes_as_told(package: str, scenario: dict[str, Any]) -> None:
    (report,) = api.run_scenarios(package, [scenario])
    told = [message.format_map(places) for message, places in report.faults]
    assert told == []
    assert report.steps == len(scenario["when"])


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_package_tells_what_must_come_of_it(name: str) -> None:
    with api.opened(api.locate(name)) as package:
        assert package.problems == []
        assert compiled(package.package)["scenarios"]
        assert package.manifest.id == name
