from __future__ import annotations

from datetime import date

import pytest

from city1361.platform.assurance.rules import api as rules
from city1361.platform.assurance.standards.areas import api as areas

ON = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


def test_the_city_and_its_packages_make_one_library() -> None:
    library = rules.library(ON)
    assert library.total("01037", "normal") == rules.Limit(3, "working_day")
    assert library.total("06010", "normal") == rules.Limit(4, "working_hour")
    assert library.total("06010", "urgent") == rules.Limit(4, "natural_hour")
    assert library.stage("handling", "06012", "normal") == rules.Limit(1, "working_hour")
    assert library.responsible("06001").level == "district"
    assert library.responsible("06003").level == "town"
    assert library.responsible("D02").level == "village"
    assert library.responsible("06001").example
    assert library.example
    assert library.returns_before_ruling == 2
    assert library.ruling_limit == rules.Limit(4, "working_hour")


def test_a_town_is_told_the_clause_of_its_list() -> None:
    town = areas.by_code("119901001").id
    entry = rules.duty(ON, town, "01076")
    assert entry is not None
    assert (entry.list, entry.clause) == ("reclaimed", "示例清单·上级收回第5项")
    assert rules.duty(ON, town, "08003").list == "assisting"
    assert rules.duty(ON, town, "D02") is None
