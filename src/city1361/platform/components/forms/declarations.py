"""`forms/*.yaml` of a package, read and checked without the database."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from city1361.base.kernel.package import Package, UseKind
from city1361.platform.assurance.standards.instance.api import Folder
from city1361.platform.components.forms.definition import FormDeclaration
from city1361.platform.components.forms.terms import MOST_OF_REPORTER, FieldKind

FILES = "forms/*.yaml"


def form_key(package: str, name: str) -> str:
    """How a form is called outside its package: `government/city-management:manhole`."""
    return f"{package}:{name}"


def check_forms(package: Package) -> list[Any]:
    """Everything wrong with the forms of a package. One data element holds one kind of field throughout."""
    problems: list[Any] = []
    kinds: dict[tuple[str, str], tuple[FieldKind, str]] = {}
    for file in package.files(FILES):
        package.use(UseKind.COMPONENT, "forms", f"{file}:1")
        folder = Folder(package.path)
        declared = folder.declaration(FormDeclaration, file)
        if declared is not None:
            _check_fields(folder, file, declared)
            _check_elements(folder, file, declared, kinds)
        problems += folder.problems
    return problems


def read_forms(package: Package) -> dict[str, FormDeclaration]:
    """The forms by name. The package has been checked."""
    folder = Folder(package.path)
    found = {PurePosixPath(file).stem: folder.declaration(FormDeclaration, file) for file in package.files(FILES)}
    return {name: declared for name, declared in found.items() if declared is not None}


def _check_fields(folder: Folder, file: str, declared: FormDeclaration) -> None:
    names = [field.name for field in declared.fields]
    for i, field in enumerate(declared.fields):
        line = folder.line_of(file, "fields", i, "name")
        if names.index(field.name) != i:
            folder.fault("field_twice", "字段“{name}”重复", file, line, remedy="请另取名称", name=field.name)
        if field.show_when is not None:
            _check_condition(folder, file, declared, i)
    _check_reporter(folder, file, declared)


def _check_condition(folder: Folder, file: str, declared: FormDeclaration, i: int) -> None:
    """A condition asks a field that stands before it, for values that this field can have."""
    condition = declared.fields[i].show_when
    if condition is None:
        return
    line = folder.line_of(file, "fields", i, "show_when")
    before = {field.name: field for field in declared.fields[:i]}
    asked = before.get(condition.field)
    if asked is None:
        folder.fault(
            "condition_field", "显示条件引用的字段“{name}”不在它之前", file, line,
            remedy="只能引用前面的字段", name=condition.field[:60],
        )  # fmt: skip
        return
    can_be: dict[FieldKind, set[str | bool]] = {
        FieldKind.YES_NO: {True, False},
        FieldKind.CHOICE: {one.value for one in asked.options},
    }
    for value in condition.equals:
        if value not in can_be.get(asked.kind, set()):
            folder.fault(
                "condition_value", "字段“{name}”不会等于“{value}”", file, line,
                remedy="显示条件只用于单选和是否，且须是其选项", name=asked.name, value=str(value)[:60],
            )  # fmt: skip


def _check_reporter(folder: Folder, file: str, declared: FormDeclaration) -> None:
    """Of a reporter few things are asked, none that is personal, and none that depends on what he is not asked."""
    asked = [i for i, field in enumerate(declared.fields) if field.reporter]
    if len(asked) > MOST_OF_REPORTER:
        folder.fault(
            "reporter_fields", "向上报人询问的字段超过{most}个", file,
            folder.line_of(file, "fields", asked[MOST_OF_REPORTER], "reporter"),
            remedy="只问上报人必须说明的，其余由受理人员补充", most=MOST_OF_REPORTER,
        )  # fmt: skip
    names = {declared.fields[i].name for i in asked}
    for i in asked:
        field = declared.fields[i]
        line = folder.line_of(file, "fields", i, "reporter")
        if field.is_personal:
            folder.fault("reporter_personal", "字段“{name}”含个人信息，不向上报人询问", file, line, remedy="请去掉reporter", name=field.name)  # fmt: skip
        if field.show_when is not None and field.show_when.field not in names:
            folder.fault("reporter_condition", "字段“{name}”取决于上报人没有被问到的字段", file, line, remedy="请同时询问“{before}”，或去掉reporter", name=field.name, before=field.show_when.field[:60])  # fmt: skip


def _check_elements(
    folder: Folder, file: str, declared: FormDeclaration, kinds: dict[tuple[str, str], tuple[FieldKind, str]]
) -> None:
    for i, field in enumerate(declared.fields):
        if field.element is None:
            continue
        key = (field.element.standard, field.element.code)
        first = kinds.setdefault(key, (field.kind, f"{file}:{folder.line_of(file, 'fields', i)}"))
        if first[0] is not field.kind:
            folder.fault(
                "element_kinds", "数据元“{code}”在{first}是另一种字段", file,
                folder.line_of(file, "fields", i, "element"),
                remedy="同一数据元只用一种字段", code=field.element.code, first=first[1],
            )  # fmt: skip
