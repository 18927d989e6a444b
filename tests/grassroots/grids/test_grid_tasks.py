"""Tasks reach a grid through the list or the commander, are merged per household, and are asked once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from city1361.base.database import api as database
from city1361.base.kernel import clock
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Stale
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Scope
from city1361.grassroots.grids import api, decisions
from city1361.grassroots.grids.answers import Asked
from tests import cast
from tests.grassroots.grids import round as work

JSON = {"Accept": "application/json"}


def bound(who: str) -> Any:
    return database.scoped(cast.scope(who))


def entry(household: UUID | None, *, title: str, hours: int, grid: UUID | None = None) -> decisions.OpenEntry:
    asked = Asked(new_id(), new_id(), title, api.GridTaskKind.VISIT, "", clock.now() + timedelta(hours=hours))
    return decisions.OpenEntry(asked, grid or work_grid, household, 1 if household else 0, "1栋", "")


work_grid = new_id()


def test_what_is_asked_of_one_household_makes_one_stop() -> None:
    first, second = new_id(), new_id()
    entries = [entry(first, title="甲", hours=9), entry(second, title="乙", hours=5), entry(first, title="丙", hours=2)]
    made = decisions.stops([*entries, entry(None, title="丁", hours=7), entry(None, title="戊", hours=8)])
    assert [(stop.household, [one.title for one in stop.asked]) for stop in made] == [
        (first, ["丙", "甲"]),
        (second, ["乙"]),
        (None, ["丁", "戊"]),
    ]


def test_two_grids_of_one_worker_are_two_stops() -> None:
    made = decisions.stops(entry(None, title="甲", hours=1, grid=new_id()) for _ in range(2))
    assert len(made) == 2


@pytest.mark.django_db
class TestEntering:
    """准入."""

    def test_an_item_of_the_list_reaches_every_household_at_once(self) -> None:
        work.fill()
        with bound(work.WORKER):
            before = Counter(len(stop.asked) for stop in work.stops() if stop.household)
        made = work.issue("medical_insurance")
        with bound(work.OFFICER):
            task = api.task(cast.scope(work.OFFICER), made)
            assert task.state is api.GridTaskState.RUNNING
            assert (task.done, task.total > 0) == (0, True)
            grids = api.progress_by_grid(cast.scope(work.OFFICER), made)
        assert sum(total for _, _, total in grids) == task.total
        with bound(work.WORKER):
            after = Counter(len(stop.asked) for stop in work.stops() if stop.household)
        assert sum(after.values()) >= sum(before.values())
        assert max(after) >= 2, "one household, several tasks, one stop"

    def test_what_the_list_does_not_hold_waits_for_the_commander(self) -> None:
        made = work.request()
        with bound(work.WORKER):
            assert [one for stop in work.stops() for one in stop.asked if one.task == made] == []
        approved = api.temporary_task_approve(by=cast.by(work.COMMANDER), task_id=made, expected_version=1)
        assert (approved.state, approved.decided_who) == (api.GridTaskState.RUNNING, cast.by(work.COMMANDER).label)
        with bound(work.WORKER):
            assert [one.title for stop in work.stops() for one in stop.asked if one.task == made] == ["空置房屋排查"]

    def test_a_refusal_says_why_and_reaches_nobody(self) -> None:
        made = work.request()
        with pytest.raises(Invalid, match="理由"):
            api.temporary_task_refuse(by=cast.by(work.COMMANDER), task_id=made, expected_version=1, reason=" ")
        refused = api.temporary_task_refuse(
            by=cast.by(work.COMMANDER), task_id=made, expected_version=1, reason="上月刚查过"
        )
        assert (refused.state, refused.refusal, refused.total) == (api.GridTaskState.REFUSED, "上月刚查过", 0)
        with pytest.raises(Conflict):
            api.temporary_task_approve(by=cast.by(work.COMMANDER), task_id=made, expected_version=2)

    def test_nobody_else_lets_a_task_in(self) -> None:
        made = work.request()
        for who in (work.OFFICER, work.WORKER, cast.SIBLING_DUTY_OFFICER, cast.DISTRICT_DUTY_OFFICER):
            with pytest.raises(Missing):
                api.temporary_task_approve(by=cast.by(who), task_id=made, expected_version=1)

    def test_a_decision_on_an_old_version_is_stale(self) -> None:
        made = work.request()
        with pytest.raises(Stale):
            api.temporary_task_approve(by=cast.by(work.COMMANDER), task_id=made, expected_version=7)

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"reason": "  "}, "no_reason"),
            ({"tag": "no_such_tag"}, "unknown_tag"),
            ({"villages": [uuid4()]}, "unknown_village"),
            ({"due_at": clock.now() - timedelta(minutes=1)}, "due_in_the_past"),
        ],
    )
    def test_a_request_that_makes_no_sense_is_named(self, given: dict[str, Any], code: str) -> None:
        with pytest.raises(Invalid) as refused:
            work.request(**given)
        assert refused.value.code == code

    def test_an_unknown_item_and_an_empty_circle_are_refused(self) -> None:
        with pytest.raises(Invalid, match="清单"):
            work.issue("no_such_item")
        with pytest.raises(Conflict, match="没有符合条件"):
            work.issue("medical_insurance")

    def test_the_same_submission_twice_is_one_task(self) -> None:
        key = str(uuid4())
        assert work.request(client_key=key) == work.request(client_key=key)

    def test_an_ended_task_is_asked_of_nobody(self) -> None:
        made = work.issue("stairwell_fire")
        ended = api.task_end(by=cast.by(work.OFFICER), task_id=made, expected_version=1)
        assert ended.state is api.GridTaskState.ENDED
        with bound(work.WORKER):
            assert [one for stop in work.stops() for one in stop.asked if one.task == made] == []


@pytest.mark.django_db
class TestVisits:
    """One visit answers what was asked, once."""

    def stop(self) -> api.Stop:
        work.fill()
        work.issue("medical_insurance")
        with bound(work.WORKER):
            return next(stop for stop in work.stops() if stop.household and len(stop.asked) > 1)

    def record(self, stop: api.Stop, finding: api.Finding = api.Finding.NORMAL, **given: Any) -> api.VisitMade:
        findings = {one.entry: finding for one in stop.asked}
        made: api.VisitMade = api.visit_record(
            **{"by": cast.by(work.WORKER), "findings": findings, "client_key": str(uuid4()), **given}
        )
        return made

    def test_one_visit_serves_every_task_of_a_household(self) -> None:
        stop = self.stop()
        made = self.record(stop, api.Finding.NOTICED, said="阀门松了，已请物业来看")
        assert (made.answered, made.noticed) == (len(stop.asked), len(stop.asked))
        with bound(work.WORKER):
            assert stop.household not in {one.household for one in work.stops()}
            opened = api.household_read(by=cast.by(work.WORKER), household_id=stop.household)
        assert opened.visits[0].said == "阀门松了，已请物业来看"
        assert {title for title, _ in opened.visits[0].tasks} == {one.title for one in stop.asked}

    def test_sent_twice_it_is_one_visit_and_nobody_is_asked_again(self) -> None:
        stop, key = self.stop(), str(uuid4())
        assert self.record(stop, client_key=key) == self.record(stop, client_key=key)
        with pytest.raises(Conflict, match="已经完成"):
            self.record(stop)

    def test_two_households_are_two_visits(self) -> None:
        work.fill()
        with bound(work.WORKER):
            first, second = [stop for stop in work.stops() if stop.household][:2]
        findings = {one.entry: api.Finding.NORMAL for stop in (first, second) for one in stop.asked}
        with pytest.raises(Invalid, match="一次只能"):
            api.visit_record(by=cast.by(work.WORKER), findings=findings, client_key=str(uuid4()))

    def test_nobody_records_for_a_grid_that_is_not_his(self) -> None:
        stop = self.stop()
        with pytest.raises(Missing):
            self.record(stop, by=cast.by(work.OFFICER))
        with pytest.raises(Missing):
            api.visit_record(by=cast.by(work.WORKER), findings={uuid4(): api.Finding.NORMAL}, client_key=str(uuid4()))

    def test_opening_a_household_leaves_evidence_without_a_name_in_it(self, owner: Any) -> None:
        from city1361.base.evidence.models import EvidenceEntry

        stop = self.stop()
        before = EvidenceEntry.objects.filter(action="grids.read_person").count()
        with bound(work.WORKER):
            opened = api.household_read(by=cast.by(work.WORKER), household_id=stop.household)
        entries = EvidenceEntry.objects.filter(action="grids.read_person")
        assert entries.count() == before + 1
        said = str(entries.latest("id").__dict__)
        assert opened.people
        assert not any(person.name in said or person.phone in said for person in opened.people)

    def test_people_are_read_by_nobody_without_the_permission(self) -> None:
        stop = self.stop()
        for who in (work.OFFICER, work.COMMANDER, cast.CITY_DUTY_OFFICER, cast.RESIDENT):
            with pytest.raises(Missing):
                api.household_read(by=cast.by(who), household_id=stop.household)
            with bound(who), pytest.raises(Missing):
                api.households(cast.scope(who), work.grid())


@pytest.mark.django_db
class TestTheRegister:
    """What is kept, and how."""

    def test_it_is_synthetic_sealed_and_made_once(self, django_assert_max_num_queries: Any) -> None:
        from django.db import connection

        from city1361.grassroots.grids.models import GridTask, Household, Person, TaskEntry

        work.fill()
        with database.scoped(Scope.everything()):
            counted = [model.objects.count() for model in (Household, Person, GridTask, TaskEntry)]
            assert Person.objects.filter(synthetic=False).count() == 0
            one = Person.objects.first()
            assert one is not None
            assert Person.objects.filter(**Person._meta.get_field("name_index").matching(one.name)).exists()
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT name, address FROM grassroots_grids_person p JOIN grassroots_grids_household h ON h.id = p.household_id LIMIT 5"
                )
                raw = [bytes(cell) for row in cursor.fetchall() for cell in row]
            assert not any(one.name.encode() in cell or "栋".encode() in cell for cell in raw)
            work.fill()
            assert [model.objects.count() for model in (Household, Person, GridTask, TaskEntry)] == counted

    def test_another_grid_s_people_do_not_exist_for_this_worker(self) -> None:
        from city1361.grassroots.grids.models import Household, Person, TaskEntry

        work.fill()
        with bound(work.WORKER):
            for model in (Household, Person, TaskEntry):
                assert set(model.objects.values_list("grid_id", flat=True)) == {work.grid()}
        with bound(cast.SIBLING_DUTY_OFFICER):
            assert not Household.objects.exists()
        with bound(cast.RESIDENT):
            assert not Person.objects.exists()

    def test_a_grid_knows_its_team_by_appointment_and_by_declaration(self) -> None:
        work.fill()
        with bound(work.WORKER):
            grid = api.grid(cast.scope(work.WORKER), work.grid())
        assert (grid.team[0].role, grid.team[0].appointed) == (api.TeamRole.GRID_LEADER, False)
        appointed = [member for member in grid.team if member.appointed]
        assert [member.title for member in appointed] == [cast.by(work.WORKER).label]
        assert {member.role for member in grid.team} >= set(api.TeamRole)
        assert grid.households > 0
        assert len(grid.micro_grids) >= 2
