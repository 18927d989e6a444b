"""`matters.yaml` of an application package: its matter types, each with its form and the process it follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from pydantic import Field

from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict
from city1361.base.kernel.package import Package, UseKind
from city1361.centres.execution import queries
from city1361.centres.execution.models import MatterType
from city1361.centres.execution.rules import Category
from city1361.platform.assurance.rules import api as rules
from city1361.platform.assurance.standards.instance.api import Declaration, Folder
from city1361.platform.components.forms import api as forms

FILE = "matters.yaml"
NAME = r"^([a-z]+/[a-z0-9-]+:)?[a-z][a-z0-9_-]{0,39}$"
BLOCK = 1000  # each package's types stand in a block of their own
ROAD = "matter"  # the process of a type that names none


class NationalList(Declaration):
    """The list that national codes are taken from. verified: it was compared with its issuer's."""

    standard: str = Field(min_length=1, max_length=40)
    kind: str = Field(min_length=1, max_length=20)
    verified: bool = False


class TypeEntry(Declaration):
    """A type. category: the button it stands under where the city's own table does not say; form and process: files of
    this package by name, or another's as `<package>:<name>`."""

    code: str = Field(pattern=r"^([0-9]{5}|[A-Z][A-Z0-9]{0,3}[0-9]{2,4})$")
    name: str = Field(min_length=1, max_length=30)
    class_name: str = Field(min_length=1, max_length=30)
    category: str = Field(default="", max_length=32)
    national: str = Field(default="", pattern=r"^([0-9]{5})?$")
    form: str = Field(default="", pattern=r"^$|" + NAME)
    process: str = Field(default="", pattern=r"^$|" + NAME)


class PackagedMatters(Declaration):
    """`matters.yaml`. form and process stand for the types that name none."""

    national: NationalList | None = None
    form: str = Field(default="", pattern=r"^$|" + NAME)
    process: str = Field(default="", pattern=r"^$|" + NAME)
    types: list[TypeEntry] = Field(min_length=1, max_length=BLOCK)


def check_types(package: Package) -> list[Any]:
    """Everything wrong with the file, by line."""
    folder, declared = _read(package)
    if declared is None:
        return folder.problems
    codes = [entry.code for entry in declared.types]
    _check_part(folder, package, declared.form, "form")
    _check_part(folder, package, declared.process, "process")
    for i, entry in enumerate(declared.types):
        if codes.index(entry.code) != i:
            line = folder.line_of(FILE, "types", i, "code")
            folder.fault("type_twice", "类型代码“{code}”重复", FILE, line, remedy="请另取代码", code=entry.code)
        if entry.national and declared.national is None:
            line = folder.line_of(FILE, "types", i, "national")
            folder.fault("national_missing", "没有说明国家标准", FILE, line, remedy="请补上national")
        _check_part(folder, package, entry.form, "form", "types", i)
        _check_part(folder, package, entry.process, "process", "types", i)
    return folder.problems


def _check_part(folder: Folder, package: Package, named: str, kind: str, *place: int | str) -> None:
    """A form or process that is named stands in this package, or in another that this one says it uses."""
    if not named:
        return
    other, _, name = named.rpartition(":")
    line = folder.line_of(FILE, *place, kind)
    if other:
        package.use(UseKind.PACKAGE, other, f"{FILE}:{line}")
        return
    file = {"form": f"forms/{name}.yaml", "process": f"processes/{name}.bpmn"}[kind]
    if not package.files(file):
        folder.fault("part_missing", "应用包中没有“{file}”", FILE, line, remedy="请补上该文件，或改正名称", file=file)


def load_types(package: Package, by: By) -> str:
    """In the transaction of the installation. A type that is gone from the package is withdrawn, never deleted."""
    declared = _read(package)[1]
    entries = declared.types if declared else []
    _refuse_taken(package, [entry.code for entry in entries])
    _refuse_rules_of_others(package)
    first, categories = _first_place(package.id), queries.rules().categories
    rows = [
        MatterType(place=first + i, active=True, package=package.id, **_row(package, declared, entry, categories))
        for i, entry in enumerate(entries)
        if declared
    ]
    known = {row.code: row for row in MatterType.objects.filter(package=package.id)}
    fresh = sum(row.code not in known for row in rows)
    fields = [field.name for field in MatterType._meta.concrete_fields if not field.primary_key]
    MatterType.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, update_fields=fields, unique_fields=["code"]
    )
    gone = MatterType.objects.filter(package=package.id, active=True).exclude(code__in=[row.code for row in rows])
    withdrawn = gone.update(active=False)
    if not rows and not withdrawn:
        return ""
    said = _("事件类型{count}个，新增{fresh}个，停用{withdrawn}个")
    return said.format(count=len(rows), fresh=fresh, withdrawn=withdrawn)


