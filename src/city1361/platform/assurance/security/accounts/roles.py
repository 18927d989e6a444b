"""`roles.yaml` of the instance folder: the roles of this city, checked against the permissions the product declares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field

from city1361.base.kernel import registry
from city1361.base.kernel.scope import Level
from city1361.platform.assurance.security.accounts.models import Appointment, Role
from city1361.platform.assurance.standards.instance.api import Declaration, Folder

FILE = "roles.yaml"


class DeclaredRole(Declaration):
    """One role. No level means that the role has no area: a resident sees what he himself reported."""

    name: str = Field(min_length=1, max_length=50)
    name_en: str = Field(min_length=1, max_length=100)
    levels: list[Level]
    staff: bool = True
    incompatible_with: list[str] = Field(default_factory=list)
    permissions: list[str]


class DeclaredRoles(Declaration):
    """The file: roles by their code."""

    roles: dict[str, DeclaredRole]


def check(path: Path) -> list[Any]:
    """Everything wrong with the roles of the folder, by line."""
    folder = Folder(path)
    _read(folder)
    return folder.problems


def _read(folder: Folder) -> dict[str, DeclaredRole]:
    declared = folder.declaration(DeclaredRoles, FILE)
    content = folder.yaml(FILE) if declared else None
    if declared is None or content is None:
        return {}
    known = registry.permissions()
    for code, role in declared.roles.items():
        lines = content["roles"][code]
        if not code.isidentifier() or not code.islower():
            folder.fault("role_code", "角色代码“{code}”须为小写英文标识", FILE, content["roles"].lines[code], remedy="如 town_duty_officer", code=code)  # fmt: skip
        for place, permission in enumerate(role.permissions):
            line = lines["permissions"].lines[place]
            if permission not in known:
                folder.fault("permission_unknown", "未知的权限“{permission}”", FILE, line, remedy="可用的权限：{known}", permission=permission, known=" ".join(known))  # fmt: skip
            elif permission in role.permissions[:place]:
                folder.fault("permission_twice", "权限“{permission}”重复", FILE, line, remedy="只保留一条", permission=permission)  # fmt: skip
        for place, other in enumerate(role.incompatible_with):
            if other not in declared.roles or other == code:
                line = lines["incompatible_with"].lines[place]
                folder.fault("role_unknown", "不相容角色“{other}”不存在", FILE, line, remedy="请检查角色代码", other=other)  # fmt: skip
    return declared.roles


def load(path: Path) -> str:
    """Write the roles. One that stands no longer in the file goes, unless somebody was ever appointed to it."""
    folder = Folder(path)
    declared = _read(folder)
    if folder.problems:
        raise folder.problems[0]
    for place, (code, role) in enumerate(declared.items()):
        values = role.model_dump(mode="json")
        Role.objects.update_or_create(code=code, defaults={**values, "place": place})
    gone = Role.objects.exclude(code__in=declared)
    kept = set(Appointment.objects.filter(role__in=gone).values_list("role_id", flat=True))
    gone.filter(code__in=kept).update(permissions=[])
    gone.exclude(code__in=kept).delete()
    return f"{len(declared)}个角色"
