"""Words of the rules."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What may be done here."""

    OVERRIDE_CALENDAR = "rules.override_calendar"
    READ_RULE = "rules.read_rule"
    PROPOSE_RULE = "rules.propose_rule"
    APPROVE_RULE = "rules.approve_rule"


class LimitUnit(StrEnum):
    """How a limit is counted."""

    MINUTE = "minute"
    NATURAL_HOUR = "natural_hour"
    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"


class ParameterKind(StrEnum):
    """What a dated parameter holds."""

    MINUTES = "minutes"
    NATURAL_HOURS = "natural_hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    DAYS = "days"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"


class DutyKind(StrEnum):
    """The three lists of a town's duties."""

    BASIC = "basic"
    ASSISTING = "assisting"
    RECLAIMED = "reclaimed"


class ProposalState(StrEnum):
    """What became of a proposed change."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
