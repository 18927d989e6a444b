"""The rules of a day as pure values: limits, who takes what, duties, dated parameters. No database, no Django."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from city1361.platform.assurance.rules.terms import DutyKind, LimitUnit, ParameterKind

TOTAL = "total"
EVERYWHERE = ""
Content = dict[str, dict[str, Any]]
UNITS = {
    ParameterKind.MINUTES: LimitUnit.MINUTE,
    ParameterKind.NATURAL_HOURS: LimitUnit.NATURAL_HOUR,
    ParameterKind.WORKING_HOURS: LimitUnit.WORKING_HOUR,
    ParameterKind.WORKING_DAYS: LimitUnit.WORKING_DAY,
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: amount and unit of the working calendar."""

    amount: int
    unit: str

    @property
    def natural(self) -> bool:
        """Whether it runs through nights and holidays."""
        return self.unit in (LimitUnit.MINUTE, LimitUnit.NATURAL_HOUR)


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of a limit in several stages: 停工 4个工作时, 处罚 7个工作日, 拆除 20个工作日."""

    title: str
    limit: Limit


@dataclass(frozen=True, slots=True)
class Classification:
    """Which level must take matters of a type, who leads and assists, when they are filed and closed.

    pattern: a type's code, or the beginning of codes with `*`. grade: the grade 1–5 it is for, 0 for all.
    example: nobody has confirmed it.
    """

    pattern: str
    grade: int
    level: str
    lead_line: str
    assist_lines: tuple[str, ...]
    filing_condition: str
    closing_condition: str
    phases: tuple[Phase, ...]
    example: bool
    source: str


@dataclass(frozen=True, slots=True)
class DutyEntry:
    """A clause of a town's list of duties."""

    list: DutyKind
    clause: str
    title: str
    lead_line: str = ""
    reference: str = ""
    example: bool = False
    types: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The value of a parameter from a day until another (included); until further notice when that is None."""

    value: Any
    valid_from: date
    valid_until: date | None
    article: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated parameter."""

    code: str
    title: str
    kind: ParameterKind
    periods: tuple[Period, ...]

    def on(self, day: date) -> Period | None:
        for period in self.periods:
            if period.valid_from <= day and (period.valid_until is None or day <= period.valid_until):
                return period
        return None


@dataclass(frozen=True, slots=True)
class Book:
    """An edition, compiled: what the city laid down with what the district tightened. Looked up, never changed."""

    edition: UUID
    limits: Mapping[str, Mapping[str, Limit]]
    classifications: Mapping[tuple[str, int], Classification]
    type_limits: Mapping[tuple[str, int], Mapping[str, Mapping[str, Limit]]]
    duties: Mapping[tuple[str, str], tuple[DutyEntry, ...]]
    parameters: Mapping[str, Parameter]
    example: bool = False
    widths: tuple[int, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Library:
    """The rules of one day for one area."""

    book: Book
    on: date

    @property
    def edition(self) -> UUID:
        """A matter keeps it: the rules of its day."""
        return self.book.edition

    @property
    def example(self) -> bool:
        """Whether nobody has confirmed the general limits."""
        return self.book.example

    def total(self, type_code: str, urgency: str, grade: int = 0) -> Limit:
        """The limit from report to close."""
        return self.stage(TOTAL, type_code, urgency, grade)

    def stage(self, state: str, type_code: str, urgency: str, grade: int = 0) -> Limit:
        """The limit of one stage. Raises KeyError for a stage nobody has laid down."""
        for key in self._keys(type_code, grade):
            found = self.book.type_limits.get(key, {}).get(state, {}).get(urgency)
            if found is not None:
                return found
        return self.book.limits[state][urgency]

    def responsible(self, type_code: str, grade: int = 0) -> Classification | None:
        """Who must take matters of this type; None for a type that nobody has classified."""
        for key in self._keys(type_code, grade):
            found = self.book.classifications.get(key)
            if found is not None:
                return found
        return None

    def duty(self, town: str, type_code: str) -> DutyEntry | None:
        """The clause of this town's list, else of the list for every town; the narrower pattern first."""
        for place in (town, EVERYWHERE):
            for pattern in patterns(type_code, self.book.widths):
                for entry in self.book.duties.get((place, pattern), ()):
                    if in_force(entry.valid_from, entry.valid_until, self.on):
                        return entry
        return None

    def value(self, code: str, default: Any = None) -> Any:
        """The value of a parameter on this day; the default where it has none."""
        known = self.book.parameters.get(code)
        period = known.on(self.on) if known else None
        return default if period is None else period.value

    def limit_value(self, code: str, default: Limit) -> Limit:
        """A parameter of time as a limit."""
        known = self.book.parameters.get(code)
        period = known.on(self.on) if known else None
        if known is None or period is None or known.kind not in UNITS:
            return default
        return Limit(int(period.value), UNITS[known.kind])

    @property
    def returns_before_ruling(self) -> int:
        """The return that brings the upper centre's ruling."""
        return int(self.value("returns_before_ruling", 2))

    @property
    def ruling_limit(self) -> Limit:
        """How long a dispute may last before the upper centre rules."""
        return self.limit_value("ruling_limit", Limit(4, LimitUnit.WORKING_HOUR))

    def _keys(self, type_code: str, grade: int) -> Iterator[tuple[str, int]]:
        for pattern in patterns(type_code, self.book.widths):
            if grade:
                yield (pattern, grade)
            yield (pattern, 0)


def patterns(type_code: str, widths: tuple[int, ...]) -> Iterator[str]:
    """The patterns a type may stand under, the narrowest first."""
    yield type_code
    for width in widths:
        if width <= len(type_code):
            yield f"{type_code[:width]}*"


def in_force(since: date | None, until: date | None, day: date) -> bool:
    return (since is None or since <= day) and (until is None or day <= until)
