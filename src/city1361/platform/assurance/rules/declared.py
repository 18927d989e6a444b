"""`rules.yaml` of the instance folder or of a package: read, checked with file and line, and brought into the one form
in which rules are kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from city1361.base.kernel.errors import Invalid
from city1361.platform.assurance.rules import decisions
from city1361.platform.assurance.rules.content import (
    CLASSIFICATIONS,
    CODE,
    DUTIES,
    LIMITS,
    PARAMETERS,
    ClassificationEntry,
    DutyEntry,
    GeneralLimits,
    ParameterEntry,
    Stage,
    Type,
    classification_key,
    empty,
    normal,
)
from city1361.platform.assurance.rules.decisions import Flaw
from city1361.platform.assurance.rules.values import Content
from city1361.platform.assurance.standards.instance import api as instance

FILE = "rules.yaml"
CITY = "city"
SAID = {
    "limit_missing": ("“{key}”没有一般时限", "每个环节都要写明一般、较急、紧急三档时限"),
    "stage_unknown": ("没有环节“{stage}”", "请核对环节代码"),
    "period_overlap": (
        "参数“{key}”的有效期重叠：{first}起的一段与{second}起的一段",
        "前一段的截止日应为后一段的前一天",
    ),
    "period_hole": ("参数“{key}”的有效期有空档：{first}起的一段与{second}起的一段", "前一段的截止日应为后一段的前一天"),
    "duty_overlap": ("类型“{type}”在同一时期已有履职条目“{other}”", "同一镇街、同一类型、同一时期只写一条"),
    "rule_twice": ("“{key}”写了两次", "只保留一条"),
    "package_limits": ("应用包不能规定一般时限", "一般时限由城市的rules.yaml规定；类型的时限写在classifications中"),
    "package_parameter": ("应用包不能规定参数“{key}”", "参数编号以应用包的名称开头，如street_lamps_"),
    "looser": ("“{key}”的时限比市级宽：{mine}，市级为{city}", "区县只能从严"),
    "level_differs": ("“{key}”的承办层级与市级不同：{mine}，市级为{city}", "承办层级由市级规定"),
    "type_missing": ("市级分级分类库没有“{key}”", "请先由市级发布该类型"),
    "district_field": ("区县不能改动“{key}”的“{field}”", "区县只能收紧时限"),
    "district_section": ("区县不能改动“{key}”", "区县只能收紧时限"),
    "wrong_entry": ("“{key}”填写不正确：{reason}", "请按说明改正"),
}


class ClassificationsEntry(ClassificationEntry):
    """One entry for several types. grade: 1–5, 0 for every grade."""

    types: list[Type] = Field(min_length=1, max_length=300)
    grade: int = Field(default=0, ge=0, le=5)
    source: str = Field(default="", max_length=300)
    example: bool | None = None  # type: ignore[assignment]


class NamedParameter(ParameterEntry):
    """A parameter and its code."""

    code: str = Field(pattern=CODE)


class RulesDeclaration(instance.Declaration):
    """`rules.yaml`. example and source hold for every entry that says nothing of its own."""

    example: bool
    source: str = Field(min_length=1, max_length=300)
    valid_from: date
    limits: dict[Stage, GeneralLimits] = Field(default_factory=dict)
    classifications: list[ClassificationsEntry] = Field(default_factory=list, max_length=2000)
    duties: list[Annotated[DutyEntry, Field()]] = Field(default_factory=list, max_length=5000)
    parameters: list[NamedParameter] = Field(default_factory=list, max_length=500)


def check(path: Path, *, package: str = "", stages: tuple[str, ...] = ()) -> list[Invalid]:
    """Every fault of the file, with its line. package: it belongs to one, which lays down no general limits."""
    folder = instance.Folder(path)
    declared = folder.declaration(RulesDeclaration, FILE)
    if declared is None:
        return folder.problems
    if package and declared.limits:
        _fault(folder, Flaw("package_limits", LIMITS, ""), ("limits",))
    content, places = _gather(folder, declared)
    for code in content[PARAMETERS] if package else ():
        if not code.startswith(f"{package.rpartition('/')[2].replace('-', '_')}_"):
            _fault(folder, Flaw("package_parameter", PARAMETERS, code), places[PARAMETERS, code])
    for flaw in decisions.flaws(content, () if package else stages):
        _fault(folder, flaw, (*places.get((flaw.section, flaw.key), (flaw.section,)), *flaw.place))
    return folder.problems


def patterns(path: Path) -> list[str]:
    """The types that the file says anything of; none without a file, or where it cannot be read."""
    declared = instance.Folder(path).declaration(RulesDeclaration, FILE) if (path / FILE).is_file() else None
    if declared is None:
        return []
    spoken = [entry.types for entry in declared.classifications] + [entry.types for entry in declared.duties]
    return sorted({pattern for types in spoken for pattern in types})


def read(path: Path, origin: str) -> tuple[RulesDeclaration, Content]:
    """The declaration and its entries. Raises BrokenInstance."""
    folder = instance.Folder(path)
    declared = folder.declaration(RulesDeclaration, FILE)
    if declared is None:
        raise instance.BrokenInstance(folder.problems)
    content, _ = _gather(folder, declared)
    if folder.problems:
        raise instance.BrokenInstance(folder.problems)
    for section in content.values():
        for entry in section.values():
            entry["origin"] = origin
    return declared, content


Places = dict[tuple[str, str], tuple[str | int, ...]]


def _gather(folder: instance.Folder, declared: RulesDeclaration) -> tuple[Content, Places]:
    content, places = empty(), Places()

    def add(section: str, key: str, entry: dict[str, Any], *place: str | int) -> None:
        if key in content[section]:
            _fault(folder, Flaw("rule_twice", section, key), place)
        content[section][key], wrong = normal(section, entry)
        places[section, key] = place
        for at, reason in wrong:
            _fault(folder, Flaw("wrong_entry", section, key, params=(("reason", reason),)), (*place, *at))

    for stage, general in declared.limits.items():
        entry = {**general.model_dump(mode="json"), "example": declared.example, "source": declared.source}
        add(LIMITS, stage, entry, LIMITS, stage)
    for i, one in enumerate(declared.classifications):
        entry = one.model_dump(mode="json", exclude={"types", "grade"})
        entry["source"] = one.source or declared.source
        entry["example"] = declared.example if one.example is None else one.example
        for j, pattern in enumerate(one.types):
            add(CLASSIFICATIONS, classification_key(pattern, one.grade), entry, CLASSIFICATIONS, i, "types", j)
    for i, duty in enumerate(declared.duties):
        key = f"{duty.town or '*'}/{duty.clause}/{duty.valid_from}"
        add(DUTIES, key, duty.model_dump(mode="json"), DUTIES, i)
    for i, parameter in enumerate(declared.parameters):
        add(PARAMETERS, parameter.code, parameter.model_dump(mode="json", exclude={"code"}), PARAMETERS, i)
    return content, places


def _fault(folder: instance.Folder, flaw: Flaw, place: tuple[Any, ...]) -> None:
    problem = problem_of(flaw)
    line = folder.line_of(FILE, *place)
    folder.fault(problem.code, problem.message, FILE, line, remedy=problem.remedy, **problem.params)


def problem_of(flaw: Flaw) -> Invalid:
    """A flaw in words, naming its entry."""
    message, remedy = SAID[flaw.code]
    inside = ".".join(str(part) for part in flaw.place)
    told = {"key": flaw.key, "field": inside, "stage": str(flaw.place[-1]) if flaw.place else flaw.key}
    return Invalid(flaw.code, message, where=flaw.where, remedy=remedy, params={**told, **dict(flaw.params)})
