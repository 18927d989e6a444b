"""Counts follow each step, whoever writes it; a check finds any that do not; counting anew mends them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from city1361.base.database import api as database
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.execution.models import Matter
from city1361.centres.situation import api
from city1361.centres.situation.models import Counter, CounterCheck, MatterDelta
from city1361.centres.supervision import api as supervision
from tests import cast
from tests.centres.execution import matters

SYSTEM = By.system("核对")


def counts(area: Any, kind: str = "") -> dict[str, int]:
    """Every count of an area that is not nothing, over all days."""
    api.fold()
    found: dict[str, int] = {}
    with database.scoped(Scope.everything()):
        for row in Counter.objects.filter(area_id=area, type=kind).values():
            for name, value in row.items():
                if isinstance(value, int):
                    found[name] = found.get(name, 0) + value
    return {name: value for name, value in found.items() if value}


def agree() -> None:
    checked = api.check(SYSTEM)
    assert (checked.differing, checked.differences) == (0, ())
    assert checked.compared > 0


def place(matter: execution.MatterView) -> Matter:
    with database.scoped(Scope.everything()):
        return Matter.objects.get(pk=matter.id)


@pytest.mark.django_db
def test_each_step_moves_one_matter_from_count_to_count_at_every_level() -> None:
    matter = matters.reported()
    row = place(matter)
    for area in (row.town_id, row.district_id, row.city_id):
        for kind in ("", row.type_id):
            assert counts(area, kind) == {"reported": 1, "due": 1, "in_hand": 1, "in_reported": 1}
    matter = matters.admitted(matter)
    assert counts(row.town_id) == {"reported": 1, "filed": 1, "due": 1, "in_hand": 1, "in_admitted": 1}
    matter = matters.close_requested(matters.handling(matter))
    assert counts(row.district_id)["in_close_requested"] == 1
    matter = matters.closed(matters.checked(matter))
    closed = {"reported": 1, "filed": 1, "due": 1, "closed_of_due": 1, "on_time": 1, "closed": 1, "solved": 1}
    assert counts(row.city_id) == closed
    agree()
    unsolved = supervision.Heard(True, contacted=True, solved=False, satisfied="dissatisfied", words="还在响")
    supervision.visit_make(by=cast.by(cast.TOWN_CHECKER), client_key=str(uuid4()), matter_id=matter.id, heard=unsolved)
    again = {"reported": 1, "filed": 1, "due": 1, "reworked": 1, "in_hand": 1, "in_handling": 1}
    assert counts(row.town_id) == {**again, "visited": 1, "contacted": 1, "reasonable": 1}
    agree()


@pytest.mark.django_db
def test_merging_splitting_refusing_and_voiding_are_counted() -> None:
    kept, other = matters.reported(), matters.reported()
    town = place(kept).town_id
    duty = cast.by(cast.TOWN_DUTY_OFFICER)
    merged = execution.matter_merge(by=duty, matter_id=other.id, kept_id=kept.id, expected_version=other.version)
    assert counts(town) == {"reported": 2, "merged": 1, "due": 1, "in_hand": 1, "in_reported": 1}
    agree()
    split = execution.matter_split(by=duty, matter_id=other.id, expected_version=merged.version, reason="不是同一处")
    assert counts(town) == {"reported": 2, "due": 2, "in_hand": 2, "in_reported": 2}
    execution.matter_refuse(by=duty, matter_id=other.id, expected_version=split.version, reason="不属于本市")
    assert counts(town) == {"reported": 2, "refused": 1, "due": 1, "in_hand": 1, "in_reported": 1}
    agree()


@pytest.mark.django_db
def test_what_an_area_loses_another_gains() -> None:
    matter = matters.closed()
    row, sibling = place(matter), matters.reported(area_id=matters.grid(matters.SIBLING_GRID))
    other = place(sibling)
    with database.scoped(Scope.everything()):
        Matter.objects.filter(pk=row.id).update(
            town_id=other.town_id, village_id=other.village_id, grid_id=other.grid_id
        )
    assert counts(row.town_id) == {}
    assert counts(other.town_id)["reported"] == 2
    assert counts(row.district_id)["reported"] == 2
    agree()
    with database.scoped(Scope.everything()):
        away = uuid4()
        Matter.objects.filter(town_id=other.town_id).update(district_id=away)
        assert counts(away)["reported"] == 2
        assert counts(row.district_id) == {}
        assert set(Counter.objects.filter(area_id=other.town_id).values_list("district_id", flat=True)) == {away}
    agree()


@pytest.mark.django_db
def test_notes_that_change_no_count_leave_nothing_to_add_up() -> None:
    matter = matters.handling()
    api.fold()
    handler = cast.by(cast.TOWN_HANDLER)
    execution.matter_report_progress(by=handler, matter_id=matter.id, expected_version=matter.version, text="已到现场")
    with database.scoped(Scope.everything()):
        assert MatterDelta.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "drift",
    [
        "UPDATE centres_situation_counter SET filed = coalesce(filed, 0) + 1 WHERE type <> ''",
        "UPDATE centres_situation_counter SET in_hand = NULL",
        "DELETE FROM centres_situation_counter WHERE type = ''",
        "INSERT INTO centres_situation_counter (area_id, district_id, city_id, type, day, closed)"
        " SELECT area_id, district_id, city_id, type, day + 1, 3 FROM centres_situation_counter"
        " WHERE district_id IS NULL LIMIT 1",
    ],
)
def test_a_check_finds_planted_drift_says_where_and_counting_anew_mends_it(drift: str) -> None:
    matters.handling()
    matters.closed()
    agree()
    with database.scoped(Scope.everything()), connection.cursor() as cursor:
        cursor.execute(drift)
    found = api.check(SYSTEM)
    assert found.differing > 0
    assert "≠" in found.differences[0]
    with database.scoped(Scope.everything()):
        assert CounterCheck.objects.order_by("-id").first().differing == found.differing
    assert api.rebuild(SYSTEM) == 2
    agree()


@pytest.mark.django_db
def test_a_check_finds_what_went_past_the_counts() -> None:
    """A write behind the triggers' back, as a careless restore would make it."""
    matter = matters.closed()
    agree()
    api.fold()
    with database.scoped(Scope.everything()):
        Matter.objects.filter(pk=matter.id).update(closed_at=clock.now() + timedelta(days=40))
        MatterDelta.objects.all().delete()
    assert api.check(SYSTEM).differing > 0
