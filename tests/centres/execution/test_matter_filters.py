"""Filters of lists: what each leaves, at every level, and that none shows more than the scope."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from city1361.base.kernel import clock
from city1361.base.kernel.errors import Invalid
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import Flag, Tab, Wanted, known_only, wanted_from
from city1361.centres.execution.models import Matter
from city1361.centres.execution.terms import Channel, Due, MatterState, Urgency
from city1361.platform.assurance.standards.areas import api as areas
from tests import cast
from tests.centres.execution import matters

wanted_values = some.builds(
    Wanted,
    q=some.sampled_from(["", "井盖", "a b&c=d"]),
    state=some.none() | some.sampled_from(MatterState),
    matter_type=some.sampled_from(["", "01003"]),
    category=some.sampled_from(["", "road"]),
    urgency=some.none() | some.sampled_from(Urgency),
    channel=some.none() | some.sampled_from(Channel),
    area=some.none() | some.uuids(version=4),
    lead=some.none() | some.uuids(version=4),
    due=some.none() | some.sampled_from(Due),
    since=some.none() | some.dates(date(2020, 1, 1), date(2024, 1, 1)),
    until=some.none() | some.dates(date(2024, 1, 1), date(2026, 1, 1)),
    flags=some.sets(some.sampled_from(Flag)).map(lambda flags: tuple(sorted(flags))),
)


@given(wanted_values)
def test_filters_come_back_from_address_and_job_as_they_were(wanted: Wanted) -> None:
    from django.http import QueryDict

    address = QueryDict(wanted.query())
    flat = {name: address.get(name) for name in address if name != "flags"}
    assert known_only({**flat, "flags": address.getlist("flags")}) == wanted
    assert wanted_from(wanted.values()) == wanted


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"state": "lost"}, "state"),
        ({"urgency": "soonish"}, "urgency"),
        ({"area": "here"}, "area"),
        ({"lead": "1"}, "lead"),
        ({"since": "yesterday"}, "since"),
        ({"until": "0001-01-01"}, "until"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "until"),
        ({"flags": ["loud"]}, "flags"),
        ({"q": "井" * 101}, "q"),
    ],
)
def test_a_filter_nobody_knows_is_explained_and_an_old_link_opens_without_it(
    given: dict[str, object], where: str
) -> None:
    with pytest.raises(Invalid) as caught:
        wanted_from(given)
    assert caught.value.where == where
    assert where not in known_only(given).values()


def listed(who: str, **wanted: object) -> set[UUID]:
    with matters.seen_by(who) as asking:
        rows = {row.id for row in execution.my_list(**asking, tab=Tab.ALL, **wanted).rows}
        assert execution.counted(**asking, tab=Tab.ALL, **wanted) == len(rows)
    return rows


def area(code: str) -> UUID:
    return areas.by_code(code).id


@pytest.mark.django_db
def test_each_filter_leaves_what_it_says() -> None:
    cover = matters.handling(matters.admitted(matters.reported()))
    light = matters.reported(cast.GRID_WORKER, matter_type="01037", description="路灯不亮", urgency="urgent")
    late = matters.reported(cast.TOWN_DUTY_OFFICER, handled_at=clock.now(), matter_type="F02", description="楼道堆物")
    with matters.seen_by(cast.TOWN_DUTY_OFFICER):
        Matter.objects.filter(pk=cover.id).update(reopened_count=1, returned_count=2, sensitive=["信访"])
    lead = cover.lead
    assert lead is not None
    everything = {cover.id, light.id, late.id}
    today, day = areas.today(), timedelta(days=1)
    expected: list[tuple[dict[str, object], set[UUID]]] = [
        ({}, everything),
        ({"state": "handling"}, {cover.id}),
        ({"matter_type": "01037"}, {light.id}),
        ({"category": "fire"}, {late.id}),
        ({"urgency": "urgent"}, {light.id}),
        ({"channel": "desk"}, {late.id}),
        ({"lead": str(lead.organisation.id)}, {cover.id}),
        ({"flags": ["late"]}, {late.id}),
        ({"flags": ["reopened", "returned"]}, {cover.id}),
        ({"flags": ["sensitive"]}, {cover.id}),
        ({"flags": ["self"]}, set()),
        ({"since": today, "until": today}, everything),
        ({"since": today + day}, set()),
        ({"until": today - day}, set()),
        ({"q": "井盖", "state": "handling"}, {cover.id}),
        ({"q": "井盖", "category": "fire"}, set()),
    ]
    for wanted, ids in expected:
        assert listed(cast.TOWN_DUTY_OFFICER, **wanted) == ids, wanted


@pytest.mark.django_db
def test_an_area_narrows_down_the_tree_and_never_widens_the_scope() -> None:
    here, beside = matters.reported(), matters.reported(area_id=matters.grid(matters.SIBLING_GRID))
    abroad = matters.reported(area_id=matters.grid("119902100"))
    town, sibling, district, other = area("119901001"), area("119901002"), area("119901"), area("119902")
    expected = {
        (cast.TOWN_DUTY_OFFICER, town): {here.id},
        (cast.TOWN_DUTY_OFFICER, matters.grid()): {here.id},
        (cast.TOWN_DUTY_OFFICER, district): {here.id},
        (cast.TOWN_DUTY_OFFICER, sibling): set(),
        (cast.DISTRICT_DUTY_OFFICER, sibling): {beside.id},
        (cast.DISTRICT_DUTY_OFFICER, other): set(),
        (cast.CITY_DUTY_OFFICER, district): {here.id, beside.id},
        (cast.CITY_DUTY_OFFICER, other): {abroad.id},
        (cast.CITY_DUTY_OFFICER, uuid4()): set(),
        (cast.RESIDENT, town): set(),
    }
    for (who, chosen), ids in expected.items():
        assert listed(who, area=str(chosen)) == ids, (who, chosen)
        assert listed(who, area=str(chosen), q="井盖") == ids, (who, chosen)


@pytest.mark.django_db
def test_sensitive_marks_are_for_those_who_may_see_them() -> None:
    matters.reported()
    with pytest.raises(Invalid) as caught:
        listed(cast.TOWN_HANDLER, flags=["sensitive"])
    assert caught.value.where == "flags"
    assert 'value="sensitive"' not in cast.client(cast.TOWN_HANDLER).get("/desk/search/").content.decode()
    assert 'value="sensitive"' in cast.client(cast.TOWN_DUTY_OFFICER).get("/desk/search/").content.decode()


@pytest.mark.django_db
def test_the_page_keeps_its_filters_counts_and_takes_one_off() -> None:
    matter = matters.reported(urgency="urgent")
    matters.reported()
    page = cast.client(cast.TOWN_DUTY_OFFICER).get("/desk/search/?urgency=urgent&state=reported&since=nonsense")
    text = page.content.decode()
    assert page.status_code == 200
    assert matter.number in text
    assert "共1件" in text
    assert 'href="/desk/search/?state=reported"' in text
    assert 'value="urgent" selected' in text
    sibling = cast.client(cast.SIBLING_DUTY_OFFICER).get("/desk/search/?urgency=urgent").content.decode()
    assert matter.number not in sibling
    assert "没有找到" in sibling


@pytest.mark.django_db
def test_the_api_takes_the_same_filters() -> None:
    matter = matters.reported(urgency="urgent")
    matters.reported()
    officer = cast.client(cast.TOWN_DUTY_OFFICER)
    found = officer.get("/api/v1/matters/?tab=all&urgency=urgent&flags=late").json()
    assert found["rows"] == []
    found = officer.get(f"/api/v1/matters/?tab=all&urgency=urgent&area={matters.grid()}&category=water").json()
    assert [row["id"] for row in found["rows"]] == [str(matter.id)]
    assert officer.get("/api/v1/matters/?state=lost").status_code == 422
    assert officer.get("/api/v1/matters/?since=soon").status_code == 422
