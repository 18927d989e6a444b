"""The limits that hold for a matter: those of its day. Until rules were published, those of the instance's matters.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.timezone import get_default_timezone

from city1361.base.kernel.errors import Missing, Unavailable
from city1361.centres.execution import queries
from city1361.centres.execution.models import Matter
from city1361.centres.execution.rules import Limit, Rules
from city1361.centres.execution.terms import MatterState, Urgency
from city1361.platform.assurance.rules import api as rules


@dataclass(frozen=True, slots=True)
class LaidDown:
    """The library of a day, as clocks ask it; a stage it says nothing of has the city's own limit."""

    library: rules.Library
    own: Rules
    grade: int = 0

    @property
    def edition(self) -> UUID:
        return self.library.edition

    @property
    def example(self) -> bool:
        return self.library.example

    @property
    def returns_before_ruling(self) -> int:
        return self.library.returns_before_ruling

    @property
    def dispute(self) -> Limit:
        found = self.library.ruling_limit
        return Limit(found.amount, str(found.unit))

    def total(self, type_code: str, urgency: Urgency) -> Limit:
        """The limit from report to close."""
        found = self.library.total(type_code, urgency.value, self.grade)
        return Limit(found.amount, str(found.unit))

    def stage(self, state: MatterState, type_code: str, urgency: Urgency) -> Limit:
        """The limit of one stage."""
        try:
            found = self.library.stage(state.value, type_code, urgency.value, self.grade)
        except KeyError:
            return self.own.stage(state, type_code, urgency)
        return Limit(found.amount, str(found.unit))


def of_matter(row: Matter) -> LaidDown | Rules:
    """The rules of the day it was reported on: later editions change nothing for it."""
    own, on = queries.rules(), day_of(row)
    if row.rules_edition is None:
        return own
    try:
        return LaidDown(rules.edition_library(row.rules_edition, on), own, row.level or 0)
    except Missing:
        return own


def of_today(row: Matter) -> LaidDown | Rules:
    """The rules for a matter that is reported now; it keeps their edition."""
    try:
        found = LaidDown(rules.library(day_of(row), row.town_id), queries.rules())
        found.total(row.type_id, Urgency(row.urgency))
    except (Unavailable, KeyError):
        return queries.rules()
    row.rules_edition = found.edition
    return found


def day_of(row: Matter) -> date:
    """The day by whose rules a matter is dealt with."""
    return row.reported_at.astimezone(get_default_timezone()).date()
