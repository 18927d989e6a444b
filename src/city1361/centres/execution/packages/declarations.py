"""`matters.yaml` of the instance folder: categories, limits, marks. Types come with packages. Checked without the
database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from city1361.base.kernel.errors import Missing
from city1361.centres.execution.packages import packaged
from city1361.centres.execution.terms import OPEN_STATES, Channel
from city1361.platform.applications.packages import api as packages
from city1361.platform.assurance.standards.codes import api as codes
from city1361.platform.assurance.standards.instance.api import BrokenInstance, Declaration, Folder

FILE = "matters.yaml"
CODE = r"^[a-z][a-z0-9_]*$"


class LimitEntry(Declaration):
    """A limit."""

    amount: int = Field(ge=1, le=10_000)
    unit: Literal["minute", "natural_hour", "working_hour", "working_day"]


class LimitsByUrgency(Declaration):
    """One limit for each urgency."""

    normal: LimitEntry
    pressing: LimitEntry
    urgent: LimitEntry


class Stages(Declaration):
    """Limits of the stages, by the state in which the stage is."""

    verifying: LimitsByUrgency
    reported: LimitsByUrgency
    dispatching: LimitsByUrgency
    admitted: LimitsByUrgency
    designating: LimitsByUrgency
    handling: LimitsByUrgency
    close_requested: LimitsByUrgency
    checked: LimitsByUrgency


class Limits(Declaration):
    """The general limits; those of single types stand in the rules that packages bring."""

    total: LimitsByUrgency
    stages: Stages


class CategoryEntry(Declaration):
    """A large button of the phone page. majors: major classes of the national list that stand under it; codes: single
    national codes that do so against their major."""

    code: str = Field(pattern=CODE)
    name: str = Field(min_length=1, max_length=5)
    icon: str = Field(min_length=1)
    default_type: str
    majors: list[str] = Field(default_factory=list)
    codes: list[str] = Field(default_factory=list)


class NationalTypes(Declaration):
    """Which list the national types are taken from."""

    standard: str
    kind: str


class Recurrence(Declaration):
    """The same type within so many days and metres is linked as 反复."""

    days: int = Field(ge=1, le=366)
    metres: int = Field(ge=1, le=5000)


class MattersDeclaration(Declaration):
    """`matters.yaml`. `example: true` marks limits nobody has confirmed: shown wherever they are.

    verify_before_filing: reports of these channels are looked at on the spot before they are filed, unless urgent.
    returns_before_ruling, dispute: the return, or the time after one, that brings the upper centre's ruling.
    """

    example: bool
    source: str
    number_prefix: str = Field(pattern=r"^[A-Z]{1,4}$")
    national: NationalTypes
    categories: list[CategoryEntry] = Field(min_length=1, max_length=12)
    limits: Limits
    recurrence: Recurrence
    sensitive: list[str] = Field(default_factory=list)
    external_systems: dict[str, str] = Field(default_factory=dict)
    verify_before_filing: list[Channel] = Field(default_factory=list)
    returns_before_ruling: int = Field(default=2, ge=1, le=5)
    dispute: LimitEntry = LimitEntry(amount=4, unit="working_hour")


def check_matters(path: Path) -> list[Any]:
    """Everything wrong with the section, by line."""
    folder = Folder(path)
    _read(folder)
    return list(folder.problems)


def read_matters(path: Path) -> MattersDeclaration:
    """The declaration. Raises BrokenInstance."""
    folder = Folder(path)
    declared = _read(folder)
    if declared is None or folder.problems:
        raise BrokenInstance(folder.problems)
    return declared


def _read(folder: Folder) -> MattersDeclaration | None:
    declared = folder.declaration(MattersDeclaration, FILE)
    if declared is None:
        return None
    try:
        national, types = _national(folder.path, declared), _types(folder.path)
    except (BrokenInstance, Missing):
        return None  # the sections `codes` and `packages` say what is wrong
    _check(folder, declared, national, types)
    return declared


def _national(path: Path, declared: MattersDeclaration) -> frozenset[str]:
    """The codes of the national list."""
    return frozenset(
        fact.code
        for table, facts in codes.read_codes(path)
        if table.standard == declared.national.standard
        for fact in facts
        if fact.kind == declared.national.kind
    )


def _types(path: Path) -> frozenset[str]:
    """The codes of the types that the packages of this city bring."""
    return frozenset(packaged.type_codes(packages.listed(path).values()))


@dataclass(frozen=True, slots=True)
class _Check:
    """The faults of one file, each at the line of what is wrong."""

    folder: Folder
    national: frozenset[str]
    types: frozenset[str]

    def fault(self, code: str, message: str, /, *place: int | str, remedy: str = "请核对代码", **params: Any) -> None:
        self.folder.fault(code, message, FILE, self.folder.line_of(FILE, *place), remedy=remedy, **params)

    def national_code(self, code: str, *place: int | str) -> None:
        if code not in self.national:
            self.fault("national_code_unknown", "国家标准中没有代码“{code}”", *place, code=code)

    def type_code(self, code: str, *place: int | str) -> None:
        if code not in self.types:
            self.fault("type_unknown", "没有类型“{code}”", *place, code=code)


def _check(folder: Folder, declared: MattersDeclaration, national: frozenset[str], types: frozenset[str]) -> None:
    check = _Check(folder, national, types)
    if not national:
        standard = declared.national.standard
        check.fault(
            "national_missing",
            "没有国家标准代码表“{standard}”",
            "national",
            remedy="请核对codes分区",
            standard=standard,
        )
    for i, category in enumerate(declared.categories):
        check.type_code(category.default_type, "categories", i, "default_type")
        for j, code in enumerate(category.codes):
            check.national_code(code, "categories", i, "codes", j)


def compile_rules(declared: MattersDeclaration) -> dict[str, Any]:
    """The rules as they are kept in the database."""
    stages = declared.limits.stages.model_dump(mode="json")
    return {
        "number_prefix": declared.number_prefix,
        "example": declared.example,
        "categories": [
            one.model_dump(include={"code", "name", "icon", "default_type", "majors", "codes"})
            for one in declared.categories
        ],
        "limits": {
            "total": declared.limits.total.model_dump(mode="json"),
            **{state.value: stages[state.value] for state in OPEN_STATES},
        },
        "recurrence_days": declared.recurrence.days,
        "recurrence_metres": declared.recurrence.metres,
        "sensitive": declared.sensitive,
        "systems": declared.external_systems,
        "verify_before_filing": [channel.value for channel in declared.verify_before_filing],
        "returns_before_ruling": declared.returns_before_ruling,
        "dispute": declared.dispute.model_dump(mode="json"),
    }
