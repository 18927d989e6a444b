"""The door of access: the credentials of other applications."""

from city1361.platform.assurance.security.access.actions import (
    application_add,
    application_end,
    application_renew,
    application_revoke,
)
from city1361.platform.assurance.security.access.queries import (
    application,
    application_acting,
    application_with,
    applications,
    by_of_application,
    scope_of_application,
)
from city1361.platform.assurance.security.access.terms import ApplicationView, Permission

__all__ = [
    "ApplicationView",
    "Permission",
    "application",
    "application_acting",
    "application_add",
    "application_end",
    "application_renew",
    "application_revoke",
    "application_with",
    "applications",
    "by_of_application",
    "scope_of_application",
]
