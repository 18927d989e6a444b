"""The door of the rules."""

from city1361.platform.assurance.rules.actions import calendar_override, calendar_rebuild
from city1361.platform.assurance.rules.events import ProposalDecided, RulesPublished, WorkingTimeChanged
from city1361.platform.assurance.rules.instance import check_calendar, load_calendar
from city1361.platform.assurance.rules.proposing import Change, rule_approve, rule_propose, rule_reject, rule_withdraw
from city1361.platform.assurance.rules.publishing import (
    check_package,
    check_section,
    load_package,
    load_section,
    package_patterns,
    withdraw_package,
)
from city1361.platform.assurance.rules.queries import duty, edition_library, library
from city1361.platform.assurance.rules.registered import Asked, MatterWords, Preview, matter_words, register_matters
from city1361.platform.assurance.rules.terms import (
    DutyKind,
    LimitUnit,
    ParameterKind,
    Permission,
    ProposalState,
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
    "Asked",
    "Change",
    "Classification",
    "DutyEntry",
    "DutyKind",
    "Library",
    "Limit",
    "LimitUnit",
    "MatterWords",
    "Parameter",
    "ParameterKind",
    "Permission",
    "Phase",
    "Preview",
    "ProposalDecided",
    "ProposalState",
    "RulesPublished",
    "WorkingTimeChanged",
    "calendar_override",
    "calendar_rebuild",
    "check_calendar",
    "check_package",
    "check_section",
    "duty",
    "edition_library",
    "library",
    "load_calendar",
    "load_package",
    "load_section",
    "matter_words",
    "package_patterns",
    "register_matters",
    "rule_approve",
    "rule_propose",
    "rule_reject",
    "rule_withdraw",
    "withdraw_package",
]
