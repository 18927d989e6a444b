"""What `city1361 doctor` says of accounts."""

from __future__ import annotations

from django.conf import settings

from city1361.base.kernel import clock, registry
from city1361.base.kernel.registry import Finding
from city1361.platform.assurance.security.accounts import decisions, queries
from city1361.platform.assurance.security.accounts.models import Account, Appointment


def findings() -> list[Finding]:
    """Coverage of the second factor, demonstration accounts, separation of duties, permissions nobody declares."""
    return [_second_factor(), _demonstration(), _separation(), _permissions()]


def _second_factor() -> Finding:
    must, have = queries.second_factor_coverage(clock.now())
    if settings.DEMONSTRATION and not settings.MFA_REQUIRED:
        return Finding("warn", "no second factor is demanded: this is a demonstration", "CITY1361_DEMONSTRATION")
    level = "ok" if must == have else "warn"
    remedy = "" if must == have else "each is asked for it at the next sign-in"
    return Finding(level, f"second factor: {have} of {must} accounts that need one have one", "accounts", remedy)


def _demonstration() -> Finding:
    count = Account.objects.filter(demonstration=True, is_active=True).count()
    if count and settings.DEMONSTRATION:
        return Finding(
            "warn", f"{count} demonstration accounts can sign in", "CITY1361_DEMONSTRATION", "never in service"
        )
    return Finding("ok", "no demonstration account can sign in", "accounts")


def _separation() -> Finding:
    rules = {role.code: role.incompatible_with for role in queries.roles()}
    held: dict[object, list[str]] = {}
    rows = Appointment.objects.filter(queries.valid_at(clock.now())).values_list("account_id", "role_id")
    for account, role in rows.order_by("account_id"):
        held.setdefault(account, []).append(role)
    wrong = [str(account) for account, roles in held.items() if decisions.conflict(roles, rules)]
    if wrong:
        return Finding("fail", f"incompatible roles held together by account {', '.join(wrong)}", "appointments", "end one of the appointments")  # fmt: skip
    return Finding("ok", "nobody holds incompatible roles", "appointments")


def _permissions() -> Finding:
    known = registry.permissions()
    unknown = sorted(
        {permission for role in queries.roles() for permission in role.permissions if permission not in known}
    )
    if unknown:
        return Finding("fail", f"roles name unknown permissions: {', '.join(unknown)}", "roles.yaml", "load the instance folder again")  # fmt: skip
    return Finding("ok", "every permission of every role is declared", "roles.yaml")
