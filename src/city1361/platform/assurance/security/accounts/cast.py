"""The demonstration's cast: one account per role, with passwords made for this installation."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import transaction
from pydantic import Field

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid
from city1361.platform.assurance.security.accounts import actions, every_request
from city1361.platform.assurance.security.accounts.models import Account
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.instance.api import Declaration, Folder
from city1361.platform.assurance.standards.organisations import api as organisations

FILE = "cast.yaml"


class Member(Declaration):
    """One person of the cast: a job title, never a name. Post and area by their codes."""

    title: str = Field(min_length=1)
    role: str
    post: str = ""
    area: str = ""


class Casts(Declaration):
    """The file: for each instance its cast, by user name."""

    casts: dict[str, dict[str, Member]]


@dataclass(frozen=True, slots=True)
class Line:
    """What cast.txt says of one person."""

    username: str
    title: str
    password: str


def read(folder: Path, instance: str) -> dict[str, Member]:
    """The cast of an instance. Raises Invalid naming file and line."""
    reading = Folder(folder)
    declared = reading.declaration(Casts, FILE)
    if declared is None:
        raise reading.problems[0]
    if instance not in declared.casts:
        raise Invalid("cast_missing", "演示文件没有为实例“{instance}”安排人员", where=FILE, remedy="请在casts下添加该实例", params={"instance": instance})  # fmt: skip
    return declared.casts[instance]


def make(cast: dict[str, Member], file: Path) -> list[Line]:
    """Make the accounts and appointments that are missing and write `file` (mode 0600).

    Somebody who is in `file` keeps his password; somebody who has an account but no line gets a new one.
    """
    known = {line.username: line for line in _lines(file)}
    by = By.system("演示", channel="command")
    with transaction.atomic():
        lines = [_member(by, username, member, known.get(username)) for username, member in cast.items()]
        _write(file, lines)
    return lines


def _member(by: By, username: str, member: Member, known: Line | None) -> Line:
    account = Account.objects.filter(username=username).first()
    if account is None:
        new = actions.account_create(
            by=by, username=username, title=member.title, demonstration=True, first_password=False
        )
        _appoint(by, new.id, member)
        return Line(username, member.title, new.password)
    if not every_request.appointments(account.id, clock.now()):
        _appoint(by, account.id, member)
    if known is not None and account.check_password(known.password):
        return Line(username, member.title, known.password)
    renewed = actions.password_renew(by=by, account_id=account.id, first_password=False)
    return Line(username, member.title, renewed.password)


def _appoint(by: By, account_id: UUID, member: Member) -> None:
    actions.appointment_make(
        by=by,
        account_id=account_id,
        role=member.role,
        post_id=organisations.post_by_code(member.post).id if member.post else None,
        area_id=areas.by_code(member.area).id if member.area else None,
    )


def _lines(file: Path) -> list[Line]:
    if not file.is_file():
        return []
    rows = (line.split("\t") for line in file.read_text("utf-8").splitlines())
    return [Line(*row) for row in rows if len(row) == 3]


def _write(file: Path, lines: list[Line]) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        stream.writelines(f"{line.username}\t{line.title}\t{line.password}\n" for line in lines)
    draft.replace(file)
