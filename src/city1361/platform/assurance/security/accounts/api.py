"""The door of accounts."""

from city1361.platform.assurance.security.accounts.actions import (
    account_create,
    account_disable,
    account_enable,
    appointment_end,
    appointment_make,
    password_renew,
    second_factor_reset,
)
from city1361.platform.assurance.security.accounts.cast import Member
from city1361.platform.assurance.security.accounts.cast import read as cast_members
from city1361.platform.assurance.security.accounts.every_request import appointments
from city1361.platform.assurance.security.accounts.queries import (
    account_named,
    appointed_in,
    is_demonstration,
    roles,
    second_factor_coverage,
    standing,
    standing_of,
)
from city1361.platform.assurance.security.accounts.security_log import note
from city1361.platform.assurance.security.accounts.sessions import active_of, is_over
from city1361.platform.assurance.security.accounts.terms import (
    AppointmentView,
    Duty,
    NewAccount,
    Permission,
    RoleView,
    Standing,
)

__all__ = [
    "AppointmentView",
    "Duty",
    "Member",
    "NewAccount",
    "Permission",
    "RoleView",
    "Standing",
    "account_create",
    "account_disable",
    "account_enable",
    "account_named",
    "active_of",
    "appointed_in",
    "appointment_end",
    "appointment_make",
    "appointments",
    "cast_members",
    "is_demonstration",
    "is_over",
    "note",
    "password_renew",
    "roles",
    "second_factor_coverage",
    "second_factor_reset",
    "standing",
    "standing_of",
]
