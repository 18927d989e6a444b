"""Names, ids and numbers of areas."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city1361.platform.assurance.standards.areas.decisions import area_id, grid_name, short_name, spread

NAMESPACE = UUID("7d4b1f0e-3c52-5d1a-8f0b-00000000d1e7")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("花园社区居民委员会", "花园社区"),
        ("高山村村民委员会", "高山村"),
        ("平坝村民委员会", "平坝村"),
        ("先锋社区村民委员会", "先锋社区"),
        ("竹林社区工作站", "竹林社区"),
        ("居民委员会", "居民委员会"),
    ],
)
def test_a_village_is_called_what_people_call_it(name: str, short: str) -> None:
    assert short_name(name, "village") == short


def test_other_levels_keep_their_name() -> None:
    assert short_name("示范街道", "town") == "示范街道"


def test_grids_are_numbered_with_three_digits() -> None:
    assert (grid_name(17), grid_name(216)) == ("第017网格", "第216网格")


@given(st.integers(1, 500), st.integers(0, 3000))
def test_grids_are_dealt_out_evenly_and_completely(places: int, more: int) -> None:
    dealt = spread(places + more, places)
    assert sum(dealt) == places + more
    assert max(dealt) - min(dealt) <= 1


def test_an_id_follows_from_the_first_code_alone() -> None:
    assert area_id(NAMESPACE, "119901") == area_id(NAMESPACE, "119901") != area_id(NAMESPACE, "119902")
    assert str(area_id(NAMESPACE, "119901")) == "e8ff44d6-8a2a-50ae-a737-df1ff025edd6"
