"""The demonstration rows of packages become matters, marked synthetic, once each."""

from __future__ import annotations

import pytest

from city1361.base.database import api as database
from city1361.base.kernel.scope import Scope
from city1361.centres.execution.models import Matter
from city1361.platform.applications.packages import api
from city1361.platform.applications.packages.demonstration import generate


@pytest.mark.django_db
def test_each_row_is_reported_once_and_marked() -> None:
    heard: list[tuple[int, int]] = []
    rows = sum(len(brought) for brought in api.demonstration_rows("matters").values())
    generate("town", lambda done, total: heard.append((done, total)))
    generate("town", lambda done, total: None)
    with database.scoped(Scope.everything()):
        made = list(Matter.objects.select_related("type").filter(synthetic=True))
    assert heard[-1][0] == heard[-1][1] == len(api.demonstration_rows("matters"))
    assert len(made) == rows > 0
    assert {one.type.package for one in made} == set(api.demonstration_rows("matters"))
