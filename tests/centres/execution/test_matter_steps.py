"""The matter from report to agreement: its people, its history, its clocks, what is remembered of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from city1361.base.calendar import api as calendar
from city1361.base.evidence import api as evidence
from city1361.base.files import api as files
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused, Stale
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import CloseResult, MatterState, Step
from tests import cast
from tests.centres.execution import matters

pytestmark = pytest.mark.django_db


def areas_day(moment: datetime) -> str:
    """The day in the city, as numbers carry it."""
    return f"{moment.astimezone(ZoneInfo('Asia/Shanghai')):%Y%m%d}"


def photo(who: str, colour: int = 1) -> object:
    from io import BytesIO

    from PIL import Image

    buffer = BytesIO()
    Image.linear_gradient("L").rotate(colour).save(buffer, "JPEG")
    return files.store(cast.by(who), buffer.getvalue(), name="现场.jpg", purpose=execution.PHOTO_PURPOSE).id


def test_a_matter_walks_from_report_to_agreement() -> None:
    morning = matters.coming_workday()
    with clock.frozen(morning):
        matter = matters.closed()
        assert matter.state is MatterState.CLOSED
        assert matter.result is CloseResult.SOLVED
        assert matter.closed_at == morning
        agreed = execution.matter_agree(
            by=cast.by(cast.RESIDENT), matter_id=matter.id, expected_version=matter.version, satisfaction="satisfied"
        )
    assert agreed.agreed_at == morning
    assert agreed.satisfaction == "satisfied"
    done = [
        (Step.REPORT, cast.RESIDENT),
        (Step.ADMIT, cast.TOWN_DUTY_OFFICER),
        (Step.ACKNOWLEDGE, cast.TOWN_HANDLER),
        (Step.REQUEST_CLOSE, cast.TOWN_HANDLER),
        (Step.CHECK_PASS, cast.TOWN_CHECKER),
        (Step.CLOSE, cast.TOWN_DUTY_OFFICER),
        (Step.AGREE, cast.RESIDENT),
    ]
    assert [(one.version, one.step, one.who) for one in matters.history(agreed)] == [
        (version, step, cast.by(who).label) for version, (step, who) in enumerate(done, 1)
    ]


def test_what_is_reported_is_what_is_seen() -> None:
    morning = matters.coming_workday()
    with clock.frozen(morning):
        matter = matters.reported(contact_name="住户", contact_phone="13800000000", photos=[photo(cast.RESIDENT)])
    assert matter.state is MatterState.REPORTED
    assert matter.version == 1
    assert matter.title == "井盖破损，车轮会陷进去"
    assert (matter.type.code, matter.type.name) == ("01003", "雨水井盖异常")
    assert matter.type.national == "GB/T 47678.5-2026/matter/01003"
    assert (matter.place.town.name, matter.place.grid is not None) == ("示范街道", True)
    assert matter.first_receiver.name == "示范街道基层治理指挥中心"
    assert matter.channel == "resident"
    assert len(matter.photos) == 1
    assert matter.reporter.shown
    assert (matter.reporter.name, matter.reporter.phone) == ("住户", "13800000000")
    assert re.fullmatch(rf"SJ119901001{areas_day(morning)}0\d{{3}}", matter.number)


def test_numbers_of_a_town_follow_one_another() -> None:
    morning = matters.coming_workday()
    with clock.frozen(morning):
        first, second = matters.reported(), matters.reported()
        elsewhere = matters.reported(area_id=matters.grid(matters.SIBLING_GRID))
    assert int(second.number[-4:]) == int(first.number[-4:]) + 1
    assert elsewhere.number.startswith("SJ119901002")


def test_a_grid_worker_s_report_comes_through_the_grid() -> None:
    assert matters.reported(cast.GRID_WORKER).channel == "grid"
    assert matters.reported(cast.TOWN_DUTY_OFFICER).channel == "desk"
    assert matters.reported(cast.TOWN_DUTY_OFFICER, external_numbers={"hotline": "12345-0001"}).channel == "hotline"


def test_the_same_key_gets_the_same_matter_and_writes_nothing() -> None:
    key, when = str(uuid4()), clock.now()
    first = matters.reported(client_key=key, occurred_at=when)
    entries = len(evidence.entries_about("matter", first.id))
    again = matters.reported(client_key=key, occurred_at=when)
    assert (again.id, again.number) == (first.id, first.number)
    assert len(evidence.entries_about("matter", first.id)) == entries == 1


def test_the_same_key_with_another_body_is_a_conflict() -> None:
    key = str(uuid4())
    matters.reported(client_key=key)
    with pytest.raises(Conflict) as caught:
        matters.reported(client_key=key, description="另一件事")
    assert caught.value.code == "key_with_another_body"


def test_keys_of_two_accounts_do_not_meet() -> None:
    key = str(uuid4())
    assert matters.reported(client_key=key).id != matters.reported(cast.GRID_WORKER, client_key=key).id


def test_a_wrong_report_leaves_its_key_free() -> None:
    key = str(uuid4())
    with pytest.raises(Invalid):
        matters.reported(client_key=key, matter_type="99999")
    assert matters.reported(client_key=key).version == 1


@pytest.mark.parametrize(
    ("given", "code", "where"),
    [
        ({"matter_type": "99999"}, "unknown_matter_type", "matter_type"),
        ({"description": "  "}, "text_needed", "description"),
        ({"description": "长" * 2001}, "text_too_long", "description"),
        ({"urgency": "panic"}, "unknown_urgency", "urgency"),
        ({"area_id": None}, "location_needed", "area_id"),
        ({"area_id": uuid4()}, "unknown_area", "area_id"),
        ({"area_id": None, "lon": 0.0, "lat": 0.0}, "location_outside_city", "lon,lat"),
        ({"lon": 106.5}, "location_incomplete", "lon,lat"),
        ({"photos": [uuid4() for _ in range(7)]}, "too_many_photos", "photos"),
        ({"client_key": ""}, "bad_key", "Idempotency-Key"),
        ({"external_numbers": {"fax": "1"}}, "unknown_external_system", "external_numbers"),
    ],
)
def test_wrong_input_is_named_with_its_remedy(given: dict[str, object], code: str, where: str) -> None:
    with pytest.raises(Invalid) as caught:
        matters.reported(**given)
    assert (caught.value.code, caught.value.where) == (code, where)
    assert caught.value.remedy


def test_a_report_from_tomorrow_or_from_two_years_ago_is_refused() -> None:
    for when, code in ((timedelta(days=1), "moment_ahead"), (timedelta(days=-700), "moment_too_old")):
        with pytest.raises(Invalid) as caught:
            matters.reported(occurred_at=clock.now() + when)
        assert caught.value.code == code


def test_a_whole_district_is_too_large_a_place() -> None:
    with pytest.raises(Invalid) as caught:
        matters.reported(area_id=matters.grid("119901"))
    assert caught.value.code == "area_too_large"


def test_a_photo_of_somebody_else_cannot_be_used() -> None:
    with pytest.raises(Missing):
        matters.reported(photos=[photo(cast.GRID_WORKER)])


def test_a_photo_is_seen_by_those_who_see_the_matter() -> None:
    picture = photo(cast.RESIDENT)
    matters.reported(photos=[picture])
    for who, sees in ((cast.RESIDENT, True), (cast.TOWN_DUTY_OFFICER, True), (cast.SIBLING_DUTY_OFFICER, False)):
        with matters.seen_by(who) as asking:
            if sees:
                assert files.open_file(picture, asking["scope"])
            else:
                with pytest.raises(Missing):
                    files.open_file(picture, asking["scope"])


def test_refusing_needs_a_reason_that_the_reporter_reads() -> None:
    matter = matters.reported()
    common = {"by": cast.by(cast.TOWN_DUTY_OFFICER), "matter_id": matter.id, "expected_version": 1}
    with pytest.raises(Invalid):
        execution.matter_refuse(**common, reason=" ")
    refused = execution.matter_refuse(**common, reason="同一井盖已由另一事件办理")
    assert refused.state is MatterState.REFUSED
    assert refused.stage is None
    assert matters.history(refused, cast.RESIDENT)[-1].text == "同一井盖已由另一事件办理"


def test_only_a_handling_post_of_the_town_can_be_given_a_matter() -> None:
    matter = matters.reported()
    with matters.seen_by(cast.TOWN_DUTY_OFFICER) as asking:
        choices = execution.handler_choices(scope=asking["scope"], matter_id=matter.id)
    assert matters.handler_post() in {choice.post.id for choice in choices}
    assert len({choice.organisation.name for choice in choices}) == 2
    for post in (uuid4(), cast_post(cast.TOWN_CHECKER)):
        with pytest.raises(Invalid) as caught:
            execution.matter_admit(
                by=cast.by(cast.TOWN_DUTY_OFFICER), matter_id=matter.id, expected_version=1, handler_post=post
            )
        assert caught.value.code == "unknown_handler_post"


def cast_post(who: str) -> object:
    from city1361.platform.assurance.standards.organisations.api import post_by_code

    return post_by_code(cast.by(who).post).id


def test_admitting_may_refine_the_type_and_grade_the_matter() -> None:
    matter = matters.reported(matter_type="R01")
    admitted = execution.matter_admit(
        by=cast.by(cast.TOWN_DUTY_OFFICER),
        matter_id=matter.id,
        expected_version=1,
        handler_post=matters.handler_post(),
        matter_type="01003",
        level=4,
        sensitive=["未成年人"],
    )
    assert (admitted.type.code, admitted.level, admitted.sensitive) == ("01003", 4, ("未成年人",))
    assert admitted.lead is not None
    assert admitted.lead.organisation.name == "示范街道综合行政执法大队"


def test_a_wrong_step_names_the_steps_that_are_possible() -> None:
    matter = matters.reported()
    with pytest.raises(Conflict) as caught:
        execution.matter_close(by=cast.by(cast.TOWN_DUTY_OFFICER), matter_id=matter.id, expected_version=1)
    assert caught.value.code == "wrong_step"
    assert str(caught.value) == "wrong_step: 事件现在是“待受理”，不能办理“办结” (step)"
    assert caught.value.params["allowed"] == "受理、不予受理、交核实、上送、纵向交办、提请指定管辖"


def test_somebody_else_s_matter_is_missing() -> None:
    matter = matters.reported()
    with pytest.raises(Missing):
        execution.matter_admit(
            by=cast.by(cast.SIBLING_DUTY_OFFICER),
            matter_id=matter.id,
            expected_version=1,
            handler_post=matters.handler_post(),
        )
    with pytest.raises(Missing):
        matters.look(matter, cast.SIBLING_DUTY_OFFICER)


def test_without_the_permission_it_is_missing_too() -> None:
    matter = matters.reported()
    with pytest.raises(Missing):
        execution.matter_admit(
            by=cast.by(cast.TOWN_HANDLER),
            matter_id=matter.id,
            expected_version=1,
            handler_post=matters.handler_post(),
        )


def test_a_stale_page_is_told_who_did_what_and_when() -> None:
    morning = matters.coming_workday()
    matter = matters.reported()
    with clock.frozen(morning):
        matters.admitted(matter)
    with pytest.raises(Stale) as caught:
        execution.matter_refuse(
            by=cast.by(cast.TOWN_DUTY_OFFICER), matter_id=matter.id, expected_version=1, reason="重复"
        )
    change = caught.value.changes[0]
    assert (change["code"], change["step"], change["who"]) == (
        "admit",
        "受理",
        cast.by(cast.TOWN_DUTY_OFFICER).label,
    )
    assert change["organisation"] == "示范街道基层治理指挥中心"
    assert change["at"] == morning


def test_a_step_sent_twice_under_one_key_is_taken_once() -> None:
    matter = matters.handling()
    common = {"by": cast.by(cast.TOWN_HANDLER), "matter_id": matter.id, "expected_version": matter.version}
    first = execution.matter_report_progress(**common, text="已到现场", client_key="k-1")
    again = execution.matter_report_progress(**common, text="已到现场", client_key="k-1")
    assert again.version == first.version
    assert [one.step for one in matters.history(first)].count(Step.REPORT_PROGRESS) == 1
    with pytest.raises(Stale):
        execution.matter_report_progress(**common, text="另一句", client_key="k-2")


def test_the_one_who_handled_cannot_check_even_with_the_permission() -> None:
    matter = matters.close_requested()
    handler = cast.by(cast.TOWN_HANDLER)
    checker = cast.by(cast.TOWN_CHECKER)
    with matters.seen_by(cast.TOWN_CHECKER), connection.cursor() as cursor:  # as if the checker had handled it earlier
        cursor.execute(
            "UPDATE centres_execution_matterstep SET account = %s WHERE matter_id = %s AND account = %s",
            [checker.account, matter.id, handler.account],
        )
        assert cursor.rowcount == 2
    with pytest.raises(Refused) as caught:
        matters.checked(matter)
    assert caught.value.code == "handler_himself"


def test_the_reporter_is_hidden_from_those_who_handle_and_check() -> None:
    matter = matters.handling(matters.admitted(matters.reported(contact_name="住户", contact_phone="13800000000")))
    for who in (cast.TOWN_HANDLER, cast.TOWN_CHECKER, cast.TOWN_COMMANDER, cast.CITY_DUTY_OFFICER):
        reporter = matters.look(matter, who).reporter
        assert (reporter.label, reporter.shown, reporter.name, reporter.phone) == ("群众", False, "", "")
        assert matters.history(matter, who)[0].who == "群众"
    for who in (cast.TOWN_DUTY_OFFICER, cast.RESIDENT):
        reporter = matters.look(matter, who).reporter
        assert (reporter.name, reporter.phone) == ("住户", "13800000000")
        assert reporter.label == matters.history(matter, who)[0].who == cast.by(cast.RESIDENT).label


def test_evidence_of_a_step_holds_no_personal_words() -> None:
    matter = matters.reported(contact_name="住户甲", contact_phone="13800000000")
    entry = evidence.entries_about("matter", matter.id)[0]
    said = str(entry)
    for word in ("住户甲", "13800000000", "中山路", "井盖破损"):
        assert word not in said
    assert matter.number in said


def test_every_step_leaves_evidence_and_an_event() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM base_outbox_event WHERE name = 'execution.matter_changed'")
        before = cursor.fetchone()[0]
    matter = matters.closed()
    assert len(evidence.entries_about("matter", matter.id)) == 6
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload->>'step', topics FROM base_outbox_event WHERE name = 'execution.matter_changed' ORDER BY id"
        )
        events = cursor.fetchall()[before:]
    assert [step for step, _ in events] == ["report", "admit", "acknowledge", "request_close", "check_pass", "close"]
    assert all(topics[0] == f"matter:{matter.id}" and topics[1].startswith("area:") for _, topics in events)


def test_both_clocks_count_working_time() -> None:
    friday = matters.coming_workday(then_two_days_off=True) + timedelta(hours=6)
    with clock.frozen(friday):
        matter = matters.reported(urgency="pressing")  # eight working hours
    assert matter.total.counting == "working"
    assert matter.total.limit_minutes == 480
    assert matter.total.due_at == calendar.add_working_minutes(friday, 480)
    assert matter.total.due_at > friday + timedelta(days=2)
    with clock.frozen(friday + timedelta(days=1)):
        saturday = matters.look(matter, cast.RESIDENT)
    with clock.frozen(friday + timedelta(days=2)):
        sunday = matters.look(matter, cast.RESIDENT)
    assert saturday.total.left_minutes == sunday.total.left_minutes
    assert matter.total.example


def test_an_urgent_matter_counts_natural_time() -> None:
    night = matters.coming_workday(then_two_days_off=True) + timedelta(hours=16)
    with clock.frozen(night):
        matter = matters.reported(urgency="urgent")
    assert matter.total.due_at == night + timedelta(hours=4)
    with clock.frozen(night + timedelta(hours=5)):
        late = matters.look(matter, cast.RESIDENT).total
    assert (late.left_minutes, late.overdue) == (-60, True)


def test_reopening_goes_on_with_the_original_clocks() -> None:
    morning = matters.coming_workday()
    with clock.frozen(morning):
        matter = matters.handling(matters.admitted(matters.reported(urgency="urgent")))
    handling_due = matter.stage.due_at if matter.stage else None
    with clock.frozen(morning + timedelta(minutes=50)):
        matter = matters.closed(matters.checked(matters.close_requested(matter)))
    assert matter.total.stopped_at == morning + timedelta(minutes=50)
    with clock.frozen(morning + timedelta(minutes=90)):
        reopened = execution.matter_reopen(
            by=cast.by(cast.RESIDENT), matter_id=matter.id, expected_version=matter.version, reason="井盖还在响"
        )
    assert reopened.state is MatterState.HANDLING
    assert reopened.total.due_at == matter.total.due_at == morning + timedelta(hours=4)
    assert reopened.total.left_minutes == 150
    assert reopened.total.stopped_at is None
    assert (reopened.reopened_count, reopened.rework_count, reopened.result) == (1, 1, None)
    assert reopened.stage is not None
    # two hours to handle, fifty minutes used: seventy are left, not two hours again
    assert reopened.stage.left_minutes == 70
    assert reopened.stage.due_at == morning + timedelta(minutes=160)
    assert handling_due == morning + timedelta(minutes=120)


def test_a_failed_check_buys_no_time() -> None:
    morning = matters.coming_workday()
    with clock.frozen(morning):
        matter = matters.handling(matters.admitted(matters.reported(urgency="urgent")))
    with clock.frozen(morning + timedelta(minutes=130)):
        matter = matters.checked(matters.close_requested(matter), passed=False)
    assert matter.state is MatterState.HANDLING
    assert matter.rework_count == 1
    assert matter.requested_result is None
    assert matter.stage is not None
    assert matter.stage.overdue
    assert matter.stage.left_minutes == -10


def test_nobody_but_the_reporter_reopens() -> None:
    matter = matters.closed()
    with pytest.raises(Refused):
        execution.matter_reopen(
            by=cast.by(cast.GRID_WORKER), matter_id=matter.id, expected_version=matter.version, reason="没解决"
        )


def test_the_reporter_s_agreement_closes_a_checked_matter() -> None:
    matter = matters.checked()
    agreed = execution.matter_agree(by=cast.by(cast.RESIDENT), matter_id=matter.id, expected_version=matter.version)
    assert (agreed.state, agreed.result) == (MatterState.CLOSED, CloseResult.SOLVED)


def test_an_acknowledgement_is_presumed_at_the_end_of_its_limit() -> None:
    morning = matters.coming_workday()
    with clock.frozen(morning):
        waiting, urgent = matters.admitted(), matters.admitted(matters.reported(urgency="urgent"))
        assert execution.presume_acknowledgements() == 0
    with clock.frozen(morning + timedelta(minutes=16)):
        assert execution.presume_acknowledgements() == 1
        assert execution.presume_acknowledgements() == 0
    assert matters.look(waiting, cast.TOWN_HANDLER).state is MatterState.ADMITTED
    assert matters.look(urgent, cast.TOWN_HANDLER).state is MatterState.HANDLING
    last = matters.history(urgent)[-1]
    assert (last.step, last.presumed, last.who) == (Step.ACKNOWLEDGE, True, "时限")


def test_the_same_type_at_the_same_place_is_linked_as_a_repetition() -> None:
    first = matters.reported(cast.GRID_WORKER)
    other_type = matters.reported(matter_type="06010")
    elsewhere = matters.reported(area_id=matters.grid(matters.SIBLING_GRID))
    again = matters.reported()
    system = By.system("系统")
    assert execution.matter_link_recurrence(by=system, matter_id=first.id) is None
    assert execution.matter_link_recurrence(by=system, matter_id=other_type.id) is None
    assert execution.matter_link_recurrence(by=system, matter_id=elsewhere.id) is None
    assert execution.matter_link_recurrence(by=system, matter_id=again.id) == first.id
    assert execution.matter_link_recurrence(by=system, matter_id=again.id) == first.id
    seen = matters.look(again, cast.TOWN_DUTY_OFFICER)
    assert (seen.recurrence_of, seen.recurrence_number, seen.version) == (first.id, first.number, 1)
    # the resident may not see the grid worker's matter, so he is not told its number either
    assert matters.look(again, cast.RESIDENT).recurrence_number == ""


def test_what_was_done_first_and_filed_later_carries_its_real_times() -> None:
    morning = matters.coming_workday()
    with clock.frozen(morning):
        matter = matters.reported(
            cast.TOWN_DUTY_OFFICER,
            occurred_at=morning - timedelta(hours=3),
            handled_at=morning - timedelta(hours=2),
        )
    assert matter.filed_after_the_fact
    assert (matter.occurred_at, matter.reported_at) == (morning - timedelta(hours=3), morning)


def test_handling_one_s_own_report_is_marked() -> None:
    matter = matters.closed(matters.checked(matters.close_requested(matters.handling(matters.admitted(
        matters.reported(cast.TOWN_HANDLER)
    )))))  # fmt: skip
    assert matter.self_report_self_close
    assert not matters.closed().self_report_self_close


def test_steps_offered_are_those_one_may_take() -> None:
    matter = matters.handling()

    def offered(who: str) -> list[Step]:
        with matters.seen_by(who) as asking:
            found = execution.matter(**asking, matter_id=matter.id)
            return [one.step for one in execution.available_steps(**asking, matter=found)]

    assert offered(cast.TOWN_HANDLER)[:2] == [Step.REPORT_PROGRESS, Step.REQUEST_CLOSE]
    assert Step.SEND_BACK in offered(cast.TOWN_HANDLER)
    asking = {Step.CC, Step.REQUEST_PAUSE, Step.REQUEST_SHELVE, Step.REQUEST_EXTEND, Step.REQUEST_VOID}
    assert set(offered(cast.TOWN_DUTY_OFFICER)) == asking
    assert offered(cast.TOWN_CHECKER) == offered(cast.RESIDENT) == []
