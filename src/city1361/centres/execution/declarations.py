"""`matters.yaml` of the instance folder: categories, own types, limits. Read and checked without the database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from city1361.centres.execution.terms import OPEN_STATES, Urgency
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


class TypeLimit(Declaration):
    """Limits of one type where they differ; what is not named follows the general ones."""

    type: str
    total: dict[Urgency, LimitEntry] = Field(default_factory=dict)
    handling: dict[Urgency, LimitEntry] = Field(default_factory=dict)


class Limits(Declaration):
    """All limits."""

    total: LimitsByUrgency
    stages: Stages
    types: list[TypeLimit] = Field(default_factory=list)


class CategoryEntry(Declaration):
    """A large button of the phone page. majors: major classes of the national list that stand under it; codes: single
    national codes that do so against their major."""

    code: str = Field(pattern=CODE)
    name: str = Field(min_length=1, max_length=5)
    icon: str = Field(min_length=1)
    default_type: str
    majors: list[str] = Field(default_factory=list)
    codes: list[str] = Field(default_factory=list)


class OwnType(Declaration):
    """A type of the city's own. national: the code it corresponds to, if any."""

    code: str = Field(pattern=r"^[A-Z][0-9]{2,4}$")
    name: str = Field(min_length=1, max_length=30)
    class_name: str = Field(min_length=1, max_length=30)
    category: str
    national: str = ""


class NationalTypes(Declaration):
    """Which list the national types are taken from."""

    standard: str
    kind: str


class Recurrence(Declaration):
    """The same type within so many days and metres is linked as 反复."""

    days: int = Field(ge=1, le=366)
    metres: int = Field(ge=1, le=5000)


class MattersDeclaration(Declaration):
    """`matters.yaml`. `example: true` marks limits nobody has confirmed: shown wherever they are."""

    example: bool
    source: str
    number_prefix: str = Field(pattern=r"^[A-Z]{1,4}$")
    national: NationalTypes
    categories: list[CategoryEntry] = Field(min_length=1, max_length=12)
    types: list[OwnType] = Field(default_factory=list)
    limits: Limits
    recurrence: Recurrence
    sensitive: list[str] = Field(default_factory=list)
    external_systems: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NationalCode:
    """A code of the national list."""

    standard: str
    kind: str
    code: str
    name: str
    class_name: str
    verified: bool


def check_matters(path: Path) -> list[Any]:
    """Everything wrong with the section, by line."""
    folder = Folder(path)
    _read(folder)
    return list(folder.problems)


def read_matters(path: Path) -> tuple[MattersDeclaration, list[dict[str, Any]]]:
    """The declaration and the types it makes. Raises BrokenInstance."""
    folder = Folder(path)
    declared = _read(folder)
    if declared is None or folder.problems:
        raise BrokenInstance(folder.problems)
    return declared, expand_types(declared, _national(folder.path, declared))


def _read(folder: Folder) -> MattersDeclaration | None:
    declared = folder.declaration(MattersDeclaration, FILE)
    if declared is None:
        return None
    try:
        national = _national(folder.path, declared)
    except BrokenInstance:
        return None  # the section `codes` says what is wrong
    _check(folder, declared, national)
    return declared


def _national(path: Path, declared: MattersDeclaration) -> list[NationalCode]:
    return [
        NationalCode(table.standard, fact.kind, fact.code, fact.name, fact.class_name, table.verified)
        for table, facts in codes.read_codes(path)
        if table.standard == declared.national.standard
        for fact in facts
        if fact.kind == declared.national.kind
    ]


@dataclass(frozen=True, slots=True)
class _Check:
    """The faults of one file, each at the line of what is wrong."""

    folder: Folder
    national: frozenset[str]
    every: frozenset[str]
    categories: frozenset[str]

    def fault(self, code: str, message: str, /, *place: int | str, remedy: str = "请核对代码", **params: Any) -> None:
        self.folder.fault(code, message, FILE, self.folder.line_of(FILE, *place), remedy=remedy, **params)

    def national_code(self, code: str, *place: int | str) -> None:
        if code not in self.national:
            self.fault("national_code_unknown", "国家标准中没有代码“{code}”", *place, code=code)

    def type_code(self, code: str, *place: int | str) -> None:
        if code not in self.every:
            self.fault("type_unknown", "没有类型“{code}”", *place, code=code)

    def category(self, code: str, *place: int | str) -> None:
        if code not in self.categories:
            self.fault(
                "category_unknown", "未知的类别“{category}”", *place, remedy="请在categories中登记", category=code
            )


def _check(folder: Folder, declared: MattersDeclaration, national: list[NationalCode]) -> None:
    known, own = frozenset(code.code for code in national), [entry.code for entry in declared.types]
    check = _Check(folder, known, known | frozenset(own), frozenset(entry.code for entry in declared.categories))
    if not national:
        standard = declared.national.standard
        check.fault(
            "national_missing",
            "没有国家标准代码表“{standard}”",
            "national",
            remedy="请核对codes分区",
            standard=standard,
        )
    for i, entry in enumerate(declared.types):
        check.category(entry.category, "types", i, "category")
        if entry.national:
            check.national_code(entry.national, "types", i, "national")
        if own.index(entry.code) != i:
            check.fault("type_twice", "类型代码“{code}”重复", "types", i, "code", remedy="请另取代码", code=entry.code)
    for i, category in enumerate(declared.categories):
        check.type_code(category.default_type, "categories", i, "default_type")
        for j, code in enumerate(category.codes):
            check.national_code(code, "categories", i, "codes", j)
    for i, limit in enumerate(declared.limits.types):
        check.type_code(limit.type, "limits", "types", i, "type")


def expand_types(declared: MattersDeclaration, national: list[NationalCode]) -> list[dict[str, Any]]:
    """Every type as the fields of its row: the national ones under their code, then the city's own."""
    last = declared.categories[-1].code
    by_major = {major: entry.code for entry in declared.categories for major in entry.majors}
    by_code = {code: entry.code for entry in declared.categories for code in entry.codes}
    made = [
        {
            "code": code.code,
            "name": code.name,
            "class_name": code.class_name,
            "category": by_code.get(code.code) or by_major.get(code.code[:2], last),
            "national_standard": code.standard,
            "national_kind": code.kind,
            "national_code": code.code,
            "verified": code.verified,
        }
        for code in national
    ]
    there = {code.code: code for code in national}
    for entry in declared.types:
        known = there.get(entry.national)
        made.append(
            {
                "code": entry.code,
                "name": entry.name,
                "class_name": entry.class_name,
                "category": entry.category,
                "national_standard": known.standard if known else "",
                "national_kind": known.kind if known else "",
                "national_code": entry.national,
                "verified": False,
            }
        )
    return made


def compile_rules(declared: MattersDeclaration) -> dict[str, Any]:
    """The rules as they are kept in the database."""
    stages = declared.limits.stages.model_dump(mode="json")
    return {
        "number_prefix": declared.number_prefix,
        "example": declared.example,
        "categories": [
            {"code": one.code, "name": one.name, "icon": one.icon, "default_type": one.default_type}
            for one in declared.categories
        ],
        "limits": {
            "total": declared.limits.total.model_dump(mode="json"),
            **{state.value: stages[state.value] for state in OPEN_STATES},
        },
        "type_limits": {
            one.type: one.model_dump(mode="json", include={"total", "handling"}) for one in declared.limits.types
        },
        "recurrence_days": declared.recurrence.days,
        "recurrence_metres": declared.recurrence.metres,
        "sensitive": declared.sensitive,
        "systems": declared.external_systems,
    }
