"""`codes/codes.yaml` and its tables, as declared. Reading finds every fault by file and line."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field

from city1361.platform.assurance.standards.instance.api import BrokenInstance, Declaration, Folder

FILE = "codes/codes.yaml"
COLUMNS = ("standard", "kind", "code", "class_name", "name")


class ListDeclaration(Declaration):
    """A table of one standard; `kinds` names each kind of code in it."""

    standard: str = Field(min_length=1, max_length=40)
    title: str = Field(min_length=1, max_length=120)
    valid_from: date
    source: str = Field(max_length=300)
    verified: bool
    file: str
    kinds: dict[str, str] = Field(min_length=1)


class CodesDeclaration(Declaration):
    """`codes/codes.yaml`."""

    lists: list[ListDeclaration] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class CodeFact:
    """A row that is right."""

    kind: str
    code: str
    name: str
    class_name: str


def check_codes(path: Path) -> list[Any]:
    """The faults of the section `codes`."""
    folder = Folder(path)
    _read(folder)
    return list(folder.problems)


def read_codes(path: Path) -> list[tuple[ListDeclaration, list[CodeFact]]]:
    """The section `codes`. Raises BrokenInstance when anything is wrong with it."""
    folder = Folder(path)
    found = _read(folder)
    if found is None or folder.problems:
        raise BrokenInstance(folder.problems)
    return found


def _read(folder: Folder) -> list[tuple[ListDeclaration, list[CodeFact]]] | None:
    declaration = folder.declaration(CodesDeclaration, FILE)
    if declaration is None:
        return None
    return [(declared, _rows(folder, declared)) for declared in declaration.lists]


def _rows(folder: Folder, declared: ListDeclaration) -> list[CodeFact]:
    file = posixpath.normpath(f"codes/{declared.file}")
    found: dict[tuple[str, str], tuple[int, CodeFact]] = {}
    for row in folder.rows(file, COLUMNS):
        kind, code = row["kind"], row["code"]
        if row["standard"] != declared.standard or kind not in declared.kinds:
            folder.fault(
                "code_foreign", "“{standard} {kind}”不属于本表", file, row.line,
                remedy="请核对标准号和类别", standard=row["standard"], kind=kind,
            )  # fmt: skip
        elif not code.isascii() or not code.isdigit() or not 3 <= len(code) <= 20:
            folder.fault("code_format", "代码“{code}”应为数字", file, row.line, remedy="大类两位加小类", code=code)
        elif not row["name"] or not row["class_name"]:
            folder.fault("code_name", "代码{code}缺少名称或大类", file, row.line, remedy="请补全", code=code)
        elif (kind, code) in found:
            folder.fault(
                "code_twice", "代码{code}重复，首次出现在第{first}行", file, row.line,
                remedy="同一类别中代码唯一", code=code, first=found[kind, code][0],
            )  # fmt: skip
        else:
            found[kind, code] = row.line, CodeFact(kind, code, row["name"], row["class_name"])
    return [fact for _, fact in found.values()]
