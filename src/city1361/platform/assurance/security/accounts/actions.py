"""Writes of accounts and appointments. What people do with their own account is in `own`."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db.models import Q

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import clock
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Invalid, Missing
from city1361.platform.assurance.security.accounts import decisions, sessions
from city1361.platform.assurance.security.accounts.models import Account, Appointment, Role
from city1361.platform.assurance.security.accounts.terms import NewAccount, Permission
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations


def new_password() -> str:
    """A password that can be read aloud: four groups of four, 79 bits."""
    count = decisions.PASSWORD_GROUPS * decisions.GROUP_LENGTH
    return decisions.readable_password(secrets.randbelow(len(decisions.PASSWORD_ALPHABET)) for _ in range(count))


def _subject(account: Account) -> Subject:
    return Subject("account", account.id, account.title)


def _locked(account_id: UUID) -> Account:
    """The account, locked until the end of the transaction. Raises Missing."""
    found = Account.objects.select_for_update().filter(id=account_id).first()
    if found is None:
        raise Missing("account_missing", "没有这个账号")
    return found


@action(Permission.CREATE_ACCOUNT)
def account_create(
    *, by: By, username: str, title: str, phone: str = "", demonstration: bool = False, first_password: bool = True
) -> Outcome[NewAccount]:
    """Make an account. Its password is random and shown once; with `first_password` it must be changed at sign-in.

    Raises Invalid for a username that does not fit, Conflict for one that is taken.
    """
    account = Account(
        username=username.strip().lower(), title=title.strip(), phone=phone.strip() or None, demonstration=demonstration
    )
    account.must_change_password = first_password
    password = new_password()
    account.set_password(password)
    try:
        account.full_clean(validate_unique=False)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Invalid("account_invalid", messages[0], where=field, remedy="请改正后重试") from error
    if Account.objects.filter(username=account.username).exists():
        raise Conflict("username_taken", "用户名“{username}”已被使用", where="username", remedy="请换一个用户名", params={"username": account.username})  # fmt: skip
    account.save(force_insert=True)
    return Outcome(
        NewAccount(account.id, account.username, password),
        subject=_subject(account),
        facts={"demonstration": demonstration},
        personal={"username": account.username},
    )


@action(Permission.DISABLE_ACCOUNT)
def account_disable(*, by: By, account_id: UUID) -> Outcome[int]:
    """Disable an account: its sessions end at once. Returns how many ended."""
    account = _locked(account_id)
    account.is_active = False
    account.save(update_fields=["is_active"])
    return Outcome(sessions.end_all(account.id), subject=_subject(account))


@action(Permission.ENABLE_ACCOUNT)
def account_enable(*, by: By, account_id: UUID) -> Outcome[None]:
    """Let a disabled account sign in again."""
    account = _locked(account_id)
    account.is_active = True
    account.save(update_fields=["is_active"])
    return Outcome(None, subject=_subject(account))


@action(Permission.RENEW_PASSWORD)
def password_renew(*, by: By, account_id: UUID, first_password: bool = True) -> Outcome[NewAccount]:
    """Give an account a new random password; its sessions end. The second factor stays."""
    account, password = _locked(account_id), new_password()
    account.set_password(password)
    account.must_change_password = first_password
    account.save(update_fields=["password", "must_change_password"])
    sessions.end_all(account.id)
    return Outcome(NewAccount(account.id, account.username, password), subject=_subject(account))


@action(Permission.RESET_SECOND_FACTOR)
def second_factor_reset(*, by: By, account_id: UUID) -> Outcome[int]:
    """Remove every second factor of an account, as when a phone was lost; its sessions end. Returns how many went."""
    account = _locked(account_id)
    removed = Authenticator.objects.filter(user=account)
    kinds = sorted(removed.values_list("type", flat=True))
    removed.delete()
    sessions.end_all(account.id)
    return Outcome(len(kinds), subject=_subject(account), facts={"kinds": kinds})


@action(Permission.MAKE_APPOINTMENT)
def appointment_make(
    *,
    by: By,
    account_id: UUID,
    role: str,
    post_id: UUID | None = None,
    area_id: UUID | None = None,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    main: bool = True,
) -> Outcome[UUID]:
    """Appoint an account to a role, on a post and over an area. A new main appointment replaces the old as main.

    Raises Invalid for a role, post, area or period that does not fit, Conflict for roles one person may not combine.
    """
    account = _locked(account_id)
    found = Role.objects.filter(code=role).first()
    if found is None:
        raise Invalid("role_unknown", "没有代码为“{role}”的角色", where="role", remedy="请在roles.yaml中查看角色代码", params={"role": role})  # fmt: skip
    begins = valid_from or clock.now()
    if valid_to is not None and valid_to <= begins:
        raise Invalid("period_empty", "终止时间须晚于起始时间", where="valid_to", remedy="请改正任职时间")
    _check_place(found, post_id, area_id)
    _check_separation(account, found, begins, valid_to)
    if main:
        Appointment.objects.filter(account=account, main=True).update(main=False)
    made = Appointment.objects.create(
        account=account,
        role=found,
        post_id=post_id,
        organisation_id=organisations.post(post_id).organisation_id if post_id else None,
        area_id=area_id,
        main=main,
        valid_from=begins,
        valid_to=valid_to,
    )
    facts = {"role": role, "post": str(post_id or ""), "area": str(area_id or ""), "main": main}
    return Outcome(made.id, subject=_subject(account), facts={**facts, "appointment": str(made.id)})


def _check_place(role: Role, post_id: UUID | None, area_id: UUID | None) -> None:
    if role.staff and post_id is None:
        raise Invalid("post_needed", "角色“{role}”须任职于一个岗位", where="post", remedy="请指定岗位", params={"role": role.name})  # fmt: skip
    level = str(areas.area(area_id).level) if area_id else None
    if (level or "none") not in (role.levels or ["none"]):
        raise Invalid("level_unfit", "角色“{role}”不能用于该层级的区域", where="area", remedy="可用层级：{levels}", params={"role": role.name, "levels": " ".join(role.levels) or "无"})  # fmt: skip


def _check_separation(account: Account, role: Role, begins: datetime, ends: datetime | None) -> None:
    """System, security and audit administration are three persons, at every moment of the appointment."""
    overlapping = Appointment.objects.filter(Q(valid_to=None) | Q(valid_to__gt=begins), account=account)
    if ends is not None:
        overlapping = overlapping.filter(valid_from__lt=ends)
    held = [*overlapping.values_list("role_id", flat=True), role.code]
    clash = decisions.conflict(held, dict(Role.objects.values_list("code", "incompatible_with")))
    if clash:
        names = dict(Role.objects.filter(code__in=clash).values_list("code", "name"))
        raise Conflict(
            "roles_incompatible",
            "“{first}”与“{second}”不能由同一人担任",
            where="role",
            remedy="请先终止原任职，或由他人担任",
            params={"first": names[clash[0]], "second": names[clash[1]]},
        )


@action(Permission.END_APPOINTMENT)
def appointment_end(*, by: By, appointment_id: UUID) -> Outcome[None]:
    """End an appointment now: what it allowed is lost with the next request. Raises Missing when it is over already."""
    now = clock.now()
    row = (
        Appointment.objects.select_for_update(of=("self",)).select_related("account").filter(id=appointment_id).first()
    )
    if row is None or (row.valid_to is not None and row.valid_to <= now):
        raise Missing("appointment_missing", "没有这个任职，或它已经终止")
    if row.valid_from >= now:
        row.delete()  # it never began
    else:
        row.valid_to, row.main = now, False
        row.save(update_fields=["valid_to", "main"])
    return Outcome(None, subject=_subject(row.account), facts={"appointment": str(appointment_id), "role": row.role_id})
