"""Every operation of the API answers what its description says, whoever asks and whatever is asked: never an error of
the server, never a status or a body that is not described."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest

from city1361.base.kernel import registry
from city1361.base.kernel.by import By
from city1361.base.kernel.endpoint import Endpoint
from city1361.base.kernel.scope import Scope
from city1361.platform.assurance.security.access import api as access
from city1361.platform.assurance.security.access.city_api import description
from city1361.platform.assurance.security.access.endpoints import addresses
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations
from tests.contracts.asking import ask_all, described
from tests.platform.assurance.security.access import conftest
from tests.platform.assurance.security.access.world import World

PLACES = re.compile(r"<[^>]*>|{[^}]*}")
APPLICATION = "hotline"
LONG = int(os.environ.get("CITY1361_QUESTIONS", "120"))


world = conftest.world


@pytest.fixture
def schema(world: World) -> Any:
    return described(description(), [str(thing.id) for things in world.things.values() for thing in things])


def able(world: World) -> dict[str, set[str]]:
    """Those who may use each operation at all, whatever it is about."""
    asks = {(PLACES.sub("{}", address.route), address.method): address.asks for address in addresses()}
    found = {}
    for path, methods in description()["paths"].items():
        for method in methods:
            declared = asks[PLACES.sub("{}", path), method.upper()]
            assert declared is not None
            found[f"{method.upper()} {path}"] = {APPLICATION if declared.permissions else ""} | {
                person
                for person, scope in world.scopes.items()
                if declared.public or (scope.account and (not declared.permissions or _any(scope, declared)))
            }
    return found


def _application() -> str:
    """The token of another system that may do all that an application can be allowed."""
    return access.application_add(
        by=By.system("命令行"), code=APPLICATION, name="12345热线", days=90, permissions=registry.permissions(),
        organisation=organisations.command_centre(areas.city().id).id, area=areas.city().id,
    )  # fmt: skip


def _any(scope: Scope, declared: Endpoint) -> bool:
    return any(scope.allows(permission) for permission in declared.permissions)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("right", "wrong"), [(3, 2), pytest.param(LONG, LONG, marks=pytest.mark.long)], ids=["short", "long"]
)
def test_every_answer_is_described(schema: Any, world: World, right: int, wrong: int) -> None:
    sessions = world.sessions | {"": "", APPLICATION: f"Bearer {_application()}"}
    asked = ask_all(schema, sessions, able(world), right=right, wrong=wrong)
    print(f"\n{asked.statuses.total()} questions about {len(asked.operations)} operations: {dict(asked.statuses)}")
    documented = {f"{method.upper()} {path}" for path, methods in description()["paths"].items() for method in methods}
    assert asked.operations == documented
    assert asked.people == set(sessions)
    assert asked.wrong == {}, "\n\n".join(asked.wrong.values())
