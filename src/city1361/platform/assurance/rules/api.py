"""The door of the rules."""

from city1361.platform.assurance.rules.actions import calendar_override, calendar_rebuild
from city1361.platform.assurance.rules.instance import check_calendar, load_calendar
from city1361.platform.assurance.rules.queries import duty, edition_library, library
from city1361.platform.assurance.rules.terms import (
    DutyKind,
    LimitUnit,
    ParameterKind,
    Permission,
    ProposalDecided,
    ProposalState,
    RulesPublished,
    WorkingTimeChanged,
)
from city1361.platform.assurance.rules.values import (
    Classification,
    DutyEntry,
    Library,
    Limit,
    Parameter,
    Phase,
)

__all__ = [
    "Classification",
    "DutyEntry",
    "DutyKind",
    "Library",
    "Limit",
    "LimitUnit",
    "Parameter",
    "ParameterKind",
    "Permission",
    "Phase",
    "ProposalDecided",
    "ProposalState",
    "RulesPublished",
    "WorkingTimeChanged",
    "calendar_override",
    "calendar_rebuild",
    "check_calendar",
    "duty",
    "edition_library",
    "library",
    "load_calendar",
]
