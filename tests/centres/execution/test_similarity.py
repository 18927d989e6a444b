"""查重: what counts as alike, and the words that say why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from city1361.centres.execution.duplicates import similarity
from city1361.centres.execution.duplicates.similarity import USUAL, Said, common_words, likeness, overlap

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
GRID, OTHER = UUID(int=1), UUID(int=2)
COVER = Said("01003", "road", "中山路12号门前井盖破损，车轮会陷进去", NOW, GRID, 106.5, 29.5)


def test_the_same_thing_in_other_words_is_found_and_says_why() -> None:
    old = replace(COVER, text="路口井盖破损，很危险，中山路12号", at=NOW - timedelta(hours=3), lon=106.5005)
    found = likeness(COVER, old)
    assert found is not None
    assert found.same_type
    assert found.metres == 48
    assert found.age == timedelta(hours=3)
    assert "井盖破损" in found.words
    assert "中山路12号" in found.words


@pytest.mark.parametrize(
    "other",
    [
        replace(COVER, matter_type="06010", category="sanitation"),
        replace(COVER, at=NOW - timedelta(days=similarity.USUAL.days, minutes=1)),
        replace(COVER, lon=106.5 + 0.0025),
        replace(COVER, lon=None, lat=None, grid=OTHER),
        replace(COVER, matter_type="R02", text="人行道地砖松动"),
    ],
    ids=["another type", "too long ago", "too far", "another grid", "same category, other words"],
)
def test_another_type_place_time_or_thing_is_not_suggested(other: Said) -> None:
    assert likeness(COVER, other) is None


def test_without_coordinates_the_grid_decides() -> None:
    found = likeness(COVER, replace(COVER, lon=None, lat=None, text="井盖坏了", at=NOW - timedelta(days=1)))
    assert found is not None
    assert (found.metres, found.same_grid) == (None, True)


def test_nearer_fresher_and_more_alike_comes_first() -> None:
    near = likeness(COVER, replace(COVER, at=NOW - timedelta(hours=1)))
    far = likeness(COVER, replace(COVER, at=NOW - timedelta(days=5), lon=106.5015))
    assert near is not None
    assert far is not None
    assert [one for _, one in similarity.ranked([(far, OTHER), (near, GRID)])] == [GRID, OTHER]


def test_width_case_and_signs_make_no_difference() -> None:
    assert overlap("ＡＢ井盖，破损", "ab井盖破损") == pytest.approx(3 / 3)
    assert common_words("Ａ栋２单元 漏水", "a栋2单元漏水") == ("a栋2单元", "漏水")


@given(some.text("井盖破损漏水路口中山12号 ，", max_size=40), some.text("井盖破损漏水路口中山12号 ，", max_size=40))
def test_common_words_stand_in_both_texts(one: str, other: str) -> None:
    folded = similarity.fold(one), similarity.fold(other)
    for word in common_words(one, other):
        assert word in folded[0]
        assert word in folded[1]
    assert 0 <= overlap(one, other) <= 1
    assert overlap(one, other) == overlap(other, one)


@given(some.floats(-0.01, 0.01), some.integers(0, 20))
def test_nothing_beyond_radius_or_window_is_ever_suggested(offset: float, days: int) -> None:
    old = replace(COVER, lon=106.5 + offset, at=NOW - timedelta(days=days))
    found = likeness(COVER, old)
    if found is not None:
        assert found.metres is not None
        assert found.metres <= USUAL.metres
        assert found.age <= timedelta(days=similarity.USUAL.days)


def test_the_rules_say_how_near_and_how_long_ago() -> None:
    wide, narrow = similarity.Near(metres=200, days=7), similarity.Near(metres=200, days=2)
    old = replace(COVER, at=NOW - timedelta(days=3))
    assert similarity.likeness(COVER, old, wide) is not None
    assert similarity.likeness(COVER, old, narrow) is None
