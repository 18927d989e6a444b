"""From templates and areas to organisations and posts. Finds what is wrong by line; touches no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from city1361.base.kernel.scope import Level
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.identifiers import api as identifiers
from city1361.platform.assurance.standards.instance.api import BrokenInstance, Folder
from city1361.platform.assurance.standards.organisations.decisions import (
    invented_credit_code,
    organisation_code,
    period,
)
from city1361.platform.assurance.standards.organisations.declarations import (
    FILE,
    OrganisationsDeclaration,
    OrganisationTemplate,
)
from city1361.platform.assurance.standards.organisations.terms import COMMAND_CENTRE

GIVES_REGION = 6  # digits of the code of a city or district


@dataclass(frozen=True, slots=True)
class GovernedArea:
    """An area somebody governs for a time."""

    code: str
    level: Level
    short_name: str
    begins: date
    ends: date | None
    region: str


@dataclass(frozen=True, slots=True)
class OrganisationFact:
    """An organisation to be loaded, with the template it follows."""

    code: str
    area: GovernedArea
    template: OrganisationTemplate
    name: str
    short_name: str
    uscc: str
    synthetic: bool


def check_organisations(path: Path) -> list[Any]:
    """The faults of the section `organisations`."""
    folder = Folder(path)
    _read(folder)
    return list(folder.problems)


def read_organisations(path: Path) -> tuple[OrganisationsDeclaration, list[OrganisationFact]]:
    """The section `organisations`. Raises BrokenInstance when anything is wrong with it."""
    folder = Folder(path)
    found = _read(folder)
    if found is None or folder.problems:
        raise BrokenInstance(folder.problems)
    return found


def _read(folder: Folder) -> tuple[OrganisationsDeclaration, list[OrganisationFact]] | None:
    declaration = folder.declaration(OrganisationsDeclaration, FILE)
    if declaration is None:
        return None
    try:
        governed = _governed(areas.read_areas(folder.path))
    except BrokenInstance:
        return None  # the section `areas` says what is wrong
    _check_templates(folder, declaration)
    _check_credit_codes(folder, declaration, {(area.level.value, area.code) for area in governed})
    if folder.problems:
        return None
    return declaration, list(_expand(declaration, governed))


def _check_templates(folder: Folder, declaration: OrganisationsDeclaration) -> None:
    seen = set()
    for i, template in enumerate(declaration.organisations):
        line = folder.line_of(FILE, "organisations", i)
        if (template.level, template.kind) in seen:
            folder.fault(
                "organisation_twice", "层级{level}的机构类型“{kind}”重复", FILE, line,
                remedy="同一层级每种类型只登记一次", level=template.level, kind=template.kind,
            )  # fmt: skip
        seen.add((template.level, template.kind))
        if template.line not in declaration.lines:
            folder.fault(
                "line_unknown", "未知的条线“{line}”", FILE, folder.line_of(FILE, "organisations", i, "line"),
                remedy="请在lines中登记", line=template.line,
            )  # fmt: skip
        for j, post in enumerate(template.posts):
            if post not in declaration.posts:
                folder.fault(
                    "post_unknown", "未知的岗位“{post}”", FILE, folder.line_of(FILE, "organisations", i, "posts", j),
                    remedy="请在posts中登记", post=post,
                )  # fmt: skip
    for level in ("city", "district", "town"):
        if (level, COMMAND_CENTRE) not in seen:
            folder.fault(
                "centre_missing", "层级{level}缺少类型为{kind}的机构", FILE,
                folder.line_of(FILE, "organisations"), remedy="三级都要有指挥中心", level=level, kind=COMMAND_CENTRE,
            )  # fmt: skip


def _check_credit_codes(folder: Folder, declaration: OrganisationsDeclaration, known: set[tuple[str, str]]) -> None:
    for i, template in enumerate(declaration.organisations):
        for area, uscc in template.uscc.items():
            line = folder.line_of(FILE, "organisations", i, "uscc", area)
            if (template.level, area) not in known:
                folder.fault(
                    "area_unknown", "层级{level}没有代码为“{code}”的区域", FILE, line,
                    remedy="请核对代码", level=template.level, code=area,
                )  # fmt: skip
            for problem in identifiers.unified_social_credit_explain(uscc):
                folder.fault(problem.code, problem.message, FILE, line, remedy=problem.remedy)


def _governed(declared: areas.DeclaredAreas) -> list[GovernedArea]:
    """City, districts, zones and towns with the time they were governed, in the order of their codes."""
    history = declared.history
    spans: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
    for placement in history.placements:
        if placement.tree == areas.Tree.GOVERNING:
            spans[placement.area].append((placement.begins, placement.ends))
    city = next(area for area in history.areas.values() if area.level == Level.CITY)
    spans[city.code] = [(declared.declaration.divisions.valid_from, None)]
    return [
        GovernedArea(
            code,
            area.level,
            area.short_name,
            *period(spans[code]),
            code[:GIVES_REGION] if code[:GIVES_REGION].isdigit() else city.code,
        )
        for code, area in sorted(history.areas.items())
        if area.level != Level.VILLAGE and spans[code]
    ]


def _expand(declaration: OrganisationsDeclaration, governed: list[GovernedArea]) -> Iterator[OrganisationFact]:
    used = {uscc for template in declaration.organisations for uscc in template.uscc.values()}
    for template in declaration.organisations:
        for area in governed:
            if area.level != template.level:
                continue
            code = organisation_code(area.code, template.kind)
            uscc, attempt = template.uscc.get(area.code, ""), 0
            synthetic = not uscc
            while synthetic and (not uscc or uscc in used):
                uscc = invented_credit_code(code, template.category, area.region, attempt)
                attempt += 1
            used.add(uscc)
            yield OrganisationFact(
                code, area, template, template.name.replace("{area}", area.short_name),
                template.short_name.replace("{area}", area.short_name), uscc, synthetic,
            )  # fmt: skip