def withdraw_types(package: str, by: By) -> str:
    """End every type of a package; matters of these types stay."""
    withdrawn = MatterType.objects.filter(package=package, active=True).update(active=False)
    return _("停用事件类型{count}个").format(count=withdrawn)


def categorise() -> None:
    """Put every type under the button that the city's table says now."""
    categories = queries.rules().categories
    changed = []
    for row in MatterType.objects.all():
        category = category_of(row.national_code if row.code == row.national_code else "", row.category, categories)
        if category != row.category:
            row.category = category
            changed.append(row)
    MatterType.objects.bulk_update(changed, ["category"])


def category_of(national: str, suggested: str, categories: Sequence[Category]) -> str:
    """The button of a type: that of its national code, else the one suggested, else that of its major class, else the
    last."""
    known = [one.code for one in categories]
    by_code = {code: one.code for one in categories for code in one.codes}
    by_major = {major: one.code for one in categories for major in one.majors}
    if national:
        return by_code.get(national) or by_major.get(national[:2], known[-1])
    return suggested if suggested in known else known[-1]


def type_codes(folders: Iterable[Any]) -> set[str]:
    """The codes of all types of these package folders; one that cannot be read has none."""
    found: set[str] = set()
    for path in folders:
        declared = Folder(path).declaration(PackagedMatters, FILE) if (path / FILE).is_file() else None
        found |= {entry.code for entry in declared.types} if declared else set()
    return found


def _read(package: Package) -> tuple[Folder, PackagedMatters | None]:
    folder = Folder(package.path)
    return folder, folder.declaration(PackagedMatters, FILE) if package.files(FILE) else None


def _refuse_taken(package: Package, codes: list[str]) -> None:
    taken = MatterType.objects.filter(code__in=codes, active=True).exclude(package__in=(package.id, ""))
    other = taken.values("code", "package").first()
    if other:
        raise Conflict(
            "type_taken", "类型代码“{code}”已属于应用包“{package}”", where=FILE, remedy="请另取代码", params=dict(other)
        )


def _refuse_rules_of_others(package: Package) -> None:
    """What a package lays down holds for types of its own: nobody changes another's limits by installing something."""
    for pattern in rules.package_patterns(package):
        stem = pattern.rstrip("*")
        meant = Q(code__startswith=stem) if pattern != stem else Q(code=pattern)
        other = MatterType.objects.filter(meant, active=True).exclude(package__in=(package.id, "")).first()
        if other is not None:
            raise Conflict(
                "rule_of_another", "规则“{pattern}”涉及应用包“{package}”的类型“{code}”", where=pattern,
                remedy="请只为本应用包的类型规定时限和履职条目",
                params={"pattern": pattern, "package": other.package, "code": other.code},
            )  # fmt: skip


def _row(
    package: Package, declared: PackagedMatters, entry: TypeEntry, categories: Sequence[Category]
) -> dict[str, Any]:
    national = declared.national if entry.national else None
    own_code = entry.national if entry.national == entry.code else ""
    form = entry.form or declared.form
    return {
        "code": entry.code,
        "name": entry.name,
        "class_name": entry.class_name,
        "category": category_of(own_code, entry.category, categories),
        "national_standard": national.standard if national else "",
        "national_kind": national.kind if national else "",
        "national_code": entry.national,
        "verified": bool(national and national.verified),
        "form_key": form if ":" in form or not form else forms.form_key(package.id, form),
        "process_key": (entry.process or declared.process or ROAD).rpartition(":")[2],
    }


def _first_place(package: str) -> int:
    own = MatterType.objects.filter(package=package).order_by("place").values_list("place", flat=True).first()
    if own is not None:
        return own - own % BLOCK
    last = MatterType.objects.order_by("-place").values_list("place", flat=True).first()
    return 0 if last is None else (last // BLOCK + 1) * BLOCK
