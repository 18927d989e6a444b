"""The demonstration's day: the same seed plans the same day, its people act like people, and nothing happens twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from django.db import connection

from city1361.base.database import api as database
from city1361.base.kernel import clock
from city1361.base.kernel.scope import Scope
from city1361.centres.command.models import WhistleCall
from city1361.centres.demonstration import commands, doctor, playing, reading, switch, visiting
from city1361.centres.demonstration.planning import Planner, Town
from city1361.centres.demonstration.terms import Thread, Who
from city1361.centres.execution import api as execution
from city1361.centres.execution.models import Matter, MatterStep, Ruling
from city1361.centres.supervision import api as supervision
from city1361.centres.supervision.models import ReturnVisit
from city1361.platform.assurance.security.accounts.models import Account
from tests import cast
from tests.centres.execution import matters

ZONE = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.django_db


def planner(seed: int = 1361, towns: int = 3) -> Planner:
    words, said = reading.day_words(), execution.demonstration_words()
    return Planner(seed, words, said, [Town(f"T{n}", 1, 5) for n in range(towns)], lambda at, minutes: at + timedelta(minutes=minutes))  # fmt: skip


class TestPlan:
    def test_the_same_seed_plans_the_same_day(self) -> None:
        on = date(2026, 11, 24)
        assert planner().threads(on) == planner().threads(on)
        assert planner().threads(on) != planner(7).threads(on)
        assert planner().threads(on) != planner().threads(on + timedelta(days=1))

    def test_a_day_has_its_hours_and_its_season(self) -> None:
        plans = planner()

        def told(month: int) -> list[Thread]:
            return [one for day in range(1, 6) for one in plans.threads(date(2026, month, day))]

        july, december = told(7), told(12)
        hours = Counter(one.deeds[0].at.astimezone(ZONE).hour for one in july)
        assert hours[10] > 10 * max(1, hours[3])
        assert all(one.deeds[0].at.astimezone(ZONE).month == 7 for one in july)
        flooded = [sum(one.matter_type == "W01" for one in month) for month in (july, december)]
        assert flooded[0] > 2 * flooded[1]

    def test_every_road_is_gone_and_every_deed_follows_the_one_before(self) -> None:
        threads = [one for day in range(1, 6) for one in planner().threads(date(2026, 11, day))]
        done = Counter(deed.does for thread in threads for deed in thread.deeds)
        roads = {
            "send_up",
            "send_back",
            "designate",
            "whistle",
            "help",
            "reopen",
            "check_fail",
            "visit",
            "agree",
            "refuse",
        }
        assert roads <= set(done)
        for thread in threads:
            assert all(before.at <= after.at for before, after in pairwise(thread.deeds))
            assert [deed.does for deed in thread.deeds].count("report") == 1
        assert len({thread.key for thread in threads}) == len(threads)


def chosen(threads: list[Thread]) -> list[Thread]:
    """The first thread that holds each of these deeds, in the town of the cast and elsewhere, and a plain one."""
    wanted = ["send_up", "designate", "whistle", "reopen", "visit", "refuse", "verify_pass"]
    found = {one.key: one for name in wanted for one in [next(t for t in threads if name in [d.does for d in t.deeds])]}
    return list(found.values())


@pytest.fixture
def begun() -> Iterator[datetime]:
    """09:00 on a working day to come: appointments begin when they are made."""
    at = matters.coming_workday().replace(minute=0)
    with clock.frozen(at):
        yield at


class TestPlayed:
    """Some threads of a day in the tiny city, played deed by deed at their own moments."""

    @pytest.fixture
    def threads(self, begun: datetime) -> list[Thread]:
        _, made = playing.set_up()
        first = begun.astimezone(ZONE).date()
        return chosen([one for ahead in (7, 8, 9) for one in made.threads(first + timedelta(days=ahead))])

    def play(self, threads: list[Thread], deeds: int = 10_000) -> playing.Played:
        day, _ = playing.set_up()
        day.add(threads, "day:", reports_from=min(one.deeds[0].at for one in threads))
        while day.next_at is not None and deeds:
            with clock.frozen(day.next_at):
                day.do_next()
            deeds -= 1
        return day.played

    def test_each_goes_its_road_through_the_actions_of_people(self, threads: list[Thread]) -> None:
        played = self.play(threads)
        known = {code for code in played.refused if not code.endswith("wrong_step")}
        assert (played.reports, known) == (len(threads), set())
        assert played.refused.total() * 10 < played.deeds
        with database.scoped(Scope.everything()):
            rows = list(Matter.objects.all())
            assert len(rows) == len(threads)
            assert all(row.synthetic for row in rows)
            taken = Counter(MatterStep.objects.values_list("step", flat=True))
            assert {"send_up", "send_back", "designate", "whistle", "reopen", "return_visit"} <= set(taken)
            assert Ruling.objects.count() >= 1
            assert {call.state for call in WhistleCall.objects.all()} == {"helped"}
            assert ReturnVisit.objects.count() >= 1
            assert MatterStep.objects.filter(account=None).exclude(step="acknowledge").count() == 0
            assert not Account.objects.filter(demonstration=False).exists()
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM base_evidence_entry WHERE subject_kind = 'matter'")
                assert cursor.fetchone()[0] >= MatterStep.objects.exclude(client_key="").count() > 30

    def test_what_was_stopped_goes_on_and_nothing_happens_twice(self, threads: list[Thread]) -> None:
        first = self.play(threads, deeds=20)
        then = self.play(threads)
        again = self.play(threads)
        assert first.deeds + first.refused.total() == 20
        assert first.reports + then.reports == len(threads)
        assert again.reports == 0
        with database.scoped(Scope.everything()):
            assert Matter.objects.count() == len(threads)
            keys = list(MatterStep.objects.exclude(client_key="").values_list("client_key", flat=True))
            assert len(keys) == len(set(keys))

    def test_a_report_that_nobody_made_in_time_never_happens(self, threads: list[Thread]) -> None:
        day, _ = playing.set_up()
        late = max(thread.deeds[0].at for thread in threads)
        day.add(threads, "day:", reports_from=late)
        assert day.next_at == late


class TestVisits:
    @staticmethod
    def to_visit() -> list[UUID]:
        by, scope = cast.by(cast.CITY_CHECKER), cast.scope(cast.CITY_CHECKER)
        month = execution.period_now(execution.PeriodKind.MONTH).text
        with database.scoped(scope):
            sample = supervision.to_visit(scope=scope, by=by, period=month)
        return [one.matter for one in sample if not visiting.is_left_out(one.matter)]

    def test_what_was_closed_is_visited_once_by_somebody_who_did_not_handle_it(self, begun: datetime) -> None:
        with clock.frozen(begun):
            while not (expected := self.to_visit()):  # three of ten are in the sample, a quarter of it waits
                matters.closed()
            visiting.generate("town", lambda done, total: None)
            visiting.generate("town", lambda done, total: None)
        with database.scoped(Scope.everything()):
            visits = list(ReturnVisit.objects.all())
        assert [one.matter_id for one in visits] == expected
        assert {one.account for one in visits} == {cast.account(cast.CITY_CHECKER).id}


class TestSwitch:
    @pytest.fixture
    def on(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setenv("CITY1361_DAY", "on")
        yield
        switch.start()

    def test_it_plays_in_demonstrations_only(self, on: None, settings: Any) -> None:
        assert switch.wanted()
        settings.DEMONSTRATION = False
        assert not switch.wanted()
        assert doctor.findings() == []
        refused = CliRunner().invoke(commands.demo, ["day"])
        assert (refused.exit_code, "CITY1361_DEMONSTRATION" in refused.output) == (1, True)

    def test_it_is_stopped_and_started_by_a_command_and_the_doctor_says_so(self, on: None) -> None:
        assert "plays" in doctor.findings()[0].what
        assert CliRunner().invoke(commands.demo, ["stop-day"]).exit_code == 0
        assert switch.stopped()
        assert "stopped" in doctor.findings()[0].what
        assert CliRunner().invoke(commands.demo, ["start-day"]).exit_code == 0
        assert not switch.stopped()


def test_people_of_the_cast_stay_on_their_posts_and_others_are_made_once(begun: datetime) -> None:
    day, _ = playing.set_up()
    people, place = day.company.people, next(iter(day.company.places.values()))
    assert people.on(cast.by(cast.TOWN_DUTY_OFFICER).post).account == cast.account(cast.TOWN_DUTY_OFFICER).id
    elsewhere = next(one for one in day.company.places.values() if one.posts[Who.TOWN_CHECK] not in people.cast)
    made = people.on(elsewhere.posts[Who.TOWN_CHECK])
    again = playing.set_up()[0].company.people.on(elsewhere.posts[Who.TOWN_CHECK])
    assert (made.account, made.post) == (again.account, elsewhere.posts[Who.TOWN_CHECK])
    assert place.grids
