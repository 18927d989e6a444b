"""What the city has laid down for matters, in memory: categories, limits, levels. Pure values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from city1361.centres.execution.terms import MatterState, Urgency

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: amount and unit of the working calendar (minute, natural_hour, working_hour, working_day)."""

    amount: int
    unit: str

    @property
    def natural(self) -> bool:
        """Whether it runs through nights and holidays."""
        return self.unit in ("minute", "natural_hour")


@dataclass(frozen=True, slots=True)
class Category:
    """A large button of the phone page. majors, codes: the national classes and codes that stand under it."""

    code: str
    name: str
    icon: str
    default_type: str
    majors: Sequence[str] = ()
    codes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """The compiled rules. `limits` by clock (total or a state), then by urgency: those of the city, where the rules in
    force say nothing.

    example: nobody has confirmed the limits; every page that shows one says so.
    """

    number_prefix: str
    example: bool
    categories: tuple[Category, ...]
    limits: Mapping[str, Mapping[str, Limit]]
    recurrence_days: int
    recurrence_metres: int
    sensitive: tuple[str, ...]
    systems: Mapping[str, str]
    verify_channels: tuple[str, ...] = ()
    returns_before_ruling: int = 2
    dispute: Limit = Limit(4, "working_hour")

    def total(self, type_code: str, urgency: Urgency) -> Limit:
        """The limit from report to close."""
        return self._limit(TOTAL, urgency)

    def stage(self, state: MatterState, type_code: str, urgency: Urgency) -> Limit:
        """The limit of one stage."""
        return self._limit(state.value, urgency)

    def _limit(self, which: str, urgency: Urgency) -> Limit:
        return self.limits[which][urgency.value]


def rules_from(content: Mapping[str, Any]) -> Rules:
    """The rules as they are kept in the database."""
    return Rules(
        number_prefix=content["number_prefix"],
        example=content["example"],
        categories=tuple(Category(**entry) for entry in content["categories"]),
        limits=_limits(content["limits"]),
        recurrence_days=content["recurrence_days"],
        recurrence_metres=content["recurrence_metres"],
        sensitive=tuple(content["sensitive"]),
        systems=content["systems"],
        verify_channels=tuple(content.get("verify_before_filing", ())),
        returns_before_ruling=content.get("returns_before_ruling", 2),
        dispute=Limit(**content.get("dispute", {"amount": 4, "unit": "working_hour"})),
    )


def _limits(content: Mapping[str, Any]) -> dict[str, dict[str, Limit]]:
    return {which: {urgency: Limit(**limit) for urgency, limit in by.items()} for which, by in content.items()}
