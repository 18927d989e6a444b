"""What other modules tell this one: what uploads are for, and who may see files of their things."""

from __future__ import annotations

from collections.abc import Callable

from city1361.base.files.terms import ATTACHMENT, Purpose
from city1361.base.kernel.errors import Invalid
from city1361.base.kernel.scope import Scope

Guard = Callable[[Scope, str], bool]

_purposes: dict[str, Purpose] = {ATTACHMENT.name: ATTACHMENT}
_guards: dict[str, Guard] = {}


def register_purpose(purpose: Purpose) -> None:
    """Declare what uploads may be for. Called in a module's `ready()`."""
    _purposes[purpose.name] = purpose


def purpose_named(name: str) -> Purpose:
    """The declared purpose of that name. Raises Invalid, naming those there are."""
    if name not in _purposes:
        known = "、".join(sorted(_purposes))
        raise Invalid(
            "file_unknown_purpose",
            "未知的文件用途：{name}",
            where="purpose",
            remedy="可用的用途：{known}",
            params={"name": name, "known": known},
        )
    return _purposes[name]


def register_file_guard(kind: str, guard: Guard) -> None:
    """Say who may see files that belong to things of `kind`: guard(scope, id as text) -> bool."""
    _guards[kind] = guard


def guarded(kind: str, scope: Scope, subject_id: str) -> bool:
    """Whether the owner's module lets this scope see; with no guard registered nobody sees anything."""
    guard = _guards.get(kind)
    return guard is not None and guard(scope, subject_id)
