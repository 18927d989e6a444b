"""The city's working time: read from its folder, changed by officials, always with evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from city1361 import configuration
from city1361.base.calendar import api as calendar
from city1361.base.calendar.api import DayKind, NamedDay
from city1361.base.evidence.models import EvidenceEntry
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid, Missing
from city1361.base.outbox.models import OutboxEvent
from city1361.platform.assurance.rules import api as rules
from city1361.platform.assurance.rules.commands import calendar_group

ZONE = ZoneInfo("Asia/Shanghai")
INSTANCE = """\
code: trial
name: 试验市
namespace: 7d4b1f0e-3c52-5d1a-8f0b-00000000d1e7
timezone: {timezone}
languages: [zh-hans]
synthetic: true
files: []
"""
CALENDAR = """\
hours:
  - since: 2025-01-01
    morning: "09:00-12:00"
    afternoon: "14:00-18:00"
    source: 示例
    example: true
  - since: 2026-12-01
    morning: "08:30-12:00"
    afternoon: "14:00-17:30"
    source: 市政府通知
working_day: next_day
years_ahead: 2
days:
  - date: 2026-11-27
    kind: half_day_am
    name: 校庆
    source: 示例
"""
SYSTEM = By.system("测试", channel="command")
CLOSED = NamedDay(date(2026, 11, 24), DayKind.HOLIDAY, "应急停工", "应急通知〔2026〕1号")


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(datetime(2026, 11, 23, 4, 0, tzinfo=UTC)):
        yield


def folder(path: Path, text: str = CALENDAR, timezone: str = "Asia/Shanghai") -> Path:
    (path / "instance.yaml").write_text(INSTANCE.format(timezone=timezone), "utf-8")
    (path / "calendar.yaml").write_text(text, "utf-8")
    return path


@pytest.fixture
def loaded(db: None, tmp_path: Path) -> str:
    OutboxEvent.objects.filter(
        name="rules.working_time_changed"
    ).delete()  # those of the tiny city, told on another day
    return rules.load_calendar(folder(tmp_path))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def told() -> list[tuple[str, dict[str, object]]]:
    events = OutboxEvent.objects.filter(name="rules.working_time_changed").order_by("id")
    return [(event.name, event.payload) for event in events]


def test_the_folder_becomes_the_working_calendar(loaded: str) -> None:
    assert calendar.add_working_minutes(at("2026-11-27 11:30"), 60) == at("2026-11-30 09:30")
    assert calendar.add_working_minutes(at("2026-11-30 17:30"), 60) == at("2026-12-01 09:00")
    assert calendar.covered_until() >= date(2026, 12, 31)


def test_a_folder_loaded_again_tells_from_which_day_on_work_changed(loaded: str, tmp_path: Path) -> None:
    before = len(told())
    assert "0 天有变化" in rules.load_calendar(tmp_path)
    assert len(told()) == before
    rules.load_calendar(folder(tmp_path, CALENDAR.replace("2026-11-27", "2026-11-26")))
    assert told()[-1][1] == {"since": "2026-11-26", "days": 2}


def test_a_sound_folder_has_no_faults(tmp_path: Path) -> None:
    assert rules.check_calendar(folder(tmp_path)) == []


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("kind: half_day_am", "kind: half_day", "calendar.yaml:15"),
        ("source: 市政府通知", "sauce: 市政府通知", "calendar.yaml:10"),
        ('morning: "09:00-12:00"', 'morning: "12:00-09:00"', "calendar.yaml:3"),
        ('morning: "09:00-12:00"', 'morning: "09:00-15:00"', "calendar.yaml:2"),
        ('morning: "09:00-12:00"', "morning: 早上", "calendar.yaml:3"),
        ('afternoon: "14:00-18:00"', 'afternoon: "14:00-18:75"', "calendar.yaml:4"),
        ("since: 2026-12-01", "since: 2024-12-01", "calendar.yaml:1"),
        ("date: 2026-11-27", "date: 2026-11-31", "calendar.yaml:14"),
        ("years_ahead: 2", "years_ahead: 200", "calendar.yaml:12"),
        ("days:", "holidays:", "calendar.yaml:13"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, old: str, new: str, where: str) -> None:
    assert old in CALENDAR
    problems = rules.check_calendar(folder(tmp_path, CALENDAR.replace(old, new, 1)))
    assert where in [problem.where for problem in problems]
    assert all(problem.remedy for problem in problems)


def test_a_zone_with_summer_time_is_a_fault_of_the_folder(tmp_path: Path) -> None:
    problems = rules.check_calendar(folder(tmp_path, timezone="Europe/Berlin"))
    assert [problem.where for problem in problems] == ["instance.yaml"]
    assert "Europe/Berlin" in str(problems[0])


@pytest.mark.parametrize("name", ["chongqing", "tiny"])
def test_the_shipped_folders_are_sound(name: str) -> None:
    assert rules.check_calendar(configuration.shipped("instances") / name) == []


def test_an_override_leaves_evidence_and_tells_who_counts_limits(loaded: str) -> None:
    before = EvidenceEntry.objects.count()
    rebuilt = rules.calendar_override(by=SYSTEM, days=[CLOSED])
    assert (rebuilt.days, rebuilt.since) == (1, CLOSED.date)
    assert not calendar.is_workday(CLOSED.date)
    assert EvidenceEntry.objects.count() == before + 1
    assert told()[-1][1] == {"since": "2026-11-24", "days": 1}
    rules.calendar_override(by=SYSTEM, restored=[CLOSED.date])
    assert calendar.is_workday(CLOSED.date)


def test_without_the_permission_nothing_happens(loaded: str) -> None:
    stranger = By(account=UUID(int=9), label="居民", channel="web")
    with pytest.raises(Missing):
        rules.calendar_override(by=stranger, days=[CLOSED])
    assert calendar.is_workday(CLOSED.date)


@pytest.mark.parametrize(
    ("days", "restored", "code"),
    [
        ([NamedDay(date(2019, 1, 1), DayKind.HOLIDAY, "元旦", "通知")], [], "calendar_outside"),
        ([CLOSED], [CLOSED.date], "calendar_day_twice"),
        ([CLOSED, CLOSED], [], "calendar_day_twice"),
        ([NamedDay(CLOSED.date, DayKind.HOLIDAY, "停工", " ")], [], "calendar_without_source"),
    ],
)
def test_a_wrong_override_is_refused(loaded: str, days: list[NamedDay], restored: list[date], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        rules.calendar_override(by=SYSTEM, days=days, restored=restored)
    assert caught.value.code == code
    assert calendar.entered_days().keys() == {date(2026, 11, 27)}


def test_rebuilding_without_a_change_leaves_no_trace(loaded: str) -> None:
    entries, events = EvidenceEntry.objects.count(), told()
    assert rules.calendar_rebuild(by=SYSTEM).days == 0
    assert (EvidenceEntry.objects.count(), told()) == (entries, events)
    with clock.frozen(datetime(2027, 1, 1, 0, 0, tzinfo=ZONE)):
        assert rules.calendar_rebuild(by=SYSTEM).since == date(2029, 1, 1)


def test_the_permission_is_declared() -> None:
    assert "rules.override_calendar" in registry.permissions()


def test_the_command_line_shows_and_changes_days(loaded: str) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(calendar_group, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    assert "2026-11-27 班 校庆（示例）" in run("show", "--days", "7")
    assert "2026-11-24" in run("override", "2026-11-24", "holiday", "应急停工", "--source", "通知")
    assert "2026-11-24 休 应急停工（通知）" in run("show", "--days", "7")
    assert "2026-11-24" in run("restore", "2026-11-24")
    assert "2027-12-31" in run("announced", "2027-12-31")
    assert "没有变化" in run("rebuild")
