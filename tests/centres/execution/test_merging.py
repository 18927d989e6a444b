"""合并 and 拆分: who may, what becomes of clocks and reporters, and that everything can be undone."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from city1361.base.database import api as database
from city1361.base.evidence import api as evidence
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Missing, Refused, Stale
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import IntakeKind, MatterState, MatterView, Step, Typed
from city1361.centres.execution.duplicates.merge_rules import MERGEABLE, Side, TotalClock, refusal, together
from city1361.centres.execution.models import Matter, MatterIntake
from city1361.platform.components.processes import api as processes
from tests import cast
from tests.centres.execution import matters

OFFICER = cast.TOWN_DUTY_OFFICER
ONE, OTHER, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)


def merged(duplicate: MatterView, kept: MatterView, who: str = OFFICER, **more: Any) -> MatterView:
    return execution.matter_merge(
        by=cast.by(who), matter_id=duplicate.id, kept_id=kept.id, expected_version=duplicate.version, **more
    )


def split(duplicate: MatterView, who: str = OFFICER) -> MatterView:
    return execution.matter_split(
        by=cast.by(who), matter_id=duplicate.id, expected_version=duplicate.version, reason="并错了，不是同一处"
    )


def row(matter: MatterView) -> Matter:
    with matters.seen_by(OFFICER):
        return Matter.objects.get(pk=matter.id)


def events_of(matter: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM base_outbox_event WHERE payload ->> 'matter' = %s", [str(matter)])
        return int(cursor.fetchone()[0])


def test_every_pair_of_states_is_decided() -> None:
    for here, there in product(MatterState, MatterState):
        refused = refusal(Side(ONE, here), Side(OTHER, there))
        assert (refused is None) == (here in MERGEABLE and there.is_open), (here, there)
        assert refused is None or all(refused)


def test_circles_chains_and_oneself_are_refused() -> None:
    open_one = Side(ONE, MatterState.REPORTED)
    cases = {
        "merge_into_itself": (open_one, open_one),
        "merge_circular": (open_one, Side(OTHER, MatterState.MERGED, merged_into=ONE)),
        "kept_is_merged": (open_one, Side(OTHER, MatterState.MERGED, merged_into=THIRD)),
        "has_duplicates": (Side(ONE, MatterState.REPORTED, duplicates=1), Side(OTHER, MatterState.REPORTED)),
        "kept_stands_still": (open_one, Side(OTHER, MatterState.HANDLING, paused=True)),
        "not_mergeable": (Side(ONE, MatterState.HANDLING, paused=True), Side(OTHER, MatterState.REPORTED)),
    }
    for code, (duplicate, kept) in cases.items():
        refused = refusal(duplicate, kept)
        assert refused is not None
        assert refused[0] == code


def test_a_clock_is_never_put_off_by_a_merge() -> None:
    start = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
    hours = [(0, 9), (2, 5), (4, 8)]
    clocks = [TotalClock(start + timedelta(hours=a), start + timedelta(hours=b), 60, "working") for a, b in hours]
    joined = together(clocks)
    assert joined.reported_at == clocks[0].reported_at
    assert joined.due_at == clocks[1].due_at
    assert all(joined.due_at <= one.due_at and joined.reported_at <= one.reported_at for one in clocks)


@pytest.mark.django_db
def test_a_duplicate_points_to_the_kept_matter_and_splitting_restores_everything() -> None:
    now = clock.now()
    with clock.frozen(now):
        early = matters.reported(urgency="urgent")
    with clock.frozen(now + timedelta(minutes=7)):
        kept = matters.handling(matters.admitted(matters.reported(cast.GRID_WORKER)))
    before, kept_before = row(early), row(kept)
    with clock.frozen(now + timedelta(minutes=9)):
        gone = merged(early, kept, reason="同一个井盖")
    assert gone.state is MatterState.MERGED
    assert gone.stage is None
    after = row(kept)
    assert row(early).merged_into == kept.id
    with matters.seen_by(OFFICER) as asking:
        assert execution.kept_of(scope=asking["scope"], matter_id=early.id) == (kept.id, kept.number)
        assert execution.kept_of(scope=asking["scope"], matter_id=kept.id) is None
    assert after.reported_at == before.reported_at
    assert after.total_due_at == min(before.total_due_at, kept_before.total_due_at)
    assert (after.state, after.stage_due_at) == (kept_before.state, kept_before.stage_due_at)
    with clock.frozen(now + timedelta(minutes=20)):
        again = split(gone)
    back = row(early)
    for name in (
        "state",
        "reported_at",
        "total_due_at",
        "total_limit_minutes",
        "stage_limit_minutes",
        "stage_counting",
    ):
        assert getattr(back, name) == getattr(before, name), name
    assert again.state is MatterState.REPORTED
    assert back.merged_into is None
    assert before.stage_due_at is not None
    assert back.stage_due_at == before.stage_due_at + timedelta(minutes=11)  # what was left is left
    for name in ("reported_at", "total_due_at", "total_limit_minutes", "total_counting", "sensitive", "state"):
        assert getattr(row(kept), name) == getattr(kept_before, name), name
    assert [step.step for step in matters.history(kept)][-2:] == [Step.MERGE, Step.SPLIT]
    actions = [entry.action for entry in evidence.entries_about("matter", early.id)]
    assert actions.count("execution.merge_matter") == 2
    merged(again, kept)  # and it can be merged once more


@pytest.mark.django_db
def test_with_two_duplicates_splitting_one_leaves_the_promise_of_the_other() -> None:
    now = clock.now()
    with clock.frozen(now):
        first = matters.reported(urgency="urgent")
    with clock.frozen(now + timedelta(minutes=1)):
        second = matters.reported(urgency="pressing")
    kept = matters.reported()
    own = row(kept).total_due_at
    first_gone, second_gone = merged(first, kept), merged(second, kept)
    assert row(kept).total_due_at == row(first).total_due_at
    split(first_gone)
    assert row(kept).total_due_at == row(second).total_due_at
    with matters.seen_by(OFFICER) as asking:
        assert execution.duplicates_of(scope=asking["scope"], matter_id=kept.id) == [(second.id, second.number)]
    split(second_gone)
    assert row(kept).total_due_at == own


@pytest.mark.django_db
def test_an_extension_of_the_kept_matter_survives_a_split() -> None:
    first = matters.reported(urgency="urgent")
    kept = matters.handling(matters.admitted(matters.reported(urgency="urgent")))
    own = row(kept).total_due_at
    gone, longer = merged(first, kept), timedelta(hours=3)
    asked = execution.matter_request_extend(
        by=cast.by(cast.TOWN_HANDLER), matter_id=kept.id, expected_version=kept.version, reason="等货", amount=3,
        unit="natural_hour",
    )  # fmt: skip
    promised = row(kept).total_due_at
    execution.matter_extend(by=cast.by(cast.TOWN_COMMANDER), matter_id=kept.id, expected_version=asked.version)
    assert row(kept).total_due_at == promised + longer
    split(gone)
    assert row(kept).total_due_at == own + longer


@pytest.mark.django_db
def test_who_may_not_and_what_may_not_is_refused() -> None:
    duplicate, kept = matters.reported(), matters.reported()
    beside = matters.reported(area_id=matters.grid(matters.SIBLING_GRID))
    with pytest.raises(Missing):
        merged(duplicate, kept, cast.TOWN_HANDLER)
    with pytest.raises(Missing):  # what he may not see is not there
        merged(duplicate, beside)
    with pytest.raises(Missing):
        merged(duplicate, kept, cast.SIBLING_DUTY_OFFICER)
    with pytest.raises(Stale):
        execution.matter_merge(
            by=cast.by(OFFICER), matter_id=matters.admitted().id, kept_id=kept.id, expected_version=1
        )
    gone = merged(duplicate, kept, client_key="key-0001")
    assert merged(duplicate, kept, client_key="key-0001").version == gone.version
    for one, other, code in ((kept, duplicate, "merge_circular"), (duplicate, kept, "already_merged")):
        with pytest.raises(Conflict) as caught:
            execution.matter_merge(
                by=cast.by(OFFICER), matter_id=one.id, kept_id=other.id, expected_version=row(one).version
            )
        assert caught.value.code == code
    with pytest.raises(Conflict) as caught:
        split(kept)
    assert caught.value.code == "not_merged"
    with pytest.raises(Conflict):  # nothing can be done to a merged matter but splitting
        matters.admitted(gone)


@pytest.mark.django_db
def test_an_official_of_another_centre_does_not_merge_what_is_not_his() -> None:
    here, kept = matters.reported(), matters.reported()
    with matters.seen_by(OFFICER):
        Matter.objects.filter(pk=here.id).update(
            centre=cast.by(cast.DISTRICT_DUTY_OFFICER).organisation,
            current_centre=cast.by(cast.DISTRICT_DUTY_OFFICER).organisation,
        )
    with pytest.raises((Refused, Missing)):
        merged(here, kept)


@pytest.mark.django_db
def test_the_reporter_of_a_duplicate_sees_the_work_and_nobody_else_s_words() -> None:
    mine = matters.reported(contact_name="王小明")
    kept = matters.reported(cast.GRID_WORKER, description="老李家门口的井盖破损", contact_phone="13800001234")
    merged(mine, kept)
    kept = matters.handling(matters.admitted(matters.look(kept, OFFICER)))
    execution.matter_report_progress(
        by=cast.by(cast.TOWN_HANDLER), matter_id=kept.id, expected_version=kept.version, text="已摆围挡"
    )
    with matters.seen_by(cast.RESIDENT) as asking:
        seen = execution.followed(**asking, matter_id=mine.id)
        assert seen is not None
        with pytest.raises(Missing):
            execution.matter(**asking, matter_id=kept.id)
        with pytest.raises(Missing):
            execution.history(**asking, matter_id=kept.id)
    assert seen.state is MatterState.HANDLING
    assert [step.step for step in seen.steps] == [Step.ADMIT, Step.ACKNOWLEDGE, Step.REPORT_PROGRESS]
    assert seen.steps[-1].text == "已摆围挡"
    assert "老李" not in str(seen)
    assert "13800001234" not in str(seen)
    with matters.seen_by(OFFICER) as asking, pytest.raises(Missing):
        execution.followed(**asking, matter_id=mine.id)


@pytest.mark.django_db
def test_the_reporter_of_a_duplicate_may_say_that_it_is_not_solved() -> None:
    mine, kept = matters.reported(), matters.reported(cast.GRID_WORKER)
    merged(mine, kept)
    kept = matters.look(kept, OFFICER)
    due = kept.total.due_at
    kept = matters.closed(matters.checked(matters.close_requested(matters.handling(matters.admitted(kept)))))

    def unsolved(who: str, version: int) -> None:
        execution.matter_reopen_merged(
            by=cast.by(who), matter_id=mine.id, expected_version=version, reason="井盖又松了", client_key="again-0001"
        )

    with pytest.raises(Missing):
        unsolved(cast.GRID_WORKER, kept.version)
    with pytest.raises(Stale):
        unsolved(cast.RESIDENT, kept.version - 1)
    unsolved(cast.RESIDENT, kept.version)
    unsolved(cast.RESIDENT, kept.version)  # sent twice is said once
    again = matters.look(kept, OFFICER)
    assert (again.state, again.reopened_count) == (MatterState.HANDLING, 1)
    assert again.total.due_at == due
    last = matters.history(kept)[-1]
    assert (last.step, last.who, last.organisation) == (Step.REOPEN, "并案上报人", "")
    entries = [one for one in evidence.entries_about("matter", kept.id) if one.facts.get("duplicate") == mine.number]
    assert [one.facts["step"] for one in entries] == [Step.REOPEN]
    assert events_of(kept.id) == again.version
    with pytest.raises(Conflict):
        unsolved_again = matters.look(kept, OFFICER)
        execution.matter_reopen_merged(
            by=cast.by(cast.RESIDENT), matter_id=mine.id, expected_version=unsolved_again.version, reason="还是松的"
        )


@pytest.mark.django_db
def test_the_reporter_of_a_duplicate_may_say_that_it_is_solved() -> None:
    mine, kept = matters.reported(), matters.reported(cast.GRID_WORKER)
    merged(mine, kept)

    def solved(who: str, version: int) -> None:
        execution.matter_agree_merged(by=cast.by(who), matter_id=mine.id, expected_version=version, text="好了")

    kept = matters.look(kept, OFFICER)
    with pytest.raises(Conflict, match="尚未办结"):
        solved(cast.RESIDENT, kept.version)
    kept = matters.closed(matters.checked(matters.close_requested(matters.handling(matters.admitted(kept)))))
    with pytest.raises(Missing):
        solved(cast.GRID_WORKER, kept.version)
    solved(cast.RESIDENT, kept.version)
    solved(cast.RESIDENT, kept.version)  # said twice is one line
    after = matters.look(kept, OFFICER)
    assert (after.state, after.agreed_at, after.version) == (MatterState.CLOSED, None, kept.version + 1)
    last = matters.history(kept)[-1]
    assert (last.step, last.who, last.text) == (Step.AGREE, "并案上报人", "好了")
    with matters.seen_by(cast.RESIDENT) as asking:
        seen = execution.followed(**asking, matter_id=mine.id)
        assert seen is not None
        assert seen.agreed
    with pytest.raises(Conflict, match="已经确认"):
        execution.matter_reopen_merged(
            by=cast.by(cast.RESIDENT), matter_id=mine.id, expected_version=after.version, reason="又坏了"
        )
    # Whose report the kept matter is still answers for himself, and then everybody may answer anew.
    execution.matter_reopen(
        by=cast.by(cast.GRID_WORKER), matter_id=kept.id, expected_version=after.version, reason="还是松的"
    )
    with matters.seen_by(cast.RESIDENT) as asking:
        seen = execution.followed(**asking, matter_id=mine.id)
        assert seen is not None
        assert not seen.agreed


@pytest.mark.django_db
def test_a_merged_matter_is_nobody_s_work_until_it_is_split() -> None:
    def waiting(matter: execution.MatterView) -> list[str]:
        with matters.seen_by(OFFICER) as asking:
            found = processes.work_items(asking["scope"], asking["by"]).items
            return [one.kind for one in found if one.subject_id == matter.id]

    def timers(matter: execution.MatterView) -> int:
        with database.scoped(Scope.everything()), connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM platform_processes_processtimer t"
                " JOIN centres_execution_matter m ON m.process_instance = t.instance_id WHERE m.id = %s",
                [matter.id],
            )
            return int(cursor.fetchone()[0])

    mine, kept = matters.reported(), matters.reported(cast.GRID_WORKER)
    admitted = matters.admitted(mine)
    assert timers(admitted) == 1, "the receipt that is presumed"
    merged(admitted, kept)
    assert (waiting(mine), timers(mine)) == ([], 0)
    assert waiting(kept) == ["admit"]
    with matters.seen_by(cast.TOWN_HANDLER) as asking:
        assert processes.work_items(asking["scope"], asking["by"]).items == ()
    gone = matters.look(mine, OFFICER)
    execution.matter_split(by=cast.by(OFFICER), matter_id=mine.id, expected_version=gone.version, reason="不是同一处")
    assert timers(mine) == 1
    with matters.seen_by(cast.TOWN_HANDLER) as asking:
        items = processes.work_items(asking["scope"], asking["by"]).items
        assert [(one.kind, one.subject_id) for one in items] == [("acknowledge", mine.id)]
    assert matters.handling(matters.look(mine, cast.TOWN_HANDLER)).state is MatterState.HANDLING


@pytest.mark.django_db
def test_the_inbox_counts_as_the_case_does() -> None:
    now = clock.now()
    evening = max(now, now.replace(hour=12, minute=0))  # 20:00 to 08:00 where the tiny city lies: nobody works then
    with clock.frozen(evening):
        matter = matters.reported(cast.GRID_WORKER)
        client = cast.client(OFFICER)
        case = client.get(f"/desk/matters/{matter.id}/").content.decode()
        shown = client.get("/inbox/").content.decode()
    assert matter.stage is not None
    assert matter.stage.due_at - evening > timedelta(hours=2)
    assert matter.stage.left_minutes == 120
    assert "<b>剩2小时</b>" in case
    assert "<b>剩2小时</b>" in shown


@pytest.mark.django_db
def test_suggestions_say_why_and_stay_inside_the_scope() -> None:
    old = matters.reported(cast.GRID_WORKER, description="人行道上井盖破损，很危险", address="中山路12号")
    matters.reported(cast.GRID_WORKER, matter_type="06010", description="垃圾满溢")
    typed = Typed(matter_type="01003", description="井盖破损了", address="中山路12号", area_id=matters.grid())
    with matters.seen_by(OFFICER) as asking:
        (found,) = execution.similar_to(**asking, typed=typed)
    assert found.id == old.id
    assert found.likeness.same_grid
    assert "井盖破损" in found.likeness.words
    for who in (cast.RESIDENT, cast.SIBLING_DUTY_OFFICER):
        with matters.seen_by(who) as asking:
            assert execution.similar_to(**asking, typed=typed) == []
    with matters.seen_by(cast.RESIDENT):
        assert execution.nearby_count(typed=typed) == 1
        assert execution.nearby_count(typed=Typed(matter_type="01003", description="井盖破损了")) == 0
    fresh = matters.reported(description="井盖破损，轮子会陷进去")
    with matters.seen_by(OFFICER) as asking:
        assert [one.id for one in execution.similar_to_matter(**asking, matter_id=fresh.id)] == [old.id]
    with matters.seen_by(OFFICER):
        Matter.objects.filter(pk__in=[old.id, fresh.id]).update(sensitive=["信访"])
    with matters.seen_by(cast.RESIDENT):
        assert execution.nearby_count(typed=typed) == 0


def joined(matter: MatterView) -> UUID | None:
    """As the system does after the report."""
    with database.scoped(Scope.everything()):
        return execution.join_similar(by=By.system("系统"), matter_id=matter.id)


@pytest.mark.django_db
def test_i_met_it_too_is_a_report_that_joins_the_earlier_one() -> None:
    kept = matters.reported(cast.GRID_WORKER)
    report = {
        "client_key": "join-0001",
        "matter_type": "01003",
        "description": "井盖破损",
        "area_id": matters.grid(),
    }
    mine = execution.report_from(by=cast.by(cast.RESIDENT), kind=IntakeKind.JOIN, **report)
    assert joined(mine) == kept.id
    assert joined(mine) is None
    assert matters.look(mine, cast.RESIDENT).state is MatterState.MERGED
    assert execution.report_from(by=cast.by(cast.RESIDENT), kind=IntakeKind.JOIN, **report).id == mine.id
    alone = execution.report_from(
        by=cast.by(cast.RESIDENT), kind=IntakeKind.JOIN, **{**report, "client_key": "join-0002", "matter_type": "D02"}
    )
    assert joined(alone) is None
    ordinary = matters.reported()
    assert joined(ordinary) is None
    with matters.seen_by(OFFICER):
        assert MatterIntake.objects.filter(kind="join").count() == 2
