"""The door of the rules."""

from city1361.platform.assurance.rules.actions import calendar_override, calendar_rebuild
from city1361.platform.assurance.rules.instance import check_calendar, load_calendar
from city1361.platform.assurance.rules.terms import Permission, WorkingTimeChanged

__all__ = [
    "Permission",
    "WorkingTimeChanged",
    "calendar_override",
    "calendar_rebuild",
    "check_calendar",
    "load_calendar",
]
