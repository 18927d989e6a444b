"""How rules are kept (sections of keyed entries, JSON) and how they must look. Pure: no database, no Django."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from city1361.platform.assurance.rules.terms import DutyKind, LimitUnit, ParameterKind
from city1361.platform.assurance.rules.values import Content

LIMITS, CLASSIFICATIONS, DUTIES, PARAMETERS = "limits", "classifications", "duties", "parameters"
SECTIONS = (LIMITS, CLASSIFICATIONS, DUTIES, PARAMETERS)
URGENCIES = ("normal", "pressing", "urgent")
PATTERN = r"^([A-Z0-9]{3,8}|[A-Z0-9]{1,7}\*)$"
STAGE = r"^[a-z][a-z_]{1,39}$"
CODE = r"^[a-z][a-z0-9_]{1,59}$"
FOREVER = date.max
Level = Literal["grid", "village", "town", "district", "city"]
Urgency = Literal["normal", "pressing", "urgent"]
Stage = Annotated[str, Field(pattern=STAGE)]
Type = Annotated[str, Field(pattern=PATTERN)]
Types = Annotated[list[Type], Field(min_length=1, max_length=300)]


class Strict(BaseModel):
    """Nothing beyond what is named. origin: the package, or the city's own folder, an entry came with; decided: the
    approved proposal that laid it down since, which no package overwrites."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _written(value: Any) -> Any:
    """`2 working_day` is as good as a mapping."""
    if isinstance(value, str):
        amount, _, unit = value.strip().partition(" ")
        return {"amount": amount, "unit": unit.strip()}
    return value


class LimitEntry(Strict):
    """A limit."""

    amount: int = Field(ge=1, le=10_000)
    unit: LimitUnit


LimitText = Annotated[LimitEntry, BeforeValidator(_written)]


class GeneralLimits(Strict):
    """One limit for each urgency: a general limit has no hole."""

    normal: LimitText
    pressing: LimitText
    urgent: LimitText
    example: bool = True
    source: str = Field(default="", max_length=300)
    origin: str = ""
    decided: str = ""


class PhaseEntry(Strict):
    """One stretch of a limit in several stages."""

    title: str = Field(min_length=1, max_length=40)
    limit: LimitText


class ClassificationEntry(Strict):
    """Who must take a type; limits where they differ from the general ones, by clock (total or a stage) and urgency."""

    level: Level
    lead_line: str = Field(min_length=1, max_length=40)
    assist_lines: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field(default_factory=list, max_length=12)
    limits: dict[Stage, dict[Urgency, LimitText]] = Field(default_factory=dict)
    phases: list[PhaseEntry] = Field(default_factory=list, max_length=6)
    filing_condition: str = Field(default="", max_length=400)
    closing_condition: str = Field(default="", max_length=400)
    example: bool = True
    source: str = Field(min_length=1, max_length=300)
    origin: str = ""
    decided: str = ""


class DutyEntry(Strict):
    """A clause of a list of duties. town: the code of the town, empty for every town. valid_until is the last day."""

    list: DutyKind
    town: str = Field(default="", pattern=r"^([0-9]{9})?$")
    clause: str = Field(min_length=1, max_length=60)
    title: str = Field(min_length=1, max_length=120)
    text: str = Field(default="", max_length=600)
    lead_line: str = Field(default="", max_length=40)
    types: Types
    reference: str = Field(min_length=1, max_length=300)
    valid_from: date
    valid_until: date | None = None
    example: bool = True
    origin: str = ""
    decided: str = ""

    @model_validator(mode="after")
    def _sound(self) -> DutyEntry:
        if self.list is DutyKind.ASSISTING and not self.lead_line:
            raise ValueError("an assisting duty names the line that leads (lead_line)")
        _ordered(self.valid_from, self.valid_until)
        return self


class PeriodEntry(Strict):
    """The value of a parameter for a time. article: the clause of the rule; valid_until is the last day."""

    value: bool | int | float | str
    valid_from: date
    valid_until: date | None = None
    article: str = Field(min_length=1, max_length=120)
    source: str = Field(min_length=1, max_length=300)
    verified: bool = False

    @model_validator(mode="after")
    def _sound(self) -> PeriodEntry:
        _ordered(self.valid_from, self.valid_until)
        return self


class ParameterEntry(Strict):
    """A dated parameter: its periods follow each other without a hole and without an overlap."""

    title: str = Field(min_length=1, max_length=80)
    kind: ParameterKind
    periods: list[PeriodEntry] = Field(min_length=1, max_length=60)
    origin: str = ""
    decided: str = ""

    @model_validator(mode="after")
    def _typed(self) -> ParameterEntry:
        for period in self.periods:
            if not fits(period.value, self.kind):
                raise ValueError(f"{period.value!r} is not {self.kind.value}")
        return self


MODELS: dict[str, type[Strict]] = {
    LIMITS: GeneralLimits,
    CLASSIFICATIONS: ClassificationEntry,
    DUTIES: DutyEntry,
    PARAMETERS: ParameterEntry,
}


def fits(value: Any, kind: ParameterKind) -> bool:
    """Whether a value is of the kind."""
    if kind is ParameterKind.BOOLEAN:
        return isinstance(value, bool)
    if kind is ParameterKind.TEXT:
        return isinstance(value, str) and bool(value.strip())
    if kind is ParameterKind.NUMBER:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 100_000


def _ordered(since: date, until: date | None) -> None:
    if until is not None and until < since:
        raise ValueError("valid_until is before valid_from")


def classification_key(pattern: str, grade: int = 0) -> str:
    return f"{pattern}@{grade}" if grade else pattern


def split_key(key: str) -> tuple[str, int]:
    """The pattern and the grade of a classification's key."""
    pattern, _, grade = key.partition("@")
    return pattern, int(grade or 0)


def normal(section: str, entry: Any) -> tuple[dict[str, Any] | None, list[tuple[tuple[Any, ...], str]]]:
    """The entry in the one form it is kept in, or what is wrong with it: place and reason."""
    try:
        made = MODELS[section].model_validate(entry)
    except ValidationError as error:
        return None, [(detail["loc"], detail["msg"]) for detail in error.errors(include_url=False)]
    return made.model_dump(mode="json"), []


def empty() -> Content:
    return {section: {} for section in SECTIONS}


def digest(content: Any, *, area: str, base: str) -> str:
    """What an edition is addressed by: the digest of what it says, for where and over which other."""
    said = json.dumps([area, base, content], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


class _DistrictType(Strict):
    """What a district may say of a type. Its level, when it repeats it, is compared with the city's."""

    level: Level | None = None
    limits: dict[Stage, dict[Urgency, LimitText]] = Field(min_length=1)


_GENERAL: TypeAdapter[dict[Urgency, LimitEntry]] = TypeAdapter(dict[Urgency, LimitText])


def limits_only(section: str, entry: Any) -> tuple[dict[str, Any] | None, list[tuple[tuple[Any, ...], str]]]:
    """What a district says: limits and nothing else."""
    try:
        if section == LIMITS:
            return _GENERAL.dump_python(_GENERAL.validate_python(entry), mode="json"), []
        made = _DistrictType.model_validate(entry)
    except ValidationError as error:
        return None, [(detail["loc"], detail["msg"]) for detail in error.errors(include_url=False)]
    return made.model_dump(mode="json", exclude_none=True), []
