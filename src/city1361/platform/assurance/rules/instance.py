"""The `calendar` part of the instance folder."""

from __future__ import annotations

from pathlib import Path

from city1361.base.calendar import api as calendar
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid
from city1361.base.outbox import api as outbox
from city1361.platform.assurance.rules.events import WorkingTimeChanged
from city1361.platform.assurance.rules.working_time import CalendarDeclaration
from city1361.platform.assurance.standards.instance import api as instance

FILE = "calendar.yaml"


def check_calendar(path: Path) -> list[Invalid]:
    """Every fault of `calendar.yaml`, with its line."""
    folder = instance.Folder(path)
    declared = folder.declaration(CalendarDeclaration, FILE)
    if declared is not None:
        problem = calendar.unusable(declared.rules(instance.declaration(path).timezone))
        if problem is not None:
            folder.fault(problem.code, problem.message, "instance.yaml", remedy=problem.remedy, **problem.params)
    return folder.problems


def load_calendar(path: Path) -> str:
    """Establish the working calendar; what changed, in a sentence."""
    declared = instance.Folder(path).declaration(CalendarDeclaration, FILE)
    if declared is None:
        raise Invalid("calendar_broken", "calendar.yaml 无法读取", where=FILE, remedy="运行 city1361 instance check")
    rules = declared.rules(instance.declaration(path).timezone)
    rebuilt = calendar.establish(rules, [day.value() for day in declared.days])
    if rebuilt.since is not None:
        event = WorkingTimeChanged(rebuilt.since, rebuilt.days)
        outbox.publish(event, by=By.system("实例载入", channel="command"))
    return f"工作日历 {rebuilt.days} 天有变化，节假日安排至 {calendar.covered_until()}"
