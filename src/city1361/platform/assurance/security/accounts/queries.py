"""Reads of accounts, roles and appointments."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q

from city1361.base.kernel.errors import Missing
from city1361.platform.assurance.security.accounts.every_request import account_of, appointments
from city1361.platform.assurance.security.accounts.models import Account, Appointment, Role
from city1361.platform.assurance.security.accounts.terms import Duty, RoleView, Standing

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def roles() -> list[RoleView]:
    """The roles of this city, in their order."""
    return [role_view(role) for role in Role.objects.all()]


def role_view(role: Role) -> RoleView:
    return RoleView(
        code=role.code,
        name=role.name,
        name_en=role.name_en,
        permissions=frozenset(role.permissions),
        levels=frozenset(role.levels),
        staff=role.staff,
        incompatible_with=frozenset(role.incompatible_with),
    )


def valid_at(moment: datetime) -> Q:
    """Appointments in force at `moment`."""
    return Q(valid_from__lte=moment) & (Q(valid_to=None) | Q(valid_to__gt=moment))


def has_second_factor(account: UUID) -> bool:
    return Authenticator.objects.filter(user_id=account, type__in=FACTORS).exists()


def second_factor_demanded(role: RoleView) -> bool:
    """Whether this installation demands a second factor of a role: those named, or all staff outside demonstrations."""
    named: list[str] = settings.MFA_REQUIRED
    return role.code in named if named else role.staff and not settings.DEMONSTRATION


def needs_second_factor(account: UUID, moment: datetime) -> bool:
    return any(second_factor_demanded(appointment.role) for appointment in appointments(account, moment))


def standing(account: Account, chosen: UUID | None, moment: datetime) -> Standing:
    """Where `account` stands at `moment`, acting under the appointment `chosen`, or the main one when that ended."""
    held = appointments(account.id, moment)
    held.sort(key=lambda appointment: appointment.id != chosen)  # stable: the chosen one first, then as they were
    demanded = any(second_factor_demanded(appointment.role) for appointment in held)
    duties = [Duty.CHANGE_PASSWORD] if account.must_change_password else []
    duties += [Duty.ADD_SECOND_FACTOR] if demanded and not has_second_factor(account.id) else []
    return Standing(account.id, account.username, account.title, tuple(held), tuple(duties))


def standing_of(account_id: UUID, chosen: UUID | None, moment: datetime) -> Standing | None:
    """The same by id; None for an account that does not exist or is disabled."""
    account = account_of(account_id)
    return standing(account, chosen, moment) if account and account.is_active else None


def account_named(username: str) -> Account:
    """The account with this username. Raises Missing."""
    found = Account.objects.filter(username=username.strip().lower()).first()
    if found is None:
        raise Missing("account_missing", "没有用户名为“{username}”的账号", params={"username": username})
    return found


def second_factor_coverage(moment: datetime) -> tuple[int, int]:
    """(accounts that must have a second factor, those of them that have one), over active accounts."""
    demanded = [role.code for role in roles() if second_factor_demanded(role)]
    must = Account.objects.filter(
        is_active=True, appointments__in=Appointment.objects.filter(valid_at(moment), role__in=demanded)
    )
    ids = set(must.values_list("id", flat=True))
    have = Authenticator.objects.filter(user_id__in=ids, type__in=FACTORS).values_list("user_id", flat=True)
    return len(ids), len(set(have))


def is_demonstration(account: UUID) -> bool:
    """Whether an account belongs to nobody: what it does is synthetic."""
    return Account.objects.filter(pk=account, demonstration=True).exists()


def appointed_in(area: UUID, moment: datetime) -> list[tuple[str, str]]:
    """Who serves exactly this area at `moment`: (role, title of the account), the longest there first."""
    rows = Appointment.objects.filter(valid_at(moment), area=area, account__is_active=True).order_by("valid_from", "id")
    return list(rows.values_list("role_id", "account__title"))
