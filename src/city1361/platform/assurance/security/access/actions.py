"""Applications and their tokens: made by the command line or a security administrator; a token is shown once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Invalid, Missing
from city1361.platform.assurance.security.access.models import Application, ApplicationToken
from city1361.platform.assurance.security.access.queries import PREFIX, digest_of
from city1361.platform.assurance.security.access.terms import Permission
from city1361.platform.assurance.standards.areas import api as areas

SUBJECT = "application"
LONGEST = 400
CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")


@action(Permission.MANAGE_APPLICATION)
def application_add(
    *, by: By, code: str, name: str, organisation: UUID, area: UUID, permissions: Iterable[str], days: int
) -> Outcome[str]:
    """Let another application use the API; returns its token, which nobody can read again."""
    if not CODE.fullmatch(code):
        raise Invalid(
            "application_code", "应用代码须为小写字母开头的字母、数字和下划线", where="code", remedy="如 hotline_12345"
        )
    if Application.objects.filter(code=code).exists():
        raise Conflict("application_known", "应用代码“{code}”已使用", where="code", remedy="请另取代码，或为它换发令牌", params={"code": code})  # fmt: skip
    wanted = sorted(set(permissions))
    unknown = [one for one in wanted if one not in registry.permissions()]
    if unknown or not wanted:
        raise Invalid("permission_unknown", "未知的权限“{permission}”", where="permissions", remedy="请使用已声明的权限代码", params={"permission": (unknown or [""])[0][:80]})  # fmt: skip
    where = areas.area(area)
    row = Application.objects.create(
        code=code,
        name=name[:60],
        organisation_id=organisation,
        level=where.level.value,
        area_id=where.id,
        permissions=wanted,
        added_at=clock.now(),
    )
    token, expires = _token(row, days)
    facts = {"permissions": wanted, "area": where.id, "organisation": organisation, "expires": expires}
    return Outcome(token, subject=_subject(row), facts=facts)


@action(Permission.MANAGE_APPLICATION)
def application_renew(*, by: By, code: str, days: int, overlap_hours: int = 24) -> Outcome[str]:
    """A new token; the old ones end after `overlap_hours`, so that the other side can change over."""
    row = _standing(code)
    until = clock.now() + timedelta(hours=max(0, overlap_hours))
    row.tokens.filter(revoked_at=None, expires_at__gt=until).update(expires_at=until)
    token, expires = _token(row, days)
    return Outcome(token, subject=_subject(row), facts={"expires": expires, "others_end": until})


@action(Permission.MANAGE_APPLICATION)
def application_revoke(*, by: By, code: str) -> Outcome[int]:
    """End every token of an application at once; returns how many were valid."""
    row = _standing(code)
    ended = row.tokens.filter(revoked_at=None, expires_at__gt=clock.now()).update(revoked_at=clock.now())
    return Outcome(ended, subject=_subject(row), facts={"revoked": ended})


@action(Permission.MANAGE_APPLICATION)
def application_end(*, by: By, code: str) -> Outcome[None]:
    """The application may no longer use the API."""
    row = _standing(code)
    row.ended_at = clock.now()
    row.save()
    return Outcome(None, subject=_subject(row), facts={"ended": True})


def _standing(code: str) -> Application:
    row = Application.objects.select_for_update().filter(code=code, ended_at=None).first()
    if row is None:
        raise Missing(where=code)
    return row


def _token(row: Application, days: int) -> tuple[str, object]:
    if not 1 <= days <= LONGEST:
        raise Invalid("token_days", "令牌有效期须为1至{most}天", where="days", remedy="请缩短有效期，到期前换发", params={"most": LONGEST})  # fmt: skip
    token, expires = PREFIX + secrets.token_urlsafe(32), clock.now() + timedelta(days=days)
    ApplicationToken.objects.create(application=row, digest=digest_of(token), made_at=clock.now(), expires_at=expires)
    return token, expires


def _subject(row: Application) -> Subject:
    return Subject(SUBJECT, row.id, row.code)
