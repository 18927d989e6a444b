"""What the rules tell those who listen."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from city1361.base.outbox.api import Event


@dataclass(frozen=True, slots=True)
class RulesPublished(Event):
    """A new edition applies from a day on; `area` is empty for the city's own."""

    name = "rules.published"
    edition: str
    area: str
    valid_from: datetime.date


@dataclass(frozen=True, slots=True)
class ProposalDecided(Event):
    """A proposed change of the rules was approved, rejected or withdrawn."""

    name = "rules.proposal_decided"
    proposal: str
    state: str


@dataclass(frozen=True, slots=True)
class WorkingTimeChanged(Event):
    """Days from `since` on are worked differently: limits counted over them have moved."""

    name = "rules.working_time_changed"
    since: datetime.date
    days: int
