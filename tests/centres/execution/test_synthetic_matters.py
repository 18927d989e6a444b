"""Synthetic matters: stories that could have happened, told in rows that obey every rule of real ones."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import yaml

from city1361 import configuration
from city1361.base.database import api as database
from city1361.base.evidence import api as evidence
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.execution import decisions
from city1361.centres.execution.api import MatterState, Step
from city1361.centres.execution.demonstration import generation
from city1361.centres.execution.demonstration.synthesis import Story, Vocabulary, story, vocabulary_from
from city1361.centres.execution.models import Matter, MatterNumber, MatterParticipant, MatterReporter, MatterStep
from city1361.platform.components.processes.models import WorkItem
from tests import cast
from tests.centres.execution import matters
from tests.centres.execution.roads import drawn

CENTRE = UUID(int=1)
ZONE = ZoneInfo("Asia/Shanghai")
FILE = configuration.shipped("demo") / "matters.yaml"
CONTENT = yaml.load(FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)


def words() -> Vocabulary:
    return vocabulary_from(CONTENT)


def stories(count: int, month: int, seed: int = 1) -> list[Story]:
    days = [date(2026, month, day) for day in range(1, 29)]
    random = Random(seed)
    return [story(random, words(), days, datetime(2027, 1, 1, tzinfo=ZONE), ZONE) for _ in range(count)]


def test_the_same_seed_tells_the_same_stories() -> None:
    assert stories(50, 6) == stories(50, 6)
    assert stories(50, 6) != stories(50, 6, seed=2)


def test_every_story_is_a_legal_way_through_the_steps() -> None:
    for told in stories(400, 6):
        state = MatterState.REPORTED
        for turn in told.turns:
            state = drawn().after(decisions.Facts(state, CENTRE, None), turn.step)
        assert not state.is_open or told.turns[-1].step is Step.REOPEN


def test_people_report_by_day_and_water_stands_in_summer() -> None:
    summer, winter = stories(4000, 7), stories(4000, 11)
    hours = Counter(told.reported_at.astimezone(ZONE).hour for told in summer)
    assert hours[10] > 20 * hours[3]
    flooded = [sum(told.type == "W01" for told in season) for season in (summer, winter)]
    assert flooded[0] > 2 * flooded[1]


def test_nothing_is_reported_after_now() -> None:
    now, random = datetime(2026, 11, 23, 9, 30, tzinfo=ZONE), Random(3)
    told = [story(random, words(), [now.date()], now, ZONE) for _ in range(200)]
    assert all(one.reported_at < now for one in told)


@pytest.mark.parametrize("instance", ["tiny", "chongqing"])
def test_every_type_of_the_file_exists_in_the_instance(instance: str) -> None:
    from city1361.centres.execution.packages.packaged import type_codes
    from city1361.platform.applications.packages.api import listed

    folders = listed(Path(configuration.shipped("instances")) / instance).values()
    assert {kind.type for kind in words().kinds} <= type_codes(folders)
    assert instance in CONTENT["focus"]


@pytest.mark.django_db
class TestRows:
    """Two hundred of them in the tiny city."""

    @pytest.fixture(autouse=True)
    def made(self) -> list[tuple[int, int]]:
        heard: list[tuple[int, int]] = []
        generation.demo_matters(200, 7, lambda done, total: heard.append((done, total)))
        assert heard == [(100, 200), (200, 200)]
        return heard

    def test_they_are_there_once_and_marked(self) -> None:
        generation.demo_matters(200, 7, lambda done, total: None)
        with database.scoped(Scope.everything()):
            assert Matter.objects.count() == Matter.objects.filter(synthetic=True).count() == 200
            assert MatterNumber.objects.count() == MatterReporter.objects.count() == 200
            assert Matter.objects.values("number").distinct().count() == 200

    def test_a_larger_number_goes_on_behind(self) -> None:
        generation.demo_matters(300, 7, lambda done, total: None)
        with database.scoped(Scope.everything()):
            assert Matter.objects.count() == 300

    def test_rows_agree_with_their_history(self) -> None:
        with database.scoped(Scope.everything()):
            for row in Matter.objects.all():
                steps = list(MatterStep.objects.filter(matter=row.id).order_by("version"))
                assert [step.version for step in steps] == list(range(1, row.version + 1))
                assert steps[-1].after == row.state
                assert [step.at for step in steps] == sorted(step.at for step in steps)
                assert (row.stage_due_at is not None) == MatterState(row.state).is_open
                assert (row.closed_at is None) == MatterState(row.state).is_open
                led = MatterParticipant.objects.filter(matter=row.id).count()
                assert led == (row.lead_id is not None) == (row.lead_post_code != "")
                for before, after in pairwise(steps):
                    facts = decisions.Facts(MatterState(before.after), CENTRE, None)
                    assert drawn().after(facts, Step(after.step)).value == after.after

    def test_the_town_of_the_cast_has_most_of_them_and_reads_them_like_real_ones(self) -> None:
        with matters.seen_by(cast.TOWN_DUTY_OFFICER) as asking:
            seen = execution.my_list(**asking, tab="all", size=200)
            assert len(seen.rows) > 100
            assert all(row.synthetic and row.place and row.total.limit_minutes > 0 for row in seen.rows)
            found = execution.my_list(**asking, tab="all", q=seen.rows[0].number)
            assert [row.id for row in found.rows] == [seen.rows[0].id]
            one = execution.matter(**asking, matter_id=seen.rows[0].id)
            assert one.place.grid is not None
            assert one.place.lon is not None
        counts = Counter(row.state.is_open for row in seen.rows)
        assert counts[False] > counts[True]

    def test_a_real_report_takes_the_next_number(self) -> None:
        with database.scoped(Scope.everything()):
            taken = set(MatterNumber.objects.values_list("number", flat=True))
        assert matters.reported().number not in taken

    def test_each_set_has_its_digest_in_evidence(self) -> None:
        (entry,) = evidence.entries_about("demonstration", "demo:7:0")
        assert '"matters":100' in str(entry).replace(" ", "").replace("'", '"')
        assert "sha256" in str(entry)

    def test_every_open_one_waits_for_somebody_of_the_town(self) -> None:
        with matters.seen_by(cast.TOWN_DUTY_OFFICER) as asking:
            rows = [row for row in execution.my_list(**asking, tab="all", size=200).rows if row.state.is_open]
        waiting: set[object] = set()
        for who in (cast.TOWN_DUTY_OFFICER, cast.TOWN_CHECKER):
            with matters.seen_by(who) as asking:
                waiting |= {row.id for row in execution.my_list(**asking, size=200).rows}
        with_handlers = {row.id for row in rows if row.state in (MatterState.ADMITTED, MatterState.HANDLING)}
        assert {row.id for row in rows} == waiting | with_handlers


@pytest.mark.django_db
def test_what_is_open_is_somebody_s_work_once() -> None:
    generation.demo_matters(100, 7, lambda done, total: None)
    generation.demo_matters(100, 7, lambda done, total: None)
    with database.scoped(Scope.everything()):
        rows = {row.id: row for row in Matter.objects.filter(synthetic=True)}
        waiting = Counter(
            WorkItem.objects.filter(subject_id__in=rows, state="open").values_list("subject_id", flat=True)
        )
        due = dict(WorkItem.objects.filter(subject_id__in=rows).values_list("subject_id", "due_at"))
    held = {id_ for id_, row in rows.items() if MatterState(row.state).is_open}
    assert held
    assert set(waiting) == held
    assert set(waiting.values()) == {1}
    assert all(due[id_] == rows[id_].stage_due_at for id_ in held)
