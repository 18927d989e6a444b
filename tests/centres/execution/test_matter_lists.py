"""Work lists: what waits for whom, newest first, page by page, searched and counted."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from city1361.base.kernel import clock
from city1361.base.kernel.errors import Invalid
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import MatterState, Tab
from tests import cast
from tests.centres.execution import matters

pytestmark = pytest.mark.django_db


def listed(who: str, tab: Tab | str = Tab.TODO, **wanted: object) -> list[UUID]:
    with matters.seen_by(who) as asking:
        return [row.id for row in execution.my_list(**asking, tab=tab, **wanted).rows]  # type: ignore[arg-type]


def test_each_state_waits_for_exactly_one_post() -> None:
    stages = {
        MatterState.REPORTED: matters.reported(),
        MatterState.ADMITTED: matters.admitted(),
        MatterState.HANDLING: matters.handling(),
        MatterState.CLOSE_REQUESTED: matters.close_requested(),
        MatterState.CHECKED: matters.checked(),
        MatterState.CLOSED: matters.closed(),
    }
    waiting = {
        cast.TOWN_DUTY_OFFICER: [MatterState.CHECKED, MatterState.REPORTED],
        cast.TOWN_HANDLER: [MatterState.HANDLING, MatterState.ADMITTED],
        cast.TOWN_CHECKER: [MatterState.CLOSE_REQUESTED],
        cast.TOWN_COMMANDER: [],
        cast.SIBLING_DUTY_OFFICER: [],
        cast.RESIDENT: [],
    }
    for who, states in waiting.items():
        assert listed(who) == [stages[state].id for state in states], who
    open_ones = [matter.id for state, matter in stages.items() if state is not MatterState.CLOSED]
    for who in (cast.TOWN_DUTY_OFFICER, cast.TOWN_HANDLER, cast.TOWN_CHECKER, cast.TOWN_COMMANDER):
        todo, doing = listed(who), listed(who, Tab.DOING)
        assert sorted(todo + doing) == sorted(open_ones)
        assert listed(who, Tab.DONE) == [stages[MatterState.CLOSED].id]
        assert sorted(listed(who, Tab.ALL)) == sorted(matter.id for matter in stages.values())


def test_a_list_is_read_page_by_page_without_gaps_or_repeats() -> None:
    made = [matters.reported().id for _ in range(5)]
    seen, cursor = [], None
    with matters.seen_by(cast.TOWN_DUTY_OFFICER) as asking:
        while True:
            page = execution.my_list(**asking, tab=Tab.ALL, cursor=cursor, size=2)
            seen += [row.id for row in page.rows]
            cursor = page.next_cursor
            if cursor is None:
                break
    assert seen == made[::-1]


def test_every_level_sees_its_own_area_and_nothing_beside_it() -> None:
    here, sibling = matters.reported(), matters.reported(area_id=matters.grid(matters.SIBLING_GRID))
    other_district = matters.reported(area_id=matters.grid("119902100"))
    seen = {
        cast.GRID_WORKER: {here.id},
        cast.TOWN_COMMANDER: {here.id},
        cast.SIBLING_DUTY_OFFICER: {sibling.id},
        cast.DISTRICT_DUTY_OFFICER: {here.id, sibling.id},
        cast.CITY_DUTY_OFFICER: {here.id, sibling.id, other_district.id},
        cast.RESIDENT: set(),
    }
    for who, ids in seen.items():
        assert set(listed(who, Tab.ALL)) == ids, who


def test_a_check_waits_at_the_centre_that_checks_and_at_no_other() -> None:
    matter = matters.close_requested()
    assert listed(cast.TOWN_CHECKER) == [matter.id]
    assert listed(cast.DISTRICT_CHECKER) == []
    assert listed(cast.DISTRICT_CHECKER, Tab.DOING) == [matter.id]


def test_my_reports_are_mine() -> None:
    mine = matters.reported()
    matters.reported(cast.GRID_WORKER)
    with matters.seen_by(cast.RESIDENT) as asking:
        assert [row.id for row in execution.my_reports(**asking).rows] == [mine.id]
        assert execution.my_report(**asking, matter_id=mine.id).id == mine.id


def test_words_number_and_place_find_a_matter() -> None:
    matter = matters.reported(description="污水从井盖冒出来，气味很大", address="滨江路桥头")
    other = matters.reported(description="路灯不亮", matter_type="01037", address="学府路")
    for q in ("污水", "滨江路", matter.number, matter.number[-8:], "气味很大"):
        assert listed(cast.TOWN_DUTY_OFFICER, Tab.ALL, q=q) == [matter.id], q
    assert set(listed(cast.TOWN_DUTY_OFFICER, Tab.ALL, q="SJ119901001")) == {matter.id, other.id}
    assert listed(cast.TOWN_DUTY_OFFICER, Tab.ALL, q="飞碟") == []
    assert listed(cast.SIBLING_DUTY_OFFICER, Tab.ALL, q="污水") == []
    assert listed(cast.CITY_DUTY_OFFICER, Tab.ALL, q="污水") == [matter.id]


def test_a_list_is_narrowed_by_state_and_deadline() -> None:
    start = clock.now() + timedelta(days=1)
    with clock.frozen(start):
        late = matters.reported(urgency="urgent")
    with clock.frozen(start + timedelta(hours=2)):
        soon = matters.admitted(matters.reported(urgency="urgent"))
    with clock.frozen(start + timedelta(hours=5)):
        matters.reported()
        assert listed(cast.TOWN_DUTY_OFFICER, Tab.ALL, due="overdue") == [late.id]
        assert listed(cast.TOWN_DUTY_OFFICER, Tab.ALL, due="soon") == [soon.id]
        assert listed(cast.TOWN_DUTY_OFFICER, Tab.ALL, state="admitted") == [soon.id]
        with matters.seen_by(cast.TOWN_DUTY_OFFICER) as asking:
            counts = execution.counts(**asking)
    assert (counts.todo, counts.doing, counts.overdue, counts.soon) == (2, 1, 1, 1)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"tab": "everything"}, "bad_tab"),
        ({"state": "lost"}, "bad_state"),
        ({"due": "someday"}, "bad_due"),
        ({"cursor": "12"}, "bad_cursor"),
    ],
)
def test_a_list_that_cannot_be_asked_for_is_explained(wanted: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        listed(cast.TOWN_DUTY_OFFICER, **wanted)
    assert caught.value.code == code
    assert caught.value.remedy
